package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// read extracts a document.
func read(t *testing.T, name, content string) retrieval.Document {
	t.Helper()
	doc, err := New(nil).Extract(t.Context(), ingest.Item{ID: name, Name: name}, strings.NewReader(content))
	require.NoError(t, err)
	return doc
}

// show returns a document as one text: the title, then for every section its
// path and anchor in brackets, and its text.
func show(doc retrieval.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", doc.Title)
	for _, s := range doc.Sections {
		fmt.Fprintf(&b, "[%s #%s]\n%s\n", strings.Join(s.Path, " > "), s.Anchor, s.Text)
	}
	return b.String()
}

// lines joins lines, each with a line end.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

// wordRelations name the parts that a test may add.
const wordRelations = `<Relationships><Relationship Id="s" Type="r/styles" Target="styles.xml"/><Relationship Id="n" Type="r/numbering" Target="numbering.xml"/>
<Relationship Id="f" Type="r/footnotes" Target="footnotes.xml"/><Relationship Id="e" Type="r/endnotes" Target="endnotes.xml"/><Relationship Id="c" Type="r/comments" Target="comments.xml"/>
<Relationship Id="h1" Type="r/header" Target="header1.xml"/><Relationship Id="h2" Type="r/header" Target="header2.xml"/><Relationship Id="a" Type="r/aFChunk" Target="/word/chunk.html"/></Relationships>`

// word returns a DOCX file with the given body and other parts.
func word(body string, parts ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, content string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			panic(err)
		}
	}
	add("[Content_Types].xml", "<Types/>")
	add("word/_rels/document.xml.rels", wordRelations)
	add(documentPart, `<w:document xmlns:w="w" xmlns:mc="mc"><w:body>`+body+`</w:body></w:document>`)
	for i := 0; i+1 < len(parts); i += 2 {
		add(parts[i], parts[i+1])
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// paragraphs returns WordprocessingML of one plain paragraph for each text.
func paragraphs(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		fmt.Fprintf(&b, "<w:p><w:r><w:t>%s</w:t></w:r></w:p>", text)
	}
	return b.String()
}

// printed returns a PDF of one page with the given content stream.
func printed(content string) string {
	return fmt.Sprintf("%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Kids[3 0 R]>>endobj\n"+
		"3 0 obj<</Type/Page/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"+
		"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"+
		"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n", len(content), content)
}

func TestExtractor(t *testing.T) {
	ingesttest.RunExtractor(t, func(*testing.T) ingest.Extractor { return New(nil) }, []ingesttest.Sample{
		{Name: "a.md", Content: []byte("# Refunds\n\nWithin 5 days.\n\n## How\n\n- Ask\n- Wait"), Words: []string{"Refunds", "Within 5 days.", "How", "- Ask", "- Wait"}},
		{Name: "a.html", Content: []byte("<title>Refunds</title><p>Within 5 days.<h2>How</h2><ul><li>Ask"), Words: []string{"Refunds", "Within 5 days.", "How", "- Ask"}},
		{Name: "a.txt", Content: []byte("Refunds\n=======\n\nWithin 5 days."), Words: []string{"Refunds", "Within 5 days."}},
		{Name: "a.csv", Content: []byte("Plan,Price\nBasic,5\n"), Words: []string{"Plan: Basic; Price: 5"}},
		{Name: "a.json", Content: []byte(`{"plan": {"name": "Basic", "price": 5}}`), Words: []string{"plan.name: Basic", "plan.price: 5"}},
		{Name: "a.pdf", Content: []byte(printed("BT /F 12 Tf 72 700 Td (Within 5 days.) Tj ET")), Words: []string{"Within 5 days."}},
		{Name: "a.docx", Content: []byte(word(paragraphs("Within 5 days."))), Words: []string{"Within 5 days."}},
	})
}

// TestMislabelled gives every kind of content that tells what it is the names of
// all others.
func TestMislabelled(t *testing.T) {
	contents := map[Kind]string{
		PDF: "%PDF-1.7\n", DOCX: word(paragraphs("x")), PPTX: slides(""), XLSX: sheets(""), XLS: compound("Workbook", "x"), Media: "\x00\x00\x00\x18ftypmp42",
		HTML: "<!DOCTYPE html><p>x", XML: "<?xml version='1.0'?><a>x</a>",
	}
	for want, content := range contents {
		for _, ext := range []string{".pdf", ".docx", ".pptx", ".xlsx", ".xls", ".mp4", ".html", ".xml", ".txt", ".md", ".csv", ".json", ".conf", ".doc", ""} {
			got, err := Detect("a"+ext, "application/octet-stream", []byte(content))
			require.NoError(t, err, "%s called %q", want, ext)
			require.Equal(t, want, got, "%s called %q", want, ext)
		}
	}
}

