package agent

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Extractive is the default Model. It needs no network and never says what no
// source says: it quotes the sources' own sentences and names where they stand,
// because without a language model nobody can know that a passage which is near
// a question also answers it.
type Extractive struct{}

// Generate yields an opening in the profile's tone, and then a quotation from
// the best passage, and from a second one where that may be the better one.
func (Extractive) Generate(ctx context.Context, r Request) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		if len(r.Evidence) == 0 {
			yield(Delta{NoAnswer: true}, nil)
			return
		}
		book := phrasesOf(r.Language)
		if opening := book.Openings[r.Profile.Personality]; opening != "" && !yield(Delta{Text: opening + "\n\n"}, nil) {
			return
		}
		for i := range quotable(r) {
			if err := ctx.Err(); err != nil {
				yield(Delta{}, err)
				return
			}
			lead := ""
			if !r.Evidence[i].Private {
				lead = fmt.Sprintf(book.From+"\n", title(r.Evidence[i].Passage))
			}
			if i > 0 {
				lead = "\n\n" + lead
			}
			if !yield(Delta{Text: lead, Sources: []int{i}}, nil) {
				return
			}
			for part := range strings.SplitAfterSeq(excerpt(r.Evidence[i]), "\n") {
				if !yield(Delta{Text: part, Sources: []int{i}}, nil) {
					return
				}
			}
		}
	}
}

const (
	// sure is the score from which one passage is quoted alone. Nine of ten first
	// passages with it are of the right document, and a second one would more often
	// be of a wrong document than put a wrong first one right.
	sure = 0.7
	// nearly is the share of the best passage's rank from which a passage of
	// another document is quoted beside it.
	nearly = 0.85
)

// quotable returns how many of the passages are quoted, from the first on: two
// if it is not sure that the first answers and the second is nearly as good.
func quotable(r Request) int {
	e := r.Evidence
	if r.Score < sure && len(e) > 1 && e[1].Document != e[0].Document && e[1].Score >= nearly*e[0].Score {
		return 2
	}
	return 1
}

// excerptSize is about how much of a passage is quoted, in bytes.
const excerptSize = 1000

// excerpt returns a passage's text, or if it is long the part around the
// sentence that matches best, in whole lines: from the start of its paragraph
// or list, with the words that announce it, up to excerptSize. Of a long table
// it returns the rows that match best.
func excerpt(h retrieval.Hit) string {
	if len(h.Spans) == 0 {
		return h.Text
	}
	lines := wholeLines(h.Text)
	text := func(i int) string { return h.Text[lines[i].Start:lines[i].End] }
	best := lineAt(lines, h.Spans[0].Start)
	switch {
	case isRow(text(best)) && len(lines) > 2*mostRows:
		return matchingRows(h, lines)
	case len(h.Text) <= excerptSize:
		return h.Text
	}
	first, last := best, best+1
	for first > 0 && lines[best].End-lines[first-1].Start <= excerptSize {
		apart := lines[first].Start-lines[first-1].End > 1 // by a blank line
		if apart && !announces(text(first-1)) {
			break
		}
		first--
	}
	for last < len(lines) && (lines[last].End-lines[first].Start <= excerptSize || announces(text(best)) && last == best+1) {
		last++
	}
	for last > best+1 && announces(text(last-1)) {
		last--
	}
	return h.Text[lines[first].Start:lines[last-1].End]
}

// mostRows is how many rows of a long table are quoted.
const mostRows = 4

// matchingRows returns the rows that hold the best sentences, in their order.
func matchingRows(h retrieval.Hit, lines []retrieval.Span) string {
	var chosen []int
	for _, s := range h.Spans {
		if i := lineAt(lines, s.Start); len(chosen) < mostRows && !slices.Contains(chosen, i) {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen)
	rows := make([]string, len(chosen))
	for i, line := range chosen {
		rows[i] = h.Text[lines[line].Start:lines[line].End]
	}
	return strings.Join(rows, "\n")
}

// wholeLines returns the lines of a text that are not blank. A piece of code
// between fences is one line, for it must not be cut.
func wholeLines(text string) []retrieval.Span {
	var lines []retrieval.Span
	fenced := false
	for start := 0; start < len(text); {
		end := start + len(text[start:])
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := text[start:end]
		switch {
		case fenced:
			lines[len(lines)-1].End = end
		case strings.TrimSpace(line) != "":
			lines = append(lines, retrieval.Span{Start: start, End: end})
		}
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		}
		start = end + 1
	}
	return lines
}

// lineAt returns which line holds the byte at offset, or the last before it.
func lineAt(lines []retrieval.Span, offset int) int {
	i, _ := slices.BinarySearchFunc(lines, offset, func(l retrieval.Span, offset int) int {
		return cmp.Compare(l.Start, offset+1)
	})
	return max(i-1, 0)
}

// announces reports whether a line only leads to what follows it.
func announces(line string) bool { return strings.HasSuffix(strings.TrimSpace(line), ":") }

// isRow reports whether a line is a table row as retrieval.Section has them.
func isRow(line string) bool { return strings.Contains(line, ": ") && strings.Contains(line, "; ") }

// quoteSpan returns where the sentence of a passage stands that matches best,
// without the space around it.
func quoteSpan(h retrieval.Hit) retrieval.Span {
	spans := h.Spans
	if len(spans) == 0 {
		spans = retrieval.Sentences(h.Text)
	}
	if len(spans) == 0 || spans[0].Start < 0 || spans[0].End > len(h.Text) || spans[0].Start > spans[0].End {
		return retrieval.Span{}
	}
	start, end := spans[0].Start, spans[0].End
	left := len(strings.TrimLeftFunc(h.Text[start:end], unicode.IsSpace))
	start = end - left
	return retrieval.Span{Start: start, End: start + len(strings.TrimSpace(h.Text[start:end]))}
}
