package extract

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A walker writes an HTML tree to an outline.
type walker struct {
	out    *outline
	line   bytes.Buffer        // inline text of the block being gathered
	link   string              // where the link leads that the text stands in, if any
	kind   linkage             // of the line, while linked
	linked bool                // the line has a link
	words  bool                // the line has words beside its links
	alt    string              // of an image in the line
	flat   bool                // headings are paragraphs: the tree is an aside or a piece of a text
	plain  bool                // no more than what the page shows: [Options.Plain]
	open   bool                // details end elsewhere
	number int                 // of the next item of the innermost list, 0 for bullets
	cell   func(string) string // reads the text of a table's cell, if not nil
}

// block walks the children of n, which may be of any kind.
func (w *walker) block(n *html.Node) {
	for c := range n.ChildNodes() {
		if w.out.full() != nil {
			return
		}
		w.node(c)
	}
}

// node walks a node: text, a heading, a block of its own, or a part of a line.
func (w *walker) node(n *html.Node) {
	if n.Type == html.TextNode {
		w.text(n.Data)
		return
	}
	if n.Type != html.ElementNode || void(n) {
		return
	}
	switch level := headingLevel(n.DataAtom); {
	case level > 0:
		w.heading(n, level)
	case n.DataAtom == atom.Button && unfolds(n), asked(n):
		w.heading(n, minor)
	case isBlock(n.DataAtom):
		w.flush()
		w.element(n)
		w.flush()
	default:
		w.inline(n)
	}
}

// text adds text to the line, and notes what the line has beside its links.
func (w *walker) text(s string) {
	w.line.WriteString(strings.ReplaceAll(s, "\n", " "))
	switch {
	case !wordy(s):
	case w.link == "":
		w.words = true
	default:
		if !w.linked {
			w.kind = local
		}
		w.linked = true
		if w.link[0] != '#' {
			w.kind = links
		}
	}
}

// element walks an element that is a block of its own.
func (w *walker) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Pre:
		w.out.code(rawText(n))
	case atom.Ul, atom.Ol:
		if !w.flat && contents(n) && w.out.contents() {
			return
		}
		outer := w.number
		w.number = firstNumber(n)
		w.block(n)
		w.flush()
		w.number = outer
		w.out.endList()
	case atom.Li:
		w.out.openItem(itemMark(&w.number))
		w.block(n)
		w.flush()
		w.out.closeItem()
	case atom.Table:
		w.table(n)
	case atom.Details:
		w.part(n)
	case atom.Summary:
		w.heading(n, minor)
	case atom.Dl:
		w.definitions(n)
	default:
		flat := w.flat
		w.flat = flat || beside(n)
		if isQuestion(n) {
			w.part(n)
		} else {
			w.block(n)
		}
		w.flush()
		w.flat = flat
	}
}

// part walks an element whose headings end with it.
func (w *walker) part(n *html.Node) {
	here := w.out.here()
	w.block(n)
	w.flush()
	if !w.flat && !w.open && w.out.depth == 0 {
		w.out.resume(here)
	}
}

// isQuestion reports whether an element is a question with its answer in microdata:
// https://html.spec.whatwg.org/multipage/microdata.html, https://schema.org/Question.
func isQuestion(n *html.Node) bool { return strings.HasSuffix(attr(n, "itemtype"), "/Question") }

// asked reports whether an element is the text of such a question, and has no
// heading in it.
func asked(n *html.Node) bool {
	if attr(n, "itemprop") != "name" {
		return false
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if hasAttr(p, "itemscope") {
			return isQuestion(p) && !slices.ContainsFunc([]atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Button, atom.Summary},
				func(a atom.Atom) bool { return first(n, a) != nil || within(n, a) })
		}
	}
	return false
}

// inline walks an element inside a line.
func (w *walker) inline(n *html.Node) {
	switch n.DataAtom {
	case atom.Br:
		w.line.WriteString("\n")
	case atom.Wbr:
	case atom.Img:
		if !w.plain && !captioned(n) {
			w.alt = described(attr(n, "alt"))
		}
	case atom.Sup:
		if text := rawText(n); !strings.HasPrefix(strings.TrimSpace(text), "[") {
			w.block(n)
		}
	case atom.A:
		if text := strings.TrimSpace(rawText(n)); text == "¶" || text == "#" || text == "§" {
			return
		}
		outer := w.link
		w.link = attr(n, "href")
		w.block(n)
		w.link = outer
	default:
		w.block(n)
	}
}

