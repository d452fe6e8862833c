package retrieval

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxSpans is how many sentences a hit points out.
const maxSpans = 3

// A marker finds the words of a question in the sentences of passages. It reads
// each passage once.
type marker struct {
	*analyzer
	language *language
	numbers  map[string]int // of the question's stems
	weights  []float64      // by number
	starts   [32][]uint32   // letters of the stems, by the last bits of their first
	met      map[string]int // numbers by word, -1 for a word of no such stem
	read     map[uint32][]match
	tokens   []string // scratch
}

// A match is a sentence with what it has of a question.
type match struct {
	Span
	words int
	stems []int // numbers of those that the question has
}

// newMarker returns a marker for the words of a question.
func newMarker(q *question, a *analyzer) *marker {
	m := &marker{
		analyzer: a, language: q.language, numbers: make(map[string]int),
		met: make(map[string]int), read: make(map[uint32][]match),
	}
	for i := range q.terms {
		m.add(&q.terms[i])
		for j := range q.terms[i].alike {
			m.add(&q.terms[i].alike[j])
		}
	}
	return m
}

// add makes sentences with the term match.
func (m *marker) add(t *term) {
	n, ok := m.numbers[t.text]
	if !ok {
		n = len(m.weights)
		m.numbers[t.text] = n
		m.weights = append(m.weights, 0)
		first, _ := utf8.DecodeRuneInString(t.text)
		m.starts[first&31] = append(m.starts[first&31], letters(t.text))
	}
	m.weights[n] = max(m.weights[n], t.idf*t.weight)
}

// spans returns the sentences of a passage that match, best first.
func (m *marker) spans(passage uint32, text string) []Span {
	found := slices.Clone(m.sentences(passage, text))
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score(m.weights), a.score(m.weights)) })
	var out []Span
	for _, s := range found[:min(len(found), maxSpans)] {
		if s.score(m.weights) > 0 {
			out = append(out, s.Span)
		}
	}
	return out
}

// sentences returns the sentences of a passage.
func (m *marker) sentences(passage uint32, text string) []match {
	found, ok := m.read[passage]
	if !ok {
		parts := Sentences(text)
		found = make([]match, len(parts))
		for i, s := range parts {
			found[i] = m.match(s, text[s.Start:s.End])
		}
		m.read[passage] = found
	}
	return found
}

// match finds the question's words in a sentence.
func (m *marker) match(s Span, sentence string) match {
	out := match{Span: s}
	for i := 0; i < len(sentence); {
		if asciiGram[sentence[i]] == ' ' {
			i++
			continue
		}
		if end := plainEnd(sentence, i); end > i {
			out.words++
			m.meet(&out, sentence[i:end])
			i = end
			continue
		}
		m.tokens, i = appendOther(m.tokens[:0], sentence, i)
		out.words += len(m.tokens)
		for _, t := range m.tokens {
			m.meet(&out, t)
		}
	}
	return out
}

// meet adds a word's stem to a match if it is one of the question's.
func (m *marker) meet(s *match, word string) {
	if !m.mayMatch(word) {
		return
	}
	word = clip(strings.ToLower(word))
	n, ok := m.met[word]
	if !ok {
		if n, ok = m.numbers[m.term(word, m.language)]; !ok {
			n = -1
		}
		m.met[word] = n
	}
	if n >= 0 && !slices.Contains(s.stems, n) {
		s.stems = append(s.stems, n)
	}
}

// mayMatch reports whether a word may have a stem of the question, which spares
// most words the stemming: a stem keeps the first letter of its word and, in
// plain ones, has two letters at most that the word has not.
func (m *marker) mayMatch(word string) bool {
	if !ascii(word) {
		first, _ := utf8.DecodeRuneInString(word)
		return m.starts[gramRune(first)&31] != nil || m.starts[first&31] != nil
	}
	stems := m.starts[word[0]&31]
	if len(stems) == 0 {
		return false
	}
	set := letters(word)
	for _, stem := range stems {
		if bits.OnesCount32(stem&^set) <= 2 {
			return true
		}
	}
	return false
}

// score is the weight of the question's words in a sentence, once each, a
// little less in a long one.
func (s *match) score(weights []float64) float64 {
	sum := 0.0
	for _, n := range s.stems {
		sum += weights[n]
	}
	return sum / (1 + float64(s.words)/40)
}
