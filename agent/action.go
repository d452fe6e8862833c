package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/frontdesk-go/frontdesk/channel"
)

// An Action is something that the agent can do, if the model proposes it and
// code allows it.
type Action struct {
	// Name is unique in an agent, of at most 64 letters, digits and underscores.
	Name string
	// Description tells the model what it does and when to propose it.
	Description string
	// Schema is the JSON Schema of the arguments, an object. NewAction makes it.
	Schema json.RawMessage
	// Trust is the least at which the customer's identity must be known.
	Trust channel.Trust
	// Writes says that Run changes something. Only after such an action has
	// succeeded may an answer say that something was done for the customer.
	Writes bool
	// Idempotent says that Run drops repeats of ActionCall.Key. An action that
	// is not idempotent does not run in a turn that was begun before and may
	// have run it then.
	Idempotent bool
	// Run does it and returns a JSON value. The text of an error is told to the
	// model, and so may reach the customer.
	Run func(ctx context.Context, c ActionCall) (json.RawMessage, error)
}

// An ActionCall is a call that the policy has allowed.
type ActionCall struct {
	// Key names the call: the same at every attempt at a turn, and different for
	// any other arguments or turn.
	Key          string
	Conversation string
	// Customer is who asks. It comes from the channel and the CRM, never from
	// the model.
	Customer Customer
	// Arguments is a JSON object that the Schema allows.
	Arguments json.RawMessage

	turn *turn // for what is built in
}

// NewAction returns an Action of a typed function, with the schema of In.
func NewAction[In, Out any](name, description string, run func(ctx context.Context, c ActionCall, in In) (Out, error)) (Action, error) {
	schema, err := jsonschema.For[In](nil)
	if err != nil {
		return Action{}, fmt.Errorf("agent: action %q: %w", name, err)
	}
	raw, err := json.Marshal(schema)
	if err != nil {
		return Action{}, fmt.Errorf("agent: action %q: %w", name, err)
	}
	return Action{
		Name: name, Description: description, Schema: raw,
		Run: func(ctx context.Context, c ActionCall) (json.RawMessage, error) {
			var in In
			if err := json.Unmarshal(c.Arguments, &in); err != nil {
				return nil, err
			}
			out, err := run(ctx, c, in)
			if err != nil {
				return nil, err
			}
			return json.Marshal(out)
		},
	}, nil
}

var actionNames = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)

func (a Action) validate() error {
	var faults []error
	if !actionNames.MatchString(a.Name) {
		faults = append(faults, fmt.Errorf("is named %q: want 1 to 64 letters, digits and underscores", a.Name))
	}
	if a.Run == nil {
		faults = append(faults, fmt.Errorf("%q has no Run", a.Name))
	}
	if _, err := a.arguments(); err != nil {
		faults = append(faults, fmt.Errorf("%q: Schema: %w", a.Name, err))
	}
	return errors.Join(faults...)
}

// arguments returns what checks the arguments of a call.
func (a Action) arguments() (*jsonschema.Resolved, error) {
	var schema jsonschema.Schema
	if err := json.Unmarshal(a.Schema, &schema); err != nil {
		return nil, err
	}
	if schema.Type != "object" {
		return nil, errors.New("want an object")
	}
	return schema.Resolve(nil)
}
