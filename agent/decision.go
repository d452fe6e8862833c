package agent

import (
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Kind is what the agent does in a turn.
type Kind string

// The kinds.
const (
	Answer   Kind = "answer"  // says what the evidence says
	Ask      Kind = "ask"     // asks one question back
	HandOver Kind = "handoff" // passes the conversation to people
	Silent   Kind = "silent"  // says nothing
)

// A Decision is what the agent did in a turn and what made it do so. It is
// data: it is stored with the turn, and can be printed.
type Decision struct {
	Kind Kind `json:"kind"`
	// Step is the step of the turn that decided, such as "gate".
	Step string `json:"step"`
	// Rule names the rule that decided, such as "asks for a person".
	Rule string `json:"rule"`
	// Reason says why in a sentence for the host's people.
	Reason string `json:"reason"`
	// Handoff is why the conversation was passed on, for Kind HandOver.
	Handoff handoff.Reason `json:"handoff,omitempty"`
	// Score is how likely it was that the evidence answers, from 0 to 1.
	Score float64 `json:"score"`
	// Searched is the question as it was searched, where the knowledge put a
	// follow-up into other words.
	Searched string `json:"searched,omitempty"`
	// Evidence is what was found, best first.
	Evidence []Evidence `json:"evidence,omitempty"`
	// Fired are the guidelines that took effect, in their order.
	Fired []Fired `json:"fired,omitempty"`
	// Findings are what the guard took out, and what else went wrong on the way.
	Findings []string `json:"findings,omitempty"`
}

// Evidence is a passage that a decision looked at.
type Evidence struct {
	Passage  string  `json:"passage"`
	Document string  `json:"document"`
	Title    string  `json:"title"`
	Score    float64 `json:"score"`
}

// String returns the decision in a few lines of plain text.
func (d Decision) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s by %s, rule %q: %s", d.Kind, d.Step, d.Rule, d.Reason)
	if d.Handoff != "" {
		fmt.Fprintf(&b, " (%s)", d.Handoff)
	}
	fmt.Fprintf(&b, "\nscore %.2f\n", d.Score)
	if d.Searched != "" {
		fmt.Fprintf(&b, "searched %q\n", d.Searched)
	}
	for _, e := range d.Evidence {
		fmt.Fprintf(&b, "evidence %.3f %s, %s\n", e.Score, e.Title, e.Passage)
	}
	for _, f := range d.Fired {
		fmt.Fprintf(&b, "guideline %s (%s), as %s\n", f.Guideline, f.Then, f.Why)
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "finding %s\n", f)
	}
	return b.String()
}
