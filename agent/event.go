package agent

import (
	"context"
	"log/slog"
	"time"
)

// An Event is something that happened, and is durable.
type Event struct {
	// Record says what; it is part of the audit.
	Record Record
	// Turn is set for the end of a turn.
	Turn *Turn
	// Message is set for what was received and for the outcome of a delivery.
	Message *Message
}

// The kinds of Record.
const (
	MessageReceived   = "message.received"
	MessageDelivered  = "message.delivered"
	TurnCommitted     = "turn.committed"
	TurnFailed        = "turn.failed"
	HandedOver        = "conversation.handed_over"
	Taken             = "conversation.taken"
	Returned          = "conversation.returned"
	ConversationEnded = "conversation.closed"
	Reopened          = "conversation.reopened"
	PersonSaid        = "person.said"
	Assigned          = "conversation.assigned" // a task, by who assigns it
	DraftHeld         = "draft.held"            // for a person to send
	DraftSent         = "draft.sent"            // by a person
	DraftDropped      = "draft.dropped"         // by a person
	DraftVoided       = "draft.voided"          // the customer or a person wrote, or took another way
	Disclosed         = "agent.disclosed"       // it said that it is a machine
	CreditsSettled    = "credits.settled"
	GoalChanged       = "goal.changed" // what it has found: see GoalStep.Fact
	CustomerChanged   = "customer.changed"
	CodeSent          = "identity.code_sent"
	CodeRefused       = "identity.code_refused"
	IdentityVerified  = "identity.verified"
	ActionDone        = "action.done"
	ActionFailed      = "action.failed"
	ActionRefused     = "action.refused"
	ActionAsked       = "action.asked"     // the customer is asked to confirm it
	ActionConfirmed   = "action.confirmed" // by the customer
	ActionDeclined    = "action.declined"  // by the customer
	ActionVoided      = "action.voided"    // the customer was asked, and wrote something else
	ActionProposed    = "action.proposed"  // to the people who may approve it
	ActionApproved    = "action.approved"  // by a person
	ActionRejected    = "action.rejected"  // by a person
)

// NewLogObserver returns an Observer that logs each event with its ids and
// never with the text of a message.
func NewLogObserver(log *slog.Logger) Observer {
	return ObserverFunc(func(ctx context.Context, e Event) {
		attrs := []slog.Attr{
			slog.String("conversation", e.Record.Conversation),
			slog.String("actor", e.Record.Actor),
			slog.String("detail", e.Record.Detail),
		}
		if t := e.Turn; t != nil {
			attrs = append(attrs,
				slog.String("decision", string(t.Decision.Kind)),
				slog.String("rule", t.Decision.Rule),
				slog.Float64("score", t.Decision.Score),
				slog.Duration("took", t.Ended.Sub(t.Started).Round(time.Microsecond)))
		}
		log.LogAttrs(ctx, slog.LevelInfo, e.Record.Kind, attrs...)
	})
}
