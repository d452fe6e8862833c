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

// RunReranker proves a [retrieval.Reranker]. The function returns a new one for
// each subtest.
func RunReranker(t *testing.T, newReranker func(t *testing.T) retrieval.Reranker) {
	tests := map[string]func(*testing.T, retrieval.Reranker){
		"judgement":   rerankerJudgement,
		"input":       rerankerInput,
		"odd texts":   rerankerOddTexts,
		"done":        rerankerDone,
		"concurrency": rerankerConcurrency,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newReranker(t)) })
	}
}

// returnTime is answered by the first of samples.
const returnTime = "Within how many days of delivery can you return items?"

func passages(texts ...string) []retrieval.Passage {
	out := make([]retrieval.Passage, len(texts))
	for i, text := range texts {
		out[i] = retrieval.Passage{ID: text, Text: text}
	}
	return out
}

func rerankerJudgement(t *testing.T, r retrieval.Reranker) {
	given := passages(samples...)
	for range given {
		scores := rerank(t, r, returnTime, given)
		best := slices.Index(scores, slices.Max(scores))
		require.Equal(t, samples[0], given[best].Text, "the higher the score, the better the passage answers, in whatever order they come")
		given = append(given[1:], given[0])
	}
}

func rerankerInput(t *testing.T, r retrieval.Reranker) {
	given := passages(samples...)
	rerank(t, r, returnTime, given)
	require.Equal(t, passages(samples...), given, "Rerank must not change the passages")
}

func rerankerOddTexts(t *testing.T, r retrieval.Reranker) {
	rerank(t, r, returnTime, passages("one passage"))
	rerank(t, r, returnTime, passages(samples[0], samples[0]))
	rerank(t, r, "返品は30日以内 🚚 a\xffb", passages("", "返品は30日以内", "🚚", "a\xffb\x00"))
	scores, err := r.Rerank(t.Context(), returnTime, nil)
	require.NoError(t, err, "no passages are allowed")
	require.Empty(t, scores, "no passages have no scores")
}

func rerankerDone(t *testing.T, r retrieval.Reranker) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Rerank(ctx, returnTime, passages(samples...))
	require.ErrorIs(t, err, context.Canceled, "Rerank reports that ctx is done")
}

func rerankerConcurrency(t *testing.T, r retrieval.Reranker) {
	want := rerank(t, r, returnTime, passages(samples...))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := r.Rerank(t.Context(), returnTime, passages(samples...))
			if err != nil || len(got) != len(want) {
				t.Errorf("methods may be called from many goroutines, but one got %v, %v", got, err)
			}
		})
	}
	wg.Wait()
}

func rerank(t *testing.T, r retrieval.Reranker, question string, given []retrieval.Passage) []float64 {
	t.Helper()
	scores, err := r.Rerank(t.Context(), question, given)
	require.NoError(t, err)
	require.Len(t, scores, len(given), "Rerank returns a score for every passage")
	for _, s := range scores {
		require.False(t, math.IsNaN(s) || math.IsInf(s, 0), "every score is finite")
	}
	return scores
}
