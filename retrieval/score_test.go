package retrieval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// uneven are documents of words w0, w1, ..., each about half as common as the
// one before, so that lists are of every length.
func uneven(n int) []Document {
	r := rand.New(rand.NewPCG(1, 2))
	docs := make([]Document, n)
	for i := range docs {
		var words []string
		for range 3 + r.IntN(20) {
			words = append(words, fmt.Sprint("w", min(int(r.ExpFloat64()*1.4), 7)))
		}
		docs[i] = Document{ID: fmt.Sprint(i), Title: words[0], Sections: []Section{{Text: strings.Join(words, " ") + " pump"}}}
	}
	return docs
}

// TestForemostIsExact compares the pruned ranking by words with one that scores
// every passage.
func TestForemostIsExact(t *testing.T) {
	k := knowledge(t, uneven(3000)...)
	var gone []string
	for i := 0; i < 3000; i += 7 {
		gone = append(gone, fmt.Sprint(i))
	}
	require.NoError(t, k.Remove(t.Context(), gone...))
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("w0 w1 w2 w3 w4 w5 w6 w7 pump")), 1, 7).Draw(t, "words")
		limit := rapid.IntRange(1, 70).Draw(t, "limit")
		v := k.index.view(nil).without(fmt.Sprint(rapid.IntRange(0, 3000).Draw(t, "hidden")))
		q := v.question(strings.Join(words, " "), k.language)
		var want []candidate
		for n := range v.entries {
			if v.sees(uint32(n)) {
				if s := v.wordScore(q, uint32(n)); s > 0 {
					want = append(want, candidate{passage: uint32(n), words: s, score: s})
				}
			}
		}
		v.byScore(want)
		require.Equal(t, want[:min(limit, len(want))], v.words(q, limit), "the best passages are found, in order")
	})
}

func TestBest(t *testing.T) {
	b := newBest(3)
	require.Positive(t, b.least(), "nothing is as good as the least of none")
	for _, x := range []float32{1, 5, 2, 2, 7, 0, 3} {
		b.add(x)
	}
	require.Equal(t, best{3, 5, 7}, b)
}

func TestPosting(t *testing.T) {
	for _, p := range []struct{ passage, all, title, wantAll, wantTitle int }{
		{0, 1, 0, 1, 0}, {maxPassages - 1, 16, 3, 16, 3}, {77, 300, 9, 16, 3}, {5, 2, 1, 2, 1},
	} {
		got := newPosting(uint32(p.passage), p.all, p.title)
		require.Equal(t, []int{p.passage, p.wantAll, p.wantTitle}, []int{int(got.passage()), got.all(), got.title()})
	}
}

func TestVocabulary(t *testing.T) {
	v := newVocabulary()
	names := make([]string, 5000)
	for i := range names {
		names[i] = fmt.Sprintf("term%x", i*i)
		require.EqualValues(t, i, v.enter(names[i]), "terms are numbered in the order in which they come")
	}
	for i, name := range names {
		n, ok := v.number(name)
		require.True(t, ok)
		require.EqualValues(t, i, n)
	}
	_, ok := v.number("unknown")
	require.False(t, ok)
	require.EqualValues(t, 7, v.enter(names[7]), "a term has one number")
	var near []string
	v.near("term31f", 1, func(n uint32) { near = append(near, v.names[n]) })
	require.True(t, slices.Contains(near, "term310"), "a term that differs by a letter may be near")
	require.Less(t, len(near), 500, "most others are passed over")
}
