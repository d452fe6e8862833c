package main

import (
	"context"

	"github.com/frontdesk-go/frontdesk/examples/internal/models"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A fusion is what vectors add to the ranking at several weights.
type fusion struct {
	Embedder string    `json:"embedder"`
	Weights  []weighed `json:"weights"`
	// Best is the weight with the highest nDCG@10, zero if none adds anything.
	Best float64 `json:"best"`
	// Gain is what the weight that is best for one half of the questions adds to
	// the nDCG@10 of the other half: what is to be expected of questions that it was
	// not chosen on.
	Gain float64 `json:"gain"`
}

// A weighed ranking is one with a Config.VectorWeight, zero for none.
type weighed struct {
	Weight float64 `json:"weight"`
	NDCG10 float64 `json:"ndcg_at_10"`
}

// vectorWeights are those that are tried.
var vectorWeights = []float64{0, .05, .1, .2, .3, .4, .5, .6, .7, .8}

// weighVectors ranks the documents of all judged questions with the embedder's
// vectors. They are embedded once.
func (m *measurement) weighVectors(ctx context.Context, documents []retrieval.Document) (*fusion, error) {
	embedder, err := models.Embedder(m.options.embedder)
	if err != nil {
		return nil, err
	}
	cfg := retrieval.Config{Store: retrieval.NewMemoryStore(), Embedder: embedder}
	base, err := retrieval.New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := m.addTo(ctx, base, documents); err != nil {
		return nil, err
	}
	gains := make([][]float64, len(vectorWeights)) // by weight and question
	for i, w := range vectorWeights {
		base := m.base
		if cfg.VectorWeight = w; w > 0 {
			if base, err = retrieval.New(ctx, cfg); err != nil {
				return nil, err
			}
		}
		m.log.begin()
		for n, q := range m.questions {
			ranked, err := ranking(ctx, base, q.text)
			if err != nil {
				return nil, err
			}
			gains[i] = append(gains[i], ndcg(ranked, q.relevant, 10))
			m.log.progress("questions asked with vectors", n+1, len(m.questions))
		}
	}
	return newFusion(m.options.embedder, gains), nil
}

// newFusion sums up the nDCG@10 of questions by weight.
func newFusion(embedder string, gains [][]float64) *fusion {
	f := &fusion{Embedder: embedder}
	for i, w := range vectorWeights {
		f.Weights = append(f.Weights, weighed{w, mean(gains[i])})
	}
	f.Best = vectorWeights[best(gains, func(int) bool { return true })]
	var added []float64
	for half := range 2 {
		chosen := best(gains, func(n int) bool { return n%2 == half })
		for n := range gains[0] {
			if n%2 != half {
				added = append(added, gains[chosen][n]-gains[0][n])
			}
		}
	}
	f.Gain = mean(added)
	return f
}

// best returns the first weight with the most gain over some of the questions.
func best(gains [][]float64, of func(question int) bool) int {
	chosen, most := 0, 0.0
	for i := range gains {
		sum := 0.0
		for n, g := range gains[i] {
			if of(n) {
				sum += g
			}
		}
		if sum > most {
			chosen, most = i, sum
		}
	}
	return chosen
}

// print adds the rows of a fusion, and none for nil.
func (f *fusion) print(row func(name, format string, args ...any)) {
	if f == nil {
		return
	}
	for _, w := range f.Weights {
		row("nDCG@10, vectors by "+f.Embedder, "%.4f with a weight of %.2f", w.NDCG10, w.Weight)
	}
	row("weight of vectors", "%.2f is best; chosen on either half it adds %+.4f to the other", f.Best, f.Gain)
}
