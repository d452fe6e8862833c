package lead

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// mostAsks is how often a criterion is asked for before it is unknown for good.
const mostAsks = 2

// A State is what a goal keeps of a conversation: what was found and asked. It
// is the State of its agent.GoalStep, as JSON.
type State struct {
	// Evidence is what is known, each criterion once.
	Evidence []Evidence `json:"evidence,omitempty"`
	// Asks counts how often each criterion was asked for, and Asked is the one
	// whose answer is awaited.
	Asks  map[string]int `json:"asks,omitempty"`
	Asked string         `json:"asked,omitempty"`
	// Done is the verdict on which the outcome has happened.
	Done Verdict `json:"done,omitempty"`
}

// Evidence is the value of a criterion and where it comes from.
type Evidence struct {
	Criterion string `json:"criterion"`
	// Value is a JSON value of the criterion's type.
	Value any `json:"value"`
	// Words are the customer's own, in the message with this Seq. Without words the
	// value is the CRM's.
	Words string `json:"words,omitempty"`
	Seq   int64  `json:"seq,omitempty"`
}

// value returns what is known of a criterion.
func (s *State) value(name string) (any, bool) {
	for _, e := range s.Evidence {
		if e.Criterion == name {
			return e.Value, true
		}
	}
	return nil, false
}

// learn takes evidence. What the customer says counts more than what is on
// record, and what they say later more than what they said before.
func (s *State) learn(e Evidence) {
	i := slices.IndexFunc(s.Evidence, func(old Evidence) bool { return old.Criterion == e.Criterion })
	switch {
	case i < 0:
		s.Evidence = append(s.Evidence, e)
	case e.Seq >= s.Evidence[i].Seq:
		s.Evidence[i] = e
	}
}

// Pursue implements agent.Goal.
func (g *Goal) Pursue(_ context.Context, p agent.Pursuit) (agent.GoalStep, error) {
	var s State
	if p.State != nil {
		if err := json.Unmarshal(p.State, &s); err != nil {
			return agent.GoalStep{}, fmt.Errorf("lead: the state is not its own: %w", err)
		}
	}
	var step agent.GoalStep
	g.look(&s, p.Facts)
	if p.Replying {
		step.Reply = g.hear(&s, p)
	}
	for _, call := range p.Calls {
		accepted, _ := g.accept(call.Arguments, p.Words, p.Language)
		for _, e := range accepted {
			s.learn(e)
		}
	}
	if p.Free {
		s.Asked = "" // what was not answered by now will not be
	}
	verdict := g.Verdict(s)
	if p.Free {
		g.act(&s, &step, verdict, p.Language)
	}
	step.Fact, step.Found = string(verdict), g.found(&s)
	state, err := json.Marshal(s)
	step.State = state
	return step, err
}

// look takes what is on record.
func (g *Goal) look(s *State, facts map[string]any) {
	for i := range g.criteria {
		c := &g.criteria[i]
		fact, ok := facts["customer."+c.Property]
		if c.Property == "" || !ok {
			continue
		}
		if v, err := c.property.Coerce(fact, ""); err == nil {
			s.learn(Evidence{Criterion: c.Name, Value: v})
		}
	}
}

// act does what there is to do: what is to happen on the verdict, once, or the
// next question.
func (g *Goal) act(s *State, step *agent.GoalStep, verdict Verdict, language string) {
	if s.Done != "" {
		return
	}
	if verdict != Open {
		s.Done = verdict
		g.outcome(s, step, verdict, language)
		return
	}
	c := g.next(s)
	if c == nil {
		return
	}
	if s.Asks == nil {
		s.Asks = map[string]int{}
	}
	s.Asks[c.Name]++
	s.Asked = c.Name
	step.Ask = c.question(language)
}

// outcome tells the engine what is to happen on a verdict.
func (g *Goal) outcome(s *State, step *agent.GoalStep, verdict Verdict, language string) {
	o := g.cfg.On[verdict]
	step.Say, step.Close = inLanguage(o.Say, language), o.Close
	if step.Say == "" && o.Close {
		step.Say = inLanguage(farewells, language)
	}
	step.Set = maps.Clone(o.Set)
	for _, c := range g.criteria {
		i := slices.IndexFunc(s.Evidence, func(e Evidence) bool { return e.Criterion == c.Name && e.Words != "" })
		if !c.Save || i < 0 {
			continue
		}
		if step.Set == nil {
			step.Set = map[string]any{}
		}
		step.Set[c.Property] = s.Evidence[i].Value
	}
	if o.HandOver != nil {
		rule := g.cfg.Name + ": " + string(verdict)
		why := strings.TrimSpace(fmt.Sprintf("The goal %s. %s", rule, o.HandOver.Why))
		step.HandOver = &agent.GoalHandOver{Rule: rule, Why: why, Team: o.HandOver.Team}
	}
	if o.Call != nil {
		step.Call = o.Call.made(s)
	}
}

// made returns the call with its arguments.
func (c *Call) made(s *State) *agent.Call {
	arguments := map[string]any{}
	maps.Copy(arguments, c.With)
	for argument, criterion := range c.From {
		if v, ok := s.value(criterion); ok {
			arguments[argument] = v
		}
	}
	raw, err := json.Marshal(arguments)
	if err != nil {
		raw = []byte("{}") // which the policy refuses if it needs any
	}
	return &agent.Call{Name: c.Action, Arguments: raw}
}

// found returns the evidence for people, in the order of the criteria.
func (g *Goal) found(s *State) []handoff.Finding {
	var found []handoff.Finding
	for _, c := range g.criteria {
		for _, e := range s.Evidence {
			if e.Criterion == c.Name {
				found = append(found, handoff.Finding{Name: c.Name, Value: fmt.Sprint(e.Value), Words: e.Words, Seq: e.Seq})
			}
		}
	}
	return found
}

// question returns the question for a criterion, with the options of a choice.
func (c *criterion) question(language string) string {
	var b strings.Builder
	b.WriteString(inLanguage(c.Ask, language))
	for i, o := range c.Options {
		label := o.Label
		orDefault(&label, o.Value)
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "\n%d. %s", i+1, label)
	}
	return b.String()
}

// inLanguage returns the text in a language, or in English, or in the first.
func inLanguage(texts map[string]string, language string) string {
	for _, tag := range append([]string{language, "en"}, slices.Sorted(maps.Keys(texts))...) {
		if text := texts[tag]; text != "" {
			return text
		}
	}
	return ""
}
