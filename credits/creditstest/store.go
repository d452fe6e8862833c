package creditstest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/credits"
)

// RunStore proves a Store. NewStore returns an empty one. Times are compared
// to the millisecond.
func RunStore(t *testing.T, newStore func(t *testing.T) credits.Store) {
	tests := map[string]func(t *testing.T, s credits.Store){
		"Append":          testAppend,
		"Empty":           testEmpty,
		"Duplicate":       testDuplicate,
		"Cover":           testCover,
		"AllOrNothing":    testAllOrNothing,
		"EntriesFrom":     testEntriesFrom,
		"EntriesStop":     testEntriesStop,
		"ParallelKey":     testParallelKey,
		"ParallelCover":   testParallelCover,
		"StoreCanceled":   testStoreCanceled,
		"BalanceIsTheSum": testBalanceIsTheSum,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

// start is on a millisecond, which every Store must keep.
var start = time.Date(2026, 3, 1, 12, 30, 0, 123e6, time.UTC)

// movement moves n credits from one account to another, some minutes after start.
func movement(key string, from, to credits.Account, n credits.Amount, minutes int) credits.Movement {
	at := start.Add(time.Duration(minutes) * time.Minute)
	return credits.Movement{Key: key, Entries: []credits.Entry{
		{Key: key, Account: from, Amount: -n * credits.Credit, Kind: "test", At: at},
		{Key: key, Account: to, Amount: n * credits.Credit, Kind: "test", At: at},
	}}
}

// grant, requireBalance and movement count in whole credits.
func grant(t *testing.T, s credits.Store, key string, n credits.Amount) {
	t.Helper()
	require.NoError(t, s.Append(t.Context(), movement(key, credits.Granted, credits.Available, n, 0)))
}

func requireBalance(t *testing.T, s credits.Store, a credits.Account, n credits.Amount, sentence string) {
	t.Helper()
	got, err := s.Balance(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, n*credits.Credit, got, sentence)
}

// collect returns the entries with times that compare by ==.
func collect(t *testing.T, s credits.Store, from time.Time) []credits.Entry {
	t.Helper()
	var out []credits.Entry
	for e, err := range s.Entries(t.Context(), from) {
		require.NoError(t, err)
		out = append(out, normal(e))
	}
	return out
}

// normal makes a time comparable, as zone and precision are the Store's affair.
func normal(e credits.Entry) credits.Entry {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	return e
}

// testAppend lets Granted go below zero, which is where allowances come from.
func testAppend(t *testing.T, s credits.Store) {
	m := movement("a", credits.Granted, credits.Available, 5, 0)
	require.NoError(t, s.Append(t.Context(), m))
	requireBalance(t, s, credits.Available, 5, "Append adds to a balance")
	requireBalance(t, s, credits.Granted, -5, "Append takes from a balance, also below zero")
	got, err := s.Movement(t.Context(), "a")
	require.NoError(t, err)
	for i := range got {
		got[i] = normal(got[i])
	}
	require.Equal(t, m.Entries, got, "Movement returns the entries as they were appended")
	require.Equal(t, m.Entries, collect(t, s, time.Time{}), "Entries yields the entries as they were appended")
}

// testEmpty asks for what there is nothing of: none of it is an error.
func testEmpty(t *testing.T, s credits.Store) {
	got, err := s.Movement(t.Context(), "a")
	require.NoError(t, err, "an unknown movement is not an error")
	require.Empty(t, got, "an unknown movement has no entries")
	requireBalance(t, s, credits.Spent, 0, "an account without entries is at zero")
	require.Empty(t, collect(t, s, time.Time{}), "an empty store has no entries")
}

// testDuplicate has a movement that is refused on two counts: a caller that
// repeats itself must learn that, and not that the balance is short.
func testDuplicate(t *testing.T, s credits.Store) {
	grant(t, s, "a", 5)
	again := movement("a", credits.Available, credits.Held, 3, 1)
	require.ErrorIs(t, s.Append(t.Context(), again), credits.ErrDuplicate, "Append refuses a key it has")
	again.Entries[0].Amount, again.Cover = -100*credits.Credit, true
	require.ErrorIs(t, s.Append(t.Context(), again), credits.ErrDuplicate, "ErrDuplicate comes before ErrInsufficient")
	requireBalance(t, s, credits.Available, 5, "a refused movement changes nothing")
	requireBalance(t, s, credits.Held, 0, "a refused movement changes nothing")
}

// testCover takes one too many, then all, and then goes below without Cover.
func testCover(t *testing.T, s credits.Store) {
	grant(t, s, "a", 5)
	m := movement("b", credits.Available, credits.Held, 6, 0)
	m.Cover = true
	require.ErrorIs(t, s.Append(t.Context(), m), credits.ErrInsufficient, "Cover refuses to leave less than zero on Available")
	m = movement("b", credits.Available, credits.Held, 5, 0)
	m.Cover = true
	require.NoError(t, s.Append(t.Context(), m), "a refused key can be used, and Cover lets Available go to zero")
	require.NoError(t, s.Append(t.Context(), movement("c", credits.Available, credits.Held, 1, 0)),
		"without Cover nothing is checked")
	requireBalance(t, s, credits.Available, -1, "without Cover nothing is checked")
}

// testAllOrNothing has what is refused come after what is not.
func testAllOrNothing(t *testing.T, s credits.Store) {
	grant(t, s, "a", 5)
	m := movement("b", credits.Held, credits.Spent, 2, 0)
	m.Entries = append(m.Entries, movement("b", credits.Available, credits.Held, 9, 0).Entries...)
	m.Cover = true
	require.ErrorIs(t, s.Append(t.Context(), m), credits.ErrInsufficient)
	requireBalance(t, s, credits.Spent, 0, "a movement is added as a whole or not at all")
	require.Len(t, collect(t, s, time.Time{}), 2, "a movement is added as a whole or not at all")
}

// testEntriesFrom appends out of order in time, as clocks of processes differ.
func testEntriesFrom(t *testing.T, s credits.Store) {
	for i, minutes := range []int{0, 10, 5} {
		require.NoError(t, s.Append(t.Context(), movement(fmt.Sprint(i), credits.Granted, credits.Available, 1, minutes)))
	}
	var keys []string
	for _, e := range collect(t, s, start.Add(5*time.Minute)) {
		keys = append(keys, e.Key)
	}
	require.Equal(t, []string{"1", "1", "2", "2"}, keys, "Entries yields what is not older than from, in the order of Append")
}

// testEntriesStop is not survived by a Store that holds its lock while it
// yields.
func testEntriesStop(t *testing.T, s credits.Store) {
	grant(t, s, "a", 5)
	for e, err := range s.Entries(t.Context(), time.Time{}) {
		require.NoError(t, err)
		require.NoError(t, s.Append(t.Context(), movement("b", credits.Available, credits.Held, 1, 0)),
			"the Store can be used while Entries yields")
		require.Equal(t, "a", e.Key)
		break
	}
	requireBalance(t, s, credits.Held, 1, "Entries can be left early")
}

// testParallelKey is lost by a Store that looks for the key before it appends.
func testParallelKey(t *testing.T, s credits.Store) {
	var done, duplicate atomic.Int64
	parallel(32, func(int) {
		err := s.Append(t.Context(), movement("a", credits.Granted, credits.Available, 1, 0))
		if err == nil {
			done.Add(1)
		} else if errors.Is(err, credits.ErrDuplicate) {
			duplicate.Add(1)
		}
	})
	require.EqualValues(t, 1, done.Load(), "of many movements under one key one is added")
	require.EqualValues(t, 31, duplicate.Load(), "all others get ErrDuplicate")
	requireBalance(t, s, credits.Available, 1, "of many movements under one key one is added")
}

// testParallelCover is lost by a Store that reads the balance before it appends.
func testParallelCover(t *testing.T, s credits.Store) {
	grant(t, s, "a", 10)
	var done atomic.Int64
	parallel(32, func(i int) {
		m := movement(fmt.Sprint(i), credits.Available, credits.Held, 3, 0)
		m.Cover = true
		if s.Append(t.Context(), m) == nil {
			done.Add(1)
		}
	})
	require.EqualValues(t, 3, done.Load(), "parallel movements with Cover together take what there is, and no more")
	requireBalance(t, s, credits.Available, 1, "parallel movements with Cover do not overdraw")
}

// testStoreCanceled calls every method that returns an error, since each could
// forget to look.
func testStoreCanceled(t *testing.T, s credits.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Append(ctx, movement("a", credits.Granted, credits.Available, 1, 0)), context.Canceled, "Append heeds its context")
	_, err := s.Movement(ctx, "a")
	require.ErrorIs(t, err, context.Canceled, "Movement heeds its context")
	_, err = s.Balance(ctx, credits.Available)
	require.ErrorIs(t, err, context.Canceled, "Balance heeds its context")
	requireBalance(t, s, credits.Available, 0, "a canceled Append adds nothing")
}

// testBalanceIsTheSum matters to Stores that keep balances beside the entries.
func testBalanceIsTheSum(t *testing.T, s credits.Store) {
	parallel(16, func(i int) {
		_ = s.Append(t.Context(), movement(fmt.Sprint("g", i), credits.Granted, credits.Available, 4, i))
		m := movement(fmt.Sprint("h", i), credits.Available, credits.Held, 3, i)
		m.Cover = true
		// Some are refused, which must leave no trace in either.
		_ = s.Append(t.Context(), m)
	})
	sums := map[credits.Account]credits.Amount{}
	for _, e := range collect(t, s, time.Time{}) {
		sums[e.Account] += e.Amount
	}
	for _, a := range []credits.Account{credits.Granted, credits.Available, credits.Held} {
		requireBalance(t, s, a, sums[a]/credits.Credit, "a balance is the sum of its entries")
	}
	require.Zero(t, sums[credits.Granted]+sums[credits.Available]+sums[credits.Held], "all entries sum to zero")
}
