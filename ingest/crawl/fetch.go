package crawl

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// A fetcher asks sites for one address at a time. It follows no redirects.
type fetcher struct {
	transport http.RoundTripper
	agent     string
	once      bool // whether connections are for one request
	limits    limits
}

// limits are those of one answer.
type limits struct {
	bytes int64 // decoded
	time  time.Duration
}

// An answer is what a site sent.
type answer struct {
	code   int
	header http.Header
	body   []byte        // only of a page
	took   time.Duration // until the body was read
}

// newFetcher returns a fetcher. A transport of the host is used as it is: it
// decides then which addresses may be reached.
func newFetcher(o Options) *fetcher {
	f := &fetcher{transport: o.Transport, agent: o.UserAgent, limits: limits{o.MaxBytes, o.Timeout}}
	if f.transport == nil {
		f.transport = newTransport(o.AllowPrivate, o.InFlight)
	}
	return f
}

// close ends the connections of a transport that is the fetcher's own.
func (f *fetcher) close() {
	if own, ok := f.transport.(*ownTransport); ok {
		own.CloseIdleConnections()
	}
}

// get fetches a page. If something is remembered of it, the site is asked for
// what has changed, and answers 304 if nothing did. See RFC 9110, section 13.1.
func (f *fetcher) get(ctx context.Context, address string, old *Visit) (*answer, error) {
	start := time.Now()
	var a *answer
	err := f.do(ctx, address, old, func(res *http.Response) (err error) {
		a = &answer{code: res.StatusCode, header: res.Header}
		if a.code == http.StatusOK || a.code == http.StatusNonAuthoritativeInfo {
			a.body, err = f.body(res)
		}
		a.took = time.Since(start)
		return err
	})
	return a, err
}

// prefix fetches the first bytes of an address, at most limit of them.
func (f *fetcher) prefix(ctx context.Context, address string, limit int64) (*answer, error) {
	var a *answer
	err := f.do(ctx, address, nil, func(res *http.Response) (err error) {
		a = &answer{code: res.StatusCode, header: res.Header}
		if a.code == http.StatusOK {
			a.body, err = io.ReadAll(io.LimitReader(res.Body, limit))
		}
		return err
	})
	return a, err
}

// do asks for an address, and has the answer read within the time limit. The
// errors are in the words of unanswered, but those of ctx.
func (f *fetcher) do(ctx context.Context, address string, old *Visit, read func(*http.Response) error) error {
	ctx, cancel := context.WithTimeout(ctx, f.limits.time)
	defer cancel()
	var etag, modified string
	if old != nil {
		etag, modified = old.ETag, old.LastModified
	}
	res, err := f.ask(ctx, address, etag, modified)
	if err != nil {
		return unanswered(err)
	}
	defer res.Body.Close()
	if err := read(res); err != nil {
		return unanswered(err)
	}
	return nil
}

// ask sends one request, on the condition that the page has changed since the entity
// tag and the date given, if any. See RFC 9110, section 13.1.
func (f *fetcher) ask(ctx context.Context, address, etag, modified string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Close = f.once
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	if modified != "" {
		req.Header.Set("If-Modified-Since", modified)
	}
	// Not a Client: it refuses redirects to addresses that browsers can read.
	return f.transport.RoundTrip(req)
}

// body reads a page up to the limit, which holds for what a compressed one
// becomes.
func (f *fetcher) body(res *http.Response) ([]byte, error) {
	// The transport has undone the encoding that it asked for, and its mark.
	if e := res.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, &failure{Broken, fmt.Sprintf("it is encoded as %q, for which nobody asked", e), nil}
	}
	if res.ContentLength > f.limits.bytes {
		return nil, tooLarge(f.limits.bytes)
	}
	var body bytes.Buffer
	body.Grow(int(max(res.ContentLength, 0)) + bytes.MinRead)
	_, err := body.ReadFrom(io.LimitReader(res.Body, f.limits.bytes+1))
	switch {
	case err != nil:
		return nil, err
	case int64(body.Len()) > f.limits.bytes:
		return nil, tooLarge(f.limits.bytes)
	}
	return body.Bytes(), nil
}
