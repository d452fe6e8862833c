package livechat_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

// Events are compared byte by byte, as widgets of older releases, which
// browsers still have open, must go on reading them.
func TestStreamShowsTheConversation(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		b := w.open(token, 0)
		require.Len(t, b.events(), 2)
		require.NoError(t, w.chat.Typing(t.Context(), thread))
		b.events()
		for _, text := range []string{"It", "It takes", "It takes 3 days", "Sorry: 2 days"} {
			require.NoError(t, w.chat.Draft(t.Context(), thread, text))
			b.events()
		}
		w.desk.Pass(thread, channel.ByAgent)
		w.desk.Add(channel.Message{
			ID: "a", Thread: thread, Author: channel.Agent, From: channel.Party{ID: "secret", Name: "Ada"},
			Text: "It takes **2 days**.", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			Citations: []channel.Citation{{Source: "shipping.md", Title: "Shipping", URL: "/shipping#time", Quote: "2 days"}},
		})
		require.NoError(t, w.chat.Send(t.Context(), channel.Message{ID: "a", Thread: thread}))

		require.Equal(t, []event{
			{"2", "message", `{"seq":2,"id":"hello","author":"customer","text":"Hello","at":"2000-01-01T00:00:00Z"}`},
			{"", "owner", `{"owner":""}`},
			{"", "typing", `{}`},
			{"", "draft", `{"text":"It"}`},
			{"", "draft", `{"more":" takes"}`},
			{"", "draft", `{"more":" 3 days"}`},
			{"", "draft", `{"text":"Sorry: 2 days"}`},
			{"5", "message", `{"seq":5,"id":"a","author":"agent","name":"Ada","text":"It takes **2 days**.",` +
				`"citations":[{"title":"Shipping","url":"/shipping#time","quote":"2 days"}],"at":"2026-01-02T03:04:05Z"}`},
			{"", "owner", `{"owner":"agent"}`},
			{"", "draft", `{"text":""}`},
		}, b.events())
		require.Equal(t, "text/event-stream", b.Header().Get("Content-Type"))
		b.cancel()
	})
}

// A browser names the last Seq that it has, which is not a count of messages.
func TestStreamResumes(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		for i := range 4 {
			w.say(thread, fmt.Sprint(i), "answer")
		}
		b := w.open(token, 8)
		require.Equal(t, []int64{11, 14}, b.seqs(), "a stream goes on after the Last-Event-ID")
		b.cancel()

		require.Equal(t, http.StatusBadRequest, w.do("GET", "/events?after=x", token, "").Code)
		require.Equal(t, http.StatusBadRequest, w.do("GET", "/events?after=-1", token, "").Code)
	})
}

// A second tab begins with the whole draft, before what is added to it.
func TestStreamShowsTheDraftToLateComers(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		first := w.open(token, 0)
		first.events()
		require.NoError(t, w.chat.Draft(t.Context(), thread, "It takes"))
		late := w.open(token, 2)
		require.Equal(t, []event{{"", "owner", `{"owner":""}`}, {"", "draft", `{"text":"It takes"}`}}, late.events())
		first.cancel()
		late.cancel()
	})
}

// Only what the agent says replaces what it is saying.
func TestCustomerDoesNotEndTheDraft(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		b := w.open(token, 0)
		b.events()
		require.NoError(t, w.chat.Draft(t.Context(), thread, "It takes"))
		b.events()
		w.post(token, "2", "And how much is it?")
		last := b.events()[len(b.events())-1]
		require.Equal(t, "message", last.Type, "a draft stays when the customer goes on writing")
		b.cancel()
	})
}

// Nothing tells this replica of it, so only the poll can.
func TestStreamFindsWhatOtherReplicasSent(t *testing.T) {
	bubble(t, livechat.Config{Poll: time.Minute}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		b := w.open(token, 0)
		require.Equal(t, []int64{2}, b.seqs())
		w.desk.Add(channel.Message{ID: "a", Thread: thread, Author: channel.Agent, Text: "From elsewhere"})
		w.desk.Pass(thread, channel.ByPerson)
		elapse(time.Minute)
		require.Equal(t, []int64{2, 5}, b.seqs())
		require.Equal(t, event{"", "owner", `{"owner":"person"}`}, b.events()[3])
		b.cancel()
	})
}

func TestStreamBeats(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		b := w.open(w.visitor(), 0)
		before := len(b.events())
		size := b.size()
		elapse(time.Minute)
		require.Len(t, b.events(), before, "a heartbeat is no event")
		require.Equal(t, size+3*len(":\n\n"), b.size(), "a silent stream is written to every 20 seconds")
		b.cancel()
	})
}

// The slow one reads nothing at all until the end.
func TestSlowBrowserHoldsNobodyUp(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		slow := &tab{world: w, token: token, stuck: make(chan struct{})}
		slow.run(t.Context(), 0)
		quick := w.open(token, 0)
		for i := range 100 {
			require.NoError(t, w.chat.Draft(t.Context(), thread, fmt.Sprint("draft ", i)))
			w.say(thread, fmt.Sprint(i), "answer")
		}
		require.Len(t, quick.seqs(), 101)
		require.Empty(t, slow.seqs())
		close(slow.stuck)
		require.Len(t, slow.seqs(), 101, "a slow browser gets every message in the end")
		quick.cancel()
	})
}

