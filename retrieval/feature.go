package retrieval

// The signals that tell whether content answers a question. None depends on
// the scale of scores, so that weights carry over between contents. The first
// three after bias are of how a question is put, and have no weight: they tell one
// set of questions from another, and nothing of the content. They are there for
// fits to questions of one set. Those above
// the line are of the question, the others of one passage.
const (
	bias      = iota // always 1
	extent           // logarithm of the number of the question's words
	rarity           // mean weight of its words by the most that a word can have
	asking           // share of its words that only ask
	strange          // share of its words that the content never uses
	topic            // share of its words, by weight, in the other passages found, on average
	elsewhere        // the most of them in one of those
	anywhere         // the most of them in one sentence of the first passages

	coverage  // share of its words, by weight, in the passage
	matched   // weight of those by that of two of the rarest words, at most 1
	wordScore // word score by the most that the question could score
	lead      // word score above that of any other document, by the most for a word
	gramLead  // n-gram score above that of any other document
	sentence  // share of its words, by weight, in one sentence, less in a long one
	nearby    // share of its n-grams, by weight, in two sentences on end
	phrases   // share of its runs of seven characters in the passage
	nameless  // share of its words, by weight, that are names and not in the passage
	size      // length of the passage next to that of others, from 0 to 1
	unmet     // 1 if the passage lacks the kind of thing asked for
	lost      // share of its words, by weight, not in the passage but in one of the others
	akin      // share of its words, by weight, of which the passage only has one that begins alike
	featureCount
)

type features [featureCount]float64

// times returns the weighted sum.
func (f *features) times(weights *features) float64 {
	sum := 0.0
	for i, w := range weights {
		sum += w * f[i]
	}
	return sum
}

// Bounds of what is looked at.
const (
	// leastPassages is the size that a small base is taken for when words are
	// weighed, as a word that it lacks says little there.
	leastPassages = 100
	read          = 3  // best passages that may hold the answer
	compared      = 10 // passages that tell what words the topic has
)

// features returns the signals for a question and its ranked candidates, of
// which the first is the passage that is to answer.
func (v *view) features(q *question, text string, ranked []candidate) features {
	if len(q.terms) == 0 || len(ranked) == 0 {
		return features{bias: 1, strange: 1}
	}
	return v.evidence(q, text, ranked).features()
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

// at returns the term's posting of a passage.
func (t *term) at(passage uint32) (posting, bool) {
	for _, l := range t.lists {
		if p, ok := l.at(passage); ok {
			return p, true
		}
	}
	return 0, false
}
