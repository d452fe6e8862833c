package credits

import (
	"context"
	"errors"
	"strings"
	"time"
)

// How far the clocks of processes that share a Store may lie apart.
const skew = time.Hour

// renew grants the allowance of the current period, after what is left of the
// last one has expired. Keys make each happen once, in this order, however
// many processes do it at once.
func (l *Ledger) renew(ctx context.Context, now time.Time) error {
	period, _ := l.cycle.period(now)
	l.mu.Lock()
	done := l.period.Equal(period)
	l.mu.Unlock()
	if done {
		return nil
	}
	day := period.Format(time.DateOnly)
	if err := l.clear(ctx, "expire/"+day, now); err != nil {
		return err
	}
	allowance := move("allowance/"+day, Allowance, now,
		leg{Granted, -l.cycle.monthly}, leg{Available, l.cycle.monthly})
	if err := l.once(ctx, allowance); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.period = period
	return nil
}

// clear takes all that is available. It makes a movement even if that is
// nothing, or a slower process would clear the allowance that follows.
func (l *Ledger) clear(ctx context.Context, key string, now time.Time) error {
	for {
		rest, err := l.store.Balance(ctx, Available)
		if err != nil {
			return err
		}
		m := move(key, Expiry, now, leg{Available, -rest}, leg{Granted, rest})
		m.Cover = true
		// A hold between the two calls makes the balance stale.
		if err := l.once(ctx, m); !errors.Is(err, ErrInsufficient) {
			return err
		}
	}
}

// Expire gives back the holds that are older than Config.HoldFor, and returns
// their sum. Calling it is not needed for correctness, but keeps the balance
// from showing as held what no work stands behind.
func (l *Ledger) Expire(ctx context.Context) (Amount, error) {
	now := time.Now()
	if err := l.renew(ctx, now); err != nil {
		return 0, err
	}
	return l.expire(ctx, now)
}

// expire is Expire for callers that have renewed already.
func (l *Ledger) expire(ctx context.Context, now time.Time) (Amount, error) {
	l.mu.Lock()
	oldest := l.oldest
	l.mu.Unlock()
	// Nothing can be too old yet, and the entries need not be read.
	if now.Sub(oldest) < l.holdFor {
		return 0, nil
	}
	open, err := l.open(ctx, oldest.Add(-skew))
	if err != nil {
		return 0, err
	}
	var freed Amount
	// What follows is the new lower bound, if no error comes between.
	oldest = now
	for key, hold := range open {
		if now.Sub(hold.At) < l.holdFor {
			oldest = earlier(oldest, hold.At)
			continue
		}
		m := l.settlement(key, hold, 0, Expiry, now)
		switch err := l.store.Append(ctx, m); {
		case err == nil:
			freed += m.sum(Available)
		// A duplicate was settled since it was read, which is as good.
		case !errors.Is(err, ErrDuplicate):
			return freed, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.oldest = oldest
	return freed, nil
}

// open returns the holds since from that nobody settled, by the caller's key.
func (l *Ledger) open(ctx context.Context, from time.Time) (map[string]Entry, error) {
	open := map[string]Entry{}
	for e, err := range l.store.Entries(ctx, from) {
		if err != nil {
			return nil, err
		}
		// Entries on Held open and end holds. A hold of nothing ends without one; to
		// end it again is a duplicate, and does no harm.
		if e.Account != Held {
			continue
		}
		if key, ok := strings.CutPrefix(e.Key, "hold/"); ok {
			open[key] = e
		} else {
			delete(open, strings.TrimPrefix(e.Key, "settle/"))
		}
	}
	return open, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
