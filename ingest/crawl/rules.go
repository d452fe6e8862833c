package crawl

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	rulesAge     = 24 * time.Hour   // see RFC 9309, section 2.4
	rulesPause   = 10 * time.Second // after they could not be read
	maxRedirects = 10               // of one address, at least five for robots.txt: section 2.3.1.2
)

// rules are the robots.txt of all hosts that were asked.
type rules struct {
	mu    sync.Mutex
	hosts map[string]*hostRules // by origin
}

// hostRules are those of one host.
type hostRules struct {
	mu     sync.Mutex
	read   time.Time // when the rules were read, zero if they were not
	tried  time.Time // when reading them failed last
	err    error     // of that
	robots robots
}

// of returns the rules for an address. They are read once a day, and while they
// cannot be read the last ones hold. Requests for one host wait for one another.
func (r *rules) of(ctx context.Context, f *fetcher, address string) (robots, error) {
	origin := newBase(address).origin
	r.mu.Lock()
	h := r.hosts[origin]
	if h == nil {
		h = new(hostRules)
		r.hosts[origin] = h
	}
	r.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !h.read.IsZero() && time.Since(h.read) < rulesAge:
		return h.robots, nil
	case time.Since(h.tried) < rulesPause:
	default:
		fresh, err := readRobots(ctx, f, origin)
		if err == nil {
			h.robots, h.read = fresh, time.Now()
			return fresh, nil
		}
		if ctx.Err() != nil {
			return robots{}, ctx.Err()
		}
		h.tried, h.err = time.Now(), err
	}
	if !h.read.IsZero() {
		return h.robots, nil // old rules are better than none
	}
	return robots{}, h.err
}

// readRobots reads the robots.txt of a host. Where there is none, everything is
// allowed; where the site fails to send it, nothing. See RFC 9309, section 2.3.1.
func readRobots(ctx context.Context, f *fetcher, origin string) (robots, error) {
	address := origin + "/robots.txt"
	for range maxRedirects {
		a, err := f.prefix(ctx, address, maxRobots)
		if err != nil {
			return robots{}, fmt.Errorf("the site does not answer: %w", quoted{named(address, err)})
		}
		switch {
		case a.code == http.StatusOK:
			return parseRobots(string(a.body), productToken(f.agent)), nil
		case a.code >= 500 || a.code == http.StatusTooManyRequests:
			return robots{}, fmt.Errorf("the site's rules for crawlers cannot be read, and without them nothing may be: %w",
				quoted{&StatusError{URL: address, Code: a.code}})
		case a.code < 300 || a.code >= 400:
			return robots{}, nil
		}
		if address, err = newBase(address).normal(a.header.Get("Location")); err != nil {
			return robots{}, nil
		}
	}
	return robots{}, nil
}
