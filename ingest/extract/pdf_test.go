package extract

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// printedWith returns a PDF of one page whose font is the given dictionary, and
// with further objects from number 6 on.
func printedWith(font, content string, objects ...string) string {
	s := strings.Replace(printed(content), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", font, 1)
	for i, o := range objects {
		s += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", i+6, o)
	}
	return s
}

func pdfStream(entries, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", entries, len(data), data)
}

func TestPDF(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"words by gaps":      {"BT /F 10 Tf 0 700 Td [(Hel) 10 (lo) -300 (you)] TJ ET BT /F 10 Tf 60 700 Td (there) Tj ET", lines("A", "[ #page=1]", "Hello you there")},
		"lines join":         {"BT /F 10 Tf 12 TL 72 700 Td (One line and) Tj T* (the next one di-) Tj T* (vided) Tj ET", lines("A", "[ #page=1]", "One line and the next one divided")},
		"paragraphs":         {"BT /F 10 Tf 12 TL 72 700 Td (One) Tj T* (two) Tj 0 -30 Td (Three) Tj ET", lines("A", "[ #page=1]", "One two", "", "Three")},
		"headings":           {"BT /F 20 Tf 72 700 Td (Chapter) Tj /F 10 Tf 0 -30 Td (" + strings.Repeat("Long body text. ", 5) + ") Tj ET", lines("Chapter", "[ #page=1]", strings.TrimSpace(strings.Repeat("Long body text. ", 5)))},
		"hyphen kept":        {"BT /F 10 Tf 12 TL 72 700 Td (self-) Tj T* (Service) Tj ET", lines("A", "[ #page=1]", "self- Service")},
		"windows characters": {"BT /F 10 Tf 72 700 Td (\x93caf\xe9\x94 \x80 5) Tj ET", lines("A", "[ #page=1]", "“café” € 5")},
		"moved by cm":        {"q 1 0 0 1 0 500 cm BT /F 10 Tf (Up) Tj ET Q BT /F 10 Tf (Down) Tj ET", lines("A", "[ #page=1]", "Up", "", "Down")},
		"quote operators":    {"BT /F 10 Tf 12 TL 0 700 Td (a) Tj (b) ' 1 2 (c) \" ET", lines("A", "[ #page=1]", "a b c")},
		"turned":             {"BT /F 10 Tf 0 1 -1 0 300 300 Tm (Up the side) Tj ET", lines("A", "[ #page=1]", "Up the side")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.pdf", printed(test.content)))) })
	}
}

func TestPDFFonts(t *testing.T) {
	const cmap = "1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <01> <0041> <02> <00660069> endbfchar 1 beginbfrange <10> <12> <0061> endbfrange 1 beginbfrange <20> <21> [<0078> <0079>] endbfrange"
	tests := map[string]struct {
		font, show, want string
		objects          []string
	}{
		"standard":     {"<</Subtype/Type1>>", "<27aeae60>", "’fifi‘", nil},
		"mac":          {"<</Subtype/Type1/Encoding/MacRomanEncoding>>", "<8ed2f2>", "é“Ú", nil},
		"differences":  {"<</Subtype/Type1/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/A/eacute/uni20AC/u1F600/f_i/fl 65/B]>>>>", "<010203040506414243>", "Aé€😀fiflBBC", nil},
		"symbols":      {"<</Subtype/Type1/BaseFont/Symbol>>", "<6162b33132b7>", "αβ≥12•", nil},
		"to unicode":   {"<</Subtype/Type1/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>", "<0102101112202141>", "AfiabcxyA", []string{pdfStream("", cmap)}},
		"composite":    {"<</Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>", "<00010002>", "Hi", []string{pdfStream("", "beginbfchar <0001> <0048> <0002> <0069> endbfchar"), "<</Subtype/CIDFontType2/DW 500/W[1[600 300] 3 9 250]>>"}},
		"unicode CJK":  {"<</Subtype/Type0/Encoding/UniJIS-UCS2-H/DescendantFonts[<<>>]>>", "<65e5672c>", "日本", nil},
		"huge ranges":  {"<</Subtype/Type1/ToUnicode 6 0 R>>", "<41>", "A", []string{pdfStream("", "beginbfrange <00000000> <ffffffff> <0000> endbfrange 2000000000 beginbfrange endbfrange")}},
		"nonsense map": {"<</Subtype/Type1/ToUnicode 6 0 R>>", "<41>", "A", []string{pdfStream("", "beginbfchar << ] [[[ <41> endbfchar end end pop def")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := read(t, "a.pdf", printedWith(test.font, "BT /F 10 Tf "+test.show+" Tj ET", test.objects...))
			require.Equal(t, test.want, doc.Sections[0].Text)
		})
	}
}

func TestPDFForms(t *testing.T) {
	form := pdfStream("/Subtype/Form/Matrix[1 0 0 1 0 100]/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>", "BT /F 10 Tf (Inside) Tj ET /X Do")
	data := strings.Replace(printedWith("<</Subtype/Type1>>", "/X Do BT /F 10 Tf (Below) Tj ET", form), "/Resources<<", "/Resources<</XObject<</X 6 0 R>>", 1)
	require.Equal(t, lines("A", "[ #page=1]", "Inside", "", "Below"), show(read(t, "a.pdf", data)))
}

func TestPDFPagesAndTitle(t *testing.T) {
	data := strings.Replace(printed("BT /F 10 Tf (Page) Tj ET"), "/Kids[3 0 R]", "/Kids[3 0 R 6 0 R]", 1)
	data = strings.Replace(data, "trailer<<", "trailer<</Info<</Title(Terms of Service)>>", 1)
	data += "6 0 obj<</Type/Page/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj"
	require.Equal(t, lines("Terms of Service", "[ #page=1]", "Page", "[ #page=2]", "Page"), show(read(t, "a.pdf", data)))
	for _, title := range []string{"Microsoft Word - terms.doc", "untitled", "x", "scan0001.pdf", "  "} {
		require.Empty(t, infoTitle(title))
	}
}

func TestPDFFaults(t *testing.T) {
	extract := func(ctx context.Context, content string) error {
		_, err := New(&Options{MaxPages: 1}).Extract(ctx, ingest.Item{Name: "a.pdf"}, strings.NewReader(content))
		return err
	}
	scanned := printed("q 100 0 0 100 0 0 cm /Im Do Q")
	require.ErrorIs(t, extract(t.Context(), scanned), ingest.ErrNoText)
	require.ErrorContains(t, extract(t.Context(), scanned), "its pages are pictures")
	require.ErrorContains(t, extract(t.Context(), printedWith("<</Subtype/Type0/Encoding/Identity-H>>", "BT /F 10 Tf <0001> Tj ET")), "its fonts do not tell")
	require.ErrorContains(t, extract(t.Context(), "%PDF-1.4\n1 0 obj<<>>endobj"), "the end of the file is missing")
	require.ErrorIs(t, extract(t.Context(), scanned+"trailer<</Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(y)/P -4>>>>"), ingest.ErrEncrypted)
	require.ErrorIs(t, extract(t.Context(), "%PDF-1.4\nnothing"), ingest.ErrMalformed)
	require.ErrorIs(t, extract(t.Context(), strings.Replace(scanned, "/Kids[3 0 R]", "/Kids[3 0 R<</Type/Page>>]", 1)), ingest.ErrTooLarge)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, extract(ctx, scanned), context.Canceled)
}

