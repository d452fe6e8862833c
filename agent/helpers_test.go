package agent

import (
	"context"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shelf is a Retriever that finds its pages by a word of the question.
type shelf map[string]retrieval.Result

func (s shelf) Retrieve(_ context.Context, q retrieval.Query) (retrieval.Result, error) {
	for word, r := range s {
		if strings.Contains(strings.ToLower(q.Text), word) {
			return r, nil
		}
	}
	return retrieval.Result{}, nil
}

// page is a result of one passage.
func page(answerable float64, title, text string) retrieval.Result {
	return retrieval.Result{Answerable: answerable, Hits: []retrieval.Hit{{
		Passage: retrieval.Passage{
			ID: title + "#1", Document: strings.ToLower(title) + ".md", Title: title,
			URL: "https://help.example.com/" + strings.ToLower(title), Anchor: "time", Text: text,
		},
		Score: 1, Spans: []retrieval.Span{{Start: 0, End: len(text)}},
	}}}
}

var pages = shelf{
	"return":  page(.9, "Returns", "You can return an item within 30 days."),
	"ship":    page(.4, "Shipping", "We ship to 12 countries."),
	"warrant": page(.1, "Warranty", "Bikes have a warranty."),
}

// says is a Model that writes the given texts, one a call, and the last again.
func says(texts ...string) Model {
	return ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		text := texts[min(len(r.Results), len(texts)-1)]
		return func(yield func(Delta, error) bool) { yield(Delta{Text: text}, nil) }
	})
}

// desk is an agent in virtual time with one channel, and what its tests do.
type desk struct {
	*Agent
	t      *testing.T
	chat   *channel.Memory
	number int
}

// opened runs test inside a bubble with an agent that Runs.
func opened(t *testing.T, cfg Config, test func(d *desk)) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{t: t, chat: channel.NewMemory("chat", channel.Capabilities{Idempotent: true, Links: true})}
		cfg.Settings.Undisclosed = !cfg.Settings.Undisclosed // most tests are of what comes behind it
		if cfg.Knowledge == nil {
			cfg.Knowledge = pages
		}
		if cfg.Channels == nil {
			cfg.Channels = []Channel{d.chat}
		}
		a, err := New(cfg)
		require.NoError(t, err)
		d.Agent = a
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		synctest.Wait()
		test(d)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}

// write lets a customer write, and waits until the agent has nothing to do.
func (d *desk) write(thread string, texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		d.number++
		m := channel.Message{ID: time.Now().Format("150405.") + string(rune('a'+d.number)), Thread: thread, Text: text}
		require.NoError(d.t, d.chat.Deliver(d.t.Context(), m))
	}
	d.pass(2 * time.Second)
}

// pass lets time pass.
func (d *desk) pass(t time.Duration) {
	_ = sleep(d.t.Context(), t) // of the bubble's clock
	synctest.Wait()
}

// heard returns the texts that the customers got.
func (d *desk) heard() []string {
	var texts []string
	for _, m := range d.chat.Sent() {
		texts = append(texts, m.Text)
	}
	return texts
}

// conversation returns that of a thread.
func (d *desk) conversation(thread string) Conversation {
	d.t.Helper()
	c, err := d.thread(d.t.Context(), "chat", thread)
	require.NoError(d.t, err)
	return c
}

// turns returns the decisions made in a thread.
func (d *desk) turns(thread string) []Turn {
	d.t.Helper()
	return collect(d.t, d.Archive().Turns(d.t.Context(), d.conversation(thread).ID))
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		require.NoError(t, err)
		all = append(all, v)
	}
	return all
}
