package drawing

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// open returns a package of the named parts.
func open(t testing.TB, parts ...string) *ooxml.Package {
	t.Helper()
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

const columnChart = `<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Visits</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea>
<c:ser><c:tx><c:strRef><c:f>S!A1</c:f><c:strCache><c:pt idx="0"><c:v>North</c:v></c:pt></c:strCache></c:strRef></c:tx>
<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>May</c:v></c:pt><c:pt idx="1"><c:v>June</c:v></c:pt></c:strCache></c:strRef></c:cat>
<c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode><c:pt idx="1"><c:v>0.5</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>
<c:ser><c:tx><c:v>South</c:v></c:tx><c:val><c:numLit><c:pt idx="0"><c:v>7</c:v></c:pt><c:pt idx="99999999"><c:v>8</c:v></c:pt></c:numLit></c:val></c:ser>
</c:plotArea></c:chart></c:chartSpace>`

func TestChart(t *testing.T) {
	chart, err := ReadChart(open(t, "c.xml", columnChart), "c.xml")
	require.NoError(t, err)
	require.Equal(t, []string{"Visits"}, chart.Titles)
	require.Equal(t, [][]string{{"", "North", "South"}, {"May", "", "7"}, {"June", "50%"}}, chart.Rows())
	require.Equal(t, "Visits\nNorth; South\nMay; ; 7\nJune; 50%", chart.Text())
	chart, err = ReadChart(open(t), "missing")
	require.NoError(t, err)
	require.Empty(t, chart.Text())
}

func TestTexts(t *testing.T) {
	p := open(t, "d/drawing.xml", `<wsDr><sp><txBody><a:p><a:pPr/><a:r><a:t>A </a:t></a:r><a:br/><a:fld><a:t>box</a:t></a:fld></a:p><a:p/></txBody></sp>
		<AlternateContent><Choice><graphicFrame><c:chart r:id="r1"/></graphicFrame></Choice><Fallback><sp><txBody><a:p><a:r><a:t>again</a:t></a:r></a:p></txBody></sp></Fallback></AlternateContent></wsDr>`,
		"d/_rels/drawing.xml.rels", `<Relationships><Relationship Id="r1" Type="x/chart" Target="../c.xml"/></Relationships>`, "c.xml", columnChart)
	texts, err := Texts(p, "d/drawing.xml")
	require.NoError(t, err)
	require.Len(t, texts, 2)
	require.Equal(t, "A \nbox", texts[0])
	texts, err = Texts(p, "")
	require.NoError(t, err)
	require.Empty(t, texts)
}

func TestDiagram(t *testing.T) {
	p := open(t, "d.xml", `<dataModel><pt><t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></t></pt><pt type="pres"><t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></t></pt></dataModel>`)
	texts, err := Diagram(p, "d.xml")
	require.NoError(t, err)
	require.Equal(t, []string{"Plan"}, texts)
}

// le returns integers of four bytes, and strings as they are.
func le(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = binary.LittleEndian.AppendUint32(b, uint32(p))
		case string:
			b = append(b, p...)
		}
	}
	return b
}

func emfRecord(kind int, data []byte) []byte {
	return append(le(kind, len(data)+8), data...)
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// enhanced returns an EMF with texts at lines, of which one has a font of symbols.
func enhanced() []byte {
	text := func(y int, s string) []byte {
		return emfRecord(emfTextW, le(0, 0, 0, 0, 1, 0, 0, 5, y, len(utf16.Encode([]rune(s))), 56, 0, utf16le(s)))
	}
	font := emfRecord(emfFont, le(3, 0, 0, 0, 0, 0, "\x00\x00\x00\x02", 0))
	small := emfRecord(emfSmallText, le(0, 30, 5, noBounds|smallChars, 1, 0, 0, "small"))
	return bytes.Join([][]byte{text(10, "Über"), text(10, "uns"), text(20, "next"), small,
		font, emfRecord(emfSelect, le(3)), text(40, "n"), emfRecord(emfTextW, le(1)), le(14, 0)}, nil)
}

// windows returns a WMF with a text of each kind.
func windows() []byte {
	record := func(kind int, data string) []byte {
		return append(le(3+len(data)/2), string(binary.LittleEndian.AppendUint16(nil, uint16(kind)))+data...)
	}
	return bytes.Join([][]byte{[]byte("\xd7\xcd\xc6\x9a" + string(make([]byte, 18))), make([]byte, 18),
		record(wmfFont, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02"),
		record(wmfText, "\x03\x00one\x00\x05\x00\x00\x00"),
		record(wmfSelect, "\x00\x00"), record(wmfText, "\x01\x00n\x00\x05\x00\x00\x00"), record(wmfDelete, "\x00\x00"),
		record(wmfFont, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), record(wmfSelect, "\x00\x00"),
		record(wmfExtText, "\x07\x00\x00\x00\x03\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00two\x00")}, nil)
}

func TestPicture(t *testing.T) {
	p := open(t, "a.emf", string(enhanced()), "b.wmf", string(windows()), "c.png", "png")
	for part, want := range map[string]string{"a.emf": "Über uns\nnext\nsmall", "b.wmf": "one\ntwo", "c.png": "", "missing.emf": ""} {
		text, err := Picture(p, part)
		require.NoError(t, err)
		require.Equal(t, want, text, part)
	}
}

func FuzzPicture(f *testing.F) {
	f.Add(enhanced())
	f.Add(windows())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func(*metafile, []byte){(*metafile).emf, (*metafile).wmf} {
			m := metafile{fonts: make(map[int]int), used: make(map[int]bool)}
			read(&m, data)
			require.LessOrEqual(t, m.text.Len(), 4*len(data))
		}
	})
}
