package workbook

import (
	"cmp"
	"slices"
)

// An Area is a rectangle of cells, with its last row and column.
type Area struct{ Top, Left, Bottom, Right int }

const (
	// maxMerged is how many merged cells of a sheet are looked at.
	maxMerged = 50_000
	// maxRepeats is how many rows of a sheet merged cells may reach into, all
	// together.
	maxRepeats = 200_000
)

// Merge says that the cells of an area are shown as one. Areas of a single row
// and those after the first 50,000 are passed over.
func (s *Sheet) Merge(a Area) {
	if a.Bottom > a.Top && len(s.merged) < maxMerged {
		s.merged = append(s.merged, a)
	}
}

// repeat adds the text of each merged cell to the rows that it reaches into, as
// long as the limits of the workbook allow. A row without other cells stays
// empty: there is nothing that the text could belong to.
func (s *Sheet) repeat() {
	left := maxRepeats
	for _, a := range s.merged {
		at, ok := slices.BinarySearchFunc(s.rows, a.Top, func(row []Cell, top int) int { return cmp.Compare(int(row[0].Row), top) })
		if !ok {
			continue
		}
		i, ok := inColumn(s.rows[at], a.Left)
		if !ok {
			continue
		}
		c := s.rows[at][i]
		for at++; at < len(s.rows) && int(s.rows[at][0].Row) <= a.Bottom; at++ {
			if left--; left < 0 || s.book.options.Cells < 1 || s.Charge(len(c.Text)) != nil {
				return
			}
			s.book.options.Cells--
			c.Row = s.rows[at][0].Row
			if i, taken := inColumn(s.rows[at], a.Left); !taken {
				s.rows[at] = slices.Insert(s.rows[at], i, c)
			}
		}
	}
	s.merged = nil
}

// inColumn returns the index of the cell of a row in a column, or else where it
// would stand.
func inColumn(row []Cell, column int) (int, bool) {
	return slices.BinarySearchFunc(row, column, func(c Cell, column int) int { return cmp.Compare(int(c.Column), column) })
}
