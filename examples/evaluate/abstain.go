package main

import (
	"context"
	"errors"
	"hash/fnv"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A separation is how well answerability tells questions without an answer.
type separation struct {
	Answerable   int `json:"answerable"`
	Unanswerable int `json:"unanswerable"`
	// The chance that an answerable question scores higher: 0.5 is blind, 1 perfect.
	// It is calibrated on the content, with no labels, and told the mix of the
	// questions: how many have no answer, and of which kind they are.
	AUROC float64 `json:"auroc"`
	// The expected calibration error in ten bins: 0 is perfect.
	ECE float64 `json:"ece"`
	// The same without being told the mix.
	DefaultAUROC float64 `json:"default_mix_auroc"`
	DefaultECE   float64 `json:"default_mix_ece"`
	// The same of a regression over the signals and their products that knows the
	// truth about four fifths of the questions and foretells the others, in turn.
	// Only with -fit.
	LabelledAUROC float64 `json:"labelled_auroc,omitempty"`
	LabelledECE   float64 `json:"labelled_ece,omitempty"`
	// The share of the unanswerable questions scored at the threshold or above, by
	// the default mix.
	Answered float64 `json:"answered"`
	// Thresholds are what an agent might be set to.
	Thresholds *thresholds `json:"thresholds"`
}

// A kind is why questions have no answer.
type kind string

const (
	far  kind = "far"  // they are about something else
	near kind = "near" // their documents were removed
)

// mix is what a host would state who had counted such questions.
func (k kind) mix(answerable, unanswerable int) retrieval.Mix {
	m := retrieval.Mix{Answered: float64(answerable)}
	if k == far {
		m.Far = float64(unanswerable)
	} else {
		m.Near = float64(unanswerable)
	}
	return m
}

// An outcome is what a search says of its question.
type outcome struct {
	evidence   retrieval.Evidence
	answerable float64 // by the default mix
	signals    []float64
}

func (m *measurement) outcome(res retrieval.Result) outcome {
	o := outcome{res.Evidence, res.Answerable, make([]float64, len(res.Signals))}
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
	return m.label(m.separate("half removed", near, yes, no)), nil
}

// left reports whether a document belongs to the half that is removed, which is
// always the same.
func left(id string) bool {
	h := fnv.New32a()
	h.Write([]byte(id))
	sum := h.Sum32()
	return (sum^sum>>15)%2 == 0
}

// separate compares answerable questions with those of a kind, and keeps them
// for the fit.
func (m *measurement) separate(what string, k kind, answerable, unanswerable []outcome) *separation {
	mix := k.mix(len(answerable), len(unanswerable))
	yes, no := stated(answerable, mix), stated(unanswerable, mix)
	yesDefault, noDefault := scores(answerable), scores(unanswerable)
	s := &separation{
		Answerable: len(yes), Unanswerable: len(no),
		AUROC: auroc(yes, no), ECE: calibrationError(yes, no),
		DefaultAUROC: auroc(yesDefault, noDefault), DefaultECE: calibrationError(yesDefault, noDefault),
		Answered:   above(noDefault, m.options.threshold),
		Thresholds: fitThresholds(yesDefault, noDefault, m.options.wrong), // by the scores that an agent sees
	}
	if m.options.fit && len(yes) > 0 && len(no) > 0 {
		m.tasks = append(m.tasks, task{m.set, what, k, mixed(answerable, unanswerable), answerable[0].evidence.Trust, s})
	}
	return s
}

// label adds what a fit to the last task would know.
func (m *measurement) label(s *separation) *separation {
	if m.options.fit && len(m.tasks) > 0 && m.tasks[len(m.tasks)-1].calibrated == s {
		yes, no := crossValidate(squared(m.tasks[len(m.tasks)-1].questions))
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

// stated returns the answerability of outcomes among questions of a mix.
func stated(outcomes []outcome, mix retrieval.Mix) []float64 {
	out := make([]float64, len(outcomes))
	for i, o := range outcomes {
		out[i] = o.evidence.Answerable(mix)
	}
	return out
}

// print adds the rows of a separation, and none for nil.
func (s *separation) print(row func(name, format string, args ...any), what string) {
	if s == nil {
		return
	}
	row("answerability, "+what, "%d answerable and %d unanswerable questions", s.Answerable, s.Unanswerable)
	if s.LabelledAUROC > 0 {
		row("  fitted to labels", "AUROC %.4f  ECE %.4f, of the fifth left out", s.LabelledAUROC, s.LabelledECE)
	}
	row("  no labels, mix stated", "AUROC %.4f  ECE %.4f", s.AUROC, s.ECE)
	row("  no labels, default mix", "AUROC %.4f  ECE %.4f", s.DefaultAUROC, s.DefaultECE)
	row("  answered", "%.1f %% though nothing answers them, default mix", 100*s.Answered)
	s.Thresholds.print(row)
}
