package agent

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func hit(document, title, text string, score float64, spans ...retrieval.Span) retrieval.Hit {
	return retrieval.Hit{Passage: retrieval.Passage{Document: document, Title: title, Text: text}, Score: score, Spans: spans}
}

func generated(t require.TestingT, r Request) string {
	var b strings.Builder
	for d, err := range (Extractive{}).Generate(context.Background(), r) {
		require.NoError(t, err)
		b.WriteString(d.Text)
	}
	return b.String()
}

func TestExtractive(t *testing.T) {
	one, two := hit("a", "A", "First.", 10), hit("b", "B", "Second.", 9)
	for _, test := range []struct {
		name    string
		request Request
		text    string
	}{
		{"no evidence", Request{}, ""},
		{"one passage, in tone", Request{Profile: Profile{Personality: Casual}, Evidence: []retrieval.Hit{one}}, "Here's what our help pages say.\n\nFrom «A»:\nFirst."},
		{"two that are as good", Request{Evidence: []retrieval.Hit{one, two}}, "From «A»:\nFirst.\n\nFrom «B»:\nSecond."},
		{"the first is sure", Request{Score: .9, Evidence: []retrieval.Hit{one, two}}, "From «A»:\nFirst."},
		{"the second is worse", Request{Evidence: []retrieval.Hit{one, hit("b", "B", "Second.", 5)}}, "From «A»:\nFirst."},
		{"the second is of the same page", Request{Evidence: []retrieval.Hit{one, hit("a", "A", "Second.", 10)}}, "From «A»:\nFirst."},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.text, generated(t, test.request)) })
	}
}

func TestExcerpt(t *testing.T) {
	filler := func(letter string) string { return strings.Repeat(letter, 350) }
	long := strings.Join([]string{filler("a"), filler("b"), filler("c"), filler("d")}, "\n\n")
	list := filler("a") + "\n\n" + filler("b") + "\n\nDo this:\n\n- one\n- two\n- " + filler("c") + "\n\n" + filler("d") + "\n\nAfter:\n\n" + filler("e")
	code := filler("a") + "\n\n" + filler("b") + "\n\nRun this:\n\n```\nx\n\n" + filler("c") + "\n```\n\n" + filler("d")
	for _, test := range []struct{ name, text, at, want string }{
		{"short text is quoted whole", "One.\n\nTwo.", "Two", "One.\n\nTwo."},
		{"from the best paragraph on", long, "ccc", filler("c") + "\n\n" + filler("d")},
		{"a list from its announcement on", list, "two", "Do this:\n\n- one\n- two\n- " + filler("c") + "\n\n" + filler("d")},
		{"what is announced is quoted too", list, "Do this", "Do this:\n\n- one\n- two\n- " + filler("c") + "\n\n" + filler("d")},
		{"code is not cut", code, "Run", "Run this:\n\n```\nx\n\n" + filler("c") + "\n```\n\n" + filler("d")},
	} {
		t.Run(test.name, func(t *testing.T) {
			at := strings.Index(test.text, test.at)
			require.Equal(t, test.want, excerpt(hit("x", "X", test.text, 1, retrieval.Span{Start: at, End: at + 3})))
		})
	}
}

func TestExcerptOfALongTableIsItsMatchingRows(t *testing.T) {
	rows := []string{"The prices are:"}
	for i := range 40 {
		rows = append(rows, fmt.Sprintf("Country: C%d; Price: %d", i, i))
	}
	text := "Before.\n\n" + strings.Join(rows, "\n") + "\n\nAfter."
	span := func(row string) retrieval.Span {
		at := strings.Index(text, row+"\n")
		return retrieval.Span{Start: at, End: at + len(row)}
	}
	got := excerpt(hit("x", "X", text, 1, span(rows[31]), span(rows[8])))
	require.Equal(t, rows[8]+"\n"+rows[31], got)
}

// It says nothing that no passage says: what stands behind the names of the
// sources is text of the passages, word for word.
func TestExtractiveQuotesOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sentence := rapid.StringMatching(`[A-Z][a-z ]{5,200}[.?!]`)
		text := strings.Join(rapid.SliceOfN(sentence, 1, 12).Draw(t, "text"), rapid.SampledFrom([]string{" ", "\n\n"}).Draw(t, "between"))
		start := rapid.IntRange(0, len(text)-1).Draw(t, "start")
		h := hit("d", "T", text, 1, retrieval.Span{Start: start, End: len(text)})
		_, quoted, ok := strings.Cut(generated(t, Request{Evidence: []retrieval.Hit{h}}), "From «T»:\n")
		require.True(t, ok)
		require.NotEmpty(t, quoted)
		require.Contains(t, text, quoted)
	})
}
