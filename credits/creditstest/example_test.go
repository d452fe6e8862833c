package creditstest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/credits/creditstest"
)

// testMeter is what the author of a Meter writes, under the name TestMeter. The
// subject here is a Ledger whose plan is the allowance that the suite asks for.
func testMeter(t *testing.T) {
	creditstest.Run(t, func(t *testing.T, allowance credits.Amount) credits.Meter {
		ledger, err := credits.NewLedger(credits.Config{Plan: credits.Plan{Monthly: allowance}})
		require.NoError(t, err)
		return ledger
	})
}

// testStore is what the author of a Store writes, under the name TestStore.
// Each call returns a store of its own: subtests count on finding it empty.
func testStore(t *testing.T) {
	creditstest.RunStore(t, func(*testing.T) credits.Store { return credits.NewMemoryStore() })
}

func Example() {
	for _, test := range []testing.InternalTest{{Name: "TestMeter", F: testMeter}, {Name: "TestStore", F: testStore}} {
		fmt.Println("go test -run", test.Name)
	}
	// Output:
	// go test -run TestMeter
	// go test -run TestStore
}
