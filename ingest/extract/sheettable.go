package extract

import (
	"maps"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

// A sheetTable is a run of rows of a sheet without an empty row between them.
type sheetTable struct {
	rows  [][]workbook.Cell
	names map[uint16]string // what the header calls the columns; nil without a header
	above int               // how many rows there are up to and with the header
}

// tablesOf parts the rows of a sheet into tables. Rows without a header of
// their own go on under the one before if they have its columns.
func tablesOf(rows [][]workbook.Cell) []sheetTable {
	var out []sheetTable
	for i, row := range rows {
		if i == 0 || row[0].Row > rows[i-1][0].Row+1 {
			out = append(out, sheetTable{})
		}
		t := &out[len(out)-1]
		t.rows = append(t.rows, row)
	}
	for i := range out {
		out[i] = out[i].headed()
		if n := i - 1; n >= 0 && out[i].names == nil && out[i].fits(out[n].names) {
			out[i].names = out[n].names
		}
	}
	return out
}

// headed finds the header of a table among its first six rows: the first row with a
// name for each column that the rows below it use. Rows above it are captions.
func (t sheetTable) headed() sheetTable {
	for i, row := range t.rows[:min(len(t.rows), 6)] {
		if len(row) < 2 {
			continue
		}
		names := make(map[uint16]string)
		for _, c := range row {
			name := oneLine(c.Text)
			if c.Number && !year(name) || len(name) > 60 || strings.ContainsAny(name, ";") {
				return t
			}
			names[c.Column] = strings.TrimSuffix(name, ":")
		}
		below := sheetTable{rows: t.rows[i+1:]}
		if len(below.rows) > 0 && below.fits(names) && below.differs(names) {
			t.names, t.above = names, i+1
		}
		return t
	}
	return t
}

// year reports whether a number may well name a column.
func year(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}

// fits reports whether the cells of the rows are under names, nine of ten at least.
func (t sheetTable) fits(names map[uint16]string) bool {
	total, under := 0, 0
	for _, row := range t.rows {
		for _, c := range row {
			total++
			if names[c.Column] != "" {
				under++
			}
		}
	}
	return len(names) > 0 && under*10 >= total*9
}

// differs reports whether the rows look like what the names are names of: there
// are numbers in them, or at least two rows with nearly all columns.
func (t sheetTable) differs(names map[uint16]string) bool {
	full := 0
	for _, row := range t.rows {
		for _, c := range row {
			if c.Number {
				return true
			}
		}
		if len(row)*4 >= len(names)*3 {
			full++
		}
	}
	return full >= 2
}

// write writes the table in blocks of some rows each. In a plain one the header
// is a row. In one so large that it would fill the document with the names of its
// columns, the header stands once above each block.
func (t sheetTable) write(o *outline, plain bool) {
	if plain {
		t.names, t.above = nil, 0
	}
	var captions []string
	for _, row := range t.rows[:max(t.above-1, 0)] {
		captions = append(captions, sheetRow(row, nil))
	}
	o.block(strings.Join(captions, "\n"))
	names, header := t.names, ""
	if t.repeated() > o.limit/2 {
		var all []string
		for _, column := range slices.Sorted(maps.Keys(names)) {
			all = append(all, names[column])
		}
		names, header = nil, strings.Join(all, "; ")
	}
	for rows := range slices.Chunk(t.rows[t.above:], rowsPerBlock) {
		var lines []string
		if header != "" {
			lines = append(lines, header)
		}
		for _, row := range rows {
			lines = append(lines, sheetRow(row, names))
		}
		o.block(strings.Join(lines, "\n"))
	}
}

// repeated returns how many bytes the names of the columns take beside all cells.
func (t sheetTable) repeated() int {
	n := 0
	for _, row := range t.rows[t.above:] {
		for _, c := range row {
			n += len(t.names[c.Column])
		}
	}
	return n
}

// sheetRow writes a row, each cell with the name of its column.
func sheetRow(row []workbook.Cell, names map[uint16]string) string {
	cells := make([]string, len(row))
	for i, c := range row {
		cells[i] = oneLine(c.Text)
		if name := names[c.Column]; name != "" {
			cells[i] = name + ": " + cells[i]
		}
	}
	return strings.Join(cells, "; ")
}
