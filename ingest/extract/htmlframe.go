package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A verdict says what an element is to its page.
type verdict int

const (
	substance verdict = iota // the page itself
	frame                    // what a site puts around every page
	reply                    // what readers wrote
	index                    // a list of links to the parts of a page
	spare                    // what it shows without its scripts
)

// void reports whether an element has no text that a reader sees.
func void(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Select, atom.Input,
		atom.Textarea, atom.Canvas, atom.Audio, atom.Video, atom.Head, atom.Math:
		return true
	}
	return false
}

// judge tells what an element is, by its kind first, then by its names, then by
// what it holds. What is only hidden is content: accordions hide the answers that
// customers ask for.
func (p *pruner) judge(n *html.Node, t tally) verdict {
	switch n.DataAtom {
	case atom.Noscript:
		return spare
	case atom.Nav, atom.Dialog, atom.Menu:
		return frame
	case atom.Button:
		if unfolds(n) {
			return substance
		}
		return frame
	case atom.Body, atom.Html, atom.Main, atom.Article, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return substance
	}
	whole, all := p.marksOf(n)
	switch {
	case !isBlock(n.DataAtom) && n.DataAtom != 0:
		if whole&(frameMark|bannerMark) != 0 || frameRoles[attr(n, "role")] {
			return frame
		}
	case all&replyMark != 0:
		return reply
	case all&indexMark != 0:
		return index
	case !t.framed && (offers[t.lead] || all&bannerMark != 0):
		return frame
	case framing(n, t, all) && !p.dominant(t):
		return frame
	}
	return substance
}

// framing reports whether an element belongs to the frame by its name. What is
// named as something beside the content and is mostly text counts as content.
func framing(n *html.Node, t tally, m mark) bool {
	switch n.DataAtom {
	case atom.Form, atom.Footer:
		return true
	case atom.Header:
		return !within(n, atom.Article, atom.Main, atom.Section, atom.Blockquote)
	case atom.Aside:
		return m&noteMark == 0
	}
	if m&besideMark != 0 && 5*t.linked < t.text && t.text > minProse {
		return false
	}
	return m&(frameMark|besideMark) != 0 || frameRoles[attr(n, "role")] || breadcrumbs(n)
}

// breadcrumbs reports whether an element is the way to the page by its markup.
func breadcrumbs(n *html.Node) bool {
	return strings.HasPrefix(strings.ToLower(attr(n, "aria-label")), "breadcrumb") || strings.HasSuffix(attr(n, "itemtype"), "/BreadcrumbList")
}

// unfolds reports whether a button shows more text, as the question of an
// accordion does, and opens no menu.
func unfolds(n *html.Node) bool {
	switch {
	case hasAttr(n, "aria-expanded") && !hasAttr(n, "aria-haspopup"), hasAttr(n, "aria-controls") && !hasAttr(n, "aria-label"):
		return true
	}
	return headingLevel(n.Parent.DataAtom) > 0 && oneLine(rawText(n)) == oneLine(rawText(n.Parent))
}

// beside reports whether an element stands beside the text around it, so that
// its headings say nothing about what follows it.
func beside(n *html.Node) bool {
	if n.DataAtom == atom.Aside || n.DataAtom == atom.Blockquote {
		return true
	}
	role := attr(n, "role")
	_, m := marksOf(n)
	return (role == "note" || role == "alert" || m&noteMark != 0) && first(n, atom.H1) == nil
}

// contents reports whether a list has only links into the page itself.
func contents(n *html.Node) bool {
	found := false
	for d := range n.Descendants() {
		switch {
		case d.Type != html.TextNode || !wordy(d.Data):
		case !linksHere(d, n):
			return false
		default:
			found = true
		}
	}
	return found
}

// linksHere reports whether a text below top is that of a link into its page.
func linksHere(n, top *html.Node) bool {
	for p := n.Parent; p != nil && p != top; p = p.Parent {
		if p.DataAtom == atom.A {
			return strings.HasPrefix(attr(p, "href"), "#")
		}
	}
	return false
}
