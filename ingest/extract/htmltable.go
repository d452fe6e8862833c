package extract

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A gridCell is one place of a table.
type gridCell struct {
	text string
	head bool // it names a row or a column
}

// An htmlTable is that of an element, each cell at all places that it spans:
// see https://html.spec.whatwg.org/multipage/tables.html#forming-a-table.
type htmlTable struct {
	rows  [][]gridCell
	heads int // how many of the first rows name the columns
	below []gridSpan
}

// A gridSpan is a cell that reaches into the rows that follow.
type gridSpan struct {
	gridCell
	rows int // that are left of it
}

// maxHeads is how many rows may name the columns, one below the other.
const maxHeads = 3

// How many columns and rows a cell may span. Browsers take more of the first.
const (
	maxColumns = 50
	maxRows    = 65534
)

// maxRepeated is how long a text may be, in bytes, that is repeated in each row
// that its cell spans: a label is short.
const maxRepeated = 200

// table writes a table. One that only makes a layout is walked as blocks.
func (w *walker) table(n *html.Node) {
	if first(n, atom.Table) != nil { // read inside out, nested tables would be read again and again
		w.block(n)
		return
	}
	var g htmlTable
	for d := range descendants(n) {
		switch d.DataAtom {
		case atom.Caption:
			w.out.block(headingText(d))
		case atom.Tr:
			if w.out.full() != nil {
				return
			}
			w.row(&g, d)
		}
	}
	if len(g.rows) > 0 && len(g.rows[0]) == 1 && attr(n, "role") == "presentation" {
		w.block(n)
		return
	}
	w.out.block(g.lines(w.plain))
	w.out.endList()
}

// placeCost is what a place of a table counts beside its text where a cell spans
// several, in bytes.
const placeCost = 16

// row adds a row to a table. A cell that spans columns or rows has its text at its
// first place, a label at all of them. A name of the whole table stands before it.
func (w *walker) row(g *htmlTable, n *html.Node) {
	var row []gridCell
	own := 0
	for c := range n.ChildNodes() {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th || w.out.limit < 0 {
			continue
		}
		own++
		row = w.reached(g, row, len(row))
		cell := gridCell{w.cellText(c), c.DataAtom == atom.Th}
		down := spans(c, "rowspan", maxRows)
		for i := range spans(c, "colspan", maxColumns) {
			if i > 0 && (!cell.head || w.plain) {
				cell.text = ""
			}
			if i > 0 {
				w.out.charge(len(cell.text) + placeCost)
			}
			row = append(row, cell)
			g.reach(len(row)-1, gridSpan{cell, down - 1})
		}
	}
	row = w.reached(g, row, g.width())
	if len(g.rows) == 0 && own == 1 && len(row) > 1 && row[0].head {
		w.out.block(row[0].text)
		return
	}
	if g.heads == len(g.rows) && g.heads < maxHeads && namesColumns(row, n.Parent.DataAtom == atom.Thead) {
		g.heads++
	}
	g.rows = append(g.rows, row)
}

// namesColumns reports whether a row names the columns: by its place or by its cells, of
// which the one in the corner may be empty.
func namesColumns(row []gridCell, inHead bool) bool {
	other := slices.ContainsFunc(row, func(c gridCell) bool { return !c.head && c.text != "" })
	return len(row) > 0 && (inHead || !other && slices.ContainsFunc(row, func(c gridCell) bool { return c.head }))
}

// reach notes what the cell in a column leaves to the rows below.
func (g *htmlTable) reach(column int, s gridSpan) {
	for len(g.below) <= column {
		g.below = append(g.below, gridSpan{})
	}
	g.below[column] = s
}

// width returns up to which column cells reach into the next row.
func (g *htmlTable) width() int {
	n := len(g.below)
	for n > 0 && g.below[n-1].rows <= 0 {
		n--
	}
	return n
}

// reached adds to a row the cells that reach into its next columns from above, up to
// the first column that none does, or at least to the given one.
func (w *walker) reached(g *htmlTable, row []gridCell, least int) []gridCell {
	for len(row) < len(g.below) {
		s := &g.below[len(row)]
		if s.rows <= 0 && len(row) >= least {
			break
		}
		cell := gridCell{}
		if s.rows > 0 {
			s.rows--
			if cell = s.gridCell; w.plain || len(s.text) > maxRepeated {
				cell.text = ""
			}
		}
		w.out.charge(len(cell.text) + placeCost)
		row = append(row, cell)
	}
	return row
}

// cellText returns the text of a cell.
func (w *walker) cellText(cell *html.Node) string {
	inner := &walker{out: newOutline(1 << 20), flat: true, plain: w.plain}
	inner.block(cell)
	inner.flush()
	text := inner.out.text.String()
	if img := first(cell, atom.Img); text == "" && img != nil {
		text = oneLine(attr(img, "alt"))
	}
	if w.cell != nil {
		text = w.cell(text)
	}
	return text
}

// spans returns how many columns or rows a cell spans, at most limit.
func spans(cell *html.Node, key string, limit int) int {
	n, err := strconv.Atoi(attr(cell, key))
	if err != nil {
		return 1
	}
	return min(max(n, 1), limit)
}

// lines returns a line for each row, the names of columns and rows beside the
// cells. A plain table has each name once.
func (g *htmlTable) lines(plain bool) string {
	if plain || g.heads == len(g.rows) {
		return table(textsOf(g.rows), false)
	}
	names, body := g.names(), g.rows[g.heads:]
	if len(names) == 0 && !slices.ContainsFunc(body, func(row []gridCell) bool { return !labelled(row) }) {
		return namedRows(textsOf(body))
	}
	return table(append([][]string{names}, textsOf(body)...), len(names) > 0)
}

// names returns the names of the columns: of several rows of names the texts below
// each other, as in "Price per month".
func (g *htmlTable) names() []string {
	var names []string
	for _, row := range g.rows[:g.heads] {
		for i, c := range row {
			text := oneLine(c.text)
			switch {
			case i >= len(names):
				names = append(names, text)
			case names[i] == "":
				names[i] = text
			case text != "" && text != names[i]:
				names[i] += " " + text
			}
		}
	}
	return names
}

// labelled reports whether the first cell of a row, and no other, is its name.
func labelled(row []gridCell) bool {
	return len(row) > 1 && row[0].head && !slices.ContainsFunc(row[1:], func(c gridCell) bool { return c.head })
}

// textsOf returns the texts of rows.
func textsOf(rows [][]gridCell) [][]string {
	texts := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range row {
			texts[i] = append(texts[i], c.text)
		}
	}
	return texts
}

// namedRows returns the rows of a table whose first cells are their names.
func namedRows(rows [][]string) string {
	var lines []string
	for _, row := range rows {
		lines = append(lines, tableRow([]string{tableRow(row[1:], nil)}, row[:1]))
	}
	return strings.Join(lines, "\n")
}
