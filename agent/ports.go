package agent

import (
	"context"
	"iter"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// The seams that are declared elsewhere. With [Store], [Model], [Retriever],
// [CRM], [Limiter], [Goal] and [Observer] they are all the places where a host may put a
// part of its own. Each is small, has a default, and has a conformance suite in
// the test package beside its declaration.
type (
	// An Embedder turns texts into vectors.
	Embedder = retrieval.Embedder
	// A Channel reaches customers.
	Channel = channel.Channel
	// A HandoffRouter passes conversations to people.
	HandoffRouter = handoff.Router
	// A CreditMeter decides whether the agent may spend.
	CreditMeter = credits.Meter
)

// A Model writes the next words of a conversation. It proposes; what it writes
// is checked before it leaves, and what it wants done is decided by code.
type Model interface {
	// Generate yields the answer in pieces. Iteration that ends without an error
	// means that the answer is whole; an error, at most one and last, means that
	// what came before is not to be used. It stops soon after ctx is done, with
	// an error. It may be called from many goroutines, and must not keep or
	// change req.
	Generate(ctx context.Context, req Request) iter.Seq2[Delta, error]
}

// A ModelFunc is a function used as a Model.
type ModelFunc func(ctx context.Context, req Request) iter.Seq2[Delta, error]

// Generate calls f.
func (f ModelFunc) Generate(ctx context.Context, req Request) iter.Seq2[Delta, error] {
	return f(ctx, req)
}

// A Retriever finds the passages that may answer a question.
// *retrieval.Knowledge is one.
type Retriever interface {
	// Retrieve returns the best passages that the query's audiences may see, and
	// how likely it is that they answer. It may be called from many goroutines.
	Retrieve(ctx context.Context, q retrieval.Query) (retrieval.Result, error)
}

// A CRM knows who customers are.
type CRM interface {
	// Customer returns the customer behind a party, or ErrUnknownCustomer. It
	// may match only on what the party's trust allows it to believe. It may be
	// called from many goroutines.
	Customer(ctx context.Context, p channel.Party) (Customer, error)
}

// An Editor is a CRM that can be written to.
type Editor interface {
	CRM
	// Update makes the changes of e, all or none. It returns ErrConflict, and
	// changes nothing, if a property no longer has its Old value, and
	// ErrUnknownCustomer for an ID that it does not have. With any other error
	// nobody knows whether the changes were made. It may be called from many
	// goroutines.
	Update(ctx context.Context, e Edit) error
}

// Codes sends one-time codes by e-mail, by which customers prove that an address
// is theirs.
type Codes interface {
	// SendCode mails c.Digits to c.To and returns nil once the mail is on its way.
	// It must not keep, log or show the digits, also not in an error. It may be
	// called from many goroutines.
	SendCode(ctx context.Context, c Code) error
}

// A CodesFunc is a function used as Codes.
type CodesFunc func(ctx context.Context, c Code) error

// SendCode calls f.
func (f CodesFunc) SendCode(ctx context.Context, c Code) error { return f(ctx, c) }

// A Limiter keeps limits over many conversations and over time, such as on the
// codes that are sent to an address or on what an action spends.
type Limiter interface {
	// Allow counts u, unless with it more than u.Max would have been counted
	// under u.Key from u.Since on, and reports whether it did. A Cause that was
	// counted under the Key is allowed again and not counted; one that was not
	// allowed may be later. What is older than UsesKept before Since may be
	// forgotten. Calls at the same time, also of several processes that share
	// the limits, never count more than Max. With an error nobody knows whether
	// it was counted, and the caller must do as if it was not allowed; it may
	// ask again with the same Cause.
	Allow(ctx context.Context, u Use) (bool, error)
}

// An Observer is told what happened, after it is durable. Logs, metrics and
// analytics are Observers.
type Observer interface {
	// Observe must return soon and must not fail: it is called on the path of a
	// turn, from many goroutines. The event is shared and must not be changed.
	Observe(ctx context.Context, e Event)
}

// An ObserverFunc is a function used as an Observer.
type ObserverFunc func(ctx context.Context, e Event)

// Observe calls f.
func (f ObserverFunc) Observe(ctx context.Context, e Event) { f(ctx, e) }
