package extract

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// minor is the level of a heading that is none by its markup, such as the
// question of an accordion. Any real heading ends it.
const minor = 7

// bulletMark begins an item of a list without numbers.
const bulletMark = "- "

// maxIndent is how many levels of nested lists show in the text.
const maxIndent = 6

// blockCost is what a block or a heading counts beside its text, in bytes. It
// bounds how many there may be.
const blockCost = 64

// An outline gathers headings and blocks in reading order into sections. All
// kinds of documents are written through one.
type outline struct {
	title    string
	plain    bool         // what only refers to other pages stays too
	stub     bool         // a title alone is a document: its author wrote no more
	limit    int          // bytes of text left; negative once passed
	check    func() error // whose error ends the reading; may be nil
	sections []retrieval.Section

	path   []heading
	anchor string
	text   bytes.Buffer
	refer  int // where the text begins that only refers to other pages, or -1

	depth    int    // of open list items
	bare     bool   // the last heading has neither text nor headings below it yet
	mark     string // of the innermost list item, until it has text
	lastItem bool   // the last block belongs to a list item

	referred []retrieval.Section // left out, unless there is nothing else
}

type heading struct {
	level int
	text  string
}

// A place is where an outline stands, to come back to.
type place struct {
	path   []heading
	anchor string
}

// newOutline returns an empty outline of at most limit bytes of text.
func newOutline(limit int) *outline {
	return &outline{limit: limit, refer: -1}
}

// heading starts a section. The first heading of level 1 is the title if there
// is none yet, and a repetition of the title is not a section of its own.
func (o *outline) heading(level int, text, anchor string) {
	text = oneLine(text)
	if text == "" {
		return
	}
	if o.depth > 0 {
		o.block(text)
		return
	}
	if n := len(o.path); n > 0 && level > o.path[n-1].level {
		o.bare = false
	}
	o.flush()
	if level == 1 && o.title == "" && len(o.sections) == 0 {
		o.title, o.stub = text, true
	}
	o.anchor = anchor
	o.path = o.above(level)
	if level == 1 && strings.EqualFold(text, o.title) {
		o.anchor = ""
		return
	}
	o.limit -= len(text) + blockCost
	o.path = append(o.path, heading{level, text})
	o.bare = true
	for _, h := range o.path {
		if !o.plain && refers(h.text) {
			o.refer = 0
		}
	}
}

// above returns the open headings that contain one of the given level.
func (o *outline) above(level int) []heading {
	n := len(o.path)
	for n > 0 && o.path[n-1].level >= level {
		n--
	}
	return o.path[:n:n]
}

// here returns the place to resume after a part that has headings of its own.
func (o *outline) here() place { return place{o.path, o.anchor} }

// resume goes on under the headings of p.
func (o *outline) resume(p place) {
	o.flush()
	o.path, o.anchor = p.path, p.anchor
}

// openItem starts a list item with its mark, "- " or its number. closeItem
// ends it.
func (o *outline) openItem(mark string) {
	o.depth++
	o.mark = mark
}

func (o *outline) closeItem() {
	o.depth--
	o.mark = ""
}

// code adds a piece of code. One with blank lines in it is fenced, to be seen
// as one block.
func (o *outline) code(text string) {
	text = strings.TrimRight(text, " \t\n")
	if strings.Contains(text, "\n\n") {
		text = "```\n" + strings.Trim(text, "\n") + "\n```"
	}
	o.block(text)
}

// itemMark returns what the next item of a list begins with, and counts it. The
// number is 0 in a list of bullets.
func itemMark(number *int) string {
	if *number <= 0 {
		return bulletMark
	}
	mark := fmt.Sprintf("%d. ", *number)
	*number++
	return mark
}

// block adds a paragraph or a table as it is.
func (o *outline) block(text string) {
	switch {
	case strings.TrimSpace(text) == "":
		return
	case o.depth > 0 || o.plain || !refers(text):
		o.refer = -1
	case o.refer < 0:
		o.refer = o.text.Len()
	}
	o.add(text)
}

// add adds text as it is.
func (o *outline) add(text string) {
	text = strings.Trim(text, "\n")
	if strings.TrimSpace(text) == "" || o.limit < 0 {
		return
	}
	separator := "\n\n"
	if o.depth > 0 {
		if o.lastItem {
			separator = "\n"
		}
		text = o.indented(text)
	}
	if o.text.Len() > 0 {
		o.text.WriteString(separator)
	}
	o.bare = false
	o.lastItem = o.depth > 0
	o.limit -= len(text) + blockCost
	o.text.WriteString(text)
}

