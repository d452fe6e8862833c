package retrieval

import (
	"math"
	"slices"
	"strings"
)

// A question is a query prepared against a view.
type question struct {
	focus        string // the words that are neither stop words nor for asking
	spelled      string // all words, with those that are misspelled put right
	spelledFocus string
	language     *language
	terms        []term
	best         float64 // the most that the words can score
	wanted       kind    // of answer
	denies       bool    // whether it holds a word that denies
	mark         *marker
}

// A term is a word of the question, as a stem.
type term struct {
	text     string
	count    float64
	weight   float64 // 1, less when the word was corrected
	asking   bool    // a word of asking, which content need not have
	lists    []*list // of the shards that are seen
	df       int     // visible passages with the very word
	titles   int     // those that have it in their title or path
	idf      float64
	titleIDF float64
	alike    []term // words of like meaning, which content may have instead
}

// Bounds of the work that a question makes.
const (
	maxTerms     = 128
	maxCorrected = 16
)

// question prepares a text. Of a very long one only the first words count.
func (v *view) question(text string, otherwise *language) *question {
	tokens := tokenize(text)
	q := &question{language: v.language(tokens, otherwise)}
	q.wanted = q.language.wants.asked(tokens)
	q.denies = q.language.denies(text)
	phrased := q.language.phrases(tokens)
	spelled := slices.Clone(tokens)
	at, corrected := make(map[string]int), 0
	a := v.takeAnalyzer()
	for i, t := range tokens {
		s := a.term(t, q.language)
		if s == "" {
			continue
		}
		if !q.language.asking[t] {
			q.focus += t + " "
		}
		if n, ok := at[s]; ok {
			q.terms[n].count++
			continue
		}
		if len(q.terms) == maxTerms {
			break
		}
		at[s] = len(q.terms)
		w := v.lookup(s)
		if w.df == 0 && corrected < maxCorrected {
			corrected++
			if parts := v.parts(q.language, t); parts != nil {
				q.add(parts...)
				continue
			}
			if w = v.respelled(w); w.df > 0 {
				spelled[i] = w.text
			}
		}
		if n := phrased[i]; n > 1 {
			w.idf, w.titleIDF = w.idf/float64(n), w.titleIDF/float64(n)
		}
		w.asking = q.language.asking[t]
		w.alike = v.alike(q.language, tokens, i)
		if c, ok := v.joined(q.language, tokens, i); ok {
			w.alike = append(w.alike, c)
		}
		q.add(w)
	}
	q.spelled = strings.Join(spelled, " ")
	q.spelledFocus = q.focus
	if !slices.Equal(spelled, tokens) {
		q.spelledFocus = strings.Join(slices.DeleteFunc(spelled, func(t string) bool { return q.language.stop[t] || q.language.asking[t] }), " ")
	}
	q.mark = newMarker(q, a)
	return q
}

// add adds terms that the question does not have yet.
func (q *question) add(terms ...term) {
	for _, t := range terms {
		q.terms = append(q.terms, t)
		q.best += t.idf * (k1 + 1)
	}
}

// alike returns the words of like meaning for the token at i, or for the phrase
// that starts there.
func (v *view) alike(l *language, tokens []string, i int) []term {
	others := l.alike[tokens[i]]
	for j := i + 1; j < min(i+4, len(tokens)); j++ {
		others = append(others[:len(others):len(others)], l.alike[tokens[i]+" "+tokens[j]]...)
	}
	var out []term
	for _, w := range others {
		s := l.term(w)
		same := func(t string) bool { return l.term(t) == s }
		if s == "" || slices.ContainsFunc(tokens, same) {
			continue
		}
		if t := v.lookup(s); t.df > 0 {
			t.weight = alikeWeight
			out = append(out, t)
		}
	}
	return out
}

// phrases returns for the place of each word of a phrase that has words of like
// meaning how many there are, stop words aside: "turn off" says one thing.
func (l *language) phrases(tokens []string) map[int]int {
	found := make(map[int]int)
	for i := range tokens {
		for j := i + 1; j < min(i+4, len(tokens)); j++ {
			if l.alike[tokens[i]+" "+tokens[j]] != nil && !l.stop[tokens[i]] && !l.stop[tokens[j]] {
				found[i], found[j] = 2, 2
			}
		}
	}
	return found
}

// language tells the language of a question among those of the content, the
// more of which is in a language the likelier.
func (v *view) language(tokens []string, otherwise *language) *language {
	best, most := otherwise, 0.0
	for _, l := range append([]*language{&unknown}, languages...) {
		n := v.total.languages[l]
		if n == 0 {
			continue
		}
		s := v.mean(n)
		for _, t := range tokens {
			if l.stop[t] {
				s++
			}
		}
		if s > most {
			best, most = l, s
		}
	}
	return best
}

// respelled returns the known term of nearly the same letters as an unknown
// one, or t itself.
func (v *view) respelled(t term) term {
	near, ok := v.correct(t.text)
	if !ok {
		return t
	}
	known := v.lookup(near)
	known.weight = correctedWeight
	return known
}

// lookup finds a stem's lists and counts the passages of them that are seen.
func (v *view) lookup(text string) term {
	t := term{text: text, count: 1, weight: 1, lists: v.lists(text)}
	df, titles := v.count(t.lists)
	t.df, t.titles = df, titles
	t.idf, t.titleIDF = idf(v.total.passages, df), idf(v.total.passages, titles)
	return t
}

// idf is the weight of a term that df of n passages have.
func idf(n, df int) float64 {
	return math.Log(1 + (float64(n-df)+.5)/(float64(df)+.5))
}
