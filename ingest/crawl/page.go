package crawl

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxLinks is the most links that are taken from one page.
const maxLinks = 5000

// A page is what a crawler needs to know of one.
type page struct {
	links     []string // as they stand
	base      string
	canonical string
	noIndex   bool
	noFollow  bool
}

// parsePage reads the links and directives of a page. Links marked nofollow are
// left out.
func parsePage(data []byte) page {
	var p page
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch a := atom.Lookup(name); a {
			case atom.A, atom.Area, atom.Base, atom.Link, atom.Meta:
				if more {
					p.element(a, attributes(z))
				}
			}
		}
	}
}

func attributes(z *html.Tokenizer) map[string]string {
	attrs := make(map[string]string)
	for {
		key, value, more := z.TagAttr()
		if _, ok := attrs[string(key)]; !ok && len(attrs) < 50 {
			attrs[string(key)] = strings.TrimSpace(string(value))
		}
		if !more {
			return attrs
		}
	}
}

func (p *page) element(a atom.Atom, attrs map[string]string) {
	rel := strings.ToLower(attrs["rel"])
	switch a {
	case atom.A, atom.Area:
		if href := attrs["href"]; href != "" && !strings.Contains(rel, "nofollow") && len(p.links) < maxLinks {
			p.links = append(p.links, href)
		}
	case atom.Base:
		if p.base == "" {
			p.base = attrs["href"]
		}
	case atom.Link:
		if rel == "canonical" && p.canonical == "" {
			p.canonical = attrs["href"]
		}
	case atom.Meta:
		if strings.EqualFold(attrs["name"], "robots") {
			p.directives(attrs["content"])
		}
	}
}

// directives reads a list such as "noindex, nofollow".
func (p *page) directives(list string) {
	for d := range strings.SplitSeq(strings.ToLower(list), ",") {
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

// Limits against sites that make up addresses without end.
const (
	maxURL      = 2000 // bytes
	maxSegments = 20   // of a path
	maxRepeats  = 3    // of one segment in a path
	maxQueries  = 200  // different queries of one path
)

// tracking are the query parameters that tell where a visitor came from.
var tracking = map[string]bool{
	"gclid": true, "fbclid": true, "msclkid": true, "mc_cid": true, "mc_eid": true, "igshid": true, "_hsenc": true,
	"_hsmi": true, "yclid": true, "sessionid": true, "phpsessid": true, "jsessionid": true,
}

// normal returns the address that a link on a page means, in the form in which
// addresses are compared: no fragment, no tracking parameters, no default
// port. It is nil for what is no web page.
func normal(base *url.URL, link string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || len(link) > maxURL {
		return nil
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	u.Host = strings.ToLower(u.Host)
	if u.Port() == "80" && u.Scheme == "http" || u.Port() == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery, u.ForceQuery = cleanQuery(u.RawQuery), false
	if len(u.String()) > maxURL || trap(u.Path) {
		return nil
	}
	return u
}

func cleanQuery(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(strings.ToLower(pair), "=")
		if pair != "" && !tracking[key] && !strings.HasPrefix(key, "utm_") {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// trap reports whether a path looks as if it grew by itself.
func trap(path string) bool {
	segments := strings.Split(path, "/")
	count := make(map[string]int)
	for _, s := range segments {
		if count[s]++; s != "" && count[s] > maxRepeats {
			return true
		}
	}
	return len(segments) > maxSegments
}
