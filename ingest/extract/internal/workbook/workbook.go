// Package workbook holds what the readers of spreadsheets read: sheets of
// cells, each with the text that its user sees.
package workbook

import (
	"cmp"
	"errors"
	"slices"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
)

// ErrTooLarge reports more cells or text than the limits allow.
var ErrTooLarge = errors.New("workbook: too many cells or too much text")

// Options say how a workbook is read, and bound it.
type Options struct {
	// Exact gives numbers with all their digits, not as their formats show them,
	// and truths as 1 and 0.
	Exact bool

	// The most that is read:
	Sheets int // sheets
	Cells  int // cells with text, over all sheets
	Text   int // bytes of the texts of all cells

	// Check is asked while cells are read, and its error ends that. It may be nil.
	Check func() error
}

// A Book is a workbook. A reader fills it; it is not safe for concurrent use.
type Book struct {
	Sheets  []*Sheet
	options Options // with what is left of each limit
	formats map[string]numfmt.Format
}

// maxFormats is how many number formats of a workbook are parsed. Excel allows
// some 250; numbers in further ones are shown without.
const maxFormats = 4096

// A Sheet is one sheet of a workbook.
type Sheet struct {
	Name     string
	Hidden   bool     // by its user, or by a program
	Texts    []string // of text boxes and charts
	Comments []string // what users remarked on cells

	book   *Book
	rows   [][]Cell
	merged []Area
}

// A Cell is a cell that has text. Rows and columns count from zero. It is small, as
// there may be millions.
type Cell struct {
	Text   string
	Row    int32
	Column uint16
	Number bool // the text shows a number, a date or a truth
}

// At returns an empty cell in its place.
func At(row, column int) Cell { return Cell{Row: int32(row), Column: uint16(column)} }

// New returns an empty workbook that keeps to limits.
func New(options Options) *Book {
	return &Book{options: options, formats: make(map[string]numfmt.Format)}
}

// Format returns the format of a code. Each code is parsed once, when it is needed.
func (b *Book) Format(code string) numfmt.Format {
	f, ok := b.formats[code]
	if !ok && len(b.formats) < maxFormats {
		f = numfmt.Parse(code)
		b.formats[code] = f
	}
	return f
}

// Number returns a number as a cell of the given format has it. With date1904, the
// days of the workbook count from 1904.
func (b *Book) Number(f numfmt.Format, v float64, date1904 bool) string {
	if b.options.Exact {
		return f.Exact(v, date1904)
	}
	return f.Number(v, date1904)
}

// Truth returns a truth as a cell has it.
func (b *Book) Truth(v bool) string {
	switch {
	case b.options.Exact && v:
		return "1"
	case b.options.Exact:
		return "0"
	case v:
		return "TRUE"
	}
	return "FALSE"
}

// Add appends a sheet. It returns [ErrTooLarge] if there are too many.
func (b *Book) Add(name string, hidden bool) (*Sheet, error) {
	if len(b.Sheets) >= b.options.Sheets {
		return nil, ErrTooLarge
	}
	s := &Sheet{Name: name, Hidden: hidden, book: b}
	b.Sheets = append(b.Sheets, s)
	return s, nil
}

// Set keeps a cell, and drops one without text. It returns [ErrTooLarge] once
// the limits are passed.
func (s *Sheet) Set(c Cell) error {
	if c.Text == "" {
		return nil
	}
	s.book.options.Cells--
	if s.book.options.Cells < 0 {
		return ErrTooLarge
	}
	if err := s.Charge(len(c.Text)); err != nil {
		return err
	}
	n := len(s.rows)
	if n == 0 || s.rows[n-1][0].Row != c.Row {
		room := 1
		if n > 0 {
			room = min(len(s.rows[n-1]), 256) // as wide as the row before
		}
		s.rows = append(s.rows, append(make([]Cell, 0, room), c))
		return nil
	}
	s.rows[n-1] = append(s.rows[n-1], c)
	return nil
}

// Charge counts text that is kept beside the cells, in bytes. It returns
// [ErrTooLarge] once there is too much.
func (s *Sheet) Charge(bytes int) error {
	if s.book.options.Text -= bytes; s.book.options.Text < 0 {
		return ErrTooLarge
	}
	return nil
}

// Check returns why nothing more is to be read, if so.
func (b *Book) Check() error {
	if b.options.Check != nil {
		return b.options.Check()
	}
	return nil
}

// Empty reports whether the sheet has neither cells nor texts.
func (s *Sheet) Empty() bool { return len(s.rows) == 0 && len(s.Texts) == 0 }

// Rows returns the cells by rows and columns, without rows that have none. Of
// cells in one place the last counts. Where cells are merged downwards, the rows
// below have the text as well, unless the workbook is read exactly.
func (s *Sheet) Rows() [][]Cell {
	s.arrange()
	if !s.book.options.Exact {
		s.repeat()
	}
	return s.rows
}

// arrange sorts the rows and their cells, and drops cells that another replaces.
func (s *Sheet) arrange() {
	byRow := func(a, b []Cell) int { return cmp.Compare(a[0].Row, b[0].Row) }
	byColumn := func(a, b Cell) int { return cmp.Compare(a.Column, b.Column) }
	if !slices.IsSortedFunc(s.rows, byRow) {
		slices.SortStableFunc(s.rows, byRow)
	}
	rows := s.rows[:0]
	for _, row := range s.rows {
		if n := len(rows) - 1; n >= 0 && rows[n][0].Row == row[0].Row {
			rows[n] = append(rows[n], row...)
			continue
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		if !slices.IsSortedFunc(row, byColumn) {
			slices.SortStableFunc(row, byColumn)
		}
		slices.Reverse(row)
		row = slices.CompactFunc(row, func(a, b Cell) bool { return a.Column == b.Column })
		slices.Reverse(row)
		rows[i] = row
	}
	s.rows = rows
}
