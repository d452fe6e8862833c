package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

func TestMarkdown(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"front matter":        {"---\ntitle: \"Plans: all\"\nseo:\n  title: no\ndate: 2026-01-02\n---\nText.", lines("Plans: all", "[ #]", "Text.")},
		"toml":                {"+++\ntitle = 'It''s'\n+++\nText.", lines("It's", "[ #]", "Text.")},
		"a rule at the start": {"---\n\nText.", lines("A", "[ #]", "Text.")},
		"sections":            {"# T\n## One\na\n### Two\nb\n## One\nc", lines("T", "[One #one]", "a", "[One > Two #two]", "b", "[One #one-1]", "c")},
		"custom anchor":       {"## Say \"hi\" & `go` {#hello}\na", lines("A", "[Say \"hi\" & go #hello]", "a")},
		"github anchor":       {"## Über C++ & Go_1.2\na", lines("A", "[Über C++ & Go_1.2 #über-c--go_12]", "a")},
		"anchor before":       {"# T\n\n<a name=\"here\"></a>\n\n## One\na", lines("T", "[One #here]", "a")},
		"headings alone":      {"# T\n## One\n### Two\n## Three", lines("T", "[One > Two #two]", "Two", "[Three #three]", "Three")},
		"inline":              {"A *b* __c__ ~~d~~ `e  f` [g](h) ![i](j) <https://k.l> &amp; \\* m<br>n", lines("A", "[ #]", "A b c d e f g https://k.l & * m", "n")},
		"lists":               {"- a\n- b\n  - c\n    d\n\n  e\n1. f", lines("A", "[ #]", "- a", "- b", "  - c d", "  e", "", "1. f")},
		"code":                {"Run:\n\n```sh\n  go test # {% x %} <Tag>\n```\n\n    indented", lines("A", "[ #]", "Run:", "", "  go test # {% x %} <Tag>", "", "indented")},
		"code with gaps":      {"```\na\n\nb\n```", lines("A", "[ #]", "```", "a", "", "b", "```")},
		"quote":               {"> ## Note:\n> Mind it.\n\n> [!WARNING]\n> Hot.", lines("A", "[ #]", "Note:", "", "Mind it.", "", "Hot.")},
		"table":               {"|A|B|\n|-|-|\n|1|`x|y`|\n||2|", lines("A", "[ #]", "A: 1; B: `x", "B: 2")},
		"html table":          {"<table>\n<tr>\n<th>\n\nMethod\n\n</th>\n<th>\n\nDays\n\n</th>\n</tr>\n<tr>\n<td>\n\n**Card** or [bank](x)\n\n</td>\n<td>\n\n`<5>`\n\n</td>\n</tr>\n</table>", lines("A", "[ #]", "Method: Card or bank; Days: <5>")},
		"components":          {"import X from './x'\n\n<Note>\nMind *it*.\n</Note>\n\n<Card\n  title=\"Go on\"\n  href={x}\n/>\n\n<call-out type=\"warning\">\n\nHot.\n\n</call-out>", lines("A", "[ #]", "Mind it.", "", "Go on", "", "Hot.")},
		"accordion":           {"<Accordion title=\"Why?\">\n\nSo.\n\n</Accordion>", lines("A", "[Why? #why]", "So.")},
		"templates":           {"{% note %}Text{% endnote %} [x]({{ site.url }}/a) {{< br >}}{: .cls} {/* no */} {{name}}", lines("A", "[ #]", "Text x {{name}}")},
		"admonitions":         {":::tip Try it\nDo.\n:::\n\n!!! note \"Mind\"\n    The gap.", lines("A", "[ #]", "Try it", "", "Do.", "", "Mind", "", "The gap.")},
		"placeholders":        {"Open https://<your-domain>/x and <span class=\"a\">go</span>.", lines("A", "[ #]", "Open https://<your-domain>/x and go.")},
		"comments":            {"<!-- no -->\nText <!-- no --> end.", lines("A", "[ #]", "Text end.")},
		"details":             {"<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>\n\nAfter.", lines("A", "[Why? #]", "So.", "[ #]", "After.")},
		"a title alone":       {"---\ntitle: Soon\n---\n", lines("Soon", "[ #]", "Soon")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.md", test.content))) })
	}
}

func TestMarkdownDates(t *testing.T) {
	require.Equal(t, "2026-01-02", read(t, "a.md", "---\nlastmod: 2026-01-02T10:00:00Z\n---\nx").Updated.Format("2006-01-02"))
	require.True(t, read(t, "a.md", "---\ndate: soon\n---\nx").Updated.IsZero())
}

func TestMarkdownRefusesHostileMarkup(t *testing.T) {
	for _, content := range []string{strings.Repeat("*a_ ", 30_000), strings.Repeat("`a", 30_000), strings.Repeat("- ", 2000) + "x", strings.Repeat("> ", 2000) + "x"} {
		_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.md"}, strings.NewReader(content))
		require.ErrorIs(t, err, ingest.ErrMalformed)
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("---\ntitle: x\n---\n# A\n\n<table><tr><td>\n\n`a<b` **c**\n\n</td></tr></table>\n\n- a\n  - b\n\n> [!NOTE]\n> x\n")
	f.Add("---\nseo:\n  keywords: [a,\n   b]\n---\n<Note>\n\n## x\n\n</Note>\n\n**See also**\n\n[a](#b) ![c d e](f)\n\n<X> </X> <aside>\n\n# y")
	f.Add("<Card title=\"x\" {...y} />\n:::note\n!!! tip\n    x\n{% raw %}```{: #a}")
	fuzz(f, "a.md")
}

// fuzz checks what holds for every document of any content.
func fuzz(f *testing.F, name string) {
	e := New(&Options{MaxBytes: 1 << 20, MaxText: 1 << 20, MaxPages: 20})
	f.Fuzz(func(t *testing.T, content string) {
		doc, err := e.Extract(t.Context(), ingest.Item{Name: name}, strings.NewReader(content))
		if err != nil {
			require.NotContains(t, err.Error(), "panicked")
			return
		}
		require.NotEmpty(t, doc.Title)
		require.NotEmpty(t, doc.Sections)
		for _, s := range doc.Sections {
			require.NotEmpty(t, strings.TrimSpace(s.Text))
		}
	})
}
