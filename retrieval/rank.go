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
	vectorWeight = 0.5       // of the vectors beside the two
	rescored     = 60        // candidates at least that n-grams are scored for
)

// A candidate is a passage with the parts of its score.
type candidate struct {
	passage   uint32
	words     float64
	gramShare float64 // n-gram score by the most possible
	gramCover float64 // share of the question's n-grams
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

// words returns the passages that share words with the question, those with
// the best scores up to the limit.
func (v *view) words(q *question, limit int) []candidate {
	scores := make([]float32, len(v.entries))
	mean, meanTitle := v.mean(v.total.length), v.mean(v.total.title)
	var found []candidate
	add := func(t *term, count float64) {
		for _, p := range t.list {
			if !v.sees(p.passage) {
				continue
			}
			e := &v.entries[p.passage]
			s := t.idf * saturate(float64(p.all), float64(e.length), mean)
			if p.title > 0 {
				s += titleWeight * t.titleIDF * saturate(float64(p.title), float64(e.title), meanTitle)
			}
			if scores[p.passage] == 0 {
				found = append(found, candidate{passage: p.passage})
			}
			scores[p.passage] += float32(count * t.weight * s)
		}
	}
	for i := range q.terms {
		t := &q.terms[i]
		add(t, t.count)
		for j := range t.alike {
			add(&t.alike[j], t.count)
		}
	}
	for i := range found {
		found[i].words = float64(scores[found[i].passage])
	}
	found = foremost(found, limit)
	v.sort(found, func(c *candidate) float64 { return c.words })
	return found[:min(len(found), limit)]
}

// foremost drops most of what is not among the best by words, without sorting:
// it counts scores in bins, and keeps the highest bins that hold enough.
func foremost(found []candidate, enough int) []candidate {
	best := 0.0
	for _, c := range found {
		best = max(best, c.words)
	}
	var bins [256]int
	bin := func(c candidate) int { return int(share(c.words, best) * 255) }
	for _, c := range found {
		bins[bin(c)]++
	}
	least := len(bins)
	for n := 0; n < enough && least > 0; {
		least--
		n += bins[least]
	}
	return slices.DeleteFunc(found, func(c candidate) bool { return bin(c) < least })
}

// saturate is BM25's share of a term that occurs tf times in a text.
func saturate(tf, length, mean float64) float64 {
	return tf * (k1 + 1) / (tf + k1*(1-b+b*length/mean))
}

// fuse scores the candidates' n-grams and sums the parts, each relative to the
// best of its kind, so that they weigh alike on any content.
func (v *view) fuse(q *question, found []candidate, vectors bool) {
	grams := v.gramQuery(q.focus)
	var bestWords, bestGrams, bestVector float64
	least := 1.0
	for i := range found {
		c := &found[i]
		c.gramShare, c.gramCover = grams.score(&v.entries[c.passage])
		bestWords, bestGrams = max(bestWords, c.words), max(bestGrams, c.gramShare)
		bestVector, least = max(bestVector, c.vector), min(least, c.vector)
	}
	w := gramWeight
	if q.language.tag == "en" {
		w = gramWeightEN
	}
	for i := range found {
		c := &found[i]
		c.score = (1-w)*share(c.words, bestWords) + w*share(c.gramShare, bestGrams)
		if vectors {
			c.score = (1-vectorWeight)*c.score + vectorWeight*share(c.vector-least, bestVector-least)
		}
	}
}

// share is x/of, and zero where there is nothing to share.
func share(x, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return x / of
}

// byScore orders candidates by their score.
func (v *view) byScore(found []candidate) {
	v.sort(found, func(c *candidate) float64 { return c.score })
}

// sort orders candidates by descending score, equal ones by their passage's ID,
// so that the order does not depend on what else there is.
func (v *view) sort(cs []candidate, score func(*candidate) float64) {
	slices.SortFunc(cs, func(a, b candidate) int {
		if c := cmp.Compare(score(&b), score(&a)); c != 0 {
			return c
		}
		return cmp.Compare(v.entries[a.passage].passage.ID, v.entries[b.passage].passage.ID)
	})
}
