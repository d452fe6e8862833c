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
		if unfolds(n) || !alone(n) {
			return substance
		}
		return frame
	case atom.Body, atom.Html, atom.Main, atom.Article, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return substance
	}
	whole, all := p.marksOf(n)
	switch {
	case t.text < maxCommand && fillsCell(n):
		return substance
	case n.DataAtom == atom.A && (all&pressMark != 0 || t.text < maxCommand && commands[letters(rawText(n))]) && alone(n):
		return frame
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
	case framing(n, t, all) && !p.dominant(t), !t.framed && t.text < maxAsk && asking(n):
		return frame
	}
	return substance
}

// fillsCell reports whether an element is all there is in a cell of a table, such as
// the word for people who cannot see the check mark.
func fillsCell(n *html.Node) bool {
	if n.Parent.DataAtom != atom.Td && n.Parent.DataAtom != atom.Th {
		return false
	}
	return !says(n.PrevSibling) && !says(n.NextSibling)
}

// maxAsk is how long a question to the reader may be, in bytes, with what may be
// answered.
const maxAsk = 250

// asking reports whether an element begins with a question of the site to its
// readers.
func asking(n *html.Node) bool {
	for d := range descendants(n) {
		if d.Type != html.TextNode {
			continue
		}
		text := strings.TrimLeft(d.Data, " \t\n\r¿")
		if text == "" {
			continue
		}
		word, _, _ := strings.Cut(strings.ToLower(text[:min(len(text), 12)]), " ")
		if !askers[word] {
			return false
		}
		text = letters(strings.ReplaceAll(rawText(n), "¿", ""))
		for phrase := range asks {
			if strings.HasPrefix(text, phrase) {
				return true
			}
		}
		return false
	}
	return false
}

// alone reports whether an element is no part of a sentence: there are no words
// right before or after it in its line. Those of a heading are no sentence.
func alone(n *html.Node) bool {
	for ; n.Parent != nil && !isBlock(n.DataAtom) && headingLevel(n.Parent.DataAtom) == 0; n = n.Parent {
		if says(n.PrevSibling) || says(n.NextSibling) {
			return false
		}
	}
	return true
}

// says reports whether a node is a text with words.
func says(n *html.Node) bool { return n != nil && n.Type == html.TextNode && wordy(n.Data) }

// maxCommand is how long a command of a page may be, in bytes.
const maxCommand = 40

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
	for d := range descendants(n) {
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
