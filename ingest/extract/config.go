package extract

import (
	"regexp"
	"strings"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

var (
	// iniSection is a header such as [server] or [[products]].
	iniSection = regexp.MustCompile(`^\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:[#;].*)?$`)
	// tagSection is a header such as <VirtualHost *:80>.
	tagSection = regexp.MustCompile(`^<([A-Za-z][^<>]*)>$`)
	// openSection is the first line of a block in braces.
	openSection = regexp.MustCompile(`^([\w"'][^{}#;]*?|)\s*\{\s*(?:#.*)?$`)
	// assignment is a setting: its key, and its value behind a sign.
	assignment = regexp.MustCompile(`^([\w.$"'-][\w.$"'\[\] -]*?)\s*(?::?=|:(?:\s|$))\s*(.*)$`)
	// commentLine is a comment: its text.
	commentLine = regexp.MustCompile(`^(?:#+|;+|//+|"\s)\s?(.*)$`)
)

// config reads settings as they are written for programs: sections are
// headings, a setting is a line "key: value", and the comment above it stays
// with it. See kind.go for the names of such files.
func (c content) config() (retrieval.Document, error) {
	o := c.outline()
	f := &settings{out: o, slugs: make(slugs), most: c.opts.MaxDepth}
	for line := range strings.SplitSeq(decode(c.data), "\n") {
		f.line(line)
		if err := o.full(); err != nil {
			return retrieval.Document{}, err
		}
	}
	f.end()
	return o.document()
}

// maxSetting is from which length on a line is text, and a setting not continued,
// in bytes.
const maxSetting = 4 << 10

// settings reads the lines of a file of settings.
type settings struct {
	out   *outline
	slugs slugs
	most  int      // how deeply blocks may be nested
	open  []place  // where the blocks stand that are open
	block []string // lines until the next blank one
	said  int      // of those, the comments at the end
}

func (f *settings) line(line string) {
	text := strings.TrimSpace(line)
	if text == "" {
		f.end()
		return
	}
	if len(text) > maxSetting {
		f.block = append(f.block, oneLine(text))
		return
	}
	if m := commentLine.FindStringSubmatch(text); m != nil {
		if wordy(m[1]) {
			f.block = append(f.block, oneLine(m[1]))
			f.said++
		}
		return
	}
	if f.opens(text) {
		return
	}
	if text == "}" || text == "};" || strings.HasPrefix(text, "</") {
		f.end()
		if n := len(f.open); n > 0 {
			f.out.resume(f.open[n-1])
			f.open = f.open[:n-1]
		}
		return
	}
	if m := assignment.FindStringSubmatch(text); m != nil && m[2] != "" && !strings.Contains(m[1], "://") {
		text = oneLine(m[1]) + ": " + strings.TrimSpace(m[2])
	} else if indented := line != strings.TrimLeft(line, " \t"); indented && len(f.block) > 0 && len(f.open) == 0 && len(f.block[len(f.block)-1]) < maxSetting {
		f.block[len(f.block)-1] += " " + oneLine(text) // goes on with the value above
		return
	}
	f.block = append(f.block, strings.TrimSuffix(text, ";"))
	f.said = 0
}

// opens starts a section if the line is the first of one.
func (f *settings) opens(text string) bool {
	if m := iniSection.FindStringSubmatch(text); m != nil {
		comment := f.comment()
		f.end()
		f.block = comment
		f.section(1+min(strings.Count(m[1], "."), 4), strings.Trim(m[1], `"'`))
		return true
	}
	for _, section := range []*regexp.Regexp{tagSection, openSection} {
		if m := section.FindStringSubmatch(text); m != nil && len(f.open) < f.most {
			comment := f.comment()
			f.end()
			f.open = append(f.open, f.out.here())
			f.block = comment
			f.section(len(f.open), m[1])
			return true
		}
	}
	return false
}

// comment takes the comment off that ends the block.
func (f *settings) comment() []string {
	n := len(f.block) - f.said
	comment := f.block[n:]
	f.block, f.said = f.block[:n:n], 0
	return comment
}

// section starts a section. A comment right above it belongs to it.
func (f *settings) section(level int, name string) {
	comment := f.block
	f.block = nil
	if name = oneLine(name); name == "" {
		name = "…"
	}
	f.out.heading(level+1, name, f.slugs.slug(name))
	f.block = comment
}

// end ends a block.
func (f *settings) end() {
	f.out.block(strings.Join(f.block, "\n"))
	f.block, f.said = nil, 0
}
