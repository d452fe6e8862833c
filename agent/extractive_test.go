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
		{"the second is worse", Request{Evidence: []retrieval.Hit{one, hit("b", "B", "Second.", 5)}}, "From «A»:\nFirst."},
		{"the second is of the same page", Request{Evidence: []retrieval.Hit{one, hit("a", "A", "Second.", 10)}}, "From «A»:\nFirst."},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.text, generated(t, test.request)) })
	}
}

func TestExcerptIsAroundTheBestSentence(t *testing.T) {
	var blocks []string
	for _, letter := range "abcdef" {
		blocks = append(blocks, strings.Repeat(string(letter), 250))
	}
	text := strings.Join(blocks, "\n\n")
	at := strings.Index(text, "ddd")
	got := excerpt(hit("x", "X", text, 1, retrieval.Span{Start: at, End: at + 3}))
	require.Equal(t, blocks[3]+"\n\n"+blocks[4], got)
	require.Equal(t, blocks[4]+"\n\n"+blocks[5], excerpt(hit("x", "X", text, 1, retrieval.Span{Start: len(text) - 1, End: len(text)})))
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
