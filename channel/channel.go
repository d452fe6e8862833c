// Package channel carries messages between customers and an agent.
//
// A [Channel] is one account at one provider: one mailbox, one phone number,
// one chat widget. It verifies and decodes what comes in, and delivers what
// goes out. It never decides anything. Package channeltest proves one.
package channel

import (
	"context"
	"errors"
)

// Errors that a Channel's Send returns to tell what became of a message. Any
// other error means that nobody knows: the message may have been delivered.
var (
	// ErrRejected reports that the provider refused the message for good.
	ErrRejected = errors.New("channel: message rejected")
	// ErrUnavailable reports that the provider certainly did not take the
	// message, and that a later attempt may succeed.
	ErrUnavailable = errors.New("channel: provider unavailable")
)

// ErrNotReceiving is returned for an inbound message that arrives while no
// Receive is running. The provider must be told to try again later.
var ErrNotReceiving = errors.New("channel: not receiving")

// A Handler takes one inbound message. Nil means that the message is stored
// durably and may be acknowledged to the provider; any error means that the
// provider must be left to send it again. Repeats of an ID are harmless.
type Handler func(ctx context.Context, m Message) error

// A Channel is a way to reach customers. All methods may be called from many
// goroutines.
type Channel interface {
	// Name identifies the channel. It is stable and unique within an agent:
	// conversations are stored under it.
	Name() string
	// Capabilities tells what the channel can carry. It never changes.
	Capabilities() Capabilities
	// Receive passes inbound messages to handle until ctx is done, and then
	// returns ctx.Err(). It is called once at a time. It acknowledges a message
	// to the provider only after handle returned nil.
	Receive(ctx context.Context, handle Handler) error
	// Send delivers m to the customer of m.Thread. It returns nil once the
	// provider took the message, an error wrapping ErrRejected or
	// ErrUnavailable, or any other error if the outcome is unknown. It is
	// called for one message of a thread at a time, in order.
	Send(ctx context.Context, m Message) error
}

// Capabilities states what a channel can carry. The zero value is the least a
// channel must do: plain text of any length, once.
type Capabilities struct {
	// MaxLength is the longest text in runes. Zero means no limit. Longer
	// answers are split between sentences before they reach Send.
	MaxLength int
	// Idempotent says that Send drops repeats of a message ID, so that a
	// message whose outcome is unknown may be sent again.
	Idempotent bool
	// Links says that the channel shows citations as links of its own. Where
	// it is false, sources are named in the text.
	Links bool
}

// A Typist is a Channel that can show that an answer is being written.
type Typist interface {
	Channel
	// Typing shows the sign once; it fades by itself. It is best effort.
	Typing(ctx context.Context, thread string) error
}

// Typing shows a typing sign where c can, and does nothing where it cannot.
func Typing(ctx context.Context, c Channel, thread string) error {
	if t, ok := c.(Typist); ok {
		return t.Typing(ctx, thread)
	}
	return nil
}

// A Drafter is a Channel that can show an answer while it is being written.
type Drafter interface {
	Channel
	// Draft shows the text of the answer so far, all of it each time. A draft
	// is never stored; the message that Send delivers afterwards replaces it,
	// and so does an empty draft. It is best effort and must not block.
	Draft(ctx context.Context, thread, text string) error
}

// Draft shows an unfinished answer where c can, and does nothing where it
// cannot.
func Draft(ctx context.Context, c Channel, thread, text string) error {
	if d, ok := c.(Drafter); ok {
		return d.Draft(ctx, thread, text)
	}
	return nil
}
