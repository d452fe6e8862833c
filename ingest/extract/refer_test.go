package extract

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReferrals(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"links below a heading":         {"a\n\n## Additional Resources\n\n- [B](b)\n- [C](c), [D](d)\n\n## E\n\ne", lines("A", "[ #]", "a", "[E #e]", "e")},
		"links below a bold line":       {"a\n\n**Related Information**  \n\n\n[B](b \"What B is.\")\n\n[C](c)", lines("A", "[ #]", "a")},
		"headings below it":             {"a\n\n## See also\n\n### Guides\n\n- [B](b)", lines("A", "[ #]", "a")},
		"addresses":                     {"a\n\n## References\n\n<https://example.com/b>", lines("A", "[ #]", "a")},
		"another language":              {"a\n\n## Siehe auch\n\n- [B](b)", lines("A", "[ #]", "a")},
		"a heading and nothing":         {"a\n\n## What’s next?\n\n## B\n\nb", lines("A", "[ #]", "a", "[B #b]", "b")},
		"words beside the links":        {"## Next steps\n\n- Read [B](b).\n- [C](c)", lines("A", "[Next steps #next-steps]", "- Read B.", "- C")},
		"words after the links":         {"## Resources\n\n- [B](b)\n\nAsk your manager.", lines("A", "[Resources #resources]", "- B", "", "Ask your manager.")},
		"code below it":                 {"## Learn more\n\n```\nman x\n```", lines("A", "[Learn more #learn-more]", "man x")},
		"links that answer":             {"## Which libraries are there?\n\n- [Go](go)\n- [Rust](rust)", lines("A", "[Which libraries are there? #which-libraries-are-there]", "- Go", "- Rust")},
		"an item of a list":             {"Open:\n\n- Contacts\n- Resources", lines("A", "[ #]", "Open:", "", "- Contacts", "- Resources")},
		"nothing else":                  {"## Related\n\n- [B](b)", lines("A", "[Related #related]", "- B")},
		"contents at the top":           {"- [One](#one)\n  - [Two](#two)\n\n## One\n\na", lines("A", "[One #one]", "a")},
		"contents with a line":          {"a\n\nIn this article:\n\n- [One](#one)\n\nb", lines("A", "[ #]", "a", "", "b")},
		"contents with a heading":       {"a\n\n## On this page\n\n- [One](#one)\n\n## One\n\nb", lines("A", "[ #]", "a", "[One #one]", "b")},
		"a list of places that is text": {"There are three:\n\n- [One](#one)\n- [Two](#two)", lines("A", "[ #]", "There are three:", "", "- One", "- Two")},
		"back to the top":               {"a\n\n[Back to top](#top)\n\nb", lines("A", "[ #]", "a", "", "b")},
		"the way to the page":           {"[Home](/) > [Billing](/billing)\n\n# T\n\na", lines("T", "[ #]", "a")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.md", test.content))) })
	}
}

func TestReferralsInHTML(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"links below a heading":   {"<p>a<h2>Related articles</h2><ul><li><a href=b>B</a><li><a href=c><span>C</span></a></ul>", lines("A", "[ #]", "a")},
		"links below a bold line": {"<p>a</p><p><b>See also:</b></p><p><a href=b>B</a>, <a href=c>C</a></p>", lines("A", "[ #]", "a")},
		"words beside the links":  {"<p>a<h2>Related articles</h2><ul><li>All about <a href=b>B</a></ul>", lines("A", "[ #]", "a", "[Related articles #]", "- All about B")},
		"contents":                {"<p>a<p>On this page<ul><li><a href=#x>X</a><ul><li><a href=#y>Y</a></ul></ul><h2>X</h2>x", lines("A", "[ #]", "a", "[X #]", "x")},
		"marked breadcrumbs":      {"<ol aria-label=Breadcrumb><li><a href=/>Home</a></ol><div itemscope itemtype=https://schema.org/BreadcrumbList><a href=/>Home</a></div><p>a", lines("A", "[ #]", "a")},
		"breadcrumbs":             {"<div><a href=/>Home</a> › <a href=/b>Billing</a></div><p>a", lines("A", "[ #]", "a")},
		"links in a table":        {"<table><tr><th>Event<th>Sent<tr><td><a href=#open>open</a><td>yes</table>", lines("A", "[ #]", "Event: open; Sent: yes")},
		"a link in a heading":     {"<h2><a href=#x>X</a></h2>a", lines("A", "[X #]", "a")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.html", test.content))) })
	}
}

func TestImages(t *testing.T) {
	const phrase = "The menu with Export chosen"
	tests := map[string]struct{ content, want string }{
		"in a sentence":        {"Select ![instagram_connect](x.png) and ![" + phrase + "](y.png) go.", "Select and go."},
		"at the end":           {"1. Choose \"Business\" ![connect to facebook](x.png)", "1. Choose \"Business\""},
		"alone":                {"a\n\n![" + phrase + "](x.png)", "a\n\n" + phrase},
		"alone in a link":      {"a\n\n[![" + phrase + "](x.png)](y)", "a\n\n" + phrase},
		"two alone":            {"a\n\n![" + phrase + "](x.png) ![" + phrase + "](y.png)", "a\n\n" + phrase + "\n" + phrase},
		"a name":               {"a\n\n![export menu](x.png)", "a"},
		"a file name":          {"a\n\n![the new menu.png](x.png)", "a"},
		"a time":               {"a\n\n![Screen Shot 2026-11-22 at noon](x.png)", "a"},
		"a name with hyphens":  {"a\n\n![the-export-menu](x.png)", "a"},
		"in a cell":            {"|A|B|\n|-|-|\n|b ![the icon of c](x)|d|", "A: b; B: d"},
		"in a heading of HTML": {"a\n\n<p>b <img alt=\"" + phrase + "\" src=x></p>\n<p><img alt=\"" + phrase + "\" src=x></p>", "a\n\nb\n\n" + phrase},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, lines("A", "[ #]", test.want), show(read(t, "a.md", test.content)))
		})
	}
}

func TestPlaceholdersAreKept(t *testing.T) {
	tests := map[string]string{
		"helm -f <your-custom-values.yaml> #-n chatwoot": "helm -f <your-custom-values.yaml> #-n chatwoot",
		"`helm -f <your-custom-values.yaml>`":            "helm -f <your-custom-values.yaml>",
		"```\nhelm -f <Your Values>\n```":                "helm -f <Your Values>",
		"- a\n\n      cf push <APP> <PLAN>":              "- a\n  cf push <APP> <PLAN>",
		"- a\n\n  ```\n  cat <<EOF\n  ```":               "- a\n  cat <<EOF",
		"Set <APP_NAME> and <Your API Key>.":             "Set <APP_NAME> and <Your API Key>.",
		"Open https://<id>.example.com/<name>.":          "Open https://<id>.example.com/<name>.",
		"titled Welcome <IdP\\_tenant\\_name\\>!.":       "titled Welcome <IdP_tenant_name>!.",
		"a\n\n<YOUR_KEY>\n\nb":                           "a\n\n<YOUR_KEY>\n\nb",
		"<table><tr><td>-a <ACTION></td></tr></table>":   "-a <ACTION>",
		"Press <kbd>Esc</kbd> for <b>menu</b>.":          "Press Esc for menu.",
	}
	for content, want := range tests {
		require.Equal(t, lines("A", "[ #]", want), show(read(t, "a.md", content)), content)
	}
}
