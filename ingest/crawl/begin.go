package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

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
