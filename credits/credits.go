// Package credits meters what an agent spends, and keeps the ledger behind it.
package credits

import (
	"context"
	"errors"
	"iter"
	"time"
)

// ErrInsufficient is returned by Hold when the account cannot cover the amount.
var ErrInsufficient = errors.New("credits: insufficient balance")

// ErrDuplicate is returned by a Store that already has a movement under the key.
var ErrDuplicate = errors.New("credits: duplicate movement")

// ErrUnknownHold is returned by Settle for a key that was never held.
var ErrUnknownHold = errors.New("credits: unknown hold")

// ErrAboveHold is returned by Settle for more than was held.
var ErrAboveHold = errors.New("credits: charge above the hold")

// A Hold reserves an amount before the work whose cost is not yet known.
type Hold struct {
	// Key names the cause, such as a conversation: one cause, one charge.
	Key string
	// Kind says what is paid for, such as "conversation".
	Kind string
	// Max is the most that Settle may take.
	Max Amount
}

// A Meter decides whether an account may spend, and records what it spent.
// Methods may be called from many goroutines, and may be repeated with the
// same key; the repeat has no effect.
type Meter interface {
	// Hold reserves h.Max. It returns ErrInsufficient when the balance lacks it.
	Hold(ctx context.Context, h Hold) error
	// Settle replaces the hold by a charge of amount. Zero releases the hold.
	// The first amount stands. Settle returns ErrUnknownHold for a key never
	// held and an error wrapping ErrAboveHold for more than was held, and
	// changes nothing then.
	Settle(ctx context.Context, key string, amount Amount) error
}

// Unlimited is a Meter that allows everything and records nothing.
type Unlimited struct{}

// Hold returns nil.
func (Unlimited) Hold(context.Context, Hold) error { return nil }

// Settle returns nil.
func (Unlimited) Settle(context.Context, string, Amount) error { return nil }

// An Account is one side of the double entry.
type Account string

// The accounts of a ledger. Granted is where allowances come from; what is not
// available, held or spent was never granted, so that all four sum to zero.
const (
	Granted   Account = "granted"
	Available Account = "available"
	Held      Account = "held"
	Spent     Account = "spent"
)

// An Entry is one immutable line of the ledger. A balance is the sum of lines.
type Entry struct {
	// Key is that of the entry's movement.
	Key     string    `json:"key"`
	Account Account   `json:"account"`
	Amount  Amount    `json:"amount"` // negative takes away
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
}

// A Movement is a set of entries that sum to zero and share a key.
type Movement struct {
	Key     string
	Entries []Entry
	// Cover asks the Store to refuse the movement if it would leave less than
	// zero on Available.
	Cover bool
}

// A Store keeps the movements of one ledger. They are never changed and never
// removed. Methods may be called from many goroutines and processes.
type Store interface {
	// Append adds a movement, all or nothing. It returns ErrDuplicate if there
	// is one under its key, and otherwise ErrInsufficient as Movement.Cover
	// asks.
	Append(ctx context.Context, m Movement) error
	// Movement returns the entries under key, none if there is no such movement.
	Movement(ctx context.Context, key string) ([]Entry, error)
	// Entries yields the entries that are not older than from, in the order of
	// Append. The caller may use the Store and stop early.
	Entries(ctx context.Context, from time.Time) iter.Seq2[Entry, error]
	// Balance returns the sum of the account's entries.
	Balance(ctx context.Context, a Account) (Amount, error)
}
