package retrieval_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// says is a Rewriter that says one thing, and counts how often it is asked.
func says(text string, asked *int) retrieval.RewriterFunc {
	return func(context.Context, string, []string) (string, error) {
		*asked++
		return text, nil
	}
}

var followUp = retrieval.Query{
	Text:   "and how long does that take?",
	Before: []string{"I sent an item back for a refund.", "Thank you, we have it."},
}

func TestARewriterFindsWhatIsMeant(t *testing.T) {
	var asked int
	k := newKnowledge(t, retrieval.Config{Rewriter: says(" When do refunds reach\nmy card? ", &asked)}, shop()...)
	res := retrieve(t, k, followUp)
	require.Equal(t, 1, asked)
	require.NoError(t, res.Degraded)
	require.Equal(t, "When do refunds reach my card?", res.Rewritten, "the result tells what was searched")
	alone := retrieve(t, k, retrieval.Query{Text: "When do refunds reach my card?"})
	require.Equal(t, documents(alone.Hits), documents(res.Hits), "it is searched as if it had been asked")
	require.Equal(t, alone.Hits[0].Spans, res.Hits[0].Spans)
	require.Less(t, res.Answerable, alone.Answerable, "but the customer's own words tell whether it answers")
	require.Empty(t, alone.Rewritten)
}

func TestARewriterIsAskedOnlyAboutFollowUps(t *testing.T) {
	var asked int
	k := newKnowledge(t, retrieval.Config{Rewriter: says("Where is my parcel?", &asked)}, shop()...)
	plain := newKnowledge(t, retrieval.Config{}, shop()...)
	for _, q := range []retrieval.Query{
		{Text: "and how long does that take?"},
		{Text: "Reset a forgotten password on the sign-in page of the shop", Before: followUp.Before},
	} {
		require.Equal(t, retrieve(t, plain, q), retrieve(t, k, q), q.Text)
	}
	require.Zero(t, asked)
}

func TestARewriteThatIsNone(t *testing.T) {
	plain := retrieve(t, newKnowledge(t, retrieval.Config{}, shop()...), followUp)
	for name, tt := range map[string]struct {
		rewriter retrieval.RewriterFunc
		degraded string
	}{
		"nothing":  {says(" \n", new(int)), ""},
		"the same": {says(followUp.Text+"\n", new(int)), ""},
		"too long": {says(strings.Repeat("Refunds take five days. ", 50), new(int)), "retrieval: rewrite the question: 1199 characters are too many"},
		"an error": {func(context.Context, string, []string) (string, error) {
			return "Where is my parcel?", errors.New("no credit")
		}, "retrieval: rewrite the question: no credit"},
	} {
		t.Run(name, func(t *testing.T) {
			res := retrieve(t, newKnowledge(t, retrieval.Config{Rewriter: tt.rewriter}, shop()...), followUp)
			if tt.degraded == "" {
				require.NoError(t, res.Degraded)
			} else {
				require.EqualError(t, res.Degraded, tt.degraded)
			}
			res.Degraded = nil
			require.Equal(t, plain, res, "the question is searched as without a Rewriter")
		})
	}
}

func TestARewriterThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := func(ctx context.Context, _ string, _ []string) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}
		k := newKnowledge(t, retrieval.Config{Rewriter: retrieval.RewriterFunc(hangs)}, shop()...)
		began := time.Now()
		res := retrieve(t, k, followUp)
		require.Equal(t, 3*time.Second, time.Since(began))
		require.ErrorIs(t, res.Degraded, context.DeadlineExceeded)
		require.NotEmpty(t, res.Hits)
	})
}

func TestARewriterKeepsNobodyElsesConversation(t *testing.T) {
	changes := func(_ context.Context, _ string, before []string) (string, error) {
		before[0] = "changed"
		return "", nil
	}
	q := followUp
	q.Before = []string{"my parcel", "yes?"}
	retrieve(t, newKnowledge(t, retrieval.Config{Rewriter: retrieval.RewriterFunc(changes)}, shop()...), q)
	require.Equal(t, []string{"my parcel", "yes?"}, q.Before)
}

func TestARerankerReadsTheRewrite(t *testing.T) {
	var read string
	note := func(_ context.Context, question string, passages []retrieval.Passage) ([]float64, error) {
		read = question
		return make([]float64, len(passages)), nil
	}
	k := newKnowledge(t, retrieval.Config{
		Rewriter: says("Can I return an item and reset my password?", new(int)), Reranker: retrieval.RerankerFunc(note),
	}, shop()...)
	retrieve(t, k, followUp)
	require.Equal(t, "Can I return an item and reset my password?", read)
}
