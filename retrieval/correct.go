package retrieval

import (
	"strings"
	"unicode/utf8"
)

// correctedWeight is what a corrected word counts, next to 1.
const correctedWeight = 0.7

// correct returns the known term nearest to an unknown one: one edit away, two
// in words of eight letters and more. Short words and numbers have none.
func (v *view) correct(text string) (string, bool) {
	n := utf8.RuneCountInString(text)
	if n < 4 || len(text) > maxToken || strings.ContainsAny(text, "0123456789") {
		return "", false
	}
	limit := 1
	if n >= 8 {
		limit = 2
	}
	best, most := "", 0
	for _, s := range v.seen {
		s.near(text, limit, func(id uint32) {
			name := s.names[id]
			d := edits(text, name, limit)
			if d > limit {
				return
			}
			df, _ := v.count(v.lists(name))
			if df > 0 && (d < limit || df > most || df == most && name < best) {
				limit, best, most = d, name, df
			}
		})
	}
	return best, best != ""
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
