package crawl

import (
	"context"
	"sync"
	"time"
)

// Limits of how slow a crawl becomes for a site that is in trouble.
const (
	firstDelay = 500 * time.Millisecond // after the first failure; each one doubles it
	maxDelay   = 30 * time.Second
	maxWait    = 2 * time.Minute // that a site may ask for
	slowAnswer = 2 * time.Second // an answer that takes longer is a sign of trouble
	maxStreak  = 12              // failures in a row after which a site is taken to be down
	// Failures in a row at the end of a crawl, more than those of one page.
	fewFailures = 4
)

// A pace is how fast one site is asked. It slows down when the site answers
// slowly or not at all, and recovers as it does.
type pace struct {
	mu     sync.Mutex
	least  time.Duration // between two requests, as the options and the site want
	delay  time.Duration // beyond which the site's trouble adds
	next   time.Time     // when the next request may start
	streak int           // failures since the last good answer
}

// wait returns when the next request may start, or ctx is done. Each call takes a
// turn of its own, in the order of the calls.
func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(max(p.least, p.delay))
	p.mu.Unlock()
	return sleep(ctx, at.Sub(now))
}

// sleep returns after a while, or when ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// atLeast sets the least time between two requests.
func (p *pace) atLeast(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.least = d
}

// good notes an answer, and how long it took. After a slow one the delay is at
// least half of that; others shorten it by a fifth each.
func (p *pace) good(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streak = 0
	if took > slowAnswer {
		p.delay = min(max(p.delay, took/2), maxDelay)
		return
	}
	if p.delay = p.delay * 4 / 5; p.delay < firstDelay/10 {
		p.delay = 0
	}
}

// bad notes a failure of the site, after which nothing is asked for a while. It
// returns how many there were in a row. Where the site does answer, and only
// badly, the delay stays short.
func (p *pace) bad(wait time.Duration, silent bool) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streak++
	most := maxDelay
	if !silent {
		most = slowAnswer
	}
	p.delay = max(p.delay, min(max(2*p.delay, firstDelay), most))
	if until := time.Now().Add(max(wait, p.delay)); p.next.Before(until) {
		p.next = until
	}
	return p.streak
}

// failures returns how many there were since the last good answer.
func (p *pace) failures() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.streak
}

// slowed reports whether the site is in trouble.
func (p *pace) slowed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.delay > 0
}
