package agent

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Extractive is the default Model. It needs no network and never says what no
// source says: it quotes the sources' own sentences and names where they stand,
// because without a language model nobody can know that a passage which is near
// a question also answers it.
type Extractive struct{}

// Generate yields an opening in the profile's tone, and then a quotation from
// the best passage, and from a second one if it is nearly as good.
func (Extractive) Generate(ctx context.Context, r Request) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		if len(r.Evidence) == 0 {
			yield(Delta{NoAnswer: true}, nil)
			return
		}
		if opening := openings[r.Profile.Personality]; opening != "" && !yield(Delta{Text: opening + "\n\n"}, nil) {
			return
		}
		for i := range quotable(r.Evidence) {
			if err := ctx.Err(); err != nil {
				yield(Delta{}, err)
				return
			}
			lead := fmt.Sprintf("From «%s»:\n", title(r.Evidence[i].Passage))
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

// openings are said before a quotation.
var openings = map[Personality]string{
	Friendly:     "Here's what I found in our help pages.",
	Professional: "Our documentation states the following.",
	Casual:       "Here's what our help pages say.",
	Empathetic:   "Thanks for asking. This is what our help pages say about it.",
	Witty:        "I went looking, and this turned up in our help pages.",
}

// secondQuote is the share of the best score from which a second passage of
// another document is quoted too.
const secondQuote = 0.85

// quotable returns how many of the passages are quoted, from the first on.
func quotable(evidence []retrieval.Hit) int {
	if len(evidence) > 1 && evidence[1].Document != evidence[0].Document && evidence[1].Score >= secondQuote*evidence[0].Score {
		return 2
	}
	return 1
}

// excerptSize is about how much of a passage is quoted, in bytes.
const excerptSize = 600

// excerpt returns a passage's text, or if it is long the blocks around the
// sentence that matches best, up to excerptSize. Of a long list or table it
// returns the lines that match best.
func excerpt(h retrieval.Hit) string {
	if len(h.Text) <= excerptSize || len(h.Spans) == 0 {
		return h.Text
	}
	blocks := strings.Split(h.Text, "\n\n")
	best, start := unitAt(blocks, "\n\n", h.Spans[0].Start)
	if len(blocks[best]) > excerptSize && strings.Contains(blocks[best], "\n") {
		return matching(blocks[best], start, h.Spans)
	}
	first, last, size := best, best+1, len(blocks[best])
	for last < len(blocks) && size+len(blocks[last]) <= excerptSize {
		size += len(blocks[last])
		last++
	}
	for first > 0 && size+len(blocks[first-1]) <= excerptSize {
		first--
		size += len(blocks[first])
	}
	return strings.Join(blocks[first:last], "\n\n")
}

// mostLines is how many lines of a long list or table are quoted.
const mostLines = 4

// matching returns the lines of a block that hold the best of the spans, in
// their order. The block begins at start of the text that the spans are of.
func matching(block string, start int, spans []retrieval.Span) string {
	lines := strings.Split(block, "\n")
	var chosen []int
	for _, s := range spans {
		if s.Start < start || s.Start >= start+len(block) || len(chosen) == mostLines {
			continue
		}
		line, _ := unitAt(lines, "\n", s.Start-start)
		if !slices.Contains(chosen, line) {
			chosen = append(chosen, line)
		}
	}
	slices.Sort(chosen)
	quoted := make([]string, len(chosen))
	for i, line := range chosen {
		quoted[i] = lines[line]
	}
	return strings.Join(quoted, "\n")
}

// unitAt returns which of the units, which sep joins, holds the byte at offset,
// and where that unit starts.
func unitAt(units []string, sep string, offset int) (index, start int) {
	for i, u := range units {
		if end := start + len(u) + len(sep); offset < end || i == len(units)-1 {
			return i, start
		} else {
			start = end
		}
	}
	return 0, 0
}

// quote returns the sentence of a passage that matches best.
func quote(h retrieval.Hit) string {
	spans := h.Spans
	if len(spans) == 0 {
		spans = retrieval.Sentences(h.Text)
	}
	if len(spans) == 0 || spans[0].Start < 0 || spans[0].End > len(h.Text) || spans[0].Start > spans[0].End {
		return ""
	}
	return strings.TrimSpace(h.Text[spans[0].Start:spans[0].End])
}
