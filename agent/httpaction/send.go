package httpaction

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/dial"
	"github.com/frontdesk-go/frontdesk/internal/retry"
)

// run makes a call. It is agent.Action's Run.
func (r *request) run(ctx context.Context, c agent.ActionCall) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(r.spec.Timeout))
	defer cancel()
	out, err := r.attempts(ctx, c)
	if err == nil {
		return out, nil
	}
	var failed *Error
	if !errors.As(err, &failed) {
		failed = &Error{Message: "the request could not be made", cause: err}
	}
	r.opts.Log.WarnContext(ctx, "httpaction: a call failed", slog.String("action", r.spec.Name),
		slog.Int("status", failed.Status), slog.String("message", failed.Message), slog.Any("cause", failed.cause))
	return nil, failed
}

// firstPause is the wait before a second attempt, and doubles, where the server
// names none.
const firstPause = 200 * time.Millisecond

// attempts makes a call as often as the Spec says.
func (r *request) attempts(ctx context.Context, c agent.ActionCall) (json.RawMessage, error) {
	v, err := r.values(c)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		out, wait, err := r.attempt(ctx, v)
		if err == nil || wait == never || n >= r.spec.Retries {
			return out, err
		}
		wait = max(wait, firstPause<<n)
		if end, _ := ctx.Deadline(); time.Until(end) < wait {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
		}
	}
}

// never is the wait after which another attempt helps.
const never = time.Duration(-1)

// attempt makes one request, and returns how long to wait before another.
func (r *request) attempt(ctx context.Context, v values) (out json.RawMessage, wait time.Duration, err error) {
	req, secrets, err := r.request(ctx, v)
	if err != nil {
		return nil, never, err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return r.unanswered(ctx, err)
	}
	defer resp.Body.Close()
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		out, err := r.result(resp, secrets)
		return out, never, err
	case code >= 300 && code < 400:
		return nil, never, &Error{Status: code, Message: "the service sends its clients elsewhere"}
	case slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, code):
		return nil, retry.After(resp.Header, time.Now()), &Error{Status: code, Message: "the service is busy"}
	case code == http.StatusNotFound || code == http.StatusGone:
		return nil, never, &Error{Status: code, Message: "the service knows nothing of that name"}
	default: // what the server says to it is written for its programmers
		return nil, never, &Error{Status: code, Message: fmt.Sprintf("the service refused the request (status %d)", code)}
	}
}

// unanswered returns the error of a request without a reply. The URL in it is
// about a customer, and is left out.
func (r *request) unanswered(ctx context.Context, err error) (json.RawMessage, time.Duration, error) {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	switch {
	case ctx.Err() != nil:
		return nil, never, &Error{Message: "the service took too long", cause: ctx.Err()}
	case dial.Refused(err):
		return nil, never, &Error{Message: "the service cannot be reached", cause: err}
	}
	return nil, 0, &Error{Message: "the service cannot be reached", cause: err}
}

// request returns the request of a call, and the secrets in it.
func (r *request) request(ctx context.Context, v values) (req *http.Request, secrets []string, err error) {
	address, err := r.target.url(v)
	if err != nil {
		return nil, nil, &Error{Message: err.Error()}
	}
	var body io.Reader
	if r.body != nil {
		filled, _ := fillBody(r.body, v)
		raw, err := json.Marshal(filled)
		if err != nil {
			return nil, nil, err
		}
		body = bytes.NewReader(raw)
	}
	req, err = http.NewRequestWithContext(ctx, r.spec.Method, address, body)
	if err != nil {
		return nil, nil, &Error{Message: "the request could not be made"} // err holds the URL
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "frontdesk")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, t := range r.headers {
		value, some, err := t.fill(v, escapeHeader)
		if err != nil {
			return nil, nil, &Error{Message: err.Error()}
		}
		if some {
			req.Header.Set(name, value)
		}
	}
	secrets, err = r.authorize(ctx, req)
	return req, secrets, err
}

// escapeHeader lets through what a header may hold: there is no escape.
func escapeHeader(s string) (string, error) {
	if !sendable(s) {
		return "", errors.New("has characters that cannot be sent")
	}
	return s, nil
}

// authorize adds the secret, and returns it in all its forms.
func (r *request) authorize(ctx context.Context, req *http.Request) ([]string, error) {
	a := r.spec.Auth
	if a.Type == "" {
		return nil, nil
	}
	const message = "the service cannot be used now"
	secret, err := r.opts.Secrets(ctx, a.Secret)
	if err != nil {
		return nil, &Error{Message: message, cause: fmt.Errorf("secret %q: %w", a.Secret, err)}
	}
	if secret == "" || a.Type != Basic && !sendable(secret) {
		return nil, &Error{Message: message, cause: fmt.Errorf("secret %q is empty, or cannot be sent", a.Secret)}
	}
	switch a.Type {
	case Bearer:
		req.Header.Set("Authorization", "Bearer "+secret)
	case Basic:
		req.SetBasicAuth(a.User, secret)
	case APIKey:
		req.Header.Set(a.Header, secret)
	}
	_, encoded, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	return []string{secret, encoded}, nil
}

// maxRedirects is how many are followed, within one host.
const maxRedirects = 3

// sameHost follows redirects of reading requests that stay where they are. What
// leads elsewhere would take the request's secret with it.
func sameHost(req *http.Request, via []*http.Request) error {
	from := via[0]
	if !safe(from.Method) || req.URL.Host != from.URL.Host || req.URL.Scheme != from.URL.Scheme || len(via) > maxRedirects {
		return http.ErrUseLastResponse
	}
	return nil
}
