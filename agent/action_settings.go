package agent

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// ActionSettings make an action stricter than its code says. What would make it
// looser is a fault.
type ActionSettings struct {
	// Off takes the action away.
	Off bool `json:"off,omitempty"`
	// Risk raises its risk.
	Risk Risk `json:"risk,omitempty"`
	// Confirm has the customer say yes to the very arguments first.
	Confirm bool `json:"confirm,omitempty"`
	// Limits lower its limits, those that are not zero.
	Limits ActionLimits `json:"limits,omitzero"`
	// When has to hold beside its own precondition.
	When *Condition `json:"when,omitempty"`
}

// check returns the faults that the settings show without the action.
func (s ActionSettings) check() []error {
	var faults []error
	if s.Risk.level() < 0 {
		faults = append(faults, fmt.Errorf("risk %q is none of %v", s.Risk, risks))
	}
	faults = append(faults, s.Limits.check()...)
	if s.When != nil {
		if _, err := handoff.NewTest(*s.When); err != nil {
			faults = append(faults, fmt.Errorf("when: %w", err))
		}
	}
	return faults
}

func (l ActionLimits) check() []error {
	if l.PerConversation < 0 || l.PerDay < 0 || l.AmountPerCall < 0 || l.AmountPerDay < 0 {
		return []error{errors.New("limits: none may be negative")}
	}
	if max(l.AmountPerCall, l.AmountPerDay) > mostAmount {
		return []error{fmt.Errorf("limits: amounts are at most %v", float64(mostAmount))}
	}
	return nil
}

// amounts reports whether an amount is limited.
func (l ActionLimits) amounts() bool { return l.AmountPerCall > 0 || l.AmountPerDay > 0 }

// An action is an Action under the settings, ready to be decided on.
type action struct {
	Action
	off    bool
	schema *jsonschema.Resolved
	// conditions are that of the code and that of the settings, and when their
	// tests.
	conditions []Condition
	when       []*handoff.Test
	// spoken tells whether a text has a trigger. Nil is for none.
	spoken *handoff.Test
}

// compile returns an action under its settings, or all faults of both, joined.
func (a Action) compile(settings Settings) (*action, error) {
	s := settings.Actions[a.Name]
	c := &action{Action: a, off: s.Off, conditions: []Condition{a.When}}
	if s.When != nil {
		c.conditions = append(c.conditions, *s.When)
	}
	faults := append(a.check(), c.restrict(s)...)
	for _, when := range c.conditions {
		test, err := handoff.NewTest(when)
		if err != nil {
			faults = append(faults, fmt.Errorf("when: %w", err))
		}
		c.when = append(c.when, test)
	}
	var err error
	if c.schema, err = a.arguments(); err != nil {
		return c, errors.Join(append(faults, fmt.Errorf("schema: %w", err))...)
	}
	if len(a.Triggers) > 0 {
		if c.spoken, err = handoff.NewTest(Condition{Phrases: a.Triggers}); err != nil {
			faults = append(faults, fmt.Errorf("triggers: %w", err))
		}
	}
	return c, errors.Join(append(faults, c.nameFaults(settings)...)...)
}

// check returns the faults that the fields show by themselves.
func (a Action) check() []error {
	var faults []error
	if !actionNames.MatchString(a.Name) {
		faults = append(faults, fmt.Errorf("is named %q: want 1 to 64 letters, digits and underscores", a.Name))
	}
	if a.Run == nil {
		faults = append(faults, errors.New("has no Run"))
	}
	if a.Risk.level() < 0 {
		faults = append(faults, fmt.Errorf("risk %q is none of %v", a.Risk, risks))
	}
	if a.Timeout < 0 {
		faults = append(faults, errors.New("timeout is negative"))
	}
	return append(faults, a.Limits.check()...)
}

// restrict applies settings, and returns those that would make the action looser.
func (c *action) restrict(s ActionSettings) []error {
	faults := s.check()
	switch {
	case s.Risk == "" || s.Risk.level() < 0:
	case s.Risk.level() < c.Risk.level():
		faults = append(faults, fmt.Errorf("risk may not be lowered from %q to %q", c.Risk, s.Risk))
	default:
		c.Risk = s.Risk
	}
	c.Confirm = c.Confirm || s.Confirm
	return append(faults,
		lower(&c.Limits.PerConversation, s.Limits.PerConversation, "per_conversation"),
		lower(&c.Limits.PerDay, s.Limits.PerDay, "per_day"),
		lower(&c.Limits.AmountPerCall, s.Limits.AmountPerCall, "amount_per_call"),
		lower(&c.Limits.AmountPerDay, s.Limits.AmountPerDay, "amount_per_day"))
}

// lower sets a limit, of which zero is none, unless that would raise it.
func lower[T int | float64](limit *T, to T, name string) error {
	if to != 0 && *limit != 0 && to > *limit {
		return fmt.Errorf("limits: %s may not be raised from %v to %v", name, *limit, to)
	}
	if to != 0 {
		*limit = to
	}
	return nil
}

// nameFaults returns the facts and arguments that are named and do not exist.
func (c *action) nameFaults(s Settings) []error {
	var faults []error
	properties := c.schema.Schema().Properties
	switch {
	case c.Limits.amounts() && c.Amount == "":
		faults = append(faults, errors.New("limits an amount, and does not say which argument it is: set Amount"))
	case c.Amount != "" && properties[c.Amount] == nil:
		faults = append(faults, fmt.Errorf("has no argument %q, its Amount", c.Amount))
	}
	for _, name := range c.facts() {
		argument, ok := strings.CutPrefix(name, "argument.")
		switch {
		case !s.knownFact(name):
			faults = append(faults, fmt.Errorf("there is no fact %q", name))
		case ok && properties[argument] == nil:
			faults = append(faults, fmt.Errorf("asks for the fact %q, and has no such argument", name))
		}
	}
	return faults
}

// facts returns the names of the facts that conditions and texts ask for.
func (c *action) facts() []string {
	var names []string
	for _, when := range c.conditions {
		names = append(names, factNames(when)...)
	}
	for _, texts := range []map[string]string{c.Asks, c.Reports} {
		for _, text := range texts {
			for _, m := range placeholders.FindAllStringSubmatch(text, -1) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

// compileActions returns the actions by name, and all their faults. Of the
// results that facts ask for, it says which fields are kept.
func compileActions(list []Action, settings Settings) (actions map[string]*action, kept map[string][]string, faults []error) {
	actions, kept = map[string]*action{}, map[string][]string{}
	for i, a := range list {
		c, err := a.compile(settings)
		if err != nil {
			faults = append(faults, fmt.Errorf("agent: config: Actions[%d] %q: %w", i, a.Name, err))
		}
		if actions[a.Name] != nil {
			faults = append(faults, fmt.Errorf("agent: config: Actions[%d]: there is another action named %q", i, a.Name))
		}
		actions[a.Name] = c
	}
	for name := range settings.Actions {
		if actions[name] == nil {
			faults = append(faults, fmt.Errorf("agent: settings: actions.%s: there is no such action", name))
		}
	}
	for _, c := range actions {
		for _, fact := range c.facts() {
			result, ok := strings.CutPrefix(fact, "result.")
			of, field, _ := strings.Cut(result, ".")
			switch {
			case !ok:
			case actions[of] == nil:
				faults = append(faults, fmt.Errorf("agent: config: action %q asks for the fact %q, and there is no action %q", c.Name, fact, of))
			case !slices.Contains(kept[of], field):
				kept[of] = append(kept[of], field)
			}
		}
	}
	return actions, kept, faults
}
