package crawl

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// maxLinks is the most links that are taken from one page.
const maxLinks = 5000

// A page is what a crawler needs to know of one.
type page struct {
	title     string
	links     []string // as they stand, each once, without fragments
	base      string   // that links are relative to, "" for the page's own address
	canonical string   // the address that the page names as its own: RFC 6596
	refresh   string   // where the page sends its visitors by itself
	noIndex   bool     // it is not to be found
	noFollow  bool     // its links are not to be followed
	password  bool     // whether it asks for one
	print     print    // of its text

	known map[string]bool      // the links
	attrs map[atom.Atom]string // of the element under way
	quiet int                  // open elements whose text nobody sees
	head  bool                 // inside the title
}

// parsePage reads the links, the directives and the text of a page. Links
// marked nofollow are left out.
func parsePage(data []byte, mediaType string) page {
	p := page{print: newPrint(), known: make(map[string]bool), attrs: make(map[atom.Atom]string)}
	z := html.NewTokenizer(decoded(data, mediaType))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.TextToken:
			p.text(z)
		case html.StartTagToken, html.SelfClosingTagToken:
			p.startTag(z, tagOf(z.Raw()[1:]))
		case html.EndTagToken:
			p.endTag(tagOf(z.Raw()[2:]))
		}
	}
}

// decoded returns content as UTF-8, from the encoding that it says it is in.
func decoded(data []byte, mediaType string) io.Reader {
	r := bytes.NewReader(data)
	if utf8.Valid(data) {
		return r
	}
	encoding, _, _ := charset.DetermineEncoding(data[:min(len(data), 1024)], mediaType)
	return encoding.NewDecoder().Reader(r)
}

// text takes in a piece of text: of the title, or of the page.
func (p *page) text(z *html.Tokenizer) {
	switch {
	case p.head && len(p.title) < maxText:
		p.title += strings.ToValidUTF8(string(z.Text()), "")
	case p.quiet == 0 && !p.head:
		p.print.add(z.Text())
	}
}

// tagOf returns the element that the text of a tag begins with the name of. The
// tokenizer would make a copy of each name, and most are of no interest here.
func tagOf(tag []byte) atom.Atom {
	var name [16]byte
	for i, c := range tag[:min(len(tag), len(name))] {
		switch c {
		case ' ', '\n', '\r', '\t', '\f', '/', '>':
			return atom.Lookup(name[:i])
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		name[i] = c
	}
	return 0
}

// startTag takes in the start of an element.
func (p *page) startTag(z *html.Tokenizer, a atom.Atom) {
	switch a {
	case atom.A, atom.Area, atom.Base, atom.Link, atom.Meta, atom.Input, atom.Frame:
		if _, more := z.TagName(); more {
			p.attributes(z)
			p.element(a, p.attrs)
		}
	case atom.Title:
		p.head = p.title == ""
	case atom.Script, atom.Style, atom.Noscript, atom.Template:
		p.quiet++
	}
}

// endTag takes in the end of an element, which may never have begun.
func (p *page) endTag(a atom.Atom) {
	switch a {
	case atom.Title:
		p.head, p.title = false, strings.Join(strings.Fields(p.title), " ")
	case atom.Script, atom.Style, atom.Noscript, atom.Template:
		p.quiet = max(p.quiet-1, 0)
	}
}

// attributes reads the attributes that the crawler needs.
func (p *page) attributes(z *html.Tokenizer) {
	clear(p.attrs)
	for {
		key, value, more := z.TagAttr()
		switch a := atom.Lookup(key); a {
		case atom.Href, atom.Src, atom.Rel, atom.Name, atom.Content, atom.HttpEquiv, atom.Type:
			if _, ok := p.attrs[a]; !ok {
				p.attrs[a] = string(bytes.TrimSpace(value))
			}
		}
		if !more {
			return
		}
	}
}

// element takes in an element by its attributes: the links, and what the page
// says of itself.
func (p *page) element(a atom.Atom, attrs map[atom.Atom]string) {
	switch a {
	case atom.A, atom.Area:
		if !hasWord(attrs[atom.Rel], "nofollow") {
			p.link(attrs[atom.Href])
		}
	case atom.Frame:
		p.link(attrs[atom.Src])
	case atom.Base:
		if p.base == "" {
			p.base = attrs[atom.Href]
		}
	case atom.Link:
		switch rel := attrs[atom.Rel]; {
		case hasWord(rel, "canonical") && p.canonical == "":
			p.canonical = attrs[atom.Href]
		case hasWord(rel, "next"), hasWord(rel, "prev"):
			p.link(attrs[atom.Href])
		}
	case atom.Input:
		p.password = p.password || strings.EqualFold(attrs[atom.Type], "password")
	case atom.Meta:
		p.meta(attrs)
	}
}

// meta takes in a meta element: directives for crawlers, and a redirect.
func (p *page) meta(attrs map[atom.Atom]string) {
	if strings.EqualFold(attrs[atom.Name], "robots") || strings.EqualFold(attrs[atom.Name], crawlerName) {
		p.directives(attrs[atom.Content])
	}
	if strings.EqualFold(attrs[atom.HttpEquiv], "refresh") {
		// Such as 0; url=/new. See the HTML standard, section 4.2.5.3.
		wait, to, _ := strings.Cut(attrs[atom.Content], ";")
		if i := strings.IndexByte(to, '='); i >= 0 && strings.TrimSpace(wait) == "0" {
			p.refresh = strings.Trim(strings.TrimSpace(to[i+1:]), `'"`)
		}
	}
}

// link adds a link once.
func (p *page) link(href string) {
	href, _, _ = strings.Cut(href, "#")
	if href == "" || p.known[href] || len(p.links) >= maxLinks {
		return
	}
	p.known[href] = true
	p.links = append(p.links, href)
}

// directives reads a list such as "noindex, nofollow", or one that begins with
// the name of a crawler, as X-Robots-Tag may have it.
func (p *page) directives(list string) {
	list = strings.ToLower(list)
	if name, rest, ok := strings.Cut(list, ":"); ok && !strings.ContainsAny(name, ",") {
		switch strings.TrimSpace(name) {
		case crawlerName:
			list = rest
		case "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview":
		default:
			return // for another crawler
		}
	}
	for d := range strings.SplitSeq(list, ",") {
		switch strings.TrimSpace(d) {
		case "noindex":
			p.noIndex = true
		case "nofollow":
			p.noFollow = true
		case "none":
			p.noIndex, p.noFollow = true, true
		}
	}
}

// hasWord reports whether a list of words, divided by spaces, has one.
func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