func TestStreamEndsWhenTheDeskFails(t *testing.T) {
	bubble(t, livechat.Config{}, func(t *testing.T, w *world) {
		token, thread := w.meet()
		b := w.open(token, 0)
		b.events()
		w.desk.Fail(errors.New("disk full"))
		w.say(thread, "1", "answer")
		require.Equal(t, []int64{2}, b.seqs(), "nothing is shown that was not read")
		w.desk.Fail(nil)
		again := w.open(token, 2)
		require.Equal(t, []int64{5}, again.seqs(), "the browser resumes once the desk is back")
		again.cancel()
	})
}

func TestStreamsAreLimited(t *testing.T) {
	bubble(t, livechat.Config{MaxStreams: 2}, func(t *testing.T, w *world) {
		token, other := w.visitor(), w.visitor()
		tabs := []*tab{w.open(token, 0), w.open(token, 0), w.open(other, 0)}
		for _, b := range tabs {
			require.NotEmpty(t, b.events())
		}
		require.Equal(t, http.StatusTooManyRequests, w.do("GET", "/events", token, "").Code)
		tabs[0].cancel()
		tabs[0].events()
		again := w.open(token, 0)
		require.NotEmpty(t, again.events(), "a closed tab makes room")
		for _, b := range append(tabs, again) {
			b.cancel()
		}
	})
}

// Each tab shows each message exactly once and in order, however sends,
// repeats, drafts, other replicas' messages, cut connections and resumptions
// interleave.
func TestEveryTabShowsEveryMessageOnce(t *testing.T) {
	bubble(t, livechat.Config{MessagesPerMinute: 1 << 20}, func(t *testing.T, w *world) {
		// The wrapper hides T.Deadline, which a bubble forbids.
		rapid.Check(struct{ rapid.TB }{t}, func(t *rapid.T) {
			m := &model{world: w}
			m.token, m.thread = w.meet()
			t.Repeat(map[string]func(*rapid.T){
				"customer writes": m.write,
				"agent answers":   m.answer,
				"replica answers": m.answerElsewhere,
				"agent drafts":    m.draft,
				"tab opens":       m.open,
				"tab breaks":      m.cut,
				"time passes":     func(*rapid.T) { elapse(time.Second) },
			})
			m.check(t)
		})
	})
}

// A model is a conversation and the browsers that show it.
type model struct {
	world         *world
	token, thread string
	messages      int
	connected     []*follower
	cuts          []*follower
}

// A follower is one browser over all its connections.
type follower struct {
	tab  *tab
	seen []int64
}

func (f *follower) last() int64 {
	if len(f.seen) == 0 {
		return 0
	}
	return f.seen[len(f.seen)-1]
}

// write draws an ID from a few, so that some are repeats, which are accepted
// and shown once.
func (m *model) write(t *rapid.T) {
	id := rapid.IntRange(0, 5).Draw(t, "id") // repeats
	require.Equal(t, http.StatusAccepted, m.world.post(m.token, fmt.Sprint(id), "question").Code)
}

func (m *model) answer(t *rapid.T) {
	m.messages++
	for range rapid.IntRange(1, 2).Draw(t, "times") {
		m.world.say(m.thread, fmt.Sprintf("%s %d", m.thread, m.messages), "answer")
	}
}

// answerElsewhere adds to the transcript without a word to the chat.
func (m *model) answerElsewhere(*rapid.T) {
	m.messages++
	m.world.desk.Add(channel.Message{ID: fmt.Sprintf("%s %d", m.thread, m.messages), Thread: m.thread, Author: channel.Agent, Text: "answer"})
}

func (m *model) draft(t *rapid.T) {
	text := rapid.SampledFrom([]string{"", "ans", "answer"}).Draw(t, "draft")
	require.NoError(t, m.world.chat.Draft(m.world.ctx, m.thread, text))
}

// open lets a tab that was cut off resume, if there is one.
func (m *model) open(t *rapid.T) {
	f := &follower{}
	if n := len(m.cuts); n > 0 {
		f, m.cuts = m.cuts[n-1], m.cuts[:n-1]
	} else if len(m.connected) > 3 {
		return
	}
	f.tab = m.world.open(m.token, f.last())
	m.connected = append(m.connected, f)
}

// cut notes what the tab has shown, which must not be shown again.
func (m *model) cut(t *rapid.T) {
	if len(m.connected) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.connected)-1).Draw(t, "tab")
	f := m.connected[i]
	f.tab.cancel()
	f.seen = append(f.seen, f.tab.seqs()...)
	m.connected = slices.Delete(m.connected, i, i+1)
	m.cuts = append(m.cuts, f)
}

// check lets everybody come back, and compares with the desk.
func (m *model) check(t *rapid.T) {
	for len(m.cuts) > 0 {
		m.open(t)
	}
	elapse(time.Minute) // several polls
	var want []int64
	for e, err := range m.world.desk.Transcript(m.world.ctx, "", m.thread, 0) {
		require.NoError(t, err)
		want = append(want, e.Seq)
	}
	for _, f := range m.connected {
		require.Equal(t, want, append(f.seen, f.tab.seqs()...), "a tab shows every message once, in order")
		f.tab.cancel()
	}
}
