package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

var generous = workbook.Options{Sheets: 10, Cells: 1000, Text: 1 << 20}

// file returns a workbook of one sheet with the given rows and other parts.
func file(t testing.TB, rows string, parts ...string) *ooxml.Package {
	t.Helper()
	parts = append(parts,
		"xl/workbook.xml", `<workbook><workbookPr date1904="0"/><sheets><sheet name="First" sheetId="1" r:id="r1"/><sheet name="Secret" state="veryHidden" r:id="r2"/><sheet name="None" r:id="r9"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
			<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="x/styles" Target="styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst><si><t>plain</t></si><si><r><rPr/><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>phonetic</t></rPh></si><si><t>a_x000D_b_x0041_c_xyz_</t></si></sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.00&quot; kg&quot;"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		require.NoError(t, err)
		_, err = io.WriteString(w, parts[i+1])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	p, err := ooxml.Open(b.Bytes(), ooxml.Limits{Entries: 20, Inflated: 8 << 20, Ratio: 100, Depth: 50})
	require.NoError(t, err)
	return p
}

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

func TestCells(t *testing.T) {
	tests := map[string]struct{ rows, want string }{
		"shared texts":   {`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>99</v></c></row>`, "rich |plain"},
		"escapes":        {`<row><c t="s"><v>2</v></c></row>`, "abAc_xyz_"},
		"texts in place": {`<row><c t="inlineStr"><is><t>in</t></is></c><c t="str"><f>A1</f><v>of a formula</v></c></row>`, "in|of a formula"},
		"numbers":        {`<row><c><v>1.5</v></c><c s="1"><v>1.5</v></c><c s="2"><v>38300</v></c><c s="99"><v>2</v></c></row>`, "1.5|1.50 kg|11/09/2004|2"},
		"truths, errors": {`<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row>`, "TRUE|FALSE|#N/A"},
		"dates":          {`<row><c t="d" s="2"><v>2004-11-09T00:00:00</v></c><c t="d"><v>2004-11-09</v></c></row>`, "11/09/2004|2004-11-09"},
		"far cells":      {`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`, "1"},
		"cells beyond":   {`<row r="1048577"><c><v>1</v></c></row><row><c r="XFE1"><v>1</v></c><c r="ZZZZ1"><v>2</v></c></row>`, ""},
		"empty cells":    {`<row><c><v></v></c><c/><c t="inlineStr"><is/></c></row>`, ""},
		"no number":      {`<row><c><v>abc</v></c></row>`, "abc"},
		"without places": {`<row><c><v>1</v></c></row><row><c><v>2</v></c><c><v>3</v></c></row>`, "1\n2|3"},
		"cut off":        {`<row><c><v>1</v></c><c><v>2`, "1|2"},
		"twice":          {`<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>`, "2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := Read(file(t, test.rows), generous)
			require.NoError(t, err)
			require.Len(t, b.Sheets, 2)
			require.Equal(t, test.want, shown(b.Sheets[0]))
			require.True(t, b.Sheets[1].Hidden)
		})
	}
}

// Of parts of one name the first counts, so that a test can replace any.
func TestWorkbook(t *testing.T) {
	const strict = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
	tests := map[string]struct {
		parts []string
		rows  string
		want  string
	}{
		"days since 1904": {[]string{"xl/workbook.xml", `<workbook><workbookPr date1904="1"/><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`},
			`<row><c s="2"><v>1</v></c><c><v>1</v></c><c t="d" s="2"><v>2004-11-09</v></c></row>`, "01/02/1904|1|11/09/2004"},
		"the strict form": {[]string{
			"_rels/.rels", `<Relationships><Relationship Id="1" Type="` + strict + `officeDocument" Target="book/b.xml"/></Relationships>`,
			"book/b.xml", `<x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:workbookPr date1904="true"/><x:sheets><x:sheet name="A" r:id="r1"/></x:sheets></x:workbook>`,
			"book/_rels/b.xml.rels", `<Relationships><Relationship Id="r1" Type="` + strict + `worksheet" Target="s.xml"/></Relationships>`,
			"book/s.xml", `<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row><x:c t="str"><x:v>yes</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		}, "", "yes"},
		"no styles, no texts": {[]string{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
			`<row><c s="2"><v>38300</v></c><c t="s"><v>0</v></c><c><v>2</v></c></row>`, "38300|2"},
		"merged cells":           {nil, `<row r="1"><c r="A1"><v>1</v></c><c r="B1"/><c r="C1"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells><sheetData>`, "1|3"},
		"cells merged downwards": {nil, `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"/><c r="B2"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A1"/><mergeCell/></mergeCells><sheetData>`, "1|2\n1|3"},
		"an extension of a name": {[]string{"xl/workbook.xml", `<workbook><workbookPr date1904="1"/><sheets><sheet name="A" r:id="r1"/></sheets><extLst><ext><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>`},
			`<row><c s="2"><v>1</v></c></row>`, "01/02/1904"},
		"a chart sheet": {[]string{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/chartsheet" Target="c.xml"/></Relationships>`,
			"xl/c.xml", `<chartsheet><row><c><v>9</v></c></row></chartsheet>`}, `<row><c><v>1</v></c></row>`, "1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := Read(file(t, test.rows, test.parts...), generous)
			require.NoError(t, err)
			var all []string
			for _, s := range b.Sheets {
				if !s.Empty() {
					all = append(all, shown(s))
				}
			}
			require.Equal(t, []string{test.want}, all)
		})
	}
}

