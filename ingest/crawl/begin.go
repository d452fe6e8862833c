package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// recall reads what the store remembers, and begins a crawl or goes on with the
// last one: one that did not end and began no longer ago than Options.Resume.
func (c *crawling) recall(ctx context.Context) error {
	last, err := c.opts.Store.Last(ctx, c.opts.Name)
	if err != nil {
		return fmt.Errorf("crawl: reading the last crawl of %q: %w", c.opts.Name, err)
	}
	now := time.Now().UTC().Round(0) // as a store returns it
	switch {
	case !last.Began.IsZero() && last.Ended.IsZero() && now.Sub(last.Began) < c.opts.Resume:
		c.crawl = last
	default:
		if !now.After(last.Began) {
			now = last.Began.Add(1) // crawls are told apart by it, whatever the clock does
		}
		c.crawl = Crawl{Began: now}
		if err := c.mark(ctx); err != nil {
			return err
		}
	}
	for v, err := range c.opts.Store.Visits(ctx, c.opts.Name) {
		if err != nil {
			return fmt.Errorf("crawl: reading the visits of %q: %w", c.opts.Name, err)
		}
		c.remember(v)
	}
	return nil
}

// mark stores when the crawl began and ended.
func (c *crawling) mark(ctx context.Context) error {
	if err := c.opts.Store.Mark(ctx, c.opts.Name, c.crawl); err != nil {
		return fmt.Errorf("crawl: storing the crawl of %q: %w", c.opts.Name, err)
	}
	return nil
}

// remember takes in a visit of the store.
func (c *crawling) remember(v Visit) {
	s := c.sites.of(v.URL)
	id := c.known.id(v.URL, s)
	if s == nil || id < 0 {
		return
	}
	old := &remembered{Visit: v, links: c.number(v.Links)}
	old.Links = nil
	c.known.all[id].old = old
	if v.Outcome.yields() {
		if v.Crawl.Equal(c.crawl.Began) {
			// The name is taken, whatever leads to it before its page is met again.
			if named := c.known.id(v.ID, s); named >= 0 && v.ID != v.URL {
				c.known.all[named].seen = true
			}
		}
		// What was an item once keeps its place, whichever of two equal pages comes first.
		c.texts.claim(&old.Visit)
	}
}

// number returns the numbers of addresses that belong to the crawl's sites.
func (c *crawling) number(links []string) []int32 {
	ids := make([]int32, 0, len(links))
	for _, link := range links {
		if s := c.sites.of(link); s != nil {
			ids = append(ids, c.known.id(link, s))
		}
	}
	return ids
}

// begin asks for the rules and the sitemaps, and queues what they name. A start
// whose site does not answer or does not allow it ends the crawl if it is the only
// one; among several it becomes a failure of its own.
func (c *crawling) begin(ctx context.Context) error {
	for _, start := range c.starts {
		rules, err := c.rules.of(ctx, c.fetcher, start)
		if err == nil && !rules.allowed(target(start)) {
			err = named(start, c.disallowed())
		}
		if ctx.Err() != nil {
			return fmt.Errorf("crawl: %s: stopped after 0 pages: %w", start, ctx.Err())
		}
		if err != nil && len(c.starts) == 1 {
			return fmt.Errorf("crawl: %w", quoted{err})
		}
		s := c.sites.of(start)
		c.enqueue(c.known.id(s.form(start), s), entry{start: true, linked: true})
		if err == nil && !c.opts.Alone {
			c.readSitemaps(ctx, s, rules)
			s.lost = c.notFound(ctx, s, rules)
		}
	}
	return nil
}

// disallowed says that the rules of a site keep an address from being fetched.
func (c *crawling) disallowed() error {
	return &failure{Disallowed, fmt.Sprintf("robots.txt does not allow it for %q", productToken(c.opts.UserAgent)), nil}
}

