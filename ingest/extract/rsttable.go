package extract

import (
	"encoding/csv"
	"regexp"
	"strconv"
	"strings"
)

var (
	gridBorder   = regexp.MustCompile(`^\+(?:[-=]+\+)+$`)
	gridRule     = regexp.MustCompile(`\+[-=]{2,}`)
	simpleBorder = regexp.MustCompile(`^=+(?: +=+)+$`)
	simpleSpan   = regexp.MustCompile(`^-+(?: +-+)*$`)
)

// grid reads a table drawn with lines. The columns are those of its border;
// a cell that spans several is in the first of them.
func (r *rst) grid(lines []string) int {
	n := 0
	for n < len(lines) && (strings.HasPrefix(lines[n], "+") || strings.HasPrefix(lines[n], "|")) {
		n++
	}
	columns := gridColumns(lines[:n])
	var rows [][]string
	header := false
	row := make([]string, len(columns))
	for _, line := range lines[1:n] {
		if r.out.charge(len(columns) * cellCost); r.out.full() != nil {
			return n
		}
		if !gridRule.MatchString(line) {
			gridCells(row, columns, line)
			continue
		}
		if strings.Join(row, "") != "" {
			rows = append(rows, row)
		}
		header = header || strings.Contains(line, "+=") && len(rows) == 1
		row = make([]string, len(columns))
	}
	r.table(rows, header)
	return n
}

// gridColumns returns where the columns begin, in characters.
func gridColumns(lines []string) []int {
	seen := make(map[int]bool)
	last := len([]rune(lines[0])) - 1
	for _, line := range lines {
		if !gridBorder.MatchString(line) {
			continue
		}
		for i, c := range []rune(line) {
			if c == '+' && i < last {
				seen[i] = true
			}
		}
	}
	var columns []int
	for i := range last {
		if seen[i] {
			columns = append(columns, i)
		}
	}
	return columns
}

// maxCell is from which length on a cell is not continued, in bytes.
const maxCell = 32 << 10

// extend returns a cell with one more line of it.
func extend(cell, line string) string {
	if len(cell) > maxCell {
		return cell
	}
	return cell + " " + line
}

// gridCells adds a line to the cells of a row.
func gridCells(row []string, columns []int, line string) {
	runes := []rune(line)
	cell := 0
	for i, start := range columns {
		end := len(runes)
		if i+1 < len(columns) {
			end = min(end, columns[i+1])
		}
		if start >= end {
			continue
		}
		if runes[start] == '|' || runes[start] == '+' {
			cell = i
			start++
		}
		row[cell] = extend(row[cell], strings.TrimSuffix(strings.TrimSpace(string(runes[start:end])), "|"))
	}
}

// simple reads a table whose columns are marked by borders of equal signs.
func (r *rst) simple(lines []string) int {
	columns := simpleColumns(lines[0])
	var rows [][]string
	header, borders, n := false, 1, 1
	for ; n < len(lines); n++ {
		line := lines[n]
		if simpleBorder.MatchString(line) {
			borders++
			if n+1 == len(lines) || lines[n+1] == "" {
				n++
				break
			}
			header = header || borders == 2
			continue
		}
		if line == "" || simpleSpan.MatchString(line) {
			continue
		}
		if r.out.charge(len(columns) * cellCost); r.out.full() != nil {
			return n
		}
		cells := simpleCells(columns, line)
		if cells[0] == "" && len(rows) > 0 {
			for i, cell := range cells {
				rows[len(rows)-1][i] = extend(rows[len(rows)-1][i], cell)
			}
			continue
		}
		rows = append(rows, cells)
	}
	r.table(rows, header)
	return n
}

// simpleColumns returns where the columns of a simple table begin, by its border.
func simpleColumns(border string) []int {
	var columns []int
	for i := range border {
		if border[i] == '=' && (i == 0 || border[i-1] == ' ') {
			columns = append(columns, i)
		}
	}
	return columns
}

// simpleCells parts a line of a simple table at its columns. The last one goes to
// the end of the line.
func simpleCells(columns []int, line string) []string {
	runes := []rune(line)
	cells := make([]string, len(columns))
	for i, start := range columns {
		end := len(runes)
		if i+1 < len(columns) {
			end = min(end, columns[i+1])
		}
		if start < end {
			cells[i] = strings.TrimSpace(string(runes[start:end]))
		}
	}
	return cells
}

// cellCost is what a cell counts beside its text, in bytes.
const cellCost = 16

// table writes rows, and the first of them as the header of the others.
func (r *rst) table(rows [][]string, header bool) {
	for _, row := range rows {
		r.out.charge(len(row) * cellCost)
		if r.out.full() != nil {
			return
		}
		for i, cell := range row {
			row[i] = r.inline(oneLine(strings.TrimSpace(cell)))
		}
	}
	r.out.block(table(rows, header))
}

// listTable reads a table that is written as a list of lists.
func (r *rst) listTable(d rstDirective) {
	r.out.block(r.inline(d.argument))
	var rows [][]string
	for _, line := range d.body {
		text := strings.TrimSpace(line)
		if row, ok := strings.CutPrefix(text, "* -"); ok {
			rows = append(rows, []string{row})
			continue
		}
		if len(rows) == 0 || text == "" {
			continue
		}
		last := &rows[len(rows)-1]
		if cell, ok := strings.CutPrefix(line, "  -"); ok {
			*last = append(*last, cell)
			continue
		}
		(*last)[len(*last)-1] = extend((*last)[len(*last)-1], strings.TrimPrefix(text, "- "))
	}
	headers, _ := strconv.Atoi(d.options["header-rows"])
	r.table(rows, headers > 0)
}

// csvTable reads a table that is written as comma-separated values.
func (r *rst) csvTable(d rstDirective) {
	r.out.block(r.inline(d.argument))
	text := strings.Join(d.body, "\n")
	header := d.options["header"]
	if header != "" {
		text = header + "\n" + text
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.LazyQuotes, reader.TrimLeadingSpace, reader.FieldsPerRecord = true, true, -1
	if d := []rune(d.options["delim"]); len(d) == 1 {
		reader.Comma = d[0]
	}
	rows, err := reader.ReadAll()
	if err != nil {
		r.out.block(r.inline(text))
		return
	}
	headers, _ := strconv.Atoi(d.options["header-rows"])
	r.table(rows, header != "" || headers > 0)
}
