package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/ledongthuc/pdf"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/plainpdf"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// pdf reads a PDF. The file is rewritten first: the parser follows what a file
// says about itself, and a hostile one could end the process.
func (c content) pdf(ctx context.Context) (retrieval.Document, error) {
	plain, err := plainpdf.Rewrite(ctx, c.data, plainpdf.Limits{
		Pages: c.opts.MaxPages, Objects: 1 << 20, Decoded: 128 << 20, Output: 48 << 20,
	})
	if err != nil {
		return retrieval.Document{}, pdfError(err)
	}
	reader, err := pdf.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	kids := reader.Trailer().Key("Root").Key("Pages").Key("Kids")
	glyphs := 2 * c.opts.MaxText // many are shown twice, to make them bold
	t := &pdfText{fonts: make(map[int64]*pdfFont), left: glyphs}
	var pages [][]pdfLine
	for i := range kids.Len() {
		if err := ctx.Err(); err != nil {
			return retrieval.Document{}, err
		}
		pages = append(pages, t.page(ctx, kids.Index(i)))
	}
	if err := ctx.Err(); err != nil {
		return retrieval.Document{}, err
	}
	if t.left < 0 {
		return retrieval.Document{}, fmt.Errorf("%w: more than %d characters", ingest.ErrTooLarge, glyphs)
	}
	o := newOutline(c.opts.MaxText)
	o.title = infoTitle(reader.Trailer().Key("Info").Key("Title").Text())
	layout(o, pages)
	doc, err := o.document()
	if errors.Is(err, ingest.ErrNoText) {
		return doc, fmt.Errorf("%w: its pages are pictures; run text recognition on it first", err)
	}
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

// fileTitle is a title that a program made from the name of a file.
var fileTitle = regexp.MustCompile(`(?i)^(?:microsoft \w+ - .*|.*\.(?:docx?|xlsx?|pptx?|tex|dvi|indd|qxd|pdf|html?|rtf|odt|fm|eps|ai)|untitled.*|document\d*|presentation\d*|slide \d+|\W*)$`)

// infoTitle returns the title in the document's properties if a person gave it.
func infoTitle(title string) string {
	title = oneLine(strings.ToValidUTF8(title, ""))
	if len(title) < 4 || len(title) > 200 || fileTitle.MatchString(title) {
		return ""
	}
	return title
}
