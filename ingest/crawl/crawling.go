package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// A crawling is the state of one crawl. Only the goroutine that iterates
// touches it; the fetches run beside it.
type crawling struct {
	start   *url.URL
	opts    Options
	fetcher *fetcher
	robots  robots

	queue   []*url.URL
	seen    map[string]bool // addresses queued or yielded
	queries map[string]int  // different queries by path
	fetched int
	yielded int
	failed  int   // pages whose failure may pass
	first   error // of those
	next    time.Time
}

// A result is what came of fetching one address.
type result struct {
	url *url.URL
	res *response
	err error
}

func newCrawling(s *Source) *crawling {
	c := &crawling{start: s.start, opts: s.opts, fetcher: newFetcher(s.opts), seen: make(map[string]bool), queries: make(map[string]int)}
	return c
}

// run fetches what is queued, a few at once, and yields it. It returns false
// if the consumer wants no more.
func (c *crawling) run(ctx context.Context, yield func(ingest.Item, error) bool) bool {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan result)
	busy := 0
	defer func() { // a goroutine must not outlive the iteration
		cancel()
		for ; busy > 0; busy-- {
			<-results
		}
	}()
	for {
		for busy < c.opts.InFlight && len(c.queue) > 0 && c.fetched < 4*c.opts.MaxPages+100 && c.yielded+busy < c.opts.MaxPages && ctx.Err() == nil {
			u := c.queue[0]
			c.queue = c.queue[1:]
			c.fetched++
			busy++
			go c.fetch(ctx, u, c.slot(), results)
		}
		if busy == 0 {
			return true
		}
		r := <-results
		busy--
		if ctx.Err() == nil && !c.handle(r, yield) {
			return false
		}
	}
}

// slot returns when the next request may start.
func (c *crawling) slot() time.Time {
	now := time.Now()
	if c.next.Before(now) {
		c.next = now
	}
	at := c.next
	c.next = at.Add(c.opts.Delay)
	return at
}

func (c *crawling) fetch(ctx context.Context, u *url.URL, at time.Time, results chan<- result) {
	select {
	case <-time.After(time.Until(at)):
	case <-ctx.Done():
		results <- result{url: u, err: ctx.Err()}
		return
	}
	res, err := c.fetcher.get(ctx, u, c.opts.MaxBytes)
	results <- result{url: u, res: res, err: err}
}

// handle queues the links of a page and yields it. It returns false if the
// consumer wants no more.
func (c *crawling) handle(r result, yield func(ingest.Item, error) bool) bool {
	if r.err != nil {
		return c.fail(r, yield)
	}
	kind, _, _ := mime.ParseMediaType(r.res.header.Get("Content-Type"))
	final := normal(nil, r.res.url.String())
	if final == nil || final.String() != r.url.String() && c.seen[final.String()] {
		return true
	}
	c.seen[final.String()] = true
	var p page
	if kind == "text/html" || kind == "application/xhtml+xml" || kind == "" {
		p = parsePage(r.res.body)
	} else if !c.wanted(kind, final) {
		return true
	}
	for _, list := range r.res.header.Values("X-Robots-Tag") {
		p.directives(list)
	}
	c.addLinks(final, p)
	id := c.canonical(final, p)
	if p.noIndex || id == nil {
		return true
	}
	c.yielded++
	return yield(c.item(id, r.res), nil)
}

// wanted reports whether a document that is no page is yielded.
func (c *crawling) wanted(kind string, u *url.URL) bool {
	if !c.opts.Documents && u.String() != c.start.String() {
		return false
	}
	return strings.HasPrefix(kind, "text/") || kind == "application/pdf" || kind == "application/octet-stream" ||
		strings.Contains(kind, "wordprocessingml")
}

func (c *crawling) addLinks(u *url.URL, p page) {
	if p.noFollow {
		return
	}
	base := u
	if b := normal(u, p.base); b != nil && p.base != "" {
		base = b
	}
	for _, link := range p.links {
		c.add(normal(base, link))
	}
}

// canonical returns the address that a page goes by: the one that it names if
// no other page has it. A front page named by another is a mistake. It is nil
// if the page is a second form of one known already.
func (c *crawling) canonical(u *url.URL, p page) *url.URL {
	named := normal(u, p.canonical)
	if p.canonical == "" || named == nil || !c.onSite(named) || named.String() == u.String() || named.Path == "/" {
		return u
	}
	if c.seen[named.String()] {
		return nil
	}
	c.seen[named.String()] = true
	return named
}

func (c *crawling) item(id *url.URL, res *response) ingest.Item {
	item := ingest.Item{
		ID:        id.String(),
		Name:      path.Base(id.Path),
		MediaType: res.header.Get("Content-Type"),
		URL:       id.String(),
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(res.body)), nil
		},
	}
	if t, err := http.ParseTime(res.header.Get("Last-Modified")); err == nil {
		item.Modified = t
	}
	return item
}

// fail yields a page that could not be fetched, unless it does not exist.
func (c *crawling) fail(r result, yield func(ingest.Item, error) bool) bool {
	status, ok := errors.AsType[*StatusError](r.err)
	isStart := r.url.String() == c.start.String()
	switch {
	case errors.Is(r.err, errOffSite) && !isStart, errors.Is(r.err, errRefused) && !isStart, ok && status.gone() && !isStart:
		return true
	case isStart && c.yielded == 0 && len(c.queue) == 0:
		c.failed, c.first = 1, r.err
		return true
	case !ok && !errors.Is(r.err, errTooLarge) && !errors.Is(r.err, errCircle), ok && (status.Code >= 500 || status.Code == http.StatusTooManyRequests):
		c.failed++
		if c.first == nil {
			c.first = r.err
		}
	}
	return yield(ingest.Item{ID: r.url.String(), URL: r.url.String()}, r.err)
}

// verdict says at the end whether all was seen.
func (c *crawling) verdict(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("crawl: %s: stopped after %d pages: %w", c.start, c.yielded, ctx.Err())
	case c.failed > 0 && c.yielded == 0:
		return c.first
	case c.failed > 0:
		return fmt.Errorf("crawl: %s: pages that did not answer may hide others, such as this: %w", c.start, c.first)
	}
	return nil
}
