package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A tally counts what an element holds, in bytes of text.
type tally struct {
	text   int    // all of it
	linked int    // the part inside links
	heads  int    // its headings, if measured
	framed bool   // it holds a first heading or a main element
	lead   string // its first lesser heading, as letters returns it
}

// prose returns how much of the text stands outside of links.
func (t tally) prose() int { return t.text - t.linked }

// add counts what another element within holds.
func (t *tally) add(u tally) {
	t.text += u.text
	t.linked += u.linked
	t.heads += u.heads
	t.framed = t.framed || u.framed
	if t.lead == "" {
		t.lead = u.lead
	}
}

// count counts a text without the space around it.
func (t *tally) count(text string, linked bool) {
	n := len(strings.TrimSpace(text))
	t.text += n
	if linked {
		t.linked += n
	}
}

// measure counts an element as it is, with the elements that are no content. It
// may stand inside a link.
func measure(n *html.Node, linked bool) (t tally) {
	if headingLevel(n.DataAtom) > 0 {
		t.heads = 1
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			t.count(c.Data, linked)
		case c.Type == html.ElementNode && !void(c):
			t.add(measure(c, linked || c.DataAtom == atom.A))
		}
	}
	return t
}

// A pruner takes out of a tree what is not the content of its page: from the
// innermost elements outwards, so that an element is judged by what is left of it.
type pruner struct {
	whole   tally              // of the tree before
	mains   []*html.Node       // content by their markup, inner ones first
	inner   []*html.Node       // articles
	named   []*html.Node       // content by their class or id
	replies doubts             // what readers wrote
	lists   doubts             // tables of contents
	spare   doubts             // what a page shows without its scripts
	known   map[string][2]mark // the marks of classes and ids that were met
}

// The doubts are elements that are content only where there is little else.
type doubts struct {
	nodes []*html.Node
	tally
}

// push adds an element, which stays in its tree for now.
func (d *doubts) push(n *html.Node, t tally) {
	d.nodes = append(d.nodes, n)
	d.add(t)
}

// remove takes the elements out of their tree.
func (d *doubts) remove() {
	for _, n := range d.nodes {
		n.Parent.RemoveChild(n)
	}
	d.tally = tally{}
}

// newPruner returns a pruner of a tree that nothing was taken out of.
func newPruner(n *html.Node) *pruner {
	return &pruner{whole: measure(n, false), known: make(map[string][2]mark)}
}

// prune takes out of a piece of a page what is no content.
func prune(n *html.Node) {
	p := newPruner(n)
	p.prune(n, false)
	for _, d := range []*doubts{&p.replies, &p.lists, &p.spare} {
		d.remove()
	}
}

// mainContent takes the frame of a page out of its tree and returns the
// element that holds the page's own text. What is doubtful stays where there is
// more of it than of anything else: the answers of a forum are its content.
func mainContent(root *html.Node) *html.Node {
	body := first(root, atom.Body)
	if body == nil {
		body = root
	}
	p := newPruner(body)
	kept := p.prune(body, false)
	if kept.text >= p.spare.text {
		p.spare.remove()
	}
	kept.add(p.spare.tally)
	if kept.prose() >= p.replies.prose() {
		p.replies.remove()
	}
	if kept.text >= p.lists.text {
		p.lists.remove()
	}
	kept.add(p.replies.tally)
	return p.narrow(body, kept)
}

// narrow returns the innermost element that holds what a page has to say. The less
// an element's markup promises, the more of the text it must have.
func (p *pruner) narrow(body *html.Node, kept tally) *html.Node {
	at, t := inside(body, kept, p.mains, 50)
	at, t = inside(at, t, p.inner, 70)
	at, _ = inside(at, t, p.named, 80)
	if at == body {
		return wholeTable(descend(at, measure(at, false)))
	}
	return at
}