func TestDetect(t *testing.T) {
	utf16BOM := "\xff\xfe" + string(utf16le("plain text"))
	tests := []struct {
		name, mediaType, content string
		want                     Kind
		err                      error
	}{
		{"a.md", "", "# x", Markdown, nil},
		{"a.txt", "", "<!DOCTYPE html><p>x", HTML, nil},
		{"a.md", "", "\n <HTML><p>x", HTML, nil},
		{"a.md", "", "<p align=center>A readme</p>", Markdown, nil},
		{"page", "text/html; charset=utf-8", "<p>x", HTML, nil},
		{"page", "text/markdown", "x", Markdown, nil},
		{"page", "", "x", Text, nil},
		{"a.xhtml", "", `<?xml version="1.0"?><html xmlns="x"/>`, HTML, nil},
		{"a.txt", "", "%PDF-1.4", PDF, nil},
		{"a.bin", "", "\n%PDF-1.4", PDF, nil},
		{"a.zip", "", word(""), DOCX, nil},
		{"a.txt", "", utf16BOM, Text, nil},
		{"a.md", "", "\x89PNG\r\n\x1a\n", "", ingest.ErrUnsupported},
		{"a.txt", "", "text\x00with zeros", "", ingest.ErrUnsupported},
		{"a.pdf", "", "\x00\x01\x02\x03", "", ingest.ErrMalformed},
		{"a.docx", "", "PK\x03\x04cut", "", ingest.ErrMalformed},
		{"a.doc", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "", ingest.ErrMalformed},
		{"a.docx", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(utf16le("EncryptedPackage")), "", ingest.ErrEncrypted},
		{"a.md", "", " \n ", "", ingest.ErrNoText},
		{"a.xml", "", "<a>x</a>", XML, nil},
		{"a.xml", "", ` {"a": 1}`, JSON, nil},
		{"a.xml", "", "plain", Text, nil},
		{"a.xls", "", "<TABLE><tr><td>x</table>", HTML, nil},
		{"a.xls", "", "a\tb\n", Text, nil},
		{"feed", "", "\ufeff<?xml version='1.0'?><rss/>", XML, nil},
		{"a.rst", "", "x", RST, nil},
		{"a.conf", "", "x", Config, nil},
		{"a.eml", "", "Subject: x", Mail, nil},
		{"message", "", "Return-Path: <a@b.example>", Mail, nil},
		{"data", "", `{"a": 1}`, JSON, nil},
		{"data", "", "{not JSON}", Text, nil},
		{"a.txt", "", "\x00\x00\x00\x18ftypmp42 rest", Media, nil},
		{"a.mp4", "", "\x1aE\xdf\xa3 webm", Media, nil},
		{"a", "", "RIFF0000AVI LIST", Media, nil},
		{"a", "", "RIFF0000WAVEfmt ", "", ingest.ErrUnsupported},
		{"a", "", "\x00\x00\x01\xba mpeg", Media, nil},
		{"a.mp4", "", "\x00\x01\x02\x03", "", ingest.ErrMalformed},
	}
	for _, test := range tests {
		kind, err := Detect(test.name, test.mediaType, []byte(test.content))
		require.ErrorIs(t, err, test.err, "%s %q", test.name, test.content)
		require.Equal(t, test.want, kind, "%s %q", test.name, test.content)
	}
}

func TestLimits(t *testing.T) {
	e := New(&Options{MaxBytes: 1000, MaxText: 100})
	extract := func(content string) error {
		_, err := e.Extract(t.Context(), ingest.Item{Name: "a.txt"}, strings.NewReader(content))
		return err
	}
	require.NoError(t, extract("short"))
	require.ErrorIs(t, extract(strings.Repeat("word ", 1000)), ingest.ErrTooLarge)
	require.ErrorIs(t, extract(strings.Repeat("word ", 100)), ingest.ErrTooLarge)
}

func TestText(t *testing.T) {
	tests := map[string]struct{ name, content, want string }{
		"underlines":    {"a.txt", "Guide\n=====\nIntro\nmore.\n\nFirst\n-----\ntext\n\nSecond\n------\ntext", lines("Guide", "[ #]", "Intro", "more.", "[First #first]", "text", "[Second #second]", "text")},
		"numbers":       {"a.txt", "1. Scope\n\nAll of it.\n\n1.2 Details\n\nSome.\n\n1. one\n2. two", lines("A", "[1. Scope #1-scope]", "All of it.", "[1. Scope > 1.2 Details #12-details]", "Some.", "", "1. one", "2. two")},
		"capitals":      {"a.txt", "OPENING HOURS\n\nMonday to Friday.\n\nOK\n\nfine", lines("OPENING HOURS", "[ #]", "Monday to Friday.", "", "OK", "", "fine")},
		"windows":       {"caf.txt", "caf\xe9 \x80 5\r\nnext", lines("Caf", "[ #]", "café € 5", "next")},
		"wrapped items": {"a.txt", "* one\n  goes on\n* two", lines("A", "[ #]", "- one", "  goes on", "- two")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, test.name, test.content))) })
	}
}

func TestUTF16(t *testing.T) {
	for order, mark := range map[binary.AppendByteOrder]string{binary.LittleEndian: "\xff\xfe", binary.BigEndian: "\xfe\xff"} {
		content := []byte(mark)
		for _, u := range utf16.Encode([]rune("Grüße 😀")) {
			content = order.AppendUint16(content, u)
		}
		require.Equal(t, "Grüße 😀", read(t, "a.txt", string(content)).Sections[0].Text)
	}
}

func TestTitleOf(t *testing.T) {
	for name, want := range map[string]string{"refund-policy.md": "Refund policy", "a/b_c.PDF": "B c", "über uns.txt": "Über uns", ".md": "", "": ""} {
		require.Equal(t, want, titleOf(name))
	}
}

func ExampleExtractor_Extract() {
	const page = `# Refunds

You get your money back within **5 days**.

## How to ask

1. Open *Orders*.
2. Choose [Refund](/refund).

| Method | Days |
|--------|------|
| Card   | 5    |
| Bank   | 7    |
`
	doc, err := New(nil).Extract(context.Background(), ingest.Item{Name: "refunds.md"}, strings.NewReader(page))
	if err != nil {
		panic(err)
	}
	fmt.Println("Title:", doc.Title)
	for _, s := range doc.Sections {
		fmt.Printf("%q #%s\n", s.Path, s.Anchor)
		fmt.Println(s.Text)
	}
	// Output:
	// Title: Refunds
	// [] #
	// You get your money back within 5 days.
	// ["How to ask"] #how-to-ask
	// 1. Open Orders.
	// 2. Choose Refund.
	//
	// Method: Card; Days: 5
	// Method: Bank; Days: 7
}
