package retrievaltest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// RunRewriter proves a [retrieval.Rewriter]. The function returns a new one for
// each subtest.
func RunRewriter(t *testing.T, newRewriter func(t *testing.T) retrieval.Rewriter) {
	tests := map[string]func(*testing.T, retrieval.Rewriter){
		"follow-up":   rewriterFollowUp,
		"input":       rewriterInput,
		"odd texts":   rewriterOddTexts,
		"done":        rewriterDone,
		"concurrency": rewriterConcurrency,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newRewriter(t)) })
	}
}

// followUp leans on before.
const followUp = "And to Canada?"

func before() []string {
	return []string{"What does shipping to Norway cost?", "Shipping to Norway costs $ 12."}
}

func rewriterFollowUp(t *testing.T, r retrieval.Rewriter) {
	text, err := r.Rewrite(t.Context(), followUp, before())
	require.NoError(t, err)
	require.Less(t, len(text), 500, "a rewrite is a question, and no answer to it")
}

func rewriterInput(t *testing.T, r retrieval.Rewriter) {
	given := before()
	_, err := r.Rewrite(t.Context(), followUp, given)
	require.NoError(t, err)
	require.Equal(t, before(), given, "Rewrite must not change what was said")
}

func rewriterOddTexts(t *testing.T, r retrieval.Rewriter) {
	for _, text := range []string{"", " ", "返品は30日以内 🚚", "a\xffb\x00"} {
		_, err := r.Rewrite(t.Context(), text, []string{text})
		require.NoError(t, err, "any text is allowed")
		_, err = r.Rewrite(t.Context(), followUp, slices.Repeat([]string{text}, 8))
		require.NoError(t, err, "any text is allowed before it")
	}
}

func rewriterDone(t *testing.T, r retrieval.Rewriter) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Rewrite(ctx, followUp, before())
	require.ErrorIs(t, err, context.Canceled, "Rewrite reports that ctx is done")
}

func rewriterConcurrency(t *testing.T, r retrieval.Rewriter) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := r.Rewrite(t.Context(), followUp, before()); err != nil {
				t.Errorf("methods may be called from many goroutines, but one got %v", err)
			}
		})
	}
	wg.Wait()
}
