package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// chrome are the words in the class or id of an element that is no content:
// the frame that a site puts around every page.
var chrome = map[string]bool{
	"nav": true, "navbar": true, "navigation": true, "menu": true, "sidebar": true, "sidenav": true,
	"breadcrumb": true, "breadcrumbs": true, "footer": true, "cookie": true, "cookies": true, "consent": true,
	"gdpr": true, "toc": true, "tocwrapper": true, "pagination": true, "pager": true, "paginator": true, "share": true,
	"sharing": true, "social": true, "related": true, "newsletter": true, "subscribe": true,
	"skip": true, "skiplink": true, "search": true, "searchbox": true, "feedback": true, "vote": true, "votes": true,
	"advert": true, "ads": true, "popup": true, "modal": true, "toolbar": true, "prevnext": true, "topbar": true,
	"masthead": true, "byline": true, "recommended": true, "promo": true,
	"headerlink": true, "navheader": true, "navfooter": true, "sphinxsidebar": true, "editsection": true, "comments": true,
}

// notes are the words in the class of an aside that belongs to the text.
var notes = map[string]bool{
	"note": true, "admonition": true, "callout": true, "warning": true, "tip": true, "important": true,
	"caution": true, "info": true, "alert": true, "hint": true, "danger": true,
}

// chromeRoles are the ARIA roles of what is no content.
var chromeRoles = map[string]bool{
	"navigation": true, "banner": true, "contentinfo": true, "search": true, "dialog": true,
	"alertdialog": true, "menu": true, "menubar": true, "toolbar": true, "complementary": true,
}

// mainContent returns the element that holds the page's own text: the main
// element or what stands for it, unless most of the text is elsewhere.
func mainContent(root *html.Node) *html.Node {
	body := first(root, atom.Body)
	if body == nil {
		return root
	}
	whole := ownText(body)
	for _, candidate := range candidates(body) {
		if 4*ownText(candidate) >= whole {
			return candidate
		}
	}
	return body
}

// candidates returns possible main elements, the best first.
func candidates(body *html.Node) []*html.Node {
	var mains, bodies, articles []*html.Node
	for n := range body.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Main || attr(n, "role") == "main":
			mains = append(mains, n)
		case strings.EqualFold(attr(n, "itemprop"), "articleBody"):
			bodies = append(bodies, n)
		case n.DataAtom == atom.Article:
			articles = append(articles, n)
		}
	}
	// The single article of a main element is narrower than it.
	if len(articles) == 1 {
		mains = append(articles, mains...)
	}
	return append(mains, bodies...)
}

// ownText returns how many bytes of text an element has outside of chrome.
func ownText(n *html.Node) int {
	total := 0
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			total += len(strings.TrimSpace(c.Data))
		case c.Type == html.ElementNode && !dropped(c):
			total += ownText(c)
		}
	}
	return total
}

// dropped reports whether an element is no content of the page. What is only
// hidden is kept: accordions hide the answers that customers ask for.
func dropped(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg,
		atom.Nav, atom.Form, atom.Select, atom.Input, atom.Textarea, atom.Canvas, atom.Audio, atom.Video, atom.Head,
		atom.Dialog, atom.Menu, atom.Math:
		return true
	case atom.Button:
		return !unfolds(n)
	case atom.Header, atom.Footer:
		return !within(n, atom.Article, atom.Main, atom.Section, atom.Blockquote) || n.DataAtom == atom.Footer
	case atom.Aside:
		return !hasWord(n, notes)
	case atom.Body, atom.Html, atom.Main, atom.Article, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return false
	}
	if chromeRoles[attr(n, "role")] || breadcrumbs(n) {
		return true
	}
	return hasWord(n, chrome) && !dominant(n)
}

// breadcrumbs reports whether an element is the way to the page by its markup.
func breadcrumbs(n *html.Node) bool {
	return strings.HasPrefix(strings.ToLower(attr(n, "aria-label")), "breadcrumb") || strings.HasSuffix(attr(n, "itemtype"), "/BreadcrumbList")
}

// beside reports whether an element stands beside the text around it, so that
// its headings say nothing about what follows it.
func beside(n *html.Node) bool {
	if n.DataAtom == atom.Aside || n.DataAtom == atom.Blockquote {
		return true
	}
	role := attr(n, "role")
	return (role == "note" || role == "alert" || hasWord(n, notes)) && !dominant(n)
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

// unfolds reports whether a button shows more text, as the question of an
// accordion does, and opens no menu.
func unfolds(n *html.Node) bool {
	return hasAttr(n, "aria-expanded") && !hasAttr(n, "aria-haspopup") || hasAttr(n, "aria-controls") && !hasAttr(n, "aria-label") ||
		within(n, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)
}

// dominant reports whether an element with a name of chrome is the page's frame
// all the same: it holds a first heading and paragraphs, as in
// <div class="page has-sidebar">.
func dominant(n *html.Node) bool {
	paragraphs := 0
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.H1, atom.Main, atom.Article:
			return true
		case atom.P, atom.Pre:
			paragraphs++
		}
	}
	return paragraphs > 8
}

// hasWord reports whether one of the words is in the element's class or id.
func hasWord(n *html.Node, words map[string]bool) bool {
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for word := range strings.FieldsFuncSeq(strings.ToLower(a.Val), func(r rune) bool {
			return r == ' ' || r == '-' || r == '_' || r == '\n' || r == '\t' || r == ':'
		}) {
			if words[word] {
				return true
			}
		}
	}
	return false
}

func within(n *html.Node, atoms ...atom.Atom) bool {
	for p := range n.Ancestors() {
		for _, a := range atoms {
			if p.DataAtom == a {
				return true
			}
		}
	}
	return false
}

// first returns the first descendant element of the kind, or nil.
func first(n *html.Node, a atom.Atom) *html.Node {
	for d := range n.Descendants() {
		if d.DataAtom == a && d.Type == html.ElementNode {
			return d
		}
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// rawText returns all text below n as it is.
func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