func (o *outline) indented(text string) string {
	indent := strings.Repeat("  ", min(o.depth, maxIndent)-1)
	mark := "  "
	if o.mark != "" {
		mark, o.mark = o.mark, ""
	}
	return indent + mark + strings.ReplaceAll(text, "\n", "\n"+indent+"  ")
}

// endList makes the next list a block of its own.
func (o *outline) endList() {
	if o.depth == 0 {
		o.lastItem = false
	}
}

// flush ends the current section. One without text is dropped if its heading
// stands in the path of those below it; else the heading is its text. What only
// refers to other pages is left out.
func (o *outline) flush() {
	text := o.text.String()
	if o.bare {
		text = o.path[len(o.path)-1].text
	}
	if o.refer >= 0 {
		o.referred = o.section(o.referred, text)
		text = text[:min(o.refer, o.text.Len())]
	}
	o.sections = o.section(o.sections, text)
	o.text.Reset()
	o.lastItem, o.bare, o.refer = false, false, -1
}

// section appends a section of the text under the open headings, if any text.
func (o *outline) section(to []retrieval.Section, text string) []retrieval.Section {
	text = strings.TrimSpace(text)
	if text == "" {
		return to
	}
	var path []string
	for _, h := range o.path {
		path = append(path, h.text)
	}
	return append(to, retrieval.Section{Path: path, Anchor: o.anchor, Text: text})
}

// charge counts what is read beside blocks, such as the cells of a table.
func (o *outline) charge(n int) { o.limit -= n }

// full returns why nothing more can be written: there is too much text, or no
// time left. A reader that asks may just end: document returns the error again.
func (o *outline) full() error {
	if o.limit < 0 {
		return fmt.Errorf("%w: too much text in one document, or too many blocks", ingest.ErrTooLarge)
	}
	if o.check != nil {
		return o.check()
	}
	return nil
}

// document ends the outline.
func (o *outline) document() (retrieval.Document, error) {
	o.flush()
	if err := o.full(); err != nil {
		return retrieval.Document{}, err
	}
	if len(o.sections) == 0 {
		o.sections = o.referred
	}
	if len(o.sections) == 0 && o.stub {
		o.sections = append(o.sections, retrieval.Section{Text: o.title})
	}
	if len(o.sections) == 0 {
		return retrieval.Document{}, ingest.ErrNoText
	}
	return retrieval.Document{Title: o.title, Sections: o.sections}, nil
}

// oneLine returns s with every run of white space made one space, and none at its
// ends.
func oneLine(s string) string {
	gap := true // most texts are as they should be
	for i := range len(s) {
		switch c := s[i]; {
		case c > ' ' && c < utf8.RuneSelf:
			gap = false
		case c == ' ' && !gap:
			gap = true
		default:
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return strings.TrimSuffix(s, " ")
}

// paragraph returns s with runs of blanks made one, and line ends kept.
func paragraph(s string) string {
	if !strings.ContainsRune(s, '\n') {
		return oneLine(s)
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = oneLine(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// table returns one line a row. With a header, cells are "header: cell".
func table(rows [][]string, header bool) string {
	var names []string
	if header && len(rows) > 1 {
		names, rows = rows[0], rows[1:]
	}
	var lines []string
	for _, row := range rows {
		if line := tableRow(row, names); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// tableRow returns a row of a table as a line, each cell after the name of its
// column, if it has one.
func tableRow(row, names []string) string {
	var cells []string
	for i, cell := range row {
		cell = oneLine(cell)
		if cell == "" {
			continue
		}
		if i < len(names) && oneLine(names[i]) != "" {
			cell = strings.TrimSuffix(oneLine(names[i]), ":") + ": " + cell
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, "; ")
}

// slugs gives headings the anchors that GitHub gives them.
type slugs map[string]int

func (s slugs) slug(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(text)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			b.WriteRune(r)
		}
	}
	slug := b.String()
	n, used := s[slug]
	s[slug] = n + 1
	if used {
		slug = fmt.Sprintf("%s-%d", slug, n)
		s[slug]++
	}
	return slug
}
