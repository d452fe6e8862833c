package retrieval

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// maxSpans is how many sentences a hit points out.
const maxSpans = 3

// A marker finds the sentences that match a question.
type marker struct {
	language *language
	weights  map[string]float64 // by stem
	starts   map[rune]bool      // first letters of the stems
	stems    map[string]string  // of the words met so far
}

// newMarker returns a marker for the words of a question.
func newMarker(q *question) *marker {
	m := &marker{q.language, make(map[string]float64), make(map[rune]bool), make(map[string]string)}
	for _, t := range q.terms {
		m.add(t)
		for _, other := range t.alike {
			m.add(other)
		}
	}
	return m
}

// add makes sentences with the term match.
func (m *marker) add(t term) {
	m.weights[t.text] = max(m.weights[t.text], t.idf*t.weight)
	first, _ := utf8.DecodeRuneInString(t.text)
	m.starts[first] = true
}

// spans returns the sentences of a text that match, best first.
func (m *marker) spans(text string) []Span {
	type match struct {
		span  Span
		score float64
	}
	var found []match
	for _, s := range Sentences(text) {
		if score := m.score(text[s.Start:s.End]); score > 0 {
			found = append(found, match{s, score})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var out []Span
	for _, f := range found[:min(len(found), maxSpans)] {
		out = append(out, f.span)
	}
	return out
}

// score is the weight of the question's words in a sentence, once each, a
// little less in a long one.
func (m *marker) score(sentence string) float64 {
	words, sum := tokenize(sentence), 0.0
	var seen []string
	for _, w := range words {
		// A stem keeps the first letter of its word, so most need no stemming.
		first, _ := utf8.DecodeRuneInString(w)
		if !m.starts[gramRune(first)] && !m.starts[first] {
			continue
		}
		if t := m.stem(w); m.weights[t] > 0 && !slices.Contains(seen, t) {
			seen = append(seen, t)
			sum += m.weights[t]
		}
	}
	return sum / (1 + float64(len(words))/40)
}

// stem returns the stem of a word. Passages that match a question repeat words.
func (m *marker) stem(word string) string {
	s, ok := m.stems[word]
	if !ok {
		s = m.language.term(word)
		m.stems[word] = s
	}
	return s
}
