package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

const wordStyles = `<w:styles xmlns:w="w"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Base"/></w:style>
<w:style w:styleId="Base"><w:name w:val="Base"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="Items"><w:name w:val="Items"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style></w:styles>`

// styled returns a paragraph with properties.
func styled(properties, text string) string {
	return fmt.Sprintf("<w:p><w:pPr>%s</w:pPr><w:r><w:t>%s</w:t></w:r></w:p>", properties, text)
}

func TestDOCX(t *testing.T) {
	cell := func(text string) string { return "<w:tc>" + paragraphs(text) + "</w:tc>" }
	tests := map[string]struct{ body, want string }{
		"paragraphs": {paragraphs("One.", "", "Two &amp; three."), lines("A", "[ #]", "One.", "", "Two & three.")},
		"headings": {styled(`<w:pStyle w:val="Title"/>`, "Guide") + styled(`<w:pStyle w:val="berschrift1"/>`, "One") + paragraphs("a") + styled(`<w:pStyle w:val="Mine"/>`, "Two") + paragraphs("b") + styled(`<w:outlineLvl w:val="0"/>`, "Three") + paragraphs("c"),
			lines("Guide", "[One #]", "a", "[One > Two #]", "b", "[Three #]", "c")},
		"lists": {paragraphs("Do:") + styled(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`, "One") + styled(`<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>`, "Sub") + styled(`<w:pStyle w:val="Items"/>`, "Two") + styled(`<w:numPr><w:numId w:val="0"/></w:numPr>`, "After"),
			lines("A", "[ #]", "Do:", "", "- One", "  - Sub", "- Two", "", "After")},
		"table": {"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell("Plan") + cell("Price") + "</w:tr><w:tr>" + cell("Pro") + cell("9") + "</w:tr></w:tbl>" + paragraphs("After"),
			lines("A", "[ #]", "Plan: Pro; Price: 9", "", "After")},
		"merged downwards": {"<w:tbl><w:tr>" + cell("Region") + cell("Plan") + "</w:tr><w:tr>" + mergedCell("restart", "North") + cell("Pro") + "</w:tr><w:tr>" + mergedCell("continue", "") + cell("Team") + "</w:tr><w:tr>" + mergedCell("restart", "South") + cell("Pro") + "</w:tr></w:tbl>",
			lines("A", "[ #]", "Region: North; Plan: Pro", "Region: North; Plan: Team", "Region: South; Plan: Pro")},
		"merged with nothing": {"<w:tbl><w:tr>" + mergedCell("continue", "") + cell("a") + "</w:tr><w:tr>" + cell("b") + cell("c") + mergedCell("continue", "") + "</w:tr></w:tbl>",
			lines("A", "[ #]", "a", "b; c")},
		"merged around a table": {"<w:tbl><w:tr>" + mergedCell("restart", "x") + cell("y") + "</w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:tbl><w:tr>" + mergedCell("restart", "a") + "</w:tr></w:tbl></w:tc>" + cell("z") + "</w:tr></w:tbl>",
			lines("A", "[ #]", "x; y", "a; z")},
		"table in a table": {"<w:tbl><w:tr>" + cell("x") + "<w:tc><w:tbl><w:tr>" + cell("a") + cell("b") + "</w:tr></w:tbl>" + paragraphs("c") + "</w:tc></w:tr></w:tbl>",
			lines("A", "[ #]", "x; a; b c")},
		"runs":      {"<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>", lines("A", "[ #]", "a b", "c-d")},
		"changes":   {"<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>", lines("A", "[ #]", "new")},
		"fields":    {`<w:p><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>`, lines("A", "[ #]", "link")},
		"text box":  {"<w:p><w:r><w:t>Around</w:t><mc:AlternateContent><mc:Choice>" + paragraphs("Box") + "</mc:Choice><mc:Fallback>" + paragraphs("Box") + "</mc:Fallback></mc:AlternateContent></w:r></w:p>", lines("A", "[ #]", "Box", "", "Around")},
		"contents":  {styled(`<w:pStyle w:val="TOC1"/>`, "One 3") + paragraphs("Text"), lines("A", "[ #]", "Text")},
		"smart tag": {"<w:p><w:smartTag><w:r><w:t>Ca</w:t></w:r><w:r><w:t>fe</w:t></w:r></w:smartTag></w:p>", lines("A", "[ #]", "Cafe")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, show(read(t, "a.docx", word(test.body, "word/styles.xml", wordStyles))))
		})
	}
}

// mergedCell returns a cell that begins a merge of cells downwards, or goes on with it.
func mergedCell(part, text string) string {
	return `<w:tc><w:tcPr><w:vMerge w:val="` + part + `"/></w:tcPr>` + paragraphs(text) + "</w:tc>"
}

// Texts of merged cells are repeated within a budget, and not in a plain document.
func TestMergedBudget(t *testing.T) {
	rows := [][]string{{"a text"}, {""}}
	m := newMerged(Options{MaxText: 4 * 8})
	m.repeat(rows)
	require.Equal(t, [][]string{{"a text"}, {"a text"}}, rows)
	rows = append(rows, []string{""})
	m.repeat(rows)
	require.Equal(t, []string{""}, rows[2], "two bytes are left")
	plain := newMerged(Options{Plain: true, MaxText: 1000})
	plain.repeat(rows)
	require.Equal(t, []string{""}, rows[2])
	m = merged{left: 100}
	m.repeat(nil)
	m.repeat([][]string{{"a"}, {}})
}

func TestDOCXFaults(t *testing.T) {
	extract := func(content string) error {
		_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.docx"}, strings.NewReader(content))
		return err
	}
	require.ErrorIs(t, extract(word("")), ingest.ErrNoText)
	require.ErrorIs(t, extract(word("<w:p><")), ingest.ErrMalformed)
	require.ErrorIs(t, extract(word(strings.Repeat("<w:a>", 5000))), ingest.ErrTooLarge)
	require.ErrorIs(t, extract(word(paragraphs("x"))[:300]), ingest.ErrMalformed)
	require.NoError(t, extract(word(paragraphs("Some text")+"<w:p><broken")), "what comes before a fault is kept")
}

// FuzzDOCX varies the body, not the archive around it.
func FuzzDOCX(f *testing.F) {
	f.Add(styled(`<w:pStyle w:val="Mine"/>`, "x") + "<w:tbl><w:tr><w:tc>" + paragraphs("a") + "</w:tc></w:tr></w:tbl>")
	f.Add(styled(`<w:numPr><w:ilvl w:val="9"/><w:numId w:val="1"/></w:numPr>`, "x"))
	f.Fuzz(func(t *testing.T, body string) {
		_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.docx"}, strings.NewReader(word(body, "word/styles.xml", wordStyles)))
		if err != nil {
			require.NotContains(t, err.Error(), "panicked")
		}
	})
}

// Cells that are merged keep the columns of the cells beside them in place.
func TestDOCXMergedCells(t *testing.T) {
	cell := func(properties, text string) string {
		return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + paragraphs(text) + "</w:tc>"
	}
	row := func(cells ...string) string { return "<w:tr>" + strings.Join(cells, "") + "</w:tr>" }
	const header, begins, goesOn, two = "<w:trPr><w:tblHeader/></w:trPr>", `<w:vMerge w:val="restart"/>`, "<w:vMerge/>", `<w:gridSpan w:val="2"/>`
	tests := map[string]struct{ rows, want string }{
		"rows":            {row(header, cell("", "Plan"), cell("", "Term")) + row(cell(begins, "Pro"), cell("", "Month")) + row(cell(goesOn, ""), cell("", "Year")), lines("Plan: Pro; Term: Month", "Plan: Pro; Term: Year")},
		"columns":         {row(header, cell("", "A"), cell("", "B"), cell("", "C")) + row(cell("", "x"), cell(two, "y")), lines("A: x; B: y")},
		"first columns":   {row(header, cell("", "A"), cell("", "B"), cell("", "C")) + row(cell(two, "x"), cell("", "z")), lines("A: x; C: z")},
		"an absurd span":  {row(cell(`<w:gridSpan w:val="999999999"/>`, "x")) + row(cell("", "y")), lines("x", "y")},
		"a negative span": {row(cell(`<w:gridSpan w:val="-3"/>`, "x"), cell("", "y")), lines("x; y")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, lines("A", "[ #]")+test.want, show(read(t, "a.docx", word("<w:tbl>"+test.rows+"</w:tbl>"))))
		})
	}
}

// The strict form differs in its namespaces, and in the types of its relations.
func TestDOCXStrict(t *testing.T) {
	const office = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
	file := archived("_rels/.rels", `<Relationships><Relationship Id="1" Type="`+office+`officeDocument" Target="doc/main.xml"/></Relationships>`,
		"doc/_rels/main.xml.rels", `<Relationships><Relationship Id="1" Type="`+office+`styles" Target="look.xml"/></Relationships>`,
		"doc/look.xml", `<styles xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><style styleId="x"><name val="Heading 1"/></style></styles>`,
		"doc/main.xml", `<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><body><p><pPr><pStyle val="x"/></pPr><r><t>Refunds</t></r></p><p><r><t>Ask us.</t></r></p></body></document>`)
	require.Equal(t, lines("Refunds", "[ #]", "Ask us."), show(read(t, "a.docx", file)))
}
