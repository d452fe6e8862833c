package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// long is running text that nobody takes for a caption.
var long = strings.TrimSpace(strings.Repeat("You get your money back within five days. ", 8))

func TestMainContent(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"a word in a class":       {"<p>a<div class='post-navigation'>Next post</div><div class=widget_sidebar><a href=/>b</a></div>", lines("A page", "[ #]", "a")},
		"a class of the frame":    {"<div class='page has-sidebar'><p>a</div>", lines("A page", "[ #]", "a")},
		"a banner with much text": {"<h1>T</h1><p>a</p><div class=cookie-banner><p>" + long + "</div>", lines("T", "[ #]", "a")},
		"most of the text":        {"<div class=search-form><h2>S</h2><p>" + long + "</div><p>a", lines("A page", "[S #]", long)},
		"a form around all":       {"<form id=aspnet><h1>T</h1><p>a</form>", lines("T", "[ #]", "a")},
		"an id of a heading":      {"<h1>T</h1><section id=cookies><h2>Cookies</h2><p>b</section><div id=feedback><p>Rate us</div>", lines("T", "[Cookies #cookies]", "b")},
		"an id before a heading":  {"<h1>T</h1><div id=s-related><span id=related></span><h2>Related</h2><p>Text.</div>", lines("T", "[Related #related]", "Text.")},
		"an inline element":       {"<p>Press <span class=menu-item>File</span> <code class=search>x</code><a class=headerlink href=#>#</a><span class=sr-only>hidden</span>", lines("A page", "[ #]", "Press File x")},
		"text in a sidebar":       {"<h1>T</h1><p>a<div class=sidebar><p>" + long + "</div><div class=sidebar><p>Also <a href=/>Refunds and more</a></div>", lines("T", "[ #]", "a", "", long)},
		"what readers wrote":      {"<h1>T</h1><p>" + long + "<div class=comments><p>Nice!</div>", lines("T", "[ #]", long)},
		"a forum":                 {"<h1>T</h1><p>Why?<div class=comments><p>" + long + "</div>", lines("T", "[ #]", "Why?", "", long)},
		"an index":                {"<h1>T</h1><p>" + long + "<div class=toc><a href=a>A</a></div>", lines("T", "[ #]", long)},
		"nothing but an index":    {"<h1>T</h1><div class=toc><p><a href=a>A</a>, <a href=b>B</a></div>", lines("T", "[ #]", "A, B")},
		"an offer":                {"<h1>T</h1><p>a<div><h3>You may also like</h3><p>b</div>", lines("T", "[ #]", "a")},
		"without scripts":         {"<div id=x></div><noscript><h1>T</h1><p>a</noscript>", lines("T", "[ #]", "a")},
		"beside scripts":          {"<p>" + long + "<noscript>Switch on JavaScript</noscript>", lines("A page", "[ #]", long)},
		"named content":           {"<div><p>Top</div><div class=entry-content><p>" + long + "</div>", lines("A page", "[ #]", long)},
		"nearly all in a box":     {"<div><p>Top</div><div><p>" + long + "</div>", lines("A page", "[ #]", long)},
		"nearly all in a table":   {"<p>Top<table><tr><th>A<th>B<tr><td>" + long + "<td>2</table>", lines("A page", "[ #]", "Top", "", "A: "+long+"; B: 2")},
		"a table as a layout":     {"<p>Top<table><tr><td>Menu<td><p>" + long + "</table>", lines("A page", "[ #]", long)},
		"headings outside it":     {"<div><h2>One</h2><p>a</div><div><h2>Two</h2><p>" + long + "</div>", lines("A page", "[One #]", "a", "[Two #]", long)},
		"one article of many":     {"<main><article><p>" + long + "</article><article><p>" + long + "b</article></main>", lines("A page", "[ #]", long, "", long+"b")},
		"headers of rows":         {"<table><tr><th>Weight<td>2 kg<tr><th scope=row>Size<td colspan=2>1 m<td>x</table>", lines("A page", "[ #]", "Weight: 2 kg", "Size: 1 m; x")},
		"headers over columns":    {"<table><tr><th colspan=2>Size<th>Price<tr><td>1<td>2<td>3</table>", lines("A page", "[ #]", "Size: 1; Size: 2; Price: 3")},
		"nested tables":           {strings.Repeat("<table><tr><td>", 100) + "a", lines("A page", "[ #]", "a")},
		"a button in a heading":   {"<h1>Enum <button>Copy</button></h1><h2><button>Why?</button></h2>a", lines("Enum", "[Why? #]", "a")},
		"definitions":             {"<dl><dt id=search>search()<dd>Finds.</dl>", lines("A page", "[search() #search]", "Finds.")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a-page.html", test.content))) })
	}
}

