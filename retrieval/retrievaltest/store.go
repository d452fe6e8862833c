// Package retrievaltest proves implementations of the seams of package
// retrieval. Each suite says in its failures which sentence of the contract was
// broken.
package retrievaltest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// RunStore proves a [retrieval.Store]. The function returns a new, empty store
// for each subtest, and releases it by t.Cleanup.
func RunStore(t *testing.T, newStore func(t *testing.T) retrieval.Store) {
	tests := map[string]func(*testing.T, retrieval.Store){
		"empty":       storeEmpty,
		"order":       storeOrder,
		"replace":     storeReplace,
		"several":     storeSeveral,
		"delete":      storeDelete,
		"fields":      storeFields,
		"copies":      storeCopies,
		"stop":        storeStop,
		"done":        storeDone,
		"concurrency": storeConcurrency,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

func storeEmpty(t *testing.T, s retrieval.Store) {
	require.Empty(t, all(t, s), "a new store holds nothing")
	require.NoError(t, s.Delete(t.Context()), "Delete of no documents does nothing")
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "a"}), "Put of no records is allowed")
	require.Empty(t, all(t, s), "a document without records yields none")
}

func storeOrder(t *testing.T, s retrieval.Store) {
	put(t, s, "b", "one", "two", "three")
	put(t, s, "a", "four", "five")
	byDocument := map[string][]string{}
	last := ""
	for _, r := range all(t, s) {
		d := r.Passage.Document
		require.False(t, d != last && byDocument[d] != nil, "All yields the records of one document together")
		byDocument[d], last = append(byDocument[d], r.Passage.Text), d
	}
	require.Equal(t, map[string][]string{"b": {"one", "two", "three"}, "a": {"four", "five"}}, byDocument,
		"All yields every record, those of one document in order")
}

func storeReplace(t *testing.T, s retrieval.Store) {
	put(t, s, "a", "old 1", "old 2", "old 3")
	put(t, s, "b", "other")
	put(t, s, "a", "new")
	require.ElementsMatch(t, []string{"other", "new"}, texts(all(t, s)),
		"Put replaces all passages of the document, and only of that")
	put(t, s, "a")
	require.Equal(t, []string{"other"}, texts(all(t, s)), "Put of no records removes the document's passages")
}

func storeSeveral(t *testing.T, s retrieval.Store) {
	put(t, s, "a", "old")
	put(t, s, "b", "kept")
	require.NoError(t, s.Put(t.Context(),
		retrieval.Changed{Document: "c", Records: []retrieval.Record{record("c", "first"), record("c", "second")}},
		retrieval.Changed{Document: "a", Records: []retrieval.Record{record("a", "new")}}))
	require.ElementsMatch(t, []string{"new", "kept", "first", "second"}, texts(all(t, s)),
		"Put replaces all passages of each document")
	require.NoError(t, s.Put(t.Context()), "Put of no documents does nothing")
}

func storeDelete(t *testing.T, s retrieval.Store) {
	for _, d := range []string{"a", "b", "c"} {
		put(t, s, d, d+"1", d+"2")
	}
	require.NoError(t, s.Delete(t.Context(), "a", "unknown", "c"), "Delete ignores unknown documents")
	require.Equal(t, []string{"b1", "b2"}, texts(all(t, s)), "Delete removes all passages of the documents")
	put(t, s, "a", "again")
	require.ElementsMatch(t, []string{"b1", "b2", "again"}, texts(all(t, s)), "a deleted document can be put again")
}

