package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/workbook"
)

// sheets returns a workbook whose first sheet has the given rows. Other parts may
// be added.
func sheets(rows string, parts ...string) string {
	return archived(append([]string{
		"_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/><Relationship Id="c" Type="x/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Sheet1" r:id="r1"/><sheet name="Prices" r:id="r2"/><sheet name="Costs" state="hidden" r:id="r3"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="r3" Type="x/worksheet" Target="worksheets/sheet3.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>",
	}, parts...)...)
}

// grid returns rows of cells: numbers where they are numbers. An empty text is
// no cell, and a row of none is an empty row.
func grid(rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		for j, cell := range row {
			if cell == "" {
				continue
			}
			kind := "inlineStr"
			if strings.Trim(cell, "0123456789.") == "" {
				kind = "n"
			}
			fmt.Fprintf(&b, `<c r="%c%d" t="%s"><v>%s</v><is><t>%s</t></is></c>`, 'A'+j, i+1, kind, cell, cell)
		}
	}
	return strings.ReplaceAll(b.String(), `t="n"><v>`, `><v>`)
}

func TestSheets(t *testing.T) {
	tests := map[string]struct {
		rows [][]string
		want string
	}{
		"a header":            {[][]string{{"Plan", "Price:"}, {"Pro", "9.5"}, {"Team", "20"}}, lines("A", "[ #]", "Plan: Pro; Price: 9.5", "Plan: Team; Price: 20")},
		"gaps":                {[][]string{{"Plan", "Seats", "Price"}, {"Pro", "", "9"}, {"", "5", ""}}, lines("A", "[ #]", "Plan: Pro; Price: 9", "Seats: 5")},
		"a caption":           {[][]string{{"Prices of 2024"}, {"Plan", "Price"}, {"Pro", "9"}}, lines("A", "[ #]", "Prices of 2024", "", "Plan: Pro; Price: 9")},
		"years as names":      {[][]string{{"Visits", "2023", "2024"}, {"North", "5", "7"}}, lines("A", "[ #]", "Visits: North; 2023: 5; 2024: 7")},
		"two tables":          {[][]string{{"Plan", "Price"}, {"Pro", "9"}, {}, {"City", "Phone"}, {"Ulm", "123"}}, lines("A", "[ #]", "Plan: Pro; Price: 9", "", "City: Ulm; Phone: 123")},
		"a gap within":        {[][]string{{"Plan", "Price"}, {"Pro", "9"}, {}, {"Team", "20"}}, lines("A", "[ #]", "Plan: Pro; Price: 9", "", "Plan: Team; Price: 20")},
		"numbers alone":       {[][]string{{"1", "2"}, {"3", "4"}}, lines("A", "[ #]", "1; 2", "3; 4")},
		"columns of one name": {[][]string{{"Note"}, {"First"}, {"Second"}}, lines("A", "[ #]", "Note", "First", "Second")},
		"words alone":         {[][]string{{"Name", "City"}, {"Jo", "Ulm"}, {"Al", "Bonn"}}, lines("A", "[ #]", "Name: Jo; City: Ulm", "Name: Al; City: Bonn")},
		"one row of words":    {[][]string{{"Name", "City"}, {"Jo", "Ulm"}}, lines("A", "[ #]", "Name; City", "Jo; Ulm")},
		"beside the names":    {[][]string{{"Name", "City"}, {"Jo", "Ulm", "5", "6", "7"}}, lines("A", "[ #]", "Name; City", "Jo; Ulm; 5; 6; 7")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, show(read(t, "a.xlsx", sheets(grid(test.rows...)))))
		})
	}
}

func TestSheetNames(t *testing.T) {
	file := sheets(grid([]string{"One"}), "xl/worksheets/sheet2.xml", "<worksheet>"+grid([]string{"Two"})+"</worksheet>", "xl/worksheets/sheet3.xml", "<worksheet>"+grid([]string{"Secret"})+"</worksheet>",
		"docProps/core.xml", "<coreProperties><title>Price list</title><modified>2024-05-01T10:00:00Z</modified></coreProperties>")
	doc := read(t, "a.xlsx", file)
	require.Equal(t, lines("Price list", "[Sheet1 #]", "One", "[Prices #]", "Two"), show(doc))
	require.Equal(t, 2024, doc.Updated.Year())
}

// Long tables are blocks of some rows, each with its header.
func TestLongSheet(t *testing.T) {
	rows := [][]string{{"Name", "Count"}}
	for i := range 25 {
		rows = append(rows, []string{fmt.Sprintf("n%d", i), "1"})
	}
	doc := read(t, "a.xlsx", sheets(grid(rows...)))
	require.Len(t, doc.Sections, 1)
	require.Equal(t, 2, strings.Count(doc.Sections[0].Text, "\n\n"))
	require.Contains(t, doc.Sections[0].Text, "\n\nName: n20; Count: 1\n")
}

