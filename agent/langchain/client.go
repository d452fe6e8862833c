package langchain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/retry"
)

// A StatusError is a refusal by a provider.
type StatusError struct {
	// Status is the HTTP status. It is 200 for a refusal that came after the
	// answer had begun.
	Status int
	// RetryAfter is how long the provider asks to wait before another attempt,
	// zero if it does not say.
	RetryAfter time.Duration
	// Message is the provider's, shortened, without the key of the request.
	Message string
}

// Error says the status, the message and the wait. It has no prefix: it is
// always seen in an error of a Model.
func (e *StatusError) Error() string {
	s := "the provider broke off"
	if e.Status != http.StatusOK {
		s = fmt.Sprintf("status %d", e.Status)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.RetryAfter > 0 {
		s += fmt.Sprintf(" (retry after %v)", e.RetryAfter)
	}
	return s
}

// again returns err, as an *agent.RetryError if it may pass by itself: a limit
// of requests, an outage, or a connection that broke.
func again(err error) error {
	var status *StatusError
	switch {
	case errors.As(err, &status):
		if !passing(status.Status) {
			return err
		}
		return &agent.RetryError{After: status.RetryAfter, Err: err}
	case errors.Is(err, errConnection), errors.Is(err, io.ErrUnexpectedEOF):
		return &agent.RetryError{Err: err}
	}
	return err
}

// passing reports whether a status may be another at the next attempt. 529 is
// Anthropic's for a model that is overloaded.
func passing(status int) bool {
	switch status {
	case http.StatusOK, http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, 529:
		return true
	}
	return false
}

// errConnection reports that there was no reply at all.
var errConnection = errors.New("send the request")

// A Client sends a provider's requests and repairs what comes back: a status
// other than 2xx becomes a *StatusError, and a stream of events that is broken
// in any way a read error. It is not an http.RoundTripper because langchaingo's
// openai provider throws away the errors of those. It may be used by many
// goroutines.
type Client struct {
	// HTTP sends the requests. Defaults to http.DefaultClient.
	HTTP *http.Client
}

// Do sends a request. It is the method that openai.WithHTTPClient and
// anthropic.WithHTTPClient ask for.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		// The URL may hold a key; and the openai provider replaces errors that
		// are a net.Error, as url.Error is.
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return nil, fmt.Errorf("%w: %w", errConnection, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		defer resp.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10)) // what there is of it
		return nil, &StatusError{
			Status:     resp.StatusCode,
			RetryAfter: retry.After(resp.Header, time.Now()),
			Message:    redact(message(body), req.Header),
		}
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case kind == "text/event-stream":
		resp.Body = newStream(resp.Body, req.Header)
	case kind == "application/json" && strings.HasSuffix(req.URL.Path, "/embeddings"):
		defer resp.Body.Close()
		body, err := sortedVectors(resp.Body)
		if err != nil {
			return nil, err
		}
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return resp, nil
}

// maxVectors bounds a reply with vectors, in bytes. langchaingo asks for 512 at
// a time, each of which may take some 60 KiB.
const maxVectors = 64 << 20

// sortedVectors returns OpenAI's reply with vectors in the order of their index,
// which langchaingo does not look at. A reply of another form is left alone.
func sortedVectors(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxVectors+1))
	if err != nil {
		return nil, fmt.Errorf("read the vectors: %w", err)
	}
	if len(body) > maxVectors {
		return nil, fmt.Errorf("a reply of more than %d bytes", maxVectors)
	}
	type vector struct {
		Index     int             `json:"index"`
		Embedding json.RawMessage `json:"embedding"`
	}
	var reply struct {
		Data []vector `json:"data"`
	}
	if json.Unmarshal(body, &reply) != nil || reply.Data == nil {
		return body, nil
	}
	slices.SortStableFunc(reply.Data, func(a, b vector) int { return a.Index - b.Index })
	return json.Marshal(reply)
}

// message returns the message in the error of a provider, {"error":
// {"message": "..."}} or {"error": "..."}, and nothing of another body, which
// may be the page of a proxy.
func message(body []byte) string {
	// Field names match without regard to case, as encoding/json has it.
	var outer struct{ Error json.RawMessage }
	if json.Unmarshal(body, &outer) != nil {
		return ""
	}
	var inner struct{ Message string }
	if json.Unmarshal(outer.Error, &inner) == nil {
		return inner.Message
	}
	var text string
	_ = json.Unmarshal(outer.Error, &text) // anything else has no message
	return text
}

// redact returns the first line of s, shortened, without the keys in a
// request's header: some servers repeat a key that they refuse.
func redact(s string, header http.Header) string {
	for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key"} {
		if key := strings.TrimPrefix(header.Get(name), "Bearer "); key != "" {
			s = strings.ReplaceAll(s, key, "***")
		}
	}
	s, _, _ = strings.Cut(s, "\n")
	const most = 300
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
