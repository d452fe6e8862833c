package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Guideline says what to do when something is the case: how to write, which
// script to say, or which topics to leave to people. In JSON a string stands for
// an instruction that always holds.
type Guideline struct {
	// Name is shown in Decision.Fired. Defaults to its place, as in "guidelines[2]".
	Name string `json:"name,omitempty"`
	// When is the condition. The zero value always holds. A guideline whose
	// condition is not known to hold, as its facts are not known, does nothing.
	When Condition `json:"when,omitzero"`
	// Then is what happens. Defaults to Instruct.
	Then Then `json:"then,omitempty"`
	// Text is the instruction, the script, or what is said when handing over, where
	// it replaces the text of the team. Scripts may hold {{agent.name}},
	// {{agent.company}}, {{channel}}, {{language}}, and with words for when they
	// are not known {{customer.name|you}}, {{customer.email|...}} and
	// {{customer.phone|...}}, which code fills in.
	Text string `json:"text,omitempty"`
}

// A Then is what a Guideline does.
type Then string

// What guidelines do. The first Say or PassOn that holds decides the turn, in
// the order of the list; every Instruct that holds is told to the model.
const (
	Instruct Then = "instruct" // the text is told to the model
	Say      Then = "say"      // the text is the answer
	PassOn   Then = "hand over"
)

// A Fired is a guideline that took effect in a turn.
type Fired struct {
	Guideline string `json:"guideline"`
	Then      Then   `json:"then"`
	// Why is what made the condition hold, in words.
	Why string `json:"why"`
}

// UnmarshalJSON reads an object, or a string as an instruction that always holds.
func (g *Guideline) UnmarshalJSON(data []byte) error {
	*g = Guideline{}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte(`"`)) {
		return json.Unmarshal(data, &g.Text)
	}
	type plain Guideline // without this method
	if err := json.Unmarshal(data, (*plain)(g)); err != nil {
		return fmt.Errorf("agent: guideline: %w", err)
	}
	return nil
}

// decides reports whether the guideline ends the turn when it holds.
func (g *Guideline) decides() bool { return g.Then != Instruct }

// A rule is a guideline in the form that decisions are made from.
type rule struct {
	Guideline
	test *handoff.Test
}

// compileGuidelines returns the rules of guidelines, or all of their faults.
func (s *Settings) compileGuidelines() ([]rule, error) {
	var faults []error
	rules := make([]rule, len(s.Guidelines))
	names := map[string]bool{}
	for i, g := range s.Guidelines {
		place := fmt.Sprintf("guidelines[%d]", i)
		orDefault(&g.Name, place)
		orDefault(&g.Then, Instruct)
		fault := func(err error) { faults = append(faults, fmt.Errorf("agent: settings: %s %w", place, err)) }
		if names[g.Name] {
			fault(fmt.Errorf("has the name %q, which another has", g.Name))
		}
		names[g.Name] = true
		for _, err := range s.checkGuideline(g) {
			fault(err)
		}
		test, err := handoff.NewTest(g.When)
		if err != nil {
			fault(err)
		}
		rules[i] = rule{g, test}
	}
	return rules, errors.Join(faults...)
}

// checkGuideline returns what is wrong with a guideline beside its condition.
func (s *Settings) checkGuideline(g Guideline) (faults []error) {
	switch {
	case g.Then == Say || g.Then == PassOn:
		faults = s.checkScript(g.Text)
	case g.Then != Instruct:
		faults = append(faults, fmt.Errorf("has %q as its then: want instruct, say or hand over", g.Then))
	case strings.Contains(g.Text, "{{"):
		// What is told to the model holds nothing that customers wrote.
		faults = append(faults, errors.New("has a placeholder, which only scripts have"))
	}
	if g.Text == "" && g.Then != PassOn {
		faults = append(faults, errors.New("has no text"))
	}
	return faults
}

// guidelines decides by the first guideline that says something or hands over,
// and collects the instructions for the model.
func (t *turn) guidelines(context.Context) error {
	facts := t.facts(nil)
	for _, r := range t.agent.rules.guidelines {
		if r.test.Ask(facts) != handoff.Yes {
			continue
		}
		why := r.test.Why(facts)
		t.Decision.Fired = append(t.Decision.Fired, Fired{r.Name, r.Then, why})
		switch r.Then {
		case Say:
			t.decided(Answer, r.Name, "The guideline says it, as %s.", why)
			t.Text = t.fill(r.Text)
			return nil
		case PassOn:
			t.handOver(handoff.Policy, r.Name, "The guideline passes it on, as %s.", why)
			t.farewell = t.fill(r.Text)
			return nil
		}
		t.instructions = append(t.instructions, r.Text)
	}
	return nil
}
