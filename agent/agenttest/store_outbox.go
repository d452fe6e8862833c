package agenttest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

// outboxClauses are the contract of Outbox.
func outboxClauses() []clause {
	return []clause{
		{"Take returns a pending message as Sending with Attempts raised", takes},
		{"Take returns ErrNothingDue when nothing is to be delivered", nothingToTake},
		{"the messages of one conversation are taken in order, each when the one before is final", takesInOrder},
		{"a message that is not final blocks no other conversation", blocksOnlyItsOwn},
		{"Take returns the oldest message first", oldestFirst},
		{"a message is not taken before its Next", takesAtNext},
		{"a message under a lease is not taken", takesUnderLease},
		{"a commit leaves the lease on a message as it is", commitsWhileSending},
		{"a message whose lease has ended is taken again, as Interrupted", takesInterrupted},
		{"Settle stores the outcome with its record", storesOutcome},
		{"Settle does nothing if the message is no longer sending at these Attempts", fencesSettle},
		{"Take takes only messages of its Channels", takesChannels},
		{"of many that take at once each gets a message of its own", takesAtOnce},
	}
}

// takes reads the archive too: the intent to send is stored before the sending.
func takes(s *subject) {
	c := s.converse("t", 0, answer("a"))
	want := answer("a")
	want.Seq, want.Conversation = 2, c.ID
	want.Seq = s.messages(c.ID)[1].Seq
	want.Delivery = agent.Delivery{State: agent.Sending, Attempts: 1}
	s.equal(want, s.take(claim("w", 0)))
	s.equal(want, s.messages(c.ID)[1])
}

// nothingToTake has a message that was sent and one that is no delivery at all.
func nothingToTake(s *subject) {
	s.notReady(claim("w", 1000))
	sent, foreign := answer("a"), answer("b")
	sent.Delivery.State = agent.Sent
	foreign.Delivery = agent.Delivery{}
	s.converse("t", 0, sent, foreign)
	s.notReady(claim("w", 1000))
}

// takesInOrder ends messages in each of the states that are final.
func takesInOrder(s *subject) {
	c := s.converse("t", 0, answer("a"), answer("b"))
	s.commit(agent.Commit{Conversation: c, At: at(1), Messages: []agent.Message{answer("c"), answer("d")}})
	for i, state := range []agent.DeliveryState{agent.Sent, agent.Failed, agent.Unknown, agent.Sent} {
		m := s.take(claim("w", 2+i))
		s.equal([]string{"a", "b", "c", "d"}[i], m.ID)
		s.notReady(claim("w", 2+i))
		s.settle(m, state, 2+i)
		s.equal(state, s.messages(c.ID)[i+1].Delivery.State)
	}
	s.notReady(claim("w", 1000))
}

// blocksOnlyItsOwn has a provider ask for a long pause.
func blocksOnlyItsOwn(s *subject) {
	s.converse("t", 0, answer("a"), answer("b"))
	s.converse("u", 1, answer("c"))
	m := s.take(claim("w", 2))
	m.Delivery.Next = at(1000)
	s.settle(m, agent.Pending, 3)
	s.equal("c", s.take(claim("w", 4)).ID)
	s.notReady(claim("w", 5))
}

// oldestFirst names conversations against the order of time. A message becomes
// ready when it was stored, not when the one before it ended.
func oldestFirst(s *subject) {
	s.converse("z", 0, answer("1"), answer("3"))
	s.converse("b", 1, answer("2"))
	c := s.conversation("conversation z")
	s.commit(agent.Commit{Conversation: c, At: at(2), Messages: []agent.Message{answer("4")}})
	s.converse("a", 3, answer("5"))
	m := s.take(claim("w", 4))
	s.equal("1", m.ID)
	s.settle(m, agent.Sent, 4)
	m = s.take(claim("w", 5))
	s.equal("3", m.ID)
	s.settle(m, agent.Sent, 5)
	for _, id := range []string{"2", "4", "5"} {
		s.equal(id, s.take(claim("w", 6)).ID)
	}
}

// takesAtNext has a first attempt that waits, and a further one.
func takesAtNext(s *subject) {
	later := answer("a")
	later.Delivery.Next = at(10)
	s.converse("t", 0, later)
	s.notReady(claim("w", 9))
	m := s.take(claim("w", 10))
	m.Delivery.Next = at(20)
	s.settle(m, agent.Pending, 11)
	s.notReady(claim("w", 19))
	s.equal(2, s.take(claim("w", 20)).Delivery.Attempts)
}

// takesUnderLease tries the holder of the lease as well.
func takesUnderLease(s *subject) {
	s.converse("t", 0, answer("a"))
	s.take(claim("w", 0))
	s.notReady(claim("w", 59))
	s.notReady(claim("v", 59))
}

