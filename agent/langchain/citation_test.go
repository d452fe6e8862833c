package langchain

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

// parse reads a text in pieces that end at the given byte offsets.
func parse(evidence int, pieces ...string) []agent.Delta {
	c := citations{evidence: evidence}
	var deltas []agent.Delta
	for _, p := range pieces {
		deltas = append(deltas, c.push(p)...)
	}
	return append(deltas, c.flush()...)
}

// sum joins deltas.
func sum(deltas []agent.Delta) (text string, sources []int, noAnswer bool) {
	for _, d := range deltas {
		text += d.Text
		sources = append(sources, d.Sources...)
		noAnswer = noAnswer || d.NoAnswer
	}
	return text, sources, noAnswer
}

func TestCitations(t *testing.T) {
	for _, tt := range []struct {
		in, text string
		sources  []int
	}{
		{"30 days [1]. Next", "30 days. Next", []int{0}},
		{"30 days. [1] Next", "30 days. Next", []int{0}},
		{"30 days [1][2].", "30 days.", []int{0, 1}},
		{"30 days [1] [2].", "30 days.", []int{0, 1}},
		{"30 days [1, 3,2 ].", "30 days.", []int{0, 2, 1}},
		{"twice [1][1, 1].", "twice.", []int{0}},
		{"at the end [3]", "at the end", []int{2}},
		{"[1] at the beginning", "at the beginning", []int{0}},
		{"some of them exist [1, 9]", "some of them exist", []int{0}},
		{"none exist [9] [0] [99999999999999999999]", "none exist [9] [0] [99999999999999999999]", nil},
		{"no marker [a] [1a] [-1] [+1] [1.5] [] [ ] [1", "no marker [a] [1a] [-1] [+1] [1.5] [] [ ] [1", nil},
		{"a link [1](https://example.com) stays", "a link [1](https://example.com) stays", nil},
		{"nested [[1]] stays open", "nested [] stays open", []int{0}},
		{"\n\n  leading space", "leading space", nil},
		{"blanks \t stay \n too ", "blanks \t stay \n too ", nil},
		{"a line\n[2]\nand one", "a line\n\nand one", []int{1}},
		{"wide" + strings.Repeat(" ", 200) + "[1]", "wide" + strings.Repeat(" ", 200), []int{0}},
	} {
		t.Run(tt.in, func(t *testing.T) {
			// However the text is cut, the answer is the same.
			for cut := range len(tt.in) + 1 {
				text, sources, _ := sum(parse(3, tt.in[:cut], tt.in[cut:]))
				if !strings.HasPrefix(tt.in, "wide") {
					require.Equal(t, tt.text, text, "cut at %d", cut)
				}
				slices.Sort(sources)
				want := slices.Clone(tt.sources)
				slices.Sort(want)
				require.Equal(t, want, slices.Compact(sources), "cut at %d", cut)
			}
		})
	}
}

func TestCitationsEndTheirText(t *testing.T) {
	require.Equal(t, []agent.Delta{
		{Text: "You have 30 days", Sources: []int{0}},
		{Text: ". Gifts have 60", Sources: []int{1, 0}},
		{Text: "."},
	}, parse(2, "You have 30 days [1]. Gifts have 60 [2][1]."))
}

func TestNoAnswerMarker(t *testing.T) {
	for _, pieces := range [][]string{
		{"[no answer]"}, {"[No Answer]."}, {"[", "no ans", "wer]"}, {"I am sorry. [no answer", "]"},
	} {
		text, _, noAnswer := sum(parse(1, pieces...))
		require.True(t, noAnswer, "%q", pieces)
		require.NotContains(t, text, "[")
	}
	text, _, noAnswer := sum(parse(1, "[no ", "answers] [no answer"))
	require.False(t, noAnswer)
	require.Equal(t, "[no answers] [no answer", text)
}

func TestLittleIsHeldBack(t *testing.T) {
	c := citations{evidence: 1}
	for _, s := range []string{strings.Repeat("[1,", 1000), strings.Repeat("1", 1000), strings.Repeat(" ", 1000)} {
		c.push(s)
		require.LessOrEqual(t, len(c.held), maxMarker+2)
	}
}

func FuzzCitations(f *testing.F) {
	f.Add("You have 30 days [1]. Gifts [2, 1] [no answer] [x](y) [1", uint(3), uint(20))
	f.Add("[1][[2]]  [", uint(1), uint(2))
	f.Fuzz(func(t *testing.T, s string, i, j uint) {
		s = strings.ToValidUTF8(s, "")
		a, b := int(i%uint(len(s)+1)), int(j%uint(len(s)+1))
		a, b = min(a, b), max(a, b)
		deltas := parse(3, s[:a], s[a:b], s[b:])
		text, sources, noAnswer := sum(deltas)
		for _, n := range sources {
			require.True(t, n >= 0 && n < 3)
		}
		require.LessOrEqual(t, len(text), len(s))
		if utf8.ValidString(s[:a]) && utf8.ValidString(s[a:b]) {
			require.True(t, utf8.ValidString(text))
		}
		if len(sources) == 0 && !noAnswer {
			require.Equal(t, strings.TrimLeft(s, " \t\r\n"), text, "a text without markers is left alone")
		}
	})
}
