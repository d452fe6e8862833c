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

// begin reads robots.txt and the sitemaps and fetches nothing else.
func (c *crawling) begin(ctx context.Context) error {
	if err := c.findHost(ctx); err != nil {
		return err
	}
	if !c.robots.allowed(c.start) {
		return fmt.Errorf("crawl: %s: %w for %q", c.start, errRefused, c.opts.UserAgent)
	}
	c.fetcher.follow = func(u *url.URL) error {
		switch {
		case !c.onSite(u):
			return errOffSite
		case !c.robots.allowed(u):
			return errRefused
		}
		return nil
	}
	c.add(c.start)
	maps := c.robots.sitemaps
	if len(maps) == 0 {
		maps = []string{"/sitemap.xml"}
	}
	c.readSitemaps(ctx, maps)
	return nil
}

// findHost reads robots.txt. Where the site sends its visitors to another form
// of its address, as from http://example.com to https://www.example.com, that
// form is crawled.
func (c *crawling) findHost(ctx context.Context) error {
	res, err := c.fetcher.get(ctx, c.start.ResolveReference(&url.URL{Path: "/robots.txt"}), maxSitemapBytes)
	status, refused := errors.AsType[*StatusError](err)
	switch {
	case err == nil:
		c.robots = parseRobots(string(res.body), productToken(c.opts.UserAgent))
		if sameDomain(res.url.Host, c.start.Host) {
			moved := *c.start
			moved.Scheme, moved.Host = res.url.Scheme, res.url.Host
			c.start = &moved
		}
	case refused && status.Code < 500:
	case refused:
		c.robots = disallowAll()
	case errors.Is(err, errTooLarge) || errors.Is(err, errCircle):
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		return fmt.Errorf("crawl: the site does not answer: %w", err)
	}
	return nil
}

// sameDomain reports whether two hosts differ by "www." alone.
func sameDomain(a, b string) bool {
	return strings.TrimPrefix(a, "www.") == strings.TrimPrefix(b, "www.")
}

// readSitemaps queues the pages of sitemaps and of those that they list. A
// sitemap that cannot be read is passed over: links remain.
func (c *crawling) readSitemaps(ctx context.Context, maps []string) {
	known := make(map[string]bool)
	for n := 0; len(maps) > 0 && n < maxSitemaps; n++ {
		u := normal(c.start, maps[0])
		maps = maps[1:]
		if u == nil || known[u.String()] || !c.onSite(u) {
			continue
		}
		known[u.String()] = true
		res, err := c.fetcher.get(ctx, u, maxSitemapBytes)
		if err != nil {
			continue
		}
		found := parseSitemap(res.body)
		maps = append(maps, found.maps...)
		for _, page := range found.pages {
			c.add(normal(c.start, page))
		}
	}
}

// onSite reports whether an address is on the host, by either protocol.
func (c *crawling) onSite(u *url.URL) bool {
	return u.Host == c.start.Host || u.Port() == "" && c.start.Port() == "" && u.Hostname() == c.start.Hostname()
}

// add queues an address once.
func (c *crawling) add(u *url.URL) {
	if u == nil || !c.onSite(u) {
		return
	}
	u.Scheme = c.start.Scheme
	if c.seen[u.String()] || !c.robots.allowed(u) || notPage(u.Path, c.opts.Documents) {
		return
	}
	if !strings.HasPrefix(u.Path, c.opts.Within) && u.String() != c.start.String() {
		return
	}
	if u.RawQuery != "" {
		if c.queries[u.Path]++; c.queries[u.Path] > maxQueries {
			return
		}
	}
	c.seen[u.String()] = true
	c.queue = append(c.queue, u)
}

// notPage reports whether the extension tells that an address is no page.
func notPage(p string, documents bool) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf", ".zip", ".gz",
		".tgz", ".mp4", ".webm", ".mp3", ".avi", ".mov", ".exe", ".dmg", ".pkg", ".deb", ".xml", ".rss", ".atom", ".json", ".ics",
		".xls", ".xlsx", ".ppt", ".pptx", ".doc", ".epub":
		return true
	case ".pdf", ".docx", ".md", ".txt":
		return !documents
	}
	return false
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
