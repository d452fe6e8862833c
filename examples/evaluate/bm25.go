package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// BM25's usual parameters.
const k1, b = 1.2, 0.75

// A plain index ranks by BM25 over stems alone: what the retrieval is compared
// with. Title and text are one field, and stop words are dropped where the
// stemmer knows them; elsewhere they weigh next to nothing.
type plain struct {
	language *language
	ids      []string
	postings map[string][]posting // by stem
	lengths  []float64            // in words
	mean     float64              // of the lengths
}

// A posting is how often a document has a word.
type posting struct {
	document int
	count    float64
}

// newPlain indexes documents, which are taken to be in one language.
func newPlain(documents []retrieval.Document) *plain {
	texts := make([][]string, len(documents))
	for i, d := range documents {
		texts[i] = split(d.Title + " " + d.Sections[0].Text)
	}
	p := &plain{language: languageOf(texts), postings: make(map[string][]posting)}
	stems := make(map[string]string)
	for i, words := range texts {
		p.add(documents[i].ID, words, stems)
	}
	p.mean = mean(p.lengths)
	return p
}

// add indexes a document. It keeps the stems of words in stems.
func (p *plain) add(id string, words []string, stems map[string]string) {
	counts, length := make(map[string]float64), 0.0
	for _, w := range words {
		s, ok := stems[w]
		if !ok {
			s = p.language.term(w)
			stems[w] = s
		}
		if s != "" {
			counts[s]++
			length++
		}
	}
	for s, n := range counts {
		p.postings[s] = append(p.postings[s], posting{len(p.ids), n})
	}
	p.ids, p.lengths = append(p.ids, id), append(p.lengths, length)
}

// rank returns up to ten documents for a question, best first.
func (p *plain) rank(question string) []string {
	scores := make(map[int]float64)
	n := float64(len(p.ids))
	for _, w := range split(question) {
		found := p.postings[p.language.term(w)]
		df := float64(len(found))
		idf := math.Log(1 + (n-df+.5)/(df+.5))
		for _, at := range found {
			norm := k1 * (1 - b + b*p.lengths[at.document]/p.mean)
			scores[at.document] += idf * at.count * (k1 + 1) / (at.count + norm)
		}
	}
	best := slices.SortedFunc(maps.Keys(scores), func(x, y int) int {
		return cmp.Or(cmp.Compare(scores[y], scores[x]), cmp.Compare(p.ids[x], p.ids[y]))
	})
	var ranked []string
	for _, d := range best[:min(10, len(best))] {
		ranked = append(ranked, p.ids[d])
	}
	return ranked
}

// split returns the words of a text in lower case.
func split(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}
