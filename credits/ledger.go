package credits

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

// The kinds that a Ledger gives to entries of its own making.
const (
	Allowance = "allowance" // what a period of the plan grants
	Expiry    = "expiry"    // what a period or a hold left over
)

// The lifetime of a hold where Config does not say.
const defaultHoldFor = 7 * 24 * time.Hour

// A Config configures a Ledger. The zero Config is an empty ledger in memory.
type Config struct {
	// Store keeps the movements. Defaults to a MemoryStore.
	Store Store
	// Plan grants a monthly allowance. The zero Plan grants nothing.
	Plan Plan
	// HoldFor is the lifetime of a hold that nobody settles, such as one that
	// a crash left behind. Defaults to 7 days.
	HoldFor time.Duration
}

// A Ledger is a Meter that keeps books by double entry. Each movement has one
// cause, one key and entries that sum to zero, and is never changed: a hold
// moves credits from Available to Held, a settlement from Held to Spent and
// the rest back. The keys are "hold/", "settle/", "late/" or "grant/" and the
// caller's, and "allowance/" or "expire/" and the first day of a period.
//
// Credits last until the plan's next reset, whoever granted them. A hold
// outlives the reset; what it then gives back has expired.
//
// A hold older than Config.HoldFor goes back to the balance when somebody
// needs it, or calls Expire. Its cause can still be charged, once, as long as
// the balance covers it.
//
// Methods may be called from many goroutines, and several processes may keep
// one ledger in one Store.
type Ledger struct {
	store   Store
	cycle   cycle
	holdFor time.Duration

	// mu guards what this process remembers of the Store, to read less of it.
	// Losing it costs time and never correctness: keys decide what happens once.
	mu     sync.Mutex
	period time.Time // the last one known to be granted
	oldest time.Time // no open hold is older
}

// NewLedger returns a Ledger. It reports all faults of cfg at once.
func NewLedger(cfg Config) (*Ledger, error) {
	cycle, err := cfg.Plan.cycle()
	if cfg.HoldFor < 0 {
		err = errors.Join(err, fmt.Errorf("credits: Config.HoldFor is %v, and a lifetime cannot be negative", cfg.HoldFor))
	}
	if err != nil {
		return nil, err
	}
	l := &Ledger{store: cfg.Store, cycle: cycle, holdFor: cfg.HoldFor}
	if l.store == nil {
		l.store = NewMemoryStore()
	}
	if l.holdFor == 0 {
		l.holdFor = defaultHoldFor
	}
	return l, nil
}

// Hold reserves h.Max. It returns ErrInsufficient when the balance lacks it.
func (l *Ledger) Hold(ctx context.Context, h Hold) error {
	if err := check(h.Key, h.Kind, h.Max); err != nil {
		return fmt.Errorf("credits: hold: %w", err)
	}
	now := time.Now()
	if err := l.renew(ctx, now); err != nil {
		return err
	}
	m := move("hold/"+h.Key, h.Kind, now, leg{Available, -h.Max}, leg{Held, h.Max})
	m.Cover = true
	err := l.once(ctx, m)
	if !errors.Is(err, ErrInsufficient) {
		return err
	}
	// Only now is it worth reading the ledger for holds that crashes left behind.
	if _, err := l.expire(ctx, now); err != nil {
		return err
	}
	return l.once(ctx, m)
}

// Settle replaces the hold by a charge of amount. It returns ErrUnknownHold for
// a key never held, an error wrapping ErrAboveHold for more than was held, and
// ErrInsufficient if the hold has expired and the balance no longer covers the
// amount.
func (l *Ledger) Settle(ctx context.Context, key string, amount Amount) error {
	hold, err := l.hold(ctx, key)
	if err != nil {
		return err
	}
	if amount < 0 {
		return fmt.Errorf("credits: settle: amount %v is negative", amount)
	}
	// The hold is read from the Store, as another process may have made it.
	if amount > hold.Amount {
		return fmt.Errorf("%w: %v of %v", ErrAboveHold, amount, hold.Amount)
	}
	now := time.Now()
	err = l.store.Append(ctx, l.settlement(key, hold, amount, hold.Kind, now))
	if !errors.Is(err, ErrDuplicate) {
		return err
	}
	return l.settleLate(ctx, key, hold, amount, now)
}

