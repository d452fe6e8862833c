package channel

import (
	"context"
	"iter"
)

// An Owner says who may speak to the customer of a thread. Exactly one may.
type Owner string

// The owners.
const (
	Unassigned Owner = ""       // nobody yet
	ByAgent    Owner = "agent"  // the AI agent
	Queued     Owner = "queued" // waits for a person
	ByPerson   Owner = "person" // somebody of the company
	Closed     Owner = "closed" // nobody; the next message opens it again
)

// An Entry is a message at its place in a thread.
type Entry struct {
	// Seq orders the messages of a thread. It grows, and never changes.
	Seq int64 `json:"seq"`
	Message
}

// A Desk is what a channel that shows whole conversations, such as live chat,
// asks of the agent behind it. *agent.Agent is one.
type Desk interface {
	// Transcript yields the messages of a thread after the given Seq that the
	// customer may see, in order. An unknown thread has none.
	Transcript(ctx context.Context, channel, thread string, after int64) iter.Seq2[Entry, error]
	// Owner returns who may speak in a thread. An unknown thread is Unassigned.
	Owner(ctx context.Context, channel, thread string) (Owner, error)
}

// A Window is a Channel that shows whole conversations, and so needs the Desk
// behind it. The agent that is composed of it attaches itself.
type Window interface {
	Channel
	// Attach gives the channel its desk, once, before Receive.
	Attach(d Desk)
	// Changed says that a thread has other messages or another owner than
	// before. It must not block. It is best effort: where several processes
	// share a desk, it is called in one of them.
	Changed(thread string)
}
