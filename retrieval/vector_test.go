package retrieval_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// topics is an embedder that knows what some words mean.
type topics struct{ err error }

func (e topics) EmbedDocuments(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = vector(text)
	}
	return out, e.err
}

func (e topics) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	return vector(text), e.err
}

func vector(text string) []float32 {
	v := []float32{0.1, 0.1, 0.1}
	for i, words := range []string{"refund money", "ship post delivery", "password login sign"} {
		for _, w := range strings.Fields(words) {
			if strings.Contains(strings.ToLower(text), w) {
				v[i] += 3
			}
		}
	}
	return v
}

func TestVectorsFindOtherWords(t *testing.T) {
	q := retrieval.Query{Text: "when do I see my money again"}
	require.Empty(t, retrieve(t, newKnowledge(t, retrieval.Config{}, shop()...), q).Hits)
	k := newKnowledge(t, retrieval.Config{Embedder: topics{}}, shop()...)
	require.Equal(t, "returns", retrieve(t, k, q).Hits[0].Document, "a passage is found by meaning where words fail")
	require.Equal(t, "returns", retrieve(t, k, retrieval.Query{Text: "start a return"}).Hits[0].Document, "words still count")
}

func TestVectorsOutliveTheProcess(t *testing.T) {
	store := retrieval.NewMemoryStore()
	newKnowledge(t, retrieval.Config{Store: store, Embedder: topics{}}, shop()...)
	again := newKnowledge(t, retrieval.Config{Store: store, Embedder: topics{}})
	require.NotEmpty(t, retrieve(t, again, retrieval.Query{Text: "money"}).Hits)
	mixed := newKnowledge(t, retrieval.Config{Store: store, Embedder: retrieval.HashEmbedder{}})
	require.NotEmpty(t, retrieve(t, mixed, retrieval.Query{Text: "start a return"}).Hits,
		"vectors of another length are passed over")
}

func TestVectorsKeepAudiencesApart(t *testing.T) {
	d := article("secret", "Refund money policy", "", "Refund money only to friends.")
	d.Audience = "staff"
	k := newKnowledge(t, retrieval.Config{Embedder: topics{}}, append(shop(), d)...)
	for _, h := range retrieve(t, k, retrieval.Query{Text: "money", Limit: 50}).Hits {
		require.NotEqual(t, "secret", h.Document, "a passage of another audience is not found by its vector")
	}
}

// short is an embedder that loses a vector.
type short struct{ topics }

func (short) EmbedDocuments(context.Context, []string) ([][]float32, error) {
	return [][]float32{{1}}, nil
}

func TestEmbedderFaults(t *testing.T) {
	down := errors.New("down")
	k := newKnowledge(t, retrieval.Config{Embedder: topics{down}})
	require.ErrorIs(t, k.Add(t.Context(), shop()...), down)
	require.Zero(t, k.Len(), "what has no vector is not stored")
	require.ErrorContains(t, newKnowledge(t, retrieval.Config{Embedder: short{}}).Add(t.Context(), shop()...), "1 vectors for")
}

// broken is an embedder whose questions fail.
type broken struct {
	topics
	query func(ctx context.Context) ([]float32, error)
}

func (b broken) EmbedQuery(ctx context.Context, _ string) ([]float32, error) { return b.query(ctx) }

func TestASearchDoesWithoutAnEmbedderThatFails(t *testing.T) {
	down := errors.New("down")
	words := newKnowledge(t, retrieval.Config{}, shop()...)
	for name, query := range map[string]func(context.Context) ([]float32, error){
		"down":      func(context.Context) ([]float32, error) { return nil, down },
		"slow":      func(ctx context.Context) ([]float32, error) { <-ctx.Done(); return nil, ctx.Err() },
		"no number": func(context.Context) ([]float32, error) { return []float32{1, float32(math.NaN()), 0}, nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			k := newKnowledge(t, retrieval.Config{Embedder: broken{query: query}}, shop()...)
			q := retrieval.Query{Text: "how do I start a return"}
			res := retrieve(t, k, q)
			require.Error(t, res.Degraded, name)
			res.Degraded = nil
			require.Equal(t, retrieve(t, words, q), res, "what words find is found: %s", name)
		})
	}
	k := newKnowledge(t, retrieval.Config{Embedder: topics{}}, shop()...)
	require.NoError(t, retrieve(t, k, retrieval.Query{Text: "money"}).Degraded)
}

func TestAnEmbedderReadsAFollowUpInFull(t *testing.T) {
	var asked []string
	e := reader{&asked}
	k := newKnowledge(t, retrieval.Config{Embedder: e}, zoo()...)
	before := []string{"Hello", "I like the Planetarium.", "It is open."}
	retrieve(t, k, retrieval.Query{Text: "and for children?", Before: before})
	retrieve(t, k, retrieval.Query{Text: "reset password link sign-in page", Before: before})
	require.Equal(t, []string{"I like the Planetarium.\nIt is open.\nand for children?", "reset password link sign-in page"}, asked)
}

// reader is an embedder that notes its questions.
type reader struct{ asked *[]string }

func (reader) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	return retrieval.HashEmbedder{}.EmbedDocuments(ctx, texts)
}

func (r reader) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	*r.asked = append(*r.asked, text)
	return retrieval.HashEmbedder{}.EmbedQuery(ctx, text)
}