func TestPlainSheet(t *testing.T) {
	doc, err := New(&Options{Plain: true}).Extract(t.Context(), ingest.Item{Name: "a.xlsx"}, strings.NewReader(sheets(grid([]string{"Plan", "Price"}, []string{"Pro", "9.50"}))))
	require.NoError(t, err)
	require.Equal(t, lines("A", "[ #]", "Plan; Price", "Pro; 9.5"), show(doc))
}

// A plain workbook is the cells of all sheets, as programs write them to CSV.
func TestPlainSheets(t *testing.T) {
	file := sheets(grid([]string{"One"}), "xl/worksheets/sheet2.xml", "<worksheet>"+grid([]string{"Two"})+"</worksheet>", "xl/worksheets/sheet3.xml", "<worksheet>"+grid([]string{"Hidden"})+"</worksheet>",
		"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships><Relationship Id="d" Type="x/drawing" Target="../d.xml"/></Relationships>`,
		"xl/d.xml", `<wsDr><sp><txBody><a:p><a:r><a:t>A box</a:t></a:r></a:p></txBody></sp></wsDr>`)
	require.Equal(t, lines("A", "[Sheet1 #]", "One", "", "A box", "[Prices #]", "Two"), show(read(t, "a.xlsx", file)))
	doc, err := New(&Options{Plain: true}).Extract(t.Context(), ingest.Item{Name: "a.xlsx"}, strings.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, "A\nOne\nTwo\nHidden", strings.TrimSpace(allText(doc)))
}

// Where the names of the columns would fill the document, they stand once above
// each block.
func TestWideNames(t *testing.T) {
	rows := [][]string{{strings.Repeat("long name ", 5), "Count"}}
	for range 12 {
		rows = append(rows, []string{"x", "1"})
	}
	o := newOutline(2000)
	table := tablesOf(bookRows(t, rows))[0]
	table.write(o, false)
	doc, err := o.document()
	require.NoError(t, err)
	require.Equal(t, 12, strings.Count(doc.Sections[0].Text, ": x; Count: 1"), "there is room")
	o = newOutline(800)
	table.write(o, false)
	doc, err = o.document()
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(doc.Sections[0].Text, "long name; Count\nx; 1"))
	require.Zero(t, strings.Count(doc.Sections[0].Text, ": "))
}

// bookRows returns the rows of a sheet with such cells.
func bookRows(t *testing.T, rows [][]string) [][]workbook.Cell {
	t.Helper()
	s, err := workbook.New(workbook.Options{Sheets: 1, Cells: 1000, Text: 10_000}).Add("S", false)
	require.NoError(t, err)
	for i, row := range rows {
		for j, text := range row {
			c := workbook.At(i, j)
			c.Text, c.Number = text, strings.Trim(text, "0123456789.") == ""
			require.NoError(t, s.Set(c))
		}
	}
	return s.Rows()
}

// Cells that are merged downwards stand beside all of their rows.
func TestMergedSheet(t *testing.T) {
	file := sheets(grid([]string{"Region", "Plan", "Price"}, []string{"North", "Pro", "9"}, []string{"", "Team", "20"}) + `</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells><sheetData>`)
	require.Equal(t, lines("A", "[ #]", "Region: North; Plan: Pro; Price: 9", "Region: North; Plan: Team; Price: 20"), show(read(t, "a.xlsx", file)))
}

func TestXLS(t *testing.T) {
	stream := "\x09\x08\x08\x00\x00\x06\x05\x00\x00\x00\x00\x00" + "\x85\x00\x0b\x00\x1f\x00\x00\x00\x00\x00\x03\x00Now" + "\x0a\x00\x00\x00" +
		"\x09\x08\x08\x00\x00\x06\x10\x00\x00\x00\x00\x00" + "\x7e\x02\x0a\x00\x00\x00\x00\x00\x00\x00\x1e\x00\x00\x00" + "\x0a\x00\x00\x00"
	require.Equal(t, lines("A", "[Now #]", "7"), show(read(t, "a.xls", compound("Workbook", stream))))
	_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.xls"}, strings.NewReader(compound("Workbook", "\x09\x08\x08\x00\x00\x06\x05\x00\x00\x00\x00\x00\x2f\x00\x02\x00\x00\x00")))
	require.ErrorIs(t, err, ingest.ErrEncrypted)
}
