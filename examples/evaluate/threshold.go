package main

import (
	"math"
	"slices"
)

// tolerated is the share of wrong answers that thresholds are fitted to, unless
// the command line says otherwise.
const tolerated = 0.1

// worthAsking is the share of questions without an answer up to which asking
// back is worth the customer's while.
const worthAsking = 0.5

// Thresholds are settings for an agent, fitted to questions whose truth is known.
// They hold for questions of this kind, mixed as these are.
type thresholds struct {
	// Error is the share of unanswerable ones among the questions answered that
	// was wanted, and Wrong the one that came out.
	Error float64 `json:"wanted_error"`
	Wrong float64 `json:"error"`
	// Answer is the least score for which it is kept. More than 1 means that no
	// score keeps it.
	Answer float64 `json:"answer"`
	// Ask is the least score from which at most half of the questions that are
	// asked back about have no answer.
	Ask float64 `json:"ask"`
	// Answered is the share of answerable questions that are answered.
	Answered float64 `json:"answered"`
}

// fitThresholds returns the thresholds that keep a share of errors.
func fitThresholds(answerable, unanswerable []float64, wanted float64) *thresholds {
	t := &thresholds{Error: wanted}
	t.Answer = lowest(answerable, unanswerable, wanted, math.Inf(1))
	t.Ask = min(t.Answer, lowest(answerable, unanswerable, worthAsking, t.Answer))
	t.Answered = above(answerable, t.Answer)
	right, wrong := t.Answered*float64(len(answerable)), above(unanswerable, t.Answer)*float64(len(unanswerable))
	t.Wrong = ratio(wrong, right+wrong)
	return t
}

// lowest returns the least score such that among the questions from it on and
// below a limit the share of unanswerable ones is as wanted, and 1.01 if there is none.
func lowest(answerable, unanswerable []float64, wanted, below float64) float64 {
	scored := slices.Concat(answerable, unanswerable)
	slices.Sort(scored)
	for _, from := range slices.Compact(scored) {
		right, wrong := between(answerable, from, below), between(unanswerable, from, below)
		if right+wrong > 0 && float64(wrong) <= wanted*float64(right+wrong) {
			return from
		}
	}
	return 1.01
}

// between counts the scores from one on and below another.
func between(scores []float64, from, below float64) int {
	n := 0
	for _, s := range scores {
		if s >= from && s < below {
			n++
		}
	}
	return n
}

func (t *thresholds) print(row func(name, format string, args ...any)) {
	row("  thresholds", "answer %.2f, ask %.2f: %.1f %% of the answerable are answered, %.1f %% of the answers are wrong (wanted %.1f %%)",
		t.Answer, t.Ask, 100*t.Answered, 100*t.Wrong, 100*t.Error)
}
