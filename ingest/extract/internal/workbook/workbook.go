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
}

// A Sheet is one sheet of a workbook.
type Sheet struct {
	Name     string
	Hidden   bool     // by its user, or by a program
	Texts    []string // of text boxes and charts
	Comments []string // what users remarked on cells

	book  *Book
	cells []Cell
}

// A Cell is a cell that has text. Rows and columns count from zero.
type Cell struct {
	Row, Column int
	Text        string
	Number      bool // the text shows a number, a date or a truth
}

// New returns an empty workbook that keeps to limits.
func New(options Options) *Book { return &Book{options: options} }

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
	s.cells = append(s.cells, c)
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
func (s *Sheet) Empty() bool { return len(s.cells) == 0 && len(s.Texts) == 0 }

// Rows returns the rows that have cells, in order, each with its cells in order.
// Of cells in one place the last that was set counts.
func (s *Sheet) Rows() [][]Cell {
	slices.SortStableFunc(s.cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	var rows [][]Cell
	for _, c := range s.cells {
		n := len(rows)
		if n == 0 || rows[n-1][0].Row != c.Row {
			rows = append(rows, []Cell{c})
			continue
		}
		row := rows[n-1]
		if last := &row[len(row)-1]; last.Column == c.Column {
			*last = c
			continue
		}
		rows[n-1] = append(row, c)
	}
	return rows
}
