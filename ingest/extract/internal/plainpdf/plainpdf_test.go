package plainpdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var limits = Limits{Pages: 100, Objects: 1000, Decoded: 1 << 20, Stream: 3 << 20, Ratio: 100, Output: 1 << 19}

// build returns a PDF without tables from the bodies of its objects, the first
// of which is the catalog.
func build(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString("trailer\n<</Root 1 0 R>>\n%%EOF\n")
	return b.Bytes()
}

func stm(entries, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", entries, len(data), data)
}

func deflate(data string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(data))
	_ = z.Close()
	return b.String()
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R>>"
	pages   = "<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F1 5 0 R>>>>>>"
	onePage = "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"
	font    = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
	hello   = "BT /F1 12 Tf (Hello) Tj ET"
)

func rewrite(t *testing.T, data []byte) string {
	t.Helper()
	out, err := rewriteAll(t.Context(), data, limits)
	require.NoError(t, err)
	return out
}

// rewriteAll returns the rewritten files as one.
func rewriteAll(ctx context.Context, data []byte, limits Limits) (string, error) {
	f, err := Open(data, limits)
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for part, err := range f.Rewrite(ctx) {
		if err != nil {
			return "", err
		}
		all.Write(part)
	}
	return all.String(), nil
}

func TestRewrite(t *testing.T) {
	tests := map[string]struct {
		data []byte
		want string
	}{
		"plain":            {build(catalog, pages, onePage, stm("", hello), font), "<48656c6c6f> Tj"},
		"deflated":         {build(catalog, pages, onePage, stm("/Filter/FlateDecode", deflate(hello)), font), "<48656c6c6f> Tj"},
		"hex":              {build(catalog, pages, onePage, stm("/Filter[/ASCIIHexDecode]", fmt.Sprintf("%x>", hello)), font), "<48656c6c6f> Tj"},
		"run length":       {build(catalog, pages, onePage, stm("/Filter/RL", string(rune(len(hello)-1))+hello+"\x80"), font), "<48656c6c6f> Tj"},
		"ascii85":          {build(catalog, pages, onePage, stm("/Filter/A85", `6<#'\7PQ#?1*BP.+=KclCi"#=+B3(u78s~>`), font), "<48656c6c6f> Tj"},
		"inherited fonts":  {build(catalog, pages, onePage, stm("", hello), font), "/BaseFont /Helvetica"},
		"several contents": {build(catalog, pages, "<</Type/Page/Contents[4 0 R 6 0 R]>>", stm("", hello), font, stm("", "BT (World) Tj ET")), "<576f726c64> Tj"},
		"wrong length":     {build(catalog, pages, onePage, "<</Length 3>>\nstream\n"+hello+"\nendstream", font), "<48656c6c6f> Tj"},
		"length elsewhere": {build(catalog, pages, onePage, "<</Length 6 0 R>>\nstream\n"+hello+"\nendstream", font, fmt.Sprint(len(hello))), "<48656c6c6f> Tj"},
		"no trailer":       {bytes.Replace(build(catalog, pages, onePage, stm("", hello), font), []byte("trailer"), nil, 1), "<48656c6c6f> Tj"},
		"no tree":          {build("<</Type/Catalog>>", "null", onePage, stm("", hello), font), "<48656c6c6f> Tj"},
		"object stream":    {build("<</Type/Catalog/Pages 7 0 R>>", stm("/Type/ObjStm/N 2/First 10/Filter/FlateDecode", deflate("7 0 8 30  <</Kids[8 0 R]/Type/Pages>>    <</Type/Page/Contents 3 0 R>>")), stm("", hello)), "<48656c6c6f> Tj"},
		"changed":          {append(build(catalog, pages, onePage, stm("", "(Old) Tj"), font), "4 0 obj\n"+stm("", hello)+"\nendobj"...), "<48656c6c6f> Tj"},
		"form":             {build(catalog, "<</Kids[3 0 R]>>", "<</Type/Page/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>", stm("", "/X Do"), stm("/Subtype/Form", hello)), "<48656c6c6f> Tj"},
		"inline image":     {build(catalog, pages, onePage, stm("", "BI /W 1 ID \x00(\xffEI\x01 EI "+hello), font), "<48656c6c6f> Tj"},
		"escapes": {build(catalog, pages, onePage, stm("", `BT (a\(b\)\061\
c\n) Tj ET`), font), "<6128622931630a> Tj"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, rewrite(t, test.data), test.want)
		})
	}
}

func TestRewriteKeepsOnlyText(t *testing.T) {
	out := rewrite(t, build(catalog, pages, onePage, stm("", "1 0 0 RG 0 0 10 10 re f /Im Do "+hello+" [[(x)] (y) /z] TJ"), font))
	require.NotContains(t, out, "RG")
	require.NotContains(t, out, "re\n")
	require.Contains(t, out, "[<79>", "an array of strings holds nothing else")
}

