package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// maxRedirects is how many redirects are followed for one address.
const maxRedirects = 10

// A StatusError is an answer that is no page.
type StatusError struct {
	URL  string
	Code int
}

// Error implements error.
func (e *StatusError) Error() string {
	return fmt.Sprintf("crawl: %s answered %d %s", e.URL, e.Code, http.StatusText(e.Code))
}

// gone reports whether the page does not exist.
func (e *StatusError) gone() bool { return e.Code == http.StatusNotFound || e.Code == http.StatusGone }

var (
	errOffSite  = errors.New("it redirects to another site")
	errCircle   = errors.New("it redirects in a circle")
	errRefused  = errors.New("robots.txt does not allow it")
	errTooLarge = fmt.Errorf("%w: the page is longer than the limit", ingest.ErrTooLarge)
)

// A response is a page as it was fetched.
type response struct {
	url    *url.URL // after redirects
	header http.Header
	body   []byte
}

// A fetcher fetches pages of one site.
type fetcher struct {
	client  *http.Client
	agent   string
	timeout time.Duration
	follow  func(u *url.URL) error // whether a redirect may be followed
}

func newFetcher(o Options) *fetcher {
	f := &fetcher{agent: o.UserAgent, timeout: o.Timeout}
	client := http.Client{}
	if o.Client != nil {
		client = *o.Client
	}
	if client.Transport == nil {
		client.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) >= maxRedirects {
			return errCircle
		}
		if f.follow == nil {
			return nil
		}
		return f.follow(r.URL)
	}
	f.client = &client
	return f
}

// close ends the connections of a transport that is the fetcher's own.
func (f *fetcher) close(o Options) {
	if o.Client == nil || o.Client.Transport == nil {
		f.client.CloseIdleConnections()
	}
}

// get fetches what has at most limit bytes. A busy site is asked a second time.
func (f *fetcher) get(ctx context.Context, u *url.URL, limit int64) (*response, error) {
	res, wait, err := f.once(ctx, u, limit)
	if wait <= 0 {
		return res, err
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	res, _, err = f.once(ctx, u, limit)
	return res, err
}

// once fetches a page. It returns how long to wait if asking again may help.
func (f *fetcher) once(ctx context.Context, u *url.URL, limit int64) (*response, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, 0, fmt.Errorf("crawl: %s: %w", u, err)
	}
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
	res, err := f.client.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("crawl: %s: %w", u, cause(err))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, retryAfter(res), &StatusError{URL: u.String(), Code: res.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return nil, 0, fmt.Errorf("crawl: %s: %w", u, cause(err))
	}
	if int64(len(body)) > limit {
		return nil, 0, fmt.Errorf("crawl: %s: %w", u, errTooLarge)
	}
	return &response{url: res.Request.URL, header: res.Header, body: body}, 0, nil
}

// cause takes the address out of an error that names it already.
func cause(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// retryAfter returns how long a busy site asks to wait, at most five seconds.
// See RFC 9110, section 10.2.3.
func retryAfter(res *http.Response) time.Duration {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	const longest = 5 * time.Second
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return time.Second
	}
	return min(time.Duration(seconds)*time.Second+time.Millisecond, longest)
}
