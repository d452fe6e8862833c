package channel_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/channel"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name string
		max  int
		text string
		want []string
	}{
		{"nothing", 10, " \n ", nil},
		{"what fits", 5, "Hello", []string{"Hello"}},
		{"no limit", 0, "Hello, world", []string{"Hello, world"}},
		{"paragraphs first", 30, "One. Two three.\n\nFour five. Six seven.", []string{"One. Two three.", "Four five. Six seven."}},
		{"then lines", 24, "- one apple pie\n- two apple pies", []string{"- one apple pie", "- two apple pies"}},
		{"then sentences", 24, "It is late. We know why. Sorry!", []string{"It is late. We know why.", "Sorry!"}},
		{"a quoted sentence", 20, `He said "now." Then he went.`, []string{`He said "now."`, "Then he went."}},
		{"no number of a list", 12, "Do this: 1. Open it", []string{"Do this: 1.", "Open it"}},
		{"then words", 12, "one two three four", []string{"one two", "three four"}},
		{"not in the first quarter", 40, "No. A sentence that goes on and on until it ends.", []string{"No. A sentence that goes on and on until", "it ends."}},
		{"then characters", 4, "abcdefghij", []string{"abcd", "efgh", "ij"}},
		{"wide scripts", 8, "你好。今天天气好吗？很好。", []string{"你好。", "今天天气好吗？", "很好。"}},
		{"no Markdown link", 30, "Read our [returns policy](https://a.example/r) now", []string{"Read our", "[returns policy](https://a.exa", "mple/r) now"}},
		{"no Markdown link that fits", 40, "Please read our [returns policy](https://a.ex/r) now", []string{"Please read our", "[returns policy](https://a.ex/r) now"}},
		{"no bare link", 26, "See https://a.example/help?q=1 for more", []string{"See", "https://a.example/help?q=1", "for more"}},
		{"no emoji", 6, "aaa👩‍👩‍👧b", []string{"aaa", "👩‍👩‍👧b"}},
		{"no skin tone", 4, "aaa👍🏽b", []string{"aaa", "👍🏽b"}},
		{"invalid UTF-8 as it is", 2, "\xff\xfe\xfda", []string{"\xff\xfe", "\xfda"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, channel.Split(tt.text, tt.max))
		})
	}
}

var link = regexp.MustCompile(`\[[^\]\n]*\]\([^)\s]*\)|https?://[^\s<>]+`)

// word draws what answers are made of.
var word = rapid.OneOf(
	rapid.StringMatching(`[a-zé你😀]{1,12}`),
	rapid.SampledFrom([]string{".", "! ", "\n", "\n\n", "- ", "1. ", "👩‍👩‍👧", "é", "。",
		"https://a.example/b?c=d", "[our policy](https://a.ex/p)", "[x](mailto:a@b.c)"}),
)

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(word).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "gap"))
		max := rapid.IntRange(1, 80).Draw(t, "max")
		pieces := channel.Split(text, max)
		checkPieces(t, text, max, pieces)
		for _, l := range link.FindAllString(text, -1) {
			if utf8.RuneCountInString(l) <= max {
				require.Contains(t, strings.Join(pieces, "\n"), l, "a link that fits stays in one piece")
			}
		}
	})
}

func checkPieces(t require.TestingT, text string, max int, pieces []string) {
	rest := strings.TrimSpace(text)
	for _, p := range pieces {
		require.NotEmpty(t, p, "no piece is empty")
		require.LessOrEqual(t, utf8.RuneCountInString(p), max, "no piece is too long")
		require.True(t, utf8.ValidString(p) || !utf8.ValidString(text), "no character is cut")
		require.True(t, strings.HasPrefix(rest, p), "nothing is lost but white space: %q begins with %q", rest, p)
		rest = strings.TrimSpace(rest[len(p):])
	}
	require.Empty(t, rest, "nothing is lost at the end")
}

func FuzzSplit(f *testing.F) {
	f.Add("One. Two [three](https://a.example).\n\nFour", 10)
	f.Add("\xff👩‍👩‍👧 a", 1)
	f.Fuzz(func(t *testing.T, text string, max int) {
		if max > 0 {
			checkPieces(t, text, max, channel.Split(text, max))
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	text := strings.Repeat("Orders arrive in 3 days. Read [how](https://a.example/how) we ship them.\n\n", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		channel.Split(text, 1600)
	}
}