// TestHostile are files that end the process, or run for ever, in parsers that
// follow what a file says.
func TestHostile(t *testing.T) {
	tests := map[string]struct {
		data []byte
		want error // nil if the file can be read all the same
	}{
		"empty":                     {nil, ErrMalformed},
		"no objects":                {[]byte("%PDF-1.7\n"), ErrMalformed},
		"object stream in itself":   {build(stm("/Type/ObjStm/N 1/First 4", "1 0 <</Type/ObjStm>>")), ErrMalformed},
		"extends itself":            {build(stm("/Type/ObjStm/N 0/First 1/Extends 1 0 R", "x")), ErrMalformed},
		"length of itself":          {build("<</Length 1 0 R>>\nstream\nendstream"), ErrMalformed},
		"reference circle":          {build("2 0 R", "1 0 R"), ErrMalformed},
		"kids circle":               {build(catalog, "<</Kids[2 0 R 2 0 R]>>"), ErrMalformed},
		"kids circle of two":        {build(catalog, "<</Kids[3 0 R]>>", "<</Kids[2 0 R 4 0 R]>>", "<</Type/Page>>"), nil},
		"parent circle":             {build(catalog, pages, "<</Type/Page/Parent 3 0 R>>"), nil},
		"huge count":                {build(catalog, "<</Kids[3 0 R]/Count 2000000000>>", onePage), nil},
		"huge columns":              {build(catalog, pages, onePage, stm("/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2000000000000>>", deflate(hello))), nil},
		"huge number of objects":    {build(stm("/Type/ObjStm/N 2000000000/First 4", "1 0 <<>>")), ErrMalformed},
		"huge number":               {build(catalog, pages, onePage, stm("", strings.Repeat("9", 5000)+" Tc "+hello), font), nil},
		"form in itself":            {build(catalog, "<</Kids[3 0 R]>>", "<</Type/Page/Contents 4 0 R/Resources 5 0 R>>", stm("", "/X Do"), "<</XObject<</X 6 0 R>>>>", stm("/Subtype/Form/Resources 5 0 R", "/X Do")), nil},
		"deep arrays":               {build(catalog, pages, onePage, stm("", strings.Repeat("[", 1<<17)), font), nil},
		"deep objects":              {build(strings.Repeat("[", 1<<17)), ErrMalformed},
		"deep dictionaries":         {build(strings.Repeat("<</A", 1<<15)), ErrMalformed},
		"many unclosed strings":     {[]byte(strings.Repeat("1 0 obj(", 1<<14)), ErrMalformed},
		"many pages":                {build(catalog, "<</Kids["+strings.Repeat("<</Type/Page>>", 200)+"]>>"), ErrTooLarge},
		"many objects":              {build(strings.Split(strings.Repeat("1 ", 1500), " ")...), ErrTooLarge},
		"bomb":                      {build(catalog, pages, onePage, stm("/Filter/FlateDecode", deflate(strings.Repeat(" ", 4<<20)))), ErrTooLarge},
		"bomb in a bomb":            {build(catalog, pages, onePage, stm("/Filter[/FlateDecode/FlateDecode]", deflate(deflate(strings.Repeat(" ", 2<<20))))), ErrTooLarge},
		"overlapping objects":       {build(stm("/Type/ObjStm/N 2000/First 20000", strings.Repeat("7 0 ", 5000)+"("+strings.Repeat("x", 1<<16)+")")), ErrMalformed},
		"one content for all pages": {build(catalog, "<</Kids["+strings.Repeat("<</Type/Page/Contents 3 0 R>>", 90)+"]>>", stm("", strings.Repeat(hello+"\n", 2000))), ErrTooLarge},
		"password":                  {build(catalog, pages, onePage, "<</Filter/Standard/V 1/R 2/O(x)/U(y)/P -4>>\nendobj\ntrailer<</Encrypt 4 0 R>>"), ErrEncrypted},
		"unknown encryption":        {build(catalog, "<</Filter/Other>>\nendobj\ntrailer<</Encrypt 2 0 R>>"), ErrEncrypted},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := rewriteAll(t.Context(), test.data, limits)
			if test.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, test.want)
			}
		})
	}
}

func TestRewriteStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := rewriteAll(ctx, build(catalog, pages, onePage, stm("", hello), font), limits)
	require.ErrorIs(t, err, context.Canceled)
}

func TestRewriteIsStable(t *testing.T) {
	once := rewrite(t, build(catalog, pages, onePage, stm("", hello), font))
	twice := rewrite(t, []byte(once))
	require.Equal(t, strings.Count(once, " Tj"), strings.Count(twice, " Tj"), "what was rewritten can be read again")
}

