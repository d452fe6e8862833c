package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestLastTurn(t *testing.T) {
	require.Equal(t, retrieval.Query{Text: "Is it open?", Before: []string{"Hello!", "I like the zoo."}},
		lastTurn("Hello! I like the zoo. Is it open?"))
	require.Equal(t, retrieval.Query{Text: "Is it open?"}, lastTurn("Is it open?"))
	require.Zero(t, lastTurn(""))
}

func TestConversation(t *testing.T) {
	files := beirSet()
	files["corpus.jsonl"] = `{"_id": "z", "title": "Zoo", "text": "Doors are open from nine to five."}
{"_id": "m", "title": "Museum", "text": "Doors are open from ten to four."}
`
	files["queries.jsonl"] = `{"_id": "1", "text": "I like the zoo. When are the doors open?"}
{"_id": "2", "text": "Let us go to the museum. When are its doors open?"}
{"_id": "3", "text": "when is the zoo open"}
`
	files["qrels/test.tsv"] = "1\tz\t1\n2\tm\t1\n3\tz\t1\n"
	dir := folder(t, files)
	args := []string{"-beir", dir, "-conversation", "-unanswerable", filepath.Join(dir, "unanswerable.jsonl")}
	r, _ := evaluateJSON(t, args...)
	require.Equal(t, 2, r.Dialogue.Questions, "a question without a sentence before it is no follow-up")
	require.Less(t, r.Dialogue.Alone, 1.0)
	require.Equal(t, 1.0, r.Dialogue.Leaning)
	require.Equal(t, 1.0, r.Dialogue.AUROC)
	stdout, _, err := evaluate(t, args...)
	require.NoError(t, err)
	require.Contains(t, stdout, "after the conversation, over 2 questions")
}
