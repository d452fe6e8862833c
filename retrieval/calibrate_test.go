package retrieval

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// drawn are examples of near evidence from -3 to 3 whose answers follow a slope
// and a level.
func drawn(slope, level float64) []example {
	r := rand.New(rand.NewPCG(1, 1))
	var out []example
	for i := range 2000 {
		z := 6*float64(i)/2000 - 3
		out = append(out, example{z, r.Float64() < 1/(1+math.Exp(-level-slope*z))})
	}
	return out
}

func TestTrustIsTheSlope(t *testing.T) {
	for _, slope := range []float64{.3, 1, 2.5} {
		require.InDelta(t, slope, trust(drawn(slope, 0)), .15)
		require.InDelta(t, slope, trust(drawn(slope, 1.5)), .15, "however many are answerable")
	}
}

func TestTrustStaysNearOne(t *testing.T) {
	require.Equal(t, 1.0, trust(nil), "without examples the weights stand")
	require.InDelta(t, 1, trust([]example{{1, false}, {-1, true}}), .3, "a few examples move little")
	require.Equal(t, leastTrust, trust(drawn(-2, 0)), "evidence never speaks for the contrary")
}

func TestTrustOfExamplesThatOneLineParts(t *testing.T) {
	var examples []example
	for i := range 100 {
		examples = append(examples, example{float64(i%2)*200 - 100, i%2 == 1})
	}
	got := trust(examples)
	require.False(t, math.IsNaN(got) || math.IsInf(got, 0), "it stays finite though no line is best")
}

func calibrated(t *testing.T, k *Knowledge) *model {
	t.Helper()
	m, err := k.calibrated(t.Context())
	require.NoError(t, err)
	return m
}

func TestCalibrationIsFittedOncePerThird(t *testing.T) {
	docs := numbered(100)
	k := knowledge(t, docs[:40]...)
	first := calibrated(t, k)
	require.Same(t, first, calibrated(t, k), "a second search does not fit again")
	require.NoError(t, k.Add(t.Context(), docs[40:50]...))
	require.Same(t, first, calibrated(t, k), "a small change does not either")
	require.NoError(t, k.Add(t.Context(), docs[50:]...))
	second := calibrated(t, k)
	require.NotSame(t, first, second, "growth by a third does")
	var ids []string
	for _, d := range docs[20:] {
		ids = append(ids, d.ID)
	}
	require.NoError(t, k.Remove(t.Context(), ids...))
	require.NotSame(t, second, calibrated(t, k), "and so does shrinking")
}

func TestCalibrationDoesNotWaitForAnother(t *testing.T) {
	docs := numbered(60)
	k := knowledge(t, docs[:20]...)
	old := calibrated(t, k)
	require.NoError(t, k.Add(t.Context(), docs[20:]...))
	k.calibrator.mu.Lock() // another search is fitting
	require.Same(t, old, calibrated(t, k))
	k.calibrator.mu.Unlock()
	require.NotSame(t, old, calibrated(t, k))
}

func TestTrials(t *testing.T) {
	k := knowledge(t, numbered(200)...)
	sample := k.sample()
	require.Len(t, sample, sampled, "the work of calibrating is bounded")
	ts := trials(sample)
	require.Equal(t, ts, trials(sample), "trials are the same every time")
	answered := 0
	for i, tr := range ts {
		require.NotEmpty(t, tr.text)
		if tr.without == "" {
			answered++
			require.Equal(t, tr.text, ts[i+1].text, "each question is asked again without its document")
			require.NotEmpty(t, ts[i+1].without)
		}
	}
	require.Equal(t, len(ts), 2*answered)
	require.Empty(t, trials(nil))
}

func TestCalibrate(t *testing.T) {
	k := knowledge(t, numbered(40)...)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, k.Calibrate(done), context.Canceled)
	require.Nil(t, k.calibrator.current.Load(), "what failed has changed nothing")
	require.NoError(t, k.Calibrate(t.Context()))
	c := k.calibrator.current.Load()
	require.NotNil(t, c)
	_, err := k.Retrieve(t.Context(), Query{Text: "part 7"})
	require.NoError(t, err)
	require.Same(t, c, k.calibrator.current.Load(), "the first search has nothing left to learn")
}

func TestFeaturesAreOfTheFirstPassage(t *testing.T) {
	k := knowledge(t,
		Document{ID: "a", Title: "Budgets", Sections: []Section{{Text: "Deleting a budget of an account takes one click in the settings."}}},
		Document{ID: "b", Title: "Backups", Sections: []Section{{Text: "Restore what you lost from the backups of last week."}}})
	v := k.index.view(nil)
	q := v.question("restore a deleted budget", k.language)
	ranked := v.rank(q, nil, rescored)
	require.Len(t, ranked, 2)
	f := v.features(q, "restore a deleted budget", ranked)
	require.Less(t, f[coverage], 1.0, "what the first passage lacks is missing")
	const timed = "how long does deleting a budget take"
	q = v.question(timed, k.language)
	require.Equal(t, 1.0, v.features(q, timed, v.rank(q, nil, rescored))[unmet], "a time is asked for and none given")
}
