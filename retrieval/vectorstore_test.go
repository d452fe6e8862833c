package retrieval_test

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
)

// searching is a store that searches vectors itself.
type searching struct {
	*retrieval.MemoryStore
	fault error
}

func (s searching) Nearest(ctx context.Context, vector []float32, audiences []string, limit int) ([]retrieval.Neighbor, error) {
	var out []retrieval.Neighbor
	for r, err := range s.All(ctx) {
		if err != nil {
			return nil, err
		}
		p := r.Passage
		if len(r.Vector) != len(vector) || p.Audience != "" && !slices.Contains(audiences, p.Audience) {
			continue
		}
		var ab, aa, bb float64
		for i, x := range r.Vector {
			ab, aa, bb = ab+float64(x)*float64(vector[i]), aa+float64(x)*float64(x), bb+float64(vector[i])*float64(vector[i])
		}
		if aa > 0 {
			out = append(out, retrieval.Neighbor{Document: p.Document, ID: p.ID, Cosine: ab / math.Sqrt(aa*bb)})
		}
	}
	slices.SortStableFunc(out, func(a, b retrieval.Neighbor) int { return cmp.Compare(b.Cosine, a.Cosine) })
	return out[:min(len(out), limit)], cmp.Or(s.fault, ctx.Err())
}

func TestSearchingStore(t *testing.T) {
	retrievaltest.RunVectorStore(t, func(t *testing.T) retrieval.VectorStore {
		return searching{MemoryStore: retrieval.NewMemoryStore()}
	})
}

// counted is an embedder that counts the texts.
type counted struct {
	topics
	texts *int
}

func (c counted) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	*c.texts += len(texts)
	return c.topics.EmbedDocuments(ctx, texts)
}

func TestAStoreMaySearchVectorsItself(t *testing.T) {
	secret := article("secret", "Refund money policy", "", "Refund money only to friends.")
	secret.Audience = "staff"
	docs := append(shop(), secret)
	texts := 0
	store := searching{MemoryStore: retrieval.NewMemoryStore()}
	cfg := retrieval.Config{Store: store, Embedder: counted{texts: &texts}}
	k := newKnowledge(t, cfg, docs...)
	here := newKnowledge(t, retrieval.Config{Embedder: topics{}}, docs...)
	for _, again := range []*retrieval.Knowledge{k, newKnowledge(t, cfg)} {
		for _, q := range []retrieval.Query{
			{Text: "money"}, {Text: "when do I see my money again"}, {Text: "start a return"},
			{Text: "money", Audiences: []string{"staff"}, Limit: 50},
		} {
			want, got := retrieve(t, here, q), retrieve(t, again, q)
			require.NoError(t, got.Degraded)
			require.Equal(t, documents(want.Hits), documents(got.Hits), "a store finds what memory would: %s", q.Text)
		}
	}
	before := texts
	require.NoError(t, k.Add(t.Context(), docs...))
	require.Equal(t, before, texts, "what has not changed is not embedded again")
}

func TestASearchDoesWithoutAStoreThatFails(t *testing.T) {
	down := errors.New("down")
	k := newKnowledge(t, retrieval.Config{Store: searching{retrieval.NewMemoryStore(), down}, Embedder: topics{}}, shop()...)
	res := retrieve(t, k, retrieval.Query{Text: "how do I start a return"})
	require.ErrorIs(t, res.Degraded, down)
	require.Equal(t, "returns", res.Hits[0].Document)
}

// late is a store that finds what is no longer there.
type late struct{ searching }

func (late) Nearest(context.Context, []float32, []string, int) ([]retrieval.Neighbor, error) {
	return []retrieval.Neighbor{{Document: "gone", ID: "x", Cosine: 1}, {Document: "secret", ID: "x", Cosine: 1}, {Document: "returns", ID: "x", Cosine: 1}}, nil
}

func TestNeighborsThatAreNotThere(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{Store: late{searching{MemoryStore: retrieval.NewMemoryStore()}}, Embedder: topics{}}, shop()...)
	require.Empty(t, retrieve(t, k, retrieval.Query{Text: "money"}).Hits)
}
