package extract

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// maxElements is how deeply the elements of a DOCX file may be nested.
const maxElements = 1000

// A wordWalker writes WordprocessingML to an outline, element by element.
type wordWalker struct {
	out     *outline
	styles  map[string]wordStyle
	decoder *xml.Decoder
	depth   int
	items   int // list items left open, one a level
	cells   int // open table cells: their paragraphs are gathered, not written
	cell    strings.Builder
	slugs   slugs
}

// A wordParagraph is a paragraph as far as it is read.
type wordParagraph struct {
	text  strings.Builder
	style string
	level int // of the outline, less one; negative for none
	list  bool
	ilvl  int
}

func (w *wordWalker) read(source string) error {
	w.decoder = newDecoder(source)
	w.depth = 0
	if w.slugs == nil {
		w.slugs = make(slugs)
	}
	return w.children(nil)
}

// children walks the elements up to the end of the one that is open. p is the
// paragraph around them, if there is one.
func (w *wordWalker) children(p *wordParagraph) error {
	if w.depth++; w.depth > maxElements {
		return errDepth
	}
	defer func() { w.depth-- }()
	for {
		token, err := w.decoder.Token()
		if err == io.EOF {
			return nil
		}
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

// element walks one element. Deleted text, field codes and second renderings
// of the same thing are passed over.
func (w *wordWalker) element(e xml.StartElement, p *wordParagraph) error {
	switch e.Name.Local {
	case "del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "sectPr", "rPr", "tblPr", "tblGrid", "footnotePr":
		return w.decoder.Skip()
	case "footnote":
		if kind := xmlAttr(e, "type"); kind == "separator" || kind == "continuationSeparator" {
			return w.decoder.Skip()
		}
	case "p":
		return w.paragraph()
	case "tbl":
		return w.table()
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
		p.style = xmlAttr(e, "val")
	case "outlineLvl":
		p.level = xmlNumber(e, -1)
	case "ilvl":
		p.ilvl = xmlNumber(e, 0)
	case "numId":
		p.list = xmlAttr(e, "val") != "0"
	}
	return w.children(p)
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
// written first.
func (w *wordWalker) paragraph() error {
	p := &wordParagraph{level: -1}
	err := w.children(p)
	text := paragraph(p.text.String())
	if text == "" {
		return err
	}
	if w.cells > 0 {
		w.cell.WriteString(text + "\n")
		return err
	}
	name := w.styleName(p.style)
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
		w.out.heading(level, text, "")
	case p.list || w.styles[p.style].List.Val != "":
		w.item(text, p.ilvl+1)
	default:
		w.endBlock()
		w.out.block(text)
	}
	return err
}

// item writes a list item of the given depth.
func (w *wordWalker) item(text string, depth int) {
	depth = min(depth, w.items+1, maxIndent)
	for w.items >= depth {
		w.out.closeItem()
		w.items--
	}
	for w.items < depth {
		w.out.openItem(bulletMark)
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

// table reads a table. One inside a cell becomes text of the cell.
func (w *wordWalker) table() error {
	rows, header, err := w.rows()
	text := table(rows, header || looksHeader(rows))
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
	outer := w.cell.String()
	w.cells++
	defer func() {
		w.cells--
		w.cell.Reset()
		w.cell.WriteString(outer)
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
				w.cell.Reset()
				err := w.children(nil)
				if len(rows) > 0 {
					rows[len(rows)-1] = append(rows[len(rows)-1], w.cell.String())
				}
				if err != nil {
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

func xmlAttr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func xmlNumber(e xml.StartElement, initial int) int {
	n, err := strconv.Atoi(xmlAttr(e, "val"))
	if err != nil || n < 0 {
		return initial
	}
	return n
}
