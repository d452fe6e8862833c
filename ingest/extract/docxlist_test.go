package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// wordNumbering has a list of levels "1.", "1.a)", "I -", one of bullets, one that
// begins the first anew at 5, and one that has "A" for its second level.
const wordNumbering = `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%3 -"/><w:lvlRestart w:val="0"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1"><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2"/></w:lvl></w:lvlOverride></w:num></w:numbering>`

func TestDOCXNumbers(t *testing.T) {
	item := func(list, level, text string) string {
		return styled(`<w:numPr><w:ilvl w:val="`+level+`"/><w:numId w:val="`+list+`"/></w:numPr>`, text)
	}
	tests := map[string]struct{ body, want string }{
		"levels":      {item("1", "0", "a") + item("1", "1", "b") + item("1", "1", "c") + item("1", "0", "d") + item("1", "1", "e"), lines("1. a", "  1.a) b", "  1.b) c", "2. d", "  2.a) e")},
		"go on":       {item("1", "0", "a") + paragraphs("between") + item("1", "0", "b") + item("3", "0", "c"), lines("1. a", "", "between", "", "2. b", "3. c")},
		"anew":        {item("1", "0", "a") + item("4", "0", "b") + item("4", "0", "c"), lines("1. a", "5. b", "6. c")},
		"no restart":  {item("1", "2", "a") + item("1", "0", "b") + item("1", "2", "c"), lines("III - a", "1. b", "  IV - c")},
		"level anew":  {item("5", "0", "a") + item("5", "1", "b") + item("1", "1", "c"), lines("1. a", "  A b", "  1.b) c")},
		"style says":  {styled(`<w:pStyle w:val="Items"/>`, "a") + styled(`<w:pStyle w:val="Items"/><w:numPr><w:ilvl w:val="1"/></w:numPr>`, "b") + styled(`<w:pStyle w:val="Items"/><w:numPr><w:numId w:val="0"/></w:numPr>`, "c"), lines("1. a", "  1.a) b", "", "c")},
		"in a cell":   {"<w:tbl><w:tr><w:tc>" + item("1", "0", "a") + item("1", "0", "b") + "</w:tc></w:tr></w:tbl>", lines("1. a 2. b")},
		"bullets":     {item("2", "0", "a") + item("2", "1", "b"), lines("- a", "", "b")},
		"unknown":     {item("9", "0", "a"), lines("- a")},
		"headings":    {styled(`<w:pStyle w:val="berschrift1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`, "Scope"), lines("1. Scope")},
		"odd levels":  {item("1", "99", "a") + item("1", "-1", "b"), lines("a", "", "1. b")},
		"empty items": {item("1", "0", "") + item("1", "0", "a"), lines("1. a")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := read(t, "a.docx", word(test.body, "word/numbering.xml", wordNumbering, "word/styles.xml", wordStyles))
			var texts []string
			for _, s := range doc.Sections {
				texts = append(texts, s.Text)
			}
			require.Equal(t, strings.TrimSuffix(test.want, "\n"), strings.Join(texts, "\n"))
		})
	}
}

func TestOrdinal(t *testing.T) {
	tests := []struct {
		n            int
		format, want string
	}{
		{27, "lowerLetter", "aa"}, {3, "upperLetter", "C"}, {1994, "lowerRoman", "mcmxciv"}, {4000, "upperRoman", "4000"},
		{7, "decimalZero", "07"}, {70, "decimalZero", "70"}, {0, "lowerLetter", "0"}, {5, "chicago", "5"}, {5, "none", ""},
	}
	for _, test := range tests {
		require.Equal(t, test.want, ordinal(test.n, test.format), "%d %s", test.n, test.format)
	}
}

func TestDOCXAround(t *testing.T) {
	reference := func(kind, id string) string { return `<w:r><w:` + kind + `Reference w:id="` + id + `"/></w:r>` }
	file := word("<w:p><w:r><w:t>Text</w:t></w:r>"+reference("footnote", "2")+reference("endnote", "2")+reference("footnote", "9")+"</w:p>"+paragraphs("More")+`<w:altChunk r:id="a"/>`,
		"word/footnotes.xml", `<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="0">`+paragraphs("---")+`</w:footnote><w:footnote w:id="2">`+paragraphs("A note.")+`</w:footnote></w:footnotes>`,
		"word/endnotes.xml", `<w:endnotes xmlns:w="w"><w:endnote w:id="2">`+paragraphs("At the end.")+`</w:endnote></w:endnotes>`,
		"word/comments.xml", `<w:comments xmlns:w="w"><w:comment w:id="1">`+paragraphs("Check this.")+`</w:comment></w:comments>`,
		"word/header1.xml", `<w:hdr xmlns:w="w">`+paragraphs("Example Ltd")+`</w:hdr>`,
		"word/header2.xml", `<w:hdr xmlns:w="w">`+paragraphs("Example Ltd")+`</w:hdr>`,
		"word/chunk.html", "<html><body><p>Imported</p></body></html>")
	extract := func(o Options) string {
		doc, err := New(&o).Extract(t.Context(), ingest.Item{Name: "a.docx"}, strings.NewReader(file))
		require.NoError(t, err)
		return show(doc)
	}
	body := []string{"A", "[ #]", "Text[1][2]", "", "[1] A note.", "", "[2] At the end.", "", "More", "", "Imported"}
	require.Equal(t, lines(append(body, "[ #]", "Example Ltd")...), extract(Options{}))
	require.Contains(t, extract(Options{Remarks: true}), "Check this.")
	require.Equal(t, lines("A", "[ #]", "Text", "", "More", "", "Imported"), extract(Options{Plain: true}))
}

func TestDOCXProperties(t *testing.T) {
	doc := read(t, "a.docx", word(paragraphs("Text"), "_rels/.rels", `<Relationships><Relationship Id="1" Type="x/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"docProps/core.xml", `<coreProperties><title>Terms</title><language>de-DE</language><keywords>law, contract;</keywords><modified>2024-05-01T10:00:00Z</modified></coreProperties>`))
	require.Equal(t, "Terms", doc.Title)
	require.Equal(t, "de-DE", doc.Language)
	require.Equal(t, []string{"law", "contract"}, doc.Keywords)
	require.Equal(t, 2024, doc.Updated.Year())
}

func TestDOCXSpans(t *testing.T) {
	cell := func(properties, text string) string {
		return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + paragraphs(text) + "</w:tc>"
	}
	body := "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell("", "A") + cell("", "B") + cell("", "C") + "</w:tr><w:tr>" + cell(`<w:gridSpan w:val="2"/>`, "x") + cell("", "y") + "</w:tr></w:tbl>"
	require.Contains(t, show(read(t, "a.docx", word(body))), "A: x; C: y")
}
