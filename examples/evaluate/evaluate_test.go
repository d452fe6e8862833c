package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// folder writes files into a new folder and returns its path.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

// beirSet is a small set in BEIR form.
func beirSet() map[string]string {
	return map[string]string{
		"corpus.jsonl": `{"_id": "r", "title": "Returns", "text": "Send items back within 30 days of delivery for a refund."}
{"_id": "s", "title": "Shipping", "text": "We ship to Canada and Norway by rail."}
{"_id": "p", "title": "Passwords", "text": "Reset a forgotten password on the sign-in page."}
{"_id": "t", "title": "Only a title", "text": ""}
`,
		"queries.jsonl": `{"_id": "1", "text": "refund for items sent back"}
{"_id": "2", "text": "do you ship to Norway"}
{"_id": "3", "text": "forgotten password"}
{"_id": "4", "text": "nobody judged this"}
{"_id": "5", "text": "only a title"}
`,
		"qrels/test.tsv":     "query-id\tcorpus-id\tscore\n1\tr\t1\n2\ts\t2\n2\tp\t0\n3\tp\t1\n5\tt\t1\n",
		"unanswerable.jsonl": `{"_id": "u", "text": "what is the capital of France"}` + "\n" + `{"_id": "w", "text": "tell me a joke about elephants"}`,
	}
}

func evaluate(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	err = run(t.Context(), args, &out, &log)
	return out.String(), log.String(), err
}

func evaluateJSON(t *testing.T, args ...string) (r report, stderr string) {
	t.Helper()
	stdout, stderr, err := evaluate(t, append(args, "-json")...)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(stdout), &r), "-json prints one object")
	return r, stderr
}

func TestBEIR(t *testing.T) {
	dir := folder(t, beirSet())
	r, stderr := evaluateJSON(t, "-beir", dir, "-unanswerable", filepath.Join(dir, "unanswerable.jsonl"), "-holdout")
	require.Empty(t, stderr, "a good set gives no warning")
	require.Equal(t, 4, r.Documents)
	require.Equal(t, 4, r.Judged, "questions without judgements are not asked")
	require.Equal(t, []float64{1, 1, 1, 1}, []float64{r.NDCG10, r.Recall1, r.Recall100, r.MRR10})
	require.Equal(t, 2, r.Far.Unanswerable)
	require.Equal(t, 1.0, r.Far.AUROC)
	require.Zero(t, r.Far.Answered)
	require.Zero(t, r.Far.LabelledAUROC, "nothing is fitted that was not asked for")
	require.Equal(t, 1.0, r.Far.DefaultAUROC)
	require.Equal(t, 4, r.Near.Answerable+r.Near.Unanswerable, "all questions are asked again")
	require.Equal(t, 1.0, r.Near.AUROC)
	require.Positive(t, r.IndexRate)
	require.Positive(t, r.P99)
}

func TestBEIRTable(t *testing.T) {
	stdout, _, err := evaluate(t, "-beir", folder(t, beirSet()), "-holdout", "-n", "3")
	require.NoError(t, err)
	for _, row := range []string{"nDCG@10 ", "recall@1, 5, 10, 100 ", "MRR@10 ", "answerability, half removed ", "no labels, mix stated ", "no labels, default mix ", "search p50, p99 ", "indexing "} {
		require.Contains(t, stdout, row)
	}
	require.NotContains(t, stdout, "other topics", "what was not measured is not printed")
	require.NotContains(t, stdout, "warnings")
}

func TestBEIRBadLines(t *testing.T) {
	files := beirSet()
	files["corpus.jsonl"] += "{\"_id\": \"r\", \"text\": \"again\"}\n{broken\n{\"text\": \"no id\"}\n{\"_id\": \"e\"}\n"
	files["queries.jsonl"] += "[]\n{\"_id\": \"1\", \"text\": \"again\"}\n{\"_id\": \"9\"}\n"
	files["qrels/test.tsv"] += "1\tmissing\t1\n1 r 1\n1\tr\tmany\n"
	r, stderr := evaluateJSON(t, "-beir", folder(t, files))
	require.Equal(t, 4, r.Judged, "bad lines are passed over")
	require.Equal(t, 1, r.Missing)
	require.Equal(t, 10, r.Warnings)
	for _, want := range []string{
		`corpus.jsonl:5: the document "r" stands above already`, "corpus.jsonl:6: not a JSON object", "corpus.jsonl:7: no _id",
		`corpus.jsonl:8: the document "e" is empty`, "queries.jsonl:6: not a JSON object",
		`queries.jsonl:7: the question "1" stands above already`, "queries.jsonl:8: the question has no text",
		`test.tsv:7: no document "missing"`, "test.tsv:8: want query-id", `test.tsv:9: the score "many"`,
	} {
		require.Contains(t, stderr, want, "a warning names the file and the line")
	}
}

