package credits_test

import (
	"strconv"
	"testing"

	"github.com/frontdesk-go/frontdesk/credits"
)

func BenchmarkHoldSettle(b *testing.B) {
	l := newLedger(b, credits.Config{Plan: credits.Plan{Monthly: 1 << 60}})
	for i := 0; b.Loop(); i++ {
		key := strconv.Itoa(i)
		if err := l.Hold(b.Context(), credits.Hold{Key: key, Kind: "conversation", Max: credit}); err != nil {
			b.Fatal(err)
		}
		if err := l.Settle(b.Context(), key, credit); err != nil {
			b.Fatal(err)
		}
	}
}
