package extract

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

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
	const size = 1 << 20
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
	c := newChild(t, func(c *ChildConfig) { c.MaxMemory, c.Timeout = memoryFactor*200<<20, time.Hour })
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

// unhurried is an Extractor whose own bounds end the reading, not its time: a
// test must not depend on how busy a machine is.
func unhurried() *Extractor { return New(&Options{Timeout: time.Hour}) }

// maxWork is how many bytes a reader may allocate for content that is made to
// exhaust it: a measure of work that is the same on every machine. Text that is
// copied again and again as it grows takes many times as much.
const maxWork = 512 << 20

// requireLittleWork checks that f stays below maxWork. With the race detector
// sync.Pool forgets at random what it holds, and the figure says nothing.
func requireLittleWork(t *testing.T, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if memoryFactor > 1 {
		return
	}
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(maxWork), "bytes allocated")
}

// TestHostileText checks that text which is nothing but markup is refused or read
// with little work.
func TestHostileText(t *testing.T) {
	const n = 1 << 20
	part := "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	tests := map[string]struct {
		name, content string
		want          error // nil for read
	}{
		"lines":              {"a.md", strings.Repeat("* a\n", n), ingest.ErrTooLarge},
		"a list":             {"a.txt", strings.Repeat("* an item of a list\n", n/5), ingest.ErrTooLarge},
		"a list in a mail":   {"a.eml", "Subject: x\n\n" + strings.Repeat("* an item of a list\n", n/5), ingest.ErrTooLarge},
		"roles":              {"a.rst", strings.Repeat(":a:`b`", n/2), nil},
		"a growing cell":     {"a.rst", "+--+\n" + strings.Repeat("| a\n", n/10) + "+--+\n", nil},
		"a wide table":       {"a.rst", strings.Repeat(strings.Repeat("+-", 2_000)+"+\n"+strings.Repeat("| ", 2_000)+"|\n", 300), ingest.ErrTooLarge},
		"a growing setting":  {"a.conf", "a = b\n" + strings.Repeat(" c\n", n/10), nil},
		"open blocks":        {"a.conf", strings.Repeat("a {\n", n/20), nil},
		"elements":           {"a.xml", "<a>" + strings.Repeat("<b>x</b>", n/2) + "</a>", ingest.ErrTooLarge},
		"fields":             {"a.xml", "<a>" + strings.Repeat("<b>x</b>", 5_000) + "</a>", nil},
		"tags":               {"a.html", "<html>" + strings.Repeat("<p>", n), ingest.ErrTooLarge},
		"values":             {"a.json", "[" + strings.Repeat("1,", n) + "1]", ingest.ErrTooLarge},
		"cells":              {"a.csv", strings.Repeat("a,", 3*n), ingest.ErrTooLarge},
		"blank lines":        {"a.csv", strings.Repeat("\n", 8*n) + "a", nil},
		"braces":             {"a.mdx", strings.Repeat("{", n), ingest.ErrMalformed},
		"a long header":      {"a.eml", "Subject: x\nContent-Type: text/plain;" + strings.Repeat(" a=b;", n) + "\n\nx", ingest.ErrTooLarge},
		"parts within parts": {"a.eml", "Subject: x\n" + strings.Repeat(part, 150) + strings.Repeat("x\n", n), ingest.ErrTooLarge},
		"HTML in a mail":     {"a.eml", "Subject: x\nContent-Type: text/html\n\n" + strings.Repeat("<p>x</p>\n", n/3), ingest.ErrTooLarge},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var err error
			requireLittleWork(t, func() { _, err = extractName(t, unhurried(), test.name, test.content) })
			if test.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
		})
	}
}

// An hourglass is a context that is late once it was asked a number of times.
type hourglass struct {
	context.Context
	left int
}

// Err implements [context.Context].
func (h *hourglass) Err() error {
	if h.left--; h.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestTimely checks that the readers of text end soon after their time does.
func TestTimely(t *testing.T) {
	const blocks = 5_000
	cells := strings.Repeat("\x03\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0\x3f", blocks)
	for name, content := range map[string]string{
		"a.md":   strings.Repeat("a\n\n", blocks),
		"a.txt":  strings.Repeat("a\n\n", blocks),
		"a.rst":  strings.Repeat("a\n\n", blocks),
		"a.conf": strings.Repeat("a = b\n\n", blocks),
		"a.html": "<html>" + strings.Repeat("<p>a", blocks),
		"a.xml":  "<a>" + strings.Repeat("<p>a</p>", blocks) + "</a>",
		"a.csv":  strings.Repeat("a,b\n", blocks),
		"a.json": "[" + strings.Repeat("1,", blocks) + "1]",
		"a.eml":  "Subject: x\n\n" + strings.Repeat("a\n\n", blocks),
		"a.xls":  "\x09\x00\x04\x00\x00\x00\x10\x00" + cells,
	} {
		t.Run(name, func(t *testing.T) {
			late := &hourglass{t.Context(), 20}
			_, err := New(nil).extract(late, ingest.Item{Name: name}, strings.NewReader(content))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Greater(t, late.left, -20, "it goes on without any time left")
		})
	}
}
