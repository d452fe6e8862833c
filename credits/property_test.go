package credits_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/credits"
)

// A testingT is a *testing.T or a *recorder.
type testingT interface {
	require.TestingT
	Helper()
	Context() context.Context
}

// A recorder keeps a failure inside a bubble, for rapid to shrink outside of it.
type recorder struct {
	ctx     context.Context
	failure string
	done    bool
}

func (r *recorder) Helper()                      {}
func (r *recorder) Context() context.Context     { return r.ctx }
func (r *recorder) Errorf(f string, args ...any) { r.failure = fmt.Sprintf(f, args...) }
func (r *recorder) FailNow()                     { panic(r.failure) }

// Whatever happens in whatever order, in two processes and with clocks running:
// the books balance, nothing is overdrawn and a cause is charged once.
func TestLedgerProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		actions := rapid.SliceOfN(rapid.Custom(newAction), 1, 40).Draw(rt, "actions")
		monthly := rapid.SampledFrom([]credits.Amount{0, 5, 20}).Draw(rt, "monthly")
		var r recorder
		synctest.Test(t, func(t *testing.T) {
			r.ctx = t.Context()
			defer func() { _ = recover() }()
			run(&r, monthly*credit, actions)
			r.done = true
		})
		if !r.done {
			rt.Fatal(r.failure)
		}
	})
}

// An action is something that happens to a ledger.
type action struct {
	do     string
	ledger int // of two processes
	key    string
	amount credits.Amount
	sleep  time.Duration
}

// newAction draws few keys, so that actions meet, and hours that reach over
// several resets and past the life of a hold.
func newAction(rt *rapid.T) action {
	return action{
		do:     rapid.SampledFrom([]string{"hold", "hold", "settle", "settle", "grant", "expire"}).Draw(rt, "do"),
		ledger: rapid.IntRange(0, 1).Draw(rt, "ledger"),
		key:    rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(rt, "key"),
		amount: credits.Amount(rapid.Int64Range(0, 9).Draw(rt, "amount")) * credit,
		sleep:  time.Duration(rapid.IntRange(0, 20*24).Draw(rt, "hours")) * time.Hour,
	}
}

func (a action) apply(ctx context.Context, ledgers [2]*credits.Ledger) (err error) {
	l := ledgers[a.ledger]
	switch a.do {
	case "hold":
		return l.Hold(ctx, credits.Hold{Key: a.key, Kind: "conversation", Max: a.amount})
	case "settle":
		return l.Settle(ctx, a.key, a.amount)
	case "grant":
		return l.Grant(ctx, a.key, a.amount, "gift")
	}
	_, err = l.Expire(ctx)
	return err
}

// run does every action twice, as processes do that do not know how far they
// came.
func run(t testingT, monthly credits.Amount, actions []action) {
	store := credits.NewMemoryStore()
	var ledgers [2]*credits.Ledger
	for i := range ledgers {
		var err error
		ledgers[i], err = credits.NewLedger(credits.Config{Store: store, Plan: credits.Plan{Monthly: monthly}})
		require.NoError(t, err)
	}
	held := map[string]credits.Amount{}
	for _, a := range actions {
		pass(a.sleep)
		err := a.apply(t.Context(), ledgers)
		requireExpected(t, err)
		if _, known := held[a.key]; a.do == "hold" && err == nil && !known {
			held[a.key] = a.amount
		}
		before := books(t, store)
		requireExpected(t, a.apply(t.Context(), ledgers))
		if err == nil {
			require.Equal(t, before, books(t, store), "a repeat has no effect")
		}
	}
	for key, charged := range charges(t, store) {
		require.LessOrEqual(t, charged, held[key], "a cause is charged at most once, and at most what was held for it")
	}
}

// requireExpected lets through what a caller of a Meter must be ready for.
func requireExpected(t testingT, err error) {
	t.Helper()
	for _, expected := range []error{credits.ErrInsufficient, credits.ErrUnknownHold, credits.ErrAboveHold} {
		if errors.Is(err, expected) {
			return
		}
	}
	require.NoError(t, err)
}

// books returns the balances after checking them.
func books(t testingT, s credits.Store) map[credits.Account]credits.Amount {
	t.Helper()
	movements, balances := map[string]credits.Amount{}, map[credits.Account]credits.Amount{}
	for e, err := range s.Entries(t.Context(), time.Time{}) {
		require.NoError(t, err)
		movements[e.Key] += e.Amount
		balances[e.Account] += e.Amount
		require.GreaterOrEqual(t, balances[credits.Held], credits.Amount(0), "no more is taken from Held than was put there")
	}
	for key, sum := range movements {
		require.Zero(t, sum, "the entries of %s sum to zero", key)
	}
	require.GreaterOrEqual(t, balances[credits.Available], credits.Amount(0), "Available is never overdrawn")
	return balances
}

// charges returns what was spent by the key of the cause.
func charges(t testingT, s credits.Store) map[string]credits.Amount {
	t.Helper()
	out := map[string]credits.Amount{}
	for e, err := range s.Entries(t.Context(), time.Time{}) {
		require.NoError(t, err)
		if e.Account == credits.Spent {
			out[e.Key[len(e.Key)-1:]] += e.Amount
		}
	}
	return out
}

// Processes that share a Store grant once and overspend never, also when they
// meet the reset at the same moment.
func TestProcessesInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := credits.NewMemoryStore()
		for month := range 3 {
			var wg sync.WaitGroup
			for p := range 8 {
				l := newLedger(t, credits.Config{Store: store, Plan: credits.Plan{Monthly: 10 * credit}})
				wg.Go(func() {
					for i := range 5 {
						key := fmt.Sprint(month, "-", p, "-", i)
						if l.Hold(t.Context(), credits.Hold{Key: key, Max: 3 * credit}) == nil {
							_ = l.Settle(t.Context(), key, 2*credit)
						}
					}
				})
			}
			wg.Wait()
			balances := books(t, store)
			require.Equal(t, credits.Amount(8*(month+1))*credit, balances[credits.Spent], "the holds use up each allowance")
			require.Equal(t, 2*credit, balances[credits.Available])
			date(time.Month(month+2), 1)
		}
	})
}
