package retrieval

import "slices"

// What speaks for a passage that was written as the answer to its title.
const (
	curatedBonus = 0.05 // of one that matches as well as another
	sameQuestion = 3.0  // of one whose title asks what the question asks, which puts it first
	likeness     = 0.6  // of title and question from which it counts
	identity     = 0.9  // from which it counts in full
)

// preferCurated raises curated passages: a little where others match as well,
// and above all others as their title comes near to saying what the question
// says. One that merely shares words stays where it is.
func (v *view) preferCurated(q *question, text string, found []candidate) {
	for i := range found {
		c := &found[i]
		p := v.entries[c.passage].passage()
		if !p.Curated {
			continue
		}
		same := max(q.language.alikeWords(text, p.Title), alikeGrams(text, p.Title))
		same = min(1, max(0, same-likeness)/(identity-likeness))
		c.score = c.score*(1+curatedBonus) + sameQuestion*same
	}
	v.byScore(found)
}

// alikeWords is how alike two texts are by their words: the share that both
// have, where words of asking count little and stop words nothing unless there
// are no others.
func (l *language) alikeWords(a, b string) float64 {
	x, y := l.meaning(a), l.meaning(b)
	both, all := 0.0, 0.0
	for w, weight := range x {
		all += weight
		both += min(weight, y[w])
	}
	for _, weight := range y {
		all += weight
	}
	return share(2*both, all)
}

// meaning returns the stems of a text and what each counts.
func (l *language) meaning(text string) map[string]float64 {
	tokens, out := tokenize(text), make(map[string]float64)
	for _, t := range tokens {
		if s := l.term(t); s != "" {
			out[s] = 1
			if l.asking[t] {
				out[s] = askingWeight
			}
		}
	}
	if len(out) == 0 {
		for _, t := range tokens {
			out[t] = 1
		}
	}
	return out
}

// alikeGrams is how alike two texts are by their character n-grams, which forgives
// misspellings.
func alikeGrams(a, b string) float64 {
	x := distinct(appendGrams(nil, a))
	y := distinct(appendGrams(nil, b))
	both := 0
	for _, g := range x {
		if _, ok := slices.BinarySearch(y, g); ok {
			both++
		}
	}
	return share(2*float64(both), float64(len(x)+len(y)))
}
