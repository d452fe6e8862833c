package channel

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// links matches what must not be cut in two: Markdown links and bare URLs.
var links = regexp.MustCompile(`\[[^\]\n]*\]\([^)\s]*\)|https?://[^\s<>]+`)

// Split cuts text into pieces of at most max runes that read well: a piece ends
// with a paragraph if it can, else with a line or a sentence, else with a word,
// and never within a link. It is not made shorter than a quarter of max for
// that. Only a word or a link longer than max is cut, between characters.
// Nothing is lost but white space around a cut. Max below one means no limit.
func Split(text string, max int) []string {
	text = strings.TrimSpace(text)
	if max < 1 {
		max = len(text)
	}
	spans := links.FindAllStringIndex(text, -1)
	var pieces []string
	for start := 0; start < len(text); {
		end := len(text)
		if limit := start + offset(text[start:], max); limit < end {
			end = cut(text, start, limit, spans)
		}
		pieces = append(pieces, strings.TrimRightFunc(text[start:end], unicode.IsSpace))
		rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
		start = len(text) - len(rest)
	}
	return pieces
}

// A place is how well a piece may end somewhere, from worst to best.
type place int

const (
	nowhere   place = iota // within a link or a character
	character              // within a word
	early                  // in the first quarter
	word
	sentence
	paragraph
)

// cut returns where, after start and at most at limit, a piece ends best: at
// the last of the best places.
func cut(text string, start, limit int, spans [][]int) int {
	// In bytes, which is near enough for a matter of looks.
	quarter := start + (limit-start)/4
	best, at := nowhere, limit
	for i, w := start, 0; i <= limit; i += w {
		_, w = utf8.DecodeRuneInString(text[i:])
		// Both run forwards, so that a text takes linear time for each piece.
		for len(spans) > 0 && spans[0][1] <= i {
			spans = spans[1:]
		}
		if i == start || len(spans) > 0 && spans[0][0] < i {
			continue
		}
		p := placeAt(text, i)
		if i < quarter {
			p = min(p, early)
		}
		if p != nowhere && p >= best {
			best, at = p, i
		}
	}
	return at
}

// placeAt tells how well a piece may end before text[i].
func placeAt(text string, i int) place {
	before, after := text[:i], text[i:]
	gap := after[:len(after)-len(strings.TrimLeftFunc(after, unicode.IsSpace))]
	switch {
	case strings.Count(gap, "\n") > 1:
		return paragraph
	case strings.Contains(gap, "\n"), gap != "" && endsSentence(before), endsWideSentence(before):
		return sentence
	case gap != "":
		return word
	case joined(before, after):
		return nowhere
	}
	return character
}

// endsSentence takes no number with a full stop for the end of a sentence, as
// it may be that of a list.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, "\"')]*_»”’")
	last, size := utf8.DecodeLastRuneInString(s)
	if last != '.' {
		return last == '!' || last == '?' || last == '…'
	}
	prev, _ := utf8.DecodeLastRuneInString(s[:len(s)-size])
	return !unicode.IsDigit(prev)
}

// endsWideSentence knows the scripts that put no space after a sentence.
func endsWideSentence(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("。！？｡", last)
}

// joined reports whether two runes form one character on the screen: marks,
// emoji sequences and skin tones. It is enough for a cut of last resort.
func joined(before, after string) bool {
	const joiner = '\u200d'
	prev, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	return prev == joiner || next == joiner || unicode.In(next, unicode.M, unicode.Variation_Selector) ||
		'\U0001F3FB' <= next && next <= '\U0001F3FF'
}

// offset returns the byte offset of the n-th rune of text, or its length.
func offset(text string, n int) int {
	for i := range text {
		if n == 0 {
			return i
		}
		n--
	}
	return len(text)
}
