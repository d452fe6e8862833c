package retrieval

import (
	"cmp"
	"slices"
)

// The weights of the ranking. They were chosen on public question sets in six
// languages, one value for all of them.
const (
	k1, b        = 1.2, 0.75 // BM25's own
	titleWeight  = 0.5       // of the title field beside the whole
	gramWeight   = 0.5       // of the n-grams beside the words
	gramWeightEN = 0.4       // English inflects and compounds less
	rescored     = 60        // candidates at least that n-grams are scored for
	reordered    = 20        // candidates at least where words alone rank
)

// A candidate is a passage with the parts of its score.
type candidate struct {
	passage   uint32
	words     float64
	gramShare float64 // n-gram score by the most possible
	vector    float64 // cosine
	score     float64
}

// rank returns up to limit candidates for a question, best first. The vector
// may be nil; otherwise as many again may be found by it alone.
func (v *view) rank(q *question, vector []float32, limit int) []candidate {
	found := v.words(q, limit)
	if vector != nil {
		found = v.nearest(found, vector, limit)
	}
	v.fuse(q, found, vector != nil)
	v.prefer(q, found)
	return found
}

// considered is how many candidates a search looks at, at least: those that
// what is read of them may bring to the front.
func (v *view) considered() int {
	if v.wordsOnly {
		return reordered
	}
	return rescored
}

// words returns the passages that share words with the question, those with
// the best scores up to the limit, best first.
func (v *view) words(q *question, limit int) []candidate {
	var parts []part
	add := func(t *term, count float64) {
		for _, l := range t.lists {
			parts = append(parts, v.part(l, t, count))
		}
	}
	for i := range q.terms {
		t := &q.terms[i]
		add(t, t.count)
		for j := range t.alike {
			add(&t.alike[j], t.count)
		}
	}
	var found []candidate
	for _, n := range v.foremost(parts, limit+len(v.hidden)) {
		if !v.hides(n) {
			words := v.wordScore(q, n)
			found = append(found, candidate{passage: n, words: words, score: words})
		}
	}
	v.byScore(found)
	return found[:min(len(found), limit)]
}

// foremost returns the passages that may be among the best by words, in order:
// so many at least, if there are. Lists are summed up from the weightiest on,
// until what the others can add would bring in no passage that is not among the
// best already. Those are the long ones, and most of the work: from then on they
// are only looked up for the passages left.
func (v *view) foremost(parts []part, enough int) []uint32 {
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.bound, a.bound) })
	s := v.takeScores()
	defer v.giveScores(s)
	var most, rest, floor float32 // that the lists so far, and the others, can add, and that the best have
	for i := range parts {
		rest += parts[i].bound
	}
	var left []uint32
	for i := range parts {
		p := &parts[i]
		// To look for those left takes as long as some postings.
		if left == nil && most > rest && len(p.postings) > 2*len(s.best) {
			if floor = s.floor(enough); floor > rest {
				left = s.above(floor-rest, len(p.postings)/lookup)
			}
		}
		switch {
		case left == nil:
			s.add(p, v.sizes)
		case len(left) <= enough:
			return left
		default:
			left = slices.DeleteFunc(left, func(n uint32) bool { return s.sums[n] < floor-rest })
			s.addTo(left, p, v.sizes)
		}
		most, rest = most+p.bound, rest-p.bound
	}
	return s.top(enough)
}

// lookup is how many postings are summed up in a row in the time that it takes
// to look one up.
const lookup = 10

// wordScore is what the words of a question give a passage.
func (v *view) wordScore(q *question, n uint32) float64 {
	sum := 0.0
	for i := range q.terms {
		t := &q.terms[i]
		sum += v.worth(t, t.count, n)
		for j := range t.alike {
			sum += v.worth(&t.alike[j], t.count, n)
		}
	}
	return sum
}

// worth is what a term adds for a passage.
func (v *view) worth(t *term, count float64, n uint32) float64 {
	at, ok := t.at(n)
	if !ok {
		return 0
	}
	size := &v.sizes[n]
	s := t.idf * saturate(float64(at.all()), float64(size.words), v.mean(v.total.length))
	if at.title() > 0 {
		s += titleWeight * t.titleIDF * saturate(float64(at.title()), float64(size.title), v.mean(v.total.title))
	}
	return count * t.weight * s
}

// saturate is BM25's share of a term that occurs tf times in a text.
func saturate(tf, length, mean float64) float64 {
	return tf * (k1 + 1) / (tf + k1*(1-b+b*length/mean))
}

// fuse scores the candidates' n-grams and sums the parts, each relative to the
// best of its kind, so that they weigh alike on any content.
func (v *view) fuse(q *question, found []candidate, vectors bool) {
	w := v.scoreGrams(q, found)
	var bestWords, bestGrams, bestVector float64
	least := 1.0
	for i := range found {
		c := &found[i]
		bestWords, bestGrams = max(bestWords, c.words), max(bestGrams, c.gramShare)
		bestVector, least = max(bestVector, c.vector), min(least, c.vector)
	}
	for i := range found {
		c := &found[i]
		c.score = (1-w)*share(c.words, bestWords) + w*share(c.gramShare, bestGrams)
		if vectors {
			c.score = (1-v.vectorWeight)*c.score + v.vectorWeight*share(c.vector-least, bestVector-least)
		}
	}
}

// scoreGrams scores the candidates' n-grams and returns what they weigh beside
// the words.
func (v *view) scoreGrams(q *question, found []candidate) float64 {
	if v.wordsOnly {
		return 0
	}
	grams := v.gramQuery(q.focus)
	for i := range found {
		c := &found[i]
		c.gramShare, _ = grams.score(&v.entries[c.passage])
	}
	if q.language.tag == "en" {
		return gramWeightEN
	}
	return gramWeight
}

// share is x/of, and zero where there is nothing to share.
func share(x, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return x / of
}

// byScore orders candidates by descending score, equal ones by their passage's
// ID, so that the order does not depend on what else there is.
func (v *view) byScore(found []candidate) {
	slices.SortFunc(found, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return cmp.Compare(v.entries[a.passage].id, v.entries[b.passage].id)
	})
}
