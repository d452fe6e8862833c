package main

import (
	"context"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A measurement collects what is known of a base and of the questions to it.
type measurement struct {
	options options
	log     *log
	set     string // folder, empty for content
	base    *retrieval.Knowledge
	plain   *plain // nil for content
	report  *report
	corpus  []retrieval.Document // with -embedder
	// By ID.
	documents map[string]bool
	missing   int        // judgements without a document
	questions []question // answerable ones
	far       []question // unanswerable ones
	signals   []string   // names of what answerability rests on
	tasks     []task     // with -fit

	// How long it took to index all documents.
	indexed time.Duration
}

// depth is how many documents are ranked for a question.
const depth = 100

// batch is how many documents are indexed between lines of progress.
const batch = 256

// index adds the documents and takes the time.
func (m *measurement) index(ctx context.Context, documents []retrieval.Document) error {
	start := time.Now()
	err := m.addTo(ctx, m.base, documents)
	m.indexed = time.Since(start)
	return err
}

// addTo adds the documents to a base.
func (m *measurement) addTo(ctx context.Context, base *retrieval.Knowledge, documents []retrieval.Document) error {
	m.log.begin()
	for i := 0; i < len(documents); i += batch {
		end := min(i+batch, len(documents))
		if err := base.Add(ctx, documents[i:end]...); err != nil {
			return err
		}
		m.log.progress("documents indexed", end, len(documents))
	}
	return nil
}

// measure asks all questions and sums up.
func (m *measurement) measure(ctx context.Context) (*report, error) {
	if n := m.options.most; n > 0 {
		m.questions, m.far = m.questions[:min(n, len(m.questions))], m.far[:min(n, len(m.far))]
	}
	start := time.Now()
	if err := m.base.Calibrate(ctx); err != nil {
		return nil, err
	}
	r := m.newReport(time.Since(start))
	answered, err := m.rank(ctx, r)
	if err != nil {
		return nil, err
	}
	unanswered, err := m.outcomes(ctx, "unanswerable questions", m.far)
	if err != nil {
		return nil, err
	}
	if len(unanswered) > 0 {
		r.Far = m.label(m.separate("other topics", far, answered, unanswered))
	}
	if m.options.fit {
		if err := m.askForeign(ctx, answered); err != nil {
			return nil, err
		}
	}
	if m.options.conversation {
		if r.Dialogue, err = m.converse(ctx); err != nil {
			return nil, err
		}
	}
	if m.options.embedder != "" {
		if r.Vectors, err = m.weighVectors(ctx, m.corpus); err != nil {
			return nil, err
		}
	}
	if m.options.holdout {
		r.Near, err = m.holdOut(ctx)
	}
	return r, err
}

// rank asks the answerable questions and averages where their documents stand.
// It returns what the searches say of them.
func (m *measurement) rank(ctx context.Context, r *report) ([]outcome, error) {
	var gains, plain, r1, r5, r10, r100, mrr, times []float64
	var outcomes []outcome
	m.log.begin()
	for i, q := range m.questions {
		start := time.Now()
		res, err := m.base.Retrieve(ctx, retrieval.Query{Text: q.text})
		if err != nil {
			return nil, err
		}
		times = append(times, float64(time.Since(start).Microseconds())/1000)
		outcomes = append(outcomes, m.outcome(res))
		// A question of one's own may be answerable without a judgement; it has a score
		// and no rank. Ranking needs a search of its own, which is not timed.
		if len(q.relevant) > 0 {
			ranked, err := ranking(ctx, m.base, q.text)
			if err != nil {
				return nil, err
			}
			if m.plain != nil {
				plain = append(plain, ndcg(m.plain.rank(q.text), q.relevant, 10))
			}
			gains, mrr = append(gains, ndcg(ranked, q.relevant, 10)), append(mrr, reciprocal(ranked, q.relevant, 10))
			r1, r5 = append(r1, recall(ranked, q.relevant, 1)), append(r5, recall(ranked, q.relevant, 5))
			r10, r100 = append(r10, recall(ranked, q.relevant, 10)), append(r100, recall(ranked, q.relevant, depth))
		}
		m.log.progress("questions asked", i+1, len(m.questions))
	}
	r.Judged, r.NDCG10, r.MRR10 = len(gains), mean(gains), mean(mrr)
	if m.plain != nil {
		r.Plain = &comparison{mean(plain), mean(gains) - mean(plain)}
	}
	r.Recall1, r.Recall5, r.Recall10, r.Recall100 = mean(r1), mean(r5), mean(r10), mean(r100)
	r.P50, r.P99 = percentile(times, .5), percentile(times, .99)
	r.Answered = above(scores(outcomes), m.options.threshold)
	return outcomes, nil
}

// ranking returns the documents for a question, best first. A document stands
// where its best passage does, so more passages are asked for until there are
// enough documents or no more passages.
func ranking(ctx context.Context, base *retrieval.Knowledge, text string) ([]string, error) {
	for limit := 2 * depth; ; limit *= 2 {
		res, err := base.Retrieve(ctx, retrieval.Query{Text: text, Limit: limit})
		if err != nil {
			return nil, err
		}
		var ranked []string
		seen := make(map[string]bool)
		for _, h := range res.Hits {
			if !seen[h.Document] {
				seen[h.Document] = true
				ranked = append(ranked, h.Document)
			}
		}
		if len(ranked) >= depth || len(res.Hits) < limit {
			return ranked, nil
		}
	}
}
