package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSummaryOfSets(t *testing.T) {
	one, other := folder(t, beirSet()), folder(t, beirSet())
	stdout, stderr, err := evaluate(t, "-beir", one, other, "-json")
	require.NoError(t, err)
	require.Empty(t, stderr)
	var s summary
	require.NoError(t, json.Unmarshal([]byte(stdout), &s), "-json prints one object for several sets")
	require.Len(t, s.Sets, 2, "flags may stand after the folders")
	require.Equal(t, other, s.Sets[1].Set)
	require.Equal(t, 1.0, s.NDCG10)
	require.InDelta(t, s.NDCG10-s.Plain.NDCG10, s.Plain.Difference, 1e-9)
	require.Nil(t, s.Pooled, "nothing is fitted that was not asked for")

	stdout, _, err = evaluate(t, "-beir", one, other)
	require.NoError(t, err)
	require.Regexp(t, `mean +1\.0000 +[01]\.\d{4} +[+-]\d`, stdout)
}

func TestReportComparesWithBM25(t *testing.T) {
	r, _ := evaluateJSON(t, "-beir", folder(t, beirSet()))
	require.Equal(t, comparison{1, 0}, *r.Plain)
}

func TestPooledFit(t *testing.T) {
	dir := folder(t, beirSet())
	far := filepath.Join(dir, "unanswerable.jsonl")
	stdout, _, err := evaluate(t, "-fit", "-json", "-unanswerable", far, "-beir", dir, folder(t, beirSet()))
	require.NoError(t, err)
	var s summary
	require.NoError(t, json.Unmarshal([]byte(stdout), &s))
	require.Len(t, s.Pooled.Tasks, 2)
	require.Equal(t, 1.0, s.Pooled.Tasks[0].OthersAUROC, "a task is foretold by the other")
	require.Positive(t, s.Pooled.Weights["coverage"])

	stdout, _, err = evaluate(t, "-fit", "-holdout", "-unanswerable", far, "-beir", dir, folder(t, beirSet()))
	require.NoError(t, err)
	require.Contains(t, stdout, "half removed")
	require.Contains(t, stdout, "pooled weight")
	_, _, err = evaluate(t, "-fit", "-beir", dir)
	require.ErrorContains(t, err, "-fit needs questions without an answer")
}

func TestPoolLeavesFamiliesOut(t *testing.T) {
	// The signal of the first two says the contrary of that of the third.
	yes := []judged{{[]float64{1, 1}, true, 1}, {[]float64{1, 0}, false, 1}}
	no := []judged{{[]float64{1, 1}, false, 1}, {[]float64{1, 0}, true, 1}}
	p := pool([]task{
		{"sets/faq-en", "far", yes, &separation{AUROC: .9, ECE: .1}},
		{"sets/faq-de", "far", yes, &separation{}},
		{"sets/bank", "far", no, &separation{}},
	}, []string{"bias", "signal"})
	require.Equal(t, leftOut{Task: "faq-en, far", AUROC: .9, ECE: .1, OthersAUROC: 0, OthersECE: p.Tasks[0].OthersECE}, p.Tasks[0],
		"a set in another language is left out with it")
	require.Zero(t, p.Tasks[2].OthersAUROC)
	require.Positive(t, p.Weights["signal"], "two tasks outweigh one")
}
