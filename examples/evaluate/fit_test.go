package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// parted returns questions whose first signal parts the answerable ones at the
// half, but for every tenth.
func parted(n int) []judged {
	var out []judged
	for i := range n {
		x := float64(i*37%n) / float64(n)
		out = append(out, judged{[]float64{1, x, float64(i % 3)}, (x > .5) != (i%10 == 0), 1})
	}
	return out
}

func TestFit(t *testing.T) {
	w := fit(parted(500))
	require.InDelta(t, .5, probability(w, []float64{1, .5, 1}), .1, "the line that parts them")
	require.Greater(t, probability(w, []float64{1, .9, 1}), .75)
	require.InDelta(t, 0, w[2], .3, "a signal that says nothing has no weight")
}

func TestCrossValidate(t *testing.T) {
	yes, no := crossValidate(parted(500))
	require.Len(t, append(yes, no...), 500, "every question is foretold once")
	require.InDelta(t, .9, auroc(yes, no), .1)
	yes, no = crossValidate(nil)
	require.Empty(t, append(yes, no...))
}

func TestSquared(t *testing.T) {
	q := squared([]judged{{[]float64{1, 2, 3}, true, 1}})
	require.Equal(t, []float64{1, 2, 3, 4, 6, 9}, q[0].signals)
}

func TestFitOfASet(t *testing.T) {
	dir := folder(t, beirSet())
	stdout, _, err := evaluate(t, "-beir", dir, "-unanswerable", filepath.Join(dir, "unanswerable.jsonl"), "-fit")
	require.NoError(t, err)
	require.Regexp(t, `fitted to labels +AUROC \d`, stdout)
	require.Regexp(t, `no labels, mix stated +AUROC \d`, stdout)
}

func TestHoldoutNeedsBothHalves(t *testing.T) {
	files := beirSet()
	files["qrels/test.tsv"] = "1\tr\t1\n"
	_, _, err := evaluate(t, "-beir", folder(t, files), "-holdout")
	require.ErrorContains(t, err, "-holdout needs questions about documents in either half")
}
