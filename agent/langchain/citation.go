package langchain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
)

// maxMarker is the longest marker in bytes, and the most that is held back of
// a text that may begin one.
const maxMarker = 64

// noAnswer is the marker by which a model says that it finds no answer, behind
// its "[".
const noAnswer = "no answer]"

// citations reads markers out of a text that comes in pieces. A marker is [1]
// or [1, 2], with at least one number of evidence that exists, or [no answer];
// it is taken out with the blanks before it. All other brackets are left alone.
type citations struct {
	evidence int    // how much there is
	held     string // the end of the text so far, which may begin a marker
	begun    bool   // more than white space was read
}

// push takes the next piece and returns what can be shown by now.
func (c *citations) push(piece string) []agent.Delta { return c.read(c.held+piece, false) }

// flush returns what is held back at the end of the text.
func (c *citations) flush() []agent.Delta { return c.read(c.held, true) }

// read takes s, all that is not shown yet. With last, nothing comes after it.
func (c *citations) read(s string, last bool) []agent.Delta {
	c.held = ""
	var deltas []agent.Delta
	var text strings.Builder
	for {
		before, after, found := strings.Cut(s, "[")
		shown := strings.TrimRight(before, " \t")
		blanks := before[len(shown):]
		text.WriteString(shown)
		if !found {
			if last || len(blanks) > maxMarker {
				text.WriteString(blanks)
			} else {
				c.held = blanks
			}
			return c.emit(deltas, text.String(), nil)
		}
		numbers, size, more := marker(after, last)
		sources := c.sources(numbers)
		switch {
		case size == len(noAnswer) && numbers == nil:
			deltas = append(c.emit(deltas, text.String(), nil), agent.Delta{NoAnswer: true})
			text.Reset()
			c.begun = true
			s = after[size:]
		case more:
			c.held = blanks + "[" + after
			return c.emit(deltas, text.String(), nil)
		case len(sources) > 0:
			deltas = c.emit(deltas, text.String(), sources)
			text.Reset()
			s = after[size:]
		default:
			text.WriteString(blanks + "[")
			s = after
		}
	}
}

// emit appends a delta if there is anything in it. Sources that follow others
// directly belong to the same text.
func (c *citations) emit(deltas []agent.Delta, text string, sources []int) []agent.Delta {
	// Models begin with white space where a marker stood, or for no reason.
	if !c.begun {
		text = strings.TrimLeft(text, " \t\r\n")
		c.begun = text != ""
	}
	if text == "" && len(sources) == 0 {
		return deltas
	}
	if n := len(deltas); n > 0 && text == "" {
		for _, i := range sources {
			if !slices.Contains(deltas[n-1].Sources, i) {
				deltas[n-1].Sources = append(deltas[n-1].Sources, i)
			}
		}
		return deltas
	}
	return append(deltas, agent.Delta{Text: text, Sources: sources})
}

// sources returns the indexes of the numbers that name evidence, each once.
// Models number from 1, as the prompt does.
func (c *citations) sources(numbers []int) []int {
	var sources []int
	for _, n := range numbers {
		if n >= 1 && n <= c.evidence && !slices.Contains(sources, n-1) {
			sources = append(sources, n-1)
		}
	}
	return sources
}

// marker reads a marker at the start of s, which follows its "[", and returns
// its size, 0 if there is none, with its numbers. It returns more if that can
// only be told when more of the text is known.
func marker(s string, last bool) (numbers []int, size int, more bool) {
	window := s[:min(len(s), maxMarker)]
	if n := min(len(s), len(noAnswer)); n > 0 && strings.EqualFold(s[:n], noAnswer[:n]) {
		if n == len(noAnswer) {
			return nil, n, false
		}
		return nil, 0, !last
	}
	inside, after, closed := strings.Cut(window, "]") // a window, or many brackets take quadratic time
	if !closed {
		return nil, 0, !last && len(s) < maxMarker && strings.Trim(inside, "0123456789, ") == ""
	}
	for field := range strings.SplitSeq(inside, ",") {
		n, err := strconv.ParseUint(strings.Trim(field, " "), 10, 16)
		if err != nil {
			return nil, 0, false
		}
		numbers = append(numbers, int(n))
	}
	size = len(inside) + 1
	// A "(" behind it would make it the text of a link.
	if size == len(s) && !last {
		return nil, 0, true
	}
	if strings.HasPrefix(after, "(") { // the text of a Markdown link
		return nil, 0, false
	}
	return numbers, size, false
}
