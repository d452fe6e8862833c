package extract

import (
	"bytes"
	"context"
	"encoding/xml"
	"path"
	"slices"
	"strings"

	"github.com/nguyenthenguyen/docx"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// documentPart is where the body of a DOCX file stands as a rule.
const documentPart = "word/document.xml"

// maxLibrary is the most XML of a file that is handed to the DOCX library, which
// holds all of it in memory several times over.
const maxLibrary = 16 << 20

// docx reads a Word file of the kind since 2007: its body with the notes at the
// blocks that refer to them, then its headers and footers, each once. Tracked
// changes are taken as accepted.
func (c content) docx(ctx context.Context) (retrieval.Document, error) {
	pkg, err := c.openPackage(ctx)
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	w := &wordWalker{content: c, pkg: pkg, out: c.outline(), merged: newMerged(c.opts)}
	main, err := pkg.Main(documentPart)
	if err == nil {
		err = w.parts(main)
	}
	if err == nil {
		err = w.body(main)
	}
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	w.endBlock()
	if err := w.around(); err != nil {
		return retrieval.Document{}, officeError(err)
	}
	doc, err := w.out.document()
	if err != nil {
		return retrieval.Document{}, err
	}
	return describe(doc, pkg)
}

// parts reads what the body refers to: styles, lists and notes.
func (w *wordWalker) parts(main string) (err error) {
	if w.relations, err = w.pkg.Relations(main); err != nil {
		return err
	}
	if err = w.readStyles(ooxml.Target(w.relations, "styles")); err != nil {
		return err
	}
	if w.lists, err = readLists(w.pkg, ooxml.Target(w.relations, "numbering")); err != nil {
		return err
	}
	if w.opts.Plain {
		return nil
	}
	w.notes = make(map[string]string)
	for kind, element := range map[string]string{"footnotes": "footnote", "endnotes": "endnote"} {
		if err := w.readNotes(ooxml.Target(w.relations, kind), element); err != nil {
			return err
		}
	}
	return nil
}

// body walks the body. What comes before a fault in it is kept.
func (w *wordWalker) body(main string) error {
	d, err := w.bodyDecoder(main)
	if err != nil {
		return err
	}
	err = w.read(d)
	if err != nil && ooxml.Damaged(err) && (len(w.out.sections) > 0 || w.out.text.Len() > 0) {
		return nil
	}
	return err
}

// bodyDecoder returns the body as the library reads it. What the library refuses,
// as it wants parts that valid files can lack, is read from the archive.
func (w *wordWalker) bodyDecoder(main string) (*ooxml.Decoder, error) {
	size, err := w.pkg.Total("word/")
	if err == nil && size <= maxLibrary && main == documentPart {
		file, err := docx.ReadDocxFromMemory(bytes.NewReader(w.data), int64(len(w.data)))
		if err == nil {
			defer file.Close()
			return w.pkg.Decode(strings.NewReader(file.Editable().GetContent())), nil
		}
	}
	return w.pkg.Decoder(main)
}

// readNotes reads the notes of a part, by their kind and identifier.
func (w *wordWalker) readNotes(part, element string) error {
	return w.pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		if kind := ooxml.Attr(e, "type"); e.Name.Local != element || kind != "" && kind != "normal" {
			return nil
		}
		text, err := w.aside(d)
		w.notes[element+ooxml.Attr(e, "id")] = text
		return err
	})
}

// maxAround is the most parts that are read of what stands around the body. A
// section may have six of them.
const maxAround = 500

// around writes what stands around the body: headers and footers, each text
// once, and the remarks of reviewers.
func (w *wordWalker) around() error {
	if w.opts.Plain {
		return nil
	}
	var parts []string
	for _, r := range w.relations {
		if r.Kind == "header" || r.Kind == "footer" || r.Kind == "comments" && w.opts.Remarks {
			parts = append(parts, r.Target)
		}
	}
	slices.Sort(parts)
	seen := map[string]bool{"": true}
	w.out.resume(place{})
	parts = slices.Compact(parts)
	for _, part := range parts[:min(len(parts), maxAround)] {
		err := w.pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
			if e.Name.Local != "hdr" && e.Name.Local != "ftr" && e.Name.Local != "comment" {
				return nil
			}
			text, err := w.aside(d)
			if !seen[text] && strings.Trim(text, " 0123456789/-–|") != "" {
				w.out.block(text)
			}
			seen[text] = true
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// aside reads the element that was opened last as a text of its own, as if it
// were a cell of a table: its paragraphs are lines.
func (w *wordWalker) aside(d *ooxml.Decoder) (string, error) {
	inner := &wordWalker{content: w.content, pkg: w.pkg, decoder: d, out: newOutline(w.opts.MaxText), styles: w.styles, lists: w.lists, cells: 1}
	err := inner.children(nil)
	return paragraph(inner.cell.String()), err
}

// chunk writes a part that Word would import when it opens the file (altChunk,
// ECMA-376 part 1, 17.17.2.1): a page or a text. It loses its headings.
func (w *wordWalker) chunk(id string) error {
	part := w.relations[id].Target
	data, err := w.pkg.Read(part, maxLibrary)
	if err != nil || len(data) == 0 {
		return err
	}
	c := content{item: w.content.item, kind: HTML, data: data, opts: w.opts}
	read := c.html
	switch strings.ToLower(path.Ext(part)) {
	case ".htm", ".html", ".xhtml":
	case ".txt":
		read = c.text
	default:
		return nil
	}
	doc, err := read()
	if err != nil {
		return nil // an empty one, or one that no one can read
	}
	w.endBlock()
	for _, s := range doc.Sections {
		w.out.block(s.Text)
	}
	return nil
}
