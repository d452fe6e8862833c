package retrieval

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	passageSize = 1200 // characters that a passage is packed to
	blockSize   = 2000 // characters up to which a block is never split
	tailSize    = 200  // characters below which the end of a section joins the passage before
)

// Split divides a document into passages. A section under 1,200 characters is
// one passage; a longer one is packed to about that on the boundaries of its
// blocks, without overlap. A paragraph, list item, table row or fenced code
// block of up to 2,000 characters is never split. A section without text gives
// no passage: its heading lives on in the path of its subsections.
//
// The ID of a passage depends on its document's ID, its heading and its text
// only, so it outlives changes elsewhere in the document.
func Split(doc Document) []Passage {
	var out []Passage
	seen := make(map[string]int)
	for _, s := range doc.Sections {
		for _, span := range pack(s.Text, units(s.Text)) {
			text := s.Text[span.Start:span.End]
			id := passageID(doc.ID, s, text)
			if seen[id]++; seen[id] > 1 {
				id += "-" + strconv.Itoa(seen[id])
			}
			out = append(out, Passage{
				ID: id, Document: doc.ID, Source: doc.Source, Title: doc.Title, URL: doc.URL,
				Path: s.Path, Anchor: s.Anchor, Text: text, Language: doc.Language, Keywords: doc.Keywords,
				Audience: doc.Audience, Private: doc.Private,
				Curated: doc.Curated, From: doc.From, Until: doc.Until, Updated: doc.Updated,
			})
		}
	}
	return out
}

// passageID hashes what a passage is told apart by. Lengths keep parts apart.
func passageID(document string, s Section, text string) string {
	h := sha256.New()
	for _, part := range append([]string{document, s.Anchor, text}, s.Path...) {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}

// pack joins neighbouring units up to the size of a passage.
func pack(text string, units []Span) []Span {
	var out []Span
	for _, u := range units {
		if n := len(out); n > 0 {
			joined := Span{out[n-1].Start, u.End}
			size := characters(text, joined)
			tail := u == units[len(units)-1] && characters(text, u) < tailSize
			if size <= passageSize || tail && size <= passageSize+tailSize {
				out[n-1] = joined
				continue
			}
		}
		out = append(out, u)
	}
	return out
}

// characters returns how many characters a range has. It stops counting above
// the limit of a block, or the time to divide a long text grew with its square.
func characters(text string, s Span) int {
	return utf8.RuneCountInString(text[s.Start:min(s.End, s.Start+(blockSize+1)*utf8.UTFMax)])
}

// units returns the pieces of a section that stay whole, in order: items of
// lists, rows of tables, blocks of code and paragraphs, those in parts that are
// too long. A line that announces what follows stays with it.
func units(text string) []Span {
	var out []Span
	fenced, open := false, false // open: the last unit may still grow
	for _, line := range lines(text) {
		s := text[line.Start:line.End]
		fence := strings.HasPrefix(s, "```") || strings.HasPrefix(s, "~~~")
		switch {
		case s == "":
			open = open && fenced
			continue
		case len(out) > 0 && (fenced || announces(text, out[len(out)-1]) || open && !fence && !listItem(s) && !tableRow(s)):
			out[len(out)-1].End = line.End
		default:
			out = append(out, line)
		}
		if fence {
			fenced = !fenced
		}
		open = fenced || !fence && !tableRow(s)
	}
	var fit []Span
	for _, u := range out {
		fit = append(fit, shorten(text, u)...)
	}
	return fit
}

// announces reports whether a short unit ends in a colon, such as the sentence
// before a list.
func announces(text string, u Span) bool {
	return text[u.End-1] == ':' && characters(text, u) < tailSize
}

// shorten parts a unit above the limit at its sentences, and at spaces where
// those are too long as well.
func shorten(text string, u Span) []Span {
	if characters(text, u) <= blockSize {
		return []Span{u}
	}
	var parts []Span
	for _, s := range Sentences(text[u.Start:u.End]) {
		s = Span{u.Start + s.Start, u.Start + s.End}
		for characters(text, s) > blockSize {
			cut := s.Start + cutAt(text[s.Start:s.End])
			parts = append(parts, trim(text, Span{s.Start, cut}))
			s = trim(text, Span{cut, s.End})
		}
		parts = append(parts, s)
	}
	return pack(text, parts)
}

// cutAt returns the byte at which to cut a text that is too long: the last
// space within the size of a passage, or that size.
func cutAt(text string) int {
	at, n := 0, 0
	for i := range text {
		if n++; n > passageSize {
			at = i
			break
		}
	}
	if space := strings.LastIndexAny(text[:at], " \n"); space > 0 {
		return space
	}
	return at
}

// lines returns the ranges of the lines of text without the space around them.
func lines(text string) []Span {
	var out []Span
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		out = append(out, trim(text, Span{start, end}))
		start = end + 1
	}
	return out
}

// trim takes the space off both ends of a range.
func trim(text string, s Span) Span {
	part := text[s.Start:s.End]
	left := strings.TrimLeft(part, " \t\r\n\u00a0")
	s.Start += len(part) - len(left)
	s.End = s.Start + len(strings.TrimRight(left, " \t\r\n\u00a0"))
	return s
}

// listItem reports whether a line starts with a bullet or a number.
func listItem(line string) bool {
	for _, bullet := range []string{"- ", "* ", "• ", "– "} {
		if strings.HasPrefix(line, bullet) {
			return true
		}
	}
	rest := strings.TrimLeft(line, "0123456789")
	n := len(line) - len(rest)
	return n > 0 && n <= 3 && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") "))
}

// tableRow reports whether a line is a row as extractors write it: two pairs
// "header: cell" at least, separated by "; ".
func tableRow(line string) bool {
	pairs := strings.Split(line, "; ")
	if len(pairs) < 2 {
		return false
	}
	for _, p := range pairs {
		if head, _, ok := strings.Cut(p, ": "); !ok || len(head) > 60 || strings.ContainsAny(head, ".!?") {
			return false
		}
	}
	return true
}
