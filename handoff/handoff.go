// Package handoff passes conversations from the agent to people.
package handoff

import (
	"context"
	"encoding/json"
	"time"
)

// A Reason says why a conversation is passed to a person. The set is closed.
type Reason string

// The reasons.
const (
	CustomerRequest      Reason = "customer request"      // asked for a person
	MissingKnowledge     Reason = "missing knowledge"     // the content does not answer
	UnsupportedRequest   Reason = "unsupported request"   // not the agent's to do
	Policy               Reason = "policy"                // a rule of the host says so
	ActionFailure        Reason = "action failure"        // an action failed
	PendingClarification Reason = "pending clarification" // asked back, and still unclear
	Limits               Reason = "limits"                // credits, steps or time ran out
	OutsideHours         Reason = "outside hours"         // the agent is off duty or switched off
	IgnoredSender        Reason = "ignored sender"        // on the ignore list
	Failure              Reason = "error"                 // the model or the system failed
	GoalReached          Reason = "goal reached"          // a goal of the host says so
)

// Reasons returns all reasons.
func Reasons() []Reason {
	return []Reason{
		CustomerRequest, MissingKnowledge, UnsupportedRequest, Policy, ActionFailure,
		PendingClarification, Limits, OutsideHours, IgnoredSender, Failure, GoalReached,
	}
}

// A Router decides which people take a conversation. Route may be called more
// than once for one handoff, with the same packet, after a crash.
type Router interface {
	// Route returns who takes the conversation. After an error, the
	// conversation waits in the queue of everybody.
	Route(ctx context.Context, p Packet) (Assignment, error)
}

// A RouterFunc is a function used as a Router.
type RouterFunc func(ctx context.Context, p Packet) (Assignment, error)

// Route calls f.
func (f RouterFunc) Route(ctx context.Context, p Packet) (Assignment, error) { return f(ctx, p) }

// An Assignment is who takes a conversation.
type Assignment struct {
	// Team is whose queue the conversation waits in. Empty is the queue of everybody.
	Team string `json:"team,omitempty"`
	// Message is what the customer is told, once. Empty leaves the agent's own.
	Message string `json:"message,omitempty"`
}

// A Packet is what a person needs to know to take over.
type Packet struct {
	Conversation string   `json:"conversation"`
	Channel      string   `json:"channel"`
	Customer     Customer `json:"customer,omitzero"`
	Reason       Reason   `json:"reason"`
	// Rule names the rule that decided, for whoever wants to change it.
	Rule string `json:"rule,omitempty"`
	// Team is a team that the rule would have take the conversation: a hint, empty
	// for none.
	Team string `json:"team,omitempty"`
	// Question is the customer's words that the agent did not answer.
	Question string `json:"question,omitempty"`
	// Tried lists the titles of the sources that came nearest, best first.
	Tried []string `json:"tried,omitempty"`
	// Proposed is what the agent would do if a person approves it. Nil is nothing.
	Proposed *Proposal `json:"proposed,omitempty"`
	// Goals are what the agent has found out beside answering.
	Goals []Goal `json:"goals,omitempty"`
	// Transcript holds the last lines of the conversation, oldest first.
	Transcript []Line    `json:"transcript,omitempty"`
	At         time.Time `json:"at"`
}

// A Proposal is a call of an action that waits for a person's approval.
type Proposal struct {
	// Call names the call to whoever approves it.
	Call   string `json:"call"`
	Action string `json:"action"`
	// Arguments is the JSON object that it will be called with, and Text the same
	// in words.
	Arguments json.RawMessage `json:"arguments"`
	Text      string          `json:"text"`
}

// A Goal is how far the agent came with something that it finds out.
type Goal struct {
	Name string `json:"name"`
	// State is its verdict, such as "qualified", or "open".
	State string `json:"state,omitempty"`
	// Found is what that rests on.
	Found []Finding `json:"found,omitempty"`
}

// A Finding is one thing that was found out.
type Finding struct {
	Name string `json:"name"`
	// Value is what it is, and Words how the customer said it, in the message
	// with this Seq. Without words it was on record.
	Value string `json:"value"`
	Words string `json:"words,omitempty"`
	Seq   int64  `json:"seq,omitempty"`
}

// A Customer is who waits for a person.
type Customer struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
	// Trust says in words how well this identity is known.
	Trust string `json:"trust,omitempty"`
}

// A Line is one message of a transcript.
type Line struct {
	Author string    `json:"author"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}
