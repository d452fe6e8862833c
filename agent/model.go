package agent

import (
	"encoding/json"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A Request is what a Model is told. Everything in it that the company did not
// write itself, history and evidence, may try to instruct the model; nothing
// depends on the model not obeying.
type Request struct {
	Profile Profile
	// Language is that of the answer, a BCP 47 base tag. Empty is English.
	Language   string
	Guidelines []string
	// Question is what to answer.
	Question string
	// History is the conversation before the question, oldest first.
	History []channel.Message
	// Customer is who asks, as far as is known.
	Customer Customer
	// Labels are what people call the Properties of Customer, by name.
	Labels map[string]string
	// Evidence is all that the answer may rest on, best first.
	Evidence []retrieval.Hit
	// Score is how likely it is that the evidence answers, from 0 to 1.
	Score float64
	// Actions are those the model may propose.
	Actions []ActionSpec
	// Results are those of the calls proposed earlier in this turn.
	Results []CallResult
	// Remarks say which rules of the voice an answer broke that the model wrote in
	// this turn. It is to write the answer again, in full.
	Remarks []string
	// MaxLength is the longest answer wanted, in runes. Zero means no limit.
	MaxLength int
}

// An ActionSpec describes an action to a model.
type ActionSpec struct {
	Name        string
	Description string
	// Schema is the JSON Schema of its arguments, an object.
	Schema json.RawMessage
	// Writes says that it changes something.
	Writes bool
}

// A Delta is a piece of a model's answer. Any of its fields may be set.
type Delta struct {
	// Text follows the text of the deltas before.
	Text string
	// Sources are the indexes of Request.Evidence that Text rests on.
	Sources []int
	// Call is an action that the model proposes.
	Call *Call
	// NoAnswer says that the model finds no answer in the evidence.
	NoAnswer bool
	// Usage is added to that of the deltas before.
	Usage Usage
	// Finding is what went wrong on the way, for the host. It stands in
	// Decision.Findings.
	Finding string
}

// A Call is an action with its arguments, as a model proposed it.
type Call struct {
	// ID is the model's, unique in its turn.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Arguments is a JSON object.
	Arguments json.RawMessage `json:"arguments"`
}

// A CallResult is what became of a Call.
type CallResult struct {
	Call
	// Output is what the action returned, as JSON.
	Output json.RawMessage `json:"output,omitempty"`
	// Refused says in words why the call was not made, or failed. It is written
	// for the model and the host, without internals.
	Refused string `json:"refused,omitempty"`
	// Check names the check of the policy that decided, such as "precondition", or
	// is "failed". It is empty for what was done. Why says more to the host, and is
	// not told to the model.
	Check string `json:"check,omitempty"`
	Why   string `json:"why,omitempty"`
	// Key is the ActionCall.Key.
	Key string `json:"key,omitempty"`
}

// Usage counts what a model used.
type Usage struct {
	InputTokens  int `json:"input_tokens,omitempty"`
	OutputTokens int `json:"output_tokens,omitempty"`
}

func (u Usage) plus(v Usage) Usage {
	return Usage{u.InputTokens + v.InputTokens, u.OutputTokens + v.OutputTokens}
}