// heading starts a section, or a paragraph where sections cannot be.
func (w *walker) heading(n *html.Node, level int) {
	w.flush()
	text := headingText(n)
	if w.cell != nil && n.DataAtom == atom.Summary {
		text = w.cell(text)
	}
	if w.flat {
		w.out.block(text)
		return
	}
	w.out.heading(level, text, anchorOf(n))
}

// headingText returns the text of a heading without the mark of its own link.
func headingText(n *html.Node) string {
	w := &walker{out: newOutline(1 << 16), flat: true}
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Button {
			w.block(c)
			continue
		}
		w.node(c)
	}
	w.flush()
	return strings.TrimRight(oneLine(w.out.text.String()), "¶# ")
}

// anchorOf returns the id nearest to a heading: its own, one inside it, that
// of an element around or right before it.
func anchorOf(n *html.Node) string {
	if id := attr(n, "id"); id != "" {
		return id
	}
	for d := range descendants(n) {
		if id := placeID(d); id != "" {
			return id
		}
	}
	if n.Parent == nil {
		return ""
	}
	previous := n.PrevSibling
	for previous != nil && previous.Type == html.TextNode && strings.TrimSpace(previous.Data) == "" {
		previous = previous.PrevSibling
	}
	if previous != nil && previous.Type == html.ElementNode {
		if previous.FirstChild == nil {
			return placeID(previous)
		}
		return ""
	}
	switch n.Parent.DataAtom {
	case atom.Section, atom.Div, atom.Details, atom.Article, atom.Summary, atom.Header:
		if previous == nil {
			return attr(n.Parent, "id")
		}
	}
	return ""
}

// placeID returns the id that an element gives to its place.
func placeID(n *html.Node) string {
	if id := attr(n, "id"); id != "" {
		return id
	}
	if n.DataAtom == atom.A {
		return attr(n, "name")
	}
	return ""
}

// definitions writes a list of terms, each with its explanation below it. A
// term that asks a question or has an id is a heading.
func (w *walker) definitions(n *html.Node) {
	here := w.out.here()
	headed := false
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Div { // groups are allowed
			w.definitions(c)
			continue
		}
		if c.DataAtom != atom.Dt {
			w.block(c)
			w.flush()
			continue
		}
		text := headingText(c)
		if !w.flat && (strings.HasSuffix(text, "?") || attr(c, "id") != "") && len(text) < 200 {
			w.out.heading(minor, text, anchorOf(c))
			headed = true
			continue
		}
		w.out.block(text)
	}
	if headed && w.out.depth == 0 {
		w.out.resume(here)
	}
}

// flush ends the line being gathered.
func (w *walker) flush() {
	text := paragraph(w.line.String())
	if text == "" {
		text = w.alt
	}
	if w.linked && !w.words && !w.flat {
		w.out.links(text, w.kind)
	} else {
		w.out.block(text)
	}
	w.line.Reset()
	w.linked, w.words, w.alt = false, false, ""
}

// headingLevel returns 1 to 6 for a heading, 0 for any other element.
func headingLevel(a atom.Atom) int {
	switch a {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}

// isBlock reports whether an element begins a line of its own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd,
		atom.Details, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.Header, atom.Hgroup, atom.Hr, atom.Html, atom.Li, atom.Main, atom.Ol, atom.P, atom.Pre, atom.Section,
		atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return true
	}
	return false
}

// firstNumber returns the number of a list's first item, 0 for bullets.
func firstNumber(list *html.Node) int {
	if list.DataAtom != atom.Ol {
		return 0
	}
	if start, err := strconv.Atoi(attr(list, "start")); err == nil && start > 0 {
		return start
	}
	return 1
}

// captioned reports whether an image stands in a figure that says what it shows.
func captioned(img *html.Node) bool {
	for p := img.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Figure {
			return first(p, atom.Figcaption) != nil
		}
	}
	return false
}
