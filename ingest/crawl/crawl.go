// Package crawl makes the pages of a web site a source for ingestion.
//
// It keeps to the rules of robots.txt (RFC 9309), takes sitemaps for a start,
// stays on one host, and asks for few pages at once.
package crawl

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// Options adjust a [Source]. The zero value crawls politely.
type Options struct {
	// Name is the source's name. Defaults to the host of the start address.
	Name string
	// MaxPages is the most pages to yield. Defaults to 1,000.
	MaxPages int
	// MaxBytes is the most content a page may have, decoded. Defaults to 8 MiB.
	MaxBytes int64
	// Within is the start of the path that pages must have, such as "/help/".
	// Defaults to "/", the whole host.
	Within string
	// Documents has linked PDF, DOCX, Markdown and text files yielded too.
	Documents bool
	// Timeout limits one request. Defaults to 20 seconds.
	Timeout time.Duration
	// Delay is the least time between the starts of two requests. Defaults to none.
	Delay time.Duration
	// InFlight is how many requests are made at once. Defaults to 2.
	InFlight int
	// UserAgent names the crawler to the site. Its letters up to the first
	// other character are the product token that robots.txt is read for.
	// Defaults to "frontdesk (+https://github.com/frontdesk-go/frontdesk)".
	UserAgent string
	// Client makes the requests. Its CheckRedirect is replaced. Defaults to one
	// with a transport of its own.
	Client *http.Client
}

// A Source yields the pages of a site, those nearest to the start first. The ID
// of an item is its address after redirects and without its fragment, or the
// canonical address that the page names if that is on the same host.
//
// Pages that say noindex are not yielded; links that say nofollow are not
// followed. A page that does not exist is passed over. A page that fails is
// yielded with its error. If pages failed in a way that may pass, the listing
// ends with an error, so that nothing is taken to have been removed.
type Source struct {
	start *url.URL
	opts  Options
}

// New returns a Source that starts at the given http or https address. The opts
// may be nil. The error joins all faults.
func New(start string, opts *Options) (*Source, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	var faults []error
	u := normal(nil, start)
	if u == nil {
		faults = append(faults, fmt.Errorf("crawl: %q is no address to start at: give one such as https://example.com/help/", start))
	}
	if o.MaxPages < 0 || o.MaxBytes < 0 || o.InFlight < 0 || o.Timeout < 0 || o.Delay < 0 {
		faults = append(faults, errors.New("crawl: no limit in Options may be negative"))
	}
	if o.Within != "" && !strings.HasPrefix(o.Within, "/") {
		faults = append(faults, fmt.Errorf("crawl: Options.Within is %q: give the start of a path, such as /help/", o.Within))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &Source{start: u, opts: defaults(o, u)}, nil
}

func defaults(o Options, start *url.URL) Options {
	if o.Name == "" {
		o.Name = start.Host
	}
	if o.MaxPages == 0 {
		o.MaxPages = 1000
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
		o.UserAgent = "frontdesk (+https://github.com/frontdesk-go/frontdesk)"
	}
	return o
}

// Name implements [ingest.Source].
func (s *Source) Name() string { return s.opts.Name }

// Items implements [ingest.Source]. Each iteration is a crawl of its own.
func (s *Source) Items(ctx context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		c := newCrawling(s)
		defer c.fetcher.close(s.opts)
		if err := c.begin(ctx); err != nil {
			yield(ingest.Item{}, err)
			return
		}
		if !c.run(ctx, yield) {
			return
		}
		if err := c.verdict(ctx); err != nil {
			yield(ingest.Item{}, err)
		}
	}
}
