package ingesttest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// RunStore proves a Store. The function newStore returns an empty one.
func RunStore(t *testing.T, newStore func(t *testing.T) ingest.Store) {
	for name, clause := range map[string]func(t *testing.T, s ingest.Store){
		"Empty": empty, "Records": keeps, "Some": some, "Gone": forgets, "Apart": apart, "State": states,
		"Drop": drops, "Names": names, "Copies": copies, "Concurrent": concurrent,
	} {
		t.Run(name, func(t *testing.T) { clause(t, newStore(t)) })
	}
}

func empty(t *testing.T, s ingest.Store) {
	require.Empty(t, records(t, s, "docs"), "a source that nobody knows has no records and is no error")
	require.Empty(t, sources(t, s), "an empty store has no source")
}

func keeps(t *testing.T, s ingest.Store) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123, time.UTC)
	full := ingest.Record{
		Item: "a.md", Title: "Größe", URL: "https://example.com/a", Digest: "1.2.3", Version: `W/"x"`, Modified: at,
		Labels: ingest.Labels{Language: "de", Audience: "staff", Private: true, Curated: true, From: at, Until: at.Add(1), Keywords: []string{"k"}},
		Synced: at, Passages: 3, Err: "why", Gone: true,
	}
	apply(t, s, "docs", ingest.Update{Records: []ingest.Record{full, {Item: "b.md"}}})
	require.Equal(t, map[string]ingest.Record{"a.md": full, "b.md": {Item: "b.md"}}, records(t, s, "docs"), "Records returns all that was given, every field")
	apply(t, s, "docs", ingest.Update{Records: []ingest.Record{{Item: "a.md", Digest: "4"}}})
	require.Equal(t, ingest.Record{Item: "a.md", Digest: "4"}, records(t, s, "docs")["a.md"], "a record replaces the earlier one of its item as a whole")
}

func some(t *testing.T, s ingest.Store) {
	mark(t, s, "docs", "a", "b", "c")
	found := records(t, s, "docs", "b", "nobody")
	require.Len(t, found, 1, "Records returns the items that it is asked for and leaves out unknown ones")
	require.Equal(t, "b", found["b"].Item, "a record is found under its item")
	require.Empty(t, records(t, s, "docs", "nobody"), "asking for unknown items alone is not asking for all")
}

func forgets(t *testing.T, s ingest.Store) {
	mark(t, s, "docs", "a", "b")
	apply(t, s, "docs", ingest.Update{Gone: []string{"a", "nobody"}})
	require.Len(t, records(t, s, "docs"), 1, "Gone forgets its items and no other, and ignores unknown ones")
	require.Contains(t, records(t, s, "docs"), "b", "Gone leaves other items alone")
	apply(t, s, "nobody", ingest.Update{Gone: []string{"b"}})
	require.Contains(t, records(t, s, "docs"), "b", "forgetting in one source leaves others alone")
}

func apart(t *testing.T, s ingest.Store) {
	mark(t, s, "docs", "a")
	mark(t, s, "doc", "sa")
	require.Len(t, records(t, s, "docs"), 1, "sources are apart, whatever their names")
	apply(t, s, "docs", ingest.Update{Drop: true})
	require.Contains(t, records(t, s, "doc"), "sa", "dropping a source leaves others alone")
}

