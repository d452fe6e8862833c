package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrontMatter(t *testing.T) {
	tests := map[string]struct {
		source string
		want   matter
	}{
		"scalars":             {"title: Refunds\nlang: en", matter{"title": {"Refunds"}, "lang": {"en"}}},
		"quotes":              {"a: \"say \\\"hi\\\"\"\nb: 'it''s'\nc: don't", matter{"a": {`say "hi"`}, "b": {"it's"}, "c": {"don't"}}},
		"comments":            {"# all\na: b # why\nc: \"d # e\"", matter{"a": {"b"}, "c": {"d # e"}}},
		"a colon in a value":  {"title: Plans: all of them", matter{"title": {"Plans: all of them"}}},
		"an address":          {"canonical: https://example.com/a", matter{"canonical": {"https://example.com/a"}}},
		"names in upper case": {"Title: a", matter{"title": {"a"}}},
		"inline list":         {"keywords: [a, \"b c\", 'd']", matter{"keywords": {"a", "b c", "d"}}},
		"list over lines":     {"keywords: [\n  a,\n  b\n]\ntitle: c", matter{"keywords": {"a", "b"}, "title": {"c"}}},
		"block list":          {"keywords:\n  - a\n  - \"b\"\ntitle: c", matter{"keywords": {"a", "b"}, "title": {"c"}}},
		"list not indented":   {"keywords:\n- a\n- b\ntitle: c", matter{"keywords": {"a", "b"}, "title": {"c"}}},
		"map":                 {"seo:\n  title: a\n  keywords: b, c\ntitle: d", matter{"seo.title": {"a"}, "seo.keywords": {"b, c"}, "title": {"d"}}},
		"list in a map":       {"meta:\n  keywords:\n    - a\n    - b", matter{"meta.keywords": {"a", "b"}}},
		"text below its name": {"description: >-\n  One line:\n  and another\ntitle: a", matter{"description": {"One line:", "and another"}, "title": {"a"}}},
		"brackets in a title": {"title: \"[Beta] Setup, part 1\"\nb: [Beta] Setup, part 1", matter{"title": {"[Beta] Setup, part 1"}, "b": {"[Beta] Setup, part 1"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, body := frontMatter("---\n" + test.source + "\n---\nText.")
			require.Equal(t, "Text.", body)
			require.Equal(t, test.want, got)
		})
	}
}

func TestFrontMatterOfTOML(t *testing.T) {
	got, body := frontMatter("+++\ntitle = \"A = b\"\nkeywords = [\n  \"a\",\n  'b',\n]\n[seo]\n  title = 'x'\n+++\nText.")
	require.Equal(t, "Text.", body)
	require.Equal(t, matter{"title": {"A = b"}, "keywords": {"a", "b"}, "seo.title": {"x"}}, got)
}

func TestFrontMatterNeedsItsEnd(t *testing.T) {
	for _, source := range []string{"", "--", "---", "---\ntitle: a\n\nText.", "--- a\nb: c\n---", "Text.\n---\na: b\n---"} {
		got, body := frontMatter(source)
		require.Empty(t, got)
		require.Equal(t, source, body, "a text without front matter is left as it is")
	}
}

func TestKeywords(t *testing.T) {
	tests := map[string]struct {
		name, content string
		want          []string
	}{
		"front matter":        {"a.md", "---\nkeywords: refund, money back , refund,\n---\nx", []string{"refund", "money back"}},
		"under seo":           {"a.md", "---\nseo:\n  keywords: a, b\n---\nx", []string{"a", "b"}},
		"in several places":   {"a.md", "---\nkeywords: [a]\nmeta:\n  keywords:\n  - b\n---\nx", []string{"a", "b"}},
		"entities":            {"a.md", "---\nkeywords: R&amp;D\n---\nx", []string{"R&D"}},
		"none":                {"a.md", "---\ntitle: a\n---\nx", nil},
		"a sentence is none":  {"a.md", "---\nkeywords: " + strings.Repeat("word ", 30) + ", a\n---\nx", []string{"a"}},
		"of a page":           {"a.html", `<meta name="Keywords" content="refund, money&#32;back"><p>x`, []string{"refund", "money back"}},
		"of a page, repeated": {"a.html", `<meta name=keywords content="a"><meta name=keywords content="b,a"><p>x`, []string{"a", "b"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := read(t, test.name, test.content)
			require.Equal(t, test.want, doc.Keywords)
			require.NotContains(t, show(doc), "refund", "keywords are no text to quote")
		})
	}
}

func TestKeywordsAreLimited(t *testing.T) {
	var list strings.Builder
	for i := range 5 * maxKeywords {
		fmt.Fprintf(&list, "word %d,", i)
	}
	require.Len(t, keywords(list.String()), maxKeywords)
}

func TestTitleOfFrontMatter(t *testing.T) {
	tests := map[string]string{
		"---\ntitle: \"SPF&#58; Don't Exceed\"\n---\nx":          "SPF: Don't Exceed",
		"---\ntitle: 'A &amp; B'\n---\n# Other\nx":               "A & B",
		"---\nseo:\n  title: Short\n---\n# The heading\nx":       "The heading",
		"---\nseo:\n  title: Short\n---\nx":                      "Short",
		"---\ntitle:\n  long\n  title\n---\nx":                   "long title",
		"---\nseo:\n  title: Short\ntitle: The whole\n---\nText": "The whole",
	}
	for content, want := range tests {
		require.Equal(t, want, read(t, "a.md", content).Title, content)
	}
}

func TestDescriptionStandsInForAnEmptyBody(t *testing.T) {
	require.Equal(t, lines("A", "[ #]", "How refunds work."), show(read(t, "a.md", "---\nseo:\n  description: How refunds work.\n---\n")))
	require.Equal(t, lines("A", "[ #]", "Text."), show(read(t, "a.md", "---\ndescription: How refunds work.\n---\nText.")))
}