// TestPDFFormsWithoutEnd shows forms that would be shown 12 to the power of 12
// times.
func TestPDFFormsWithoutEnd(t *testing.T) {
	var objects []string
	for i := range 12 {
		do := strings.Repeat("/X Do ", 12) + "BT /F 10 Tf (x) Tj ET"
		objects = append(objects, pdfStream(fmt.Sprintf("/Subtype/Form/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>", i+7), do))
	}
	data := strings.Replace(printedWith("<</Subtype/Type1>>", "/X Do", objects...), "/Resources<<", "/Resources<</XObject<</X 6 0 R>>", 1)
	_, err := New(&Options{MaxText: 50_000}).Extract(t.Context(), ingest.Item{Name: "a.pdf"}, strings.NewReader(data))
	require.ErrorIs(t, err, ingest.ErrTooLarge)
}

func TestPDFRows(t *testing.T) {
	var content strings.Builder
	content.WriteString("BT /F 10 Tf ")
	for i, row := range [][]string{{"Plan", "Days"}, {"Card", "5"}, {"Bank", "7"}} {
		for j, cell := range row {
			fmt.Fprintf(&content, "1 0 0 1 %d %d Tm (%s) Tj ", 50+j*200, 700-i*12, cell)
		}
	}
	content.WriteString("1 0 0 1 50 600 Tm (1.) Tj 1 0 0 1 80 600 Tm (An item) Tj ET")
	require.Equal(t, lines("A", "[ #page=1]", "Plan; Days", "Card; 5", "Bank; 7", "", "1. An item"), show(read(t, "a.pdf", printed(content.String()))))
}

