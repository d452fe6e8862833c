package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

const (
	// goalTime is the longest that a goal may take for one call.
	goalTime = 2 * time.Second
	// mostState is how much a goal may keep, in bytes.
	mostState = 64 << 10
	// mostFound is how many findings of a goal are kept.
	mostFound = 100
)

// A goal is a Goal that was checked.
type goal struct {
	Goal
	GoalSpec
	when *handoff.Test
}

// compileGoals returns the goals of a configuration with the actions that they
// bring, and all of their faults.
func compileGoals(cfg Config) (goals []*goal, actions []Action, faults []error) {
	names := map[string]bool{}
	for i, g := range cfg.Goals {
		if g == nil {
			faults = append(faults, fmt.Errorf("agent: config: Goals[%d] is nil", i))
			continue
		}
		spec := g.Spec()
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("agent: config: Goals[%d] %q: "+format, append([]any{i, spec.Name}, args...)...))
		}
		if !actionNames.MatchString(spec.Name) {
			fault("the name is not of 1 to 64 letters, digits and underscores")
		}
		if names[spec.Name] {
			fault("there is another goal of this name")
		}
		names[spec.Name] = true
		when, err := handoff.NewTest(spec.When)
		if err != nil {
			fault("when: %w", err)
		}
		for _, name := range append(factNames(spec.When), spec.Facts...) {
			if !cfg.Settings.knownFact(name) {
				fault("there is no fact %q", name)
			}
		}
		spec.checkReach(cfg, fault)
		for _, a := range spec.Actions {
			if a.Risk.Writes() {
				fault("the action %q by which a model proposes may change nothing", a.Name)
			}
			a.notes = true
			actions = append(actions, a)
		}
		goals = append(goals, &goal{g, spec, when})
	}
	return goals, actions, faults
}

// checkReach reports what a goal wants to change or call and cannot.
func (s GoalSpec) checkReach(cfg Config, fault func(format string, args ...any)) {
	for _, name := range s.Edits {
		if !slices.ContainsFunc(cfg.Settings.Properties, func(p Property) bool { return p.Name == name && p.Edit }) {
			fault("it sets the property %q, which settings.properties does not let be edited", name)
		}
	}
	if _, ok := cfg.CRM.(Editor); !ok && len(s.Edits) > 0 {
		fault("it sets properties, and CRM is no Editor")
	}
	for _, name := range s.Calls {
		if !slices.ContainsFunc(cfg.Actions, func(a Action) bool { return a.Name == name }) {
			fault("there is no action %q", name)
		}
	}
}

// goalState returns what is kept of a goal.
func (t *turn) goalState(name string) GoalState {
	for _, s := range t.conv.Memory.Goals {
		if s.Goal == name {
			return s
		}
	}
	return GoalState{Goal: name}
}

// keepGoal replaces what is kept of a goal.
func (t *turn) keepGoal(s GoalState) {
	goals := slices.DeleteFunc(slices.Clone(t.conv.Memory.Goals), func(old GoalState) bool { return old.Goal == s.Goal })
	t.conv.Memory.Goals = append(goals, s)
}

// leadFact returns what a goal has found.
func (t *turn) leadFact(name string) (any, bool) {
	fact := t.goalState(name).Fact
	return fact, fact != ""
}

// unheard returns why the burst is no reply to the question that a goal asked in
// a turn, empty if it is: nobody may have written in between.
func (t *turn) unheard(turn string) string {
	if why := t.unasked(turn); why != "" {
		return why
	}
	asked := false
	for _, m := range t.messages {
		switch {
		case m.ID == turn+".1" || strings.HasPrefix(m.ID, turn+".1."):
			asked = true
		case asked && m.Seq < t.First:
			return "somebody wrote in between"
		}
	}
	return ""
}

// hear lets the goal that has asked read the reply.
func (t *turn) hear(ctx context.Context) error {
	if !t.direct() {
		return nil
	}
	for _, g := range t.agent.goals {
		asked := t.goalState(g.Name).Asked
		if asked == "" || t.unheard(asked) != "" {
			continue
		}
		step, ok := t.consider(ctx, g, Pursuit{Replying: true})
		if s := t.goalState(g.Name); ok {
			s.Asked = ""
			t.keepGoal(s)
			t.reply = step.Reply
		}
		if t.reply != Replied && len(g.Actions) > 0 {
			t.collecting = g.Actions[0].Name // a model may understand it
		}
		return nil
	}
	return nil
}

// replied decides a turn whose message is a reply to a goal and nothing more.
func (t *turn) replied(context.Context) error {
	if t.reply == Replied {
		t.decided(Ask, "a reply", "The customer replies to the question of a goal.")
	}
	return nil
}

