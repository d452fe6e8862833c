package retrieval

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestGramCountsAreThoseOfAMap counts in and out, as passages come and go.
func TestGramCountsAreThoseOfAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var counts gramCounts
		want := make(map[uint32]int32)
		// Few grams are counted often, and those that differ in high bits alone collide.
		grams := rapid.OneOf(rapid.Uint32Range(1, 40), rapid.Map(rapid.Uint32Range(1, 5000), func(n uint32) uint32 { return n << 18 }), rapid.Uint32Min(1))
		for _, g := range rapid.SliceOfN(grams, 0, 3000).Draw(t, "grams") {
			by := int32(1)
			if want[g] > 2 {
				by = -want[g]
			}
			want[g] += by
			require.Equal(t, want[g], counts.add(g, by))
			if want[g] == 0 {
				delete(want, g)
			}
		}
		require.Equal(t, want, maps.Collect(counts.all()))
		for g, n := range want {
			require.Equal(t, n, counts.of(g))
		}
	})
}

func TestDistinct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grams := rapid.SliceOf(rapid.Uint32Range(1, 500)).Draw(t, "grams")
		var counts gramCounts
		want := slices.Compact(slices.Sorted(slices.Values(grams)))
		for range 2 { // it starts anew
			require.ElementsMatch(t, want, counts.distinct(slices.Clone(grams)))
		}
	})
}

// TestTallyCountsEveryGram compares the counts of a question's n-grams with those
// of all n-grams of a text.
func TestTallyCountsEveryGram(t *testing.T) {
	k := knowledge(t, numbered(20)...)
	text := rapid.StringOf(rapid.SampledFrom([]rune("abÀé ß.–'ab\n9我\xff")))
	rapid.Check(t, func(t *rapid.T) {
		q := k.index.view(nil).gramQuery(text.Draw(t, "question"))
		texts := rapid.SliceOf(rapid.OneOf(text, rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))).Draw(t, "texts")
		all := appendGrams(nil, texts...)
		want := make([]int, len(q.grams))
		for i, g := range q.grams {
			for _, other := range all {
				if other == g {
					want[i]++
				}
			}
		}
		require.Equal(t, len(all), q.tally(texts...))
		require.Equal(t, want, q.count)
	})
}
