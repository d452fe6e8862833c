package retrievaltest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// RunVectorStore proves what a [retrieval.VectorStore] does beside a Store,
// which RunStore proves. The function returns a new, empty store for each
// subtest, and releases it by t.Cleanup.
func RunVectorStore(t *testing.T, newStore func(t *testing.T) retrieval.VectorStore) {
	tests := map[string]func(*testing.T, retrieval.VectorStore){
		"order":     vectorsOrder,
		"changes":   vectorsChanges,
		"audiences": vectorsAudiences,
		"lengths":   vectorsLengths,
		"done":      vectorsDone,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

// at is a record of a document of one passage with a vector.
func at(document, audience string, vector ...float32) retrieval.Record {
	r := record(document, "text")
	r.Passage.Audience, r.Vector = audience, vector
	return r
}

func keep(t *testing.T, s retrieval.VectorStore, records ...retrieval.Record) {
	t.Helper()
	for _, r := range records {
		require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: r.Passage.Document, Records: []retrieval.Record{r}}))
	}
}

// nearest returns the documents near a vector, nearest first.
func nearest(t *testing.T, s retrieval.VectorStore, limit int, audiences []string, vector ...float32) []string {
	t.Helper()
	found, err := s.Nearest(t.Context(), vector, audiences, limit)
	require.NoError(t, err)
	documents := make([]string, len(found))
	for i, n := range found {
		require.Equal(t, n.Document+"/text", n.ID, "a neighbor has the ID of its passage")
		documents[i] = n.Document
	}
	return documents
}

func vectorsOrder(t *testing.T, s retrieval.VectorStore) {
	require.Empty(t, nearest(t, s, 3, nil, 1, 0), "a new store has no neighbors")
	keep(t, s, at("east", "", 1, 0), at("north", "", 0, 1), at("west", "", -1, 0), at("northeast", "", .6, .8), record("none", "text"))
	require.Equal(t, []string{"east", "northeast", "north", "west"}, nearest(t, s, 9, nil, 1, 0), "Nearest returns the nearest first")
	require.Equal(t, []string{"west", "north"}, nearest(t, s, 2, nil, -5, .1), "at most limit, by the cosine and not the length")
	found, err := s.Nearest(t.Context(), []float32{1, 0}, nil, 9)
	require.NoError(t, err)
	for i, want := range []float64{1, .6, 0, -1} {
		require.InDelta(t, want, found[i].Cosine, 1e-6, "Cosine is the cosine")
	}
}

func vectorsChanges(t *testing.T, s retrieval.VectorStore) {
	keep(t, s, at("a", "", 1, 0), at("b", "", .8, .6), at("c", "", 0, 1))
	keep(t, s, at("a", "", -1, 0))
	require.NoError(t, s.Delete(t.Context(), "b"))
	require.Equal(t, []string{"c", "a"}, nearest(t, s, 9, nil, 1, 0), "Put and Delete change what Nearest returns")
}

func vectorsAudiences(t *testing.T, s retrieval.VectorStore) {
	keep(t, s, at("near", "staff", 1, 0), at("nearer", "it's \"gold\"", 1, 0), at("far", "", -1, 0), at("farther", "", -1, 0.1))
	require.ElementsMatch(t, []string{"far", "farther"}, nearest(t, s, 2, nil, 1, 0),
		"passages of an audience that the asker is not of take no place among those within the limit")
	require.Equal(t, []string{"near"}, nearest(t, s, 1, []string{"staff", "unknown"}, 1, 0))
	require.Equal(t, []string{"nearer"}, nearest(t, s, 1, []string{"it's \"gold\""}, 1, 0))
	require.Len(t, nearest(t, s, 9, []string{"staff", "it's \"gold\""}, 1, 0), 4)
}

func vectorsLengths(t *testing.T, s retrieval.VectorStore) {
	keep(t, s, at("two", "", 1, 0), at("three", "", 1, 0, 0), at("zero", "", 0, 0))
	for _, want := range []string{"three", "two"} {
		vector := []float32{1, 0}
		if want == "three" {
			vector = append(vector, 0)
		}
		require.Equal(t, want, nearest(t, s, 1, nil, vector...)[0], "vectors of another length are passed over")
	}
	require.Empty(t, nearest(t, s, 9, nil, 1), "and there may be none")
	for i := range 40 {
		keep(t, s, at(fmt.Sprint("long", i), "", make([]float32, 1536)...))
	}
}

func vectorsDone(t *testing.T, s retrieval.VectorStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Nearest(ctx, []float32{1, 0}, nil, 1)
	require.ErrorIs(t, err, context.Canceled, "Nearest reports that ctx is done")
}