// noAnswer decides that there is no answer, unless nothing was asked.
func (t *turn) noAnswer(why handoff.Reason, rule, format string, args ...any) {
	if t.reply != UnclearReply {
		t.handOver(why, rule, format, args...)
		return
	}
	t.decided(Ask, "an unclear reply", "The customer replies to the question of a goal, which is not understood, and asks for nothing.")
	t.Text, t.Citations = "", nil
}

// pursue lets the goals take what the turn brought, and one of them add to what
// the turn says. Where people send or edit what is said, nobody knows what was
// asked, and goals rest.
func (t *turn) pursue(ctx context.Context) error {
	if t.pursued || len(t.burst) == 0 || !t.direct() {
		return nil
	}
	t.pursued = true
	free := t.hasRoom() && !t.awaits()
	for _, g := range t.agent.goals {
		step, ok := t.consider(ctx, g, Pursuit{Free: free})
		if ok && free && step.wants() {
			t.carry(ctx, g, step)
			free = false
		}
	}
	if t.reply != NoReply && t.Decision.Kind == Ask && t.Text == "" && t.preface == "" {
		t.decided(Answer, "noted", "The customer replied to a goal, which has nothing more to ask.")
		t.Text = t.texts().Noted
	}
	return nil
}

// awaits reports whether the customer has yet to see a goal's question, having
// written before it came. The reply to it then comes behind this turn's answer.
func (t *turn) awaits() bool {
	for _, s := range t.conv.Memory.Goals {
		if s.Asked != "" && t.unheard(s.Asked) == unsent {
			s.Asked = t.ID
			t.keepGoal(s)
			return true
		}
	}
	return false
}

// hasRoom reports whether a goal may add to the turn: it answers what the
// customer asked, or they have replied, and it asks nothing else.
func (t *turn) hasRoom() bool {
	if strings.HasSuffix(strings.TrimRight(t.Text, " \n*_)\"”»"), "?") {
		return false
	}
	switch t.Decision.Kind {
	case Answer:
		return t.Decision.Step == "decide"
	case Ask:
		return t.reply != NoReply && t.Text == "" && t.conv.Memory.Pending == nil && !t.proving
	}
	return false
}

// consider calls a goal, and keeps its state. It reports whether that went well.
func (t *turn) consider(ctx context.Context, g *goal, p Pursuit) (GoalStep, bool) {
	s := t.goalState(g.Name)
	if s.State == nil && g.when.Ask(t.facts(nil)) != handoff.Yes {
		return GoalStep{}, false
	}
	p.State, p.Language, p.Words, p.Since = slices.Clone(s.State), t.Language, t.words(), t.First
	p.Facts = map[string]any{}
	for _, name := range g.Facts {
		if v, ok := t.facts(nil)(name); ok {
			p.Facts[name] = v
		}
	}
	for _, r := range t.Calls {
		if r.Refused == "" && slices.ContainsFunc(g.Actions, func(a Action) bool { return a.Name == r.Name }) {
			r.Arguments, r.Output = slices.Clone(r.Arguments), slices.Clone(r.Output)
			p.Calls = append(p.Calls, r)
		}
	}
	step, err := timed(ctx, goalTime, func(ctx context.Context) (GoalStep, error) { return g.Pursue(ctx, p) })
	if err == nil && (len(step.State) > mostState || step.State != nil && !json.Valid(step.State) || len(step.Found) > mostFound) {
		err = errors.New("what it keeps is not JSON of at most 64 KiB, or its findings are too many")
	}
	if err != nil {
		t.finding("the goal %s failed: %v", g.Name, err)
		return GoalStep{}, false
	}
	if s.Fact != step.Fact {
		t.record(GoalChanged, string(channel.Agent), "%s: %s", g.Name, step.Fact)
	}
	s.State, s.Fact, s.Found = step.State, step.Fact, step.Found
	t.keepGoal(s)
	return step, true
}

// words returns what the customer wrote in this opening, codes masked.
func (t *turn) words() []channel.Entry {
	var entries []channel.Entry
	for _, m := range t.messages {
		if m.Author != channel.Customer || m.Seq <= t.conv.Memory.Since || t.First > 0 && m.Seq >= t.First {
			continue
		}
		if slices.Contains(t.conv.Memory.Identity.Codes, m.Seq) {
			_, m.Text = findCode(m.Text)
		}
		entries = append(entries, m.Entry)
	}
	for _, m := range t.burst {
		entries = append(entries, m.Entry)
	}
	for i := range entries {
		entries[i].Text = clip(stripHidden(entries[i].Text), historyText)
	}
	return entries
}

