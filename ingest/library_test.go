package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// every is a schedule with an interval.
type every time.Duration

func (e every) Next(t time.Time) time.Time { return t.Add(time.Duration(e)) }

// newLibrary returns a library over real passages, and what it is made of.
func newLibrary(t *testing.T) (*ingest.Library, *ingest.Pipeline, *retrieval.Knowledge) {
	t.Helper()
	k, err := retrieval.New(t.Context(), retrieval.Config{})
	require.NoError(t, err)
	p, err := ingest.New(ingest.Config{Knowledge: k, Workers: 1, Extractor: ingest.ExtractorFunc(sections)})
	require.NoError(t, err)
	return ingest.NewLibrary(p), p, k
}

func status(t *testing.T, l *ingest.Library, name string) ingest.Status {
	t.Helper()
	all, err := l.Status(t.Context())
	require.NoError(t, err)
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("there is no source %q", name)
	return ingest.Status{}
}

func TestStatusFollowsASource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, _ := newLibrary(t)
		s := &shelf{name: "site"}
		s.put("a", "1", "Prices: 5 euros")
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
		require.Equal(t, ingest.Waiting, status(t, l, "site").Phase)

		_, err := l.Refresh(t.Context(), "site")
		require.NoError(t, err)
		now := status(t, l, "site")
		require.Equal(t, []any{ingest.InStep, 1, 1, 0, ""}, []any{now.Phase, now.Documents, now.Passages, now.Faulty, now.Advice()})
		require.Equal(t, time.Now(), now.Synced)
		require.InDelta(t, 7*24, now.Next.Sub(now.Synced).Hours(), 6, "a week, give or take six hours")

		s.err = errors.New("no route to host")
		pass(time.Hour)
		_, err = l.Refresh(t.Context(), "site")
		require.ErrorContains(t, err, "no route to host")
		then := status(t, l, "site")
		require.Equal(t, ingest.Failing, then.Phase)
		require.Equal(t, now.Synced, then.Synced, "the last time that it was in step")
		require.Equal(t, `The last refresh failed: listing "site": no route to host. What was read before is kept.`, then.Advice())

		s.err = nil
		s.put("b", "1", "fail: it")
		s.put("c", "1", "")
		_, err = l.Refresh(t.Context(), "site")
		require.NoError(t, err)
		require.Equal(t, ingest.InStep, status(t, l, "site").Phase)
		require.Empty(t, status(t, l, "site").Err)
	})
}

func TestRefreshDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, _ := newLibrary(t)
		weekly, often, pushed := &shelf{name: "weekly"}, &shelf{name: "often"}, "pushed"
		weekly.put("w", "", "W: w")
		often.put("o", "", "O: o")
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: weekly}))
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: often, When: every(time.Minute)}))
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Name: pushed}))
		due := func(names ...string) []int {
			require.NoError(t, l.RefreshDue(t.Context(), names...))
			return []int{len(weekly.opened), len(often.opened)}
		}
		require.Equal(t, []int{0, 1}, due("often"), "those that are named")
		require.Equal(t, []int{1, 1}, due(), "what was never read is due")
		require.Equal(t, []int{1, 1}, due())
		pass(time.Minute)
		require.Equal(t, []int{1, 2}, due())
		pass(8 * 24 * time.Hour)
		require.Equal(t, []int{2, 3}, due(), "a time that was missed is made up for once")
		require.Equal(t, []int{2, 3}, due())
		require.True(t, status(t, l, pushed).Next.IsZero())
	})
}

// TestFailedSourceIsTriedAgainSooner checks the waits of a weekly source that
// fails, and of one that is due sooner than they are.
func TestFailedSourceIsTriedAgainSooner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, _ := newLibrary(t)
		away := errors.New("away")
		weekly, often := &shelf{name: "weekly", err: away}, &shelf{name: "often", err: away}
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: weekly}))
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: often, When: every(time.Minute)}))
		for _, hours := range []int{1, 2, 4, 8, 16, 32, 64, 128} {
			require.ErrorIs(t, l.RefreshDue(t.Context()), away)
			require.Equal(t, time.Now().Add(time.Duration(hours)*time.Hour), status(t, l, "weekly").Next)
			require.Equal(t, time.Now().Add(time.Minute), status(t, l, "often").Next)
			pass(time.Duration(hours) * time.Hour)
		}
		require.ErrorIs(t, l.RefreshDue(t.Context()), away)
		require.Less(t, time.Until(status(t, l, "weekly").Next), 8*24*time.Hour, "at the usual time at the latest")
	})
}

func TestSourcesAreSpreadOverTheWeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, _ := newLibrary(t)
		seen := make(map[time.Time]bool)
		for i := range 10 {
			s := &shelf{name: fmt.Sprint("source ", i)}
			require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
			_, err := l.Refresh(t.Context(), s.name)
			require.NoError(t, err)
			next := status(t, l, s.name).Next
			require.Equal(t, next, status(t, l, s.name).Next)
			seen[next] = true
		}
		require.Len(t, seen, 10)
	})
}

func TestLossMustBeConfirmed(t *testing.T) {
	l, p, _ := newLibrary(t)
	s := &shelf{name: "site"}
	for i := range 30 {
		s.put(fmt.Sprint(i), "1", fmt.Sprint("Number: ", i))
	}
	require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
	_, err := l.Refresh(t.Context(), "site")
	require.NoError(t, err)
	all := s.items
	s.items = nil
	s.put("login", "1", "Login: please")
	_, err = l.Refresh(t.Context(), "site")
	require.NoError(t, err)
	now := status(t, l, "site")
	require.Equal(t, ingest.Unsure, now.Phase)
	require.Contains(t, now.Advice(), "30 of 31 documents are gone from the source and were kept")
	s.items = all
	_, err = l.Refresh(t.Context(), "site")
	require.NoError(t, err)
	require.Equal(t, ingest.InStep, status(t, l, "site").Phase, "it was nothing")

	s.items = nil
	report, err := l.Confirm(t.Context(), "site")
	require.NoError(t, err)
	require.Equal(t, 30, report.Removed)
	records, err := p.Records(t.Context(), "site")
	require.NoError(t, err)
	require.Empty(t, records)
}

// find returns the document that answers best, as one of the audiences sees it.
func find(t *testing.T, k *retrieval.Knowledge, question string, audiences ...string) []retrieval.Hit {
	t.Helper()
	result, err := k.Retrieve(t.Context(), retrieval.Query{Text: question, Audiences: audiences})
	require.NoError(t, err)
	return result.Hits
}

// TestLabelsTakeEffectAtOnce checks that a source that may no longer be seen
// cannot be found from the moment on that it is labelled, even while it is away.
func TestLabelsTakeEffectAtOnce(t *testing.T) {
	l, p, k := newLibrary(t)
	s := &shelf{name: "site"}
	s.put("prices.md", "1", "Prices: A tent costs 5 euros|Hours: The shop opens at nine")
	own := ingest.Item{ID: "own.md", Name: "own.md", Open: open("Margin: A tent costs us 2 euros"), Labels: ingest.Labels{Audience: "board", Private: true}}
	s.items["own.md"] = own
	require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
	_, err := l.Refresh(t.Context(), "site")
	require.NoError(t, err)
	require.Len(t, find(t, k, "tent costs"), 1)
	before := k.Passages("prices.md")

	s.err, s.opened = errors.New("away"), nil
	labels := ingest.Labels{Audience: "staff", Private: true, Language: "en", Keywords: []string{"marquee"}}
	require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s, Labels: labels}))
	require.Empty(t, find(t, k, "tent costs"), "nobody else finds it")
	hits := find(t, k, "marquee", "staff")
	require.NotEmpty(t, hits)
	require.True(t, hits[0].Private)
	require.Empty(t, find(t, k, "margin", "staff"), "the audience of the item is the narrower one")
	require.NotEmpty(t, find(t, k, "margin", "board"))
	after := k.Passages("prices.md")
	for i := range before {
		require.Equal(t, before[i].ID, after[i].ID, "the passages are the same")
		require.Equal(t, before[i].Text, after[i].Text)
	}
	require.Empty(t, s.opened, "nothing is read")

	require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
	require.Len(t, find(t, k, "tent costs"), 1, "and back again, but for the item's own")
	require.False(t, find(t, k, "tent costs")[0].Private)
	s.err = nil
	require.NoError(t, p.Label(t.Context(), "site", labels))
	s.sync(t, p)
	require.Empty(t, find(t, k, "tent costs"), "a refresh keeps the labels")
	_, err = p.Upsert(t.Context(), "site", ingest.Item{ID: "new.md", Open: open("Yurts: A yurt costs 9 euros")})
	require.NoError(t, err)
	require.Empty(t, find(t, k, "yurt"), "what is pushed has them too")
	require.Len(t, find(t, k, "yurt", "staff"), 1)
}

