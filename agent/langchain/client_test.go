package langchain

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMessage(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":{"message":"no such model"}}`: "no such model",
		`{"error":"no such model"}`:             "no such model",
		`{"error":7}`:                           "",
		`{"error":null}`:                        "",
		`{}`:                                    "",
		`<html>`:                                "",
		``:                                      "",
	} {
		require.Equal(t, want, message([]byte(body)), body)
	}
}

func TestRedact(t *testing.T) {
	for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key"} {
		header := http.Header{}
		header.Set(name, strings.TrimPrefix("Bearer key-1", map[bool]string{true: "", false: "Bearer "}[name == "Authorization"]))
		require.Equal(t, "bad *** and ***", redact("bad key-1 and key-1\nsecond line", header), name)
	}
	require.Equal(t, strings.Repeat("ä", 300)+"...", redact(strings.Repeat("ä", 400), nil))
}

func TestStatusErrorSays(t *testing.T) {
	require.EqualError(t, &StatusError{Status: 503}, "status 503")
	require.EqualError(t, &StatusError{Status: 200}, "the provider broke off")
	require.EqualError(t, &StatusError{Status: 429, Message: "slow down", RetryAfter: time.Minute}, "status 429: slow down (retry after 1m0s)")
}

// TestOtherBodies leaves alone what is not a stream of events.
func TestOtherBodies(t *testing.T) {
	c := &Client{HTTP: &http.Client{Transport: reply{"application/json", `{"data":[]}`}}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://provider.test", nil)
	require.NoError(t, err)
	resp, err := c.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, `{"data":[]}`, string(body))
}

// A reply is a transport that always answers the same.
type reply struct{ contentType, body string }

func (r reply) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {r.contentType}},
		Body: io.NopCloser(strings.NewReader(r.body)), Request: req,
	}, nil
}

func TestStreamPassesOn(t *testing.T) {
	const events = ": a comment\nevent: x\nid: 7\n\ndata:{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\ndata:\n\ndata: {\"type\":\"ping\"}\n\ndata: [DONE]"
	got, err := io.ReadAll(newStream(io.NopCloser(strings.NewReader(events+"\nmore")), nil))
	require.NoError(t, err)
	require.Equal(t, events+"\n", string(got), "all of it as it was, up to its end")
	got, err = io.ReadAll(newStream(io.NopCloser(strings.NewReader(events)), nil))
	require.NoError(t, err)
	require.Equal(t, events, string(got), "the last line needs no end")
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\ndata: [DONE]\n"))
	f.Add([]byte("data: {\"type\":\"message_stop\"}\n"))
	f.Add([]byte("data: {\"error\":{\"message\":\"x\"}}\n"))
	f.Add([]byte("data: {\"choices\":[{\"delta\":null},7]}\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := io.ReadAll(newStream(io.NopCloser(bytes.NewReader(body)), nil))
		if err == nil {
			require.True(t, bytes.Contains(got, []byte("[DONE]")) || bytes.Contains(got, []byte("message_stop")),
				"a stream that ends well has had its end")
		}
	})
}
