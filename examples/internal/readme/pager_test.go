// Package readme holds the code that the README shows, and tests it.
package readme

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/channeltest"
)

// A Pager is a channel over a provider that calls a webhook.
type Pager struct {
	channel.Receiver
	post func(ctx context.Context, to, id, text string) error
}

func (p *Pager) Name() string                       { return "pager" }
func (p *Pager) Capabilities() channel.Capabilities { return channel.Capabilities{MaxLength: 160} }
func (p *Pager) Send(ctx context.Context, m channel.Message) error {
	return p.post(ctx, m.Thread, m.ID, m.Text)
}

// Hook takes what the provider has verified. It is acknowledged once it is stored.
func (p *Pager) Hook(w http.ResponseWriter, r *http.Request) {
	m := channel.Message{
		ID: r.FormValue("id"), Thread: r.FormValue("from"), Text: r.FormValue("text"),
		Author: channel.Customer, At: time.Now(),
	}
	if err := p.Deliver(r.Context(), m); err != nil {
		http.Error(w, "try again", http.StatusServiceUnavailable)
	}
}

func TestPagerKeepsTheContract(t *testing.T) {
	channeltest.Run(t, channeltest.Features{}, func(t *testing.T) channeltest.Harness {
		var mu sync.Mutex
		var pages []channel.Message // what the provider was posted
		pager := &Pager{post: func(_ context.Context, to, id, text string) error {
			mu.Lock()
			defer mu.Unlock()
			pages = append(pages, channel.Message{ID: id, Thread: to, Text: text})
			return nil
		}}
		threads := 0
		return channeltest.Harness{
			Channel: pager,
			Thread:  func() string { threads++; return fmt.Sprint("+1555010", threads) },
			Deliver: func(ctx context.Context, m channel.Message) error {
				form := url.Values{"id": {m.ID}, "from": {m.Thread}, "text": {m.Text}}
				r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(form.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				w := httptest.NewRecorder()
				if pager.Hook(w, r); w.Code != http.StatusOK {
					return fmt.Errorf("status %d", w.Code)
				}
				return nil
			},
			Delivered: func(t *testing.T, thread string, n int) []channel.Message {
				mu.Lock()
				defer mu.Unlock()
				got := slices.DeleteFunc(slices.Clone(pages), func(m channel.Message) bool { return m.Thread != thread })
				require.GreaterOrEqual(t, len(got), n)
				return got[:n]
			},
		}
	})
}
