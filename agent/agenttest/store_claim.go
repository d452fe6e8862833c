package agenttest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

// claimClauses are the contract of Mailbox.Claim and Mailbox.Release.
func claimClauses() []clause {
	return []clause{
		{"Claim returns ErrNothingDue when there is nothing to do", nothingDue},
		{"Claim takes the conversation that has been due longest", longestDueFirst},
		{"Claim raises the Epoch", raisesEpoch},
		{"a conversation under a lease is not claimed by anybody", leaseExcludes},
		{"a lease that has ended passes to another worker, and the former is fenced", leaseEnds},
		{"a claimed conversation that nobody commits stays due", staysDue},
		{"Claim by Conversation takes that one, due or not, of any channel", claimsByName},
		{"Claim takes only conversations of its Channels", claimsChannels},
		{"Claim returns the Recent messages, then all after Answered, in order", returnsRecent},
		{"of many claims at once each gets a conversation of its own", claimsAtOnce},
		{"Release ends the leases of a worker and of nobody else", releases},
	}
}

// nothingDue asks an empty Store, and one in which all is answered, much later.
func nothingDue(s *subject) {
	s.notDue(claim("w", 0))
	s.converse("t", 0)
	s.notDue(claim("w", 1000))
}

// longestDueFirst receives in another order than it makes due.
func longestDueFirst(s *subject) {
	for i, due := range []int{3, 1, 2} {
		in := message(fmt.Sprint(due), fmt.Sprint(due), i)
		in.Due = at(due)
		s.receive(in)
	}
	for _, want := range []string{"1", "2", "3"} {
		s.equal(want, s.claim(claim("w", 10)).Conversation.Thread)
	}
	s.notDue(claim("w", 10))
}

// raisesEpoch compares with the archive too: the Epoch must have been stored.
func raisesEpoch(s *subject) {
	s.receive(message("t", "m", 0))
	before := s.conversation("conversation t").Epoch
	w := s.claim(claim("w", 0))
	s.equal(before+1, w.Conversation.Epoch)
	s.equal(w.Conversation, s.conversation(w.Conversation.ID))
}

// leaseExcludes tries the holder as well, and by name: a lease is not a matter
// of who asks, and a further message does not end it.
func leaseExcludes(s *subject) {
	s.receive(message("t", "1", 0))
	s.claim(claim("w", 0))
	s.receive(message("t", "2", 1))
	for _, worker := range []string{"w", "v"} {
		s.notDue(claim(worker, 59))
		c := claim(worker, 59)
		c.Conversation = "conversation t"
		s.notDue(c)
	}
}

// leaseEnds has the former worker come back, late and with everything done.
func leaseEnds(s *subject) {
	s.receive(message("t", "m", 0))
	late := s.claim(claim("v", 0))
	next := s.claim(claim("w", 60))
	s.equal(late.Conversation.ID, next.Conversation.ID)
	s.equal(late.Messages, next.Messages)
	s.is(s.Commit(s.ctx(), agent.Commit{Conversation: late.Conversation, At: at(61)}), agent.ErrFenced)
	s.commit(agent.Commit{Conversation: next.Conversation, At: at(62)})
}

// staysDue lets every worker die.
func staysDue(s *subject) {
	s.receive(message("t", "m", 0))
	for i := range 5 {
		s.equal("m", s.claim(claim("w", i*60)).Messages[0].ID)
	}
}

// claimsByName takes one that is not due and of a channel that is not asked for,
// one without anything to answer, and one that does not exist.
func claimsByName(s *subject) {
	in := message("t", "m", 0)
	in.Channel, in.Due = "another", at(100)
	s.receive(in)
	c := claim("w", 0)
	c.Conversation = in.NewID
	s.equal(in.NewID, s.claim(c).Conversation.ID)

	done := s.converse("u", 0)
	c.Conversation = done.ID
	w := s.claim(c)
	s.equal(done.Epoch+1, w.Conversation.Epoch)
	require.Empty(s.t, w.Messages, s.says)

	c.Conversation = "unknown"
	_, err := s.Claim(s.ctx(), c)
	s.is(err, agent.ErrNotFound)
}

// claimsChannels asks for none first: nil is not all.
func claimsChannels(s *subject) {
	for i, name := range []string{"one", "two", "three"} {
		in := message(name, name, i)
		in.Channel = name
		s.receive(in)
	}
	c := claim("w", 10)
	c.Channels = nil
	s.notDue(c)
	c.Channels = []string{"three", "two"}
	s.equal("two", s.claim(c).Conversation.Channel)
	s.equal("three", s.claim(c).Conversation.Channel)
	s.notDue(c)
	c.Channels = []string{"one"}
	s.equal("one", s.claim(c).Conversation.Channel)
}

// returnsRecent has messages of both sides on both sides of Answered, and asks
// for more than there are.
func returnsRecent(s *subject) {
	c := s.converse("t", 0, answer("a1"), answer("a2"))
	s.receive(message("t", "2", 1))
	s.commit(agent.Commit{Conversation: c, At: at(2), Messages: []agent.Message{answer("a3")}})
	s.receive(message("t", "3", 3))
	for i, want := range [][]string{
		{"a1", "a2", "2", "a3", "3"},
		{"t asks", "a1", "a2", "2", "a3", "3"},
		{"t asks", "a1", "a2", "2", "a3", "3"},
	} {
		c := claim("w", (i+1)*60)
		c.Recent = i
		s.equal(want, ids(s.claim(c).Messages))
	}
}

// claimsAtOnce has more workers than conversations, and few names for them.
func claimsAtOnce(s *subject) {
	const n = 20
	for i := range n {
		s.receive(message(fmt.Sprint(i), fmt.Sprint(i), 0))
	}
	works, errs := together(n+5, func(i int) (agent.Work, error) {
		return s.Claim(s.ctx(), claim(fmt.Sprint(i%3), 1))
	})
	seen := make(map[string]bool)
	for i, w := range works {
		if errs[i] != nil {
			s.is(errs[i], agent.ErrNothingDue)
			continue
		}
		require.False(s.t, seen[w.Conversation.ID], s.says)
		seen[w.Conversation.ID] = true
	}
	require.Len(s.t, seen, n, s.says)
}

// releases ends only the leases of the one that was killed. Its delivery may
// have happened, and so is Interrupted.
func releases(s *subject) {
	s.converse("sent", 0, answer("a"))
	s.converse("sent too", 1, answer("b"))
	s.take(claim("killed", 2))
	s.take(claim("alive", 2))
	s.receive(message("t", "1", 3))
	s.receive(message("u", "2", 4))
	s.claim(claim("killed", 5))
	s.claim(claim("alive", 5))

	s.ok(s.Release(s.ctx(), "killed"))
	s.equal("t", s.claim(claim("w", 6)).Conversation.Thread)
	s.notDue(claim("w", 6))
	m := s.take(claim("w", 6))
	s.equal("a", m.ID)
	s.equal(true, m.Delivery.Interrupted)
	s.notReady(claim("w", 6))
	s.ok(s.Release(s.ctx(), "nobody"))
}
