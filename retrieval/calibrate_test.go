package retrieval

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFitFindsTheWeights(t *testing.T) {
	var examples []example
	for i := range 400 {
		x := float64(i%100) / 100
		examples = append(examples, example{features{bias: 1, coverage: x}, x > 0.5, 1})
	}
	m := fit(features{}, 0.01, examples)
	require.Greater(t, m.probability(features{bias: 1, coverage: 0.8}), 0.9)
	require.Less(t, m.probability(features{bias: 1, coverage: 0.2}), 0.1)
}

func TestFitStaysNearThePrior(t *testing.T) {
	require.Equal(t, prior, fit(prior, priorStrength, nil).weights, "without examples the prior stands")
	one := fit(prior, priorStrength, []example{{features{bias: 1, coverage: 1}, false, 1}})
	for i := range prior {
		require.InDelta(t, prior[i], one.weights[i], 0.2, "one example moves little")
	}
}

func TestFitOfExamplesThatOneLineParts(t *testing.T) {
	var examples []example
	for i := range 100 {
		examples = append(examples, example{features{bias: 1, coverage: float64(i % 2)}, i%2 == 1, 1})
	}
	for _, w := range fit(prior, 0.001, examples).weights {
		require.InDelta(t, 0, w, 100, "weights stay finite though no line is best")
	}
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
	var yes, near, far int
	for _, tr := range ts {
		switch {
		case tr.answerable:
			yes++
		case tr.without != "":
			near++
		default:
			far++
		}
		require.NotEmpty(t, tr.text)
	}
	require.Equal(t, yes, near)
	require.Equal(t, yes, far)
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
