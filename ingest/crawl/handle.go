package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// replay returns the result of an address that was visited before in this
// crawl, nil if it must be visited. What may pass is tried again, and so is a
// start that came to nothing.
func (c *crawling) replay(e *entry) *result {
	if e.old == nil || !e.old.Crawl.Equal(c.crawl.Began) || e.old.Outcome == Failed ||
		e.start && e.old.Outcome != Redirected && !e.old.Outcome.yields() {
		return nil
	}
	r := &result{entry: e, visit: e.old.Visit, again: true}
	switch o := r.visit.Outcome; {
	case o == Redirected || o == OffSite:
		r.to = r.visit.To
	case o == Missing && r.visit.Text == "" || o == Denied || o == Broken:
		r.err = &failure{o, r.visit.Reason, nil}
	}
	return r
}

// handle takes in the result of an entry: it queues what the page leads to, and
// yields it.
func (c *crawling) handle(ctx context.Context, r *result) {
	if ctx.Err() != nil || c.stopped {
		return
	}
	switch {
	case r.err != nil:
		c.fail(ctx, r)
	case r.to != "":
		c.redirect(ctx, r)
	default:
		c.page(ctx, r)
	}
}

// redirect goes on to where an entry leads.
func (c *crawling) redirect(ctx context.Context, r *result) {
	e, s := r.entry, c.sites.of(r.to)
	if err := astray(r, s); err != nil {
		r.err = err
		c.fail(ctx, r)
		return
	}
	// From http to https, or to www: the whole site is taken to have moved.
	if origin := newBase(r.to).origin; s == e.site && origin != s.origin && s.moves < maxMoves {
		s.origin, s.moves = origin, s.moves+1
	}
	to := s.form(r.to)
	if to == e.address {
		r.err = circle(r)
		c.fail(ctx, r)
		return
	}
	r.visit = Visit{URL: e.address, Crawl: c.crawl.Began, Outcome: Redirected, Status: r.visit.Status, To: r.to}
	c.save(ctx, r)
	c.enqueue(c.known.id(to, s), entry{
		from: e.from, depth: e.depth, hops: append(slices.Clone(e.hops), e.address), start: e.start, linked: e.linked,
	})
	c.done(e, Redirected, "to "+r.to)
}

// maxMoves is how often a site may change between the forms of its addresses.
const maxMoves = 3

// astray returns why a redirect to an address of a site, nil for one that is
// not of the crawl, is not followed.
func astray(r *result, s *site) error {
	e := r.entry
	switch {
	case isLogin(r.to) && !isLogin(e.address):
		return &failure{Denied, "it sends visitors to a login at " + r.to, nil}
	case s == nil:
		return &failure{OffSite, "it redirects to another site, " + r.to, nil}
	case r.to == e.address, slices.Contains(e.hops, r.to):
		return circle(r)
	case len(e.hops) >= maxRedirects:
		return &failure{Broken, fmt.Sprintf("it redirects more than %d times, last to %s", maxRedirects, r.to), nil}
	}
	return nil
}

// circle says that a redirect leads nowhere.
func circle(r *result) error {
	words := "it redirects in a circle"
	if r.cookie {
		words += ", and sets a cookie: it is only for visitors that keep it, which a crawler does not"
	}
	return &failure{Broken, words, nil}
}

// page takes in an answer with content, or the news that there is none.
func (c *crawling) page(ctx context.Context, r *result) {
	e, v := r.entry, &r.visit
	links := r.numbers(c)
	if e.site.isLost(v) && !e.start {
		v.Outcome, v.Reason = Missing, "the site shows the page that it shows for addresses that do not exist"
		c.save(ctx, r)
		c.done(e, v.Outcome, v.Reason)
		return
	}
	c.follow(e, links)
	if v.ID == "" {
		c.save(ctx, r)
		c.done(e, v.Outcome, v.Reason)
		return
	}
	if c.name(r); !c.standsBack(r) {
		c.give(ctx, r)
	}
}

// numbers returns the numbers of what a page leads to.
func (r *result) numbers(c *crawling) []int32 {
	if r.links == nil && r.entry.old != nil {
		return r.entry.old.links
	}
	return c.number(r.links)
}

