package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// xmlTitles are elements that hold the heading of what is around them, in
// DocBook, DITA, RSS, Atom and JATS.
var xmlTitles = map[string]bool{"title": true, "heading": true, "head": true, "question": true, "subject": true}

// xmlInline are elements in the middle of a text, in the vocabularies above and
// in XHTML.
var xmlInline = map[string]bool{
	"a": true, "b": true, "i": true, "u": true, "em": true, "strong": true, "span": true, "code": true, "tt": true, "sub": true, "sup": true,
	"emphasis": true, "link": true, "ulink": true, "xref": true, "literal": true, "command": true, "filename": true, "option": true,
	"application": true, "guilabel": true, "guimenu": true, "guimenuitem": true, "guibutton": true, "keycap": true, "replaceable": true,
	"userinput": true, "varname": true, "systemitem": true, "productname": true, "acronym": true, "quote": true, "phrase": true,
	"uicontrol": true, "codeph": true, "ph": true, "keyword": true, "term": true, "bold": true, "italic": true, "ext-link": true,
}

// xmlHidden are elements that hold nothing to read.
var xmlHidden = map[string]bool{"script": true, "style": true, "indexterm": true, "guid": true, "processing-instruction": true}

// xmlProse are elements that hold text to read, where others hold data: the
// text of those is told by their names.
var xmlProse = map[string]bool{
	"p": true, "para": true, "simpara": true, "formalpara": true, "li": true, "item": true, "listitem": true, "member": true,
	"entry": true, "td": true, "th": true, "dt": true, "dd": true, "step": true, "cmd": true, "answer": true, "body": true, "text": true,
	"content": true, "description": true, "summary": true, "abstract": true, "shortdesc": true, "note": true, "caption": true,
	"blockquote": true, "programlisting": true, "screen": true, "codeblock": true, "pre": true, "subtitle": true, "section": true,
	"seg": true, "target": true, "encoded": true, "term": true,
}

// xmlMarkup are elements of feeds whose text is HTML.
var xmlMarkup = map[string]bool{"description": true, "content": true, "encoded": true, "summary": true}

// maxTokens is the most elements and texts between them that XML may have, each
// element counted at its start and at its end, and the most entities.
const maxTokens = 1_000_000

// xml reads any XML: the text of each element that holds text is a block, and a
// title is the heading of the element around it. Entities are never fetched and
// never expanded beyond those of HTML.
func (c content) xml() (retrieval.Document, error) {
	data := xmlUTF8(c.data)
	if n := bytes.Count(data, []byte("&")); n > maxTokens {
		return retrieval.Document{}, fmt.Errorf("%w: %d entities", ingest.ErrTooLarge, n)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(r), nil
	}
	w := &xmlWalk{out: c.records(), slugs: make(slugs), opts: c.opts}
	for n := 0; ; n++ {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
		}
		if n > maxTokens {
			return retrieval.Document{}, fmt.Errorf("%w: more than %d elements and texts", ingest.ErrTooLarge, maxTokens)
		}
		if err := errors.Join(w.token(t), w.out.full()); err != nil {
			return retrieval.Document{}, err
		}
	}
	w.end()
	w.record()
	doc, err := w.out.document()
	doc.Language = w.language
	return doc, err
}

// xmlUTF8 returns UTF-16 as UTF-8, as which the decoder reads everything that
// does not declare another encoding.
func xmlUTF8(data []byte) []byte {
	if hasUTF16Mark(data) {
		_, body, found := strings.Cut(decode(data), "?>")
		if !found {
			body = decode(data)
		}
		return []byte(body)
	}
	return data
}

// An xmlWalk goes through the tokens of XML.
type xmlWalk struct {
	out      *records
	slugs    slugs
	opts     Options
	language string
	open     []xmlElement
	hidden   int // open elements from the first hidden one
	level    int // of sections that have a title
	text     strings.Builder
	fields   []string // lines of one record
}

