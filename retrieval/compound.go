package retrieval

import (
	"strings"
	"unicode/utf8"
)

// Bounds of the words that compounds are made of, in bytes. Shorter ones are
// found in too many words.
const (
	leastPart   = 4 // of a part that a word is split at
	leastJoined = 3 // of a word that is joined to its neighbour
)

// parts returns the two words of the content that an unknown word is made of, as
// "giftcard" is of "gift" and "card", and none if there are no such two. Of
// several pairs it takes that whose rarer word is the most common.
func (v *view) parts(l *language, word string) []term {
	var best []term
	most := 0
	for i := leastPart; i <= len(word)-leastPart; i++ {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		h := v.head(l, word[:i])
		if h.df <= most {
			continue
		}
		if t := v.lookup(l.term(word[i:])); t.df > most {
			best, most = []term{h, t}, min(h.df, t.df)
		}
	}
	return best
}

// head returns the first word of a compound, which German and Dutch may give an
// ending that it has nowhere else: "Infektionsschutz".
func (v *view) head(l *language, word string) term {
	if t := v.lookup(l.term(word)); t.df > 0 {
		return t
	}
	return v.lookup(l.term(strings.TrimSuffix(word, "s")))
}

// joined returns the compound that the content makes of the word at i and the
// next, which it may have instead of the two, and false if there is none.
func (v *view) joined(l *language, tokens []string, i int) (term, bool) {
	if i+1 == len(tokens) {
		return term{}, false
	}
	head, tail := tokens[i], tokens[i+1]
	if min(len(head), len(tail)) < leastJoined || l.stop[head] || l.stop[tail] {
		return term{}, false
	}
	t := v.lookup(l.term(clip(head + tail)))
	t.weight = alikeWeight
	return t, t.df > 0
}
