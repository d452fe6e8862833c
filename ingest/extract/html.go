package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// html reads a page: its main content without menus and the like.
func (c content) html() (retrieval.Document, error) {
	root, err := parseHTML(c.data, c.item.MediaType)
	if err != nil {
		return retrieval.Document{}, err
	}
	page := head(root, c.item.URL)
	o := newOutline(c.opts.MaxText)
	main := mainContent(root)
	o.title = pageTitle(root, main, page.title)
	w := &walker{out: o}
	w.block(main)
	w.flush()
	o.flush()
	addQuestions(o, page.questions)
	doc, err := o.document()
	if err != nil {
		return retrieval.Document{}, err
	}
	doc.URL, doc.Language, doc.Updated, doc.Keywords = page.canonical, page.language, page.updated, page.keywords
	return doc, nil
}

// parseHTML decodes the page by its mark, its media type or its own meta
// element. A page nested deeper than the parser allows is read as a stream.
func parseHTML(data []byte, mediaType string) (*html.Node, error) {
	r, err := charset.NewReader(bytes.NewReader(data), mediaType)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	decoded, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	decoded = bytes.ReplaceAll(decoded, []byte{0}, nil)
	root, err := html.Parse(bytes.NewReader(decoded))
	if err != nil {
		return flatten(decoded), nil
	}
	return root, nil
}

// flatten makes a flat tree of a page that is nested too deeply to parse:
// headings, paragraphs and items as its tags mark them.
func flatten(data []byte) *html.Node {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	at := body
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return body
		case html.TextToken:
			at.AppendChild(&html.Node{Type: html.TextNode, Data: string(z.Text())})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if isBlock(t.DataAtom) || headingLevel(t.DataAtom) > 0 || t.DataAtom == atom.Script || t.DataAtom == atom.Style {
				at = &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
				body.AppendChild(at)
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); isBlock(atom.Lookup(name)) || headingLevel(atom.Lookup(name)) > 0 || string(name) == "script" || string(name) == "style" {
				at = body
			}
		}
	}
}

// A pageHead is what a page says about itself.
type pageHead struct {
	title, canonical, language string
	keywords                   []string
	updated                    time.Time
	questions                  []question
}

// A question is one entry of a page's list of frequent questions.
type question struct{ text, answer string }

// head reads the elements that describe the page, wherever they stand.
func head(root *html.Node, base string) pageHead {
	var p pageHead
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Html:
			p.language = attr(n, "lang")
		case atom.Title:
			if p.title == "" && n.Namespace == "" {
				p.title = oneLine(rawText(n))
			}
		case atom.Link:
			if strings.EqualFold(attr(n, "rel"), "canonical") {
				p.canonical = canonical(base, attr(n, "href"))
			}
		case atom.Meta:
			p.meta(n)
		case atom.Script:
			if strings.EqualFold(attr(n, "type"), "application/ld+json") {
				p.questions = append(p.questions, questions(rawText(n))...)
			}
		}
	}
	return p
}

func (p *pageHead) meta(n *html.Node) {
	name := attr(n, "property") + attr(n, "name")
	switch strings.ToLower(name) {
	case "keywords":
		p.keywords = keywords(append(p.keywords, attr(n, "content"))...)
	case "article:modified_time", "last-modified", "og:updated_time", "dcterms.modified":
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", time.DateOnly} {
			if t, err := time.Parse(layout, attr(n, "content")); err == nil {
				p.updated = t
				return
			}
		}
	}
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

// pageTitle prefers the heading of the main content to the title element,
// which often carries the name of the site.
func pageTitle(root, main *html.Node, title string) string {
	h1 := first(main, atom.H1)
	if h1 == nil {
		h1 = first(root, atom.H1)
	}
	if h1 != nil {
		if text := headingText(h1); text != "" {
			return text
		}
	}
	for _, separator := range []string{" | ", " – ", " — ", " - ", " · ", " :: "} {
		if before, _, ok := strings.Cut(title, separator); ok && oneLine(before) != "" {
			return oneLine(before)
		}
	}
	return title
}

// questions reads the questions of a FAQPage or QAPage in JSON-LD. See
// https://schema.org/FAQPage.
func questions(source string) []question {
	var v any
	if json.Unmarshal([]byte(source), &v) != nil {
		return nil
	}
	return collectQuestions(nil, v, 0)
}

func collectQuestions(found []question, v any, depth int) []question {
	if depth > 20 {
		return found
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			found = collectQuestions(found, e, depth+1)
		}
	case map[string]any:
		if q := (question{fragmentText(v["name"]), answerText(v)}); v["@type"] == "Question" && q.text != "" && q.answer != "" {
			return append(found, q)
		}
		for _, key := range []string{"@graph", "mainEntity", "hasPart", "itemListElement"} {
			found = collectQuestions(found, v[key], depth+1)
		}
	}
	return found
}

func answerText(q map[string]any) string {
	answer := q["acceptedAnswer"]
	if list, ok := answer.([]any); ok && len(list) > 0 {
		answer = list[0]
	}
	if a, ok := answer.(map[string]any); ok {
		return fragmentText(a["text"])
	}
	return ""
}

// fragmentText returns the text of a piece of HTML in a JSON string.
func fragmentText(v any) string {
	s, _ := v.(string)
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return ""
	}
	o := newOutline(len(s) + 1)
	w := &walker{out: o, flat: true}
	w.block(root)
	w.flush()
	return strings.TrimSpace(o.text.String())
}

// addQuestions adds those questions that the text of the page does not show.
func addQuestions(o *outline, list []question) {
	if len(list) == 0 {
		return
	}
	shown := make(map[string]bool)
	for _, s := range o.sections {
		for _, h := range s.Path {
			shown[letters(h)] = true
		}
		for line := range strings.SplitSeq(s.Text, "\n") {
			shown[letters(line)] = true
		}
	}
	o.resume(place{})
	for _, q := range list {
		if key := letters(q.text); !shown[key] {
			shown[key] = true
			o.heading(minor, q.text, "")
			o.block(q.answer)
		}
	}
}

// letters returns the letters and digits of s in lower case, to compare by.
func letters(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if strings.ContainsRune(".,:;!?-–—'’\"“”()", r) {
			return ' '
		}
		return r
	}, strings.ToLower(s)))
}
