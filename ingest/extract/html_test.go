package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

func TestHTML(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"title element":  {"<title>Refunds | Example Help</title><p>a", lines("Refunds", "[ #]", "a")},
		"first heading":  {"<title>x</title><body><h1>Refunds <a href=#r>¶</a></h1><p>a", lines("Refunds", "[ #]", "a")},
		"no title":       {"<p>a", lines("A page", "[ #]", "a")},
		"chrome":         {"<header>Logo</header><nav>Menu</nav><div class=cookie-banner>We use</div><main><p>Text.</p><aside>Ad</aside><aside class=note>Mind.</aside><form>Search</form></main><footer>Legal</footer><script>x()</script>", lines("A page", "[ #]", "Text.", "", "Mind.")},
		"no main":        {"<div id=sidebar><a>Menu</a></div><div class=content><p>Text.</p></div><div class=footer>Legal</div>", lines("A page", "[ #]", "Text.")},
		"tiny main":      {"<main>x</main><div><p>" + strings.Repeat("Text. ", 9) + "</div>", lines("A page", "[ #]", "x", "", strings.TrimSpace(strings.Repeat("Text. ", 9)))},
		"anchors":        {"<h1>T</h1><h2 id=a>A</h2>1<h2><a name=b></a>B</h2>2<section id=c><h2>C</h2>3</section><a id=d></a><h3>D</h3>4", lines("T", "[A #a]", "1", "[B #b]", "2", "[C #c]", "3", "[C > D #d]", "4")},
		"lists":          {"<p>Do:<ol><li>One<ul><li>Sub</ul><li><p>Two</p><p>more</p></ol>", lines("A page", "[ #]", "Do:", "", "1. One", "  - Sub", "2. Two", "  more")},
		"table":          {"<table><thead><tr><th>Plan<th>Price</thead><tr><td>Pro<td>9 <b>€</b></table>", lines("A page", "[ #]", "Plan: Pro; Price: 9 €")},
		"table, no head": {"<table><tr><td>Pro<td>9<tr><td>Max<td>20</table>", lines("A page", "[ #]", "Pro; 9", "Max; 20")},
		"pre and breaks": {"<p>One<br>two<pre>a\n  b</pre>", lines("A page", "[ #]", "One", "two", "", "a", "  b")},
		"inline":         {"<p>a<b>b</b> <span>c</span>\n<i>d</i><sup>2</sup><sup>[1]</sup>", lines("A page", "[ #]", "ab c d2")},
		"details":        {"<p>a<details id=w><summary>Why?</summary>So.</details><p>b", lines("A page", "[ #]", "a", "[Why? #w]", "So.", "[ #]", "b")},
		"accordion":      {"<h2>FAQ</h2><button aria-expanded=false>Why?</button><div hidden>So.</div><button>Buy</button>", lines("A page", "[FAQ > Why? #]", "So.")},
		"terms":          {"<dl><dt>SSO</dt><dd>One login.</dd><dt id=q>Why?</dt><dd>So.</dd></dl>", lines("A page", "[ #]", "SSO", "", "One login.", "[Why? #q]", "So.")},
		"JSON-LD":        {`<p>a<script type="application/ld+json">{"@graph":[{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Why?","acceptedAnswer":{"text":"<p>So &amp; so.</p>"}}]}]}</script>`, lines("A page", "[ #]", "a", "[Why? #]", "So & so.")},
		"JSON-LD shown":  {`<h2>Why</h2>So.<script type="application/ld+json">{"@type":"Question","name":"Why?","acceptedAnswer":[{"text":"So."}]}</script>`, lines("A page", "[Why #]", "So.")},
		"microdata":      {"<div itemscope itemtype=https://schema.org/FAQPage><div itemscope itemtype=https://schema.org/Question id=w><div itemprop=name>Why?</div><div itemscope itemprop=acceptedAnswer itemtype=https://schema.org/Answer><p itemprop=text>So.</div></div></div><p>b", lines("A page", "[Why? #w]", "So.", "[ #]", "b")},
		"microdata, h3":  {"<div itemscope itemtype=https://schema.org/Question><h3 itemprop=name>Why?</h3>So.</div><div itemscope itemtype=https://schema.org/Person><span itemprop=name>Ann</span>", lines("A page", "[Why? #]", "So.", "[ #]", "Ann")},
		"a button in it": {"<p>Press <button>Save</button> to end.<p><a class=btn>Try it</a><p>Go to <a href=/x>Print</a>.<p><a href=/x>Print</a>", lines("A page", "[ #]", "Press Save to end.", "", "Go to Print.")},
		"a caption":      {"<figure><img alt='Three words here'><figcaption>Says it</figcaption></figure><p><img alt='Three words here'>", lines("A page", "[ #]", "Says it", "", "Three words here")},
		"asks back":      {"<h1>T</h1><p>a<div><span>Was this article helpful?</span> <a>Yes</a> <a>No</a> 3 of 4 found it so</div>", lines("T", "[ #]", "a")},
		"entities":       {"<p>a&nbsp;&amp;&lt;b&gt;", lines("A page", "[ #]", "a &<b>")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a-page.html", test.content))) })
	}
}

