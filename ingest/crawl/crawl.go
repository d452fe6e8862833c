// Package crawl makes the pages of a web site a source for ingestion.
//
// It keeps to the rules of robots.txt (RFC 9309), takes sitemaps and links for
// a start, stays on the site, and asks for few pages at once. What it remembers
// in a [Store] makes a second visit cheap, and lets a crawl that was broken off
// go on where it was.
package crawl

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// Options adjust a [Source]. The zero value crawls politely.
type Options struct {
	// Name is the source's name. Defaults to the host of the start address.
	Name string
	// Pages are further addresses to start at, on the same site or on others.
	Pages []string
	// Alone has the start and Pages fetched and nothing that they lead to.
	Alone bool
	// MaxPages is the most pages to yield. Defaults to 5,000.
	MaxPages int
	// MaxBytes is the most content a page may have, decoded. Defaults to 8 MiB.
	MaxBytes int64
	// Within is the start of the path that pages must have, such as "/help/".
	// Defaults to "/", the whole host.
	Within string
	// Documents has linked files yielded too: PDF, Word, Excel, PowerPoint, CSV,
	// text, mail and media.
	Documents bool
	// Timeout limits one request. Defaults to 20 seconds.
	Timeout time.Duration
	// Delay is the least time between the starts of two requests to one site.
	// Defaults to none. A site's crawl-delay up to ten seconds is kept if longer.
	Delay time.Duration
	// InFlight is how many requests are made to one site at once, while it answers
	// well. Defaults to 2.
	InFlight int
	// UserAgent names the crawler to the site. Its letters up to the first
	// other character are the product token that robots.txt is read for.
	// Defaults to "frontdesk (+https://github.com/frontdesk-go/frontdesk)".
	UserAgent string
	// AllowPrivate lets the crawl connect to the machine itself and to private
	// networks, for a site that is there. Addresses of the local link, such as
	// 169.254.169.254, stay excluded.
	AllowPrivate bool
	// Store remembers visits. Nil means a [MemoryStore], with which a new process
	// starts anew.
	Store Store
	// Resume is how long ago a crawl may have begun to be gone on with after it
	// was broken off. Defaults to 24 hours.
	Resume time.Duration
	// Transport makes the requests. One that is given decides itself where to
	// connect, and AllowPrivate has no effect. Defaults to one that is made for each
	// crawl and uses no proxy.
	Transport http.RoundTripper
	// Progress, if not nil, is called after every address, and before its item is
	// yielded, by the goroutine that iterates.
	Progress func(Progress)
}

// crawlerName is the product token of the default agent.
const crawlerName = "frontdesk"

// A Source yields the pages of a site, those nearest to the start first, and
// last what only a sitemap or an earlier crawl knows. The ID of an item is its
// address, in its normal form and after redirects, or the canonical address that
// the page names. An item's Version is a digest of the content.
//
// Pages that say noindex are not yielded; links that say nofollow are not
// followed; of pages with the same text one is yielded. A page that does not
// exist is passed over. A page that fails is yielded with its error, under the
// ID that it had. If one failed of which nothing is remembered, or most of the
// pages are gone at once, the listing ends with an error, so that nothing is
// taken to have been removed.
//
// A Source may be used from many goroutines; iterations wait for each other.
type Source struct {
	starts []string
	opts   Options
	rules  rules

	busy   sync.Mutex // one iteration at a time
	mu     sync.Mutex
	report Report
}

// New returns a Source that starts at the given http or https address. The opts
// may be nil. The error joins all faults.
func New(start string, opts *Options) (*Source, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	var faults []error
	s := &Source{rules: rules{hosts: make(map[string]*hostRules)}}
	for _, address := range append([]string{start}, o.Pages...) {
		u, err := normal(address)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("crawl: %q is no address to start at: give one such as https://example.com/help/", address))
		case !o.AllowPrivate && o.Transport == nil && private(u):
			faults = append(faults, fmt.Errorf("crawl: %s is on a private network: set Options.AllowPrivate if that is meant", u))
		}
		s.starts = append(s.starts, u)
	}
	if o.MaxPages < 0 || o.MaxBytes < 0 || o.InFlight < 0 || o.Timeout < 0 || o.Delay < 0 || o.Resume < 0 {
		faults = append(faults, errors.New("crawl: no limit in Options may be negative"))
	}
	if o.Within != "" && !strings.HasPrefix(o.Within, "/") {
		faults = append(faults, fmt.Errorf("crawl: Options.Within is %q: give the start of a path, such as /help/", o.Within))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	s.opts = defaults(o, s.starts[0])
	return s, nil
}

func defaults(o Options, start string) Options {
	if o.Name == "" {
		_, o.Name, _ = strings.Cut(newBase(start).origin, "://")
	}
	if o.MaxPages == 0 {
		o.MaxPages = 5000
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 8 << 20
	}
	if o.Within == "" {
		o.Within = "/"
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	if o.InFlight == 0 {
		o.InFlight = 2
	}
	if o.UserAgent == "" {
		o.UserAgent = crawlerName + " (+https://github.com/frontdesk-go/frontdesk)"
	}
	if o.Store == nil {
		o.Store = NewMemoryStore()
	}
	if o.Resume == 0 {
		o.Resume = 24 * time.Hour
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

// Name implements [ingest.Source].
func (s *Source) Name() string { return s.opts.Name }

// Report returns what came of the iteration that began last, so far.
func (s *Source) Report() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.report.clone()
}

// Items implements [ingest.Source]. Each iteration is a crawl, unless the one
// before was broken off: then it goes on with that, yielding what was visited
// before without asking the site again.
//
// No more pages are fetched than the loop over them consumes: at most InFlight
// are held. An item that the site did not send, because it was visited before
// or has not changed, fetches its content when it is opened.
func (s *Source) Items(ctx context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		s.busy.Lock()
		defer s.busy.Unlock()
		c := newCrawling(s, yield)
		defer c.fetcher.close()
		if err := c.all(ctx); err != nil && !c.stopped {
			yield(ingest.Item{}, err)
		}
	}
}
