package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

func TestCSV(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"header":        {"Plan;Price\nBasic;5\nPro;\"9, or; more\"\n;\n", lines("A", "[ #]", "Plan: Basic; Price: 5", "Plan: Pro; Price: 9, or; more")},
		"no header":     {"Basic,5\nPro,9\n", lines("A", "[ #]", "Basic; 5", "Pro; 9")},
		"header alone":  {"Plan,Price\n", lines("A", "[ #]", "Plan; Price")},
		"tabs":          {"Plan\tPrice, net\nBasic\t5\n", lines("A", "[ #]", "Plan: Basic; Price, net: 5")},
		"commas inside": {"Name|Note\nA|x, y, z\nB|u, v\n", lines("A", "[ #]", "Name: A; Note: x, y, z", "Name: B; Note: u, v")},
		"questions":     {"Question,Answer,Team\nHow long?,\"Five days.\n\nOr six.\",Sales\n", lines("A", "[How long? #how-long]", "Five days.", "", "Or six.", "", "Team: Sales")},
		"windows":       {"Preis;Gr\xf6\xdfe\n5 \x80;gro\xdf\n", lines("A", "[ #]", "Preis: 5 €; Größe: groß")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.csv", test.content))) })
	}
	_, err := New(&Options{MaxCells: 10}).Extract(t.Context(), ingest.Item{Name: "a.csv"}, strings.NewReader(strings.Repeat("a,b\n", 10)))
	require.ErrorIs(t, err, ingest.ErrTooLarge)
}

func TestJSON(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"paths":     {`{"plan": {"name": "Basic", "price": 5.50, "tags": ["a", "b"], "none": null}}`, lines("A", "[ #]", "plan.name: Basic", "plan.price: 5.50", "plan.tags: a", "plan.tags: b")},
		"questions": {`[{"q": "Is it?", "a": "Yes."}, {"q": "And?", "a": "No.", "id": 7}]`, lines("A", "[Is it? #is-it]", "Yes.", "[And? #and]", "No.", "", "id: 7")},
		"articles":  {`{"articles": [{"title": "Refunds", "body": "<p>Within <b>5</b> days.</p><ul><li>Ask</li></ul>"}]}`, lines("A", "[Refunds #refunds]", "Within 5 days.", "", "- Ask")},
		"records":   {`[{"a": 1}, {"b": true}, "x"]`, lines("A", "[ #]", "a: 1", "", "b: true", "", "x")},
		"lines":     {"{\"a\": 1}\n{\"a\": 2}\n", lines("A", "[ #]", "a: 1", "", "a: 2")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.json", test.content))) })
	}
	for content, want := range map[string]error{
		"{": ingest.ErrMalformed, `{"a" 1}`: ingest.ErrMalformed, `{"a": 1}]`: ingest.ErrMalformed, "[1, nope]": ingest.ErrMalformed, "{}": ingest.ErrNoText,
		strings.Repeat("[", 100_000): ingest.ErrTooLarge, strings.Repeat(`{"a":`, 100_000): ingest.ErrTooLarge,
	} {
		_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.json"}, strings.NewReader(content))
		require.ErrorIs(t, err, want, "%.20s", content)
	}
}

func TestConfig(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"ini":    {"; The server.\n[server]\n# Where it listens\nport = 8080 ; default\nhosts: a,\n  b\n\n[server.tls]\nkey=\"x\"\n", lines("A", "[server #server]", "The server.", "Where it listens", "port: 8080 ; default", "hosts: a, b", "[server > server.tls #servertls]", "key: \"x\"")},
		"nginx":  {"# Site\nserver {\n    listen 80;\n    location /api {\n        proxy_pass http://app:8080;\n    }\n}\n", lines("A", "[server #server]", "Site", "listen 80", "[server > location /api #location-api]", "proxy_pass http://app:8080")},
		"apache": {"<VirtualHost *:80>\n  ServerName shop.example\n</VirtualHost>\n", lines("A", "[VirtualHost *:80 #virtualhost-80]", "ServerName shop.example")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.conf", test.content))) })
	}
}

