package retrieval

import "strings"

// A termCount is how often a stem occurs in the whole of a passage, its title
// and path included, and in the title and path alone.
type termCount struct {
	term  string
	all   uint16
	title uint16
}

// An analysis is what the index keeps of a passage.
type analysis struct {
	passage  Passage
	vector   []float32
	language *language
	terms    []termCount
	length   int // words in all
	title    int // words of title and path
	grams    []uint32
	gramLen  int
}

// maxStems is how many words of a language an analyzer remembers.
const maxStems = 1 << 15

// An analyzer turns passages into analyses. It remembers stems, so it is worth
// keeping; it must not be shared by goroutines.
type analyzer struct {
	stems map[*language]map[string]string
	at    map[string]int
}

// newAnalyzer returns an analyzer that remembers nothing yet.
func newAnalyzer() *analyzer {
	return &analyzer{stems: make(map[*language]map[string]string), at: make(map[string]int)}
}

// analyze counts the terms of a passage in the given language.
func (a *analyzer) analyze(r Record, l *language) analysis {
	clear(a.at)
	p := r.Passage
	out := analysis{passage: p, vector: r.Vector, language: l}
	out.title = a.count(&out, tokenize(heading(p)), true)
	out.length = out.title + a.count(&out, tokenize(p.Text), false)
	// Keywords count as words do, not as the title does: authors are generous with them.
	out.length += a.count(&out, tokenize(strings.Join(p.Keywords, "\n")), false)
	out.grams, out.gramLen = distinctGrams(fullText(p))
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
		if c.all < 1<<16-1 {
			c.all++
		}
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
