package extract

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// maxMarks is the most tags and attributes that a page may have, which all stand
// in memory at once.
const maxMarks = 1_000_000

// html reads a page: its main content without menus and the like, and what it
// says in JSON-LD beside it. A page that needs its scripts to show anything has
// [ingest.ErrNoText].
func (c content) html() (retrieval.Document, error) {
	if n := bytes.Count(c.data, []byte("<")) + bytes.Count(c.data, []byte("=")); n > maxMarks {
		return retrieval.Document{}, fmt.Errorf("%w: more than %d tags and attributes", ingest.ErrTooLarge, maxMarks)
	}
	o := c.outline()
	root := parseHTML(c.data, c.item.MediaType, o.full)
	if err := o.full(); err != nil {
		return retrieval.Document{}, err
	}
	page := head(root, c.item.URL)
	h1 := first(root, atom.H1)
	main := mainContent(root)
	o.title = page.titleFor(h1, main)
	o.plain = c.opts.Plain
	w := &walker{out: o, plain: o.plain}
	w.block(main)
	w.flush()
	o.flush()
	if err := page.complete(o, len(c.data)); err != nil {
		return retrieval.Document{}, err
	}
	doc, err := o.document()
	if err != nil {
		return retrieval.Document{}, err
	}
	doc.URL, doc.Language, doc.Updated, doc.Keywords = page.canonical, page.language, page.updated, page.keywords
	return doc, nil
}

// parseHTML reads a page into a tree, as a browser without scripts does. One
// nested deeper than the parser allows is read as a stream. Once check fails it
// reads no more.
func parseHTML(data []byte, mediaType string, check func() error) *html.Node {
	decoded := decodeHTML(data, mediaType)
	if bytes.IndexByte(decoded, 0) >= 0 {
		decoded = bytes.ReplaceAll(decoded, []byte{0}, nil)
	}
	if overnested(decoded) {
		return flatten(decoded)
	}
	root, err := html.ParseWithOptions(timelyReader{bytes.NewReader(decoded), check}, html.ParseOptionEnableScripting(false))
	if err != nil && check() == nil {
		return flatten(decoded)
	}
	if err != nil {
		return &html.Node{Type: html.DocumentNode}
	}
	return root
}

// decodeHTML returns the page in UTF-8, told by its mark, its media type or its
// own meta element, and by its bytes where these do not tell. See
// https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding.
func decodeHTML(data []byte, mediaType string) []byte {
	e, name, certain := charset.DetermineEncoding(data[:min(len(data), 1024)], mediaType)
	if name == "utf-8" || !certain && utf8.Valid(data) {
		return encodedOnce(bytes.TrimPrefix(data, []byte("\ufeff")))
	}
	decoded, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return data
	}
	return decoded
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
			if t := z.Token(); keepsFlat(t.DataAtom) {
				at = &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
				body.AppendChild(at)
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); keepsFlat(atom.Lookup(name)) {
				at = body
			}
		}
	}
}

// The parser's time grows with the elements that are open at each tag. Pages
// have some thirty; maxOpen is from where they are counted, and maxEffortHTML
// how much of them in all is taken.
const (
	maxOpen       = 64
	maxEffortHTML = 20_000_000
)

// overnested reports whether a page would keep the parser busy for long. It counts
// tags as they stand, without the rules by which a parser closes elements: so it
// may count too many as open, but not too few.
func overnested(data []byte) bool {
	open, effort := 0, 0
	var lower [24]byte // the longest name that is looked at
	for {
		i := bytes.IndexByte(data, '<')
		if i < 0 || i+2 > len(data) {
			return false
		}
		data = data[i+1:]
		end := data[0] == '/'
		name, alone := tagAt(bytes.TrimPrefix(data, []byte("/")), lower[:0])
		switch {
		case len(name) == 0 || alone || unclosed[string(name)]:
		case end:
			open = max(open-1, 0)
		default:
			open++
		}
		if effort += max(open-maxOpen, 0); effort > maxEffortHTML {
			return true
		}
	}
}

// tagAt appends to name that of the tag that data begin with, in lower case, and
// reports whether it ends there as one without content does. A name that is longer
// than there is room for is that of no known element.
func tagAt(data, name []byte) ([]byte, bool) {
	for i, c := range data[:min(len(data), cap(name))] {
		switch {
		case c == '>' || c == ' ' || c == '\n' || c == '\t':
			return name, false
		case c == '/':
			return name, i+1 < len(data) && data[i+1] == '>'
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		name = append(name, c)
	}
	return nil, false
}

// unclosed are the elements that pages leave open.
var unclosed = setOf("area base br col dd dt embed hr img input li link meta optgroup option p param rp rt source tbody td tfoot th thead tr track wbr path use")

// keepsFlat reports whether an element stands on its own in a flat tree.
func keepsFlat(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title:
		return true
	}
	return isBlock(a) || headingLevel(a) > 0
}

// fragmentText returns the text of a piece of HTML in a JSON string, which may be
// escaped once more than it should be. What is no string has no text.
func fragmentText(v any) string {
	s, _ := v.(string)
	if !strings.Contains(s, "<") {
		s = html.UnescapeString(s)
	}
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return ""
	}
	o := newOutline((len(s) + 1) * (blockCost + 1))
	w := &walker{out: o, flat: true}
	prune(root)
	w.block(root)
	w.flush()
	return strings.TrimSpace(o.text.String())
}