func TestXML(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"docbook": {`<?xml version="1.0"?><book xml:lang="en"><title>Guide</title><chapter id="c1"><title>Start</title><para>Press <guibutton>Go</guibutton>
 &amp; wait.</para><programlisting>a
  b</programlisting><section><title>More</title><para>End.</para></section></chapter></book>`,
			lines("Guide", "[Start #c1]", "Press Go & wait.", "", "a", "  b", "[Start > More #more]", "End.")},
		"feed": {`<rss><channel><title>News</title><item><title>Sale</title><link>https://x.example/1</link><description>&lt;p&gt;Now &lt;b&gt;on&lt;/b&gt;.&lt;/p&gt;</description></item><item><title>Two</title><description>Plain.</description></item></channel></rss>`,
			lines("News", "[Sale #sale]", "https://x.example/1", "", "Now on.", "[Two #two]", "Plain.")},
		"data":     {`<list><product sku="1"><name>Mug</name><price>5</price></product><product><name>Cup</name></product></list>`, lines("A", "[ #]", "name: Mug", "price: 5", "", "name: Cup")},
		"settings": {`<conf><add key="port" value="80"/><add name="host" value="x"/></conf>`, lines("A", "[ #]", "port: 80", "host: x")},
		"latin":    {"<?xml version='1.0' encoding='iso-8859-1'?><p>caf\xe9</p>", lines("A", "[ #]", "café")},
		"utf16":    {"\xff\xfe" + string(utf16le("<?xml version='1.0' encoding='utf-16'?><p>Text</p>")), lines("A", "[ #]", "Text")},
		"unclosed": {"<a><p>One<p>Two</a>", lines("A", "[ #]", "One", "", "Two")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.xml", test.content))) })
	}
	require.Equal(t, "de", read(t, "a.xml", `<a xml:lang="de">Text</a>`).Language)
	entities := `<!DOCTYPE a [<!ENTITY b "` + strings.Repeat("x", 100) + `"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>`
	for content, want := range map[string]error{
		strings.Repeat("<a>", 10_000):               ingest.ErrTooLarge,
		"<?xml version='1.0' encoding='nope'?><a/>": ingest.ErrMalformed,
		"<a><b></c></a":                             ingest.ErrMalformed,
		"<a></a>":                                   ingest.ErrNoText,
	} {
		_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.xml"}, strings.NewReader(content))
		require.ErrorIs(t, err, want, "%.20s", content)
	}
	require.NotContains(t, show(read(t, "a.xml", entities+strings.Repeat("&b;&c;", 100)+"Text</a>")), "xxx", "entities are not expanded")
}

func FuzzData(f *testing.F) {
	f.Add("csv", "a;b\n1;\"2\n3\"\n")
	f.Add("json", `{"q": "x", "a": [1, {"b": null}]} {"c": "</p>"}`)
	f.Add("xml", `<a xml:lang="x"><title>b</title><p>c<b>d</b></p><e f="g" name="h" value="i"/>&amp;</a>`)
	f.Add("conf", "[a.b]\nc = d\n e\n{\nf {\n}\n<G h>\n</G>\n")
	f.Add("txt", "caf\xe9\n====\n\nA B C D\n\n\x1b$B$3\x1b(B")
	f.Add("eml", "Subject: =?utf-8?q?x?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x\n--b\nContent-Disposition: attachment; filename=a.csv\n\na,b\n--b--\n")
	e := New(&Options{MaxText: 1 << 20})
	f.Fuzz(func(t *testing.T, kind, content string) {
		_, err := e.Extract(t.Context(), ingest.Item{Name: "a." + kind}, strings.NewReader(content))
		if err != nil {
			require.NotContains(t, err.Error(), "panicked")
		}
	})
}

func TestRowsAreBlocks(t *testing.T) {
	var b strings.Builder
	b.WriteString("Plan,Price\n")
	for i := range 25 {
		fmt.Fprintf(&b, "P%d,%d\n", i, i)
	}
	text := read(t, "a.csv", b.String()).Sections[0].Text
	require.Len(t, strings.Split(text, "\n\n"), 3)
	require.Equal(t, 25, strings.Count(text, "Price: "))
}