func TestRemovedSourceIsGone(t *testing.T) {
	l, p, k := newLibrary(t)
	for _, name := range []string{"one", "two"} {
		s := &shelf{name: name}
		for i := range 150 {
			s.put(fmt.Sprint(name, i), "1", fmt.Sprint("Number: ", name, i))
		}
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
		_, err := l.Refresh(t.Context(), name)
		require.NoError(t, err)
	}
	require.Equal(t, 300, k.Len())
	require.NoError(t, l.Remove(t.Context(), "one"))
	require.Equal(t, 150, k.Len())
	_, err := l.Refresh(t.Context(), "one")
	require.ErrorIs(t, err, ingest.ErrUnknownSource)

	again := ingest.NewLibrary(p) // as after a restart in which the source was not given
	left := status(t, again, "two")
	require.Equal(t, ingest.LeftOver, left.Phase)
	require.Equal(t, 150, left.Documents)
	require.Contains(t, left.Advice(), "no longer given")
	require.NoError(t, again.Remove(t.Context(), "two"))
	require.Zero(t, k.Len())
	all, err := again.Status(t.Context())
	require.NoError(t, err)
	require.Empty(t, all)
}

// TestChangeDuringARefresh checks that labels need not wait for a refresh that
// takes long, and that it begins anew with them.
func TestChangeDuringARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, k := newLibrary(t)
		s := &shelf{name: "site"}
		s.put("a", "", "Prices: A tent costs 5 euros")
		s.items["slow"] = ingest.Item{ID: "slow", Name: "slow", Open: func(ctx context.Context) (io.ReadCloser, error) {
			select {
			case <-time.After(30 * time.Second):
				return open("Slow: at last")(ctx)
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s}))
		done := make(chan error, 1)
		start := time.Now()
		go func() { _, err := l.Refresh(t.Context(), "site"); done <- err }()
		pass(10 * time.Second)
		now := status(t, l, "site")
		require.Equal(t, []any{ingest.Syncing, 1}, []any{now.Phase, now.Progress.Done})
		require.NoError(t, l.RefreshDue(t.Context()), "a source that is being refreshed is left alone")
		require.NoError(t, l.Add(t.Context(), ingest.Holding{Source: s, Labels: ingest.Labels{Audience: "staff"}}))
		require.Equal(t, 10*time.Second, time.Since(start), "it does not wait")
		require.Empty(t, find(t, k, "tent"))
		require.NoError(t, <-done)
		require.Equal(t, 40*time.Second, time.Since(start))
		require.Empty(t, find(t, k, "slow"))
		require.Len(t, find(t, k, "slow", "staff"), 1)
		require.NoError(t, l.Remove(t.Context(), "site"))
		require.Zero(t, k.Len())
	})
}

func TestHoldingsNeedTheirSourcesName(t *testing.T) {
	l, _, _ := newLibrary(t)
	require.ErrorContains(t, l.Add(t.Context(), ingest.Holding{}), "give the name")
	require.ErrorContains(t, l.Add(t.Context(), ingest.Holding{Name: "other", Source: &shelf{name: "site"}}), "give the name")
	_, err := l.Refresh(t.Context(), "nobody")
	require.ErrorIs(t, err, ingest.ErrUnknownSource)
}

func TestProgressTellsWhatIsLeft(t *testing.T) {
	p := ingest.Progress{Done: 120, Total: 480, Elapsed: time.Minute}
	require.Equal(t, 3*time.Minute, p.Left())
	require.InDelta(t, 2, p.Rate(), 1e-9)
	require.Zero(t, ingest.Progress{Done: 1}.Left())
	require.Zero(t, ingest.Progress{Total: 9}.Left())
}
