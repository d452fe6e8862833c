package main

import (
	"context"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A dialogue is how well questions are found that follow a conversation, as
// nDCG@10 over the judged questions.
type dialogue struct {
	Questions int `json:"questions"`
	// Alone is the last sentence of each text, Joined the whole text as one
	// question, and Leaning the last sentence after those before it.
	Alone   float64 `json:"alone_ndcg_at_10"`
	Joined  float64 `json:"joined_ndcg_at_10"`
	Leaning float64 `json:"leaning_ndcg_at_10"`
	// AUROC tells questions that lean on their conversation from those of
	// -unanswerable asked after the same ones. Zero without the latter.
	AUROC float64 `json:"auroc,omitempty"`
}

// converse asks the last sentence of every question that has several: alone,
// joined to the others, and after them.
func (m *measurement) converse(ctx context.Context) (*dialogue, error) {
	var gains [3][]float64 // of the three ways, in the order of dialogue
	var answered, unanswered []float64
	m.log.begin()
	for i, q := range m.questions {
		last := lastTurn(q.text)
		if len(last.Before) == 0 || len(q.relevant) == 0 {
			continue
		}
		for way, query := range []retrieval.Query{{Text: last.Text}, {Text: q.text}, last} {
			query.Limit = 2 * depth
			res, err := m.base.Retrieve(ctx, query)
			if err != nil {
				return nil, err
			}
			gains[way] = append(gains[way], ndcg(documents(res), q.relevant, 10))
			if way == 2 {
				answered = append(answered, res.Answerable)
			}
		}
		if len(m.far) > 0 {
			last.Text = m.far[i%len(m.far)].text
			res, err := m.base.Retrieve(ctx, last)
			if err != nil {
				return nil, err
			}
			unanswered = append(unanswered, res.Answerable)
		}
		m.log.progress("follow-ups asked", i+1, len(m.questions))
	}
	return &dialogue{len(answered), mean(gains[0]), mean(gains[1]), mean(gains[2]), auroc(answered, unanswered)}, nil
}

// lastTurn parts a text at its last sentence.
func lastTurn(text string) retrieval.Query {
	var q retrieval.Query
	for i, s := range retrieval.Sentences(text) {
		if i > 0 {
			q.Before = append(q.Before, q.Text)
		}
		q.Text = text[s.Start:s.End]
	}
	return q
}

// documents returns the documents of a result, each where its best passage is.
func documents(res retrieval.Result) []string {
	var ranked []string
	seen := make(map[string]bool)
	for _, h := range res.Hits {
		if !seen[h.Document] {
			seen[h.Document] = true
			ranked = append(ranked, h.Document)
		}
	}
	return ranked
}

// print adds the rows of a dialogue, and none for nil.
func (d *dialogue) print(row func(name, format string, args ...any)) {
	if d == nil {
		return
	}
	row("follow-ups, nDCG@10", "%.4f alone  %.4f as one question  %.4f after the conversation, over %d questions",
		d.Alone, d.Joined, d.Leaning, d.Questions)
	if d.AUROC > 0 {
		row("follow-ups, AUROC", "%.4f against other topics after the same conversations", d.AUROC)
	}
}