func states(t *testing.T, s ingest.Store) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	full := ingest.State{
		Labels: ingest.Labels{Audience: "staff"}, Tried: at, Synced: at, Failures: 2, Err: "why",
		Added: 1, Changed: 2, Unchanged: 3, Removed: 4, Failed: 5, Took: time.Second,
		Changes: []ingest.Change{{Item: "a", Title: "A", Kind: ingest.Changed, Came: []string{"new"}, Went: []string{"old"}}},
		Held:    []string{"b"},
	}
	apply(t, s, "docs", ingest.Update{State: &full})
	require.Equal(t, map[string]ingest.State{"docs": full}, sources(t, s), "Sources returns the state that was given, every field")
	apply(t, s, "site", ingest.Update{State: &ingest.State{Err: "other"}})
	require.Equal(t, map[string]ingest.State{"docs": full}, sources(t, s, "docs", "nobody"), "Sources returns those that it is asked for and leaves out unknown ones")
	require.Empty(t, sources(t, s, "nobody"), "asking for unknown sources alone is not asking for all")
	apply(t, s, "site", ingest.Update{Drop: true})
	mark(t, s, "docs", "a")
	require.Equal(t, full, sources(t, s)["docs"], "an update without a state leaves the state alone")
	apply(t, s, "docs", ingest.Update{State: &ingest.State{}})
	require.Equal(t, map[string]ingest.State{"docs": {}}, sources(t, s), "a state replaces the earlier one as a whole")
	require.Len(t, records(t, s, "docs"), 1, "a state leaves the records alone")
}

func drops(t *testing.T, s ingest.Store) {
	mark(t, s, "docs", "a", "b")
	apply(t, s, "docs", ingest.Update{State: &ingest.State{Err: "old"}})
	apply(t, s, "docs", ingest.Update{Drop: true, Records: []ingest.Record{{Item: "c"}}})
	require.Empty(t, sources(t, s), "Drop forgets the state of the source")
	require.Len(t, records(t, s, "docs"), 1, "Drop forgets all items before the rest of the update is done")
	apply(t, s, "nobody", ingest.Update{Drop: true})
}

func names(t *testing.T, s ingest.Store) {
	for _, name := range []string{"é/ü.md", "https://example.com/a?b=c&d=%20", "it's 100%_", strings.Repeat("long/", 300)} {
		mark(t, s, name, name)
		require.Contains(t, records(t, s, name), name, "any name of a source or an item is kept as it is")
		require.Contains(t, records(t, s, name, name), name, "an item of any name can be asked for")
	}
}

func copies(t *testing.T, s ingest.Store) {
	mark(t, s, "docs", "a")
	apply(t, s, "docs", ingest.Update{State: &ingest.State{}})
	delete(records(t, s, "docs"), "a")
	delete(sources(t, s), "docs")
	require.Contains(t, records(t, s, "docs"), "a", "the map that Records returns is the caller's own")
	require.Contains(t, sources(t, s), "docs", "the map that Sources returns is the caller's own")
}

func concurrent(t *testing.T, s ingest.Store) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 10 {
				u := ingest.Update{Records: []ingest.Record{{Item: fmt.Sprint(i, "/", j)}}}
				if s.Apply(context.WithoutCancel(t.Context()), "docs", u) != nil {
					t.Error("Apply may be called from many goroutines")
				}
			}
		})
	}
	group.Wait()
	require.Len(t, records(t, s, "docs"), 80, "no concurrent update is lost")
}

// mark applies an update of records that hold no more than their items.
func mark(t *testing.T, s ingest.Store, source string, items ...string) {
	t.Helper()
	var u ingest.Update
	for _, item := range items {
		u.Records = append(u.Records, ingest.Record{Item: item})
	}
	apply(t, s, source, u)
}

func apply(t *testing.T, s ingest.Store, source string, u ingest.Update) {
	t.Helper()
	require.NoError(t, s.Apply(t.Context(), source, u), "Apply remembers an update of any source")
}

func records(t *testing.T, s ingest.Store, source string, items ...string) map[string]ingest.Record {
	t.Helper()
	got, err := s.Records(t.Context(), source, items...)
	require.NoError(t, err, "the records of any source can be asked for")
	return got
}

func sources(t *testing.T, s ingest.Store, names ...string) map[string]ingest.State {
	t.Helper()
	got, err := s.Sources(t.Context(), names...)
	require.NoError(t, err, "the sources can be asked for at any time")
	return got
}