func TestHTMLHead(t *testing.T) {
	item := ingest.Item{Name: "x.html", URL: "https://example.com/help/x?from=mail"}
	doc, err := New(nil).Extract(t.Context(), item, strings.NewReader(
		`<html lang=en-GB><link rel=canonical href="../help/x"><meta property="article:modified_time" content="2026-01-02T03:04:05Z"><p>a`))
	require.NoError(t, err)
	require.Equal(t, "https://example.com/help/x", doc.URL)
	require.Equal(t, "en-GB", doc.Language)
	require.Equal(t, 2026, doc.Updated.Year())
	require.Empty(t, resolve("", "javascript:x()"))
	require.Empty(t, canonical("https://example.com/help/x", "/"), "a template names the front page on every page")
	require.Equal(t, "https://example.com/", canonical("https://example.com/", "/"))
}

func TestHTMLDates(t *testing.T) {
	for content, want := range map[string]int{
		"<meta itemprop=dateModified content=2024-03-01><p>a":          2024,
		"<p>a<time itemprop=dateModified datetime=2023-03-01>x</time>": 2023,
		"<p>a<time datetime=2023-03-01>x</time>":                       1,
	} {
		require.Equal(t, want, read(t, "a.html", content).Updated.Year(), content)
	}
	require.Equal(t, "de-AT", read(t, "a.html", "<meta property=og:locale content=de_AT><p>a").Language)
}

func TestHTMLEncodedTwice(t *testing.T) {
	for content, want := range map[string]string{
		"It\u00e2\u0080\u0099s 5\u00c2\u00a0\u00e2\u0082\u00ac": "It’s 5 €",
		"\u00e2\u0080\u0099 and it’s café":                      "’ and it’s café",
		"Ã© stays where no control shows it":                    "Ã© stays where no control shows it",
		"a\u0085b \u00e2":                                       "a b â",
		"\u00f0\u009f\u0099\u0082 \u00e2\u0080":                 "🙂 â\u0080",
	} {
		require.Equal(t, want, read(t, "a.html", "<meta charset=utf-8><p>"+content).Sections[0].Text)
	}
}

func TestHTMLCharset(t *testing.T) {
	tests := map[string]ingest.Item{
		"<meta charset=windows-1252><p>caf\xe9":            {Name: "a.html"},
		"<p>caf\xe9":                                       {Name: "a.html", MediaType: "text/html; charset=iso-8859-1"},
		"<meta charset=utf-8><p>café":                      {Name: "a.html"},
		"<p>café" + strings.Repeat(" ", 2000):              {Name: "a.html"},
		"<html>\x00<p>ca\x00fé" + strings.Repeat(" ", 200): {Name: "a.html", MediaType: "text/html; charset=utf-8"},
	}
	for content, item := range tests {
		if strings.Contains(content, "\x00") {
			continue // told to be binary before it is read
		}
		doc, err := New(nil).Extract(t.Context(), item, strings.NewReader(content))
		require.NoError(t, err)
		require.Equal(t, "café", doc.Sections[0].Text, "%q", content)
	}
}

func TestHTMLNestedTooDeeply(t *testing.T) {
	doc := read(t, "a.html", "<h1>Top</h1><p>first</p>"+strings.Repeat("<div>", 2000)+"<h2>In</h2><p>last</p><script>x()</script>")
	require.Equal(t, "Top", doc.Title)
	require.Contains(t, show(doc), "first")
	require.Contains(t, show(doc), "last")
	require.NotContains(t, show(doc), "x()")
}

func FuzzHTML(f *testing.F) {
	f.Add("<html lang=en><title>x</title><main><h1>A</h1><dl><dt id=q>Why?<dd>So</dl><details><summary>s</summary>t</details><table><tr><th>a<tr><td>b")
	f.Add(`<script type="application/ld+json">{"@type":"Question","name":"a","acceptedAnswer":{"text":"<b>"}}</script>`)
	fuzz(f, "a.html")
}
