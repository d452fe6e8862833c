package retrieval

import (
	"errors"
	"math"
)

// A Mix is what questions are expected, as shares or as counts: only their
// ratios matter. No content tells how many of its customers' questions it does
// not answer, and no probability is right without it. A host that has counted
// states it; the two kinds of unanswered questions are worth telling apart,
// since one is hard to tell from an answered question and the other is not.
type Mix struct {
	// Answered are questions that the content answers.
	Answered float64 `json:"answered"`
	// Near are those that it does not, though they are about its topics.
	Near float64 `json:"near"`
	// Far are those about something else.
	Far float64 `json:"far"`
}

// defaultMix is what is expected where nothing is known: that a little more than
// half of the questions are answered.
var defaultMix = Mix{Answered: 5, Near: 2, Far: 2}

// check reports a mix of which no probability can be made.
func (m Mix) check() error {
	sum := m.Answered + m.Near + m.Far
	if min(m.Answered, m.Near, m.Far) < 0 || sum-sum != 0 || m.Answered == 0 && sum > 0 {
		return errors.New("retrieval: the parts of a Mix must be finite, none below zero, and Answered above it")
	}
	return nil
}

// Evidence is what a search found for an answer, before it is known how many
// questions are answered: logarithms of how many times likelier it is to be
// found for a question that the first hit answers than for another.
type Evidence struct {
	// Near is next to a question about the content's topics that has no answer.
	Near float64 `json:"near"`
	// Far is next to a question about something else.
	Far float64 `json:"far"`
	// Trust is what calibrating found near evidence to be worth on this content,
	// and has been multiplied into Near. It is about 1 where each text is about
	// something of its own, and less where texts are so alike that a question finds
	// as much without its answer.
	Trust float64 `json:"trust"`
}

// Answerable returns the probability that the question is answered among
// questions of a mix. The zero Mix stands for the default one.
func (e Evidence) Answerable(m Mix) float64 {
	if m == (Mix{}) {
		m = defaultMix
	}
	return 1 / (1 + m.Near/m.Answered*math.Exp(-e.Near) + m.Far/m.Answered*math.Exp(-e.Far))
}
