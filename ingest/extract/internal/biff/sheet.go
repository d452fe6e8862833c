package biff

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

// A sheetReader goes through the records of one sheet.
type sheetReader struct {
	*reader
	sheet *workbook.Sheet

	// A formula whose result is a text has it in a record of its own, behind it.
	formula workbook.Cell
	waiting bool // for the text of formula

	// Remarks are drawn objects, as text boxes are. Which ones they are stands in
	// records behind all of them.
	object int          // the number of the last object
	texts  []objectText // of all objects
	notes  map[int]bool // the numbers of the objects that are remarks
}

// An objectText is the text of the drawn object of that number.
type objectText struct {
	object int
	text   string
}

// sheet reads the sheet that begins at the offset of b. A sheet that is not
// where it should be is empty.
func (r *reader) sheet(b bound) error {
	sheet, err := r.book.Add(b.name, b.hidden)
	if err != nil {
		return err
	}
	rec, ok := r.record(b.offset)
	if !ok || rec.id&0xff != kindBOF {
		return nil
	}
	s := &sheetReader{reader: r, sheet: sheet, notes: make(map[int]bool)}
	depth := 1
	for at := rec.end; depth > 0; {
		rec, ok := r.record(at)
		if !ok {
			break
		}
		if r.left -= rec.end - at; r.left < 0 { // sheets within one another
			return workbook.ErrTooLarge
		}
		if err := r.book.Check(); err != nil {
			return err
		}
		at = rec.end
		switch {
		case rec.id == recEOF:
			depth--
		case rec.id&0xff == kindBOF && rec.id <= 0x0809 && len(rec.data) >= 4:
			depth++ // a chart within the sheet
		case depth > 1:
		case rec.id == recTextObject && r.version == 8:
			at = s.textObject(rec)
		default:
			if err := s.record(rec); err != nil {
				return err
			}
		}
	}
	return s.finish()
}

// record reads one record of a sheet. The records of one that is encrypted make no
// sense, so that ends it.
func (s *sheetReader) record(rec record) error {
	d := rec.data
	switch rec.id {
	case recFilePass:
		return ErrEncrypted
	case recNote:
		s.note(d)
		return nil
	case recObject:
		if len(d) >= 8 && u16(d) == 0x15 { // begins with FtCmo, 2.5.143
			s.object = u16(d[6:])
		}
		return nil
	case recString2, recString:
		return s.formulaText(rec)
	case recMulRK:
		return s.mulRK(d)
	case recMergeCells:
		s.merge(d)
		return nil
	}
	if s.version < 5 {
		s.shared(rec)
	}
	return s.cell(rec)
}

// cell reads a record of one cell: row, column and style of two bytes each, and
// the value. BIFF2 has three bytes of attributes in place of the style, of which
// six bits are its number. Records of other kinds are passed over.
func (s *sheetReader) cell(rec record) error {
	d := rec.data
	if len(d) < 6 {
		return nil
	}
	c := workbook.At(u16(d), u16(d[2:]))
	c.Number = true
	xf, value := u16(d[4:]), d[6:]
	if s.version == 2 {
		xf, value = int(d[4]&0x3f), d[min(7, len(d)):]
	}
	switch {
	case rec.id == recInteger2 && len(value) >= 2:
		c.Text = s.number(xf, float64(u16(value)))
	case rec.id == recNumber2 || rec.id == recNumber:
		if len(value) >= 8 {
			c.Text = s.number(xf, float64At(value))
		}
	case rec.id == recRK && len(value) >= 4:
		c.Text = s.number(xf, rk(value))
	case rec.id == recBool2 || rec.id == recBool:
		if len(value) >= 2 {
			c.Text = s.boolOrError(value[0], value[1] != 0)
		}
	case rec.id == recLabelSST && len(value) >= 4:
		if i := binary.LittleEndian.Uint32(value); int64(i) < int64(len(s.strings)) {
			c.Text, c.Number = s.formatted(xf).Text(s.strings[i]), false
		}
	case rec.id == recLabel2 || rec.id == recLabel || rec.id == recRString:
		c.Text, c.Number = s.formatted(xf).Text(s.label(value)), false
	case rec.id == recFormula || rec.id == recFormula3 || rec.id == recFormula4:
		return s.formulaCell(c, xf, value)
	}
	return s.sheet.Set(c)
}

// label reads the text of a cell that has its own.
func (s *sheetReader) label(d []byte) string {
	switch s.version {
	case 8:
		return (&chunks{parts: [][]byte{d}}).text(2)
	case 2:
		return s.bytes(d, 1)
	}
	return s.bytes(d, 2)
}

