package retrieval

import "sort"

// The signals that tell whether content answers a question. None depends on
// the scale of scores, so that weights carry over between contents. Those of a
// passage are of the first, since that is what will be quoted.
const (
	bias      = iota // always 1
	coverage         // share of the question's words, by weight, in the passage
	wordScore        // word score by the most that the question could score
	gramCover        // share of the question's n-grams, by weight, in the passage
	strange          // share of the question's words that the content never uses
	brevity          // 1/(1+words of the question)
	unmet            // 1 if the passage lacks the kind of thing asked for
	featureCount
)

type features [featureCount]float64

// leastPassages is the size that a small base is taken for when words are
// weighed, as a word that it lacks says little there.
const leastPassages = 100

// features returns the signals for a question and its ranked candidates.
func (v *view) features(q *question, ranked []candidate) features {
	f := features{bias: 1, brevity: 1 / float64(1+len(q.terms)), strange: 1}
	if len(q.terms) == 0 || len(ranked) == 0 {
		return f
	}
	weights, total, unknown := v.weights(q)
	first, found := &ranked[0], 0.0
	for i := range q.terms {
		found += weights[i] * q.terms[i].in(first.passage)
	}
	f[coverage] = found / total
	f[wordScore] = share(first.words, q.best)
	f[gramCover] = first.gramCover
	f[strange] = unknown
	if q.wanted != anything && q.gives(&v.entries[first.passage].passage, newMarker(q)) == 0 {
		f[unmet] = 1
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
		case t.df == 0 && len(t.alike) > 0:
			lacking += share * (1 - alikeWeight)
		case t.df == 0:
			lacking += share
		case t.weight < 1:
			lacking += share * (1 - t.weight)
		}
	}
	return weights, total, lacking / of
}

// in is what a passage has of a term: its weight, that of a word of like
// meaning, or zero.
func (t *term) in(passage uint32) float64 {
	if _, ok := t.at(passage); ok {
		return t.weight
	}
	for i := range t.alike {
		if _, ok := t.alike[i].at(passage); ok {
			return t.alike[i].weight
		}
	}
	return 0
}

// at returns the term's posting of a passage. Lists are in order.
func (t *term) at(passage uint32) (posting, bool) {
	i := sort.Search(len(t.list), func(i int) bool { return t.list[i].passage >= passage })
	if i == len(t.list) || t.list[i].passage != passage {
		return posting{}, false
	}
	return t.list[i], true
}
