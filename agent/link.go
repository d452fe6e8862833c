package agent

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// read notes where a text links to, with or without a scheme.
func (g *guard) read(text string) {
	for _, raw := range matches(links, text, slanted) {
		normal, u := normalURL(raw)
		g.urls[normal] = true
		if u != nil {
			g.urls["https://"+u.Host] = true
		}
	}
	for _, raw := range matches(sites, text, dotted) {
		normal, _ := normalURL(raw)
		g.urls[normal] = true
	}
	for _, d := range pointers(text) {
		g.urls[d] = true
	}
}

// links returns a text without its links, and what is wrong with them.
func (g *guard) links(shown string) (prose, fault string) {
	for _, d := range pointers(shown) {
		if !g.mayPoint(d) {
			return "", fmt.Sprintf("link that is not allowed: %q", d)
		}
	}
	prose = shown
	if strings.ContainsAny(shown, ":/") {
		for _, u := range matches(links, shown, slanted) {
			if !g.mayLink(u) {
				return "", fmt.Sprintf("link that is not allowed: %s", u)
			}
		}
		prose = links.ReplaceAllString(shown, " ")
	}
	bare := prose
	if strings.IndexByte(prose, '@') >= 0 {
		bare = emails.ReplaceAllString(prose, " ")
	}
	for _, u := range matches(sites, bare, dotted) {
		if !g.mayLink(u) {
			return "", fmt.Sprintf("link that is not allowed: %s", u)
		}
	}
	return prose, ""
}

// mayPoint reports whether Markdown may link to a destination: a link, an
// address or a number of the evidence, or a place in the source itself.
func (g *guard) mayPoint(to string) bool {
	scheme, rest, _ := strings.Cut(to, ":")
	switch strings.ToLower(scheme) {
	case "mailto":
		return g.facts[strings.ToLower(rest)]
	case "tel":
		return g.facts["tel:"+digits(rest)]
	}
	return g.urls[to] && scheme == to || g.mayLink(to)
}

// mayLink reports whether a link is one of the documents or leads to an allowed
// host, over http or https and without credentials.
func (g *guard) mayLink(raw string) bool {
	normal, u := normalURL(raw)
	if u == nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	if g.urls[normal] {
		return true
	}
	for _, h := range g.hosts {
		if within(u.Hostname(), strings.ToLower(h)) {
			return true
		}
	}
	return false
}

var (
	links = regexp.MustCompile(`(?i)(?:(?:[a-z][a-z0-9+.-]*:)?//|\b(?:javascript|vbscript|data):)[^\s\v\x{85}\p{Z}<>"'\]]+`)
	// Hosts without a scheme, which many programs make links of.
	sites = regexp.MustCompile(`(?:[\p{L}\p{N}_-]+[.．｡])+\p{L}[\p{L}\p{N}-]+(?::\d+)?(?:/[^\s\v\x{85}\p{Z}<>"'\]]*)?`)
	// Destinations in Markdown, in the text or by reference.
	destinations = regexp.MustCompile(`\]\(\s*<?([^\s<>)]*)|^\s*(?:\[[^\]]*)?\]:\s*<?([^\s<>]*)`)
	escapes      = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
	images       = regexp.MustCompile(`!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?`)
	markup       = regexp.MustCompile(`(?s)<[a-zA-Z/!][^>]*>`)
	// What a program that shows a quotation might act on.
	active = regexp.MustCompile(`(?i)!\[|\]\(|\]:|&#|&[a-z]+;|<!|<[a-z][a-z0-9+.-]*:|<\s*/?\s*(?:a|applet|audio|base|body|button|embed|form|frame|frameset|html|iframe|img|input|link|math|meta|object|picture|script|source|style|svg|template|video)\b|\b(?:javascript|vbscript|data):`)
	// The beginning of either, of which the end may come in another sentence.
	unfinished = regexp.MustCompile(`!\[|<[a-zA-Z/!?]`)
)

// matches returns what matches in the words of a text that hold a mark inside.
// An expression on all of the text would take most of a turn's time.
func matches(e *regexp.Regexp, text string, mark func(c, next byte) bool) (found []string) {
	for start := 0; start < len(text); {
		end, marked := start, false
		for end < len(text) && text[end] > ' ' {
			marked = marked || end+1 < len(text) && text[end+1] > ' ' && mark(text[end], text[end+1])
			end++
		}
		if marked {
			for w := range strings.FieldsSeq(text[start:end]) { // of other spaces
				found = append(found, e.FindAllString(w, -1)...)
			}
		}
		start = end + 1
	}
	return found
}

// slanted reports whether two bytes are in every link that stands in a text, and
// dotted whether they are in every host without a scheme.
func slanted(c, next byte) bool { return c == ':' || c == '/' && next == '/' }
func dotted(c, next byte) bool {
	return c == '.' && (next >= 'A' && next <= 'Z' || next >= 'a' && next <= 'z' || next >= 0x80) || c == "．"[0]
}

// pointers returns the destinations of links in Markdown.
func pointers(text string) (found []string) {
	if !strings.Contains(text, "]") {
		return nil
	}
	for _, d := range destinations.FindAllStringSubmatch(text, -1) {
		found = append(found, d[1]+d[2])
	}
	return found
}

// trimURL takes off what ends the sentence and not the link.
func trimURL(raw string) string { return strings.TrimRight(raw, `.,;:!?)*_`) }

// normalURL returns a link in the form in which links are compared, and in
// parts, nil if it has none.
func normalURL(raw string) (normal string, u *url.URL) {
	raw = trimURL(raw)
	if scheme, _, ok := strings.Cut(raw, ":"); !ok || strings.ContainsAny(scheme, "./") { // as in example.com:80
		raw = "https://" + strings.TrimPrefix(raw, "//")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return raw, nil
	}
	u.Scheme, u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Scheme), strings.ToLower(u.Host), "", ""
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u.String(), u
}