type xmlElement struct {
	name, id string
	inline   bool // it stands in the middle of a text
	titled   bool // it has a heading
	parent   bool // it has elements that are no inline ones
}

func (w *xmlWalk) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return w.start(t)
	case xml.EndElement:
		return w.close()
	case xml.CharData:
		if w.hidden == 0 {
			w.text.Write(t)
		}
		if w.text.Len() > w.opts.MaxText {
			return fmt.Errorf("%w: too much text in one element", ingest.ErrTooLarge)
		}
	}
	return nil
}

func (w *xmlWalk) start(t xml.StartElement) error {
	if len(w.open) >= w.opts.MaxDepth {
		return fmt.Errorf("%w: elements are nested more than %d deep", ingest.ErrTooLarge, w.opts.MaxDepth)
	}
	e := xmlElement{name: t.Name.Local, inline: xmlInline[t.Name.Local] && len(w.open) > 0}
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "id":
			e.id = a.Value
		case "lang":
			if len(w.open) == 0 {
				w.language = a.Value
			}
		}
	}
	if w.hidden > 0 || xmlHidden[e.name] {
		w.hidden++
	} else if !e.inline {
		if n := len(w.open); n > 0 {
			w.open[n-1].parent = true
		}
		w.end()
	}
	w.attributes(t)
	w.open = append(w.open, e)
	return nil
}

func (w *xmlWalk) close() error {
	n := len(w.open) - 1
	if n < 0 {
		return nil
	}
	e := w.open[n]
	switch {
	case w.hidden > 0:
		w.hidden--
	case xmlTitles[e.name] && !e.parent:
		w.heading()
	case !e.inline:
		w.end()
		if e.parent {
			w.record()
		}
	}
	w.open = w.open[:n]
	if e.titled {
		w.level--
	}
	return nil
}

// heading makes the text so far the heading of the element around the title.
func (w *xmlWalk) heading() {
	text := oneLine(w.text.String())
	w.text.Reset()
	w.record()
	if text == "" {
		return
	}
	i := len(w.open) - 2
	if i < 0 || w.open[i].titled {
		w.out.block(text)
		return
	}
	w.open[i].titled = true
	w.level++
	anchor := w.open[i].id
	if anchor == "" {
		anchor = w.slugs.slug(text)
	}
	w.out.heading(w.level, text, anchor)
}

// maxField is the longest text that is a value of a record, in bytes.
const maxField = 200

// attributes adds a setting that an element has in its attributes.
func (w *xmlWalk) attributes(t xml.StartElement) {
	key, value := "", ""
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "key", "name":
			key = a.Value
		case "value":
			value = a.Value
		}
	}
	if key != "" && value != "" && w.hidden == 0 {
		w.field(key, value)
	}
}

// maxFields is the most fields that are taken as one record.
const maxFields = 1_000

// field adds a field to the record.
func (w *xmlWalk) field(name, value string) {
	if len(w.fields) == maxFields {
		w.record()
	}
	w.fields = append(w.fields, oneLine(name+": "+value))
}

// record ends a record: its fields are the lines of a block.
func (w *xmlWalk) record() {
	w.out.block(strings.Join(w.fields, "\n"))
	w.fields = nil
}

// end ends a block of text. A short text in an element of data is told by the
// element's name.
func (w *xmlWalk) end() {
	text := strings.TrimSpace(w.text.String())
	w.text.Reset()
	if text == "" || len(w.open) == 0 {
		return
	}
	e := w.open[len(w.open)-1]
	if !e.parent && !xmlProse[e.name] && len(text) <= maxField {
		w.field(e.name, text)
		return
	}
	w.record()
	if xmlMarkup[e.name] && strings.Contains(text, "<") {
		w.out.prose(text)
		return
	}
	if e.name == "programlisting" || e.name == "screen" || e.name == "codeblock" {
		w.out.code(text)
		return
	}
	w.out.block(oneLine(text))
}
