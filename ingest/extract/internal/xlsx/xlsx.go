// Package xlsx reads workbooks of the kind since 2007, XLSX: SpreadsheetML of
// ECMA-376 part 1, 18, in its transitional and its strict form.
//
// A sheet is read element by element, and only cells that have text take memory,
// wherever they stand.
package xlsx

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/drawing"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

// A reader goes through the parts of a workbook.
type reader struct {
	pkg       *ooxml.Package
	book      *workbook.Book
	options   workbook.Options
	relations map[string]ooxml.Relation
	date1904  bool
	strings   []string // shared by cells
	codes     []string // of number formats, by the number of the style of a cell
}

// An entry is a sheet as the workbook lists it.
type entry struct {
	name   string
	id     string // of the relation to its part
	hidden bool
}

// Read reads a workbook. Errors wrap [ooxml.ErrTooLarge] or [workbook.ErrTooLarge];
// what is damaged is read as far as it goes.
func Read(pkg *ooxml.Package, options workbook.Options) (*workbook.Book, error) {
	r := &reader{pkg: pkg, book: workbook.New(options), options: options}
	main, err := pkg.Main("xl/workbook.xml")
	if err != nil {
		return nil, err
	}
	if r.relations, err = pkg.Relations(main); err != nil {
		return nil, err
	}
	entries, err := r.workbook(main)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(r.sharedStrings(), r.styles()); err != nil {
		return nil, err
	}
	for _, e := range entries {
		part := r.relations[e.id]
		if part.Kind != "worksheet" {
			continue
		}
		if err := r.sheet(e, part.Target); err != nil {
			return nil, err
		}
	}
	return r.book, nil
}

// workbook reads the list of the sheets.
func (r *reader) workbook(main string) (entries []entry, err error) {
	err = r.pkg.Walk(main, func(e xml.StartElement, _ *ooxml.Decoder) error {
		switch e.Name.Local {
		case "workbookPr":
			// Extensions have an element of this name as well, without that attribute.
			r.date1904 = r.date1904 || isTrue(ooxml.Attr(e, "date1904"))
		case "sheet":
			if len(entries) >= r.options.Sheets {
				return workbook.ErrTooLarge
			}
			entries = append(entries, entry{
				name: ooxml.Attr(e, "name"), id: ooxml.Attr(e, "id"),
				hidden: strings.Contains(strings.ToLower(ooxml.Attr(e, "state")), "hidden"),
			})
		}
		return nil
	})
	return entries, err
}

// sharedStrings reads the texts that cells refer to.
func (r *reader) sharedStrings() error {
	left := r.options.Text
	return r.pkg.Walk(ooxml.Target(r.relations, "sharedStrings"), func(e xml.StartElement, d *ooxml.Decoder) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := richText(d)
		if left -= len(text) + 16; left < 0 {
			return workbook.ErrTooLarge
		}
		r.strings = append(r.strings, text)
		return err
	})
}

// richText reads the text of runs, without the reading aids of East Asian scripts:
// ECMA-376 part 1, 18.4.8.
func richText(d *ooxml.Decoder) (string, error) {
	var b strings.Builder
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "t":
			text, err := d.Text()
			b.WriteString(unescape(text))
			return err
		case "r":
			return d.Children(element)
		}
		return nil
	}
	err := d.Children(element)
	return b.String(), err
}

// unescape decodes the characters that XML cannot hold, such as _x000D_: ECMA-376
// part 1, 22.9.2.19. Control characters that mean nothing in text are left out.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			b.WriteString(s)
			return b.String()
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		if n >= ' ' || n == '\n' || n == '\t' {
			b.WriteRune(rune(n))
		}
		s = s[i+7:]
	}
}

// maxStyles is the most styles of cells that Excel has in a workbook.
const maxStyles = 65_490

// styles reads the number format of each style of cells: cellXfs of ECMA-376 part
// 1, 18.8.10. The formats that stand in the styles themselves count before those
// that have a number only.
func (r *reader) styles() error {
	codes := make(map[int]string)
	inCells := false
	return r.pkg.Walk(ooxml.Target(r.relations, "styles"), func(e xml.StartElement, _ *ooxml.Decoder) error {
		switch e.Name.Local {
		case "numFmt":
			if len(codes) == maxStyles {
				return workbook.ErrTooLarge
			}
			codes[number(ooxml.Attr(e, "numFmtId"))] = ooxml.Attr(e, "formatCode")
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCells = false
		case "cellXfs":
			inCells = true
		case "xf":
			if !inCells || len(r.codes) == maxStyles {
				return nil
			}
			id := number(ooxml.Attr(e, "numFmtId"))
			code, own := codes[id]
			if !own {
				code = numfmt.Builtin(id)
			}
			r.codes = append(r.codes, code)
		}
		return nil
	})
}

// number reads an attribute that counts something; -1 is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// isTrue reads a truth: ECMA-376 part 1, 22.9.2.7.
func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// beside reads what belongs to a sheet and stands in other parts: text boxes,
// charts and remarks.
func (r *reader) beside(s *workbook.Sheet, part string) error {
	relations, err := r.pkg.Relations(part)
	if err != nil {
		return err
	}
	if s.Texts, err = drawing.Texts(r.pkg, ooxml.Target(relations, "drawing")); err != nil {
		return err
	}
	for _, kind := range []string{"comments", "threadedComment"} {
		err := r.pkg.Walk(ooxml.Target(relations, kind), func(e xml.StartElement, d *ooxml.Decoder) error {
			if e.Name.Local != "comment" && e.Name.Local != "threadedComment" {
				return nil
			}
			text, err := commentText(d, kind == "threadedComment")
			if err := s.Charge(len(text)); err != nil {
				return err
			}
			// A thread is in the old list as well, for programs that know no threads.
			if text != "" && !strings.HasPrefix(text, "[Threaded comment]") {
				s.Comments = append(s.Comments, text)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// commentText reads the text of a remark: runs, or in a thread the text as it is.
func commentText(d *ooxml.Decoder, thread bool) (text string, err error) {
	err = d.Children(func(e xml.StartElement) (err error) {
		switch {
		case e.Name.Local != "text":
		case thread:
			text, err = d.Text()
		default:
			text, err = richText(d)
		}
		return err
	})
	return strings.TrimSpace(text), err
}
