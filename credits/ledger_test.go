package credits_test

import (
	"errors"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/credits"
)

const credit = credits.Credit

// pass moves the clock of a synctest bubble.
func pass(d time.Duration) { <-time.After(d) }

// date moves it to the beginning of a day of 2000, the year in which it begins.
func date(month time.Month, day int) {
	pass(time.Until(time.Date(2000, month, day, 0, 0, 0, 0, time.UTC)))
}

// hold, settle and requireBalance count in whole credits.
func hold(t *testing.T, l *credits.Ledger, key string, n credits.Amount) {
	t.Helper()
	require.NoError(t, l.Hold(t.Context(), credits.Hold{Key: key, Kind: "conversation", Max: n * credit}))
}

func settle(t *testing.T, l *credits.Ledger, key string, n credits.Amount) {
	t.Helper()
	require.NoError(t, l.Settle(t.Context(), key, n*credit))
}

func requireBalance(t *testing.T, l *credits.Ledger, available, held, spent credits.Amount) {
	t.Helper()
	b, err := l.Balance(t.Context())
	require.NoError(t, err)
	require.Equal(t, [3]credits.Amount{available * credit, held * credit, spent * credit},
		[3]credits.Amount{b.Available, b.Held, b.Spent}, "available, held, spent")
}

// keys returns the movements of the ledger with what each adds to Available.
func keys(t *testing.T, l *credits.Ledger) map[string]credits.Amount {
	t.Helper()
	out := map[string]credits.Amount{}
	var sum credits.Amount
	for e, err := range l.Entries(t.Context(), time.Time{}) {
		require.NoError(t, err)
		sum += e.Amount
		if out[e.Key] += 0; e.Account == credits.Available {
			out[e.Key] += e.Amount / credit
		}
	}
	require.Zero(t, sum, "all entries sum to zero")
	return out
}

func TestNewLedgerReportsAllFaults(t *testing.T) {
	_, err := credits.NewLedger(credits.Config{
		HoldFor: -1, Plan: credits.Plan{Monthly: -5 * credit, Zone: "Mars/Olympus"},
	})
	require.ErrorContains(t, err, "Config.HoldFor is -1ns")
	require.ErrorContains(t, err, "Plan.Monthly is -5")
	require.ErrorContains(t, err, `Plan.Zone "Mars/Olympus"`)
}

func TestLedgerBooks(t *testing.T) {
	l := newLedger(t, credits.Config{})
	require.NoError(t, l.Grant(t.Context(), "order 7", 10*credit, "purchase"))
	require.NoError(t, l.Grant(t.Context(), "order 7", 10*credit, "purchase"), "a repeat has no effect")
	hold(t, l, "c1", 5)
	requireBalance(t, l, 5, 5, 0)
	settle(t, l, "c1", 3)
	requireBalance(t, l, 7, 0, 3)
	require.Equal(t, map[string]credits.Amount{"grant/order 7": 10, "hold/c1": -5, "settle/c1": 2}, keys(t, l))
}

func TestLedgerRefusesItsOwnKinds(t *testing.T) {
	l := newLedger(t, credits.Config{})
	require.ErrorContains(t, l.Grant(t.Context(), "a", 1, credits.Allowance), "ledger's own")
	require.ErrorContains(t, l.Hold(t.Context(), credits.Hold{Key: "a", Kind: credits.Expiry}), "ledger's own")
	require.ErrorContains(t, l.Grant(t.Context(), "a", -1, "gift"), "negative")
	require.ErrorContains(t, l.Grant(t.Context(), "", 1, "gift"), "key is empty")
}

// A free conversation goes through the books like any other, and takes its key.
func TestHoldOfNothing(t *testing.T) {
	l := newLedger(t, credits.Config{})
	hold(t, l, "preview", 0)
	settle(t, l, "preview", 0)
	settle(t, l, "preview", 0)
	requireBalance(t, l, 0, 0, 0)
	require.Contains(t, keys(t, l), "settle/preview")
}

// The plan begins on a 31st, which few months have.
func TestPlanGrantsOncePerPeriod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := credits.NewMemoryStore()
		plan := credits.Plan{Monthly: 100 * credit, Start: time.Date(2000, 1, 31, 15, 0, 0, 0, time.UTC)}
		l := newLedger(t, credits.Config{Store: store, Plan: plan})
		require.ErrorIs(t, l.Hold(t.Context(), credits.Hold{Key: "early", Max: 1}), credits.ErrInsufficient)

		date(time.January, 31)
		hold(t, l, "a", 30)
		settle(t, l, "a", 30)
		requireBalance(t, l, 70, 0, 30)
		requireBalance(t, newLedger(t, credits.Config{Store: store, Plan: plan}), 70, 0, 30)

		date(time.February, 29) // the last day of the month
		requireBalance(t, l, 100, 0, 30)
		b, err := l.Balance(t.Context())
		require.NoError(t, err)
		require.Equal(t, time.Date(2000, 3, 31, 0, 0, 0, 0, time.UTC), b.ResetAt)

		date(time.July, 15) // nobody looked for months
		requireBalance(t, l, 100, 0, 30)
		requireBalance(t, newLedger(t, credits.Config{Store: store, Plan: plan}), 100, 0, 30)
		require.Equal(t, map[string]credits.Amount{
			"expire/2000-01-31": 0, "allowance/2000-01-31": 100, "hold/a": -30, "settle/a": 0,
			"expire/2000-02-29": -70, "allowance/2000-02-29": 100,
			"expire/2000-06-30": -100, "allowance/2000-06-30": 100,
		}, keys(t, l))
	})
}

func TestPlanZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(t, credits.Config{Plan: credits.Plan{Monthly: credit, Zone: "America/New_York"}})
		date(time.July, 1)
		b, err := l.Balance(t.Context())
		require.NoError(t, err)
		require.Equal(t, time.Date(2000, 7, 1, 4, 0, 0, 0, time.UTC), b.ResetAt.UTC(), "the reset is at local midnight")
	})
}

// Credits of January that are held into February are good for the charge alone.
func TestHoldAcrossReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(t, credits.Config{Plan: credits.Plan{Monthly: 10 * credit}})
		date(time.January, 31)
		hold(t, l, "a", 4)
		date(time.February, 1)
		requireBalance(t, l, 10, 4, 0)
		settle(t, l, "a", 1)
		requireBalance(t, l, 10, 0, 1)
		require.Equal(t, credits.Amount(0), keys(t, l)["settle/a"], "what the hold gives back has expired")
	})
}

// Another process, whose clock is behind, holds while the rest expires.
func TestHoldDuringReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &busyStore{Store: credits.NewMemoryStore()}
		late := newLedger(t, credits.Config{Store: store.Store})
		require.NoError(t, late.Grant(t.Context(), "gift", 10*credit, "gift"))
		store.change = func() { hold(t, late, "a", 4) }
		l := newLedger(t, credits.Config{Store: store, Plan: credits.Plan{Monthly: 20 * credit}})
		requireBalance(t, l, 20, 4, 0)
		require.Equal(t, credits.Amount(-6), keys(t, l)["expire/2000-01-01"])
	})
}

// The hold that a crash left is taken only when the balance does not suffice.
// Its cause is charged late, and once.
func TestExpiredHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(t, credits.Config{HoldFor: 48 * time.Hour})
		require.NoError(t, l.Grant(t.Context(), "gift", 10*credit, "gift"))
		hold(t, l, "crashed", 7)
		date(time.January, 2)
		hold(t, l, "alive", 2)
		require.ErrorIs(t, l.Hold(t.Context(), credits.Hold{Key: "b", Max: 5 * credit}), credits.ErrInsufficient)
		date(time.January, 3)
		hold(t, l, "b", 5) // takes what "crashed" held
		requireBalance(t, l, 3, 7, 0)

		settle(t, l, "crashed", 0) // releasing what is released
		settle(t, l, "crashed", 3)
		settle(t, l, "crashed", 3)
		requireBalance(t, l, 0, 7, 3)
		settle(t, l, "alive", 2)
		settle(t, l, "b", 5)
		requireBalance(t, l, 0, 0, 10)
	})
}

// Until somebody else lets go of what the late charge needs.
func TestExpiredHoldIsNotChargedBeyondTheBalance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(t, credits.Config{HoldFor: time.Hour})
		require.NoError(t, l.Grant(t.Context(), "gift", 10*credit, "gift"))
		hold(t, l, "crashed", 7)
		pass(2 * time.Hour)
		hold(t, l, "b", 10)
		require.ErrorIs(t, l.Settle(t.Context(), "crashed", 7*credit), credits.ErrInsufficient)
		settle(t, l, "b", 0)
		settle(t, l, "crashed", 7)
		requireBalance(t, l, 3, 0, 7)
	})
}

func TestExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(t, credits.Config{})
		require.NoError(t, l.Grant(t.Context(), "gift", 10*credit, "gift"))
		hold(t, l, "a", 1)
		hold(t, l, "b", 2)
		date(time.January, 4)
		hold(t, l, "c", 4)
		settle(t, l, "b", 2)
		for _, expiry := range []struct {
			day  int
			want credits.Amount
		}{{7, 0}, {8, 1}, {11, 4}, {30, 0}} { // after 7 days, the default
			date(time.January, expiry.day)
			freed, err := l.Expire(t.Context())
			require.NoError(t, err)
			require.Equal(t, expiry.want*credit, freed)
		}
		requireBalance(t, l, 8, 0, 2)
	})
}

// A crash may come between any two calls of the Store, so each call must be
// safe to repeat, also by another process with the same Store.
func TestCrashAnywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		work := func(s credits.Store) error {
			l := newLedger(t, credits.Config{Store: s, Plan: credits.Plan{Monthly: 10 * credit}})
			return errors.Join(
				l.Hold(t.Context(), credits.Hold{Key: "a", Kind: "conversation", Max: 5 * credit}),
				l.Settle(t.Context(), "a", 3*credit))
		}
		clean := credits.NewMemoryStore()
		require.NoError(t, work(clean))
		want := keys(t, newLedger(t, credits.Config{Store: clean}))
		for calls := range 6 {
			for _, lost := range []bool{false, true} {
				store := &faultyStore{Store: credits.NewMemoryStore(), left: calls, lost: lost}
				require.Error(t, work(store))
				require.NoError(t, work(store.Store))
				require.Equal(t, want, keys(t, newLedger(t, credits.Config{Store: store.Store})))
			}
		}
		require.True(t, maps.Equal(want, map[string]credits.Amount{
			"expire/2000-01-01": 0, "allowance/2000-01-01": 10, "hold/a": -5, "settle/a": 2,
		}))
	})
}
