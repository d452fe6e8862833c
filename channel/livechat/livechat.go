// Package livechat is a chat on the host's web pages: a [channel.Channel] that
// is also an [http.Handler], and the widget that it serves.
//
// A page shows the widget with one element:
//
//	<script src="https://example.com/chat/widget.js" defer></script>
//
// where the host serves the Chat under /chat/ with [http.StripPrefix]. The
// [channel.Desk] behind the chat keeps the conversations. The chat keeps
// nothing: a stream to a browser follows the desk's transcript by sequence
// number, so that no message is lost or shown twice however often the browser
// reloads, the connection breaks, or the process is restarted.
package livechat

import (
	"context"
	"errors"
	"net/http"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A Chat is one live chat. It is a channel.Window, a channel.Typist, a
// channel.Drafter and an http.Handler. While Receive is not running, it answers
// everything but the widget's files with 503, and browsers try again.
type Chat struct {
	channel.Receiver // Deliver; Receive is wrapped

	cfg      Config
	desk     channel.Desk // set before Receive
	tokens   tokens
	rooms    rooms
	messages limiter // by thread
	sessions limiter // by client address
	handler  http.Handler
}

// errNoDesk is a mistake in how the host composed the chat.
var errNoDesk = errors.New("livechat: no desk is attached: compose an agent of the chat, or call Attach")

var (
	_ channel.Window  = (*Chat)(nil)
	_ channel.Typist  = (*Chat)(nil)
	_ channel.Drafter = (*Chat)(nil)
)

// New returns a Chat. Its error names every fault of the Config.
func New(cfg Config) (*Chat, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	c := &Chat{
		cfg:      cfg,
		tokens:   tokens{name: cfg.Name, key: cfg.Key, age: cfg.TokenAge},
		messages: limiter{perMinute: cfg.MessagesPerMinute},
		sessions: limiter{perMinute: cfg.SessionsPerMinute},
	}
	c.handler = c.routes()
	return c, nil
}

// Name returns the configured name.
func (c *Chat) Name() string { return c.cfg.Name }

// Capabilities says that answers may have any length, that repeats are dropped
// and that citations are shown as links.
func (c *Chat) Capabilities() channel.Capabilities {
	return channel.Capabilities{Idempotent: true, Links: true}
}

// Attach gives the chat the desk that keeps its conversations. An agent that is
// composed of the chat does so itself.
func (c *Chat) Attach(d channel.Desk) { c.desk = d }

// Changed makes the streams of thread show its messages and its owner anew.
func (c *Chat) Changed(thread string) { c.rooms.news(thread) }

// Receive passes the messages of visitors to handle and serves their streams
// until ctx is done. It returns an error at once if no desk is attached.
func (c *Chat) Receive(ctx context.Context, handle channel.Handler) error {
	if c.desk == nil {
		return errNoDesk
	}
	return c.Receiver.Receive(ctx, handle)
}

// Send makes the streams of m.Thread show what the desk's transcript has, which
// is to include m. It always succeeds: a browser that is not connected reads
// the transcript when it returns.
func (c *Chat) Send(_ context.Context, m channel.Message) error {
	c.rooms.answered(m.Thread)
	return nil
}

// Typing shows in the browsers of thread, for a few seconds, that an answer is
// being written.
func (c *Chat) Typing(_ context.Context, thread string) error {
	c.rooms.typing(thread)
	return nil
}

// Draft shows the answer so far in the browsers of thread. It never blocks: a
// slow browser misses drafts, and never messages.
func (c *Chat) Draft(_ context.Context, thread, text string) error {
	c.rooms.draft(thread, text)
	return nil
}

// ServeHTTP serves the widget and its requests. Paths are relative to where the
// host mounted the chat.
func (c *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }
