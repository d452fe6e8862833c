// Package extract turns files and pages into documents: Markdown and MDX, HTML,
// PDF, DOCX, plain text, reStructuredText, CSV and JSON.
//
// The kind of a file is told by its content first and by its name and media
// type only where the content does not tell. Content is foreign: whatever it
// holds, an extractor ends within its limits with a document or an error.
package extract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Options are the limits of an [Extractor].
type Options struct {
	// MaxBytes is the most content a file may have. Defaults to 32 MiB.
	MaxBytes int64
	// MaxText is the most text a document may have, in bytes. Defaults to 16 MiB.
	MaxText int
	// MaxPages is the most pages a PDF may have. Defaults to 3,000.
	MaxPages int
}

// An Extractor is an [ingest.Extractor] for all kinds of content that this
// package reads. It may be used from many goroutines.
type Extractor struct{ opts Options }

// New returns an Extractor. The opts may be nil.
func New(opts *Options) *Extractor {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 32 << 20
	}
	if o.MaxText <= 0 {
		o.MaxText = 16 << 20
	}
	if o.MaxPages <= 0 {
		o.MaxPages = 3000
	}
	return &Extractor{opts: o}
}

// A content is what one Extract works on.
type content struct {
	item ingest.Item
	kind Kind
	data []byte
	opts Options
}

// Extract implements [ingest.Extractor]. The document's title is the one that
// the content names, or else is made from the item's name.
func (e *Extractor) Extract(ctx context.Context, item ingest.Item, r io.Reader) (doc retrieval.Document, err error) {
	data, err := io.ReadAll(io.LimitReader(r, e.opts.MaxBytes+1))
	if err != nil {
		return retrieval.Document{}, err
	}
	if int64(len(data)) > e.opts.MaxBytes {
		return retrieval.Document{}, fmt.Errorf("%w: more than %d bytes", ingest.ErrTooLarge, e.opts.MaxBytes)
	}
	c := content{item: item, data: data, opts: e.opts}
	if c.kind, err = Detect(item.Name, item.MediaType, data); err != nil {
		return retrieval.Document{}, err
	}
	// The parsers of others are not trusted with foreign bytes.
	defer func() {
		if v := recover(); v != nil {
			doc, err = retrieval.Document{}, fmt.Errorf("%w: the %s parser panicked: %v", ingest.ErrMalformed, c.kind, v)
		}
	}()
	doc, err = c.extract(ctx)
	if err != nil {
		return retrieval.Document{}, err
	}
	if doc.Title == "" {
		doc.Title = titleOf(item.Name)
	}
	return doc, nil
}

func (c content) extract(ctx context.Context) (retrieval.Document, error) {
	switch c.kind {
	case Markdown:
		return c.markdown()
	case HTML:
		return c.html()
	case PDF:
		return c.pdf(ctx)
	case DOCX:
		return c.docx()
	case CSV:
		return c.csv()
	case JSON:
		return c.json()
	}
	return c.text()
}

// titleOf makes a title from a file name: "refund-policy.md" is "Refund policy".
func titleOf(name string) string {
	name = strings.TrimSuffix(path.Base(name), path.Ext(name))
	name = oneLine(strings.NewReplacer("-", " ", "_", " ").Replace(name))
	if name == "" || name == "." || name == "/" {
		return ""
	}
	r := []rune(name)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// blank reports whether there is nothing but white space.
func blank(data []byte) bool { return len(bytes.TrimSpace(data)) == 0 }
