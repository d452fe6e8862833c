package retrieval

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// naive returns the passages nearest to a vector by looking at all of them.
func naive(held map[uint32][]float32, vector []float32, limit int) []uint32 {
	product := func(v []float32) (sum float64) {
		for i, x := range v {
			sum += float64(x) * float64(vector[i])
		}
		return sum
	}
	var all []uint32
	for n, v := range held {
		if len(v) == len(vector) {
			all = append(all, n)
		}
	}
	slices.SortFunc(all, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(product(held[b]), product(held[a])), cmp.Compare(a, b))
	})
	return all[:min(len(all), limit)]
}

func passages(found []candidate) []uint32 {
	var out []uint32
	for _, c := range found {
		out = append(out, c.passage)
	}
	return out
}

func TestVectorsAreKeptAndFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s vectors
		held := make(map[uint32][]float32)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random := func(length int) []float32 {
			v := make([]float32, length)
			for i := range v {
				v[i] = r.Float32()*2 - 1
			}
			return v
		}
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				n := rapid.Uint32Range(0, 200).Draw(t, "passage")
				held[n] = random(rapid.SampledFrom([]int{0, 3, 33}).Draw(t, "length"))
				s.set(n, held[n])
			},
			"drop": func(t *rapid.T) {
				n := rapid.Uint32Range(0, 300).Draw(t, "passage")
				delete(held, n)
				s.drop(n)
			},
			"renumber": func(t *rapid.T) {
				moved, next := make([]uint32, 301), make(map[uint32][]float32)
				for n := range uint32(301) {
					moved[n] = uint32(len(next))
					if v, ok := held[n]; ok && len(v) > 0 {
						next[uint32(len(next))] = v
					}
				}
				s.renumber(moved, len(next))
				held = next
			},
			"": func(t *rapid.T) {
				for n := range uint32(301) {
					require.True(t, slices.Equal(held[n], s.of(n)), "passage %d", n)
				}
				vector := random(33)
				want := naive(held, vector, 5)
				var got []uint32
				if m := s.matrices[33]; m != nil {
					got = passages(m.nearest(vector, 5, func(uint32) bool { return true }))
				}
				require.True(t, slices.Equal(want, got), "want %v, got %v", want, got)
			},
		})
	})
}

func TestNearestAsksWhoMaySee(t *testing.T) {
	var s vectors
	for n := range uint32(500) {
		s.set(n, []float32{float32(n), 1})
	}
	even := func(n uint32) bool { return n%2 == 0 }
	require.Equal(t, []uint32{498, 496, 494}, passages(s.matrices[2].nearest([]float32{1, 0}, 3, even)))
	require.Empty(t, s.matrices[2].nearest([]float32{1, 0}, 3, func(uint32) bool { return false }))
}

func TestVectorsThatAreNoNumbers(t *testing.T) {
	var s vectors
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for n, v := range [][]float32{{nan, 0}, {1, 0}, {nan, nan}, {.5, 0}, {inf, 0}} {
		s.set(uint32(n), v)
	}
	require.Equal(t, []uint32{1, 3}, passages(s.matrices[2].nearest([]float32{1, 0}, 4, func(uint32) bool { return true })))
}

func TestVectorsOfRemovedPassagesAreUsedAgain(t *testing.T) {
	var s vectors
	for round := range 50 {
		for n := range uint32(100) {
			s.set(n, []float32{float32(round), float32(n)})
		}
		for n := range uint32(90) {
			s.drop(n)
		}
	}
	require.Len(t, s.matrices[2].blocks, 2, "as many as it takes for the most at a time")
	for n := range uint32(100) {
		s.drop(n)
	}
	require.Empty(t, s.matrices, "what is empty takes no memory")
}

// BenchmarkNearest reports the time of an exact search, the share of the true
// ten nearest that it finds, and the memory that a vector takes.
func BenchmarkNearest(b *testing.B) {
	const length = 384
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			random := func() []float32 {
				v := make([]float32, length)
				for i := range v {
					v[i] = float32(r.NormFloat64())
				}
				return unit(v)
			}
			before := memory()
			var s vectors
			for i := range n {
				s.set(uint32(i), random())
			}
			bytes := memory() - before
			all, asked := func(uint32) bool { return true }, random()
			for b.Loop() {
				s.matrices[length].nearest(asked, rescored, all)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/question")
			b.ReportMetric(float64(bytes)/float64(n), "B/vector")
			held, hits := make(map[uint32][]float32), 0
			for i := range n {
				held[uint32(i)] = s.of(uint32(i))
			}
			got := passages(s.matrices[length].nearest(asked, 10, all))
			for _, p := range naive(held, asked, 10) {
				if slices.Contains(got, p) {
					hits++
				}
			}
			b.ReportMetric(float64(hits)/10, "recall@10")
		})
	}
}

func memory() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
