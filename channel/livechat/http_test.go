package livechat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

func TestMessageReachesTheHandler(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token := w.visitor()
		rec := w.do("POST", "/messages", token, `{"id":"m-1","text":" Hello\r\n<b>there</b> \u0000","wants_person":true}`)
		require.Equal(t, http.StatusAccepted, rec.Code)
		require.JSONEq(t, `{"id":"m-1"}`, rec.Body.String())
		m := w.received()[0]
		require.Equal(t, "Hello\n<b>there</b>", m.Text, "markup is text, control characters are dropped")
		require.True(t, m.WantsPerson)
		require.Equal(t, channel.Party{ID: m.Thread, Trust: channel.Anonymous}, m.From)
	})
}

func TestPostRefusesBadMessages(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
	}{
		{"no JSON", `id=1&text=Hello`, 400},
		{"nothing", ``, 400},
		{"another form", `{"id":1,"text":"Hello"}`, 400},
		{"no id", `{"text":"Hello"}`, 400},
		{"an odd id", `{"id":"a b","text":"Hello"}`, 400},
		{"a long id", `{"id":"` + strings.Repeat("a", 65) + `","text":"Hello"}`, 400},
		{"no text", `{"id":"1","text":" \n\u0007"}`, 400},
		{"a long text", `{"id":"1","text":"` + strings.Repeat("é", 101) + `"}`, 413},
		{"a huge body", `{"id":"1","text":"` + strings.Repeat("a", 3000) + `"}`, 413},
		{"the longest text", `{"id":"1","text":"` + strings.Repeat("é", 100) + `"}`, 202},
		{"the longest text, escaped", `{"id":"1","text":"` + strings.Repeat(`\ud83d\ude00`, 100) + `"}`, 202},
		{"invalid UTF-8", "{\"id\":\"1\",\"text\":\"a\xff\"}", 202},
	}
	bubble(t, livechat.Config{MaxText: 100}, func(t *testing.T, w *world) {
		token := w.visitor()
		for _, tt := range tests {
			require.Equal(t, tt.status, w.do("POST", "/messages", token, tt.body).Code, tt.name)
		}
		require.Equal(t, "a\uFFFD", w.received()[2].Text)
	})
}

// Browsers choose IDs, and a chosen one could make the agent drop a stranger's
// message as a repeat.
func TestVisitorsCannotTakeEachOthersIDs(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		w.post(w.visitor(), "1", "mine")
		w.post(w.visitor(), "1", "yours")
		require.NotEqual(t, w.received()[0].ID, w.received()[1].ID)
	})
}

// Before Receive, with a store that is full, and after it.
func TestNothingIsAcceptedThatIsNotStored(t *testing.T) {
	var log bytes.Buffer
	cfg := livechat.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, t.Context(), cfg)
		require.Equal(t, http.StatusServiceUnavailable, w.do("POST", "/session", "", "").Code, "before Receive")

		ctx, cancel := context.WithCancel(t.Context())
		full := errors.New("disk full")
		go w.chat.Receive(ctx, func(context.Context, channel.Message) error { return full })
		synctest.Wait()
		token := w.visitor()
		b := w.open(token, 0)
		b.events()
		rec := w.post(token, "1", "my secret")
		require.Equal(t, http.StatusServiceUnavailable, rec.Code)
		require.Equal(t, "2", rec.Header().Get("Retry-After"))
		require.NotContains(t, rec.Body.String(), "disk", "visitors are not told what failed")
		require.Contains(t, log.String(), "disk full")
		require.NotContains(t, log.String(), "secret", "the log has no text of visitors")

		cancel()
		<-b.ended // a stream ends with Receive, so that a server can shut down
		synctest.Wait()
		require.Equal(t, http.StatusServiceUnavailable, w.post(token, "1", "Hello").Code, "after Receive")
		require.Equal(t, http.StatusServiceUnavailable, w.do("GET", "/events", token, "").Code, "after Receive")
	})
}

func TestSessionKeepsItsVisitor(t *testing.T) {
	bubble(t, livechat.Config{Title: "Shop", Greeting: "Hi!", AgentName: "Ada", MaxText: 7, TokenAge: time.Hour}, func(t *testing.T, w *world) {
		session := func(token string) (s struct {
			Token, Title, Greeting, Agent string
			New                           bool
			MaxText                       int `json:"max_text"`
		}) {
			rec := w.do("POST", "/session", token, "")
			require.Equal(t, http.StatusOK, rec.Code)
			require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &s))
			return s
		}
		first := session("")
		require.True(t, first.New)
		require.Equal(t, []any{"Shop", "Hi!", "Ada", 7}, []any{first.Title, first.Greeting, first.Agent, first.MaxText})

		elapse(50 * time.Minute)
		second := session(first.Token)
		require.False(t, second.New, "a token is renewed for the same visitor")
		elapse(50 * time.Minute)
		require.Equal(t, http.StatusUnauthorized, w.post(first.Token, "1", "Hello").Code, "the old token expires")
		require.Equal(t, http.StatusAccepted, w.post(second.Token, "1", "Hello").Code)
		require.True(t, session(first.Token).New, "an expired token begins anew")
	})
}

