// Package lead finds out whether a customer is a lead: an [agent.Goal] made of
// data. A team names criteria, how much each is worth and what makes a customer
// unfit; the agent asks for what is not known yet, one question at a time behind
// its answers, the one that tells most first; and the verdict follows from what
// the customers said, word for word, and from nothing else.
//
// # Verdict
//
// A value falls into the first [Band] of its criterion that it fits, or else into
// one of no points. With the weight w and the points p of each criterion whose
// value is known, the score is Σ w·p / Σ 10·w, from 0 to 1:
//
//   - A value in a band that knocks out makes the verdict unqualified.
//   - If less than Config.Known of all weight is known, or a criterion that is
//     Required is not, the verdict is partially: what is unknown is no "no".
//   - From Config.Qualified on it is qualified, from Config.Partially on
//     partially, and below that unqualified.
//
// # Order of questions
//
// Each criterion that is open ends in one of its bands, with the shares that the
// configuration expects, or stays unknown. All that together gives the
// probabilities P(v) of the verdicts and their entropy H(V) = -Σ P(v)·log2 P(v).
// The question asked is the one with the greatest expected gain
//
//	H(V) - Σ P(o)·H(V | o)
//
// over the outcomes o of its criterion, computed exactly over every combination
// of the others; of equals the first in the list. What was asked once comes after
// what was never asked, and what was asked twice is unknown for good. Once every
// combination leads to the same verdict, no more is asked.
package lead

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A Verdict is what came of a goal. It is the fact lead.<name>.
type Verdict string

// The verdicts. Open is none yet.
const (
	Open        Verdict = "open"
	Qualified   Verdict = "qualified"
	Partially   Verdict = "partially"
	Unqualified Verdict = "unqualified"
)

// A Config is a goal as data, which a team can write as JSON.
type Config struct {
	// Name is the goal's: see agent.GoalSpec.
	Name string `json:"name"`
	// When has to hold for the goal to be begun. The zero value always holds.
	When     agent.Condition `json:"when,omitzero"`
	Criteria []Criterion     `json:"criteria"`
	// Qualified and Partially are the scores from which the verdict is that. They
	// default to 0.7 and 0.4.
	Qualified float64 `json:"qualified,omitempty"`
	Partially float64 `json:"partially,omitempty"`
	// Known is how much of all weight has to be known. Defaults to 0.5.
	Known float64 `json:"known,omitempty"`
	// Unanswered is the share of customers who do not answer a question. Defaults
	// to 0.1.
	Unanswered float64 `json:"unanswered,omitempty"`
	// On says what happens on each verdict.
	On map[Verdict]Outcome `json:"on,omitempty"`
}

// A Criterion is one thing to find out.
type Criterion struct {
	// Name is unique in the goal, in the form of a property's name.
	Name string `json:"name"`
	// Property is that of the CRM which holds the value, empty for none. With Save
	// the value that the customer gave is written to it on the verdict.
	Property string `json:"property,omitempty"`
	Save     bool   `json:"save,omitempty"`
	// Type says what a value is, and Options which values a choice has.
	Type    agent.PropertyType `json:"type"`
	Options []agent.Option     `json:"options,omitempty"`
	// Ask is the question by language, such as "en". Without one in a customer's
	// language the English one is asked, or else that of any language. The options
	// of a choice are listed below it.
	Ask map[string]string `json:"ask"`
	// Weight is how much the criterion counts, from 1, its default. All weights
	// together are 100 at most.
	Weight int `json:"weight,omitempty"`
	// Required says that nobody is qualified of whom it is unknown.
	Required bool `json:"required,omitempty"`
	// Interpret lets a model judge which yes, no or choice the words mean that it
	// quotes. Otherwise code must read the same value in them.
	Interpret bool `json:"interpret,omitempty"`
	// Bands say what values are worth.
	Bands []Band `json:"bands"`
}

// A Band is a set of values. It is one of In, as JSON has values of the type, or
// a range of numbers or dates with one end or both.
type Band struct {
	In      []any `json:"in,omitempty"`
	AtLeast any   `json:"at_least,omitempty"`
	AtMost  any   `json:"at_most,omitempty"`
	// Points are from 0 to 10.
	Points int `json:"points,omitempty"`
	// Share is how many of the customers who answer are expected in it, from 0.01
	// to 0.99. Bands without one, and what is in no band, share the rest equally.
	Share float64 `json:"share,omitempty"`
	// KnockOut makes the customer unqualified.
	KnockOut bool `json:"knock_out,omitempty"`
}

// An Outcome is what happens on a verdict: it says something, and hands over,
// calls an action, or closes the conversation, at most one of them.
type Outcome struct {
	// Say is said, by language. Without it fixed words are: see agent.Texts, and for
	// Close those of this package in each of the agent's languages.
	Say map[string]string `json:"say,omitempty"`
	// Set are properties of the CRM and what they are set to.
	Set      map[string]any `json:"set,omitempty"`
	HandOver *HandOver      `json:"hand_over,omitempty"`
	Call     *Call          `json:"call,omitempty"`
	Close    bool           `json:"close,omitempty"`
}

// A HandOver passes the conversation to people. Packet.Rule is the goal's name
// and the verdict, as in "demo: qualified", by which handoff.Rules can route.
type HandOver struct {
	// Team is a hint to the router.
	Team string `json:"team,omitempty"`
	// Why says more to the people.
	Why string `json:"why,omitempty"`
}

// A Call calls an action of the agent, under its policy.
type Call struct {
	Action string `json:"action"`
	// With are arguments as they are, and From names criteria whose values are
	// arguments. One that is unknown is left out.
	With map[string]any    `json:"with,omitempty"`
	From map[string]string `json:"from,omitempty"`
}

// A Goal is an agent.Goal that qualifies leads.
type Goal struct {
	cfg      Config
	criteria []criterion
	weight   int     // of all criteria
	table    []uint8 // see judged
}

// Parse returns the goal that a JSON document describes. A name that no field
// has is a fault.
func Parse(document []byte) (*Goal, error) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.DisallowUnknownFields()
	var cfg Config
	if err := d.Decode(&cfg); err != nil {
		return nil, fmt.Errorf("lead: %w", err)
	}
	if d.More() {
		return nil, errors.New("lead: there is more than one JSON value")
	}
	return New(cfg)
}

// New returns a goal, or every fault of its configuration, joined.
func New(cfg Config) (*Goal, error) {
	orDefault(&cfg.Qualified, 0.7)
	orDefault(&cfg.Partially, min(0.4, cfg.Qualified))
	orDefault(&cfg.Known, 0.5)
	orDefault(&cfg.Unanswered, 0.1)
	g := &Goal{cfg: cfg}
	for _, c := range cfg.Criteria {
		g.criteria = append(g.criteria, c.compile())
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	g.table = g.judged()
	return g, nil
}

// Spec implements agent.Goal.
func (g *Goal) Spec() agent.GoalSpec {
	s := agent.GoalSpec{Name: g.cfg.Name, When: g.cfg.When}
	edits := map[string]bool{}
	for _, c := range g.criteria {
		if c.Property != "" {
			s.Facts = append(s.Facts, "customer."+c.Property)
		}
		if c.Save {
			edits[c.Property] = true
		}
	}
	for _, o := range g.cfg.On {
		for name := range o.Set {
			edits[name] = true
		}
		if o.Call != nil {
			s.Calls = append(s.Calls, o.Call.Action)
		}
	}
	for name := range edits {
		s.Edits = append(s.Edits, name)
	}
	if note, err := g.action(); err == nil {
		s.Actions = []agent.Action{note}
	}
	return s
}

func orDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}
