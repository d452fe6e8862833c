package extract

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// layout writes the lines of pages as paragraphs. Lines in larger letters than
// the body's are headings, and the page is the anchor: browsers follow
// "#page=3" (RFC 8118, section 3).
func layout(o *outline, pages [][]pdfLine, marks *landmarks) {
	sizes := headingSizes(pages)
	for i, lines := range pages {
		anchor := fmt.Sprintf("page=%d", i+1)
		here := o.here()
		here.anchor = anchor
		o.resume(here)
		for len(lines) > 0 {
			n := paragraphEnd(lines)
			text := joinLines(lines[:n])
			level := marks.level(i+1, text)
			if level == 0 {
				level = slices.Index(sizes, rounded(lines[0].size)) + 1
			}
			if level > 0 && utf8.RuneCountInString(text) <= 150 && hasLetters(text) {
				if refers(text) {
					level++ // a table of contents is no title
				}
				o.heading(min(level, 6), text, anchor)
				o.anchor = anchor // even of the title
			} else {
				o.block(joinRows(lines[:n], text))
			}
			lines = lines[n:]
		}
	}
}

// rounded makes sizes comparable that differ by a hair.
func rounded(size float64) float64 { return math.Round(size*2) / 2 }

// headingSizes returns the sizes of headings, the largest first: those above
// the size of most characters, if few characters have them.
func headingSizes(pages [][]pdfLine) []float64 {
	count := make(map[float64]int)
	total := 0
	for _, lines := range pages {
		for _, l := range lines {
			n := l.runes()
			count[rounded(l.size)] += n
			total += n
		}
	}
	body := 0.0
	for size, n := range count {
		if n > count[body] || n == count[body] && size < body {
			body = size
		}
	}
	var sizes []float64
	for _, size := range slices.SortedFunc(maps.Keys(count), func(a, b float64) int { return cmp.Compare(b, a) }) {
		if size >= 1.15*body && 5*count[size] < total {
			sizes = append(sizes, size)
		}
	}
	return sizes
}

func hasLetters(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n >= 3
}

// paragraphEnd returns how many lines the first paragraph has: those of one
// size that follow each other at an even distance.
func paragraphEnd(lines []pdfLine) int {
	step := 0.0
	for i := 1; i < len(lines); i++ {
		a, b := lines[i-1], lines[i]
		down := a.y - b.y
		switch {
		case a.row() != b.row():
			return i
		case rounded(a.size) != rounded(b.size) && math.Abs(a.size-b.size) > 0.12*a.size:
			return i
		case math.Abs(down) < 0.3*a.size: // another cell of the row
			return i
		case down < 0 || down > 2.2*a.size:
			return i
		case step > 0 && down > 1.25*step:
			return i
		case bullet.MatchString(b.text) || strings.HasPrefix(b.text, "\uf0b7") || strings.HasPrefix(b.text, "■"):
			return i
		}
		if step == 0 {
			step = down
		}
	}
	return len(lines)
}

// row reports whether the line is a row of cells.
func (l pdfLine) row() bool { return strings.Contains(l.text, "\t") }

// joinRows returns a line for each row of cells, and text if they are none.
func joinRows(lines []pdfLine, text string) string {
	if !lines[0].row() {
		return text
	}
	var rows [][]string
	for _, l := range lines {
		rows = append(rows, strings.Split(l.text, "\t"))
	}
	return table(rows, false)
}

// joinLines makes one line of a paragraph. A word divided at a line's end is
// put together.
func joinLines(lines []pdfLine) string {
	var b strings.Builder
	for i, l := range lines {
		text := l.text
		if i+1 < len(lines) && divided(text, lines[i+1].text) {
			b.WriteString(text[:strings.LastIndexAny(text, "-\u00ad\u2010")])
			continue
		}
		b.WriteString(text)
		if i+1 < len(lines) {
			b.WriteByte(' ')
		}
	}
	return oneLine(strings.ReplaceAll(b.String(), "\u00ad", ""))
}

// divided reports whether a line ends in the middle of a word.
func divided(line, next string) bool {
	r, size := utf8.DecodeLastRuneInString(line)
	if r != '-' && r != '\u00ad' && r != '\u2010' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(line[:len(line)-size])
	after, _ := utf8.DecodeRuneInString(next)
	return unicode.IsLower(before) && unicode.IsLower(after)
}