func TestManyWarningsAreCounted(t *testing.T) {
	files := beirSet()
	files["corpus.jsonl"] += strings.Repeat("{\n", 50)
	r, stderr := evaluateJSON(t, "-beir", folder(t, files))
	require.Equal(t, 50, r.Warnings)
	require.Less(t, strings.Count(stderr, "\n"), 30)
}

func TestBEIRFaults(t *testing.T) {
	for name, tt := range map[string]struct{ file, text, want string }{
		"empty corpus":   {"corpus.jsonl", "", "corpus.jsonl holds no document"},
		"nothing judged": {"qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "holds no question that qrels/test.tsv judges"},
		"no questions":   {"queries.jsonl", "", "queries.jsonl holds no question"},
	} {
		t.Run(name, func(t *testing.T) {
			files := beirSet()
			files[tt.file] = tt.text
			_, _, err := evaluate(t, "-beir", folder(t, files))
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, _, err := evaluate(t, "-beir", t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "corpus.jsonl")
}

func TestContent(t *testing.T) {
	dir := folder(t, map[string]string{
		"help/returns.md":  "# Returns\n\nSend items back within 30 days.\n\n## Refunds\n\nRefunds reach your card in 5 days.\n",
		"help/shipping.md": "# Shipping\n\nWe ship to Canada and Norway by rail.\n",
		"questions.jsonl": `{"id": "1", "question": "when do refunds reach my card", "relevant": ["returns.md#refunds"], "answerable": true}
{"id": "2", "question": "do you ship to Norway", "relevant": ["shipping.md"]}
{"id": "3", "question": "what is the capital of France", "answerable": false}
{"id": "4", "question": "who is the tallest giraffe"}
{"id": "5", "question": "ship by rail", "relevant": ["gone.md", "shipping.md"]}
{"id": "6"}
`,
	})
	r, stderr := evaluateJSON(t, "-content", filepath.Join(dir, "help"), "-questions", filepath.Join(dir, "questions.jsonl"))
	require.Equal(t, 2, r.Documents)
	require.Equal(t, 3, r.Passages)
	require.Equal(t, 3, r.Judged)
	require.Equal(t, 1.0, r.NDCG10)
	require.Equal(t, 2, r.Far.Unanswerable, "a question with no relevant document is unanswerable unless it says otherwise")
	require.Equal(t, 1.0, r.Far.AUROC)
	require.Contains(t, stderr, `questions.jsonl:5: no document "gone.md"`)
	require.Contains(t, stderr, "questions.jsonl:6: the question has no text")
}

func TestContentFaults(t *testing.T) {
	dir := folder(t, map[string]string{"a.md": "Text.", "none.jsonl": `{"question": "who", "answerable": false}`})
	questions := filepath.Join(dir, "none.jsonl")
	_, _, err := evaluate(t, "-content", dir, "-questions", questions)
	require.ErrorContains(t, err, "holds no answerable question")
	_, _, err = evaluate(t, "-content", t.TempDir(), "-questions", questions)
	require.ErrorContains(t, err, "holds no file with text")
	_, _, err = evaluate(t, "-content", questions, "-questions", questions)
	require.ErrorContains(t, err, "is no folder")
}

func TestArguments(t *testing.T) {
	_, _, err := evaluate(t, "-content", "b", "rest", "-threshold", "2")
	for _, want := range []string{`unexpected argument "rest"`, "needs -questions", "between 0 and 1"} {
		require.ErrorContains(t, err, want, "all faults are reported at once")
	}
	_, _, err = evaluate(t, "-content", "b", "-beir", "a")
	require.ErrorContains(t, err, "either -beir DIR or -content DIR")
	_, _, err = evaluate(t)
	require.ErrorContains(t, err, "either -beir DIR or -content DIR")
	_, stderr, err := evaluate(t, "-unknown")
	require.Error(t, err)
	require.Contains(t, stderr, "-holdout", "a wrong flag shows the usage")
}