// name gives a page the canonical address that it names, if that differs from
// its own by so little that it can be taken to exist.
func (c *crawling) name(r *result) {
	v, e := &r.visit, r.entry
	v.ID = v.URL
	if v.To == "" {
		return
	}
	v.To = e.site.form(v.To)
	id := c.known.id(v.To, e.site)
	if id < 0 || c.given[v.To] || plainForm(v.To) != plainForm(v.URL) {
		return
	}
	if !c.known.all[id].seen || r.again && e.old.ID == v.To {
		c.known.all[id].seen = true
		v.ID = v.To
	}
}

// plainForm returns what addresses have in common that lead to one page: the
// path, without what servers add to it.
func plainForm(address string) string {
	p, _, _ := strings.Cut(strings.ToLower(target(address)), "?")
	for _, end := range []string{"/index.html", "/index.htm", "/index.php", ".html", ".htm", ".php", "/"} {
		p = strings.TrimSuffix(p, end)
	}
	return p
}

// standsBack puts a page aside that is another address of a page, or has its
// text. It is yielded at the end if that one never came.
func (c *crawling) standsBack(r *result) bool {
	v := &r.visit
	to, why := v.To, "another address of the page"
	if to == "" || to == v.ID {
		if to, r.exact = c.texts.original(v); to == "" {
			return false
		}
		if why = "the same text as the page"; !r.exact {
			why = "nearly the same text as the page"
		}
		r.entry.site.traps.waste(v.URL)
	} else {
		c.enqueue(c.known.id(to, r.entry.site), entry{from: v.URL, depth: r.entry.depth, linked: r.entry.linked})
	}
	v.Outcome, v.Reason = Duplicate, why+" "+to
	r.to, r.body = to, nil
	c.deferred = append(c.deferred, r)
	return true
}

// settle decides on the pages that stood back: one is a page after all where the
// one that it stood back for was never yielded.
func (c *crawling) settle(ctx context.Context) {
	for _, r := range c.deferred {
		v := &r.visit
		if c.err != nil || c.stopped || ctx.Err() != nil {
			return
		}
		if c.texts.shown[v.Text] || !r.exact && c.given[r.to] {
			c.save(ctx, r)
			c.done(r.entry, Duplicate, v.Reason)
			continue
		}
		v.Outcome, v.Reason, r.to = Fetched, "", ""
		c.give(ctx, r)
	}
}

// give yields a page, once, until there are as many as the options allow. It is
// stored before: a crash after it must not make the page a new one.
func (c *crawling) give(ctx context.Context, r *result) {
	v := &r.visit
	if c.pages >= c.opts.MaxPages {
		return
	}
	if c.given[v.ID] {
		v.Outcome, v.Reason = Duplicate, "another address of the page "+v.ID
		c.save(ctx, r)
		c.done(r.entry, v.Outcome, v.Reason)
		return
	}
	c.given[v.ID] = true
	c.texts.claim(v)
	c.texts.shown[v.Text] = v.Text != ""
	c.pages++
	if !r.again {
		c.save(ctx, r)
	}
	outcome := v.Outcome
	if r.again {
		outcome = Resumed
	}
	c.done(r.entry, outcome, "")
	if c.err == nil && !c.yield(c.item(r), nil) {
		c.stopped = true
	}
}

// item returns a page as an item. What was not sent now is asked for when it is
// opened.
func (c *crawling) item(r *result) ingest.Item {
	v := &r.visit
	item := ingest.Item{ID: v.ID, Name: path.Base(target(v.ID)), MediaType: v.MediaType, URL: v.ID, Modified: v.Modified, Version: v.Version}
	body, address, pace := r.body, v.URL, &r.entry.site.pace
	item.Open = func(ctx context.Context) (io.ReadCloser, error) {
		if body != nil {
			return io.NopCloser(bytes.NewReader(body)), nil
		}
		return c.fetcher.open(ctx, address, pace)
	}
	return item
}

// open fetches a page that was visited before.
func (f *fetcher) open(ctx context.Context, address string, pace *pace) (io.ReadCloser, error) {
	if err := pace.wait(ctx); err != nil {
		return nil, err
	}
	last := *f
	last.once = true // the crawl may be over, and its connections with it
	a, err := last.get(ctx, address, nil)
	if err == nil && a.body == nil {
		err = &StatusError{URL: address, Code: a.code}
	}
	if err != nil {
		return nil, named(address, err)
	}
	return io.NopCloser(bytes.NewReader(a.body)), nil
}

