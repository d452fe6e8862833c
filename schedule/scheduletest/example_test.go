package scheduletest_test

import (
	"fmt"
	"testing"

	"github.com/frontdesk-go/frontdesk/schedule"
	"github.com/frontdesk-go/frontdesk/schedule/scheduletest"
)

// testStore is what the author of a Store writes, under the name TestStore.
// Each call returns a store of its own: subtests count on finding it empty.
func testStore(t *testing.T) {
	scheduletest.Run(t, func(*testing.T) schedule.Store { return schedule.NewMemoryStore() })
}

func Example() {
	test := testing.InternalTest{Name: "TestStore", F: testStore}
	fmt.Println("go test -run", test.Name)
	// Output: go test -run TestStore
}
