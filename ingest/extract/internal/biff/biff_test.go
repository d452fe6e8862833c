package biff

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

var generous = workbook.Options{Sheets: 10, Cells: 1000, Text: 1 << 20}

// rec returns a record of the parts: integers are two bytes each, strings and
// bytes are as they are.
func rec(id int, parts ...any) string {
	data := parted(parts...)
	return string(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, uint16(id)), uint16(len(data)))) + data
}

func parted(parts ...any) string {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = binary.LittleEndian.AppendUint16(b, uint16(p))
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, p)
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p))
		case byte:
			b = append(b, p)
		case string:
			b = append(b, p...)
		}
	}
	return string(b)
}

// narrow and wide return a string of BIFF8 with its length before it.
func narrow(s string) string { return parted(len(s), byte(0), s) }

func wide(s string) string {
	units := utf16.Encode([]rune(s))
	b := []byte(parted(len(units), byte(1)))
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// book returns a BIFF8 stream with the given globals and sheets, named S1, S2 ...
func book(globals string, sheets ...string) []byte {
	bof := rec(0x0809, 0x0600, 5, 0, 0)
	end := rec(recEOF)
	size := len(bof) + len(globals) + len(end)
	for range sheets {
		size += len(rec(recBoundSheet, uint32(0), 0, byte(2), byte(0), "S1"))
	}
	var bounds, bodies string
	for i, s := range sheets {
		bounds += rec(recBoundSheet, uint32(size+len(bodies)), 0, byte(2), byte(0), "S"+string(rune('1'+i)))
		bodies += rec(0x0809, 0x0600, 0x10, 0, 0) + s + end
	}
	return []byte(bof + globals + bounds + end + bodies)
}

// shown returns the cells of a sheet, rows by lines.
func shown(s *workbook.Sheet) string {
	var lines []string
	for _, row := range s.Rows() {
		var cells []string
		for _, c := range row {
			cells = append(cells, c.Text)
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	return strings.Join(lines, "\n")
}

func readOne(t *testing.T, globals, sheet string) *workbook.Sheet {
	t.Helper()
	b, err := Read(book(globals, sheet), generous)
	require.NoError(t, err)
	require.Len(t, b.Sheets, 1)
	return b.Sheets[0]
}

func TestCells(t *testing.T) {
	globals := rec(recFormat, 164, narrow("0.0\" kg\"")) + rec(recXF, 0, 0) + rec(recXF, 0, 164) + rec(recXF, 0, 14) +
		rec(recSST, uint32(2), uint32(2), narrow("one"), wide("zwölf"))
	tests := map[string]struct{ records, want string }{
		"a number":            {rec(0x0203, 0, 0, 0, 1.5), "1.5"},
		"its format":          {rec(0x0203, 0, 0, 1, 1.25), "1.3 kg"},
		"a date":              {rec(0x0203, 0, 0, 2, 38300.0), "11/09/2004"},
		"a short integer":     {rec(recRK, 0, 0, 0, uint32(7<<2|2)), "7"},
		"hundredths":          {rec(recRK, 0, 0, 0, uint32(725<<2|3)), "7.25"},
		"a negative one":      {rec(recRK, 0, 0, 0, uint32(0xffffffe6)), "-7"},
		"several":             {rec(recMulRK, 0, 1, 0, uint32(1<<2|2), 1, uint32(2<<2|2), 2), "1|2.0 kg"},
		"shared texts":        {rec(recLabelSST, 0, 0, 0, uint32(1)) + rec(recLabelSST, 0, 1, 0, uint32(0)), "zwölf|one"},
		"no such text":        {rec(recLabelSST, 0, 0, 0, uint32(9)), ""},
		"cells merged":        {rec(recRK, 0, 0, 0, uint32(7<<2|2)) + rec(recRK, 1, 1, 0, uint32(8<<2|2)) + rec(recMergeCells, 1, 0, 1, 0, 0) + rec(recMergeCells, 9, 0, 5), "7\n7|8"},
		"a text":              {rec(0x0204, 0, 0, 0, narrow("own")), "own"},
		"truths and errors":   {rec(0x0205, 0, 0, 0, byte(1), byte(0)) + rec(0x0205, 0, 1, 0, byte(7), byte(1)), "TRUE|#DIV/0!"},
		"a formula":           {rec(0x0006, 0, 0, 0, 2.5), "2.5"},
		"a formula of text":   {rec(0x0006, 0, 0, 0, byte(0), "\x00\x00\x00\x00\x00", 0xffff) + rec(0x0207, narrow("result")), "result"},
		"a formula of truth":  {rec(0x0006, 0, 0, 0, byte(1), byte(0), byte(1), "\x00\x00\x00", 0xffff), "TRUE"},
		"an empty formula":    {rec(0x0006, 0, 0, 0, byte(3), "\x00\x00\x00\x00\x00", 0xffff), ""},
		"a text of no one":    {rec(0x0207, narrow("stray")), ""},
		"any order":           {rec(0x0203, 1, 0, 0, 2.0) + rec(0x0203, 0, 1, 0, 1.0) + rec(0x0203, 0, 0, 0, 0.0), "0|1\n2"},
		"the last one counts": {rec(0x0203, 0, 0, 0, 1.0) + rec(0x0203, 0, 0, 0, 2.0), "2"},
		"a chart in between":  {rec(0x0809, 0x0600, 0x20, 0, 0) + rec(0x0203, 0, 0, 0, 9.0) + rec(recEOF) + rec(0x0203, 0, 0, 0, 1.0), "1"},
		"cut off cells":       {rec(0x0203, 0, 0, 0, "abc") + rec(recRK, 0) + rec(recMulRK, 0, 0) + rec(recLabelSST, 0, 0, 0), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, shown(readOne(t, globals, test.records)))
		})
	}
}

// Texts that go on in another record begin anew with their width.
func TestContinue(t *testing.T) {
	globals := rec(recSST, uint32(3), uint32(3), 6, byte(0), "abc") +
		rec(recContinue, byte(1), "d\x00e\x00f\x00", parted(3, byte(0x08), 2), "rich"[:3]) +
		rec(recContinue, parted(1, 2, 3, 4), parted(2, byte(0x04), uint32(5), "ph"), "12345")
	sheet := rec(recLabelSST, 0, 0, 0, uint32(0)) + rec(recLabelSST, 0, 1, 0, uint32(1)) + rec(recLabelSST, 0, 2, 0, uint32(2))
	require.Equal(t, "abcdef|ric|ph", shown(readOne(t, globals, sheet)))
}

func TestDate1904(t *testing.T) {
	sheet := rec(0x0203, 0, 0, 0, 1.0)
	require.Equal(t, "01/02/1904", shown(readOne(t, rec(recXF, 0, 14)+rec(recDateMode, 1), sheet)))
}

func TestNotes(t *testing.T) {
	object := func(id int, text string) string {
		return rec(recObject, 0x15, 0x12, 0, id) + rec(recTextObject, 0, 0, "\x00\x00\x00\x00\x00\x00", len(text), 0) + rec(recContinue, byte(0), text)
	}
	s := readOne(t, "", object(1, "A box")+object(2, "A remark")+rec(recNote, 0, 0, 0, 2, 0))
	require.Equal(t, []string{"A box"}, s.Texts)
	require.Equal(t, []string{"A remark"}, s.Comments)
}

func TestHidden(t *testing.T) {
	data := book("", "", "")
	data[len(rec(0x0809, 0, 0, 0, 0))+4+4] = 1
	b, err := Read(data, generous)
	require.NoError(t, err)
	require.True(t, b.Sheets[0].Hidden)
	require.False(t, b.Sheets[1].Hidden)
}

// Before BIFF8 texts are in the code page of the workbook.
func TestOlder(t *testing.T) {
	end := rec(recEOF)
	five := rec(0x0809, 0x0500, 5, 0, 0) + rec(recCodePage, 1251) + rec(recXF, 0, 9)
	at := len(five) + len(rec(recBoundSheet, uint32(0), 0, byte(2), "S1")) + len(end)
	five += rec(recBoundSheet, uint32(at), 0, byte(2), "S1") + end + rec(0x0809, 0x0500, 0x10, 0, 0) +
		rec(0x0204, 0, 0, 0, 3, "\xcf\xf0\xe8") + rec(0x0203, 0, 1, 0, 0.5) + end
	tests := map[string]struct{ data, want string }{
		"BIFF5": {five, "При|50%"},
		"BIFF4": {rec(0x0409, 0, 0x10, 0) + rec(recFormat, 0, byte(4), "0.00") + rec(0x0443, byte(0), byte(0)) + rec(0x0204, 0, 0, 0, 1, "x") + rec(0x0203, 0, 1, 0, 2.0) + end, "x|2.00"},
		"BIFF3": {rec(0x0209, 0, 0x10, 0) + rec(0x0204, 0, 0, 0, 1, "x") + rec(0x0206, 0, 1, 0, 3.0) + end, "x|3"},
		"BIFF2": {rec(0x0009, 2, 0x10) + rec(0x0004, 0, 0, "\x00\x00\x00", byte(1), "x") + rec(0x0002, 0, 1, "\x00\x00\x00", 7) + end, "x|7"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := Read([]byte(test.data), generous)
			require.NoError(t, err)
			require.Equal(t, test.want, shown(b.Sheets[0]))
		})
	}
}

