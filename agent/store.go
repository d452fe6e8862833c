package agent

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Errors that a Store returns.
var (
	// ErrNothingDue is returned when there is no work to claim.
	ErrNothingDue = errors.New("agent: nothing due")
	// ErrFenced is returned for a commit from an Epoch that has passed: somebody
	// else has changed the conversation since.
	ErrFenced = errors.New("agent: conversation has changed")
	// ErrDuplicate is returned for a commit with a message ID that its
	// conversation has already.
	ErrDuplicate = errors.New("agent: duplicate message")
	// ErrNotFound is returned for an unknown conversation.
	ErrNotFound = errors.New("agent: no such conversation")
)

// A Store keeps the conversations of one tenant. It is composed of three parts
// that share their data; agenttest.RunStore proves one. Methods may be called
// from many goroutines and, where the data is shared, from many processes.
// What a method has returned without error is durable. Nothing returned may be
// kept or changed by the Store afterwards.
type Store interface {
	Mailbox
	Outbox
	Archive
}

// A Mailbox takes messages in, each once, and hands out the conversations that
// want attention, each to one worker at a time.
type Mailbox interface {
	// Receive stores an inbound message with its record, creates the
	// conversation of its thread if need be, and makes it due at in.Due unless
	// it already waits for a turn. A message ID that the channel has had before
	// changes nothing, also when it comes many times at once.
	Receive(ctx context.Context, in Inbound) (Receipt, error)
	// Claim leases the conversation that has been due longest and that nobody
	// else has a lease on, raises its Epoch, and returns it with its messages.
	// It returns ErrNothingDue if there is none.
	Claim(ctx context.Context, c Claim) (Work, error)
	// Commit stores what was made of a conversation, all or nothing: c's
	// Conversation with its Epoch raised, messages with new Seqs, turn and
	// records; it ends the lease. Messages of the customer after Answered make
	// the conversation due at once, else it is due at Conversation.Due, and in
	// no case before c.Wait. It returns ErrFenced unless the stored Epoch is
	// that of c.Conversation, and ErrDuplicate for a known message ID.
	Commit(ctx context.Context, c Commit) error
	// Release ends every lease of a worker, on conversations and on messages.
	// A worker calls it when it starts, for what it left when it was killed.
	Release(ctx context.Context, worker string) error
}

// An Outbox hands out messages to deliver, each to one worker at a time, those
// of one conversation in order.
type Outbox interface {
	// Take leases the message that has been ready longest: pending and its Next
	// has come, or sending under a lease that has ended, which sets Interrupted;
	// but none whose conversation has an earlier one not yet final. It returns
	// it as Sending with Attempts raised, or ErrNothingDue.
	Take(ctx context.Context, c Claim) (Message, error)
	// Settle stores the outcome of an attempt, m.Delivery, with its record. It
	// does nothing if the stored message is no longer sending at m's Attempts.
	Settle(ctx context.Context, m Message, r Record) error
}

// An Archive reads what is stored. Its methods yield one error at most, last.
type Archive interface {
	// Conversations yields those that match, the most recently active first.
	Conversations(ctx context.Context, f Filter) iter.Seq2[Conversation, error]
	// Messages yields the messages of a conversation after the given Seq, in order.
	Messages(ctx context.Context, conversation string, after int64) iter.Seq2[Message, error]
	// Turns yields the turns of a conversation, oldest first.
	Turns(ctx context.Context, conversation string) iter.Seq2[Turn, error]
	// Records yields the audit after the given Seq, of one conversation or, if
	// that is empty, of all.
	Records(ctx context.Context, conversation string, after int64) iter.Seq2[Record, error]
}

// An Inbound is a message on its way in.
type Inbound struct {
	Channel string
	Message channel.Message
	// NewID is the ID of the conversation if the thread has none yet.
	NewID string
	// At is when it arrived, by the agent's clock.
	At time.Time
	// Due is when its turn may begin; until then further messages join it.
	Due time.Time
	// Record is stored with the message; its Conversation is set by the Store.
	Record Record
}

// A Receipt says what became of an inbound message.
type Receipt struct {
	Conversation string
	// Seq is the message's place, also when it was a duplicate.
	Seq       int64
	Duplicate bool
}

// A Claim asks for work.
type Claim struct {
	// Worker names the claimant, stable over restarts.
	Worker string
	// Now is the time by which work is due, and Lease how long it may take.
	Now   time.Time
	Lease time.Duration
	// Channels are those whose work is wanted.
	Channels []string
	// Conversation asks for that one, due or not. Only Mailbox.Claim knows it;
	// it then ignores Channels.
	Conversation string
	// Recent is how many messages before the waiting ones are wanted with it.
	Recent int
}

// Work is a conversation under a lease.
type Work struct {
	Conversation Conversation
	// Messages are in order: the Recent ones, then all after Answered.
	Messages []Message
}

// A Commit is what was made of a conversation.
type Commit struct {
	Conversation Conversation
	// At is the present, by the agent's clock.
	At time.Time
	// Wait is the earliest time for the next work. Zero means no limit.
	Wait time.Time
	// Messages are added, in order. Their Delivery is Pending or Sent; Seq and
	// Conversation are set by the Store.
	Messages []Message
	// Turn is added. Nil adds none.
	Turn *Turn
	// Records are added; their Seq is set by the Store.
	Records []Record
}
