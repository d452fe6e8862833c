package extract

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// maxParts is the most parts of a message that are read, and that have parts
// themselves: the work for these grows with their square.
const maxParts = 200

// maxBoundaries is the most lines that may part a message, and maxEffortMail the
// most bytes that are read of parts within parts: each is looked at once for
// every part around it.
const (
	maxBoundaries = 5_000
	maxEffortMail = 256 << 20
)

// maxMail is the most content that a message may have with its files, in bytes,
// and maxMailLines the most lines. Several copies of it stand in memory.
const (
	maxMail      = 24 << 20
	maxMailLines = 1_000_000
)

// mail reads a message: the subject is the title, and the plain text is taken
// where there is one. Quoted history is kept, as it may hold the answer. A file
// that is attached is a section with its name, and with its text if it is of a
// kind that is read; messages in messages are only named.
func (c content) mail(ctx context.Context) (retrieval.Document, error) {
	if n := bytes.Count(c.data, []byte("\n")); len(c.data) > maxMail || n > maxMailLines {
		return retrieval.Document{}, fmt.Errorf("%w: a message of %d bytes and %d lines", ingest.ErrTooLarge, len(c.data), n)
	}
	if longHeader(c.data) {
		return retrieval.Document{}, fmt.Errorf("%w: a header of more than %d bytes", ingest.ErrTooLarge, maxHeader)
	}
	nested := bytes.Count(c.data, []byte("multipart/"))
	if bytes.Count(c.data, []byte("\n--")) > maxBoundaries || nested > maxParts || nested*len(c.data) > maxEffortMail {
		return retrieval.Document{}, fmt.Errorf("%w: too many parts", ingest.ErrTooLarge)
	}
	o := c.outline()
	parser := enmime.NewParser(enmime.DisableTextConversion(true), enmime.SkipMalformedParts(true), enmime.MaxStoredPartErrors(10))
	e, err := parser.ReadEnvelope(timelyReader{bytes.NewReader(c.data), o.full})
	if late := o.full(); late != nil {
		return retrieval.Document{}, late
	}
	if err != nil {
		return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	o.title = oneLine(e.GetHeader("Subject"))
	var head []string
	for _, name := range []string{"From", "To", "Date"} {
		if value := oneLine(e.GetHeader(name)); value != "" {
			head = append(head, name+": "+value)
		}
	}
	o.block(strings.Join(head, "\n"))
	c.message(o, e)
	for _, part := range attachments(e) {
		if err := c.attachment(ctx, o, part); err != nil {
			return retrieval.Document{}, err
		}
	}
	doc, err := o.document()
	if date, dated := e.Date(); dated == nil {
		doc.Updated = date.UTC()
	}
	return doc, err
}

// maxHeader is the longest header that a message or a part of it may have, in
// bytes.
const maxHeader = 256 << 10

// longHeader reports whether there is a header that is too long to be read.
func longHeader(data []byte) bool {
	for part := range bytes.SplitSeq(data, []byte("\n--")) {
		end := len(part)
		for _, blank := range []string{"\n\n", "\n\r\n"} {
			if i := bytes.Index(part[:end], []byte(blank)); i >= 0 {
				end = i
			}
		}
		if end > maxHeader {
			return true
		}
	}
	return false
}

// message writes the text of a message.
func (c content) message(o *outline, e *enmime.Envelope) {
	text := e.Text
	if plain := e.Root.BreadthMatchFirst(func(p *enmime.Part) bool {
		return p.ContentType == "text/plain" && p.Disposition != "attachment"
	}); plain == nil && e.HTML != "" {
		r := &records{outline: o, opts: c.opts, slugs: make(slugs)}
		r.prose(e.HTML)
		return
	}
	p := &plain{out: o, slugs: make(slugs)}
	p.page(clean(text))
}

// attachments returns the parts that are files.
func attachments(e *enmime.Envelope) []*enmime.Part {
	var files []*enmime.Part
	for _, parts := range [][]*enmime.Part{e.Attachments, e.Inlines, e.OtherParts} {
		for _, part := range parts {
			if part.FileName != "" && len(files) < maxParts {
				files = append(files, part)
			}
		}
	}
	return files
}

// attachment writes a file of a message. One that cannot be read is named.
func (c content) attachment(ctx context.Context, o *outline, part *enmime.Part) error {
	name := oneLine(part.FileName)
	o.heading(2, name, "")
	inner := content{item: ingest.Item{Name: name, MediaType: part.ContentType}, data: part.Content, opts: c.opts, check: c.check}
	var err error
	if inner.kind, err = Detect(name, part.ContentType, part.Content); err != nil || inner.kind == Mail || inner.kind == Media {
		return nil
	}
	doc, err := inner.extract(ctx)
	if err != nil {
		return ctx.Err()
	}
	for _, s := range doc.Sections {
		if len(s.Path) > 0 {
			o.heading(3, strings.Join(s.Path, " › "), "")
		}
		o.block(s.Text)
	}
	return nil
}
