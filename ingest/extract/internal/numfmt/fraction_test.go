package numfmt

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The nearest fraction is the one that trying all denominators finds.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0, 1000).Draw(t, "v")
		limit := rapid.SampledFrom([]int{9, 99, 999}).Draw(t, "limit")
		n, d := nearest(v, limit)
		require.True(t, d >= 1 && d <= limit, "%d/%d", n, d)
		best := math.Inf(1)
		for c := 1; c <= limit; c++ {
			best = min(best, math.Abs(v-math.Round(v*float64(c))/float64(c)))
		}
		require.InDelta(t, best, math.Abs(v-float64(n)/float64(d)), 1e-9)
	})
	for v, want := range map[float64][2]int{0: {0, 1}, 0.5: {1, 2}, 2.34: {117, 50}, 1e9: {1e9, 1}, 0.999: {1, 1}} {
		n, d := nearest(v, 99)
		require.Equal(t, want, [2]int{n, d}, "%v", v)
	}
}