// Tokens that are cut, changed, longer, of another key and of another chat.
func TestOnlyVisitorsGetIn(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token := w.visitor()
		for _, bad := range []string{"", "x", token[:len(token)-1], "B" + token[1:], token + "A",
			livechat.Token([]byte("another key, which has 32 bytes!"), "livechat", strings.Repeat("0", 32)),
			livechat.Token(key, "another channel", strings.Repeat("0", 32))} {
			require.Equal(t, http.StatusUnauthorized, w.post(bad, "1", "Hello").Code, bad)
			require.Equal(t, http.StatusUnauthorized, w.do("GET", "/events", bad, "").Code, bad)
		}
		require.Empty(t, w.received())
	})
}

func TestVisitorsAreLimited(t *testing.T) {
	bubble(t, livechat.Config{MessagesPerMinute: 3, SessionsPerMinute: 2}, func(t *testing.T, w *world) {
		token, other := w.visitor(), w.visitor()
		rec := w.do("POST", "/session", "", "")
		require.Equal(t, http.StatusTooManyRequests, rec.Code, "an address has few new visitors a minute")
		require.Equal(t, http.StatusOK, w.do("POST", "/session", token, "").Code, "known visitors are not counted")

		for _, id := range []string{"1", "2", "3"} {
			require.Equal(t, http.StatusAccepted, w.post(token, id, "Hello").Code)
		}
		rec = w.post(token, "4", "Hello")
		require.Equal(t, http.StatusTooManyRequests, rec.Code)
		require.Equal(t, "20", rec.Header().Get("Retry-After"))
		require.Equal(t, http.StatusAccepted, w.post(other, "1", "Hello").Code, "each visitor has a limit")
		elapse(20 * time.Second)
		require.Equal(t, http.StatusAccepted, w.post(token, "4", "Hello").Code)
		require.Equal(t, http.StatusTooManyRequests, w.post(token, "5", "Hello").Code)
	})
}

func TestOtherSitesAreKeptOut(t *testing.T) {
	tests := []struct {
		origin  string
		status  int
		allowed string
	}{
		{"", 200, ""},
		{"https://example.com", 200, "https://example.com"}, // the chat's own host
		{"https://shop.example", 200, "https://shop.example"},
		{"https://evil.example", 403, ""},
		{"https://shop.example.evil.example", 403, ""},
		{"http://shop.example", 403, ""},
		{"null", 403, ""},
	}
	bubble(t, livechat.Config{Origins: []string{"https://shop.example"}}, func(t *testing.T, w *world) {
		for _, tt := range tests {
			rec := w.from(tt.origin, "POST", "/session")
			require.Equal(t, tt.status, rec.Code, tt.origin)
			if tt.origin != "https://example.com" {
				require.Equal(t, tt.allowed, rec.Header().Get("Access-Control-Allow-Origin"), tt.origin)
			}
			require.Equal(t, "Origin", rec.Header().Get("Vary"))
		}
		rec := w.from("https://shop.example", "OPTIONS", "/messages")
		require.Equal(t, http.StatusNoContent, rec.Code)
		require.Contains(t, rec.Header().Get("Access-Control-Allow-Headers"), "Authorization")
		require.Equal(t, http.StatusForbidden, w.from("https://evil.example", "OPTIONS", "/messages").Code)
	})
}

// from makes a request of a page of origin.
func (w *world) from(origin, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.ctx, method, path, nil)
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	rec := httptest.NewRecorder()
	w.chat.ServeHTTP(rec, r)
	return rec
}

func TestEveryResponseIsGuarded(t *testing.T) {
	w := newWorld(t, t.Context(), livechat.Config{})
	for _, path := range []string{"/widget.js", "/widget.css", "/nothing", "/session", "/"} {
		h := w.do("GET", path, "", "").Header()
		require.Equal(t, "default-src 'none'; frame-ancestors 'none'", h.Get("Content-Security-Policy"), path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"), path)
		require.NotContains(t, h.Get("Content-Type"), "html", path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, w.do("PUT", "/messages", "", "").Code)
	require.Equal(t, http.StatusNotFound, w.do("GET", "/nothing", "", "").Code)
}
