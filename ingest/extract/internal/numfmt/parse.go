// Package numfmt shows the numbers of a workbook as its user sees them, by
// their number formats: "#,##0.00", "dd/mm/yyyy", "[h]:mm" and so on.
//
// The language is that of ECMA-376 part 1, 18.8.31. What that leaves open, such
// as the order of a short date, is shown as an English (US) LibreOffice does.
package numfmt

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxCode is how many characters a format code may have: what Excel allows.
const maxCode = 255

// maxDigits is the most placeholders of digits in a part of a number.
const maxDigits = 40

// A Format is a parsed format code. The zero Format is "General". It is never
// changed once made, and may be used from many goroutines.
type Format struct {
	sections []section
	text     *section // for text; nil shows text as it is
}

// A section is one of the alternatives of a format, told apart by the value.
type section struct {
	tokens    []token
	condition string  // "<", "<=", ">", ">=", "=", "<>", or empty
	operand   float64 // what the condition compares with
	date      bool    // some token is part of a date or a time
}

// A token is a piece of a section.
type token struct {
	kind tokenKind
	text string
}

// A tokenKind says what a token stands for.
type tokenKind int

const (
	literal     tokenKind = iota // text as it is
	general                      // the number as it is
	digit                        // "0", "#" or "?"
	point                        // "."
	comma                        // ","
	percent                      // "%"
	exponent                     // "E+" or "E-"
	slash                        // "/"
	textual                      // "@"
	dateTime                     // a run of one of y, m, d, h, s, or "AM/PM", or "A/P"
	elapsedTime                  // a run of h, m or s in brackets
)

// Parse returns the format of a code: up to four sections with semicolons between
// them, of which the fourth is for text. A last section with "@" is for text as
// well. A code that makes no sense is shown in parts: Parse does not fail.
func Parse(code string) Format {
	if code == "" || utf8.RuneCountInString(code) > maxCode {
		return Format{}
	}
	var f Format
	parts := splitSections(code)
	for i, part := range parts {
		s := parseSection(part)
		switch {
		case i == 3 || i == len(parts)-1 && s.has(textual):
			f.text = &s
		case i < 3:
			f.sections = append(f.sections, s)
		}
	}
	return f
}

// splitSections parts a code at the semicolons that are not quoted.
func splitSections(code string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\':
			i++
		case '"', '[':
			i += enclosed(code[i:]) - 1
		case ';':
			parts = append(parts, code[start:i])
			start = i + 1
		}
	}
	return append(parts, code[start:])
}

// enclosed returns the length of what begins with a quote or a bracket, with
// both ends. What is not closed goes to the end.
func enclosed(s string) int {
	end := `"`
	if s[0] == '[' {
		end = "]"
	}
	if i := strings.Index(s[1:], end); i >= 0 {
		return i + 2
	}
	return len(s)
}

// parseSection reads one section to its end.
func parseSection(code string) section {
	var s section
	for rest := code; rest != ""; {
		rest = rest[s.next(rest):]
	}
	if code != "" && len(s.tokens) == 0 {
		s.add(general, "") // no more than a colour
	}
	for _, t := range s.tokens {
		s.date = s.date || t.kind == dateTime || t.kind == elapsedTime
	}
	return s
}

// has reports whether a token of the kind is there.
func (s section) has(kind tokenKind) bool {
	for _, t := range s.tokens {
		if t.kind == kind {
			return true
		}
	}
	return false
}

// add appends a token.
func (s *section) add(kind tokenKind, text string) {
	s.tokens = append(s.tokens, token{kind, text})
}

// next adds the token that code begins with and returns its length.
func (s *section) next(code string) int {
	c := code[0]
	_, size := utf8.DecodeRuneInString(code)
	switch {
	case c == '"':
		n := enclosed(code)
		s.add(literal, strings.Trim(code[:n], `"`))
		return n
	case c == '[':
		n := enclosed(code)
		s.bracket(strings.Trim(code[:n], "[]"))
		return n
	case c == '\\' || c == '_' || c == '*':
		return s.escaped(code)
	case strings.IndexByte("0#?", c) >= 0:
		s.add(digit, code[:1])
	case c == '.':
		s.add(point, ".")
	case c == ',':
		s.add(comma, ",")
	case c == '%':
		s.add(percent, "%")
	case c == '/':
		s.add(slash, "/")
	case c == '@':
		s.add(textual, "@")
	default:
		return s.word(code, size)
	}
	return 1
}

// word adds what begins with a letter, or else a character that stands for itself,
// and returns its length. The size is that of the first character.
func (s *section) word(code string, size int) int {
	for _, w := range []string{"general", "standard", "am/pm", "a/p"} {
		if len(code) < len(w) || !strings.EqualFold(code[:len(w)], w) {
			continue
		}
		if w[0] == 'a' {
			s.add(dateTime, w)
		} else {
			s.add(general, "")
		}
		return len(w)
	}
	c := code[0] | 0x20
	if c == 'e' && len(code) > 1 && (code[1] == '+' || code[1] == '-') {
		s.add(exponent, code[1:2])
		return 2
	}
	if strings.IndexByte("ymdhsge", c) >= 0 {
		n := run(code)
		s.add(dateTime, strings.ToLower(code[:n]))
		return n
	}
	s.add(literal, code[:size])
	return size
}

// run returns how often the first letter is repeated, in either case.
func run(s string) int {
	n := 1
	for n < len(s) && s[n]|0x20 == s[0]|0x20 {
		n++
	}
	return n
}

// escaped adds what a backslash, an underscore (a space as wide as the next
// character) or an asterisk (the next character repeated) make of what follows.
func (s *section) escaped(code string) int {
	_, n := utf8.DecodeRuneInString(code[1:])
	switch code[0] {
	case '\\':
		s.add(literal, code[1:1+n])
	case '_':
		s.add(literal, " ")
	}
	return 1 + n
}

// bracket adds what stands in brackets: a condition such as "<100", a currency
// with a language such as "$€-407", or an elapsed time such as "h". Colours and
// the like are passed over.
func (s *section) bracket(text string) {
	if sign, ok := strings.CutPrefix(text, "$"); ok {
		if i := strings.LastIndexByte(sign, '-'); i >= 0 {
			sign = sign[:i]
		}
		s.add(literal, sign)
		return
	}
	if op := text[:len(text)-len(strings.TrimLeft(text, "<>="))]; op != "" {
		v, err := strconv.ParseFloat(strings.TrimSpace(text[len(op):]), 64)
		if err == nil && len(op) <= 2 {
			s.condition, s.operand = op, v
		}
		return
	}
	lower := strings.ToLower(text)
	if lower != "" && strings.Trim(lower, lower[:1]) == "" && strings.IndexByte("hms", lower[0]) >= 0 {
		s.add(elapsedTime, lower)
	}
}

// holds reports whether a value meets the condition.
func (s section) holds(v float64) bool {
	switch s.condition {
	case "<":
		return v < s.operand
	case "<=":
		return v <= s.operand
	case ">":
		return v > s.operand
	case ">=":
		return v >= s.operand
	case "=":
		return v == s.operand
	case "<>":
		return v != s.operand
	}
	return true
}