func TestRefused(t *testing.T) {
	many := strings.Repeat(rec(0x0203, 0, 0, 0, 1.0), 50)
	tests := map[string]struct {
		data    []byte
		options workbook.Options
		want    error
	}{
		"nothing":          {nil, generous, ErrFormat},
		"other records":    {[]byte(rec(recRK, 1, 2)), generous, ErrFormat},
		"a password":       {book(rec(recFilePass, 1, 1)), generous, ErrEncrypted},
		"too many cells":   {book("", many), workbook.Options{Sheets: 1, Cells: 49, Text: 1000}, workbook.ErrTooLarge},
		"too much text":    {book("", many), workbook.Options{Sheets: 1, Cells: 1000, Text: 49}, workbook.ErrTooLarge},
		"too many sheets":  {book("", "", ""), workbook.Options{Sheets: 1}, workbook.ErrTooLarge},
		"a cut compound":   {[]byte(Signature), generous, ErrFormat},
		"a lying compound": {[]byte(Signature + strings.Repeat("\xff", 1000)), generous, ErrFormat},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(test.data, test.options)
			require.ErrorIs(t, err, test.want)
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(book(rec(recSST, uint32(1), uint32(1), narrow("one")), rec(recLabelSST, 0, 0, 0, uint32(0))))
	f.Add([]byte(rec(0x0409, 0, 0x10, 0) + rec(0x0203, 0, 1, 0, 2.0)))
	f.Add([]byte(Signature + strings.Repeat("\x00", 1024)))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(data, generous)
		if err == nil {
			for _, s := range b.Sheets {
				s.Rows()
			}
		}
	})
}
