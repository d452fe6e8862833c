package retrieval

import (
	"math"
	"sort"
)

// The signals that tell whether content answers a question. None depends on
// the scale of scores, so that weights carry over between contents. Those of
// passages are the best among the first few.
const (
	bias      = iota // always 1
	coverage         // share of the question's words, by weight, in a passage
	wordScore        // word score by the most that the question could score
	gramScore        // n-gram score by the most that the question could score
	gramCover        // share of the question's n-grams, by weight, in a passage
	evidence         // weight of the words found in a passage, in rare words
	strange          // share of the question's words that the content never uses
	brevity          // 1/(1+words of the question)
	featureCount
)

type features [featureCount]float64

// leastPassages is the size that a small base is taken for when words are
// weighed, as a word that it lacks says little there.
const leastPassages = 100

// lookedAt is how many of the best passages the signals are taken from.
const lookedAt = 5

// features returns the signals for a question and its ranked candidates.
func (v *view) features(q *question, ranked []candidate) features {
	f := features{bias: 1, brevity: 1 / float64(1+len(q.terms)), strange: 1}
	if len(q.terms) == 0 || len(ranked) == 0 {
		return f
	}
	weights, total, unknown := v.weights(q)
	rare := idf(max(v.total.passages, leastPassages), 1)
	f[strange] = unknown
	for _, c := range ranked[:min(lookedAt, len(ranked))] {
		found := 0.0
		for i, t := range q.terms {
			if t.in(c.passage) {
				found += weights[i] * t.weight
			}
		}
		f[coverage] = max(f[coverage], found/total)
		f[evidence] = max(f[evidence], math.Log1p(found/rare))
		f[wordScore] = max(f[wordScore], share(c.words, q.best))
		f[gramScore] = max(f[gramScore], c.gramShare)
		f[gramCover] = max(f[gramCover], c.gramCover)
	}
	return f
}

// askingWeight is what a word of asking counts, next to 1.
const askingWeight = 0.25

// weights returns the weight of every term of the question, their sum, and the
// share of it that the content never uses.
func (v *view) weights(q *question) (weights []float64, total, unknown float64) {
	n := max(v.total.passages, leastPassages)
	lacking, of := 0.0, 0.0
	for _, t := range q.terms {
		w, share := idf(n, t.df), 1.0
		if t.asking {
			share = askingWeight
		}
		weights = append(weights, share*w)
		total += share * w
		of += share
		switch {
		case t.df == 0:
			lacking += share
		case t.weight < 1:
			lacking += share * (1 - t.weight)
		}
	}
	return weights, total, lacking / of
}

// in reports whether a passage has the term. Lists are in order.
func (t *term) in(passage uint32) bool {
	i := sort.Search(len(t.list), func(i int) bool { return t.list[i].passage >= passage })
	return i < len(t.list) && t.list[i].passage == passage
}
