package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNDCG(t *testing.T) {
	relevant := map[string]int{"a": 3, "b": 2, "c": 1}
	require.InDelta(t, 1, ndcg([]string{"a", "b", "c"}, relevant, 10), 1e-9)
	// (2/log2(2) + 3/log2(3) + 1/log2(5)) / (3/log2(2) + 2/log2(3) + 1/log2(4))
	require.InDelta(t, (2+1.892789+0.430677)/(3+1.261860+0.5), ndcg([]string{"b", "a", "x", "c"}, relevant, 10), 1e-5)
	require.InDelta(t, 2.0/3, ndcg([]string{"b", "a"}, relevant, 1), 1e-9)
	require.Zero(t, ndcg(nil, relevant, 10))
	require.Zero(t, ndcg([]string{"a"}, nil, 10))
}

func TestRecallAndReciprocalRank(t *testing.T) {
	relevant := map[string]int{"a": 1, "b": 1}
	ranked := []string{"x", "a", "y", "b"}
	require.Equal(t, 0.0, recall(ranked, relevant, 1))
	require.Equal(t, 0.5, recall(ranked, relevant, 2))
	require.Equal(t, 1.0, recall(ranked, relevant, 100))
	require.Equal(t, 0.5, reciprocal(ranked, relevant, 10))
	require.Equal(t, 0.0, reciprocal(ranked, relevant, 1))
}

func TestAUROC(t *testing.T) {
	require.Equal(t, 1.0, auroc([]float64{.8, .9}, []float64{.1, .2}))
	require.Equal(t, 0.0, auroc([]float64{.1}, []float64{.2, .3}))
	require.Equal(t, 0.5, auroc([]float64{.5, .5}, []float64{.5}), "equal scores count half")
	require.Equal(t, 0.75, auroc([]float64{.4, .9}, []float64{.3, .6}))
	require.Zero(t, auroc(nil, []float64{.1}))
}

func TestCalibrationError(t *testing.T) {
	require.InDelta(t, 0, calibrationError([]float64{1, 1}, []float64{0, 0}), 1e-9)
	require.InDelta(t, 1, calibrationError([]float64{0}, []float64{1}), 1e-9)
	require.InDelta(t, 0, calibrationError([]float64{.75, .75, .75}, []float64{.75}), 1e-9)
	require.InDelta(t, 0.25, calibrationError([]float64{.75, .75}, []float64{.75, .75}), 1e-9)
}

func TestPercentile(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	require.Equal(t, 3.0, percentile(values, .5))
	require.Equal(t, 5.0, percentile(values, .99))
	require.Equal(t, 1.0, percentile(values, 0))
	require.Zero(t, percentile(nil, .5))
	require.Equal(t, []float64{5, 1, 4, 2, 3}, values, "the values keep their order")
}
