package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

var generous = Limits{Entries: 20, Inflated: 8 << 20, Ratio: 100, Depth: 20}

// archive returns a package of the named parts.
func archive(t *testing.T, parts ...string) []byte {
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
	return b.Bytes()
}

func open(t *testing.T, parts ...string) *Package {
	t.Helper()
	p, err := Open(archive(t, parts...), generous)
	require.NoError(t, err)
	return p
}

func TestRelations(t *testing.T) {
	p := open(t,
		"_rels/.rels", `<Relationships><Relationship Id="1" Type="http://x/strict/officeDocument" Target="/Word/Doc.xml"/></Relationships>`,
		"word/doc.xml", "<w:document/>",
		"word/_rels/doc.xml.rels", `<Relationships><Relationship Id="a" Type="x/image" Target="../media/b.png"/><Relationship Id="l" Type="x/hyperlink" Target="http://h/" TargetMode="External"/>
			<Relationship Id="z" Type="x/image" Target="media\a.png#x"/><Relationship Id="o" Type="x/image" Target="../../../../out.png"/></Relationships>`)
	main, err := p.Main("other")
	require.NoError(t, err)
	require.Equal(t, "Word/Doc.xml", main, "names are the same in either case")
	require.Equal(t, "document", p.Root(main))
	relations, err := p.Relations(main)
	require.NoError(t, err)
	require.Equal(t, Relation{Kind: "image", Target: "media/b.png"}, relations["a"])
	require.Equal(t, Relation{Kind: "hyperlink", Target: "http://h/", External: true}, relations["l"])
	require.Equal(t, "out.png", relations["o"].Target, "no path leads out of the package")
	require.Equal(t, "Word/media/a.png", Target(relations, "image"))
	require.Empty(t, Target(relations, "hyperlink"))
	main, err = open(t, "a", "b").Main("other")
	require.NoError(t, err)
	require.Equal(t, "other", main)
}

func TestLimits(t *testing.T) {
	big := strings.Repeat(" ", 3<<20)
	tests := map[string]struct {
		limits Limits
		parts  []string
	}{
		"entries":  {Limits{Entries: 1}, []string{"a", "", "b", ""}},
		"inflated": {Limits{Entries: 9, Inflated: 2 << 20, Ratio: 1e6}, []string{"a", big}},
		"ratio":    {Limits{Entries: 9, Inflated: 1 << 30, Ratio: 10}, []string{"a", big}},
		"depth":    {Limits{Entries: 9, Inflated: 1 << 30, Ratio: 10, Depth: 5}, []string{"a", strings.Repeat("<x>", 6)}},
		"a text":   {Limits{Entries: 9, Inflated: 1 << 30, Ratio: 1e6, Depth: 5}, []string{"a", "<x>" + big + big + "</x>"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Open(archive(t, test.parts...), test.limits)
			if err == nil {
				err = p.Walk("a", func(xml.StartElement, *Decoder) error { return nil })
			}
			require.ErrorIs(t, err, ErrTooLarge)
		})
	}
	_, err := Open([]byte(strings.Repeat("PK\x01\x02", 100)), generous)
	require.ErrorIs(t, err, ErrTooLarge, "the directory is counted before it is read")
	_, err = Open([]byte("PK\x03\x04 cut off"), generous)
	require.ErrorIs(t, err, ErrFormat)
}

// All parts that are read count together.
func TestInflatedTogether(t *testing.T) {
	half := strings.Repeat("<a/>", 150_000)
	p, err := Open(archive(t, "a", half, "b", half), Limits{Entries: 9, Inflated: 1 << 20, Ratio: 1000, Depth: 9})
	require.NoError(t, err)
	_, err = p.Size("a")
	require.NoError(t, err)
	_, err = p.Size("b")
	require.ErrorIs(t, err, ErrTooLarge)
}

func TestRead(t *testing.T) {
	p := open(t, "a", "text", "A", "second")
	data, err := p.Read("A", 10)
	require.NoError(t, err)
	require.Equal(t, "text", string(data), "of one name the first counts")
	data, err = p.Read("a", 3)
	require.NoError(t, err)
	require.Empty(t, data, "too large counts as missing")
	n, err := p.Total("a")
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestDecoder(t *testing.T) {
	units := utf16.Encode([]rune("\ufeff<?xml version='1.0' encoding='UTF-16'?><a>ä</a>"))
	var wide strings.Builder
	for _, u := range units {
		wide.WriteByte(byte(u))
		wide.WriteByte(byte(u >> 8))
	}
	tests := map[string]struct{ data, want string }{
		"plain":        {"<a>x<b>y</b>z</a>", "xyz"},
		"entities":     {"<a>&lt;&#228;</a>", "<ä"},
		"UTF-8 mark":   {"\ufeff<a>ä</a>", "ä"},
		"UTF-16":       {wide.String(), "ä"},
		"Latin 1":      {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>", "ä"},
		"no expansion": {`<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>`, "&c;"},
		"cut off":      {"<a>x<b>y", "xy"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := open(t).Decode(strings.NewReader(test.data))
			_, err := d.Token()
			require.NoError(t, err)
			text, _ := d.Text() // what is there before a fault
			require.Equal(t, test.want, strings.TrimSpace(text))
		})
	}
}

func TestChildren(t *testing.T) {
	d := open(t).Decode(strings.NewReader("<a><b><c/></b><d>x</d></a><e/>"))
	_, err := d.Token()
	require.NoError(t, err)
	var names []string
	require.NoError(t, d.Children(func(e xml.StartElement) error {
		names = append(names, e.Name.Local)
		return nil
	}))
	require.Equal(t, []string{"b", "d"}, names)
}

func TestCore(t *testing.T) {
	p := open(t, "_rels/.rels", `<Relationships><Relationship Id="1" Type="x/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"docProps/core.xml", `<cp:coreProperties><dc:title> Guide </dc:title><dc:language>de</dc:language><dcterms:modified>2024-05-01T10:00:00Z</dcterms:modified></cp:coreProperties>`)
	core, err := p.Core()
	require.NoError(t, err)
	require.Equal(t, Core{Title: "Guide", Language: "de", Modified: "2024-05-01T10:00:00Z"}, core)
}
