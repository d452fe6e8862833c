package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ledongthuc/pdf"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/plainpdf"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

const (
	// maxObjects is the most objects of a PDF.
	maxObjects = 1 << 20
	// maxStream is the most bytes of one content stream of a PDF that are read.
	maxStream = 24 << 20
	// maxPrinted is the most bytes that all content of a PDF may have.
	maxPrinted = 64 << 20
)

// pdf reads a PDF. The file is rewritten first: the parser follows what a file
// says about itself, and a hostile one could end the process.
func (c content) pdf(ctx context.Context) (retrieval.Document, error) {
	f, err := plainpdf.Open(c.data, plainpdf.Limits{
		Pages: c.opts.MaxPages, Objects: maxObjects, Ratio: c.opts.MaxRatio, Stream: maxStream,
		Decoded: int(min(c.opts.MaxInflated, maxPrinted)), Output: maxPrinted,
	})
	if err != nil {
		return retrieval.Document{}, pdfError(err)
	}
	t := newPDFText(2 * c.opts.MaxText) // much is shown twice, to make it bold
	var pages [][]pdfLine
	for plain, err := range f.Rewrite(ctx) {
		if err != nil {
			return retrieval.Document{}, pdfError(err)
		}
		reader, err := pdf.NewReader(bytes.NewReader(plain), int64(len(plain)))
		if err != nil {
			return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
		}
		kids := reader.Trailer().Key("Root").Key("Pages").Key("Kids")
		for i := range kids.Len() {
			pages = append(pages, t.page(ctx, kids.Index(i)))
			if err := ctx.Err(); err != nil {
				return retrieval.Document{}, err
			}
			if t.left < 0 {
				return retrieval.Document{}, fmt.Errorf("%w: it shows more than %d characters", ingest.ErrTooLarge, 2*c.opts.MaxText)
			}
		}
	}
	o := c.outline()
	info := infoOf(f.Info())
	o.title = infoTitle(info.Title)
	layout(o, pages, newLandmarks(f.Outline()))
	doc, err := o.document()
	if errors.Is(err, ingest.ErrNoText) && t.shown > 0 {
		return doc, fmt.Errorf("%w: its fonts do not tell which letters they show; run text recognition on it first", err)
	}
	if errors.Is(err, ingest.ErrNoText) {
		return doc, fmt.Errorf("%w: its pages are pictures; run text recognition on it first", err)
	}
	doc.Language, doc.Updated = info.Language, info.Modified
	return doc, err
}

func pdfError(err error) error {
	switch {
	case errors.Is(err, plainpdf.ErrEncrypted):
		return ingest.ErrEncrypted
	case errors.Is(err, plainpdf.ErrTooLarge):
		return fmt.Errorf("%w: %w", ingest.ErrTooLarge, err)
	case errors.Is(err, plainpdf.ErrMalformed):
		return fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	return err
}
