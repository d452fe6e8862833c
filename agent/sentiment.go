package agent

import (
	"strings"
	"sync"
	"unicode"
)

// negated is how many words a "not" turns round.
const negated = 3

// sentiment returns how a text sounds, from -1, angry, to 1, pleased, by lists
// of words in the agent's languages: the balance of its words by their number
// and one, so that a single word says little. A text without any is 0.
func sentiment(text string) float64 {
	lists := feelings()
	good, bad, turned := 0, 0, 0
	for sentence := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(".,!?;:\n", r) }) {
		turned = 0
		for w := range strings.FieldsFuncSeq(strings.ReplaceAll(sentence, "’", "'"), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			feeling := lists[w]
			switch {
			case feeling == turns:
				turned = negated
				continue
			case feeling == pleases && turned == 0, feeling == hurts && turned > 0:
				good++
			case feeling != neutral:
				bad++
			}
			turned = max(turned-1, 0)
		}
	}
	return float64(good-bad) / float64(good+bad+1)
}

// A feeling is what a word says of one's mood.
type feeling int

const (
	neutral feeling = iota
	pleases
	hurts
	turns // a "not"
)

// feelings returns the feelings of words. A word of which two languages disagree
// has none.
var feelings = sync.OnceValue(func() map[string]feeling {
	words := map[string]feeling{}
	for _, book := range phrasebooks() {
		for kind, list := range map[feeling]string{pleases: book.Sentiment.Good, hurts: book.Sentiment.Bad, turns: book.Sentiment.Not} {
			for w := range strings.FieldsSeq(list) {
				if other, ok := words[w]; ok && other != kind {
					kind = neutral
				}
				words[w] = kind
			}
		}
	}
	return words
})
