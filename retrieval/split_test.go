package retrieval

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func paragraph(n int) string { return strings.Repeat("Some words in it. ", n/18) + "The end." }

func split(text string) []string {
	var out []string
	for _, p := range Split(Document{ID: "d", Sections: []Section{{Text: text}}}) {
		out = append(out, p.Text)
	}
	return out
}

func TestSplitKeepsWhatACitationNeeds(t *testing.T) {
	d := Document{
		ID: "d", Source: "files", Title: "Returns", URL: "https://x.example/d", Language: "en", Keywords: []string{"refund"}, Audience: "staff", Private: true,
		Sections: []Section{
			{Text: "Before the first heading."},
			{Path: []string{"Costs"}, Anchor: "costs"},
			{Path: []string{"Costs", "Abroad"}, Anchor: "abroad", Text: "  Five dollars.\n"},
		},
	}
	ps := Split(d)
	require.Len(t, ps, 2, "a section without text gives no passage")
	require.Equal(t, Passage{
		ID: ps[1].ID, Document: "d", Source: "files", Title: "Returns", URL: "https://x.example/d",
		Path: []string{"Costs", "Abroad"}, Anchor: "abroad", Text: "Five dollars.",
		Language: "en", Keywords: []string{"refund"}, Audience: "staff", Private: true,
	}, ps[1])
}

func TestSplitPacksBlocks(t *testing.T) {
	a, b, c := paragraph(500), paragraph(600), paragraph(700)
	require.Equal(t, []string{a + "\n\n" + b, c}, split(a+"\n\n"+b+"\n\n"+c), "blocks are packed to about 1,200 characters")
	require.Equal(t, []string{a + "\n\n" + b + "\n\nA short end."}, split(a+"\n\n"+b+"\n\nA short end."))
	tail := paragraph(1150) + "\n\n" + paragraph(150)
	require.Equal(t, []string{tail}, split(tail), "a short end joins the passage before it")
}

func TestSplitNeverCutsAUnit(t *testing.T) {
	item := "- " + paragraph(1500)
	row := "Plan: Basic; Note: " + strings.Repeat("word ", 300) + "; Price: 5"
	code := "```\n" + strings.Repeat("line one\n\nline two\n", 90) + "```"
	for name, unit := range map[string]string{"list item": item, "table row": row, "code block": code, "paragraph": paragraph(1900)} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, split(paragraph(900)+"\n\n"+unit+"\n\n"+paragraph(900)), unit)
		})
	}
}

func TestSplitListsBetweenItems(t *testing.T) {
	var items []string
	for i := range 40 {
		items = append(items, fmt.Sprintf("- Item %d %s", i, strings.Repeat("x", 60)))
	}
	text := "Do this:\n\n" + strings.Join(items, "\n")
	ps := split(text)
	require.Greater(t, len(ps), 1)
	require.True(t, strings.HasPrefix(ps[0], "Do this:\n\n- Item 0"), "the sentence before a list stays with its first item")
	for _, p := range ps[1:] {
		require.True(t, strings.HasPrefix(p, "- Item"), "a list is cut between its items")
	}
}

func TestSplitTooLong(t *testing.T) {
	for name, text := range map[string]string{
		"sentences": paragraph(9000),
		"words":     strings.TrimSpace(strings.Repeat("word ", 2000)),
		"letters":   strings.Repeat("ä", 9000),
		"CJK":       strings.Repeat("返品は三十日以内です", 900),
	} {
		t.Run(name, func(t *testing.T) {
			ps := split(text)
			for _, p := range ps {
				require.LessOrEqual(t, utf8.RuneCountInString(p), blockSize)
				require.True(t, utf8.ValidString(p), "a text is never cut within a character")
			}
			require.Equal(t, strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(strings.Join(ps, ""), " ", ""), "nothing is lost")
		})
	}
}

func TestPassageIDsAreStable(t *testing.T) {
	d := Document{ID: "d", Title: "T", Sections: []Section{
		{Path: []string{"A"}, Anchor: "a", Text: "One."}, {Path: []string{"B"}, Anchor: "b", Text: "Two."}, {Path: []string{"B"}, Anchor: "b", Text: "Two."},
	}}
	before := Split(d)
	require.NotEqual(t, before[1].ID, before[2].ID, "passages of the same text have IDs of their own")
	d.Sections[0].Text, d.Title = "One, changed.", "New title"
	after := Split(d)
	require.NotEqual(t, before[0].ID, after[0].ID, "a changed passage has a new ID")
	require.Equal(t, before[1].ID, after[1].ID, "an unchanged passage keeps its ID when another changes")
	require.Equal(t, before[2].ID, after[2].ID)
	d.ID = "other"
	require.NotEqual(t, after[1].ID, Split(d)[1].ID, "documents do not share IDs")
}

// TestSplitIsVerbatim checks for any text that passages are pieces of it, in
// order, without overlap, and that nothing but space is lost.
func TestSplitIsVerbatim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{
			"A sentence of words. ", "\n", "\n\n", "- item ", "1. step ", "a: b; c: d", "```", "Note:", "é返品。", strings.Repeat("long ", 300), "\t",
		})).Draw(t, "pieces")
		verbatim(t, strings.Join(pieces, ""))
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("A.\n\n- b\n- c\n\n```\ncode\n```")
	f.Add("\xff\u00a0: ; ")
	f.Add("\u00a0 \xa0")
	f.Fuzz(func(t *testing.T, text string) { verbatim(t, text) })
}

func verbatim(t require.TestingT, text string) {
	const space = " \t\r\n\u00a0"
	for _, p := range split(text) {
		require.NotEmpty(t, p)
		// Not by a search, which would find the second byte of one character in the first of another.
		text = strings.TrimLeft(text, space)
		require.True(t, strings.HasPrefix(text, p), "passages are verbatim from their section, in order, with only space between: %q", p)
		text = text[len(p):]
	}
	require.Empty(t, strings.Trim(text, space), "nothing but space is lost")
}
