// Package creditstest proves implementations of the interfaces of package
// credits. Each failure says which promise of the interface is broken.
package creditstest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/credits"
)

// Run proves a Meter. NewMeter returns a Meter whose account has the allowance
// and no history.
func Run(t *testing.T, newMeter func(t *testing.T, allowance credits.Amount) credits.Meter) {
	tests := map[string]func(t *testing.T, m credits.Meter){
		"Overspend":  testOverspend,
		"Settle":     testSettle,
		"Release":    testRelease,
		"HoldAgain":  testHoldAgain,
		"SettleOnce": testSettleOnce,
		"Unknown":    testUnknown,
		"AboveHold":  testAboveHold,
		"Invalid":    testInvalid,
		"Parallel":   testParallel,
		"SameKey":    testSameKey,
		"Canceled":   testCanceled,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newMeter(t, 10*credits.Credit)) })
	}
}

// hold makes a hold of some credits.
func hold(t *testing.T, m credits.Meter, key string, n credits.Amount) error {
	t.Helper()
	return m.Hold(t.Context(), credits.Hold{Key: key, Kind: "conversation", Max: n * credits.Credit})
}

// settle settles a hold for n credits, as hold makes it of n.
func settle(t *testing.T, m credits.Meter, key string, n credits.Amount) error {
	t.Helper()
	return m.Settle(t.Context(), key, n*credits.Credit)
}

// testOverspend spends all: neither what is held nor what is spent is there.
func testOverspend(t *testing.T, m credits.Meter) {
	require.NoError(t, hold(t, m, "a", 10), "the whole allowance can be held")
	require.ErrorIs(t, hold(t, m, "b", 1), credits.ErrInsufficient, "Hold refuses what the balance lacks")
	require.NoError(t, settle(t, m, "a", 10))
	require.ErrorIs(t, hold(t, m, "c", 1), credits.ErrInsufficient, "what is spent cannot be held again")
}

// testSettle charges a part, and looks from both sides where the rest went.
func testSettle(t *testing.T, m credits.Meter) {
	require.NoError(t, hold(t, m, "a", 10))
	require.NoError(t, settle(t, m, "a", 4))
	require.ErrorIs(t, hold(t, m, "b", 7), credits.ErrInsufficient, "Settle charges the amount")
	require.NoError(t, hold(t, m, "c", 6), "Settle gives back the rest")
}

// testRelease is a turn that came to nothing.
func testRelease(t *testing.T, m credits.Meter) {
	require.NoError(t, hold(t, m, "a", 10))
	require.NoError(t, settle(t, m, "a", 0))
	require.NoError(t, hold(t, m, "b", 10), "settling with zero releases the hold")
}

// testHoldAgain repeats a hold when the balance no longer covers it twice, and
// when it was settled: a process that restarts does not know how far it came.
func testHoldAgain(t *testing.T, m credits.Meter) {
	for range 3 {
		require.NoError(t, hold(t, m, "a", 6), "a repeated Hold returns what the first did")
	}
	require.NoError(t, hold(t, m, "b", 4), "a repeated Hold has no effect")
	require.NoError(t, hold(t, m, "a", 6), "a repeated Hold needs no balance")
	require.NoError(t, settle(t, m, "a", 6))
	require.NoError(t, hold(t, m, "a", 6), "a Hold repeated after Settle has no effect")
}

// testSettleOnce repeats with the same amount and with another one.
func testSettleOnce(t *testing.T, m credits.Meter) {
	require.NoError(t, hold(t, m, "a", 6))
	for range 3 {
		require.NoError(t, settle(t, m, "a", 3), "a repeated Settle returns what the first did")
	}
	require.NoError(t, settle(t, m, "a", 6), "the first amount of Settle stands")
	require.NoError(t, hold(t, m, "b", 7), "a repeated Settle has no effect")
	require.ErrorIs(t, hold(t, m, "c", 1), credits.ErrInsufficient, "a repeated Settle gives nothing back")
}

// testUnknown settles what was never held, and what was refused.
func testUnknown(t *testing.T, m credits.Meter) {
	require.ErrorIs(t, settle(t, m, "a", 1), credits.ErrUnknownHold, "Settle needs a hold")
	require.ErrorIs(t, hold(t, m, "b", 11), credits.ErrInsufficient)
	require.ErrorIs(t, settle(t, m, "b", 1), credits.ErrUnknownHold, "a refused Hold is not held")
}

// testAboveHold must leave the hold as it is, to be settled for less.
func testAboveHold(t *testing.T, m credits.Meter) {
	require.NoError(t, hold(t, m, "a", 4))
	require.ErrorIs(t, settle(t, m, "a", 5), credits.ErrAboveHold, "Settle takes at most what was held")
	require.NoError(t, settle(t, m, "a", 4), "a refused Settle changes nothing")
	require.NoError(t, hold(t, m, "b", 6), "a refused Settle charges nothing")
}

// testInvalid passes what only a mistake of the caller can be.
func testInvalid(t *testing.T, m credits.Meter) {
	require.Error(t, hold(t, m, "a", -1), "Hold refuses a negative amount")
	require.Error(t, hold(t, m, "", 1), "Hold refuses an empty key")
	require.NoError(t, hold(t, m, "b", 1))
	require.Error(t, settle(t, m, "b", -1), "Settle refuses a negative amount")
	require.NoError(t, hold(t, m, "c", 9), "a refused call changes nothing")
}

// testParallel is lost by a Meter that reads the balance and writes it later.
func testParallel(t *testing.T, m credits.Meter) {
	var held atomic.Int64
	parallel(64, func(i int) {
		if hold(t, m, fmt.Sprint(i), 3) == nil {
			held.Add(1)
		}
	})
	require.EqualValues(t, 3, held.Load(), "parallel holds together get what the balance has, and no more")
}

// testSameKey is several replicas that charge for one cause.
func testSameKey(t *testing.T, m credits.Meter) {
	var failed atomic.Int64
	parallel(32, func(int) {
		if hold(t, m, "a", 6) != nil || settle(t, m, "a", 2) != nil {
			failed.Add(1)
		}
	})
	require.Zero(t, failed.Load(), "Hold and Settle of one key succeed in every goroutine")
	require.NoError(t, hold(t, m, "b", 8), "Hold and Settle of one key have one effect")
	require.ErrorIs(t, hold(t, m, "c", 1), credits.ErrInsufficient, "Hold and Settle of one key have an effect")
}

// testCanceled asks for the error of the context, and not for one that hides it.
func testCanceled(t *testing.T, m credits.Meter) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, m.Hold(ctx, credits.Hold{Key: "a", Max: 1}), context.Canceled, "Hold heeds its context")
	require.ErrorIs(t, m.Settle(ctx, "a", 0), context.Canceled, "Settle heeds its context")
}

// parallel calls f from n goroutines at once.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
}
