package extract

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A pageHead is what a page says about itself.
type pageHead struct {
	title, shared, site, canonical, language string
	keywords                                 []string
	updated                                  time.Time
	linked                                   linkedData
	state                                    string // what its scripts start from, in JSON
	scripts                                  int    // bytes of them
	app                                      bool   // it has a root for scripts to fill
}

// head reads the elements that describe the page, wherever they stand.
func head(root *html.Node, base string) *pageHead {
	var p pageHead
	for n := range descendants(root) {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Html:
			p.language = tag(attr(n, "lang"), attr(n, "xml:lang"))
		case atom.Title:
			if p.title == "" && n.Namespace == "" {
				p.title = oneLine(rawText(n))
			}
		case atom.Link:
			if strings.EqualFold(attr(n, "rel"), "canonical") {
				p.canonical = canonical(base, attr(n, "href"))
			}
		case atom.Meta:
			p.meta(strings.ToLower(attr(n, "property")+attr(n, "name")+attr(n, "http-equiv")+attr(n, "itemprop")), attr(n, "content"))
		case atom.Time:
			p.meta(strings.ToLower(attr(n, "itemprop")), attr(n, "datetime"))
		case atom.Script:
			p.script(n)
		case atom.Div:
			p.app = p.app || appRoots[attr(n, "id")]
		}
	}
	p.language = tag(p.language, p.linked.language)
	p.keywords = keywords(append(p.keywords, p.linked.way...)...)
	if p.updated.IsZero() {
		p.updated = p.linked.updated
	}
	return &p
}

// meta takes a meta element: those of HTML, of the Open Graph protocol
// (https://ogp.me), of Dublin Core and of microdata. Of several dates the last one
// counts.
func (p *pageHead) meta(name, content string) {
	switch name {
	case "og:title":
		p.shared = oneLine(content)
	case "og:site_name", "application-name":
		p.site = oneLine(content)
	case "content-language", "og:locale":
		p.language = tag(p.language, content)
	case "keywords", "article:tag":
		p.keywords = keywords(append(p.keywords, content)...)
	case "article:modified_time", "last-modified", "og:updated_time", "dcterms.modified", "datemodified":
		if t := date(content); !t.IsZero() {
			p.updated = t
		}
	}
}

// script takes a script element: its data, or how long it is.
func (p *pageHead) script(n *html.Node) {
	text := rawText(n)
	switch kind := strings.ToLower(attr(n, "type")); {
	case strings.HasPrefix(kind, "application/ld+json"):
		p.linked.read(text)
	case attr(n, "id") == "__NEXT_DATA__":
		p.state = text
	default:
		p.scripts += len(text)
	}
}

// tag returns the first of the language tags that looks like one of BCP 47, and ""
// if none does.
func tag(tags ...string) string {
	for _, t := range tags {
		t = strings.ReplaceAll(strings.TrimSpace(t), "_", "-")
		if len(t) >= 2 && len(t) <= 35 && !strings.ContainsAny(t, " ,;{") {
			return t
		}
	}
	return ""
}

// date reads a date as metadata give it, zero if it is none.
func date(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.RFC1123, time.RFC1123Z, time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// resolve returns the absolute http address that ref means on a page of the
// given address, or "" where it has none.
func resolve(base, ref string) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || ref == "" {
		return ""
	}
	if b, err := url.Parse(base); err == nil {
		u = b.ResolveReference(u)
	}
	if u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// canonical returns the address that a page names as its own. A front page that
// another page names is a mistake of its template.
func canonical(base, ref string) string {
	link := resolve(base, ref)
	own, err1 := url.Parse(base)
	named, err2 := url.Parse(link)
	if err1 != nil || err2 != nil || strings.Trim(named.Path, "/") == "" && strings.Trim(own.Path, "/") != "" {
		return ""
	}
	return link
}

// titleFor prefers the heading of the main content to the title element,
// which often carries the name of the site. A first heading that stands
// outside of the content may be that name alone.
func (p *pageHead) titleFor(h1, main *html.Node) string {
	if own := first(main, atom.H1); own != nil {
		if text := headingText(own); text != "" {
			return text
		}
	}
	parts := titleParts(p.title)
	if h1 != nil {
		text := headingText(h1)
		if text != "" && !strings.EqualFold(text, p.site) && (len(parts) < 2 || !slices.Contains(parts[1:], text)) {
			return text
		}
	}
	for _, title := range []string{p.linked.headline, p.shared} {
		if title != "" && !strings.EqualFold(title, p.site) {
			return titleParts(title)[0]
		}
	}
	if len(parts) > 1 && strings.EqualFold(parts[0], p.site) {
		return parts[1]
	}
	return parts[0]
}

// titleParts divides a title at what commonly stands between it and the name
// of the site.
func titleParts(title string) []string {
	for _, separator := range []string{" | ", " – ", " — ", " - ", " · ", " • ", " » ", " :: "} {
		if parts := strings.Split(title, separator); len(parts) > 1 && oneLine(parts[0]) != "" {
			for i := range parts {
				parts[i] = oneLine(parts[i])
			}
			return parts
		}
	}
	return []string{title}
}
