package agent

import (
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Conversation is one thread of one channel, and who may speak in it. It
// lives for ever: a message to a closed one opens it again.
type Conversation struct {
	ID      string        `json:"id"`
	Channel string        `json:"channel"`
	Thread  string        `json:"thread"`
	Owner   channel.Owner `json:"owner"`
	// Customer is the party of the newest message.
	Customer channel.Party `json:"customer,omitzero"`
	// Team is whose queue the conversation is in or came from. Empty is
	// everybody's.
	Team string `json:"team,omitempty"`
	// Person is who of the company has the conversation, when Owner is ByPerson.
	Person string `json:"person,omitempty"`
	// Epoch counts the changes. A commit must name the one it was made from, so
	// that of two workers only one succeeds.
	Epoch int64 `json:"epoch"`
	// Opening counts how often the conversation was opened, from 1. Each
	// opening is charged once at most.
	Opening int `json:"opening"`
	// Answered is the Seq of the last message that a turn has dealt with.
	Answered int64 `json:"answered"`
	// OpenedAt and ActiveAt are when the opening began, and when somebody last
	// wrote.
	OpenedAt time.Time `json:"opened_at"`
	ActiveAt time.Time `json:"active_at"`
	// Due is when the conversation next wants attention if nobody writes. Zero
	// means never.
	Due time.Time `json:"due,omitzero"`
	// Memory is what the engine keeps from turn to turn.
	Memory Memory `json:"memory,omitzero"`
}

// Memory is what the engine keeps of a conversation from turn to turn.
type Memory struct {
	// Since is the Seq of the last message of the openings before this one, which
	// the agent does not go back to.
	Since int64 `json:"since,omitempty"`
	// Language is the base tag of the language that the agent spoke last.
	Language string `json:"language,omitempty"`
	// Disclosed says that the customer was told in this opening that it is a machine
	// that answers.
	Disclosed bool `json:"disclosed,omitempty"`
	// Repeat is the question that the agent last answered from its content and that the customer has not
	// thanked for.
	Repeat string `json:"repeat,omitempty"`
	// Asking is the customer's question that the agent asked back about, until
	// the customer replies.
	Asking string `json:"asking,omitempty"`
	// Options are the choices it gave.
	Options []string `json:"options,omitempty"`
	// Committed is the Epoch that the last commit left. The next claim raises it
	// by one; if it is further, an attempt has ended without a commit.
	Committed int64 `json:"committed,omitempty"`
	// Failures counts the attempts at the present turn that ended in an error.
	Failures int `json:"failures,omitempty"`
	// Held is what is held for this opening and not yet settled, Paid whether it
	// was charged, and Releases how often a hold was given back.
	Held     credits.Amount `json:"held,omitempty"`
	Paid     bool           `json:"paid,omitempty"`
	Releases int            `json:"releases,omitempty"`
	// Charges are settled with the meter by the next piece of work.
	Charges []Charge `json:"charges,omitempty"`
	// Pending is the call that the customer was asked to confirm, and Proposed the
	// one that waits for a person's approval.
	Pending  *HeldCall `json:"pending,omitempty"`
	Proposed *HeldCall `json:"proposed,omitempty"`
	// Collecting is the action for which the customer was asked for something.
	Collecting string `json:"collecting,omitempty"`
	// Results are those that facts ask for, Done the digests of what was done or
	// perhaps done, and ActionFailures how many actions in a row have failed.
	Results        []Result `json:"results,omitempty"`
	Done           []string `json:"done,omitempty"`
	ActionFailures int      `json:"action_failures,omitempty"`
	// Mode is the one in which the agent last spoke: see Off.
	Mode Mode `json:"mode,omitempty"`
	// Task is what the agent was assigned to do and has not done yet.
	Task *Task `json:"task,omitempty"`
	// Draft is what waits for a person to send it.
	Draft *Draft `json:"draft,omitempty"`
	// Goals are what is kept of the agent's goals. They outlive an opening, so that
	// nothing is asked again that was answered.
	Goals []GoalState `json:"goals,omitempty"`
	// Identity is what the customer has shown of who they are.
	Identity Identity `json:"identity,omitzero"`
	// Packet is what the people who take over are told, while they have the conversation.
	Packet *handoff.Packet `json:"packet,omitempty"`
}

// A Charge replaces a hold by an amount. Zero releases it.
type Charge struct {
	Key    string         `json:"key"`
	Amount credits.Amount `json:"amount"`
}

// A Message is one message as a Store keeps it.
type Message struct {
	channel.Entry
	Conversation string `json:"conversation"`
	// Delivery is the zero value for messages from the customer.
	Delivery Delivery `json:"delivery,omitzero"`
}

// A Delivery is what became of an outbound message.
type Delivery struct {
	State DeliveryState `json:"state"`
	// Attempts counts the times it was handed to the channel.
	Attempts int `json:"attempts,omitempty"`
	// Next is when to try again, while pending.
	Next time.Time `json:"next,omitzero"`
	// Interrupted says that an attempt was begun and its end not recorded.
	Interrupted bool `json:"interrupted,omitempty"`
	// Detail is the last error, for the host and never for a customer.
	Detail string `json:"detail,omitempty"`
}

// A DeliveryState is what is known of a delivery.
type DeliveryState string

// The states of a delivery. Sent, Failed and Unknown are final.
const (
	Pending DeliveryState = "pending" // waits for its turn or its next attempt
	Sending DeliveryState = "sending" // handed to the channel, its intent stored first
	Sent    DeliveryState = "sent"    // taken by the provider, or returned by Reply
	Failed  DeliveryState = "failed"  // refused for good
	Unknown DeliveryState = "unknown" // perhaps delivered, and not sent again
)

// A Record is one line of the audit: what changed, when, and by whom.
type Record struct {
	Seq          int64     `json:"seq"` // set by the Store, growing
	At           time.Time `json:"at"`
	Conversation string    `json:"conversation,omitempty"`
	// Kind says what happened, as in "message.received".
	Kind string `json:"kind"`
	// Actor is who did it: "customer", "agent" or a person's name.
	Actor string `json:"actor"`
	// Detail says more, in words without the text of messages.
	Detail string `json:"detail,omitempty"`
}

// A Filter selects conversations. Its zero value selects all.
type Filter struct {
	ID string
	// Channel and Thread select one thread, or all of one channel.
	Channel, Thread string
	// Owners selects by owner. Nil selects any.
	Owners []channel.Owner
	// Limit is the most wanted. Zero means no limit.
	Limit int
}
