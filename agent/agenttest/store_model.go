package agenttest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// runModel does random things to a Store and to a model of it that is too
// simple to be wrong, and compares what they say.
func runModel(t *testing.T, newStore func(t *testing.T) agent.Store) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{rt: rt, subject: &subject{t, newStore(t), "the Store does what the model does"}, seen: make(map[string]int)}
		// The check under "" runs after each of the others.
		rt.Repeat(map[string]func(*rapid.T){
			"":        m.check,
			"receive": m.receives,
			"claim":   m.claims,
			"commit":  m.commits,
			"speak":   m.speaks,
			"take":    m.takes,
			"settle":  m.settles,
			"release": m.releases,
			"wait":    func(rt *rapid.T) { m.now += rapid.IntRange(1, 90).Draw(rt, "seconds") },
		})
	})
}

// model is what a Store should be.
type model struct {
	*subject
	rt *rapid.T
	// Seconds, as at takes them; every time that the model draws is counted from it.
	now     int
	threads []*thread
	seen    map[string]int // thread index by message ID
	records int
	works   []agent.Work    // claimed at some time, and perhaps fenced since
	taken   []agent.Message // likewise
}

// thread is a conversation in the model. Times are seconds, as at takes them.
type thread struct {
	id       string
	epoch    int64
	answered int
	messages []agent.Message
	due      int // -1 is never
	timer    int // when due if nobody waits
	lease    held
	sending  held
}

// A held is a lease: nobody else gets the thread, or its message, before until.
type held struct {
	worker string
	until  int
}

// waits reports whether the customer wrote something not yet answered.
func (t *thread) waits() bool {
	return slices.ContainsFunc(t.messages[t.answered:], func(m agent.Message) bool { return m.Author == channel.Customer })
}

// receives draws few threads and IDs, so that repeats and bursts are common.
func (m *model) receives(rt *rapid.T) {
	in := message(rapid.SampledFrom([]string{"t", "u", "v"}).Draw(rt, "thread"), fmt.Sprint("m", rapid.IntRange(0, 30).Draw(rt, "id")), m.now)
	delay := rapid.IntRange(0, 5).Draw(rt, "delay")
	in.Due = at(m.now + delay)
	r, err := m.Receive(m.ctx(), in)
	require.NoError(rt, err)
	_, duplicate := m.seen[in.Message.ID]
	require.Equal(rt, duplicate, r.Duplicate)
	if duplicate {
		return
	}
	i := slices.IndexFunc(m.threads, func(t *thread) bool { return t.id == in.NewID })
	if i < 0 {
		i = len(m.threads)
		m.threads = append(m.threads, &thread{id: in.NewID, due: -1, timer: -1})
	}
	t := m.threads[i]
	// Only the first of a burst sets the time.
	if !t.waits() {
		t.due = m.now + delay
	}
	m.seen[in.Message.ID] = i
	m.records++
	t.messages = append(t.messages, agent.Message{Entry: channel.Entry{Seq: r.Seq, Message: in.Message}, Conversation: t.id})
}

// claims takes whatever is due. Which of several comes first is for the
// clauses to prove.
func (m *model) claims(rt *rapid.T) {
	c := claim(rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "worker"), m.now)
	w, err := m.Claim(m.ctx(), c)
	i := slices.IndexFunc(m.threads, func(t *thread) bool {
		return t.due >= 0 && t.due <= m.now && t.lease.until <= m.now && (err != nil || t.id == w.Conversation.ID)
	})
	if i < 0 {
		require.ErrorIs(rt, err, agent.ErrNothingDue)
		return
	}
	require.NoError(rt, err)
	t := m.threads[i]
	t.epoch++
	t.lease = held{c.Worker, m.now + 60}
	require.Equal(rt, t.epoch, w.Conversation.Epoch)
	require.Equal(rt, ids(t.messages[t.answered:]), ids(w.Messages))
	m.works = append(m.works, w)
}

// commits commits any work that was ever claimed, so that most are fenced.
func (m *model) commits(rt *rapid.T) {
	if len(m.works) == 0 {
		return
	}
	w := rapid.SampledFrom(m.works).Draw(rt, "work")
	t := m.threads[slices.IndexFunc(m.threads, func(t *thread) bool { return t.id == w.Conversation.ID })]
	c := agent.Commit{Conversation: w.Conversation, At: at(m.now)}
	answers := rapid.IntRange(0, 2).Draw(rt, "answers")
	for i := range answers {
		c.Messages = append(c.Messages, answer(fmt.Sprint(w.Conversation.Epoch, ".", i)))
	}
	if len(w.Messages) > 0 && rapid.Bool().Draw(rt, "answer") {
		c.Conversation.Answered = w.Messages[rapid.IntRange(0, len(w.Messages)-1).Draw(rt, "last")].Seq
	}
	timer, wait := rapid.IntRange(-1, 100).Draw(rt, "timer"), rapid.IntRange(-1, 100).Draw(rt, "wait")
	c.Conversation.Due, c.Wait = optional(m.now, timer), optional(m.now, wait)
	err := m.Commit(m.ctx(), c)
	if t.epoch != w.Conversation.Epoch {
		require.ErrorIs(rt, err, agent.ErrFenced)
		return
	}
	require.NoError(rt, err)
	t.epoch++
	t.lease = held{}
	for _, a := range c.Messages {
		a.Conversation = t.id
		t.messages = append(t.messages, a)
	}
	m.renumber(rt, t)
	t.answered = slices.IndexFunc(t.messages, func(m agent.Message) bool { return m.Seq == c.Conversation.Answered }) + 1
	t.timer = -1
	if timer >= 0 {
		t.timer = m.now + timer
	}
	if t.due = t.timer; t.waits() {
		t.due = m.now
	}
	if t.due >= 0 && wait >= 0 {
		t.due = max(t.due, m.now+wait)
	}
}

