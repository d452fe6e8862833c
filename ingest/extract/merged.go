package extract

import "strings"

// merged repeats the text of the cells of a document that are merged downwards, so
// that each of their rows says what it is about.
type merged struct {
	left int // bytes that may still be repeated
}

// newMerged returns what repeats texts in a document with the given options: up
// to a quarter of its text, and nothing in a plain one.
func newMerged(o Options) merged {
	if o.Plain {
		return merged{}
	}
	return merged{left: o.MaxText / 4}
}

// repeat gives the last cell of the last row the text of the one above it.
func (m *merged) repeat(rows [][]string) {
	n := len(rows) - 1
	if n < 1 {
		return
	}
	column := len(rows[n]) - 1
	if column < 0 || column >= len(rows[n-1]) || strings.TrimSpace(rows[n][column]) != "" {
		return
	}
	if text := rows[n-1][column]; len(text) <= m.left {
		m.left -= len(text)
		rows[n][column] = text
	}
}
