package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
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
	unanswerable := filepath.Join(dir, "unanswerable.jsonl")
	stdout, _, err := evaluate(t, "-fit", "-json", "-unanswerable", unanswerable, "-beir", dir, folder(t, beirSet()))
	require.NoError(t, err)
	var s summary
	require.NoError(t, json.Unmarshal([]byte(stdout), &s))
	require.Len(t, s.Pooled.Tasks, 4, "each set is asked the unanswerable questions and those of the other set")
	require.Equal(t, 1.0, s.Pooled.Tasks[0].OthersAUROC, "a task is foretold by the others")
	require.Equal(t, far, s.Pooled.Tasks[0].Kind)
	i := slices.IndexFunc(s.Pooled.Signals, func(w weights) bool { return w.Signal == "matched" })
	require.Positive(t, s.Pooled.Signals[i].Far, "weights go by the names of the signals")
	require.Zero(t, s.Pooled.Signals[i].Near, "nothing is fitted to questions that were not asked")

	stdout, _, err = evaluate(t, "-fit", "-holdout", "-unanswerable", unanswerable, "-beir", dir, folder(t, beirSet()))
	require.NoError(t, err)
	require.Contains(t, stdout, "half removed")
	require.Regexp(t, `matched +-?\d+\.\d\d +-?\d+\.\d\d\n`, stdout)
	_, _, err = evaluate(t, "-fit", "-beir", dir)
	require.ErrorContains(t, err, "-fit needs questions without an answer")
}

func TestPoolLeavesFamiliesOut(t *testing.T) {
	// The signal of the first two says the contrary of that of the others.
	yes := []judged{{[]float64{1, 1}, true, 1}, {[]float64{1, 0}, false, 1}}
	no := []judged{{[]float64{1, 1}, false, 1}, {[]float64{1, 0}, true, 1}}
	one := func() *separation { return &separation{Answerable: 1, Unanswerable: 1} }
	p := pool([]task{
		{"sets/faq-en", "other topics", far, yes, 1, &separation{Answerable: 1, Unanswerable: 1, AUROC: .9, ECE: .1}},
		{"sets/faq-de", "other topics", far, yes, 1, one()},
		{"sets/bank", "other topics", far, no, 1, one()},
		{"sets/bank", "half removed", near, no, 1, one()},
		{"sets/bank", foreignTo + "faq-en", far, yes, 1, one()},
	}, []string{"bias", "signal"})
	require.Equal(t, leftOut{"faq-en, other topics", far, .9, .1, 0, p.Tasks[0].OthersECE}, p.Tasks[0],
		"a set in another language is left out with it, and what asks its questions")
	require.Zero(t, p.Tasks[2].OthersAUROC)
	require.Zero(t, p.Tasks[3].OthersAUROC, "there is no other task of its kind")
	require.Positive(t, p.Signals[1].Far, "three tasks outweigh one")
	require.Negative(t, p.Signals[1].Near)
}

func TestForeignQuestionsAreInTheLanguageOfTheSet(t *testing.T) {
	german := map[string]string{
		"corpus.jsonl":   `{"_id": "r", "text": "Die Ware ist innerhalb von 30 Tagen und nicht später zurück."}` + "\n",
		"queries.jsonl":  `{"_id": "1", "text": "ist die Ware zurück und der Preis nicht"}` + "\n",
		"qrels/test.tsv": "1\tr\t1\n",
	}
	files := beirSet()
	unanswerable := filepath.Join(folder(t, files), "unanswerable.jsonl")
	stdout, _, err := evaluate(t, "-fit", "-json", "-unanswerable", unanswerable, "-beir", folder(t, files), folder(t, german))
	require.NoError(t, err)
	var s summary
	require.NoError(t, json.Unmarshal([]byte(stdout), &s))
	require.Len(t, s.Pooled.Tasks, 1, "questions in another language would be told apart by that alone")
	require.Nil(t, s.Sets[1].Far)
}

func TestSpread(t *testing.T) {
	q := func(ids ...string) (out []question) {
		for _, id := range ids {
			out = append(out, question{id: id})
		}
		return out
	}
	require.Equal(t, q("a", "c", "e"), spread(q("a", "b", "c", "d", "e"), 3))
	require.Equal(t, q("a", "b"), spread(q("a", "b"), 3))
	require.Empty(t, spread(nil, 3))
}
