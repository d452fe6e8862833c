package retrievaltest

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// RunEmbedder proves a [retrieval.Embedder]. The function returns a new one for
// each subtest.
func RunEmbedder(t *testing.T, newEmbedder func(t *testing.T) retrieval.Embedder) {
	tests := map[string]func(*testing.T, retrieval.Embedder){
		"length":      embedderLength,
		"order":       embedderOrder,
		"input":       embedderInput,
		"nearness":    embedderNearness,
		"odd texts":   embedderOddTexts,
		"done":        embedderDone,
		"concurrency": embedderConcurrency,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newEmbedder(t)) })
	}
}

var samples = []string{
	"You can return most items within 30 days of delivery.",
	"We ship to the United States and Canada.",
	"Reset your password on the sign-in page.",
}

func embedderLength(t *testing.T, e retrieval.Embedder) {
	vectors := embed(t, e, samples)
	require.Len(t, vectors, len(samples), "EmbedDocuments returns one vector per text")
	question := query(t, e, "How do I return an item?")
	for _, v := range vectors {
		require.Len(t, v, len(question), "all vectors are of one length")
	}
	require.NotEmpty(t, question, "a vector has numbers")
	none, err := e.EmbedDocuments(t.Context(), nil)
	require.NoError(t, err, "no texts are allowed")
	require.Empty(t, none, "no texts give no vectors")
}

func embedderOrder(t *testing.T, e retrieval.Embedder) {
	forth := embed(t, e, samples)
	reversed := slices.Clone(samples)
	slices.Reverse(reversed)
	back := embed(t, e, reversed)
	slices.Reverse(back)
	for i := range forth {
		require.Greater(t, cosine(forth[i], back[i]), 0.999, "vectors are in the order of the texts")
	}
}

func embedderInput(t *testing.T, e retrieval.Embedder) {
	texts := slices.Clone(samples)
	embed(t, e, texts)
	require.Equal(t, samples, texts, "EmbedDocuments must not change texts")
}

func embedderNearness(t *testing.T, e retrieval.Embedder) {
	vectors := embed(t, e, samples)
	for i, text := range samples {
		q := query(t, e, text)
		for j, v := range vectors {
			if j != i {
				require.Greater(t, cosine(q, vectors[i]), cosine(q, v),
					"the vector of a question is comparable by cosine: a text is nearest to itself")
			}
		}
	}
}

func embedderOddTexts(t *testing.T, e retrieval.Embedder) {
	for _, v := range embed(t, e, []string{" ", "返品は30日以内", "🚚", "a\xffb"}) {
		for _, x := range v {
			require.False(t, math.IsNaN(float64(x)) || math.IsInf(float64(x), 0), "every number of a vector is finite")
		}
	}
}

func embedderDone(t *testing.T, e retrieval.Embedder) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := e.EmbedDocuments(ctx, samples)
	require.ErrorIs(t, err, context.Canceled, "EmbedDocuments reports that ctx is done")
	_, err = e.EmbedQuery(ctx, samples[0])
	require.ErrorIs(t, err, context.Canceled, "EmbedQuery reports that ctx is done")
}

func embedderConcurrency(t *testing.T, e retrieval.Embedder) {
	want := query(t, e, samples[0])
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := e.EmbedQuery(t.Context(), samples[0])
			if err != nil || cosine(want, got) < 0.999 {
				t.Errorf("methods may be called from many goroutines, but one got another vector or %v", err)
			}
		})
	}
	wg.Wait()
}

func embed(t *testing.T, e retrieval.Embedder, texts []string) [][]float32 {
	t.Helper()
	vectors, err := e.EmbedDocuments(t.Context(), texts)
	require.NoError(t, err)
	return vectors
}

func query(t *testing.T, e retrieval.Embedder, text string) []float32 {
	t.Helper()
	v, err := e.EmbedQuery(t.Context(), text)
	require.NoError(t, err)
	return v
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}