// fail takes in an entry that has no content. One that may have content another
// time is yielded as an item with its error, so that what is known of it is kept,
// and what it linked to is visited. A site that is down ends the crawl.
func (c *crawling) fail(ctx context.Context, r *result) {
	e, v := r.entry, &r.visit
	v.Outcome, v.Reason = classify(r.err)
	if v.Outcome != Disallowed && !r.again {
		c.save(ctx, r)
	}
	c.done(e, v.Outcome, v.Reason)
	switch {
	case errors.Is(r.err, errAway), v.Outcome == Failed && e.site.pace.failures() >= mostFailures(r.err):
		c.err = c.stoppedAnswering(named(e.address, r.err))
		return
	case e.start && c.pages == 0 && len(c.starts) == 1:
		c.err = named(e.address, r.err)
		return
	case slices.Contains([]Outcome{Missing, OffSite, Disallowed}, v.Outcome) && !e.start:
		return
	}
	id := e.address
	if e.old != nil {
		c.follow(e, e.old.links)
		if e.old.ID != "" {
			id = e.old.ID
		}
	}
	if v.Outcome == Failed {
		c.last = named(e.address, r.err)
		if v.Version == "" && !c.opts.Alone && c.hidden == nil {
			c.hidden = c.last
		}
	}
	if !c.given[id] {
		c.given[id] = true
		c.stopped = !c.yield(ingest.Item{ID: id, URL: id}, named(e.address, r.err))
	}
}

// mostFailures returns how many failures in a row mean that a site is down. One
// that answers may have a part that is broken, and others that are not.
func mostFailures(err error) int {
	if silent(err) {
		return maxStreak
	}
	return 10 * maxStreak
}

// stoppedAnswering returns the error that ends the crawl of a site that is down.
func (c *crawling) stoppedAnswering(err error) error {
	return fmt.Errorf("crawl: the site stopped answering after %d pages: %w", c.pages, quoted{err})
}

// maxUnsaved is how many visits without content a crash may lose: they are
// cheap to repeat, and dear to store one by one.
const maxUnsaved = 100

// save stores a visit. A page that was sent is stored at once.
func (c *crawling) save(ctx context.Context, r *result) {
	if r.again && r.visit.Outcome == r.entry.old.Outcome {
		return
	}
	v := r.visit
	v.Links = r.links
	c.unsaved = append(c.unsaved, v)
	if r.body != nil || len(c.unsaved) >= maxUnsaved {
		if err := c.flush(ctx); err != nil {
			c.err = err
		}
	}
}

// flush stores the visits that are not stored yet.
func (c *crawling) flush(ctx context.Context) error {
	if len(c.unsaved) == 0 {
		return nil
	}
	visits := c.unsaved
	c.unsaved = nil
	if err := c.opts.Store.Save(ctx, c.opts.Name, visits...); err != nil {
		return fmt.Errorf("crawl: storing visits of %q: %w", c.opts.Name, err)
	}
	return nil
}

// finish marks the crawl as done.
func (c *crawling) finish(ctx context.Context) error {
	if err := c.flush(ctx); err != nil {
		return err
	}
	c.crawl.Ended = time.Now().UTC().Round(0)
	return c.mark(ctx)
}

// minGone is how many pages must be gone at once to be doubted.
const minGone = 10

// verdict says at the end whether what was not yielded can be taken to be gone. It
// cannot where a page did not answer that may lead to others, and is not where
// more than half of the pages are gone at once.
func (c *crawling) verdict() error {
	if c.pages >= c.opts.MaxPages || c.opts.Alone {
		return nil
	}
	if c.hidden != nil {
		return fmt.Errorf("crawl: %s: pages that did not answer may hide others, such as this: %w", c.starts[0], quoted{c.hidden})
	}
	before, gone := 0, 0
	for i := range c.known.all {
		if old := c.known.all[i].old; old != nil && old.page() {
			before++
			if !c.given[old.ID] {
				gone++
			}
		}
	}
	if len(c.given) == 0 {
		return fmt.Errorf("crawl: %s: no page was found: see the report for what became of the addresses", c.starts[0])
	}
	if gone < minGone || gone <= before/2 {
		return nil
	}
	return fmt.Errorf("crawl: %s: %d of %d pages are gone at once, as if the site were closed for repair; the next crawl takes it as meant",
		c.starts[0], gone, before)
}