func TestFilters(t *testing.T) {
	lzw := []byte{0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01} // ISO 32000-1, 7.4.4.2
	require.Equal(t, []byte{45, 45, 45, 45, 45, 65, 45, 45, 45, 66}, unlzw(lzw, 1, 100))
	rows := []byte{2, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1, 4, 1, 1, 1, 3, 2, 2, 2}
	require.Equal(t, []byte{1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 7, 8, 5, 8, 10}, unpng(rows, 1, 3))
	require.Equal(t, []byte("abccc"), runLength([]byte("\x01ab\xfec\x80zz"), 100))
}

func FuzzRewrite(f *testing.F) {
	f.Add(build(catalog, pages, onePage, stm("", hello), font))
	f.Add(build(catalog, pages, onePage, stm("/Filter/FlateDecode", deflate(hello)), font))
	f.Add(build("<</Type/Catalog/Pages 7 0 R>>", stm("/Type/ObjStm/N 2/First 10", "7 0 8 30  <</Kids[8 0 R]/Type/Pages>>    <</Type/Page/Contents 3 0 R>>"), stm("", hello)))
	f.Add([]byte("%PDF-1.7\n1 0 obj<</Type/Page/Contents 2 0 R>>endobj 2 0 obj<</Filter[/LZW/A85/RL/Fl]/DecodeParms[<</Predictor 15/Columns 4>>]>>stream\n\x80\nendstream"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := rewriteAll(t.Context(), data, Limits{Pages: 20, Objects: 500, Decoded: 1 << 20, Stream: 1 << 19, Ratio: 200, Output: 1 << 20})
		if err == nil {
			require.LessOrEqual(t, len(out), 2<<20)
		}
	})
}

func TestNestingIsBounded(t *testing.T) {
	for _, open := range []string{"[", "<</A"} {
		p := &parser{data: []byte(strings.Repeat(open, maxDepth+1)), cost: maxCost}
		_, err := p.value(0)
		require.ErrorIs(t, err, errSyntax)
		p = &parser{data: []byte(strings.Repeat(open, maxDepth)), cost: maxCost}
		_, err = p.value(0)
		require.ErrorIs(t, err, errEnd, "it is the end that is missing, not the room")
	}
}

func TestInfo(t *testing.T) {
	f, err := Open(build("<</Type/Catalog/Pages 2 0 R/Lang(de-CH)/Metadata 4 0 R>>", pages, onePage, stm("", "<x/>"), "<</Title(\x84Gr\xfc\xdfe\x92)/CreationDate(D:20260131)>>\nendobj\ntrailer<</Info 5 0 R>>"), limits)
	require.NoError(t, err)
	require.Equal(t, Info{Title: "—Grüße™", Language: "de-CH", Modified: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), Metadata: []byte("<x/>")}, f.Info())
	for s, want := range map[string]string{"\xfe\xff\x00A\x20\xac": "A€", "\xef\xbb\xbfü": "ü", "plain": "plain", "ü": "ü", "caf\xe9": "café"} {
		require.Equal(t, want, decodeText(s))
	}
	require.True(t, parseDate("D:20260131120000+01'00'").Equal(time.Date(2026, 1, 31, 11, 0, 0, 0, time.UTC)))
	require.True(t, parseDate("last week").IsZero())
}

func TestOutline(t *testing.T) {
	f, err := Open(build("<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>", pages, onePage, stm("", hello), font,
		"<</First 7 0 R>>", "<</Title(One)/Dest[3 0 R/Fit]/First 8 0 R/Next 9 0 R>>", "<</Title(Deep)/A<</D[3 0 R]>>/First 7 0 R>>", "<</Title(Two)/Dest(x)/Next 7 0 R>>"), limits)
	require.NoError(t, err)
	require.Equal(t, []Bookmark{{1, "One", 1}, {2, "Deep", 1}, {1, "Two", 0}}, f.Outline())
}

// TestManyPages checks that a long document comes in parts, in each of which
// a font known from before has only its number.
func TestManyPages(t *testing.T) {
	objects := []string{catalog, "<</Kids[" + strings.Repeat("3 0 R<</Type/Page/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>", 20) + "]>>", onePage, stm("", strings.Repeat(hello+"\n", 5000)), font}
	wide := limits
	wide.Decoded, wide.Output = 8<<20, 8<<20
	f, err := Open(build(objects...), wide)
	require.NoError(t, err)
	n, kids, fonts := 0, 0, 0
	for part, err := range f.Rewrite(t.Context()) {
		require.NoError(t, err)
		n++
		kids += strings.Count(string(part), "/Type /Page ")
		fonts += strings.Count(string(part), "/BaseFont /Helvetica")
	}
	require.Equal(t, 21, kids)
	require.Greater(t, n, 1)
	require.Equal(t, 1, fonts)
}
