package credits

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A leg is what a movement does to one account.
type leg struct {
	account Account
	amount  Amount
}

// move returns a movement of the legs. A leg of zero leaves no entry, unless
// all are: the key must be taken in any case.
func move(key, kind string, at time.Time, legs ...leg) Movement {
	m := Movement{Key: key}
	for i, l := range legs {
		if l.amount != 0 || i == len(legs)-1 && len(m.Entries) == 0 {
			m.Entries = append(m.Entries, Entry{key, l.account, l.amount, kind, at.UTC()})
		}
	}
	return m
}

// sum returns what the movement adds to an account.
func (m Movement) sum(a Account) Amount {
	var sum Amount
	for _, e := range m.Entries {
		if e.Account == a {
			sum += e.Amount
		}
	}
	return sum
}

// once appends m unless it is there already.
func (l *Ledger) once(ctx context.Context, m Movement) error {
	if err := l.store.Append(ctx, m); !errors.Is(err, ErrDuplicate) {
		return err
	}
	return nil
}

// check reports what is wrong with a caller's key, kind and amount.
func check(key, kind string, amount Amount) error {
	switch {
	case key == "":
		return errors.New("the key is empty, and must name the cause")
	case kind == Allowance || kind == Expiry:
		return fmt.Errorf("the kind %q is for the ledger's own entries", kind)
	case amount < 0:
		return fmt.Errorf("amount %v is negative", amount)
	}
	return nil
}