func TestPDFInfo(t *testing.T) {
	xmp := "<x:xmpmeta><rdf:RDF><rdf:Description xmp:ModifyDate='2026-01-31T12:00:00+01:00'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Terms of Service</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>de</rdf:li></rdf:Bag></dc:language></rdf:Description></rdf:RDF></x:xmpmeta>"
	want := time.Date(2026, 1, 31, 11, 0, 0, 0, time.UTC)
	plain := printed("BT /F 10 Tf (Text) Tj ET")
	tests := map[string]string{
		"info": strings.Replace(strings.Replace(plain, "<</Root", "<</Info<</Title<FEFF005400650072006D00730020006F006600200053006500720076006900630065>/ModDate(D:20260131120000+01'00')>>/Root", 1), "/Pages", "/Lang(de)/Pages", 1),
		"XMP":  strings.Replace(plain, "/Pages", "/Metadata 9 0 R/Pages", 1) + "9 0 obj" + pdfStream("", xmp) + "endobj",
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			doc := read(t, "a.pdf", content)
			require.Equal(t, "Terms of Service", doc.Title)
			require.Equal(t, "de", doc.Language)
			require.True(t, want.Equal(doc.Updated), "%s", doc.Updated)
		})
	}
}

// TestPDFBookmarks knows headings of the body's size by the bookmarks.
func TestPDFBookmarks(t *testing.T) {
	content := printed("BT /F 10 Tf 72 700 Td (1 Refunds) Tj 0 -40 Td (Within 5 days.) Tj 0 -40 Td (How to ask) Tj 0 -40 Td (By mail.) Tj ET")
	content = strings.Replace(content, "/Pages", "/Outlines 7 0 R/Pages", 1) +
		"7 0 obj<</First 8 0 R>>endobj 8 0 obj<</Title(Refunds)/Dest[3 0 R/Fit]/First 9 0 R/Next 8 0 R>>endobj 9 0 obj<</Title(How to ask)/Dest(named)>>endobj"
	require.Equal(t, lines("1 Refunds", "[ #page=1]", "Within 5 days.", "[How to ask #page=1]", "By mail."), show(read(t, "a.pdf", content)))
}

// FuzzPDF varies what the text layer reads. The file around it is the business
// of package plainpdf.
func FuzzPDF(f *testing.F) {
	f.Add("<</Subtype/Type1>>", "BT /F 10 Tf 12 TL 72 700 Td [(Hel) -300 (lo)] TJ T* (x) ' ET q 1 0 0 1 0 0 cm Q", "")
	f.Add("<</Subtype/Type0/ToUnicode 6 0 R/DescendantFonts[<</W[1[2]3 4 5]>>]>>", "BT /F 10 Tf <0001> Tj ET", "beginbfrange <00> <05> [<41>] endbfrange")
	f.Add("<</Subtype/Type1/Encoding<</Differences[1/A/uni20AC]>>/FirstChar 1/Widths[500 600]>>", "BT /F 10 Tf 50 Tz 3 Ts (\x01\x02) Tj ET", "")
	f.Add("<</Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/Widths[9]>>", "/X Do BT 0 1 1 0 5 5 Tm /F 1e9 Tf (a) \" ET", "beginbfchar <01> <0041> endbfchar")
	e := New(&Options{MaxText: 1 << 20})
	f.Fuzz(func(t *testing.T, font, content, cmap string) {
		data := printedWith(font, content, pdfStream("/Subtype/Form", cmap))
		_, err := e.Extract(t.Context(), ingest.Item{Name: "a.pdf"}, strings.NewReader(data))
		if err != nil {
			require.NotContains(t, err.Error(), "panicked")
		}
	})
}
