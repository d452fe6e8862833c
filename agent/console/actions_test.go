package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestAPersonTakesRepliesReturnsAndCloses(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{Name: "Ann"}, "I want to talk to a human")
		page := "/conversations/" + id
		require.Equal(t, channel.Queued, d.owner(id))

		require.Equal(t, page+"#reply", d.post(page+"/take", nil))
		require.Equal(t, channel.ByPerson, d.owner(id))
		require.Contains(t, d.get(page), "With Mia")

		require.Equal(t, page+"#reply", d.post(page+"/reply", d.form(id, "Hello Ann,\r\nI am here.\r\n")))
		d.pass(time.Second)
		require.Equal(t, []string{"Mia: Hello Ann,\nI am here."}, d.said())
		require.Contains(t, d.get(page), "Hello Ann,\nI am here.")

		require.Equal(t, page, d.post(page+"/return", nil))
		require.Equal(t, channel.ByAgent, d.owner(id))
		require.NotContains(t, d.get(page), "Why a person is needed")

		require.Equal(t, "/", d.post(page+"/close", nil))
		require.Equal(t, channel.Closed, d.owner(id))
		require.NotContains(t, d.get(page), `id="close"`)
	})
}

func TestAFormSentTwiceSaysItOnce(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{}, "I want to talk to a human")
		page, form := "/conversations/"+id, d.form(id, "Hello")
		for range 3 {
			require.Equal(t, page+"#reply", d.post(page+"/reply", form))
		}
		d.pass(time.Second)
		require.Equal(t, []string{"Mia: Hello"}, d.said())

		d.post(page+"/reply", d.form(id, "Hello"))
		d.pass(time.Second)
		require.Equal(t, []string{"Mia: Hello", "Mia: Hello"}, d.said(), "a new form is a new message")
	})
}

func TestAFormCannotNameAMessageOfTheCustomer(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{}, "I want to talk to a human")
		d.post("/conversations/"+id+"/reply", url.Values{"message": {"1"}, "text": {"Hello"}})
		d.pass(time.Second)
		require.Equal(t, []string{"Mia: Hello"}, d.said())
	})
}

func TestRepliesThatCannotBeSent(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{}, "I want to talk to a human")
		for name, tt := range map[string]struct {
			path string
			form url.Values
			code int
			says string
		}{
			"no text":       {id, url.Values{"message": {"a"}}, 422, "Write your answer first"},
			"only spaces":   {id, url.Values{"message": {"a"}, "text": {" \r\n\t"}}, 422, "Write your answer first"},
			"no id":         {id, url.Values{"text": {"Hello"}}, 400, "did not arrive whole"},
			"a huge id":     {id, url.Values{"message": {strings.Repeat("a", 65)}, "text": {"Hello"}}, 400, "did not arrive whole"},
			"a huge text":   {id, url.Values{"message": {"a"}, "text": {strings.Repeat("a", 1<<19)}}, 413, "too long"},
			"nobody's":      {"unknown", url.Values{"message": {"a"}, "text": {"Hello"}}, 404, "no such conversation"},
			"empty, nobody": {"unknown", url.Values{"message": {"a"}}, 404, "no such conversation"},
		} {
			w := d.do("POST", "/conversations/"+tt.path+"/reply", tt.form)
			require.Equal(t, tt.code, w.Code, name)
			require.Contains(t, w.Body.String(), tt.says, name)
		}
		d.pass(time.Second)
		require.Empty(t, d.said())
		require.Equal(t, channel.Queued, d.owner(id))
	})
}

// full is a store that takes no commits.
type full struct {
	*agent.MemoryStore
	on bool
}

func (s *full) Commit(ctx context.Context, c agent.Commit) error {
	if s.on {
		return errDisk
	}
	return s.MemoryStore.Commit(ctx, c)
}

func TestAReplyThatIsNotStoredStaysInItsForm(t *testing.T) {
	store := &full{MemoryStore: agent.NewMemoryStore()}
	d := newDesk(t, agent.Config{Store: store})
	turn, err := d.Reply(t.Context(), channel.Message{Text: "How do I return it?"})
	require.NoError(t, err)
	form := d.form(turn.Conversation, "Hello <there>")
	store.on = true

	w := d.do("POST", "/conversations/"+turn.Conversation+"/reply", form)
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.Contains(t, w.Body.String(), "Hello &lt;there&gt;</textarea>")
	require.Contains(t, w.Body.String(), "was not sent")
	require.Contains(t, w.Body.String(), form.Get("message"), "the next attempt is the same message")
	require.NotContains(t, w.Body.String(), "sda1")
	require.Contains(t, w.Body.String(), `action="../../conversations/`+turn.Conversation+`/reply"`)
}
