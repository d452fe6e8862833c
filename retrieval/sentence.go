package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences returns the byte ranges of the sentences of text, in order and
// without the space around them. A list item, a table row and a heading end
// with their line; elsewhere a line break is only a space. Abbreviations,
// initials, decimals, dates and addresses of the web do not end a sentence.
func Sentences(text string) []Span {
	var out []Span
	for _, p := range paragraphs(text) {
		start := p.Start
		for i := p.Start; i < p.End; {
			if asciiGram[text[i]] > ' ' || text[i] == ' ' { // most characters
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:p.End])
			i += size
			if !ends(r) {
				continue
			}
			after := i + closing(text[i:p.End])
			if !boundary(text[start:after], r, text[after:p.End]) {
				continue
			}
			if s := trim(text, Span{start, after}); s.Start < s.End {
				out = append(out, s)
			}
			start, i = after, after
		}
		if s := trim(text, Span{start, p.End}); s.Start < s.End {
			out = append(out, s)
		}
	}
	return out
}

// paragraphs returns the ranges of text within which a line break is a space.
func paragraphs(text string) []Span {
	var out []Span
	breakNext := true
	for _, line := range lines(text) {
		s := text[line.Start:line.End]
		if s == "" {
			breakNext = true
			continue
		}
		if n := len(out); !breakNext && !listItem(s) && !tableRow(s) && !headingBefore(text[out[n-1].Start:out[n-1].End], s) {
			out[n-1].End = line.End
		} else {
			out = append(out, line)
		}
		breakNext = tableRow(s) || strings.HasSuffix(s, ":")
	}
	return out
}

// headingSize is the length below which a line without a stop may be a heading.
const headingSize = 40

// headingBefore reports whether the text so far is a line of its own, such as a
// heading or a label: short, without a stop, and what follows starts anew.
func headingBefore(so, next string) bool {
	line := so[strings.LastIndexByte(so, '\n')+1:]
	last, _ := utf8.DecodeLastRuneInString(line)
	first, _ := utf8.DecodeRuneInString(next)
	return len(line) < headingSize && last != ',' && !unicode.IsLower(first) && !ends(last)
}

func ends(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '.' || r == '!' || r == '?'
	}
	return strings.ContainsRune(".!?…。！？｡؟।", r)
}

// closing is the length of the stops, quotes and brackets that text starts with.
func closing(text string) int {
	return len(text) - len(strings.TrimLeft(text, ".!?…。！？\"'”’»)]」』"))
}

// boundary reports whether a sentence ends between before, whose stop is r, and after.
func boundary(before string, r rune, after string) bool {
	if strings.ContainsRune("。！？｡", r) {
		return true
	}
	next := strings.TrimLeft(after, " \t\r\n\u00a0\"'“„«‘([¿¡-")
	if next == "" {
		return true
	}
	if first, _ := utf8.DecodeRuneInString(after); !unicode.IsSpace(first) {
		return false
	}
	word, _, _ := strings.Cut(next, " ")
	if r != '.' && r != '…' {
		last, _ := utf8.DecodeLastRuneInString(before)
		return ends(last) || starts(word) // (really!) goes on
	}
	return starts(word) && !abbreviated(before, word)
}

// starts reports whether a word can start a sentence: its first letter is not
// small, or a later one is large, as in "iPhone".
func starts(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	return !unicode.IsLower(first) || strings.ContainsFunc(word[size:], unicode.IsUpper)
}

// abbreviated reports whether the stop at the end of before belongs to an
// abbreviation, an initial or an ordinal, given the word that follows.
func abbreviated(before, next string) bool {
	body, ok := strings.CutSuffix(before, ".")
	if !ok {
		return false
	}
	i := strings.LastIndexFunc(body, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(\"“„«", r) })
	word, lead := body[i+1:], strings.TrimSpace(body[:i+1])
	switch {
	case abbreviations[strings.ToLower(word)]:
		return true
	case counted[strings.ToLower(word)]:
		return unicode.IsNumber(rune(next[0]))
	case word != "" && digits(word) && len(word) <= 2:
		return lead == "" || months[strings.ToLower(strings.TrimRight(next, ".,"))]
	case utf8.RuneCountInString(word) == 1 && word == strings.ToUpper(word):
		return initial(lead)
	default:
		return false
	}
}

// initial reports whether a single capital after lead can be part of a name:
// the word before it starts with a capital, too.
func initial(lead string) bool {
	before := lead[strings.LastIndexByte(lead, ' ')+1:]
	first, _ := utf8.DecodeRuneInString(before)
	return before == "" || unicode.IsUpper(first)
}

// abbreviations are those that a sentence goes on after, without their last stop.
var abbreviations = words(`mr mrs ms dr prof jr mt e.g i.e eg vs cf dept gov hon capt lt sgt resp incl excl
z.b d.h u.a o.ä bzw evtl ggf inkl exkl zzgl vgl sog hr fr p.ej sr sra srta dra mme mlle dott sig sig.ra avv
dhr mevr bijv d.w.z им т.е`)

// counted are abbreviations only before a number: a sentence may end in "no".
var counted = words(`no nos nr tel ext max min approx est art sec fig figs vol ch p pp ca abs st núm pág n ст г`)

// months are the words before which a number with a stop is the day of a date.
var months = words(`januar jänner februar märz april mai juni juli august september oktober november dezember
january february march may june july october december quartal jahrhundert etage stock`)