func TestHidden(t *testing.T) {
	for state, want := range map[string]bool{"visible": false, "": false, "hidden": true, "veryHidden": true} {
		b, err := Read(file(t, "", "xl/workbook.xml", `<workbook><sheets><sheet name="A" state="`+state+`" r:id="r1"/></sheets></workbook>`), generous)
		require.NoError(t, err)
		require.Equal(t, want, b.Sheets[0].Hidden, "the state %q", state)
	}
}

// Threads of remarks are also in the old list of remarks, for old programs.
func TestThreads(t *testing.T) {
	b, err := Read(file(t, "", "xl/worksheets/_rels/sheet1.xml.rels", `<Relationships><Relationship Id="1" Type="x/comments" Target="../c.xml"/><Relationship Id="2" Type="x/threadedComment" Target="../t.xml"/></Relationships>`,
		"xl/c.xml", `<comments><commentList><comment ref="A1"><text><t>[Threaded comment] Your version of Excel ...</t></text></comment></commentList></comments>`,
		"xl/t.xml", `<ThreadedComments><threadedComment ref="A1"><text>Is this right?</text></threadedComment></ThreadedComments>`), generous)
	require.NoError(t, err)
	require.Equal(t, []string{"Is this right?"}, b.Sheets[0].Comments)
}

func TestBeside(t *testing.T) {
	b, err := Read(file(t, "", "xl/worksheets/_rels/sheet1.xml.rels", `<Relationships><Relationship Id="1" Type="x/comments" Target="../comments1.xml"/><Relationship Id="2" Type="x/drawing" Target="../d.xml"/></Relationships>`,
		"xl/comments1.xml", `<comments><commentList><comment ref="A1"><text><r><t>Ask Jo</t></r></text></comment></commentList></comments>`,
		"xl/d.xml", `<wsDr><sp><txBody><a:p><a:r><a:t>A box</a:t></a:r></a:p></txBody></sp></wsDr>`), generous)
	require.NoError(t, err)
	require.Equal(t, []string{"Ask Jo"}, b.Sheets[0].Comments)
	require.Equal(t, []string{"A box"}, b.Sheets[0].Texts)
}

func TestLimits(t *testing.T) {
	row := `<row><c><v>12</v></c><c><v>34</v></c></row>`
	for name, o := range map[string]workbook.Options{
		"cells":  {Sheets: 9, Cells: 1, Text: 1000},
		"text":   {Sheets: 9, Cells: 9, Text: 30},
		"sheets": {Sheets: 1, Cells: 9, Text: 1000},
	} {
		_, err := Read(file(t, row), o)
		require.ErrorIs(t, err, workbook.ErrTooLarge, name)
	}
}

func TestManyFormats(t *testing.T) {
	var codes strings.Builder
	for i := range maxStyles + 1 {
		fmt.Fprintf(&codes, `<numFmt numFmtId="%d" formatCode="0"/>`, i)
	}
	_, err := Read(file(t, "", "xl/styles.xml", "<styleSheet>"+codes.String()+"</styleSheet>"), generous)
	require.ErrorIs(t, err, workbook.ErrTooLarge)
}

func FuzzRead(f *testing.F) {
	f.Add(`<row r="2"><c r="B2" t="s" s="1"><v>1</v></c><c t="inlineStr"><is><t>x</t></is></c></row>`)
	f.Add(`<row><c t="d"><v>2004-11-09</v></c>`)
	f.Fuzz(func(t *testing.T, rows string) {
		b, err := Read(file(t, rows), generous)
		if err != nil {
			require.ErrorIs(t, err, workbook.ErrTooLarge)
			return
		}
		for _, s := range b.Sheets {
			s.Rows()
		}
	})
}
