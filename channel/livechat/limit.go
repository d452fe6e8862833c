package livechat

import (
	"sync"
	"time"
)

// A limiter allows each key perMinute requests a minute, all at once or spread.
// It keeps one time for each key: when the key will have its full allowance
// again (the generic cell rate algorithm).
type limiter struct {
	perMinute int

	mu sync.Mutex
	// When a key has its full allowance again. A key that is missing has it now.
	full map[string]time.Time
	// When sweep last ran.
	swept time.Time
}

// wait returns zero and counts the request, or how long to wait for the next.
func (l *limiter) wait(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	cost := time.Minute / time.Duration(l.perMinute)
	full := l.full[key]
	if full.Before(now) {
		full = now
	}
	// A refused request costs nothing, so that trying again does not lock out.
	if over := full.Add(cost).Sub(now) - time.Minute; over > 0 {
		return over
	}
	l.full[key] = full.Add(cost)
	return 0
}

// sweep forgets the keys with a full allowance once a minute, so that the map
// holds only who was here lately.
func (l *limiter) sweep(now time.Time) {
	if l.full != nil && now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	kept := make(map[string]time.Time)
	for key, full := range l.full {
		if full.After(now) {
			kept[key] = full
		}
	}
	l.full = kept
}
