package livechat_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

func TestSignedVisitors(t *testing.T) {
	ada := channel.Party{ID: "42", Email: "ada@example.com", Trust: channel.Signed}
	var log bytes.Buffer
	cfg := livechat.Config{
		Identify: func(token string, now time.Time) (channel.Party, error) {
			if token != "good" || now.IsZero() {
				return ada, errors.New("forged")
			}
			return ada, nil
		},
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}
	bubble(t, cfg, func(t *testing.T, w *world) {
		token := w.visitor()
		post := func(id, visitor string) channel.Party {
			r := httptest.NewRequestWithContext(w.ctx, "POST", "/messages", strings.NewReader(`{"id":"`+id+`","text":"Hello"}`))
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Visitor-Token", visitor)
			rec := httptest.NewRecorder()
			w.chat.ServeHTTP(rec, r)
			require.Equal(t, http.StatusAccepted, rec.Code, "whatever the token is, the message is taken")
			require.NotContains(t, rec.Body.String(), "forged")
			return w.received()[len(w.received())-1].From
		}
		require.Equal(t, ada, post("1", "good"))
		require.Empty(t, log.String())
		for id, visitor := range map[string]string{"2": "bad", "3": ""} {
			p := post(id, visitor)
			require.Equal(t, channel.Party{ID: p.ID, Trust: channel.Anonymous}, p, "what is not believed is nothing")
			require.NotEqual(t, "42", p.ID)
		}
		require.Contains(t, log.String(), "forged", "the host's log says why")
		require.NotContains(t, log.String(), "bad")
	})
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		r := httptest.NewRequestWithContext(w.ctx, "OPTIONS", "/messages", nil)
		rec := httptest.NewRecorder()
		w.chat.ServeHTTP(rec, r)
		require.Contains(t, rec.Header().Get("Access-Control-Allow-Headers"), "Visitor-Token")
	})
}