// formulaCell reads the value that a formula had when it was saved: a FormulaValue,
// [MS-XLS] 2.5.133, which is a number unless its last two bytes are 0xffff. Then
// the first says what it is: 0 for a text, 1 for a truth, 2 for an error and 3
// for nothing.
func (s *sheetReader) formulaCell(c workbook.Cell, xf int, value []byte) error {
	s.waiting = false
	if len(value) < 8 {
		return nil
	}
	if u16(value[6:]) != 0xffff {
		c.Text = s.number(xf, float64At(value))
		return s.sheet.Set(c)
	}
	switch value[0] {
	case 0:
		s.formula, s.waiting = c, true
		return nil
	case 1, 2:
		c.Text = s.boolOrError(value[2], value[0] == 2)
	}
	return s.sheet.Set(c)
}

// formulaText reads the text of the formula before it. One that none waits for is
// passed over.
func (s *sheetReader) formulaText(rec record) error {
	if !s.waiting {
		return nil
	}
	s.waiting = false
	s.formula.Number = false
	if s.version == 8 {
		c, _ := s.chunks(rec)
		s.formula.Text = c.text(2)
	} else {
		s.formula.Text = s.label(rec.data)
	}
	return s.sheet.Set(s.formula)
}

// mulRK reads several numbers beside one another: each a style and a number in the
// short form.
func (s *sheetReader) mulRK(d []byte) error {
	if len(d) < 6 {
		return nil
	}
	c := workbook.At(u16(d), u16(d[2:]))
	c.Number = true
	for d = d[4:]; len(d) >= 8; d = d[6:] { // the last column follows
		c.Text = s.number(u16(d), rk(d[2:]))
		if err := s.sheet.Set(c); err != nil {
			return err
		}
		c.Column++
	}
	return nil
}

// merge reads which cells are shown as one: a count, and for each the first and
// last row and the first and last column (Ref8, [MS-XLS] 2.5.208).
func (s *sheetReader) merge(d []byte) {
	for d = d[min(2, len(d)):]; len(d) >= 8; d = d[8:] {
		s.sheet.Merge(workbook.Area{Top: u16(d), Bottom: u16(d[2:]), Left: u16(d[4:]), Right: u16(d[6:])})
	}
}

// number returns the text of a number in a cell of the given style.
func (s *sheetReader) number(xf int, v float64) string {
	return s.book.Number(s.formatted(xf), v, s.date1904)
}

// formatted returns the format of a style. Before BIFF5 all formats are declared,
// and no number stands for one of its own.
func (r *reader) formatted(xf int) numfmt.Format {
	if xf < 0 || xf >= len(r.xfs) {
		return numfmt.Format{}
	}
	code, ok := r.formats[r.xfs[xf]]
	if !ok && r.version >= 5 {
		code = numfmt.Builtin(r.xfs[xf])
	}
	return r.book.Format(code)
}

// rk reads a number in the short form of [MS-XLS] 2.5.217: 30 bits, which are an
// integer or the upper ones of a floating-point number, and two bits that say
// which, and whether it is divided by 100.
func rk(d []byte) float64 {
	n := binary.LittleEndian.Uint32(d)
	v := math.Float64frombits(uint64(n&^3) << 32)
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}

// float64At reads a floating-point number of eight bytes.
func float64At(d []byte) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(d))
}

// boolOrError returns a truth or an error as a cell shows it: the codes of BErr,
// [MS-XLS] 2.5.10.
func (s *sheetReader) boolOrError(value byte, isError bool) string {
	if !isError {
		return s.book.Truth(value != 0)
	}
	switch value {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0f:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1d:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}

// note reads the number of the object that is the remark on a cell (NoteSh,
// [MS-XLS] 2.5.186), or before BIFF8 the remark itself.
func (s *sheetReader) note(d []byte) {
	switch {
	case s.version == 8 && len(d) >= 8:
		s.notes[u16(d[6:])] = true
	case s.version < 8 && len(d) >= 6:
		if text := s.bytes(d[4:], 2); text != "" {
			s.sheet.Comments = append(s.sheet.Comments, text)
		}
	}
}

// textObject reads the text of a drawn object, and returns where the next record
// begins. The record has only the number of characters; they follow in the ones
// that continue it, the first of which says how wide they are.
func (s *sheetReader) textObject(rec record) int {
	c, end := s.chunks(rec)
	if len(rec.data) < 12 || len(c.parts) < 2 {
		return end
	}
	n := u16(rec.data[10:])
	c.next()
	if n == 0 || len(c.parts[0]) == 0 {
		return end
	}
	wide := c.number(1)&1 != 0
	s.texts = append(s.texts, objectText{s.object, c.characters(n, wide)})
	return end
}

// finish tells the remarks from the other texts: notes are declared last.
func (s *sheetReader) finish() error {
	for _, t := range s.texts {
		text := strings.TrimSpace(t.text)
		if err := s.sheet.Charge(len(text)); err != nil {
			return err
		}
		if s.notes[t.object] {
			s.sheet.Comments = append(s.sheet.Comments, text)
		} else {
			s.sheet.Texts = append(s.sheet.Texts, text)
		}
	}
	return nil
}
