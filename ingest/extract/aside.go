package extract

import (
	"regexp"
	"strings"
)

// asideMark begins the text of a heading that stands in an aside: it is a
// line of the text around and opens no section.
const asideMark = "\x01"

// asides are the names of components that stand beside the text around them,
// in lower case and without hyphens.
var asides = map[string]bool{
	"note": true, "tip": true, "info": true, "warning": true, "caution": true, "danger": true, "important": true,
	"hint": true, "alert": true, "admonition": true, "callout": true, "calloutlink": true, "aside": true,
	"blockquote": true, "card": true, "banner": true, "check": true, "attention": true,
}

func isAside(name string) bool {
	return asides[strings.ReplaceAll(strings.ToLower(name), "-", "")]
}

// noteFence stands in counts for the end of a note between lines of colons.
const noteFence = ":::"

var (
	anyEnd  = regexp.MustCompile(`</([A-Za-z][\w.-]*)\s*>`)
	noteEnd = regexp.MustCompile(`(?m)^[ \t>]*:{3,}[ \t]*$`)
	tagName = regexp.MustCompile(`^</?([A-Za-z][\w.-]*)`)
	// What opens, closes or stands in an aside: a heading, a fence of colons, a
	// quotation in HTML, a component.
	marked = regexp.MustCompile(`(?m)^ {0,3}#{1,6}[ \t]+|^[ \t>]*:{3,}.*$|</?(?:aside|blockquote)\b[^>\n]*>|` + component.String())
)

// A cleaner cleans the pieces of one Markdown text in their order.
type cleaner struct {
	ends   map[string]int // how many ends of an element are still to come
	open   map[string]int // asides that were begun, by the name of their end
	beside bool           // there is an aside somewhere
}

func newCleaner(source string) *cleaner {
	c := &cleaner{ends: make(map[string]int), open: make(map[string]int)}
	for _, m := range anyEnd.FindAllStringSubmatch(source, -1) {
		c.ends[m[1]]++
		c.beside = c.beside || isAside(m[1])
	}
	if strings.Contains(source, noteFence) {
		c.ends[noteFence] = len(noteEnd.FindAllString(source, -1))
		c.beside = true
	}
	return c
}

// components shows of components only what a reader sees, and marks the
// headings inside asides.
func (c *cleaner) components(s string) string {
	if !c.beside {
		if !strings.Contains(s, "<") {
			return s
		}
		return component.ReplaceAllStringFunc(s, c.tag)
	}
	return marked.ReplaceAllStringFunc(s, func(part string) string {
		trimmed := strings.TrimLeft(part, " \t>")
		switch {
		case strings.HasPrefix(trimmed, "#"):
			if c.aside() {
				return part + asideMark
			}
			return part
		case strings.HasPrefix(trimmed, noteFence):
			c.step(noteFence, strings.Trim(trimmed, ": \t") == "")
			return part
		}
		return c.tag(part)
	})
}

// tag shows a component, and counts it if it is an aside.
func (c *cleaner) tag(tag string) string {
	name := tagName.FindStringSubmatch(tag)[1]
	if _, closed := c.ends[name]; !closed && !isAside(name) && !strings.ContainsAny(tag, "=/") {
		return tag // a placeholder such as <YOUR_DOMAIN>, to fill in
	}
	end := tag[1] == '/'
	if isAside(name) && !strings.HasSuffix(tag, "/>") {
		c.step(name, end)
	} else if end {
		c.ends[name]--
	}
	if name == "aside" || name == "blockquote" {
		return tag
	}
	return showComponent(tag, name)
}

// step counts the begin or the end of an aside.
func (c *cleaner) step(name string, end bool) {
	switch {
	case !end:
		c.open[name]++
	case c.open[name] > 0:
		c.open[name]--
		c.ends[name]--
	default:
		c.ends[name]--
	}
}

// aside reports whether an aside is open. One without an end never is.
func (c *cleaner) aside() bool {
	for name, n := range c.open {
		if n > 0 && c.ends[name] > 0 {
			return true
		}
	}
	return false
}
