package retrievaltest

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// RunSnapshotter proves a [retrieval.Snapshotter], beside what RunStore proves
// of any store. The function returns a new, empty store for each subtest, and
// releases it by t.Cleanup.
func RunSnapshotter(t *testing.T, newStore func(t *testing.T) retrieval.Snapshotter) {
	tests := map[string]func(*testing.T, retrieval.Snapshotter){
		"generation": snapshotGeneration,
		"changes":    snapshotChanges,
		"replace":    snapshotReplace,
		"cut":        snapshotCut,
		"start":      snapshotStart,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

func generation(t *testing.T, s retrieval.Snapshotter) int64 {
	t.Helper()
	n, changed, err := s.Changes(t.Context(), math.MaxInt64)
	require.NoError(t, err)
	require.Empty(t, changed, "nothing has changed since a generation to come")
	return n
}

func snapshotGeneration(t *testing.T, s retrieval.Snapshotter) {
	first := generation(t, s)
	put(t, s, "a", "1", "2")
	put(t, s, "a", "1", "2")
	put(t, s, "b")
	require.Equal(t, first+3, generation(t, s), "every Put raises the generation by one")
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "c"}, retrieval.Changed{Document: "d"}))
	require.Equal(t, first+4, generation(t, s), "also one of several documents")
	require.NoError(t, s.Delete(t.Context(), "a", "b", "unknown"))
	require.Equal(t, first+5, generation(t, s), "a Delete raises the generation by one")
	require.NoError(t, s.Put(t.Context()))
	require.NoError(t, s.Delete(t.Context()))
	require.Equal(t, first+5, generation(t, s), "a Put or Delete of no documents does not")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Put(ctx, retrieval.Changed{Document: "a"}), context.Canceled)
	require.Equal(t, first+5, generation(t, s), "what failed does not")
}

func snapshotChanges(t *testing.T, s retrieval.Snapshotter) {
	put(t, s, "old", "1")
	since := generation(t, s)
	put(t, s, "a", "1")
	put(t, s, "a", "2", "3")
	put(t, s, "b", "1")
	require.NoError(t, s.Delete(t.Context(), "b"))
	now, changed, err := s.Changes(t.Context(), since)
	require.NoError(t, err)
	require.Equal(t, since+4, now)
	got := map[string][]string{}
	for _, c := range changed {
		require.NotContains(t, got, c.Document, "a document that was changed is returned once")
		got[c.Document] = texts(c.Records)
	}
	require.Equal(t, map[string][]string{"a": {"2", "3"}, "b": {}}, got,
		"documents that were changed are returned as they are now, those that are deleted without records")
	_, changed, err = s.Changes(t.Context(), now)
	require.NoError(t, err)
	require.Empty(t, changed)
}

func save(t *testing.T, s retrieval.Snapshotter, generation int64, parts ...string) {
	t.Helper()
	buffer := []byte("overwritten")
	err := s.SaveSnapshot(t.Context(), generation, func(yield func([]byte) bool) {
		for _, p := range parts {
			// As a Knowledge does, which forms every part in the same memory.
			if buffer = append(buffer[:0], p...); !yield(buffer) {
				return
			}
		}
	})
	require.NoError(t, err)
}

func saved(t *testing.T, s retrieval.Snapshotter) (generation int64, parts []string) {
	t.Helper()
	generation, seq, err := s.Snapshot(t.Context())
	require.NoError(t, err)
	for p, err := range seq {
		require.NoError(t, err)
		parts = append(parts, string(p))
	}
	return generation, parts
}

func requireSaved(t *testing.T, s retrieval.Snapshotter, generation int64, parts ...string) {
	t.Helper()
	g, p := saved(t, s)
	require.Equal(t, generation, g, "a snapshot is of the generation that it was saved for")
	require.Equal(t, parts, p, "a snapshot has the parts that were saved, in order")
}

func snapshotReplace(t *testing.T, s retrieval.Snapshotter) {
	g, _, err := s.Snapshot(t.Context())
	require.NoError(t, err)
	require.Zero(t, g, "there is no snapshot at first")
	save(t, s, 1, "one", "\x00\xff", "three")
	requireSaved(t, s, 1, "one", "\x00\xff", "three")
	save(t, s, 2, "less")
	requireSaved(t, s, 2, "less")
	save(t, s, 2, "the same generation", "again")
	requireSaved(t, s, 2, "the same generation", "again")
	put(t, s, "a", "1")
	requireSaved(t, s, 2, "the same generation", "again")
}

func snapshotCut(t *testing.T, s retrieval.Snapshotter) {
	save(t, s, 1, "kept", "whole")
	ctx, cancel := context.WithCancel(t.Context())
	err := s.SaveSnapshot(ctx, 2, func(yield func([]byte) bool) {
		_ = yield([]byte("half"))
		cancel()
		_ = yield([]byte("a snapshot"))
	})
	require.ErrorIs(t, err, context.Canceled, "SaveSnapshot reports that ctx is done")
	requireSaved(t, s, 1, "kept", "whole")
	save(t, s, 2, "new")
	requireSaved(t, s, 2, "new")
}

// snapshotStart has a Knowledge use the store.
func snapshotStart(t *testing.T, s retrieval.Snapshotter) {
	open := func() *retrieval.Knowledge {
		k, err := retrieval.New(t.Context(), retrieval.Config{Store: s})
		require.NoError(t, err)
		return k
	}
	add := func(k *retrieval.Knowledge, id, text string) {
		d := retrieval.Document{ID: id, Title: id, Sections: []retrieval.Section{{Text: text}}}
		require.NoError(t, k.Add(t.Context(), d))
	}
	k := open()
	for _, id := range []string{"one", "two", "three"} {
		add(k, id, "A text about pumps.")
	}
	require.NoError(t, k.Save(t.Context()))
	add(k, "two", "A text about valves.")
	require.NoError(t, k.Remove(t.Context(), "three"))
	again := open()
	var held []string
	for _, id := range []string{"one", "two", "three"} {
		for _, p := range again.Passages(id) {
			held = append(held, p.Text)
		}
	}
	require.Equal(t, []string{"A text about pumps.", "A text about valves."}, held,
		"a start holds the snapshot and what was changed since")
}
