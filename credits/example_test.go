package credits_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/frontdesk-go/frontdesk/credits"
)

func ExampleLedger() {
	ctx := context.Background()
	ledger, err := credits.NewLedger(credits.Config{
		Plan: credits.Plan{Monthly: 150 * credits.Credit},
	})
	if err != nil {
		panic(err)
	}
	conversation := credits.Hold{Key: "conversation 1", Kind: "conversation", Max: 100 * credits.Credit}
	fmt.Println(ledger.Hold(ctx, conversation))
	fmt.Println(ledger.Settle(ctx, conversation.Key, 100*credits.Credit))

	err = ledger.Hold(ctx, credits.Hold{Key: "conversation 2", Kind: "conversation", Max: 100 * credits.Credit})
	fmt.Println(errors.Is(err, credits.ErrInsufficient))

	for e := range ledger.Entries(ctx, time.Time{}) {
		if e.Account == credits.Available && e.Amount != 0 {
			fmt.Println(e.Kind, e.Amount)
		}
	}
	// Output:
	// <nil>
	// <nil>
	// true
	// allowance 150
	// conversation -100
}
