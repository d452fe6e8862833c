package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

func TestRST(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"titles": {
			"=====\nGuide\n=====\n\nIntro.\n\nFirst\n=====\n\none\n\nDeeper\n------\n\ntwo\n\nSecond\n======\n\nthree",
			lines("Guide", "[ #]", "Intro.", "[First #first]", "one", "[First > Deeper #deeper]", "two", "[Second #second]", "three"),
		},
		"targets": {"Guide\n=====\n\n.. _my_label:\n\nPart\n----\n\ntext", lines("Guide", "[Part #my-label]", "text")},
		"inline": {"See :ref:`the gap <gap>`, `site <https://x.example>`__, ``a_b``, **bold** and *it*, :py:func:`~os.path.join`, link_, |name| [1]_ and 2 \\* 3.\n\n.. |name| replace:: Our *shop*",
			lines("A", "[ #]", "See the gap, site, a_b, bold and it, join, link, Our shop and 2 * 3.")},
		"lists":       {"* one\n  goes on\n\n  - deep\n\n* two\n\n1. first\n2. second", lines("A", "[ #]", "- one", "  goes on", "  - deep", "- two", "", "1. first", "2. second")},
		"definitions": {"term : class\n   What it is.\n\n   More.\n\n-v, --verbose  Says more.", lines("A", "[ #]", "term", "What it is.", "", "More.", "", "-v, --verbose: Says more.")},
		"literal":     {"Do this::\n\n    $ run\n      it\n\nThen that.\n\n.. code-block:: go\n   :linenos:\n\n   x := 1", lines("A", "[ #]", "Do this:", "", "$ run", "  it", "", "Then that.", "", "x := 1")},
		"notes":       {".. note:: Mind the gap\n   and go on.\n\n.. warning::\n\n   Hot.\n\n.. versionadded:: 2.1\n   Works.", lines("A", "[ #]", "Mind the gap and go on.", "", "Hot.", "", "Added in version 2.1: Works.")},
		"silent": {".. A comment\n   of two lines.\n\n.. toctree::\n   :maxdepth: 2\n\n   one\n   two\n\n.. image:: x.png\n   :alt: none\n\n.. _x: https://x.example\n\n__ https://y.example\n\nText.\n\n----\n\nEnd.",
			lines("A", "[ #]", "Text.", "", "End.")},
		"figures":     {".. figure:: x.png\n   :alt: The button at the top\n\n   How it *looks*.", lines("A", "[ #]", "The button at the top", "", "How it looks.")},
		"fields":      {":Author: Me\n:orphan:\n:language: de\n\nText.", lines("A", "[ #]", "Author: Me", "", "Text.")},
		"grid":        {"+------+------+\n| Plan | Days |\n+======+======+\n| Card | 5 or |\n|      | 6    |\n+------+------+\n| Bank | 7    |\n+------+------+", lines("A", "[ #]", "Plan: Card; Days: 5 or 6", "Plan: Bank; Days: 7")},
		"simple":      {"====  =====\nPlan  Days\n====  =====\nCard  5 or\n      6\nBank  *7*\n====  =====\n\nEnd.", lines("A", "[ #]", "Plan: Card; Days: 5 or 6", "Plan: Bank; Days: 7", "", "End.")},
		"list table":  {".. list-table:: Prices\n   :header-rows: 1\n\n   * - Plan\n     - Days\n   * - Card\n     - 5", lines("A", "[ #]", "Prices", "", "Plan: Card; Days: 5")},
		"csv table":   {".. csv-table::\n   :header: \"Plan\", \"Days\"\n\n   \"Card\", 5", lines("A", "[ #]", "Plan: Card; Days: 5")},
		"line block":  {"| Main St 1\n| Town", lines("A", "[ #]", "Main St 1", "Town")},
		"footnotes":   {"Text.\n\n.. [1] Said\n   so.", lines("A", "[ #]", "Text.", "", "[1] Said so.")},
		"quotation":   {"Text:\n\n   Quoted\n   here.", lines("A", "[ #]", "Text:", "", "Quoted", "here.")},
		"description": {".. function:: open(name)\n\n   Opens it.", lines("A", "[ #]", "open(name)", "", "Opens it.")},
		"initials":    {"A. Smith said\nso.", lines("A", "[ #]", "A. Smith said", "so.")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, show(read(t, "a.rst", test.content))) })
	}
	require.Equal(t, "de", read(t, "a.rst", ":language: de\n\nText.").Language)
}

func FuzzRST(f *testing.F) {
	f.Add("Title\n=====\n\n.. note:: x\n\n* a\n\n  1. b\n\n::\n\n  code\n\n|x|_ `y <z>`__ :r:`~a.b`\n\n.. |x| replace:: |x|")
	f.Add("+--+--+\n|a |b |\n+==+==+\n|c    |\n+--+--+\n\n== ==\na  b\n== ==\nc\n== ==\n")
	f.Add(".. list-table::\n\n   * - a\n     - b\n\n.. csv-table::\n   :delim: \"\n\n   a\"b")
	e := New(&Options{MaxText: 1 << 20})
	f.Fuzz(func(t *testing.T, content string) {
		_, err := e.Extract(t.Context(), ingest.Item{Name: "a.rst"}, strings.NewReader(content))
		if err != nil {
			require.NotContains(t, err.Error(), "panicked")
		}
	})
}
