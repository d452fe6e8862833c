package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/biff"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// detectLimits bound what is read to tell the kind of an archive: only the list of
// its entries, the relations of the package, and the beginning of its main part.
var detectLimits = ooxml.Limits{Entries: 1 << 16, Inflated: 8 << 20, Ratio: 1000, Depth: 100}

// detectZip tells the kinds that are archives by the outermost element of their
// main part, whatever the file is called: a document with macros is one as well.
func detectZip(data []byte) (Kind, error) {
	pkg, err := ooxml.Open(data, detectLimits)
	if err != nil {
		return "", officeError(err)
	}
	main, err := pkg.Main("")
	if err != nil {
		return "", officeError(err)
	}
	for _, name := range []string{main, documentPart, "ppt/presentation.xml", "xl/workbook.xml"} {
		switch pkg.Root(name) {
		case "document":
			return DOCX, nil
		case "presentation":
			return PPTX, nil
		case "workbook":
			return XLSX, nil
		}
	}
	if strings.HasSuffix(main, ".bin") {
		return "", fmt.Errorf("%w: a binary workbook; save it as .xlsx", ingest.ErrUnsupported)
	}
	return "", fmt.Errorf("%w: an archive that is not an Office file", ingest.ErrUnsupported)
}

// detectCompound tells what a compound file, [MS-CFB], is by the names in it. An
// Office file with a password is one too: its package is a stream, [MS-OFFCRYPTO]
// 2.3.4.
func detectCompound(data []byte) (Kind, error) {
	names, err := biff.Names(data)
	has := func(name string) bool { return slices.Contains(names, name) }
	switch {
	case has("encryptedpackage"), err != nil && bytes.Contains(data, utf16le("EncryptedPackage")):
		return "", ingest.ErrEncrypted
	case err != nil:
		return "", officeError(err)
	case has("workbook"), has("book"):
		return XLS, nil
	case has("worddocument"):
		return "", fmt.Errorf("%w: a Word file of the kind before 2007; save it as .docx", ingest.ErrUnsupported)
	case has("powerpoint document"):
		return "", fmt.Errorf("%w: a PowerPoint file of the kind before 2007; save it as .pptx", ingest.ErrUnsupported)
	}
	return "", fmt.Errorf("%w: a compound file that is not a workbook", ingest.ErrUnsupported)
}

// utf16le returns ASCII as compound files write names.
func utf16le(s string) []byte {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// openPackage opens the content as a package, to be read until ctx is done.
func (c content) openPackage(ctx context.Context) (*ooxml.Package, error) {
	return ooxml.Open(c.data, ooxml.Limits{Entries: c.opts.MaxEntries, Inflated: c.opts.MaxInflated, Ratio: c.opts.MaxRatio, Depth: c.opts.MaxDepth, Check: ctx.Err})
}

// officeError says in this project's words why a file could not be read.
func officeError(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, ooxml.ErrTooLarge), errors.Is(err, workbook.ErrTooLarge):
		return fmt.Errorf("%w: %w", ingest.ErrTooLarge, err)
	case errors.Is(err, biff.ErrEncrypted):
		return ingest.ErrEncrypted
	case errors.Is(err, biff.ErrNoBook):
		return fmt.Errorf("%w: %w", ingest.ErrUnsupported, err)
	}
	return fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
}

// describe adds what the properties of a package say of the document: title,
// language, keywords, and when it was changed last. What the text itself names
// stands, and a title that a program filled in is none.
func describe(doc retrieval.Document, pkg *ooxml.Package) (retrieval.Document, error) {
	core, err := pkg.Core()
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	if doc.Title == "" && !placeholder(core.Title) {
		doc.Title = oneLine(core.Title)
	}
	if doc.Language == "" {
		doc.Language = core.Language
	}
	if len(doc.Keywords) == 0 && core.Keywords != "" {
		doc.Keywords = keywords(strings.ReplaceAll(core.Keywords, ";", ","))
	}
	if t, err := time.Parse(time.RFC3339, core.Modified); err == nil {
		doc.Updated = t
	}
	return doc, nil
}

// placeholder reports whether a title is one that programs fill in.
func placeholder(title string) bool {
	title = strings.ToLower(oneLine(title))
	for _, start := range []string{"powerpoint presentation", "slide 1", "document1", "microsoft word - ", "microsoft powerpoint - ", "untitled"} {
		if strings.HasPrefix(title, start) {
			return true
		}
	}
	return title == ""
}
