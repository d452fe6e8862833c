package lead

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/agent"
)

// drawGoal returns a goal of numbers, whose bands are from i to i+1.
func drawGoal(t *rapid.T, most int) *Goal {
	cfg := Config{Name: "g", Known: rapid.Float64Range(.1, 1).Draw(t, "known")}
	for i := range rapid.IntRange(1, most).Draw(t, "criteria") {
		c := Criterion{
			Name: fmt.Sprint("c", i), Type: agent.Number, Ask: map[string]string{"en": fmt.Sprintf("What is c%d?", i)},
			Weight: rapid.IntRange(1, 5).Draw(t, "weight"), Required: rapid.Bool().Draw(t, "required"),
		}
		for b := range rapid.IntRange(1, 3).Draw(t, "bands") {
			c.Bands = append(c.Bands, Band{
				In: []any{float64(b)}, Points: rapid.IntRange(0, 10).Draw(t, "points"),
				KnockOut: rapid.IntRange(0, 5).Draw(t, "knock out") == 0, Share: rapid.SampledFrom([]float64{0, .1, .3}).Draw(t, "share"),
			})
		}
		cfg.Criteria = append(cfg.Criteria, c)
	}
	g, err := New(cfg)
	require.NoError(t, err)
	return g
}

// eachEnd calls f for each combination of how the criteria from i on may end.
func (g *Goal) eachEnd(i int, p float64, ends []end, f func(p float64, ends []end)) {
	if i == len(g.criteria) {
		f(p, ends)
		return
	}
	for _, e := range g.ends(&g.criteria[i], &State{}) {
		g.eachEnd(i+1, p*e.share, append(ends[:i:i], e), f)
	}
}

// plainly judges ends one by one.
func (g *Goal) plainly(ends []end) int {
	weight, points, missing := 0, 0, false
	for _, e := range ends {
		if e.knocked {
			return 0
		}
		weight, points, missing = weight+e.weight, points+e.points, missing || e.missing
	}
	if missing {
		return isPartially
	}
	return g.judge(weight, points)
}

// TestGainsAreExact compares them with what all combinations one by one give.
func TestGainsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGoal(t, 4)
		var all [3]float64
		by := map[string]map[end]*[3]float64{}
		shares := map[string]map[end]float64{}
		g.eachEnd(0, 1, nil, func(p float64, ends []end) {
			v := g.plainly(ends)
			all[v] += p
			for i, e := range ends {
				name := g.criteria[i].Name
				if by[name] == nil {
					by[name], shares[name] = map[end]*[3]float64{}, map[end]float64{}
				}
				if by[name][e] == nil {
					by[name][e] = new([3]float64)
				}
				by[name][e][v] += p
				shares[name][e] += p
			}
		})
		for name, gain := range g.gains(&State{}) {
			want := entropy(all)
			for e, chances := range by[name] {
				share, given := shares[name][e], *chances
				for i := range given {
					given[i] /= share
				}
				want -= share * entropy(given)
			}
			require.InDelta(t, want, gain, 1e-9, name)
			require.GreaterOrEqual(t, gain, -1e-9, "to know more never tells less")
		}
	})
}

func BenchmarkNext(b *testing.B) {
	for _, n := range []int{5, 10, 20, 50, 100} {
		cfg := Config{Name: "g"}
		for i := range n {
			cfg.Criteria = append(cfg.Criteria, Criterion{
				Name: fmt.Sprint("c", i), Type: agent.Number, Ask: map[string]string{"en": "?"}, Weight: max(1, min(5, 100/n)),
				Bands: []Band{{In: []any{1.0}, Points: 10}, {In: []any{2.0}, Points: i % 10}, {In: []any{3.0}, KnockOut: true, Share: .01}},
			})
		}
		g, err := New(cfg)
		require.NoError(b, err)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				g.next(&State{})
			}
		})
	}
}
