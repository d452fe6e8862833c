package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/console"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// shelf is a Retriever of one page, which answers what has "return" in it.
type shelf struct{ url string }

func (s shelf) Retrieve(_ context.Context, q retrieval.Query) (retrieval.Result, error) {
	if !strings.Contains(q.Text, "return") {
		return retrieval.Result{}, nil
	}
	text := "You can return an item within 30 days."
	return retrieval.Result{Answerable: .9, Hits: []retrieval.Hit{{
		Passage: retrieval.Passage{ID: "returns#1", Document: "returns.md", Title: "Returns & refunds", URL: s.url, Text: text},
		Score:   .9, Spans: []retrieval.Span{{Start: 0, End: len(text)}},
	}}}, nil
}

// desk is a console over an agent in virtual time, with one channel.
type desk struct {
	*agent.Agent
	t       *testing.T
	chat    *channel.Memory
	console http.Handler
	person  string
	number  int
}

// opened runs test inside a bubble with an agent that Runs.
func opened(t *testing.T, test func(t *testing.T, d *desk)) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, agent.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Run(ctx) }()
		synctest.Wait()
		test(t, d)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}

func newDesk(t *testing.T, cfg agent.Config) *desk {
	d := &desk{t: t, person: "Mia", chat: channel.NewMemory("chat", channel.Capabilities{Links: true})}
	cfg.Channels = []channel.Channel{d.chat}
	if cfg.Knowledge == nil {
		cfg.Knowledge = shelf{url: "https://help.example.com/returns"}
	}
	cfg.Router = handoff.RouterFunc(func(_ context.Context, p handoff.Packet) (handoff.Assignment, error) {
		teams := map[handoff.Reason]string{handoff.CustomerRequest: "Support"}
		return handoff.Assignment{Team: teams[p.Reason]}, nil
	})
	var err error
	d.Agent, err = agent.New(cfg)
	require.NoError(t, err)
	d.console, err = console.New(console.Config{Agent: d.Agent, Person: func(*http.Request) string { return d.person }})
	require.NoError(t, err)
	return d
}

// write lets a customer write, and returns the conversation once the agent has
// nothing more to do.
func (d *desk) write(thread string, from channel.Party, text string) string {
	d.t.Helper()
	d.number++
	m := channel.Message{ID: fmt.Sprint(d.number), Thread: thread, From: from, Text: text}
	require.NoError(d.t, d.chat.Deliver(d.t.Context(), m))
	d.pass(2 * time.Second)
	for c, err := range d.Archive().Conversations(d.t.Context(), agent.Filter{Channel: "chat", Thread: thread}) {
		require.NoError(d.t, err)
		return c.ID
	}
	require.Fail(d.t, "no conversation")
	return ""
}

// store stores n messages of a thread, which nobody deals with.
func (d *desk) store(thread string, n int) {
	d.t.Helper()
	for range n {
		d.number++
		m := channel.Message{ID: fmt.Sprint(d.number), Thread: thread, Text: fmt.Sprintf("Message %d.", d.number)}
		require.NoError(d.t, d.Receive(d.t.Context(), agent.Direct, m))
	}
}

// pass lets time pass.
func (d *desk) pass(t time.Duration) {
	<-time.After(t) // of the bubble's clock
	synctest.Wait()
}

// do serves a request as a browser on the same origin makes it.
func (d *desk) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	d.console.ServeHTTP(w, r)
	return w
}

// get returns a page that is there.
func (d *desk) get(path string) string {
	d.t.Helper()
	w := d.do(http.MethodGet, path, nil)
	require.Equal(d.t, http.StatusOK, w.Code, "%s", w.Body)
	return w.Body.String()
}

var messageID = regexp.MustCompile(`name="message" value="([^"]+)"`)

// form returns the form of a conversation's page, filled in.
func (d *desk) form(id, text string) url.Values {
	d.t.Helper()
	found := messageID.FindStringSubmatch(d.get("/conversations/" + id))
	require.NotNil(d.t, found, "the form names its message")
	return url.Values{"message": {found[1]}, "text": {text}}
}

// post submits a form and returns where it leads.
func (d *desk) post(path string, form url.Values) string {
	d.t.Helper()
	w := d.do(http.MethodPost, path, form)
	require.Equal(d.t, http.StatusSeeOther, w.Code, "%s", w.Body)
	to, err := (&url.URL{Path: path}).Parse(w.Header().Get("Location"))
	require.NoError(d.t, err)
	return to.String()
}

func (d *desk) owner(id string) channel.Owner {
	d.t.Helper()
	c, err := d.Conversation(d.t.Context(), id)
	require.NoError(d.t, err)
	return c.Owner
}

// said returns what people told the customers.
func (d *desk) said() []string {
	var texts []string
	for _, m := range d.chat.Sent() {
		if m.Author == channel.Person {
			texts = append(texts, m.From.Name+": "+m.Text)
		}
	}
	return texts
}
