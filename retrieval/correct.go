package retrieval

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// correctedWeight is what a corrected word counts, next to 1.
const correctedWeight = 0.7

// letters is a set of the letters of a word, for telling quickly that two words
// are far apart.
func letters(word string) uint32 {
	var set uint32
	for i := range len(word) {
		set |= 1 << (word[i] & 31)
	}
	return set
}

// correct returns the known term nearest to an unknown one: one edit away, two
// in words of eight letters and more. Short words and numbers have none.
func (v *view) correct(text string) (string, bool) {
	n := utf8.RuneCountInString(text)
	if n < 4 || strings.ContainsAny(text, "0123456789") {
		return "", false
	}
	limit := 1
	if n >= 8 {
		limit = 2
	}
	set, best, most := letters(text), "", 0
	for id, name := range v.names {
		if d := len(name) - len(text); d > limit || -d > limit || bits.OnesCount32(v.letters[id]^set) > 2*limit {
			continue
		}
		d := edits(text, name, limit)
		if d > limit {
			continue
		}
		df := v.seen(v.lists[id])
		if df == 0 {
			continue
		}
		if d < limit || df > most || df == most && name < best {
			limit, best, most = d, name, df
		}
	}
	return best, best != ""
}

// seen counts the visible passages of a list.
func (v *view) seen(list []posting) int {
	n := 0
	for _, p := range list {
		if v.sees(p.passage) {
			n++
		}
	}
	return n
}

// edits counts the letters to insert, drop, change or swap with their
// neighbour to get from a to b, in bytes. What is above limit may be any number
// above it.
func edits(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit || len(b) > maxToken {
		return limit + 1
	}
	var rows [3][maxToken + 1]int
	for j := range len(b) {
		rows[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := &rows[(i+1)%3], &rows[(i+2)%3], &rows[i%3]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return least
		}
	}
	return rows[len(a)%3][len(b)]
}
