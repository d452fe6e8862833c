package extract

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// A wordWalker writes WordprocessingML, ECMA-376 part 1, 17, to an outline,
// element by element.
type wordWalker struct {
	content
	pkg       *ooxml.Package
	relations map[string]ooxml.Relation // of the body, by their identifiers
	out       *outline
	styles    map[string]wordStyle // by their identifiers
	lists     *wordLists
	notes     map[string]string // by kind and identifier
	noted     int               // notes so far
	pending   []string          // notes of the paragraph that is open

	decoder *ooxml.Decoder
	items   int // list items left open, one a level
	cells   int // open table cells: their paragraphs are gathered, not written
	cell    strings.Builder
	span    int  // columns of the open cell
	below   bool // the open cell is merged with the one above
	merged  merged
}

// A wordParagraph is a paragraph as far as it is read.
type wordParagraph struct {
	text  strings.Builder
	style string
	level int    // of the outline, less one; negative for none of its own
	list  string // "" for that of its style, "0" for none
	ilvl  int    // the level in the list; negative for that of its style
}

// read walks a part to its end, whose elements need not be balanced.
func (w *wordWalker) read(d *ooxml.Decoder) error {
	w.decoder = d
	for {
		err := w.children(nil)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// children walks the elements up to the end of the one that is open. p is the
// paragraph around them, if there is one.
func (w *wordWalker) children(p *wordParagraph) error {
	for {
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := w.element(t, p); err != nil {
				return err
			}
		}
	}
}

// element walks one element: ECMA-376 part 1, 17.2 to 17.4 and 17.11. Deleted text
// (17.13.5), field codes, reading aids and second renderings of the same thing are
// passed over; what is inserted counts as text.
func (w *wordWalker) element(e xml.StartElement, p *wordParagraph) error {
	switch e.Name.Local {
	case "del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "sectPr", "rPr", "sdtPr", "tblPr", "tblGrid", "rt":
		return w.decoder.Skip()
	case "p":
		return w.paragraph()
	case "tbl":
		return w.table()
	case "altChunk":
		return errors.Join(w.chunk(ooxml.Attr(e, "id")), w.decoder.Skip())
	case "gridSpan":
		w.span = max(1, min(xmlNumber(e, 1), 63))
	case "vMerge": // 17.18.57
		w.below = ooxml.Attr(e, "val") != "restart"
	}
	if p == nil {
		return w.children(nil)
	}
	switch e.Name.Local {
	case "t":
		return w.text(p)
	case "tab", "ptab":
		p.text.WriteByte(' ')
	case "br", "cr":
		p.text.WriteByte('\n')
	case "noBreakHyphen":
		p.text.WriteByte('-')
	case "pStyle":
		p.style = ooxml.Attr(e, "val")
	case "outlineLvl":
		p.level = xmlNumber(e, -1)
	case "ilvl":
		p.ilvl = xmlNumber(e, 0)
	case "numId":
		p.list = ooxml.Attr(e, "val")
	case "footnoteReference", "endnoteReference":
		w.note(p, w.notes[strings.TrimSuffix(e.Name.Local, "Reference")+ooxml.Attr(e, "id")])
	case "pPrChange", "numberingChange":
		return w.decoder.Skip()
	}
	return w.children(p)
}

// note puts the number of a note into the paragraph. The note follows the
// paragraph, so that a passage has both.
func (w *wordWalker) note(p *wordParagraph, text string) {
	if text == "" {
		return
	}
	w.noted++
	mark := "[" + strconv.Itoa(w.noted) + "]"
	p.text.WriteString(mark)
	w.pending = append(w.pending, mark+" "+text)
}

// text reads the characters of a run.
func (w *wordWalker) text(p *wordParagraph) error {
	for {
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.CharData:
			p.text.Write(t)
		case xml.StartElement:
			if err := w.decoder.Skip(); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// paragraph reads a paragraph. One inside another, as in a text box, is
// written first. One without text is left out, and does not count in its list.
func (w *wordWalker) paragraph() error {
	p := &wordParagraph{level: -1, ilvl: -1}
	err := w.children(p)
	text := paragraph(p.text.String())
	list, ilvl := w.listOf(p.style)
	if p.list != "" {
		list = p.list
	}
	if p.ilvl >= 0 {
		ilvl = p.ilvl
	}
	if text == "" {
		return err
	}
	mark := ""
	if list != "" && list != "0" {
		mark = w.lists.mark(list, ilvl)
	}
	notes := w.pending
	w.pending = nil
	if w.cells > 0 {
		w.cell.WriteString(mark + strings.Join(append([]string{text}, notes...), "\n") + "\n")
		return err
	}
	w.write(p, text, mark, ilvl)
	for _, n := range notes {
		w.out.block(n)
	}
	return err
}

// write writes a paragraph as what its style says it is. Tables of contents are
// left out; what has the style of a heading and the length of a text is a text.
func (w *wordWalker) write(p *wordParagraph, text, mark string, ilvl int) {
	name := w.style(p.style).name
	level := w.level(p.style)
	if p.level >= 0 && p.level < 9 {
		level = min(p.level+1, 6)
	}
	switch {
	case strings.HasPrefix(name, "toc ") || strings.HasPrefix(name, "toc1"):
	case name == "title" && w.out.title == "":
		w.endBlock()
		w.out.heading(1, text, "")
	case level > 0 && len(text) <= 300:
		w.endBlock()
		w.out.heading(level, strings.TrimPrefix(mark, bulletMark)+text, "")
	case mark != "":
		w.listItem(text, mark, ilvl+1)
	default:
		w.endBlock()
		w.out.block(text)
	}
}

// listItem writes an item of a list, of the given depth from one on. It cannot be
// deeper than one below the item before.
func (w *wordWalker) listItem(text, mark string, depth int) {
	depth = min(depth, w.items+1, maxIndent)
	for w.items >= depth {
		w.out.closeItem()
		w.items--
	}
	for w.items < depth {
		w.out.openItem(mark)
		w.items++
	}
	w.out.block(text)
}

// endBlock closes the open list items.
func (w *wordWalker) endBlock() {
	for ; w.items > 0; w.items-- {
		w.out.closeItem()
	}
	w.out.endList()
}

// table reads a table: ECMA-376 part 1, 17.4. One inside a cell becomes text of the
// cell.
func (w *wordWalker) table() error {
	rows, header, err := w.rows()
	text := w.tableText(rows, header || looksHeader(rows))
	if w.cells > 0 {
		w.cell.WriteString(text + "\n")
		return err
	}
	w.endBlock()
	w.out.block(text)
	return err
}

// rows reads the rows up to the end of the table, and whether the first is
// marked as a header.
func (w *wordWalker) rows() (rows [][]string, header bool, err error) {
	outer, span, below := w.cell.String(), w.span, w.below
	w.cells++
	defer func() {
		w.cells--
		w.cell.Reset()
		w.cell.WriteString(outer)
		w.span, w.below = span, below
	}()
	for depth := 1; depth > 0; {
		token, err := w.decoder.Token()
		if err != nil {
			return rows, header, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			switch t.Name.Local {
			case "tr":
				rows = append(rows, nil)
				depth++
			case "tblHeader":
				header = header || len(rows) == 1
				depth++
			case "tc":
				if err := w.cellOf(rows); err != nil {
					return rows, header, err
				}
			case "tblPr", "tblGrid", "del":
				if err := w.decoder.Skip(); err != nil {
					return rows, header, err
				}
			default:
				depth++
			}
		}
	}
	return rows, header, nil
}

// cellOf reads a cell and adds it to the last row, with empty ones beside it for
// the columns that it spans. One that is merged with the cell above has its text.
func (w *wordWalker) cellOf(rows [][]string) error {
	w.cell.Reset()
	w.span, w.below = 1, false
	err := w.children(nil)
	if n := len(rows); n > 0 {
		rows[n-1] = append(rows[n-1], w.cell.String())
		if w.below {
			w.merged.repeat(rows)
		}
		rows[n-1] = append(rows[n-1], make([]string, w.span-1)...)
	}
	return err
}

// looksHeader reports whether the first row names the columns: short texts,
// all different, over at least two rows of as many cells.
func looksHeader(rows [][]string) bool {
	if len(rows) < 3 || len(rows[0]) < 2 {
		return false
	}
	seen := make(map[string]bool)
	for _, cell := range rows[0] {
		cell = oneLine(cell)
		if cell == "" || len(cell) > 40 || seen[cell] || strings.ContainsAny(cell[:1], "0123456789") {
			return false
		}
		seen[cell] = true
	}
	for _, row := range rows[1:] {
		if len(row) != len(rows[0]) {
			return false
		}
	}
	return true
}

// xmlNumber returns the value of an element that is a number from zero on, or else
// the given one.
func xmlNumber(e xml.StartElement, otherwise int) int {
	n, err := strconv.Atoi(ooxml.Attr(e, "val"))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}
