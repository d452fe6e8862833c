package extract

import (
	"context"
	"strings"
	"unicode"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/biff"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/xlsx"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// xls reads a workbook of the kind before 2007. Its properties are not read.
func (c content) xls() (retrieval.Document, error) {
	book, err := biff.Read(c.data, c.bookOptions())
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	return c.sheets(c.outline(), book)
}

// xlsx reads a workbook of the kind since 2007.
func (c content) xlsx(ctx context.Context) (retrieval.Document, error) {
	pkg, err := c.openPackage(ctx)
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	book, err := xlsx.Read(pkg, c.bookOptions())
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	o := c.outline()
	doc, err := c.sheets(o, book)
	if err != nil {
		return doc, err
	}
	return describe(doc, pkg)
}

// bookOptions are the limits and the form in which cells are read.
func (c content) bookOptions() workbook.Options {
	return workbook.Options{Exact: c.opts.Plain, Sheets: c.opts.MaxPages, Cells: c.opts.MaxCells, Text: c.opts.MaxText, Check: c.check}
}

// sheets writes each sheet as a section under its name, with its tables first and
// then its text boxes and charts. Hidden sheets are left out, as those who look at
// the workbook do not see them. A plain document has the cells of all sheets and
// nothing else, as programs write them to CSV. The name that a program gave to the only sheet is
// no heading.
func (c content) sheets(o *outline, book *workbook.Book) (retrieval.Document, error) {
	var shown []*workbook.Sheet
	for _, s := range book.Sheets {
		if c.opts.Remarks {
			s.Texts = append(s.Texts, s.Comments...)
		}
		if c.opts.Plain {
			s.Texts = nil
		}
		if !s.Empty() && (!s.Hidden || c.opts.Plain) {
			shown = append(shown, s)
		}
	}
	for _, s := range shown {
		if err := o.full(); err != nil {
			return retrieval.Document{}, err
		}
		o.resume(place{})
		if !c.opts.Plain && (len(shown) > 1 || !serial(s.Name)) {
			o.heading(2, s.Name, "")
		}
		for _, t := range tablesOf(s.Rows()) {
			t.write(o, c.opts.Plain)
		}
		for _, text := range s.Texts {
			o.block(paragraph(text))
		}
	}
	return o.document()
}

// serial reports whether a name is one that programs give to a sheet, in any
// language: "Sheet1", "Tabelle1".
func serial(name string) bool {
	letters := strings.TrimRight(name, "0123456789")
	return letters != name && strings.IndexFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}
