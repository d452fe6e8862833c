package agent

import (
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/internal/language"
)

// repeated reports whether the customer asks again what the agent has dealt with
// last, and the customer has not thanked for: in words that mean something, each
// with one typing mistake at most.
func (t *turn) repeated() bool {
	before, now := meaning(t.conv.Memory.Repeat, t.Language), meaning(t.Question, t.Language)
	if len(before) == 0 || len(before) != len(now) {
		return false
	}
	for _, w := range now {
		if !slices.ContainsFunc(before, func(v string) bool { return mistyped(v, w) }) {
			return false
		}
	}
	return true
}

// meaning returns the words of a question that carry one, or if none does all,
// each once.
func meaning(question, tag string) (words []string) {
	all := strings.Fields(plainWords(question))
	stop := set(language.Stop(tag) + " " + language.Asking(tag))
	for _, w := range all {
		if !stop[w] && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return all
	}
	return words
}

// mistyped reports whether two words are the same, but for one letter more, less
// or other, or two in each other's place. Short words and numbers may not differ.
func mistyped(a, b string) bool {
	if a == b {
		return true
	}
	if min(len(a), len(b)) < 5 || strings.ContainsAny(a+b, "0123456789") {
		return false
	}
	short, long := []rune(a), []rune(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	front, back := 0, 0
	for front < len(short) && short[front] == long[front] {
		front++
	}
	for back < len(short)-front && short[len(short)-1-back] == long[len(long)-1-back] {
		back++
	}
	differ := len(long) - front - back
	swapped := differ == 2 && len(short) == len(long) && short[front] == long[front+1] && short[front+1] == long[front]
	return len(long)-len(short) <= 1 && differ <= 1 || swapped
}

// remember keeps the question that was answered from the content, to know it when
// it is asked again. What an action answered may be asked as often as it changes,
// and a question that waits for something, such as a code, comes again.
func (t *turn) remember() {
	m := &t.conv.Memory
	switch {
	case t.Decision.Rule == ruleThanks, t.Decision.Kind == Ask, len(t.Calls) > 0:
		m.Repeat = ""
	case len(t.Decision.Evidence) > 0 && t.Decision.Kind == Answer:
		m.Repeat = clip(t.Question, t.agent.rules.Limits.Question)
	}
}
