package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

func TestDialects(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"note with a fence":  {"!!! warning \"Hot\"\n    Text.\n\n    ```sh\n    a\n    ```\n\nAfter.", lines("A", "[ #]", "Hot", "", "Text.", "", "a", "", "After.")},
		"tabs of MkDocs":     {"=== \"Linux\"\n    apt\n\n=== \"Mac\"\n    brew", lines("A", "[ #]", "Linux", "", "apt", "", "Mac", "", "brew")},
		"tabs of GitBook":    {"{% tabs %}\n{% tab title=\"Go\" %}\nText.\n{% endtab %}\n{% endtabs %}", lines("A", "[ #]", "Go", "", "Text.")},
		"hint of GitBook":    {"{% hint style=\"info\" %}\nText.\n{% endhint %}", lines("A", "[ #]", "Text.")},
		"notice of Hugo":     {"{{% notice note \"Mind\" %}}\nText.\n{{% /notice %}}", lines("A", "[ #]", "Mind", "", "Text.")},
		"module":             {"import {\n  A,\n} from 'x'\n\nexport const B = () => (\n  <b/>\n)\n\nimport your data.", lines("A", "[ #]", "import your data.")},
		"fragments":          {"<>a{\" \"}b</>", lines("A", "[ #]", "a b")},
		"footnote":           {"a[^1].\n\n[^1]: The *note*.", lines("A", "[ #]", "a.", "", "The note.")},
		"tasks":              {"- [ ] a\n- [x] b", lines("A", "[ #]", "- a", "- b")},
		"title of code":      {"```js title=\"a.js\"\nx\n```", lines("A", "[ #]", "a.js", "", "x")},
		"strong text":        {"**Method:**POST", lines("A", "[ #]", "Method:POST")},
		"icons and includes": {":material-check: Done { .button }\n\n--8<-- \"x\"\n\n[TOC]", lines("A", "[ #]", "Done")},
		"a table in an item": {"1. a\n\n    <table>\n    <tr>\n    <td>\n\n    **B**\n\n    </td>\n    <td>\n\n    [c](d)\n\n    </td>\n    </tr>\n    </table>\n\n2. e", lines("A", "[ #]", "1. a", "  B; c", "2. e")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.md", test.content))) })
	}
}

func TestFrontMatterOfJSON(t *testing.T) {
	doc := read(t, "a.md", "{\"Title\": \"Refunds\", \"tags\": [\"a\"], \"lang\": \"de\", \"seo\": {\"keywords\": \"b\"}, \"lastmod\": \"2026-01-02\"}\n\nText.")
	require.Equal(t, lines("Refunds", "[ #]", "Text."), show(doc))
	require.Equal(t, []string{"a", "b"}, doc.Keywords)
	require.Equal(t, "de", doc.Language)
	require.Equal(t, 2026, doc.Updated.Year())
	require.Equal(t, lines("A", "[ #]", "{name} is yours."), show(read(t, "a.md", "{name} is yours.")))
}

func TestHostileMarkdown(t *testing.T) {
	for name, content := range map[string]string{
		"many paragraphs": strings.Repeat(strings.Repeat("*a_ ", 4000)+"\n\n", 50),
		"nested lists":    strings.Repeat(strings.Repeat("- ", 450)+"x\n", 2000),
	} {
		var err error
		requireLittleWork(t, func() { _, err = extractName(t, unhurried(), "a.md", content) })
		require.ErrorIs(t, err, ingest.ErrMalformed, name)
	}
}
