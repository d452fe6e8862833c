package ooxml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// enough is the markup that the tests may have.
const enough = 100_000

// scan writes the tokens of XML one a line, and returns the error that ends them.
func scan(r io.Reader) (string, error) {
	markup := enough
	s := &scanner{r: r, markup: &markup}
	var b strings.Builder
	for {
		t, err := s.token()
		if err != nil {
			return b.String(), err
		}
		write(&b, t)
	}
}

// write adds a token without prefixes and without declarations of namespaces.
// Texts that stand beside one another become one.
func write(b *strings.Builder, t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		fmt.Fprintf(b, "\n<%s", t.Name.Local)
		for _, a := range t.Attr {
			if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
				fmt.Fprintf(b, " %s=%q", a.Name.Local, a.Value)
			}
		}
		b.WriteString(">\n")
	case xml.EndElement:
		fmt.Fprintf(b, "\n</%s>\n", t.Name.Local)
	case xml.CharData:
		b.Write(t)
	}
}

func TestScan(t *testing.T) {
	tests := map[string]struct{ data, want string }{
		"elements":         {"<a>x<b/>y</a>", "\n<a>\nx\n<b>\n\n</b>\ny\n</a>\n"},
		"prefixes":         {`<w:a xmlns:w="u" w:b="1" b="2"/>`, "\n<a b=\"1\" b=\"2\">\n\n</a>\n"},
		"attributes":       {"<a b='\"' c = \"1>2\" d=3 e f=\"&lt;&#x41;\r\n\">", "\n<a b=\"\\\"\" c=\"1>2\" d=\"3\" e=\"e\" f=\"<A\\n\">\n"},
		"references":       {"&lt;&gt;&amp;&quot;&apos;&#228;&#xe4;&nbsp;&x&#xd800;&#99999999;&;", "<>&\"'ää&nbsp;&x&#xd800;&#99999999;&;"},
		"a section":        {"<![CDATA[<a>&lt;]]&gt;]]>x", "<a>&lt;]]&gt;x"},
		"what is no text":  {"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"<c>\">]><!-- <d> --><?p <e> ?>x", "x"},
		"line ends":        {"a\r\nb\rc", "a\nb\nc"},
		"no UTF-8":         {"a\xffb<a b='\xff'/>", "a\ufffdb\n<a b=\"\ufffd\">\n\n</a>\n"},
		"left open":        {"<a><b><c>x</a>y", "\n<a>\n\n<b>\n\n<c>\nx\n</c>\n\n</b>\n\n</a>\ny"},
		"spaces in tags":   {"<a ></a\n>", "\n<a>\n\n</a>\n"},
		"another encoding": {"<?xml version=\"1.0\" encoding='windows-1252'?>\x80", "€"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, _ := scan(strings.NewReader(test.data))
			require.Equal(t, test.want, got)
			got, _ = scan(iotest.OneByteReader(strings.NewReader(test.data)))
			require.Equal(t, test.want, got, "byte by byte")
		})
	}
}

func TestScanFaults(t *testing.T) {
	broken := errors.New("broken")
	_, err := scan(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("<a>"))))
	require.ErrorIs(t, err, iotest.ErrTimeout)
	for _, data := range []string{"<a>", "<a", "<!--", "<![CDATA[x", "<!DOCTYPE a [", "</a>", "<>", "< a>", "<<a>", "<a b='>", "<"} {
		_, err := scan(strings.NewReader(data))
		require.True(t, Damaged(err), "%s: %v", data, err)
		_, err = scan(io.MultiReader(strings.NewReader(data), iotest.ErrReader(broken)))
		require.True(t, errors.Is(err, broken) || Damaged(err), "%s: %v", data, err)
	}
}

func TestScanLimits(t *testing.T) {
	large := strings.Repeat("x", maxToken+window)
	for name, data := range map[string]string{
		"a text":      large,
		"a tag":       "<a b='" + large + "'>",
		"a comment":   "<!--" + large + "-->",
		"a name":      "<" + large,
		"a DOCTYPE":   "<!DOCTYPE " + large + ">",
		"elements":    "<a>" + strings.Repeat("<b/>", enough),
		"attributes":  "<a>" + strings.Repeat("<b c=''/>", enough/2),
		"references":  strings.Repeat("&lt;", enough+1),
		"in a value":  "<a>" + strings.Repeat("<b c='&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;'/>", enough/10+1),
		"declaration": strings.Repeat("<?p?>", enough+1),
	} {
		markup := enough
		s := &scanner{r: strings.NewReader(data), markup: &markup}
		var err error
		for err == nil {
			_, err = s.token()
		}
		require.ErrorIs(t, err, ErrTooLarge, name)
	}
}

// FuzzScan checks that what the strict decoder of the standard library accepts is
// read as that one reads it, and that anything else ends.
func FuzzScan(f *testing.F) {
	f.Add(`<a b="1" c='&lt;'>x &amp; y<![CDATA[ <z> ]]></a>`)
	f.Add("<?xml version=\"1.0\"?><w:p xmlns:w='u'><w:t xml:space=\"preserve\"> \r\n</w:t><!-- c --></w:p>")
	f.Add("<a><b></a>&#x110000;<![CDATA[")
	f.Fuzz(func(t *testing.T, data string) {
		got, err := scan(strings.NewReader(data))
		require.Error(t, err, "it ends")
		if strings.Contains(data, "<!") && !strings.Contains(data, "<![CDATA[") || strings.Contains(data, "encoding") {
			return
		}
		var want strings.Builder
		for d := xml.NewDecoder(strings.NewReader(data)); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				return
			}
			write(&want, token)
		}
		require.Equal(t, want.String(), got)
	})
}