// wants reports whether a step is more than state.
func (s GoalStep) wants() bool {
	return s.Say != "" || s.Ask != "" || len(s.Set) > 0 || s.Call != nil || s.HandOver != nil || s.Close
}

// carry does what a goal wants of a turn that has room.
func (t *turn) carry(ctx context.Context, g *goal, s GoalStep) {
	if len(s.Set) > 0 {
		t.setFor(ctx, g, s.Set)
	}
	switch {
	case s.HandOver != nil:
		t.passOnFor(handoff.GoalReached, s.HandOver.Rule, s.HandOver.Why)
		t.team, t.farewell = s.HandOver.Team, s.Say
		return
	case s.Call != nil:
		t.callFor(ctx, g, s)
		return
	}
	if s.Say != "" || s.Close {
		t.Text = paragraphs(t.Text, s.Say)
		if t.closing = s.Close; t.Decision.Kind == Ask {
			t.decided(Answer, "a goal", "The goal %s is reached.", g.Name)
		}
	}
	if s.Ask != "" && !s.Close {
		t.Text = paragraphs(t.Text, s.Ask)
		kept := t.goalState(g.Name)
		kept.Asked = t.ID
		t.keepGoal(kept)
	}
}

// passOnFor hands over behind what is said already.
func (t *turn) passOnFor(why handoff.Reason, rule, reason string) {
	said, cites := t.Text, t.Citations
	t.handOver(why, rule, "%s", reason)
	t.preface, t.Citations = paragraphs(t.preface, said), cites
}

// paragraphs joins two texts, each of which may be empty.
func paragraphs(a, b string) string {
	return strings.TrimSpace(strings.TrimSpace(a) + "\n\n" + strings.TrimSpace(b))
}

// setFor writes what a goal has found to the CRM, under the same rights as
// what a customer wants changed. What cannot be written is a finding.
func (t *turn) setFor(ctx context.Context, g *goal, set map[string]any) {
	for name := range set {
		if !slices.Contains(g.Edits, name) {
			t.finding("the goal %s did not declare that it sets %s", g.Name, name)
			return
		}
	}
	if t.agent.cfg.DryRun {
		t.finding("the goal %s would set %s, in a dry run", g.Name, strings.Join(slices.Sorted(maps.Keys(set)), ", "))
		return
	}
	arguments, err := json.Marshal(set)
	if err == nil {
		_, err = t.edit(ctx, t.callKey(Call{Name: "goal " + g.Name, Arguments: arguments}), arguments)
	}
	if err != nil {
		t.finding("the goal %s could not set properties: %v", g.Name, err)
	}
}

// callFor calls an action for a goal, under the policy. If it is not made,
// people get the conversation; nobody was told of it yet.
func (t *turn) callFor(ctx context.Context, g *goal, s GoalStep) {
	p := &proposal{Call: *s.Call}
	a := t.agent.actions[p.Name]
	if a == nil || !slices.Contains(g.Calls, p.Name) || !t.trusted(a.Trust) {
		t.passOnFor(handoff.ActionFailure, "a goal's action", fmt.Sprintf("%s calls %s, which is not allowed for this customer.", g.Name, p.Name))
		return
	}
	kind, said, cites := t.Decision.Kind, t.Text, t.Citations
	t.Text = ""
	r := t.perform(ctx, p)
	switch {
	case t.conv.Memory.Pending != nil && t.conv.Memory.Pending.Key == p.key, t.Decision.Kind != kind:
		// The policy asks the customer, or people.
		t.preface, t.Citations = paragraphs(t.preface, said), cites
	case r.Refused != "" && r.Check != "dry run":
		t.Text, t.Citations = said, cites
		t.conv.Memory.Collecting = ""
		t.passOnFor(handoff.ActionFailure, "a goal's action", fmt.Sprintf("%s calls %s, which was not done: %s.", g.Name, p.Name, r.Refused))
	default:
		report, ok := t.fillCall(t.inLanguage(p.Reports), p)
		if !ok || report == "" {
			report = s.Say
		}
		orDefault(&report, t.texts().Done)
		t.Text = paragraphs(said, report)
		if kind == Ask {
			t.decided(Answer, "a goal", "The goal %s is reached.", g.Name)
		}
	}
}

// end closes a conversation whose goal wants that, once it is charged.
func (t *turn) end() {
	if !t.closing || t.conv.Owner != channel.ByAgent {
		return
	}
	t.conv.release(false)
	t.conv.Owner = channel.Closed
	t.record(ConversationEnded, string(channel.Agent), "its goal is reached")
}
