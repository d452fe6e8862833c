package extract

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// maxHeading is the longest line of plain text that can be a heading, in bytes.
const maxHeading = 100

var (
	numbered  = regexp.MustCompile(`^(\d+(?:\.\d+)*)[.)]?\s+\p{Lu}`)
	directive = regexp.MustCompile(`^\.\. (?:[\w:-]+::\s*(.*)|_[^:]+:\s*|.*)$`)
	role      = regexp.MustCompile(":[\\w:+-]+:`([^`<]+?)\\s*(?:<[^`>]*>)?`")
	reference = regexp.MustCompile("`([^`<]+?)\\s*<[^`>]+>`__?")
	bullet    = regexp.MustCompile(`^\s*(?:[-*+•–]|\d{1,3}[.)])\s+`)
)

// text reads plain text and reStructuredText. Underlined, numbered and
// upper-case lines that stand alone are headings.
func (c content) text() (retrieval.Document, error) {
	o := newOutline(c.opts.MaxText)
	p := &plain{out: o, slugs: make(slugs), rst: strings.HasSuffix(strings.ToLower(c.item.Name), ".rst")}
	lines := strings.Split(decode(c.data), "\n")
	for i := 0; i < len(lines); {
		end := i
		for end < len(lines) && strings.TrimSpace(lines[end]) != "" {
			end++
		}
		p.group(lines[i:end])
		i = end + 1
	}
	return o.document()
}

// plain reads groups of lines that stand between blank lines.
type plain struct {
	out    *outline
	slugs  slugs
	rst    bool
	styles []byte // of underlines, in the order of their first use
}

func (p *plain) group(lines []string) {
	for len(lines) > 0 {
		if n := p.underlined(lines); n > 0 {
			lines = lines[n:]
			continue
		}
		n := 1
		for n < len(lines) && p.underlineAt(lines[n:]) == 0 {
			n++
		}
		p.paragraph(lines[:n])
		lines = lines[n:]
	}
}

// underlined takes a heading with a line below it, and maybe above it.
func (p *plain) underlined(lines []string) int {
	n := p.underlineAt(lines)
	if n == 0 {
		return 0
	}
	text := strings.TrimSpace(lines[n-2])
	style := lines[n-1][0]
	if n == 3 {
		style |= 0x80
	}
	level := bytes.IndexByte(p.styles, style) + 1
	if level == 0 {
		p.styles = append(p.styles, style)
		level = len(p.styles)
	}
	p.out.heading(level, p.inline(text), p.slugs.slug(text))
	return n
}

// underlineAt returns how many lines the heading at the start takes, or zero.
func (p *plain) underlineAt(lines []string) int {
	if len(lines) >= 3 && ruler(lines[0]) && ruler(lines[2]) && lines[0][0] == lines[2][0] && !ruler(lines[1]) {
		return 3
	}
	if len(lines) >= 2 && !ruler(lines[0]) && ruler(lines[1]) && len(lines[0]) <= maxHeading &&
		utf8.RuneCountInString(strings.TrimSpace(lines[1]))+1 >= utf8.RuneCountInString(strings.TrimSpace(lines[0])) {
		return 2
	}
	return 0
}

// ruler reports whether the line is one punctuation character repeated.
func ruler(line string) bool {
	line = strings.TrimRight(line, " \t\r")
	return len(line) >= 3 && strings.IndexByte("=-~^\"'`#*+_:.", line[0]) >= 0 &&
		strings.Trim(line, line[:1]) == ""
}

func (p *plain) paragraph(lines []string) {
	if len(lines) == 1 && p.alone(strings.TrimSpace(lines[0])) {
		return
	}
	if p.rst {
		lines = p.directives(lines)
	}
	if len(lines) == 0 {
		return
	}
	if bullet.MatchString(lines[0]) {
		p.list(lines)
		return
	}
	p.out.endList()
	p.out.block(p.inline(paragraph(strings.Join(lines, "\n"))))
}

// alone takes a line that is a heading without an underline.
func (p *plain) alone(line string) bool {
	if len(line) > maxHeading || strings.HasSuffix(line, ".") || strings.HasSuffix(line, ",") || strings.HasSuffix(line, ";") {
		return false
	}
	if m := numbered.FindStringSubmatch(line); m != nil {
		p.out.heading(1+strings.Count(m[1], ".")+1, line, p.slugs.slug(line))
		return true
	}
	letters := 0
	for _, r := range line {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	if letters < 4 {
		return false
	}
	p.out.heading(1, line, p.slugs.slug(line))
	return true
}

// list takes a group that starts with a bullet or a number. Lines without one
// go on with the item before.
func (p *plain) list(lines []string) {
	for start := 0; start < len(lines); {
		end := start + 1
		for end < len(lines) && !bullet.MatchString(lines[end]) {
			end++
		}
		text := strings.Join(lines[start:end], "\n")
		item := bullet.ReplaceAllString(text, "")
		mark := bulletMark
		if number := strings.TrimSpace(bullet.FindString(text)); number != "" && number[0] >= '0' && number[0] <= '9' {
			mark = number + " "
		}
		p.out.openItem(mark)
		p.out.block(p.inline(paragraph(item)))
		p.out.closeItem()
		start = end
	}
}

// directives removes the markup of reStructuredText and keeps its text.
func (p *plain) directives(lines []string) []string {
	var kept []string
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if m := directive.FindStringSubmatch(line); m != nil {
			line = m[1]
		} else if strings.HasPrefix(line, ":") && strings.Count(line, ":") == 2 && strings.Contains(line, ": ") {
			line = "" // an option of a directive
		}
		if line != "" {
			kept = append(kept, strings.TrimSuffix(line, "::"))
		}
	}
	return kept
}

func (p *plain) inline(s string) string {
	if !p.rst {
		return s
	}
	s = role.ReplaceAllString(s, "$1")
	s = reference.ReplaceAllString(s, "$1")
	return strings.NewReplacer("``", "", "**", "").Replace(s)
}

// decode returns text as UTF-8 with line ends "\n" and without the characters
// that show nothing. UTF-16 is known by its mark; what is not valid UTF-8 is
// taken for windows-1252, as browsers do.
func decode(data []byte) string {
	var s string
	switch {
	case hasUTF16Mark(data):
		s = decodeUTF16(data)
	case utf8.Valid(data):
		s = string(data)
	default:
		s = decode1252(data)
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "", "\u00ad", "", "\u200b", "", "\f", "\n", "\x00", "").Replace(s)
	return s
}

func decodeUTF16(data []byte) string {
	big := data[0] == 0xfe
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		lo, hi := uint16(data[i]), uint16(data[i+1])
		if big {
			lo, hi = hi, lo
		}
		units = append(units, hi<<8|lo)
	}
	return string(utf16.Decode(units))
}

// high1252 are the characters of windows-1252 from 0x80 to 0x9f. See
// https://encoding.spec.whatwg.org/#windows-1252.
var high1252 = [...]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

func decode1252(data []byte) string {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for _, c := range data {
		b.WriteRune(rune1252(c))
	}
	return b.String()
}

func rune1252(c byte) rune {
	if c >= 0x80 && c < 0xa0 {
		return high1252[c-0x80]
	}
	return rune(c)
}
