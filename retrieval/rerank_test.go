package retrieval_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// many are documents that all match "widget", of numbers.
func many(n int) []retrieval.Document {
	var docs []retrieval.Document
	for i := range n {
		docs = append(docs, article(fmt.Sprint(i), fmt.Sprint("Widget ", i), "", fmt.Sprintf("The widget %d is a widget for tables and chairs.", i)))
	}
	return docs
}

// backwards is a Reranker that turns the order round.
func backwards(_ context.Context, _ string, passages []retrieval.Passage) ([]float64, error) {
	var scores []float64
	for i := range passages {
		scores = append(scores, float64(i))
	}
	return scores, nil
}

func documents(hits []retrieval.Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Document)
	}
	return out
}

func TestARerankerOrdersTheBest(t *testing.T) {
	var texts []string
	var given int
	note := func(ctx context.Context, question string, passages []retrieval.Passage) ([]float64, error) {
		texts, given = append(texts, question), len(passages)
		return backwards(ctx, question, passages)
	}
	docs, q := many(40), retrieval.Query{Text: "widget tables", Limit: 30}
	plain := retrieve(t, newKnowledge(t, retrieval.Config{}, docs...), q)
	k := newKnowledge(t, retrieval.Config{Reranker: retrieval.RerankerFunc(note)}, docs...)
	res := retrieve(t, k, q)
	require.NoError(t, res.Degraded)
	require.Equal(t, 20, given, "it reads the best twenty")
	want := documents(plain.Hits)
	slices.Reverse(want[:20])
	require.Equal(t, want, documents(res.Hits), "those are in its order, and the rest stay behind them")
	require.True(t, slices.IsSortedFunc(res.Hits, func(a, b retrieval.Hit) int { return cmp.Compare(b.Score, a.Score) }),
		"scores order the hits")
	require.Equal(t, plain.Answerable, res.Answerable)
	q.Limit = 3
	require.Equal(t, want[:3], documents(retrieve(t, k, q).Hits), "it reads twenty where fewer are wanted")
	q.Before = []string{"I like widget 7."}
	q.Text = "what about it?"
	retrieve(t, k, q)
	require.Equal(t, "I like widget 7.\nwhat about it?", texts[2], "it reads a follow-up in full")
}

func TestARerankerLeavesTheCuratedAnswerFirst(t *testing.T) {
	docs := append(many(10), shortAnswer("What is a widget?", "A widget is a gadget."))
	k := newKnowledge(t, retrieval.Config{Reranker: retrieval.RerankerFunc(backwards)}, docs...)
	hits := retrieve(t, k, retrieval.Query{Text: "What is a widget?"}).Hits
	require.True(t, hits[0].Curated)
}

func TestASearchDoesWithoutARerankerThatFails(t *testing.T) {
	down := errors.New("down")
	docs, q := many(10), retrieval.Query{Text: "widget tables"}
	want := retrieve(t, newKnowledge(t, retrieval.Config{}, docs...), q)
	for name, rerank := range map[string]retrieval.RerankerFunc{
		"down":     func(context.Context, string, []retrieval.Passage) ([]float64, error) { return nil, down },
		"too few":  func(context.Context, string, []retrieval.Passage) ([]float64, error) { return []float64{1}, nil },
		"too many": func(context.Context, string, []retrieval.Passage) ([]float64, error) { return make([]float64, 11), nil },
		"no numbers": func(context.Context, string, []retrieval.Passage) ([]float64, error) {
			return slices.Repeat([]float64{math.NaN()}, 10), nil
		},
		"infinite": func(context.Context, string, []retrieval.Passage) ([]float64, error) {
			return slices.Repeat([]float64{math.Inf(1)}, 10), nil
		},
		"slow": func(ctx context.Context, _ string, _ []retrieval.Passage) ([]float64, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			res := retrieve(t, newKnowledge(t, retrieval.Config{Reranker: rerank}, docs...), q)
			require.Error(t, res.Degraded, name)
			require.True(t, strings.HasPrefix(res.Degraded.Error(), "retrieval: rerank: "), res.Degraded)
			res.Degraded = nil
			require.Equal(t, want, res, name)
		})
	}
}

func TestARerankerEndsWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	k := newKnowledge(t, retrieval.Config{Reranker: retrieval.RerankerFunc(
		func(ctx context.Context, _ string, _ []retrieval.Passage) ([]float64, error) {
			cancel()
			return nil, ctx.Err()
		})}, many(3)...)
	_, err := k.Retrieve(ctx, retrieval.Query{Text: "widget"})
	require.ErrorIs(t, err, context.Canceled)
}

func TestARerankerIsNotAskedForNothing(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{Reranker: retrieval.RerankerFunc(
		func(context.Context, string, []retrieval.Passage) ([]float64, error) { panic("asked") })}, many(1)...)
	require.Len(t, retrieve(t, k, retrieval.Query{Text: "widget"}).Hits, 1, "one passage is in order")
	require.Empty(t, retrieve(t, k, retrieval.Query{Text: "xyzzy"}).Hits)
}
