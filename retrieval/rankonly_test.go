package retrieval_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// TestRankOnlyIsTheSameOrder asks questions of every kind with and without what
// is read from the hits.
func TestRankOnlyIsTheSameOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	words := strings.Fields("refund parcel order late card password how long does it take 14 days when cost invoice the of shiping retrun")
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		return b.String()
	}
	docs := shop()
	for i := range 300 {
		d := article(fmt.Sprint("made-up-", i), text(3), "", text(10+r.IntN(40)), text(3), text(20))
		d.Curated = i%50 == 0
		docs = append(docs, d)
	}
	for _, cfg := range []retrieval.Config{{}, {WordsOnly: true}, {Embedder: retrieval.HashEmbedder{}}, {Reranker: retrieval.RerankerFunc(backwards)}} {
		k := newKnowledge(t, cfg, docs...)
		for range 50 {
			q := retrieval.Query{Text: text(1 + r.IntN(9)), Limit: 1 + r.IntN(30)}
			if r.IntN(3) == 0 {
				q.Before = []string{text(6)}
			}
			full := retrieve(t, k, q)
			q.RankOnly = true
			alone := retrieve(t, k, q)
			require.Zero(t, alone.Answerable)
			require.Empty(t, alone.Signals)
			for i := range full.Hits {
				full.Hits[i].Spans = nil
			}
			require.Equal(t, full.Hits, alone.Hits, q.Text)
		}
	}
}
