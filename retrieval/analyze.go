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

// maxStems is how many words of a language an analyzer remembers.
const maxStems = 1 << 13

// An analyzer turns passages into analyses. It remembers stems, so it is worth
// keeping; it must not be shared by goroutines.
type analyzer struct {
	stems map[*language]map[string]string
	at    map[string]int
	grams bool // whether n-grams are counted
	// Scratch.
	scratch []uint32
}

// newAnalyzer returns an analyzer that remembers nothing yet.
func newAnalyzer(grams bool) *analyzer {
	return &analyzer{stems: make(map[*language]map[string]string), at: make(map[string]int), grams: grams}
}

// takeAnalyzer returns an analyzer for a question, to be put back.
func (x *index) takeAnalyzer() *analyzer {
	if a, ok := x.analyzers.Get().(*analyzer); ok {
		return a
	}
	return newAnalyzer(false)
}

// analyze counts the terms of a passage in the given language.
func (a *analyzer) analyze(p Passage, l *language) analysis {
	clear(a.at)
	out := analysis{language: l}
	out.title = a.count(&out, tokenize(heading(p)), true)
	out.length = out.title + a.count(&out, tokenize(p.Text), false)
	// Keywords count as words do, not as the title does: authors are generous with them.
	out.length += a.count(&out, tokenize(strings.Join(p.Keywords, "\n")), false)
	if a.grams {
		a.scratch = appendGrams(a.scratch[:0], p.gramTexts()...)
		out.gramLen = len(a.scratch)
		out.grams = slices.Clone(distinct(a.scratch))
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

// count adds tokens to the analysis and returns how many were no stop words.
func (a *analyzer) count(out *analysis, tokens []string, title bool) int {
	n := 0
	for _, t := range tokens {
		term := a.term(t, out.language)
		if term == "" {
			continue
		}
		n++
		i, ok := a.at[term]
		if !ok {
			i = len(out.terms)
			a.at[term] = i
			out.terms = append(out.terms, termCount{term: term})
		}
		c := &out.terms[i]
		c.all++
		if title {
			c.title = c.all
		}
	}
	return n
}

// term returns the stem of a word, empty for a stop word.
func (a *analyzer) term(word string, l *language) string {
	if a.stems[l] == nil {
		a.stems[l] = make(map[string]string)
	}
	stems := a.stems[l]
	s, ok := stems[word]
	if !ok {
		if len(stems) == maxStems {
			clear(stems)
		}
		s = l.term(word)
		stems[strings.Clone(word)] = s
	}
	return s
}

// term returns the folded stem of a word, empty for a stop word.
func (l *language) term(word string) string {
	if l.stop[word] {
		return ""
	}
	return strings.Clone(fold(l.stem(word)))
}
