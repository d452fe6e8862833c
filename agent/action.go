package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/frontdesk-go/frontdesk/channel"
)

// An Action is something that the agent can do, if the model proposes it and
// code allows it. What a field says holds for every call; Settings.Actions can
// make it stricter and never looser.
type Action struct {
	// Name is unique in an agent, of at most 64 letters, digits and underscores.
	Name string
	// Description tells the model what it does and when to propose it.
	Description string
	// Triggers are words that customers use when they want it, such as "cancel my
	// order". The model is told them; where they are said, the model is asked also
	// without evidence; and of many actions only those are offered whose words
	// were said, and those that have none.
	Triggers []string
	// Schema is the JSON Schema of the arguments, an object. NewAction makes it.
	// What it requires is asked of the customer if the model does not know it.
	Schema json.RawMessage

	// Risk is what it may do. The zero value only reads.
	Risk Risk
	// Trust is the least at which the customer's identity must be known.
	Trust channel.Trust
	// MatchEmail says that the customer must have named, in this conversation, the
	// e-mail address that the CRM has.
	MatchEmail bool
	// When is what must hold before it runs. The results of other actions in this
	// conversation are facts too, so that a Chain says what has to be done first.
	When Condition
	// Amount names the argument that is an amount, a number, for Limits.
	Amount string
	// Limits bound how often and how much.
	Limits ActionLimits
	// Confirm says that the customer must say yes to the very arguments first.
	Confirm bool
	// Asks are the questions for that, by language such as "en", and Reports what
	// is said when it was done. They may name facts, as in {{argument.order}}, a
	// report also those of its own result. Arguments that a question does not name
	// are listed below it. Without any, fixed texts and the model's words are used.
	Asks, Reports map[string]string

	// Timeout is the longest that Run may take. Zero means 20 s.
	Timeout time.Duration
	// Idempotent says that Run drops repeats of ActionCall.Key. An action that
	// is not idempotent does not run in a turn that was begun before and may
	// have run it then.
	Idempotent bool
	// Run does it and returns a JSON value of at most 64 KiB. The text of an error
	// is told to the model, and so may reach the customer. After one, nobody knows
	// whether it was done: what writes and is not Idempotent is not tried again with
	// the same arguments.
	Run func(ctx context.Context, c ActionCall) (json.RawMessage, error)
	// inside says that Run is the engine's own, which changes the turn and has
	// limits of its own.
	inside bool
	// notes says that it is a Goal's, by which a model proposes what it understood.
	notes bool
}

// A Risk is what an action may do.
type Risk string

// The risks, the least first.
const (
	// ReadOnly changes nothing. The zero value means the same.
	ReadOnly Risk = "read"
	// LowImpactWrite changes something. Only after such an action has succeeded
	// may an answer say that something was done for the customer.
	LowImpactWrite Risk = "low_impact_write"
	// ApprovalRequired changes something after a person of the company has
	// approved the very call: see Agent.Approve.
	ApprovalRequired Risk = "approval_required"
)

var risks = []Risk{ReadOnly, LowImpactWrite, ApprovalRequired}

// level returns the place of a risk, and -1 for what is none.
func (r Risk) level() int {
	if r == "" {
		return 0
	}
	return slices.Index(risks, r)
}

// Writes reports whether a risk is of changing something.
func (r Risk) Writes() bool { return r.level() != 0 }

// ActionLimits bound an action. Zero is no limit.
type ActionLimits struct {
	// PerConversation is how often it may run from when a conversation opens until
	// it is closed, and PerDay how often for one contact in 24 hours. Runs that
	// fail count, and what one limit refuses may count against another.
	PerConversation int `json:"per_conversation,omitempty"`
	PerDay          int `json:"per_day,omitempty"`
	// AmountPerCall is the most that the argument Action.Amount may be, and
	// AmountPerDay the most for one contact in 24 hours. Amounts are then positive
	// and counted in thousandths, rounded up.
	AmountPerCall float64 `json:"amount_per_call,omitempty"`
	AmountPerDay  float64 `json:"amount_per_day,omitempty"`
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
	// Arguments is a JSON object that the Schema allows, with each name once.
	Arguments json.RawMessage
	// Words are what the customer wrote in this opening, as far as it is at hand,
	// and Language is that of the turn, a BCP 47 base tag.
	Words    []channel.Entry
	Language string

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
