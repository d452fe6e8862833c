package console_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// approving runs test inside a bubble with an agent whose drafts wait.
func approving(t *testing.T, test func(t *testing.T, d *desk)) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, agent.Config{Settings: agent.Settings{Mode: agent.Approve, Undisclosed: true}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Run(ctx) }()
		synctest.Wait()
		test(t, d)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}

// draft returns the form of the draft that waits, as the page fills it in.
func (d *desk) draft(id string) url.Values {
	d.t.Helper()
	c, err := d.Conversation(d.t.Context(), id)
	require.NoError(d.t, err)
	require.NotNil(d.t, c.Memory.Draft)
	return url.Values{"turn": {c.Memory.Draft.Turn}, "text": {c.Memory.Draft.Text}}
}

func TestADraftIsSentEditedOrDropped(t *testing.T) {
	approving(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{Name: "Ann"}, "How do I return it?")
		page := "/conversations/" + id
		require.Contains(t, d.get("/"), "Draft to send")
		shown := d.get(page)
		require.Contains(t, shown, "You can return an item within 30 days.")
		require.Contains(t, shown, "Waiting for a person")
		require.NotContains(t, shown, `id="return"`)
		form := d.draft(id)
		form.Set("text", "Within\r\n30 days.")
		require.Equal(t, page+"#reply", d.post(page+"/send", form))
		d.pass(time.Second)
		require.Equal(t, "Within\n30 days.", d.chat.Sent()[0].Text)
		require.Equal(t, channel.ByAgent, d.owner(id))
		require.NotContains(t, d.get(page), `id="send"`)

		for _, path := range []string{"/send", "/drop"} {
			w := d.do(http.MethodPost, page+path, form)
			require.Equal(t, http.StatusConflict, w.Code, "it was sent already")
			require.Contains(t, w.Body.String(), "waits no longer")
			require.Equal(t, http.StatusBadRequest, d.do(http.MethodPost, page+path, nil).Code)
		}
		d.write("t", channel.Party{Name: "Ann"}, "And how do I return two of them?")
		require.Equal(t, page+"#reply", d.post(page+"/drop", d.draft(id)))
		require.Equal(t, channel.ByPerson, d.owner(id))
		d.pass(time.Minute)
		require.Len(t, d.chat.Sent(), 1)
	})
}

func TestSuggestsAReply(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{}, "I want to talk to a human")
		form := d.form(id, "")
		path := "/conversations/" + id + "/suggest"
		w := d.do(http.MethodPost, path, form)
		require.Equal(t, http.StatusOK, w.Code)
		require.Contains(t, w.Body.String(), "no answer to suggest")

		d.write("t", channel.Party{}, "How do I return it?")
		for typed, want := range map[string]string{"": "", "Dear Ann,": "Dear Ann,\n\n"} {
			form.Set("text", typed)
			w = d.do(http.MethodPost, path, form)
			require.Contains(t, w.Body.String(), want+"Here&#39;s what I found")
			require.Contains(t, w.Body.String(), form.Get("message"), "the form stays the same message")
		}
		require.Equal(t, channel.Queued, d.owner(id))
		require.Empty(t, d.said())
		require.Equal(t, http.StatusNotFound, d.do(http.MethodPost, "/conversations/nobodys/suggest", form).Code)
	})
}
