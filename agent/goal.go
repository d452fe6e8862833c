package agent

import (
	"context"
	"encoding/json"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Goal is something that the agent finds out beside answering, such as whether
// a customer is a lead: see package lead. It asks one question at a time, behind
// an answer and never in its place. What it says and wants done is decided by
// code and under the same policy as what a model proposes. A goal that fails or
// takes more than two seconds costs nothing but a finding.
type Goal interface {
	// Spec says what the goal is called and needs. It is called once, by New.
	Spec() GoalSpec
	// Pursue takes what is new, and returns what the goal makes of it. It is called
	// from many goroutines, twice in a turn at most: when the customer's message is
	// a reply to the goal's question, before anything is decided; and when the turn
	// is decided. It may change nothing but what it returns, since a turn that is
	// dropped is made again from the old state.
	Pursue(ctx context.Context, p Pursuit) (GoalStep, error)
}

// A GoalSpec is what an Agent needs to know of a Goal.
type GoalSpec struct {
	// Name is unique in an agent, of at most 64 letters, digits and underscores.
	// What the goal has found is the fact lead.<name>.
	Name string
	// When has to hold for the goal to be begun. The zero value always holds.
	When Condition
	// Facts are the names of those that the goal wants to be told.
	Facts []string
	// Edits are the properties that it may set, of those that Settings lets be
	// edited, and Calls the actions that it may call.
	Edits, Calls []string
	// Actions are those by which a model proposes what it understood. They may
	// change nothing: what is in their arguments is given to Pursue as proposed.
	Actions []Action
}

// A Pursuit is what a Goal is told.
type Pursuit struct {
	// State is what the last GoalStep of the conversation held, nil at first.
	State    json.RawMessage
	Language string
	// Words are what the customer wrote in this opening, as far as it is at hand,
	// the messages of this turn from Since on.
	Words []channel.Entry
	Since int64
	// Replying says that they reply to the question that the goal asked last.
	Replying bool
	// Facts are those of GoalSpec.Facts that are known at the customer's trust.
	Facts map[string]any
	// Calls are those of the goal's own actions that were made in this turn.
	Calls []CallResult
	// Free says that the turn has room. Without it only State, Fact, Found and
	// Reply of the step are taken.
	Free bool
}

// A GoalStep is what a Goal makes of a Pursuit.
type GoalStep struct {
	// State is kept for the next one, a JSON value of at most 64 KiB.
	State json.RawMessage
	// Fact is that of lead.<name>, and Found what it rests on.
	Fact  string
	Found []handoff.Finding
	// Reply says what the messages are if Replying.
	Reply GoalReply
	// Say is said behind the answer, and then Ask, a question.
	Say, Ask string
	// Set are values of properties to write to the CRM.
	Set map[string]any
	// Call is an action to call. At most one of it, HandOver and Close counts.
	Call *Call
	// HandOver passes the conversation to people, Say being what is said.
	HandOver *GoalHandOver
	// Close ends the conversation.
	Close bool
}

// A GoalHandOver says to whom a goal hands over, and why.
type GoalHandOver struct {
	// Rule is Packet.Rule, Why a sentence for people, and Team Packet.Team.
	Rule, Why, Team string
}

// A GoalReply is what a message is that was written after a goal's question.
type GoalReply string

// What a message may be.
const (
	NoReply      GoalReply = ""        // it is to be answered as any other
	Replied      GoalReply = "reply"   // it is a reply, and nothing more
	UnclearReply GoalReply = "unclear" // it is not understood, and asks for nothing
)

// A GoalState is what is kept of a Goal from turn to turn.
type GoalState struct {
	Goal  string            `json:"goal"`
	State json.RawMessage   `json:"state,omitempty"`
	Fact  string            `json:"fact,omitempty"`
	Found []handoff.Finding `json:"found,omitempty"`
	// Asked is the turn whose message ended with the goal's question, until the
	// customer has replied.
	Asked string `json:"asked,omitempty"`
}
