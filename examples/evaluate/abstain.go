package main

import (
	"context"
	"errors"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A separation is how well answerability tells questions without an answer.
type separation struct {
	Answerable   int `json:"answerable"`
	Unanswerable int `json:"unanswerable"`
	// The chance that an answerable question scores higher: 0.5 is blind, 1 perfect.
	AUROC float64 `json:"auroc"`
	// The expected calibration error in ten bins: 0 is perfect.
	ECE float64 `json:"ece"`
	// The same of a regression over the signals and their products that knows the
	// truth about four fifths of the questions and foretells the others, in turn.
	// Only with -fit.
	LabelledAUROC float64 `json:"labelled_auroc,omitempty"`
	LabelledECE   float64 `json:"labelled_ece,omitempty"`
	// Weights are those of a regression over the signals alone, to all questions:
	// what a prior is made of. Only with -fit.
	Weights map[string]float64 `json:"weights,omitempty"`
	// The share of the unanswerable questions scored at the threshold or above.
	Answered float64 `json:"answered"`
	// Thresholds are what an agent might be set to.
	Thresholds *thresholds `json:"thresholds"`
}

// An outcome is what a search says of its question.
type outcome struct {
	answerable float64
	signals    []float64
}

func (m *measurement) outcome(res retrieval.Result) outcome {
	o := outcome{res.Answerable, make([]float64, len(res.Signals))}
	for i, s := range res.Signals {
		o.signals[i] = s.Value
		if len(m.signals) <= i {
			m.signals = append(m.signals, s.Name)
		}
	}
	return o
}

// outcomes asks questions.
func (m *measurement) outcomes(ctx context.Context, what string, questions []question) ([]outcome, error) {
	var out []outcome
	m.log.begin()
	for i, q := range questions {
		res, err := m.base.Retrieve(ctx, retrieval.Query{Text: q.text})
		if err != nil {
			return nil, err
		}
		out = append(out, m.outcome(res))
		m.log.progress(what, i+1, len(questions))
	}
	return out, nil
}

// holdOut removes half of the documents and asks all judged questions: those
// that have lost every document that answers them are unanswerable.
func (m *measurement) holdOut(ctx context.Context) (*separation, error) {
	var remove []string
	for id := range m.documents {
		if left(id) {
			remove = append(remove, id)
		}
	}
	if err := m.base.Remove(ctx, remove...); err != nil {
		return nil, err
	}
	if err := m.base.Calibrate(ctx); err != nil {
		return nil, err
	}
	var answerable, unanswerable []question
	for _, q := range m.questions {
		lost := 0
		for id := range q.relevant {
			if left(id) {
				lost++
			}
		}
		switch {
		case len(q.relevant) == 0:
		case lost == len(q.relevant):
			unanswerable = append(unanswerable, q)
		default:
			answerable = append(answerable, q)
		}
	}
	if len(answerable) == 0 || len(unanswerable) == 0 {
		return nil, errors.New("-holdout needs questions about documents in either half")
	}
	yes, err := m.outcomes(ctx, "questions asked with their documents", answerable)
	if err != nil {
		return nil, err
	}
	no, err := m.outcomes(ctx, "questions asked without their documents", unanswerable)
	if err != nil {
		return nil, err
	}
	return m.separate("half removed", yes, no), nil
}

// left reports whether a document belongs to the half that is removed, which is
// always the same.
func left(id string) bool {
	h := fnv.New32a()
	h.Write([]byte(id))
	sum := h.Sum32()
	return (sum^sum>>15)%2 == 0
}

// separate compares two kinds of questions.
func (m *measurement) separate(what string, answerable, unanswerable []outcome) *separation {
	yes, no := scores(answerable), scores(unanswerable)
	s := &separation{
		Answerable: len(yes), Unanswerable: len(no),
		AUROC: auroc(yes, no), ECE: calibrationError(yes, no), Answered: above(no, m.options.threshold),
		Thresholds: fitThresholds(yes, no, m.options.wrong),
	}
	if m.options.fit {
		questions := mixed(answerable, unanswerable)
		m.tasks = append(m.tasks, task{m.set, what, questions, s})
		s.Weights = make(map[string]float64)
		for i, w := range fit(questions) {
			s.Weights[m.signals[i]] = w
		}
		yes, no = crossValidate(squared(questions))
		s.LabelledAUROC, s.LabelledECE = auroc(yes, no), calibrationError(yes, no)
	}
	return s
}

// mixed returns the questions of both kinds in turn, so that every fold has both.
func mixed(answerable, unanswerable []outcome) []judged {
	var out []judged
	for i := range max(len(answerable), len(unanswerable)) {
		if i < len(answerable) {
			out = append(out, judged{answerable[i].signals, true, 1})
		}
		if i < len(unanswerable) {
			out = append(out, judged{unanswerable[i].signals, false, 1})
		}
	}
	return out
}

// scores returns the answerability of outcomes.
func scores(outcomes []outcome) []float64 {
	out := make([]float64, len(outcomes))
	for i, o := range outcomes {
		out[i] = o.answerable
	}
	return out
}

// print adds the rows of a separation, and none for nil.
func (s *separation) print(row func(name, format string, args ...any), what string) {
	if s == nil {
		return
	}
	row("AUROC, "+what, "%.4f over %d answerable and %d unanswerable questions", s.AUROC, s.Answerable, s.Unanswerable)
	row("ECE, "+what, "%.4f", s.ECE)
	row("answered, "+what, "%.1f %% though nothing answers them", 100*s.Answered)
	s.Thresholds.print(row, what)
	if s.Weights == nil {
		return
	}
	row("fitted to questions, "+what, "AUROC %.4f, ECE %.4f of the fifth left out", s.LabelledAUROC, s.LabelledECE)
	for _, name := range slices.Sorted(maps.Keys(s.Weights)) {
		row("weight of "+name, "%.2f", s.Weights[name])
	}
}
