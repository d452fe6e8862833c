package agent

import (
	"cmp"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// mostOffered is how many actions a model is told of without a look at which
// are relevant.
const mostOffered = 8

// offered describes actions to a model, in the order of their names: all that
// are on, or of many those that have no triggers or whose triggers were said.
func (t *turn) offered() []ActionSpec {
	var on []*action
	for _, a := range t.agent.actions {
		if t.on(a) {
			on = append(on, a)
		}
	}
	if len(on) > mostOffered {
		on = slices.DeleteFunc(on, func(a *action) bool { return a.spoken != nil && !t.wanted(a) })
	}
	specs := make([]ActionSpec, len(on))
	for i, a := range on {
		specs[i] = a.spec()
	}
	slices.SortFunc(specs, func(a, b ActionSpec) int { return cmp.Compare(a.Name, b.Name) })
	return specs
}

// spec describes an action to a model.
func (c *action) spec() ActionSpec {
	description := c.Description
	if len(c.Triggers) > 0 {
		description += " Customers who want it write for example: " + strings.Join(c.Triggers, "; ") + "."
	}
	return ActionSpec{c.Name, description, c.Schema, c.Risk.Writes()}
}

// wanted reports whether the customer speaks of an action in this conversation,
// or was asked for what it needs.
func (t *turn) wanted(a *action) bool {
	if a.Name == t.collecting {
		return true
	}
	return a.spoken != nil && a.spoken.Ask(func(name string) (any, bool) {
		return strings.Join(t.written(), "\n"), name == "text"
	}) == handoff.Yes
}

// wantsAction reports whether the customer asks for what an action does, so that
// the model is needed also without evidence.
func (t *turn) wantsAction() bool {
	if _, quotes := t.agent.cfg.Model.(Extractive); quotes {
		return false
	}
	for _, a := range t.agent.actions {
		asked := a.spoken != nil && a.spoken.Ask(t.facts(nil)) == handoff.Yes
		if t.on(a) && (asked || a.Name == t.collecting) {
			return true
		}
	}
	return false
}
