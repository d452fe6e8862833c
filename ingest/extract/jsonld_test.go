package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// ld returns a page with the text and the data.
func ld(text, data string) string {
	return `<p>` + text + `<script type="application/ld+json">` + data + `</script>`
}

const why = `{"@type":"Question","name":"Why so?","acceptedAnswer":{"@type":"Answer","text":"Because."}}`

func TestLinkedData(t *testing.T) {
	faq := lines("A page", "[ #]", "a", "[Why so? #]", "Because.")
	tests := map[string]struct{ content, want string }{
		"a question":         {ld("a", why), faq},
		"deep inside":        {ld("a", `[{"@graph":[{"@type":"WebPage","hasPart":{"mainEntity":[`+why+`]}}]}]`), faq},
		"twice":              {ld("a", "["+why+","+why+"]"), faq},
		"types as addresses": {ld("a", `{"@type":["https://schema.org/Question"],"name":"Why so?","suggestedAnswer":[{"text":"&lt;p&gt;Because.&lt;/p&gt;"}]}`), faq},
		"shown":              {"<h2>Why so?</h2><p>Because." + ld("", why), lines("A page", "[Why so? #]", "Because.")},
		"its answer hidden":  {"<h2>Why so?</h2><p>Open" + ld("", why), lines("A page", "[Why so? #]", "Open", "[Why so? #]", "Because.")},
		"a list's last":      {ld("a", `{"@graph":[`+why+`,],}`), faq},
		"a line end":         {ld("a", strings.Replace(why, "Because.", "Be\ncause.", 1)), lines("A page", "[ #]", "a", "[Why so? #]", "Be cause.")},
		"in a comment":       {ld("a", "<!--"+why+"-->"), faq},
		"broken":             {ld("a", `{"@type":"Question",`), lines("A page", "[ #]", "a")},
		"nothing":            {ld("a", ""), lines("A page", "[ #]", "a")},
		"steps":              {ld("a", `{"@type":"HowTo","name":"Fix it","step":[{"@type":"HowToStep","name":"Open","text":"Lift the lid."},{"@type":"HowToSection","itemListElement":[{"text":"Look."}]},"Close."]}`), lines("A page", "[ #]", "a", "[Fix it #]", "1. Open: Lift the lid.", "2. Look.", "3. Close.")},
		"steps shown":        {ld("Lift the lid.", `{"@type":"HowTo","name":"Fix it","step":["Lift the lid."]}`), lines("A page", "[ #]", "Lift the lid.")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a-page.html", test.content))) })
	}
}

func TestLinkedDataOfAnArticle(t *testing.T) {
	doc := read(t, "a.html", ld("a", `{"@type":"TechArticle","headline":"Refunds","dateModified":"2026-01-02T03:04:05Z","inLanguage":"de_DE","mentions":{"@type":"Article","headline":"Other","dateModified":"2027-01-01"}}`))
	require.Equal(t, "Refunds", doc.Title)
	require.Equal(t, "de-DE", doc.Language)
	require.Equal(t, 2026, doc.Updated.Year())
}

func TestLinkedDataIsLimited(t *testing.T) {
	many := ld("a", "["+strings.Repeat(strings.Replace(why, "Why", "Why #", 1)+",", 10*maxQuestions)+why+"]")
	require.Len(t, read(t, "a.html", many).Sections, 2, "the same question once")
	deep := ld("a", strings.Repeat("[", 5000)+strings.Repeat("]", 5000))
	require.Len(t, read(t, "a.html", deep).Sections, 1)
}

func TestEmptyShells(t *testing.T) {
	const shell = `<title>Help</title><div id="root"></div><noscript>You need JavaScript.</noscript>`
	_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.html"}, strings.NewReader(shell))
	require.ErrorIs(t, err, ingest.ErrNoText)
	require.ErrorContains(t, err, "JavaScript")

	state := `<script id="__NEXT_DATA__" type="application/json">{"props":{"title":"Refunds","body":"<p>` + long + `</p>","again":"<p>` + long + `</p>"}}</script>`
	require.Equal(t, lines("Help", "[ #]", long), show(read(t, "a.html", shell+state)))

	article := `<script type="application/ld+json">{"@type":"Article","headline":"Refunds","articleBody":"` + long + `"}</script>`
	require.Equal(t, lines("Refunds", "[ #]", long), show(read(t, "a.html", shell+article)))
	require.Contains(t, show(read(t, "a.html", shell+ld("", why))), "Because.")
	require.Contains(t, show(read(t, "a.html", "<p>A short page.")), "A short page.", "without scripts it is no shell")
}

func TestBreadcrumbs(t *testing.T) {
	way := `{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},{"name":"Billing"},{"item":{"name":"Invoices &amp; more"}},{"item":"https://x.example/y"},{"name":"Refunds"}]}`
	doc := read(t, "a.html", "<meta name=keywords content=money>"+ld("a", way))
	require.Equal(t, []string{"money", "Billing", "Invoices & more"}, doc.Keywords)
	require.Empty(t, read(t, "a.html", ld("a", `{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},7]}`)).Keywords)
	require.Empty(t, read(t, "a.html", ld("a", `{"@type":"BreadcrumbList","itemListElement":"x"}`)).Keywords)
}