func TestTitles(t *testing.T) {
	tests := map[string]string{
		"<title>Refunds | Example</title><p>a":                                                           "Refunds",
		"<title>Refunds - Billing - Example</title><p>a":                                                 "Refunds",
		"<title>Example | Refunds</title><meta property=og:site_name content=Example><p>a":               "Refunds",
		"<title>x</title><meta property=og:title content='Refunds | Example'><p>a":                       "Refunds",
		"<title>Refunds - The Book</title><header><h1>The Book</h1></header><main><p>" + long:            "Refunds",
		"<title>x</title><header><h1>Refunds</h1></header><main><p>a":                                    "Refunds",
		"<title>Refunds</title><svg><title>Logo</title></svg><p>a":                                       "Refunds",
		"<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"Refunds\"}</script><p>a": "Refunds",
	}
	for content, want := range tests {
		require.Equal(t, want, read(t, "a.html", content).Title, content)
	}
}

func TestOvernested(t *testing.T) {
	require.False(t, overnested([]byte(strings.Repeat("<p>a<br><li>b<img src=x>", 100_000))), "elements that pages leave open")
	require.False(t, overnested([]byte(strings.Repeat("<div><span>a</span></div>", 100_000))))
	nested := strings.Repeat(strings.Repeat("<div>", 480)+"last"+strings.Repeat("</div>", 480), 300)
	require.True(t, overnested([]byte(nested)))
	for _, content := range []string{"", "<", "a<", "</", "< <"} {
		require.False(t, overnested([]byte(content)), content)
	}
	// Such a page is read as a stream.
	requireLittleWork(t, func() { require.Contains(t, show(read(t, "a.html", "<h1>T</h1>"+nested)), "last") })
}

func TestNarrowKeepsTheWholeTree(t *testing.T) {
	root := parseHTML([]byte("<main><h1>T</h1><div role=main><p>"+long+"</div></main>"), "", t.Context().Err)
	main := mainContent(root)
	require.Equal(t, "main", attrOrName(main), "the inner one where it holds nearly all")
}

func attrOrName(n *html.Node) string {
	if role := attr(n, "role"); role != "" {
		return role
	}
	return n.Data
}

// BenchmarkHTML reads a page of 100 kB, one fifth of it its frame.
func BenchmarkHTML(b *testing.B) {
	var page strings.Builder
	page.WriteString("<html lang=en><title>T | S</title><body>" + strings.Repeat("<nav class=menu><ul><li><a href=/x>Menu</a></ul></nav>", 300) + "<main><h1>T</h1>")
	for page.Len() < 100_000 {
		page.WriteString("<h2 id=a>A part</h2><p class='text body'>" + long + "</p><ul><li>One <a href=/y>link</a><li>Two</ul><table><tr><th>A<th>B<tr><td>1<td>2</table>")
	}
	e := New(nil)
	b.SetBytes(int64(page.Len()))
	for b.Loop() {
		if _, err := e.Extract(b.Context(), ingest.Item{Name: "a.html"}, strings.NewReader(page.String())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}