// readSitemaps queues the pages of sitemaps and of those that they list. A
// sitemap that cannot be read is passed over: links remain.
func (c *crawling) readSitemaps(ctx context.Context, s *site, rules robots) {
	type level struct {
		address string
		depth   int
	}
	var queue []level
	for _, address := range rules.sitemaps {
		queue = append(queue, level{address, 0})
	}
	if len(queue) == 0 {
		queue = []level{{s.origin + "/sitemap.xml", 0}}
	}
	read := make(map[string]bool)
	for len(queue) > 0 && len(read) < maxSitemaps && ctx.Err() == nil {
		next := queue[0]
		queue = queue[1:]
		address, err := newBase(s.origin + "/").normal(next.address)
		if err != nil || read[address] || c.sites.of(address) == nil || !rules.allowed(target(address)) {
			continue
		}
		read[address] = true
		c.sitemap(ctx, address, func(l location) bool {
			if l.index {
				if next.depth < maxNesting {
					queue = append(queue, level{l.address, next.depth + 1})
				}
				return len(queue) < maxSitemapURLs
			}
			c.listed(l)
			return len(c.known.all) < maxAddresses
		})
	}
}

// sitemap reads one sitemap, and calls found for each of its locations.
func (c *crawling) sitemap(ctx context.Context, address string, found func(location) bool) {
	_ = c.sequel(ctx, address, func(res *http.Response) error {
		readSitemap(res.Body, found)
		return nil
	})
}

// listed queues a page of a sitemap, if it is on a site of the crawl: a sitemap may
// name addresses of its own site only (https://sitemaps.org/protocol.html#location).
func (c *crawling) listed(l location) {
	address, err := normal(l.address)
	if err != nil {
		return
	}
	if s := c.sites.of(address); s != nil {
		c.enqueue(c.known.id(address, s), entry{modified: l.modified})
	}
}

// sequel fetches an address of the crawl's sites and follows its redirects,
// and has the answer read if it is a good one.
func (c *crawling) sequel(ctx context.Context, address string, read func(*http.Response) error) error {
	for range maxRedirects {
		location := ""
		err := c.fetcher.do(ctx, address, nil, func(res *http.Response) error {
			switch {
			case res.StatusCode == http.StatusOK:
				return read(res)
			case res.StatusCode >= 300 && res.StatusCode < 400:
				location = res.Header.Get("Location")
			}
			return nil
		})
		if err != nil || location == "" {
			return err
		}
		if address, err = newBase(address).normal(location); err != nil {
			return err
		}
		if c.sites.of(address) == nil {
			return errNoPage
		}
	}
	return errors.New("it redirects too often")
}

// madeUp is the path of a page that no site has.
const madeUp = "/frontdesk-asks-for-a-page-that-is-not-there"

// notFound returns what a site shows for an address that does not exist, nil if
// it says so by the status, as it should.
func (c *crawling) notFound(ctx context.Context, s *site, rules robots) *Visit {
	if !rules.allowed(madeUp) {
		return nil
	}
	var lost *Visit
	err := c.sequel(ctx, s.origin+madeUp, func(res *http.Response) error {
		body, err := c.fetcher.body(res)
		if err == nil {
			p := parsePage(body, res.Header.Get("Content-Type"))
			lost = &Visit{Title: p.title, Text: p.print.digest(), Similar: p.print.similar(), Figures: p.print.figures}
		}
		return err
	})
	if err != nil || lost == nil || lost.Text == "" {
		return nil
	}
	return lost
}

// isLost reports whether a page is what its site shows for addresses that do
// not exist.
func (s *site) isLost(v *Visit) bool {
	l := s.lost
	return l != nil && v.Text != "" &&
		(v.Text == l.Text || v.Title == l.Title && v.Figures == l.Figures && near(v.Similar, l.Similar))
}

// revisit queues what was a page at the last crawl and was not met by now: a
// page that nothing leads to any more, for a day or for ever, says itself
// whether it is still there.
func (c *crawling) revisit() {
	if c.opts.Alone {
		return
	}
	for id := range c.known.all {
		if old := c.known.all[id].old; old != nil && old.page() {
			c.enqueue(int32(id), entry{})
		}
	}
}

// page reports whether the address was an item when it last answered.
func (r *remembered) page() bool {
	return r.ID != "" && (r.Outcome.yields() || r.Outcome == Failed || r.Outcome == Denied || r.Outcome == Broken)
}
