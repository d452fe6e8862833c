package extract

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// deflated returns unit as often as makes size bytes, compressed.
func deflated(unit string, size int) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	chunk := []byte(strings.Repeat(unit, max(1, 1<<16/len(unit))))
	for n := 0; n < size; n += len(chunk) {
		_, _ = z.Write(chunk)
	}
	_ = z.Close()
	return b.String()
}

// hostilePDF returns files that make parsers run for ever or take all memory.
func hostilePDF() map[string]string {
	page := func(content string, objects ...string) string {
		s := "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Kids[3 0 R]>>endobj\n" +
			"3 0 obj<</Type/Page/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n4 0 obj" + content + "\nendobj\n"
		for i, o := range objects {
			s += fmt.Sprintf("%d 0 obj%s\nendobj\n", i+5, o)
		}
		return s + "trailer<</Root 1 0 R>>\n"
	}
	flate := func(entries, unit string, size int) string {
		return pdfStream("/Filter/FlateDecode"+entries, deflated(unit, size))
	}
	const size = 2 << 20
	hello := pdfStream("", "BT /F 12 Tf (Hello) Tj ET")
	var forms []string
	for i := range 12 {
		forms = append(forms, pdfStream(fmt.Sprintf("/Subtype/Form/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>", i+7), strings.Repeat("/X Do ", 50)+"BT /F 9 Tf (x) Tj ET"))
	}
	return map[string]string{
		"bomb of operators":      page(flate("", "BT /F 12 Tf (xyz) Tj ET\n", 40<<20)),
		"bomb of brackets":       page(flate("", "[", 40<<20)),
		"bomb of operands":       page(flate("", "1 ", 40<<20)),
		"bomb in an object":      page(hello, flate("/Type/ObjStm/N 1/First 4", "1 ", 40<<20)),
		"bomb in a map":          page(hello, "<</Subtype/Type1/ToUnicode 6 0 R>>", flate("", "<00> <41> ", 40<<20)),
		"forms without end":      page(pdfStream("", strings.Repeat("/X Do ", 50)), append([]string{"<</Subtype/Type1>>"}, forms...)...),
		"array":                  "%PDF-1.7\n1 0 obj[" + strings.Repeat("1 ", size) + "]endobj",
		"arrays":                 "%PDF-1.7\n1 0 obj[" + strings.Repeat("[]", size) + "]endobj",
		"dictionaries":           "%PDF-1.7\n1 0 obj[" + strings.Repeat("<</A 1>>", size/4) + "]endobj",
		"open arrays":            "%PDF-1.7\n" + strings.Repeat("[", 2*size),
		"open objects":           "%PDF-1.7\n" + strings.Repeat("1 0 obj<<", size/4),
		"open streams":           "%PDF-1.7\n" + strings.Repeat("1 0 obj<<>>stream\n", size/8),
		"streams without an end": "%PDF-1.7\n" + strings.Repeat("1 0 obj<<>>stream endobj\n", size/12),
		"trailers":               "%PDF-1.7\n" + strings.Repeat("trailer", size/4),
		"open trailers":          "%PDF-1.7\n" + strings.Repeat("trailer<<", size/4),
		"pages":                  "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[" + strings.Repeat("<</Type/Page>>", size/8) + "]>>endobj",
	}
}

// TestHostilePDF checks that hostile files are refused by the reader itself,
// before the process that reads them has used the memory or the time it has.
func TestHostilePDF(t *testing.T) {
	if testing.Short() {
		t.Skip("large files take seconds")
	}
	c := newChild(t, func(c *ChildConfig) { c.MaxMemory = 200 << 20 })
	for name, content := range hostilePDF() {
		t.Run(name, func(t *testing.T) {
			_, err := extractName(t, c, "a.pdf", content)
			require.Error(t, err)
			require.True(t, isOne(err, ingest.ErrTooLarge, ingest.ErrMalformed, ingest.ErrNoText), "%v", err)
			require.NotContains(t, err.Error(), "reading it takes")
			require.NotContains(t, err.Error(), "ended")
		})
	}
}

// TestLargeRanges reads text in fonts that claim to map more codes than there
// are.
func TestLargeRanges(t *testing.T) {
	ranges := strings.Repeat("1 beginbfrange <00000000> <ffffffff> <0041> endbfrange ", 2_000)
	file := printedWith("<</Subtype/Type1/ToUnicode 6 0 R>>", "BT /F 10 Tf (a) Tj ET", pdfStream("", ranges))
	require.NotEmpty(t, read(t, "a.pdf", file).Sections)
	widths := "<</Subtype/Type0/Encoding/UniJIS-UCS2-H/DescendantFonts[<</W[" + strings.Repeat("0 65535 500 ", 4_000) + "]>>]>>"
	require.NotEmpty(t, read(t, "a.pdf", printedWith(widths, "BT /F 10 Tf <65e5672c> Tj ET")).Sections)
}

func isOne(err error, targets ...error) bool {
	for _, target := range targets {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
