package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVectorsOfASet(t *testing.T) {
	r, _ := evaluateJSON(t, "-beir", folder(t, beirSet()), "-embedder", "hash")
	require.Equal(t, "hash", r.Vectors.Embedder)
	require.Len(t, r.Vectors.Weights, len(vectorWeights))
	require.Equal(t, weighed{0, r.NDCG10}, r.Vectors.Weights[0], "without a weight there are no vectors")
	require.Zero(t, r.Vectors.Best, "nothing is better than perfect")

	stdout, _, err := evaluate(t, "-beir", folder(t, beirSet()), "-embedder", "hash")
	require.NoError(t, err)
	require.Regexp(t, `weight of vectors +0\.00 is best`, stdout)
	_, _, err = evaluate(t, "-beir", folder(t, beirSet()), "-embedder", "none")
	require.ErrorContains(t, err, `there is no embedder "none"`)
	_, _, err = evaluate(t, "-content", "x", "-questions", "y", "-embedder", "hash")
	require.ErrorContains(t, err, "-embedder goes with -beir")
}

func TestWeightIsJudgedOnTheOtherHalf(t *testing.T) {
	gains := make([][]float64, len(vectorWeights))
	for i := range gains {
		gains[i] = []float64{.5, .5, .5, .5}
	}
	gains[3] = []float64{.9, .3, .9, .3} // good for the even questions only
	f := newFusion("hash", gains)
	require.Equal(t, vectorWeights[3], f.Best)
	require.InDelta(t, -.1, f.Gain, 1e-9, "what was chosen on one half costs the other")
}