// commitsWhileSending adds a message behind the one under way, which a Store
// that finds the first message anew might hand out again.
func commitsWhileSending(s *subject) {
	c := s.converse("t", 0, answer("a"))
	m := s.take(claim("w", 1))
	s.commit(agent.Commit{Conversation: c, At: at(2), Messages: []agent.Message{answer("b")}})
	s.notReady(claim("v", 3))
	s.settle(m, agent.Sent, 4)
	s.equal("b", s.take(claim("v", 5)).ID)
}

// takesInterrupted lets the worker die between Take and Settle: whether the
// customer has the message nobody knows, and the next worker must know that.
func takesInterrupted(s *subject) {
	c := s.converse("t", 0, answer("a"), answer("b"))
	s.take(claim("w", 0))
	m := s.take(claim("v", 60))
	s.equal("a", m.ID)
	s.equal(agent.Delivery{State: agent.Sending, Attempts: 2, Interrupted: true}, m.Delivery)
	s.equal(m.Delivery, s.messages(c.ID)[1].Delivery)
}

// storesOutcome settles for another attempt, with all that a Delivery holds, and
// then for good.
func storesOutcome(s *subject) {
	c := s.converse("t", 0, answer("a"))
	m := s.take(claim("w", 0))
	m.Delivery = agent.Delivery{
		State: agent.Pending, Attempts: 1, Next: at(5), Interrupted: true, Detail: "the provider says: später",
	}
	r := agent.Record{At: at(1), Conversation: c.ID, Kind: agent.MessageDelivered, Actor: "agent", Detail: "pending"}
	s.ok(s.Settle(s.ctx(), m, r))
	s.equal(m, s.messages(c.ID)[1])
	records := s.records(c.ID)
	require.Len(s.t, records, 2, s.says)
	r.Seq = records[1].Seq
	require.Greater(s.t, r.Seq, records[0].Seq, s.says)
	s.equal(r, records[1])

	m = s.take(claim("w", 5))
	m.Delivery = agent.Delivery{State: agent.Sent, Attempts: 2}
	s.ok(s.Settle(s.ctx(), m, r))
	s.equal(m, s.messages(c.ID)[1])
	require.Len(s.t, s.records(c.ID), 3, s.says)
}

// fencesSettle settles what was never taken, what another worker has taken
// since, what a customer wrote, what does not exist, and what is final.
func fencesSettle(s *subject) {
	c := s.converse("t", 0, answer("a"))
	never := s.messages(c.ID)[1]
	s.settle(never, agent.Sent, 0)
	s.equal(never, s.messages(c.ID)[1])

	late := s.take(claim("v", 0))
	m := s.take(claim("w", 60))
	before := s.all()
	s.settle(late, agent.Failed, 61)
	customers := s.messages(c.ID)[0]
	s.settle(customers, agent.Failed, 61)
	unknown := m
	unknown.Seq = 1000
	s.settle(unknown, agent.Failed, 61)
	unknown = m
	unknown.Conversation = "unknown"
	s.settle(unknown, agent.Failed, 61)
	s.equal(before, s.all())
	s.notReady(claim("w", 62))

	s.settle(m, agent.Sent, 63)
	before = s.all()
	s.settle(m, agent.Failed, 64)
	s.equal(before, s.all())
}

// takesChannels has the older message on a channel that nobody asks for.
func takesChannels(s *subject) {
	in := message("t", "m", 0)
	in.Channel = "another"
	r := s.receive(in)
	c := s.conversation(r.Conversation)
	s.commit(agent.Commit{Conversation: c, At: at(0), Messages: []agent.Message{answer("a")}})
	s.converse("u", 1, answer("b"))
	s.equal("b", s.take(claim("w", 2)).ID)
	s.notReady(claim("w", 2))
	all := claim("w", 2)
	all.Channels = append(all.Channels, "another")
	s.equal("a", s.take(all).ID)
	all.Channels = nil
	s.notReady(all)
}

// takesAtOnce has more workers than conversations, and a second message in each
// that must wait.
func takesAtOnce(s *subject) {
	const n = 20
	for i := range n {
		s.converse(fmt.Sprint(i), 0, answer(fmt.Sprint(i)), answer(fmt.Sprint("after ", i)))
	}
	messages, errs := together(n+5, func(i int) (agent.Message, error) {
		return s.Take(s.ctx(), claim(fmt.Sprint(i%3), 1))
	})
	s.equal(5, failed(errs))
	seen := make(map[string]bool)
	for i, m := range messages {
		if errs[i] != nil {
			s.is(errs[i], agent.ErrNothingDue)
			continue
		}
		require.False(s.t, seen[m.ID], s.says)
		seen[m.ID] = true
		s.equal(1, m.Delivery.Attempts)
	}
}