// wholeTable returns an element, but what a table stands in for a part of a table
// that holds data. A cell with paragraphs is one that only makes a layout.
func wholeTable(n *html.Node) *html.Node {
	switch n.DataAtom {
	case atom.Td, atom.Th:
		for c := range n.ChildNodes() {
			if isBlock(c.DataAtom) || headingLevel(c.DataAtom) > 0 {
				return n
			}
		}
		return wholeTable(n.Parent)
	case atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr:
		return wholeTable(n.Parent)
	}
	return n
}

// inside returns the first of the nodes below top that holds the given share
// of its text, in percent, or top itself.
func inside(top *html.Node, whole tally, nodes []*html.Node, percent int) (*html.Node, tally) {
	for _, n := range nodes {
		if t := measure(n, false); 100*t.text >= percent*whole.text && attached(n, top) {
			return n, t
		}
	}
	return top, whole
}

// attached reports whether n still stands below top.
func attached(n, top *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}

// descend follows the boxes that hold nearly all the running text of a page
// whose markup does not tell where its content is.
func descend(n *html.Node, t tally) *html.Node {
	if t.prose() < minProse {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || !isBlock(c.DataAtom) {
			continue
		}
		if u := measure(c, false); 100*u.prose() >= 80*t.prose() && leads(t, u) {
			return descend(c, u)
		}
	}
	return n
}

// leads reports whether what of t is not in u has no headings, or little more
// than links.
func leads(t, u tally) bool {
	return t.heads == u.heads || 2*(t.prose()-u.prose()) < t.text-u.text
}

// prune takes out of n what is no content, and counts what is left.
func (p *pruner) prune(n *html.Node, linked bool) (t tally) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.TextNode:
			t.count(c.Data, linked)
		case c.Type != html.ElementNode || void(c):
			n.RemoveChild(c)
		default:
			t.add(p.element(c, linked || c.DataAtom == atom.A))
		}
		c = next
	}
	return t
}

// element prunes an element, and takes it out if it is no content.
func (p *pruner) element(n *html.Node, linked bool) tally {
	t := p.prune(n, linked)
	switch p.judge(n, t) {
	case frame:
		n.Parent.RemoveChild(n)
		return tally{}
	case reply:
		p.replies.push(n, t)
		return tally{}
	case index:
		p.lists.push(n, t)
		return tally{}
	case spare:
		p.spare.push(n, t)
		return tally{}
	}
	p.note(n, &t)
	return t
}

// note remembers an element that may be the main content, and what it is to
// those around it.
func (p *pruner) note(n *html.Node, t *tally) {
	switch {
	case n.DataAtom == atom.Main || attr(n, "role") == "main" || strings.EqualFold(attr(n, "itemprop"), "articleBody"):
		p.mains = append(p.mains, n)
		t.framed = true
	case n.DataAtom == atom.Article:
		p.inner = append(p.inner, n)
	case n.DataAtom == atom.H1:
		t.framed = true
	case headingLevel(n.DataAtom) > 0:
		t.lead = letters(rawText(n))
	case n.DataAtom == atom.Div:
		if whole, _ := p.marksOf(n); whole&textMark != 0 {
			p.named = append(p.named, n)
		}
	}
}

// marksOf returns the marks of an element. Classes repeat on a page.
func (p *pruner) marksOf(n *html.Node) (whole, all mark) {
	for _, a := range n.Attr {
		if a.Key != "class" && (a.Key != "id" || !boxed(n)) {
			continue
		}
		m, ok := p.known[a.Val]
		if !ok {
			m[0], m[1] = marksIn(a.Val)
			p.known[a.Val] = m
		}
		whole, all = whole|m[0], all|m[1]
	}
	return whole, all
}

// minProse is how much running text, in bytes, tells content from a caption.
const minProse = 200

// dominant reports whether an element with a name of the frame is the content
// all the same: it holds the first heading or much of the text, as in
// <div class="page has-sidebar">.
func (p *pruner) dominant(t tally) bool {
	return t.framed || t.prose() > minProse && 5*t.prose() > 2*p.whole.prose() || t.text > minProse && 2*t.text > p.whole.text
}
