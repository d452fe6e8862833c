package agent

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A Use is something that a limit is kept on, such as a code that is sent to an
// address or an action that runs for a customer.
type Use struct {
	// Key is what is limited. Its uses are of one kind, with one window.
	Key string
	// Cause is why it is used, such as the key of a call: the same at every
	// attempt. It is counted once under a Key.
	Cause string
	// Amount is how much is used, at least 1, in a unit of the caller's.
	Amount int64
	// Max is the most that may be used from Since on, this use included.
	Max   int64
	Since time.Time
	// At is the present, by the agent's clock, and not before Since.
	At time.Time
}

// Validate returns an error for a use that no Limiter can count. A Limiter
// returns it from Allow.
func (u Use) Validate() error {
	switch {
	case u.Key == "" || u.Cause == "":
		return errors.New("agent: a use needs a Key and a Cause")
	case u.Amount < 1:
		return errors.New("agent: a use needs an Amount of at least 1")
	case u.At.Before(u.Since):
		return errors.New("agent: a use may not be before its Since")
	}
	return nil
}

// UsesKept is how long before its Since a Limiter keeps what was used, at least,
// so that clocks of several processes may differ.
const UsesKept = 24 * time.Hour

// A MemoryLimiter is a Limiter that lives as long as the process.
type MemoryLimiter struct {
	mu    sync.Mutex
	uses  map[string]*used
	sweep int // at so many keys, those that nobody asks for any more are dropped
}

// used is what was counted under a key.
type used struct {
	counted map[string]Use // by cause
	idle    time.Time      // when none of it counts any more
}

// NewMemoryLimiter returns a MemoryLimiter that has counted nothing.
func NewMemoryLimiter() *MemoryLimiter {
	return &MemoryLimiter{uses: map[string]*used{}, sweep: 1024}
}

// Allow implements [Limiter].
func (l *MemoryLimiter) Allow(ctx context.Context, u Use) (bool, error) {
	if err := errors.Join(ctx.Err(), u.Validate()); err != nil {
		return false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := l.uses[u.Key]
	if key == nil {
		key = &used{counted: map[string]Use{}}
	}
	if _, ok := key.counted[u.Cause]; ok {
		return true, nil
	}
	left := u.Max // falls no further than to 0, so that no sum wraps around
	for cause, earlier := range key.counted {
		switch {
		case earlier.At.Before(u.Since.Add(-UsesKept)):
			delete(key.counted, cause)
		case !earlier.At.Before(u.Since):
			left -= min(earlier.Amount, max(left, 0))
		}
	}
	if left < u.Amount {
		return false, nil
	}
	key.counted[u.Cause] = u
	key.idle = u.At.Add(u.At.Sub(u.Since) + UsesKept)
	l.uses[u.Key] = key
	l.forget(u.At)
	return true, nil
}

// forget drops the keys that no longer count, when there are twice as many keys
// as after the last time.
func (l *MemoryLimiter) forget(now time.Time) {
	if len(l.uses) < l.sweep {
		return
	}
	for key, u := range l.uses {
		if u.idle.Before(now) {
			delete(l.uses, key)
		}
	}
	l.sweep = max(1024, 2*len(l.uses))
}
