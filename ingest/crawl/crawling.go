package crawl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// A crawling is the state of one iteration. Only the goroutine that iterates
// touches it; the visits run beside it and see only what does not change.
type crawling struct {
	*Source
	fetcher *fetcher
	crawl   Crawl     // that is stored; it may have begun in an earlier iteration
	began   time.Time // of this iteration
	sites   sites     // by the domains of the starts
	order   []*site   // the same, in the order of the starts
	known   addresses // all that were met

	yield   func(ingest.Item, error) bool
	stopped bool  // the loop over the items has ended
	err     error // that ends the crawl early

	texts    texts
	given    map[string]bool // IDs that were yielded
	deferred []*result       // pages that stand back for another
	unsaved  []Visit         // what the store has not seen yet

	pages  int // yielded
	visits int // begun
	busy   int // under way

	last   error // the last failure that may pass
	hidden error // the first of a page of which no links are known
}

// newCrawling returns the state of an iteration, with one site for each domain
// that a start is on. The report begins anew.
func newCrawling(s *Source, yield func(ingest.Item, error) bool) *crawling {
	c := &crawling{
		Source: s, fetcher: newFetcher(s.opts), began: time.Now(), sites: make(sites), yield: yield,
		known: addresses{ids: make(map[string]int32)}, given: make(map[string]bool), texts: newTexts(),
	}
	for _, start := range s.starts {
		if c.sites.of(start) == nil {
			home := &site{origin: newBase(start).origin}
			c.sites[domain(start)] = home
			c.order = append(c.order, home)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report = Report{Counts: make(map[Outcome]int)}
	return c
}

// all crawls, and returns the error that ends the listing: nil only if what was not
// yielded is not on the site.
func (c *crawling) all(ctx context.Context) (err error) {
	if err := c.recall(ctx); err != nil {
		return err
	}
	defer func() {
		// What was seen is kept although the crawl is called off.
		if saved := c.flush(context.WithoutCancel(ctx)); err == nil {
			err = saved
		}
	}()
	if err := c.begin(ctx); err != nil {
		return err
	}
	c.run(ctx)
	c.revisit()
	c.run(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("crawl: %s: stopped after %d pages: %w", c.starts[0], c.pages, ctx.Err())
	}
	for _, s := range c.order {
		if c.err == nil && silent(c.last) && s.pace.failures() >= fewFailures {
			c.err = c.stoppedAnswering(c.last)
		}
	}
	if c.err != nil || c.stopped {
		return c.err
	}
	c.settle(ctx)
	if c.err != nil || c.stopped {
		return c.err
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	return c.verdict()
}

// run visits what is queued, a few at once, until nothing is left.
func (c *crawling) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan *result)
	defer func() { // a goroutine must not outlive the iteration
		cancel()
		for ; c.busy > 0; c.busy-- {
			<-results
		}
	}()
	for {
		for e := c.next(ctx); e != nil; e = c.next(ctx) {
			if r := c.replay(e); r != nil {
				c.handle(ctx, r)
				continue
			}
			c.hold(e, 1)
			c.visits++
			go func() { results <- c.visit(ctx, e) }()
		}
		if c.busy == 0 || c.stopped || c.err != nil {
			return
		}
		r := <-results
		c.hold(r.entry, -1)
		c.handle(ctx, r)
	}
}

// hold counts n visits of an entry as under way.
func (c *crawling) hold(e *entry, n int) {
	c.busy += n
	e.site.busy += n
	if e.linked {
		e.site.busyLinks += n
	}
}

// next takes an address from a queue, nil if none may be visited now. Links come
// before what only a sitemap lists, and the start before both: so pages are
// yielded in the order in which visitors come upon them.
func (c *crawling) next(ctx context.Context) *entry {
	if ctx.Err() != nil || c.stopped || c.err != nil || c.pages+c.busy >= c.opts.MaxPages || c.visits >= 4*c.opts.MaxPages+100 {
		return nil
	}
	for _, s := range c.order {
		most := c.opts.InFlight
		if s.pace.slowed() {
			most = 1
		}
		if s.busy >= most {
			continue
		}
		if e := c.pop(&s.links); e != nil {
			return e
		}
		// What a page under way links to comes first.
		if s.busyLinks == 0 {
			if e := c.pop(&s.others); e != nil {
				return e
			}
		}
	}
	return nil
}

// pop takes the first entry of a queue, in the form that addresses have by now.
func (c *crawling) pop(queue *[]*entry) *entry {
	for len(*queue) > 0 {
		e := (*queue)[0]
		*queue = (*queue)[1:]
		if form := e.site.form(e.address); form != e.address {
			id := c.known.id(form, e.site)
			if id < 0 || c.known.all[id].seen {
				continue
			}
			c.known.all[id].seen = true
			e.address, e.old = form, c.known.all[id].old
		}
		return e
	}
	return nil
}

// enqueue queues an address once, unless it is none to visit.
func (c *crawling) enqueue(id int32, e entry) {
	if id < 0 || c.known.all[id].seen {
		return
	}
	k := &c.known.all[id]
	if form := k.site.form(k.text); form != k.text {
		k.seen = true
		c.enqueue(c.known.id(form, k.site), e)
		return
	}
	k.seen = true
	e.address, e.site, e.old = k.text, k.site, k.old
	if !e.start {
		if c.opts.Alone && len(e.hops) == 0 || !within(e.address, c.opts.Within) {
			return
		}
		if err := c.unwanted(&e); err != nil {
			c.done(&e, err.outcome, err.words)
			return
		}
		if kindOf(e.address) == neither {
			return
		}
	}
	if e.linked {
		e.site.links = append(e.site.links, &e)
	} else {
		e.site.others = append(e.site.others, &e)
	}
}

// unwanted returns why an address is not visited, nil if it is.
func (c *crawling) unwanted(e *entry) *failure {
	err := check(e.address)
	if err == nil {
		err = e.site.traps.add(e.address)
	}
	if err == nil && e.depth > maxDepth {
		err = errDepth
	}
	if err != nil {
		return &failure{Trap, err.Error(), nil}
	}
	if kindOf(e.address) == document && !c.opts.Documents {
		return &failure{Unwanted, "it is a file: set Options.Documents to have it read", nil}
	}
	return nil
}

// follow queues what a page leads to.
func (c *crawling) follow(e *entry, links []int32) {
	for _, id := range links {
		if id >= 0 && !c.known.all[id].seen {
			c.enqueue(id, entry{from: e.address, depth: e.depth + 1, linked: true})
		}
	}
}

// done counts what became of an address, and tells the progress.
func (c *crawling) done(e *entry, o Outcome, reason string) {
	left := 0
	for _, s := range c.order {
		left += len(s.links) + len(s.others)
	}
	p := Progress{URL: e.address, Outcome: o, Reason: reason, Pages: c.pages, Left: left + c.busy, Elapsed: time.Since(c.began)}
	c.mu.Lock()
	c.report.Counts[o]++
	for _, n := range c.report.Counts {
		p.Done += n
	}
	if o.problem() && len(c.report.Problems) < maxProblems {
		c.report.Problems = append(c.report.Problems, Problem{URL: e.address, From: e.from, Outcome: o, Reason: reason})
	}
	c.report.Left, c.report.Elapsed = p.Left, p.Elapsed
	c.mu.Unlock()
	c.opts.Progress(p)
}

// within reports whether the path of an address begins as it must.
func within(address, start string) bool { return strings.HasPrefix(target(address), start) }
