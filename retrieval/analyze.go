package retrieval

import (
	"slices"
	"strings"
)

// A termCount is how often a stem occurs in the whole of a passage, its title
// and path included, and in the title and path alone.
type termCount struct {
	term  string
	all   int
	title int
}

// An analysis is what the index keeps of a passage.
type analysis struct {
	language *language
	terms    []termCount
	length   int // words in all
	title    int // words of title and path
	grams    []uint32
	gramLen  int
}

// maxStems is how many words of a language an analyzer remembers, about.
const maxStems = 1 << 14

// An analyzer turns passages into analyses. It remembers stems, so it is worth
// keeping; it must not be shared by goroutines.
type analyzer struct {
	stems map[*language]*stems
	grams bool   // whether n-grams are counted
	round uint32 // number of the analysis
	// Scratch.
	tokens  []string
	terms   []termCount
	scratch []uint32
	seen    gramCounts
}

// Stems are those that an analyzer remembers of a language.
type stems struct {
	words map[string]*stem
	terms map[string]*stem
}

// A stem is what words have in common, with its place in the analysis in which
// it was met last.
type stem struct {
	term  string // empty for stop words
	round uint32
	at    int
}

// newAnalyzer returns an analyzer that remembers nothing yet.
func newAnalyzer(grams bool) *analyzer {
	return &analyzer{stems: make(map[*language]*stems), grams: grams}
}

// takeAnalyzer returns an analyzer, to be put back.
func (x *index) takeAnalyzer() *analyzer {
	if a, ok := x.analyzers.Get().(*analyzer); ok {
		return a
	}
	return newAnalyzer(!x.wordsOnly)
}

// analyze counts the terms of a passage in the given language.
func (a *analyzer) analyze(p Passage, l *language) analysis {
	a.round++
	a.terms = a.terms[:0]
	known := a.remembered(l)
	out := analysis{language: l}
	out.title = a.count(known, l, heading(p), true)
	out.length = out.title + a.count(known, l, p.Text, false)
	// Keywords count as words do, not as the title does: authors are generous with them.
	out.length += a.count(known, l, strings.Join(p.Keywords, "\n"), false)
	out.terms = slices.Clone(a.terms)
	if a.grams {
		a.scratch = appendGrams(a.scratch[:0], p.gramTexts()...)
		out.gramLen = len(a.scratch)
		out.grams = slices.Clone(a.seen.distinct(a.scratch))
	}
	return out
}

// heading is the text of the title field: the document's title and the path.
func heading(p Passage) string {
	if len(p.Path) == 0 {
		return p.Title
	}
	return p.Title + "\n" + strings.Join(p.Path, "\n")
}

// fullText is all that a passage is found by.
func fullText(p Passage) string {
	if len(p.Keywords) > 0 {
		return heading(p) + "\n" + strings.Join(p.Keywords, "\n") + "\n" + p.Text
	}
	return heading(p) + "\n" + p.Text
}

// count adds the words of a text to the terms and returns how many were no stop
// words.
func (a *analyzer) count(known *stems, l *language, text string, title bool) int {
	n := 0
	a.tokens = appendTokens(a.tokens[:0], text)
	for _, t := range a.tokens {
		s := known.of(t, l)
		if s.term == "" {
			continue
		}
		n++
		if s.round != a.round {
			s.round, s.at = a.round, len(a.terms)
			a.terms = append(a.terms, termCount{term: s.term})
		}
		c := &a.terms[s.at]
		c.all++
		if title {
			c.title = c.all
		}
	}
	return n
}

// term returns the stem of a word, empty for a stop word.
func (a *analyzer) term(word string, l *language) string {
	return a.remembered(l).of(word, l).term
}

// remembered returns the stems of a language. Once they are too many it begins
// anew, which it must not within an analysis.
func (a *analyzer) remembered(l *language) *stems {
	s, ok := a.stems[l]
	if !ok || len(s.words) > maxStems {
		s = &stems{make(map[string]*stem), make(map[string]*stem)}
		a.stems[l] = s
	}
	return s
}

// of returns the stem of a word of the language, the same for all words that
// have it.
func (s *stems) of(word string, l *language) *stem {
	if known, ok := s.words[word]; ok {
		return known
	}
	term := l.term(word)
	known, ok := s.terms[term]
	if !ok {
		known = &stem{term: term}
		s.terms[term] = known
	}
	s.words[strings.Clone(word)] = known
	return known
}

// term returns the folded stem of a word, empty for a stop word.
func (l *language) term(word string) string {
	if l.stop[word] {
		return ""
	}
	return strings.Clone(fold(l.stem(word)))
}
