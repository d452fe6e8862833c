package handoff

import (
	"fmt"
	"slices"
	"strings"
)

// A text is what the customer's text may say.
type text struct {
	parts    []part
	examples []example
	likeness float64
}

// A part is a phrase or a stem: what the host wrote, and what is looked for.
type part struct{ name, folded string }

// An example is a sentence that others may be like.
type example struct {
	name     string
	trigrams []uint32
}

func (n *text) ask(q *inquiry) Truth {
	if !q.hear() {
		return Maybe
	}
	if _, ok := n.found(q); ok {
		return Yes
	}
	return No
}

func (n *text) why(q *inquiry) string {
	if !q.hear() {
		return "the text is not known"
	}
	if what, ok := n.found(q); ok {
		return what
	}
	return "the text says nothing of the kind"
}

// found returns in words what the text has of the node.
func (n *text) found(q *inquiry) (what string, ok bool) {
	for i := range n.parts {
		if strings.Contains(q.words, n.parts[i].folded) {
			return fmt.Sprintf("the text has %q", n.parts[i].name), true
		}
	}
	if len(n.examples) == 0 {
		return "", false
	}
	for _, s := range q.sentences {
		for i := range n.examples {
			if alike(s, n.examples[i].trigrams) >= n.likeness {
				return fmt.Sprintf("the text is like %q", n.examples[i].name), true
			}
		}
	}
	return "", false
}

// hear folds the text once, and reports whether it is known.
func (q *inquiry) hear() bool {
	if q.folded {
		return q.heard
	}
	q.folded = true
	v, known := q.facts("text")
	text, ok := v.(string)
	if q.heard = known && ok; !q.heard {
		return false
	}
	sentences := fold(text)
	q.words = spaced(sentences...)
	for _, s := range sentences {
		q.sentences = append(q.sentences, trigrams(spaced(s)))
	}
	return true
}

// trigrams returns the runs of three characters of folded text, each once, in
// order.
func trigrams(folded string) []uint32 {
	runes := []rune(folded)
	var grams []uint32
	for i := range max(0, len(runes)-2) {
		// Characters beyond the first 1,024 share their bits with others, which can
		// make texts only seem a little more alike.
		grams = append(grams, uint32(runes[i]&1023)<<20|uint32(runes[i+1]&1023)<<10|uint32(runes[i+2]&1023))
	}
	slices.Sort(grams)
	return slices.Compact(grams)
}

// alike returns how alike two texts are, from 0 to 1: twice the trigrams they
// share by those they have (L. R. Dice, "Measures of the Amount of Ecologic
// Association Between Species", 1945).
func alike(a, b []uint32) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			shared++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b))
}