// settleLate charges for a hold that expired, and does nothing for one that
// was settled.
func (l *Ledger) settleLate(ctx context.Context, key string, hold Entry, amount Amount, now time.Time) error {
	settled, err := l.store.Movement(ctx, "settle/"+key)
	if err != nil || amount == 0 || len(settled) == 0 || settled[0].Kind != Expiry {
		return err
	}
	if err := l.renew(ctx, now); err != nil {
		return err
	}
	// A key of its own, as "settle/" is taken by the expiry, and one for each cause,
	// so that a late charge happens once too.
	m := move("late/"+key, hold.Kind, now, leg{Available, -amount}, leg{Spent, amount})
	m.Cover = true
	return l.once(ctx, m)
}

// hold returns the entry that put the credits of key on Held.
func (l *Ledger) hold(ctx context.Context, key string) (Entry, error) {
	entries, err := l.store.Movement(ctx, "hold/"+key)
	if err != nil {
		return Entry{}, err
	}
	for _, e := range entries {
		if e.Account == Held {
			return e, nil
		}
	}
	return Entry{}, ErrUnknownHold
}

// settlement ends a hold. Charges and expiries share a key, so that a hold
// ends once.
func (l *Ledger) settlement(key string, hold Entry, amount Amount, kind string, now time.Time) Movement {
	// What a hold of an earlier period gives back has expired with that period, and
	// so must not add to the allowance of this one.
	rest := Available
	held, _ := l.cycle.period(hold.At)
	if current, _ := l.cycle.period(now); !current.Equal(held) {
		rest = Granted
	}
	return move("settle/"+key, kind, now,
		leg{Held, -hold.Amount}, leg{Spent, amount}, leg{rest, hold.Amount - amount})
}

// Grant adds credits, such as those of a purchase. The key names its cause; a
// repeat has no effect.
func (l *Ledger) Grant(ctx context.Context, key string, amount Amount, kind string) error {
	if err := check(key, kind, amount); err != nil {
		return fmt.Errorf("credits: grant: %w", err)
	}
	now := time.Now()
	if err := l.renew(ctx, now); err != nil {
		return err
	}
	return l.once(ctx, move("grant/"+key, kind, now, leg{Granted, -amount}, leg{Available, amount}))
}

// A Balance is the state of a ledger.
type Balance struct {
	Available Amount `json:"available"`
	Held      Amount `json:"held"`
	Spent     Amount `json:"spent"` // since the ledger began
	// ResetAt is when the next allowance is granted. It is zero without a Plan.
	ResetAt time.Time `json:"reset_at,omitzero"`
}

// Balance returns the sums of the accounts. What moves at the same time may be
// in one of them and not yet in another.
func (l *Ledger) Balance(ctx context.Context) (Balance, error) {
	now := time.Now()
	if err := l.renew(ctx, now); err != nil {
		return Balance{}, err
	}
	var b Balance
	// All three are asked for, so that the error names all that is wrong.
	var errs [3]error
	b.Available, errs[0] = l.store.Balance(ctx, Available)
	b.Held, errs[1] = l.store.Balance(ctx, Held)
	b.Spent, errs[2] = l.store.Balance(ctx, Spent)
	if err := errors.Join(errs[:]...); err != nil {
		return Balance{}, err
	}
	_, b.ResetAt = l.cycle.period(now)
	return b, nil
}

// Entries yields the entries that are not older than from, in the order they
// were made.
func (l *Ledger) Entries(ctx context.Context, from time.Time) iter.Seq2[Entry, error] {
	return l.store.Entries(ctx, from)
}
