package crm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/retry"
)

const (
	// longestBody bounds what is read of an answer, in bytes.
	longestBody = 1 << 20
	// attempts is how often a request is made that the provider puts off.
	attempts = 3
	// longestPause is the longest wait between two, for a caller without a deadline.
	longestPause = 30 * time.Second
)

// A status is an answer other than the one hoped for. What the provider says in
// it is left out: it may name what a log must not hold.
type status int

func (s status) Error() string {
	return fmt.Sprintf("crm: the provider answers %d %s", int(s), http.StatusText(int(s)))
}

// A wire sends requests to a provider.
type wire struct {
	client *http.Client
	// authorize adds what proves the host to a request. Nil adds nothing.
	authorize func(ctx context.Context, header http.Header) error
}

// A request is what is sent, again if need be.
type request struct {
	method, url string
	header      http.Header
	body        any // sent as JSON, nil sends none
}

// send sends r and reads the JSON of the answer into out. It waits and repeats
// what the provider put off with 429 (RFC 6585, section 4) or 503, as long as ctx
// has time for it: neither has been carried out.
func (w wire) send(ctx context.Context, r request, out any) (http.Header, error) {
	for n := 1; ; n++ {
		header, err := w.once(ctx, r, out)
		s, answered := err.(status)
		if !answered || n == attempts || s != http.StatusTooManyRequests && s != http.StatusServiceUnavailable {
			return header, err
		}
		pause := time.Second
		if header.Get("Retry-After") != "" {
			pause = retry.After(header, time.Now())
		}
		if end, ok := ctx.Deadline(); pause > longestPause || ok && time.Now().Add(pause).After(end) {
			return header, err
		}
		select {
		case <-ctx.Done():
			return header, ctx.Err()
		case <-time.After(pause):
		}
	}
}

func (w wire) once(ctx context.Context, r request, out any) (http.Header, error) {
	var body io.Reader
	if r.body != nil {
		raw, err := json.Marshal(r.body)
		if err != nil {
			return nil, fault(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, body)
	if err != nil {
		return nil, fault(err)
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if w.authorize != nil {
		if err := w.authorize(ctx, req.Header); err != nil {
			return nil, fault(err)
		}
	}
	answer, err := w.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault(err)
	}
	defer answer.Body.Close()
	return answer.Header, read(answer, out)
}

// read reads an answer into out, which may be nil.
func read(answer *http.Response, out any) error {
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return status(answer.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, longestBody+1))
	switch {
	case err != nil:
		return fault(err)
	case len(raw) > longestBody:
		return fmt.Errorf("crm: the provider's answer is longer than %d bytes", longestBody)
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("crm: the provider's answer is not the JSON that is expected: %w", err)
	}
	return nil
}

// edited returns the error of Update for that of a request that reads or writes
// one customer.
func edited(err error) error {
	switch err {
	case status(http.StatusNotFound):
		return agent.ErrUnknownCustomer
	case status(http.StatusConflict), status(http.StatusPreconditionFailed):
		return agent.ErrConflict
	}
	return err
}
