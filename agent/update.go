package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// ErrConflict is returned by an Editor if a property has another value than the
// change was made from.
var ErrConflict = errors.New("agent: the customer has changed")

// An Edit is a change of a customer, all of it or nothing.
type Edit struct {
	// Customer is the CRM's ID.
	Customer string
	// Key names the edit: the same at every attempt.
	Key     string
	Changes []Change
}

// A Change is that of one property. Its values are those of the PropertyType.
type Change struct {
	Property string
	// Old is the value that the CRM returned, as it returned it, nil for none.
	Old any
	New any
}

// updateName is the name of the built-in action.
const updateName = "update_customer"

// updateAction returns the action by which customers have their own data
// changed, if any of it may be.
func updateAction(s Settings) (Action, bool) {
	type object = map[string]any
	properties := object{}
	for _, p := range s.Properties {
		if !p.Edit {
			continue
		}
		kind := any("string")
		switch p.Type {
		case Number:
			kind = []string{"number", "string"}
		case Bool:
			kind = []string{"boolean", "string"}
		}
		properties[p.Name] = object{"type": kind, "description": p.label() + ": " + p.unfit().Error()}
	}
	schema, err := json.Marshal(object{
		"type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1,
	})
	return Action{
		Name:        updateName,
		Description: "Changes what the company has on record about the customer who is asking. Only for what the customer wants changed, with the value that the customer gave.",
		Schema:      schema,
		Trust:       channel.EmailVerified,
		Risk:        LowImpactWrite,
		inside:      true,
		Idempotent:  true,
		Run: func(ctx context.Context, c ActionCall) (json.RawMessage, error) {
			return c.turn.update(ctx, c)
		},
	}, len(properties) > 0 && err == nil
}

// update changes the customer as a call says. The errors are words for the model.
func (t *turn) update(ctx context.Context, c ActionCall) (json.RawMessage, error) {
	changes, err := t.edit(ctx, c.Key, c.Arguments)
	switch {
	case errors.Is(err, errUnread):
		t.handOver(handoff.ActionFailure, "the CRM failed", "A change of the customer's data was asked for, and the CRM could not be read.")
	case errors.Is(err, errUnsure):
		t.handOver(handoff.ActionFailure, "the CRM failed", "A change of the customer's data was asked for, and nobody knows whether it was made.")
	}
	if err != nil || len(changes) == 0 {
		return json.RawMessage(`"It is on record like that already."`), err
	}
	return json.Marshal(map[string]any{"changed": changedTo(changes)})
}

var (
	errUnread = errors.New("the customer's data cannot be changed at the moment")
	errUnsure = errors.New("nobody knows whether it was changed")
)

// edit writes properties to the CRM as the rights of Settings.Properties allow,
// and notes each change. What is on record already is left out. The errors are
// words for the model.
func (t *turn) edit(ctx context.Context, key string, values json.RawMessage) ([]Change, error) {
	editor, ok := t.agent.cfg.CRM.(Editor)
	switch {
	case !ok || !t.trusted(channel.EmailVerified):
		return nil, errors.New("the customer's data cannot be changed")
	case t.crmFailed:
		return nil, errUnread
	case t.known.ID == "":
		return nil, errors.New("the customer is not on record")
	}
	changes, err := t.changes(values)
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, crmTime)
	defer cancel()
	err = guarded(func() error { return editor.Update(within, Edit{Customer: t.known.ID, Key: key, Changes: changes}) })
	switch {
	case errors.Is(err, ErrConflict):
		t.lookUp(ctx)
		return nil, errors.New("somebody else has changed the customer's data meanwhile, and nothing was done: look at it again and ask the customer")
	case err != nil:
		t.finding("the CRM failed: %v", err)
		return nil, errUnsure
	}
	t.changed(changes)
	return changes, nil
}

// changes returns what a call changes, in the order of names.
func (t *turn) changes(arguments json.RawMessage) ([]Change, error) {
	var values map[string]any
	if err := json.Unmarshal(arguments, &values); err != nil {
		return nil, errors.New("the arguments are not a JSON object")
	}
	var changes []Change
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(t.agent.rules.Properties, func(p Property) bool { return p.Name == name && p.Edit })
		if i < 0 {
			faults = append(faults, fmt.Sprintf("%s cannot be changed", name))
			continue
		}
		p := t.agent.rules.Properties[i]
		v, err := p.Coerce(values[name], t.Language)
		if err != nil {
			faults = append(faults, fmt.Sprintf("%s: %v", p.label(), err))
			continue
		}
		if old, ok := t.value(p); !ok || old != v {
			changes = append(changes, Change{Property: name, Old: t.known.Properties[name], New: v})
		}
	}
	if len(faults) > 0 {
		return nil, errors.New(strings.Join(faults, "; "))
	}
	return changes, nil
}

// changed notes what was changed.
func (t *turn) changed(changes []Change) {
	known := t.known
	known.Properties = maps.Clone(known.Properties)
	if known.Properties == nil {
		known.Properties = map[string]any{}
	}
	for _, c := range changes {
		t.record(CustomerChanged, string(channel.Agent), "%s: %s", c.Property, audited(c))
		known.Properties[c.Property] = c.New
	}
	t.knows(known)
}

// changedTo returns the new values by property.
func changedTo(changes []Change) map[string]any {
	now := map[string]any{}
	for _, c := range changes {
		now[c.Property] = c.New
	}
	return now
}

// audited returns the old and the new value, as JSON.
func audited(c Change) []byte {
	if old, err := json.Marshal(c.Old); err == nil {
		if now, err := json.Marshal(c.New); err == nil {
			return fmt.Appendf(old, " -> %s", now)
		}
	}
	return []byte("changed")
}