func storeFields(t *testing.T, s retrieval.Store) {
	want := []retrieval.Record{
		{
			Passage: retrieval.Passage{
				ID: "p1", Document: "Übersicht/返品 'quoted\".md", Source: "files", Title: "Rückgabe 🚚",
				URL: "https://example.com/a?b=c&d=%20#e", Path: []string{"Ä", "返品; a/b"}, Anchor: "fünf",
				Text: "Zeile 1\nZeile 2\t مرحبا", Language: "de-AT", Keywords: []string{"Umtausch, Geld", "'x'"}, Audience: "staff", Private: true,
				Updated: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
			},
			Vector: []float32{0.25, -1, 0},
		},
		{Passage: retrieval.Passage{ID: "p2", Document: "Übersicht/返品 'quoted\".md"}},
	}
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: want[0].Passage.Document, Records: want}))
	got := all(t, s)
	require.Len(t, got, len(want))
	require.True(t, want[0].Passage.Updated.Equal(got[0].Passage.Updated), "a store keeps the time of the last change")
	got[0].Passage.Updated = want[0].Passage.Updated
	if _, ok := s.(retrieval.VectorStore); ok && got[0].Vector == nil {
		got[0].Vector = want[0].Vector // All may leave it out
	}
	require.Equal(t, want, got, "a store keeps every field of a record as it was")
}

func storeCopies(t *testing.T, s retrieval.Store) {
	records := []retrieval.Record{record("a", "kept")}
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "a", Records: records}))
	records[0].Passage.Text = "changed by the caller"
	require.Equal(t, []string{"kept"}, texts(all(t, s)), "a store does not share the slice that it was given")
}

func storeStop(t *testing.T, s retrieval.Store) {
	put(t, s, "a", "one", "two", "three")
	n := 0
	for _, err := range s.All(t.Context()) {
		require.NoError(t, err)
		n++
		break
	}
	require.Equal(t, 1, n)
	put(t, s, "a", "after")
	require.Equal(t, []string{"after"}, texts(all(t, s)), "a store can be used after an iteration that was stopped early")
}

func storeDone(t *testing.T, s retrieval.Store) {
	put(t, s, "a", "one")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Put(ctx, retrieval.Changed{Document: "a"}), context.Canceled, "Put reports that ctx is done")
	require.ErrorIs(t, s.Delete(ctx, "a"), context.Canceled, "Delete reports that ctx is done")
	var last error
	for _, err := range s.All(ctx) {
		last = err
	}
	require.ErrorIs(t, last, context.Canceled, "All reports that ctx is done")
	require.Equal(t, []string{"one"}, texts(all(t, s)), "what failed has changed nothing")
}

func storeConcurrency(t *testing.T, s retrieval.Store) {
	const writers, rounds = 4, 8
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for r := range rounds {
				d := fmt.Sprint("d", w)
				text := fmt.Sprint(r)
				if err := s.Put(t.Context(), pair(d, text), pair(d+"+", text)); err != nil {
					t.Error("Put from many goroutines:", err)
				}
				whole(t, s)
			}
		})
	}
	wg.Wait()
	require.Len(t, all(t, s), 4*writers, "methods may be called from many goroutines")
}

// pair returns a document of two records of one text.
func pair(document, text string) retrieval.Changed {
	a, b := record(document, text), record(document, text)
	b.Passage.ID += "-2"
	return retrieval.Changed{Document: document, Records: []retrieval.Record{a, b}}
}

// whole fails when an iteration sees a Put half done.
func whole(t *testing.T, s retrieval.Store) {
	seen := map[string][]string{}
	for r, err := range s.All(t.Context()) {
		if err != nil {
			t.Error("All from many goroutines:", err)
			return
		}
		seen[r.Passage.Document] = append(seen[r.Passage.Document], r.Passage.Text)
	}
	for d, texts := range seen {
		if len(texts) != 2 || texts[0] != texts[1] {
			t.Errorf("Put replaces all passages of a document in one transaction, but %s was seen as %q", d, texts)
		}
	}
}

func record(document, text string) retrieval.Record {
	return retrieval.Record{Passage: retrieval.Passage{ID: document + "/" + text, Document: document, Text: text}}
}

func put(t *testing.T, s retrieval.Store, document string, texts ...string) {
	t.Helper()
	records := make([]retrieval.Record, len(texts))
	for i, text := range texts {
		records[i] = record(document, text)
	}
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: document, Records: records}))
}

func all(t *testing.T, s retrieval.Store) []retrieval.Record {
	t.Helper()
	var out []retrieval.Record
	for r, err := range s.All(t.Context()) {
		require.NoError(t, err, "All yields every record")
		out = append(out, r)
	}
	return out
}

func texts(records []retrieval.Record) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i] = r.Passage.Text
	}
	return out
}
