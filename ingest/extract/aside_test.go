package extract

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHeadingsInAsides checks that the heading of a call-out is a line of the
// section around it, and that what follows is not below it.
func TestHeadingsInAsides(t *testing.T) {
	const before, after = "## Plans\n\nThree.\n\n", "\n\nAfter.\n\n## Prices\n\nLow.\n"
	asides := map[string]string{
		"custom element":    "<call-out type=\"info\">\n\n### Want help?\n\nAsk *us*.\n\n</call-out>",
		"link element":      "<call-out-link img=\"x.png\" link=\"https://example.com\">\n\n### Want help?\n\nAsk us.\n\n</call-out-link>",
		"Note":              "<Note>\n### Want help?\nAsk us.\n</Note>",
		"Card":              "<Card icon={x}>\n\n### Want help? {#help}\n\nAsk us.\n\n</Card>",
		"nested components": "<CardGroup>\n<Card>\n\n### Want help?\n\nAsk us.\n\n</Card>\n</CardGroup>",
		"fence of colons":   ":::note\n### Want help?\n\nAsk us.\n:::",
		"GitHub's alert":    "> [!NOTE]\n> ### Want help?\n> Ask us.",
		"block quote":       "> ### Want help?\n>\n> Ask us.",
		"indented note":     "!!! note \"Want help?\"\n    ## Ask us.",
		"HTML aside":        "<aside>\n\n### Want help?\n\nAsk us.\n\n</aside>",
		"HTML block quote":  "<blockquote><h3>Want help?</h3><p>Ask us.</p></blockquote>",
		"HTML div":          "<div class=\"note\"><h3>Want help?</h3><p>Ask us.</p></div>",
	}
	want := lines("A", "[Plans #plans]", "Three.", "", "Want help?", "", "Ask us.", "", "After.", "[Prices #prices]", "Low.")
	for name, aside := range asides {
		t.Run(name, func(t *testing.T) { require.Equal(t, want, show(read(t, "a.md", before+aside+after))) })
	}
}

func TestHeadingsOutsideAsides(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"an aside without an end":    {"<Note>\n\n## One\n\na", lines("A", "[One #one]", "a")},
		"the second has no end":      {"<Note>\n\na\n\n</Note>\n\n<Note>\n\n## One\n\nb", lines("A", "[ #]", "a", "[One #one]", "b")},
		"closed in itself":           {"<Card title=\"x\" />\n\n## One\n\n<Card>\n\nb\n\n</Card>", lines("A", "[ #]", "x", "[One #one]", "b")},
		"an end without a beginning": {"</Note>\n\n## One\n\na\n\n:::\n\n## Two\n\nb", lines("A", "[One #one]", "a", "[Two #two]", "b")},
		"a fence without an end":     {":::note\n\n## One\n\na", lines("A", "[One #one]", "a")},
		"other components":           {"<Steps>\n<Step>\n\n## One\n\na\n\n</Step>\n</Steps>", lines("A", "[One #one]", "a")},
		"code in an aside":           {"<Note>\n\n```\n# a comment\n```\n\n</Note>\n\n## One\n\na", lines("A", "[ #]", "# a comment", "[One #one]", "a")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.md", test.content))) })
	}
}

func TestAccordionEndsItsSection(t *testing.T) {
	content := "## Questions\n\n<AccordionGroup>\n<Accordion title=\"Why `x`?\">\n\nSo *so*.\n\n</Accordion>\n<Accordion title=\"How?\">\nThus.\n</Accordion>\n</AccordionGroup>\n\nAfter."
	require.Equal(t, lines("A", "[Questions > Why x? #why-]", "So so.", "[Questions > How? #how]", "Thus.", "[Questions #questions]", "After."),
		show(read(t, "a.md", content)))
}

func TestHeadingsInHTMLAsides(t *testing.T) {
	want := lines("A", "[Plans #]", "Three.", "", "Want help?", "", "Ask us.", "", "After.")
	for _, aside := range []string{
		"<aside class=tip><h3>Want help?</h3><p>Ask us.</p></aside>",
		"<blockquote><h3>Want help?</h3><p>Ask us.</p></blockquote>",
		"<div class='admonition note'><h3>Want help?</h3><p>Ask us.</p></div>",
		"<div role=note><h3>Want help?</h3>Ask us.</div>",
	} {
		require.Equal(t, want, show(read(t, "a.html", "<h2>Plans</h2><p>Three.</p>"+aside+"<p>After.</p>")), aside)
	}
	wrapped := "<div class='page info'><h1>T</h1><h2>Plans</h2><p>Three.</p></div>"
	require.Equal(t, lines("T", "[Plans #]", "Three."), show(read(t, "a.html", wrapped)), "the frame of a page is no aside")
}
