package extract

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// maxHeading is the longest line of plain text that can be a heading, in bytes.
const maxHeading = 100

var (
	numbered = regexp.MustCompile(`^(\d+(?:\.\d+)*)[.)]?\s+\p{Lu}`)
	bullet   = regexp.MustCompile(`^\s*(?:[-*+•–]|\d{1,3}[.)])\s+`)
)

// text reads plain text. Underlined, numbered and upper-case lines that stand
// alone are headings.
func (c content) text() (retrieval.Document, error) {
	p := &plain{out: c.outline(), slugs: make(slugs)}
	p.page(decode(c.data))
	return p.out.document()
}

// pages reads the text of a program that divides pages by form feeds. The page
// is the anchor, as in a PDF.
func (c content) pages() (retrieval.Document, error) {
	p := &plain{out: c.outline(), slugs: make(slugs)}
	for i, page := range strings.Split(decode(c.data), "\f") {
		if p.out.full() != nil {
			break
		}
		p.anchor = fmt.Sprintf("page=%d", i+1)
		here := p.out.here()
		here.anchor = p.anchor
		p.out.resume(here)
		p.page(page)
	}
	return p.out.document()
}

// plain reads groups of lines that stand between blank lines.
type plain struct {
	out    *outline
	slugs  slugs
	anchor string // of headings, instead of their slug
	styles []byte // of underlines, in the order of their first use
}

// maxGroup is the most lines that are looked at as one group.
const maxGroup = 10_000

func (p *plain) page(text string) {
	var group []string
	for line := range strings.SplitSeq(text, "\n") {
		blank := strings.TrimSpace(line) == ""
		if !blank {
			group = append(group, line)
		}
		if blank || len(group) == maxGroup {
			p.group(group)
			group = group[:0]
		}
		if p.out.full() != nil {
			return
		}
	}
	p.group(group)
}

// heading starts a section.
func (p *plain) heading(level int, text string) {
	anchor := p.anchor
	if anchor == "" {
		anchor = p.slugs.slug(text)
	}
	p.out.heading(level, text, anchor)
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
	p.heading(level, text)
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
	if bullet.MatchString(lines[0]) {
		p.list(lines)
		return
	}
	p.out.endList()
	p.out.block(paragraph(strings.Join(lines, "\n")))
}

// alone takes a line that is a heading without an underline.
func (p *plain) alone(line string) bool {
	if len(line) > maxHeading || strings.HasSuffix(line, ".") || strings.HasSuffix(line, ",") || strings.HasSuffix(line, ";") {
		return false
	}
	if m := numbered.FindStringSubmatch(line); m != nil {
		p.heading(1+strings.Count(m[1], ".")+1, line)
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
	p.heading(1, line)
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
		p.out.block(paragraph(item))
		p.out.closeItem()
		start = end
	}
}
