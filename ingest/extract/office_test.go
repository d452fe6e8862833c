package extract

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// archived returns an archive of the named parts.
func archived(parts ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// compound returns a compound file, [MS-CFB], with one stream.
func compound(name, stream string) string {
	const sector, end, free, fat = 512, 0xfffffffe, 0xffffffff, 0xfffffffd
	stream += strings.Repeat("\x00", max(0, 4096-len(stream))) // smaller ones stand elsewhere
	sectors := (len(stream) + sector - 1) / sector
	size := len(stream)
	stream += strings.Repeat("\x00", sectors*sector-size)
	long := func(b []byte, v ...int) []byte {
		for _, n := range v {
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
		}
		return b
	}
	header := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 16)...)
	header = append(header, "\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00\x00\x00\x00\x00\x00\x00"...)
	header = long(header, 0, 1, 1, 0, 4096, end, 0, end, 0, 0) // the FAT is sector 0, the directory sector 1
	for len(header) < sector {
		header = long(header, free)
	}
	table := long(nil, fat, end)
	for i := range sectors - 1 {
		table = long(table, i+3)
	}
	for table = long(table, end); len(table) < sector; {
		table = long(table, free)
	}
	entry := func(name string, kind byte, child, start, size int) []byte {
		e := make([]byte, 128)
		copy(e, utf16le(name))
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		copy(e[68:], long(nil, free, free, child))
		copy(e[116:], long(nil, start, size))
		return e
	}
	directory := append(entry("Root Entry", 5, 1, end, 0), entry(name, 2, free, 2, size)...)
	directory = append(directory, make([]byte, sector-len(directory))...)
	return string(header) + string(table) + string(directory) + stream
}

func TestDetectOffice(t *testing.T) {
	damaged := []byte(compound("EncryptedPackage", "x"))
	binary.LittleEndian.PutUint32(damaged[64:], 0xfffffff0) // sectors of the mini FAT
	tests := []struct {
		name, content string
		want          Kind
		err           error
		says          string
	}{
		{"a.docm", word(""), DOCX, nil, ""},
		{"a.dotm", word("", "word/vbaProject.bin", "macros"), DOCX, nil, ""},
		{"a.xlsm", sheets("", "xl/vbaProject.bin", "macros", "[Content_Types].xml", `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`), XLSX, nil, ""},
		{"a.pptm", slides("", "ppt/vbaProject.bin", "macros"), PPTX, nil, ""},
		{"a.bin", slides(""), PPTX, nil, ""},
		{"a.docx", sheets(""), XLSX, nil, ""},
		{"a.docx", archived("_rels/.rels", `<Relationships><Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="doc/main.xml"/></Relationships>`, "doc/main.xml", `<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>`), DOCX, nil, ""},
		{"a.zip", archived("a.txt", "x"), "", ingest.ErrUnsupported, "not an Office file"},
		{"a.xlsb", archived("_rels/.rels", `<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>`, "xl/workbook.bin", "x"), "", ingest.ErrUnsupported, "save it as .xlsx"},
		{"a.xls", compound("Workbook", "x"), XLS, nil, ""},
		{"a.doc", compound("Book", "x"), XLS, nil, ""},
		{"a.xls", "\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", XLS, nil, ""},
		{"a.doc", compound("WordDocument", "x"), "", ingest.ErrUnsupported, "save it as .docx"},
		{"a.ppt", compound("PowerPoint Document", "x"), "", ingest.ErrUnsupported, "save it as .pptx"},
		{"a.msg", compound("Other", "x"), "", ingest.ErrUnsupported, "not a workbook"},
		{"a.docx", compound("EncryptedPackage", "x"), "", ingest.ErrEncrypted, ""},
		{"a.xlsx", string(damaged), "", ingest.ErrEncrypted, ""},
		{"a.pptx", compound("encryptedpackage", strings.Repeat("x", 9000)), "", ingest.ErrEncrypted, ""},
		{"a.xls", compound("Workbook", "x")[:600], "", ingest.ErrMalformed, ""},
		{"a.xlsx", "\x00\x01\x02\x03", "", ingest.ErrMalformed, "not a .xlsx file"},
	}
	for _, test := range tests {
		kind, err := Detect(test.name, "", []byte(test.content))
		require.ErrorIs(t, err, test.err, test.name)
		require.Equal(t, test.want, kind, test.name)
		if test.says != "" {
			require.ErrorContains(t, err, test.says)
		}
	}
}

// TestHostileOffice gives what is made to exhaust a reader. Each is refused, or
// read within its limits, at once.
func TestHostileOffice(t *testing.T) {
	spaces := strings.Repeat(" ", 16<<20)
	deep := strings.Repeat("<w:p>", 100_000)
	many := make([]string, 0, 40_000)
	for range cap(many) / 2 {
		many = append(many, "x", "")
	}
	loop := []byte(compound("Workbook", strings.Repeat("x", 8192)))
	binary.LittleEndian.PutUint32(loop[512+4*5:], 3) // the FAT leads back
	counts := []byte(compound("Workbook", "x"))
	binary.LittleEndian.PutUint32(counts[64:], 0xfffffff0) // sectors of the mini FAT
	tests := map[string]struct {
		content string
		want    error // nil for read within the limits
	}{
		"a bomb":                  {word(spaces), ingest.ErrTooLarge},
		"a bomb of slides":        {slides(spaces), ingest.ErrTooLarge},
		"a bomb of sheets":        {sheets(spaces), ingest.ErrTooLarge},
		"a bomb beside":           {word(paragraphs("Text"), "word/comments.xml", spaces), nil},
		"many entries":            {slides("", many...), ingest.ErrTooLarge},
		"a deep body":             {word(deep), ingest.ErrTooLarge},
		"deep slides":             {slides(deep), ingest.ErrTooLarge},
		"deep sheets":             {sheets(deep), ingest.ErrTooLarge},
		"laughs":                  {archived(documentPart, `<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="w"><w:body>`+paragraphs("Text &b;")+"</w:body></w:document>"), nil},
		"a far cell":              {sheets(`<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>`), nil},
		"a FAT that loops":        {string(loop), ingest.ErrMalformed},
		"absurd counts":           {string(counts), ingest.ErrMalformed},
		"records of nothing":      {compound("Workbook", "\x09\x08\x10\x00\x00\x06\x05\x00"+strings.Repeat("\xff", 5000)), ingest.ErrNoText},
		"strings without number":  {compound("Workbook", "\x09\x08\x08\x00\x00\x06\x05\x00\x00\x00\x00\x00\xfc\x00\x08\x00\xff\xff\xff\x7f\xff\xff\xff\x7f"), ingest.ErrNoText},
		"a slide that comes back": {slides(strings.Repeat(`<p:sldId r:id="s1"/>`, 5000)), ingest.ErrTooLarge},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var err error
			requireLittleWork(t, func() { _, err = extractName(t, unhurried(), "a", test.content) })
			if test.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
		})
	}
}
