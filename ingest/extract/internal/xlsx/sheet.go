package xlsx

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

// The size of a sheet: ECMA-376 leaves it open, Excel fixes it.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

// A sheetReader goes through the cells of one sheet.
type sheetReader struct {
	*reader
	sheet       *workbook.Sheet
	decoder     *ooxml.Decoder
	row, column int // of the next cell that does not say where it stands
}

// sheet reads the cells of a sheet, and what belongs to it. Rows and cells may say
// where they stand, and else follow the one before.
func (r *reader) sheet(e entry, part string) error {
	sheet, err := r.book.Add(e.name, e.hidden)
	if err != nil {
		return err
	}
	s := &sheetReader{reader: r, sheet: sheet}
	err = r.pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		s.decoder = d
		switch e.Name.Local {
		case "row":
			s.row++
			if n := number(ooxml.Attr(e, "r")); n > 0 {
				s.row = n
			}
			s.column = 0
		case "c":
			return s.cell(e)
		case "mergeCell":
			s.merge(ooxml.Attr(e, "ref"))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.beside(sheet, part)
}

// cell reads one cell: ECMA-376 part 1, 18.3.1.4. Of a formula the value is read
// that it had when the file was saved.
func (s *sheetReader) cell(e xml.StartElement) error {
	row, column, ok := place(ooxml.Attr(e, "r"))
	if !ok {
		row, column = s.row-1, s.column
	}
	s.column = column + 1
	value := ""
	err := s.decoder.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "v":
			value, err = s.decoder.Text()
		case "is":
			value, err = richText(s.decoder)
		}
		return err
	})
	if row >= 0 && row < maxRows && column < maxColumns {
		c := workbook.At(row, column)
		c.Text, c.Number = s.text(ooxml.Attr(e, "t"), number(ooxml.Attr(e, "s")), value)
		if err := s.sheet.Set(c); err != nil {
			return err
		}
	}
	return err
}

// text returns what a cell shows, by its type: ECMA-376 part 1, 18.18.11. The style
// is an index of the formats, negative for none.
func (s *sheetReader) text(kind string, style int, value string) (text string, isNumber bool) {
	var f numfmt.Format
	if style >= 0 && style < len(s.codes) {
		f = s.book.Format(s.codes[style])
	}
	value = strings.TrimSpace(value)
	switch kind {
	case "s":
		if i := number(value); i >= 0 && i < len(s.strings) {
			return f.Text(s.strings[i]), false
		}
		return "", false
	case "str", "inlineStr":
		return f.Text(unescape(value)), false
	case "b":
		if isTrue(value) {
			return "TRUE", true
		}
		return "FALSE", true
	case "e":
		return value, true
	case "d":
		return s.date(value, f), true
	}
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value, false
	}
	return s.book.Number(f, v, s.date1904), true
}

// date shows a date of ISO 8601 as the format does, and as it is where the format
// is not one for dates.
func (s *sheetReader) date(value string, f numfmt.Format) string {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05.999Z07:00"} {
		if t, err := time.Parse(layout, value); err == nil && f.IsDate() {
			return s.book.Number(f, t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()/24, false)
		}
	}
	return value
}

// merge reads which cells are shown as one: ECMA-376 part 1, 18.3.1.54.
func (s *sheetReader) merge(ref string) {
	from, to, _ := strings.Cut(ref, ":")
	top, left, ok := place(from)
	if bottom, right, also := place(to); ok && also {
		s.sheet.Merge(workbook.Area{Top: top, Left: left, Bottom: bottom, Right: right})
	}
}

// place reads a reference such as "BC12", as row and column from zero.
func place(ref string) (row, column int, ok bool) {
	digits := strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	letters := ref[:len(ref)-len(digits)]
	n := number(digits)
	if len(letters) == 0 || len(letters) > 3 || n <= 0 {
		return 0, 0, false
	}
	for _, l := range letters {
		column = column*26 + int(l-'A') + 1
	}
	return n - 1, column - 1, true
}
