// Package biff reads workbooks of the kind before 2007, XLS: the record
// streams BIFF8 and BIFF5 in a compound file, and BIFF2 to BIFF4 as plain
// files. See [MS-XLS] and, for what is older, the OpenOffice.org documentation
// of the Excel file format.
//
// Whatever a record says about its lengths, memory is taken only for bytes that
// are there.
package biff

import (
	"encoding/binary"
	"errors"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

// Errors that tell why a workbook cannot be read.
var (
	ErrFormat    = errors.New("biff: not a workbook, or a damaged one")
	ErrEncrypted = errors.New("biff: the workbook needs a password")
	ErrNoBook    = errors.New("biff: the compound file has no workbook in it")
)

// The records that are read, with their sections in [MS-XLS]. Those that only
// older versions have stand in section 5 of the OpenOffice.org documentation.
const (
	recInteger2   = 0x0002 // INTEGER of BIFF2
	recEOF        = 0x000a // EOF, 2.4.103
	recNote       = 0x001c // Note, 2.4.179
	recDateMode   = 0x0022 // Date1904, 2.4.77
	recFilePass   = 0x002f // FilePass, 2.4.117
	recContinue   = 0x003c // Continue, 2.4.58
	recCodePage   = 0x0042 // CodePage, 2.4.52
	recObject     = 0x005d // Obj, 2.4.181
	recBoundSheet = 0x0085 // BoundSheet8, 2.4.28
	recMulRK      = 0x00bd // MulRk, 2.4.175
	recMergeCells = 0x00e5 // MergeCells, 2.4.168
	recRString    = 0x00d6 // RSTRING of BIFF5, a text with fonts
	recSST        = 0x00fc // SST, 2.4.265
	recLabelSST   = 0x00fd // LabelSst, 2.4.149
	recTextObject = 0x01b6 // TxO, 2.4.329
	recRK         = 0x027e // RK, 2.4.220
)

// The records that have another number whenever a version changed what is in
// them. The digit is the version that began with it; without one it is the
// number that BIFF8 has.
const (
	recNumber2  = 0x0003 // Number, 2.4.180
	recNumber   = 0x0203
	recLabel2   = 0x0004 // Label, 2.4.148
	recLabel    = 0x0204
	recBool2    = 0x0005 // BoolErr, 2.4.24
	recBool     = 0x0205
	recFormula  = 0x0006 // Formula, 2.4.127; BIFF2 and BIFF5 have the same number
	recFormula3 = 0x0206
	recFormula4 = 0x0406
	recString2  = 0x0007 // String, 2.4.268: the text of the formula before it
	recString   = 0x0207
	recFormat2  = 0x001e // Format, 2.4.126
	recFormat   = 0x041e
	recXF2      = 0x0043 // XF, 2.4.353
	recXF3      = 0x0243
	recXF4      = 0x0443
	recXF       = 0x00e0
)

// kindBOF is the low byte of the number of a BOF record, 2.4.21, with which the
// globals, each sheet and each chart begin. The high byte tells the version.
const kindBOF = 0x09

// A reader goes through the stream of a workbook.
type reader struct {
	stream  []byte
	version int               // of BIFF: 2, 3, 4, 5 or 8
	charset encoding.Encoding // of texts before BIFF8, which is in UTF-16
	book    *workbook.Book    // what was read so far

	// What the globals say. Before BIFF5 the one sheet of a file says it itself.
	date1904 bool           // dates count from 1904, not from 1900
	strings  []string       // shared by cells
	formats  map[int]string // the codes of number formats, by their numbers
	ordinal  int            // the number of the next format before BIFF5
	xfs      []int          // the format of each style of cells
	bounds   []bound        // the sheets
	left     int            // bytes of the records of sheets that may still be read
}

// A bound is a sheet as the globals announce it.
type bound struct {
	name   string
	offset int  // of its BOF in the stream
	hidden bool // from the user, or from programs only
	cells  bool // a worksheet, not a chart, a macro or a module
}

// A record is one record of a stream, without those that continue it.
type record struct {
	id   int
	data []byte
	end  int // where the next record begins
}

// Read reads a workbook: a compound file, or a plain stream of records. What is
// cut off or makes no sense is read as far as it goes. The errors are those of
// this package, and [workbook.ErrTooLarge] once the options are passed.
func Read(data []byte, options workbook.Options) (*workbook.Book, error) {
	stream, err := streamOf(data)
	if err != nil {
		return nil, err
	}
	r := &reader{stream: stream, left: len(stream), book: workbook.New(options), charset: charmap.Windows1252, formats: make(map[int]string)}
	if err := r.begin(); err != nil {
		return nil, err
	}
	if r.version >= 5 {
		err = r.globals()
	} else {
		r.bounds = []bound{{cells: true}}
	}
	if err != nil {
		return nil, err
	}
	for _, b := range r.bounds {
		if !b.cells {
			continue
		}
		if err := r.sheet(b); err != nil {
			return nil, err
		}
	}
	return r.book, nil
}

// begin reads the version off the first record. BIFF5 and BIFF8 share its number
// and are told apart by the first field in it: 0x0500 and 0x0600.
func (r *reader) begin() error {
	rec, ok := r.record(0)
	if !ok || rec.id&0xff != kindBOF || len(rec.data) < 4 {
		return ErrFormat
	}
	switch rec.id >> 8 {
	case 0:
		r.version = 2
	case 2:
		r.version = 3
	case 4:
		r.version = 4
	case 8:
		r.version = 5
		if u16(rec.data) >= 0x0600 {
			r.version = 8
		}
	default:
		return ErrFormat
	}
	return nil
}

// record returns the record at an offset: a number and a length of two bytes
// each, and that many bytes of data ([MS-XLS] 2.1.4). One that is cut off gives
// what is there.
func (r *reader) record(at int) (record, bool) {
	if at < 0 || at+4 > len(r.stream) {
		return record{}, false
	}
	end := at + 4 + u16(r.stream[at+2:])
	return record{id: u16(r.stream[at:]), data: r.stream[at+4 : min(end, len(r.stream))], end: end}, true
}

// chunks returns the data of a record and of those that continue it, and where
// the next record begins.
func (r *reader) chunks(rec record) (*chunks, int) {
	c := &chunks{parts: [][]byte{rec.data}}
	for {
		next, ok := r.record(rec.end)
		if !ok || next.id != recContinue {
			return c, rec.end
		}
		c.parts = append(c.parts, next.data)
		rec = next
	}
}

// globals reads what all sheets share, up to the first end.
func (r *reader) globals() error {
	for at := 0; ; {
		rec, ok := r.record(at)
		if !ok || rec.id == recEOF {
			return nil
		}
		at = rec.end
		switch rec.id {
		case recFilePass:
			return ErrEncrypted
		case recSST:
			c, end := r.chunks(rec)
			r.strings, at = c.table(), end
		case recBoundSheet:
			r.boundSheet(rec.data)
		default:
			r.shared(rec)
		}
	}
}

// shared reads a record that stands in the globals, or before BIFF5 in the
// sheet itself.
func (r *reader) shared(rec record) {
	d := rec.data
	switch rec.id {
	case recDateMode:
		r.date1904 = len(d) >= 2 && u16(d) == 1
	case recCodePage:
		if len(d) >= 2 {
			r.charset = charsetOf(u16(d))
		}
	case recFormat, recFormat2:
		r.format(d)
	case recXF, recXF2, recXF3, recXF4:
		r.xfs = append(r.xfs, xfFormat(rec))
	}
}

// format reads a number format. Before BIFF5 they have no number but their order.
func (r *reader) format(d []byte) {
	id := r.ordinal
	r.ordinal++
	switch {
	case r.version >= 5 && len(d) >= 2:
		id, d = u16(d), d[2:]
	case r.version == 4 && len(d) >= 2:
		d = d[2:]
	}
	if r.version == 8 {
		r.formats[id] = (&chunks{parts: [][]byte{d}}).text(2)
		return
	}
	r.formats[id] = r.bytes(d, 1)
}

// xfFormat returns the number of the format of a style: two bytes since BIFF5,
// one in BIFF3 and BIFF4, and six bits in BIFF2.
func xfFormat(rec record) int {
	d := rec.data
	switch {
	case rec.id == recXF && len(d) >= 4: // after the font
		return u16(d[2:])
	case rec.id == recXF2 && len(d) >= 3:
		return int(d[2] & 0x3f)
	case rec.id != recXF && len(d) >= 2:
		return int(d[1])
	}
	return 0
}

// boundSheet reads where a sheet begins, whether it is hidden, of what kind it is,
// and its name.
func (r *reader) boundSheet(d []byte) {
	if len(d) < 8 {
		return
	}
	b := bound{offset: int(binary.LittleEndian.Uint32(d)), hidden: d[4]&3 != 0, cells: d[5] == 0}
	if r.version == 8 {
		b.name = (&chunks{parts: [][]byte{d[6:]}}).text(1)
	} else {
		b.name = r.bytes(d[6:], 1)
	}
	r.bounds = append(r.bounds, b)
}

// bytes returns a text in the workbook's code page, which comes after its length
// of the given width in bytes.
func (r *reader) bytes(d []byte, width int) string {
	n, d, ok := length(d, width)
	if !ok {
		return ""
	}
	text, err := r.charset.NewDecoder().Bytes(d[:min(n, len(d))])
	if err != nil {
		return ""
	}
	return clean(string(text))
}

// length reads the length that a text begins with, of one byte or two, and returns
// what comes after it.
func length(d []byte, width int) (n int, rest []byte, ok bool) {
	if len(d) < width {
		return 0, nil, false
	}
	if width == 1 {
		return int(d[0]), d[1:], true
	}
	return u16(d), d[2:], true
}

// u16 reads an unsigned integer of two bytes. All integers have the lowest first.
func u16(d []byte) int { return int(binary.LittleEndian.Uint16(d)) }