// speaks commits a message without a lease, as a person does.
func (m *model) speaks(rt *rapid.T) {
	if len(m.threads) == 0 {
		return
	}
	t := rapid.SampledFrom(m.threads).Draw(rt, "thread")
	said := answer(fmt.Sprint("said ", t.epoch))
	m.commit(agent.Commit{Conversation: m.conversation(t.id), At: at(m.now), Messages: []agent.Message{said}})
	said.Conversation = t.id
	t.messages = append(t.messages, said)
	m.renumber(rt, t)
	t.epoch++
	t.lease = held{}
	if t.due = t.timer; t.waits() {
		t.due = m.now
	}
}

// renumber takes over the Seqs that the Store has chosen.
func (m *model) renumber(rt *rapid.T, t *thread) {
	var last int64
	for i, stored := range m.messages(t.id) {
		require.Greater(rt, stored.Seq, last)
		last = stored.Seq
		t.messages[i].Seq = last
	}
}

// optional returns a time some seconds from now, zero for a negative number.
func optional(now, seconds int) time.Time {
	if seconds < 0 {
		return time.Time{}
	}
	return at(now + seconds)
}

// first returns the message of t to send next.
func (t *thread) first() *agent.Message {
	for i, m := range t.messages {
		if m.Delivery.State == agent.Pending || m.Delivery.State == agent.Sending {
			return &t.messages[i]
		}
	}
	return nil
}

// takes takes whatever is ready, likewise.
func (m *model) takes(rt *rapid.T) {
	c := claim(rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "worker"), m.now)
	got, err := m.Take(m.ctx(), c)
	i := slices.IndexFunc(m.threads, func(t *thread) bool {
		first := t.first()
		return first != nil && !first.Delivery.Next.After(at(m.now)) && t.sending.until <= m.now &&
			(err != nil || t.id == got.Conversation)
	})
	if i < 0 {
		require.ErrorIs(rt, err, agent.ErrNothingDue)
		return
	}
	require.NoError(rt, err)
	t := m.threads[i]
	want := t.first()
	want.Delivery = agent.Delivery{
		State: agent.Sending, Attempts: want.Delivery.Attempts + 1,
		Interrupted: want.Delivery.Interrupted || want.Delivery.State == agent.Sending,
	}
	t.sending = held{c.Worker, m.now + 60}
	require.Equal(rt, *want, got)
	m.taken = append(m.taken, got)
}

// settles settles any message that was ever taken, likewise.
func (m *model) settles(rt *rapid.T) {
	if len(m.taken) == 0 {
		return
	}
	got := rapid.SampledFrom(m.taken).Draw(rt, "message")
	attempts := got.Delivery.Attempts
	got.Delivery = agent.Delivery{
		State:    rapid.SampledFrom([]agent.DeliveryState{agent.Sent, agent.Failed, agent.Unknown, agent.Pending}).Draw(rt, "state"),
		Attempts: attempts, Next: optional(m.now, rapid.IntRange(-1, 50).Draw(rt, "next")),
	}
	m.ok(m.Settle(m.ctx(), got, agent.Record{At: at(m.now), Conversation: got.Conversation}))
	t := m.threads[slices.IndexFunc(m.threads, func(t *thread) bool { return t.id == got.Conversation })]
	stored := &t.messages[slices.IndexFunc(t.messages, func(o agent.Message) bool { return o.Seq == got.Seq })]
	if stored.Delivery.State == agent.Sending && stored.Delivery.Attempts == attempts {
		*stored = got
		t.sending = held{}
		m.records++
	}
}

// releases ends the leases of a worker, as a restart under its name does.
func (m *model) releases(rt *rapid.T) {
	worker := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "worker")
	m.ok(m.Release(m.ctx(), worker))
	for _, t := range m.threads {
		if t.lease.worker == worker {
			t.lease = held{}
		}
		if t.sending.worker == worker {
			t.sending = held{}
		}
	}
}

// check compares all that is stored with the model, after every action.
func (m *model) check(rt *rapid.T) {
	require.Len(rt, m.subject.records(""), m.records)
	for _, t := range m.threads {
		require.Equal(rt, t.messages, m.messages(t.id))
		require.Equal(rt, t.epoch, m.conversation(t.id).Epoch)
	}
}
