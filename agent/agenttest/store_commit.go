package agenttest

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// commitClauses are the contract of Mailbox.Commit.
func commitClauses() []clause {
	return []clause{
		{"Commit stores the conversation with its Epoch raised, messages with new Seqs, turn and records", storesCommit},
		{"Commit ends the lease", endsLease},
		{"a conversation without waiting messages is due at Conversation.Due", dueAtTimer},
		{"a message that came during the lease makes the conversation due at once", dueAtOnce},
		{"messages that were not answered keep the conversation due", unansweredStaysDue},
		{"a conversation is in no case due before Commit.Wait", dueAfterWait},
		{"a commit from an Epoch that has passed returns ErrFenced and stores nothing at all", fences},
		{"of many commits from one Epoch at once, one succeeds", fencesAtOnce},
		{"whoever commits without a lease fences the worker that has one", fencesWorker},
		{"a commit with a known message ID returns ErrDuplicate and stores nothing at all", refusesDuplicate},
		{"a message ID is known in its own conversation only", idsArePerConversation},
		{"a commit to an unknown conversation returns ErrNotFound", unknownConversation},
	}
}

// storesCommit brings one of everything, and reads all of it back.
func storesCommit(s *subject) {
	s.receive(message("t", "m", 0))
	c := s.claim(claim("w", 0)).Conversation
	c.Owner, c.Team, c.Answered, c.Due, c.ActiveAt = channel.ByAgent, "sales", 1, at(500), at(2)
	a, b := answer("a"), answer("b")
	b.Delivery.State = agent.Sent
	turn := agent.Turn{ID: "turn", Conversation: c.ID, Question: "m", First: 1, Last: 1, Started: at(1), Ended: at(2)}
	records := []agent.Record{
		{At: at(2), Conversation: c.ID, Kind: agent.TurnCommitted, Actor: "agent", Detail: "one"},
		{At: at(2), Conversation: c.ID, Kind: agent.HandedOver, Actor: "agent", Detail: "two"},
	}
	s.commit(agent.Commit{
		Conversation: c, At: at(2), Messages: []agent.Message{a, b}, Turn: &turn, Records: records,
	})

	c.Epoch++
	s.equal(c, s.conversation(c.ID))
	messages := s.messages(c.ID)
	s.equal([]string{"m", "a", "b"}, ids(messages))
	a.Seq, a.Conversation, b.Seq, b.Conversation = messages[1].Seq, c.ID, messages[2].Seq, c.ID
	require.Greater(s.t, a.Seq, messages[0].Seq, s.says)
	require.Greater(s.t, b.Seq, a.Seq, s.says)
	s.equal([]agent.Message{a, b}, messages[1:])
	s.equal([]agent.Turn{turn}, collect(s, s.Turns(s.ctx(), c.ID)))
	stored := s.records(c.ID)[1:]
	require.Len(s.t, stored, 2, s.says)
	require.Greater(s.t, stored[1].Seq, stored[0].Seq, s.says)
	records[0].Seq, records[1].Seq = stored[0].Seq, stored[1].Seq
	s.equal(records, stored)
}

// endsLease claims within the time of the lease.
func endsLease(s *subject) {
	c := s.converse("t", 0)
	w := claim("v", 1)
	w.Conversation = c.ID
	s.equal(c.Epoch+1, s.claim(w).Conversation.Epoch)
}

// dueAtTimer has a message come while the claim that the timer caused is under
// way: it is claimed when the lease has ended.
func dueAtTimer(s *subject) {
	c := s.converse("t", 0)
	s.notDue(claim("w", 1_000_000))
	c.Due = at(50)
	s.commit(agent.Commit{Conversation: c, At: at(1)})
	s.notDue(claim("w", 49))
	w := s.claim(claim("w", 50))
	s.equal(at(50), w.Conversation.Due)
	require.Empty(s.t, w.Messages, s.says)
	s.receive(message("t", "during", 51))
	s.notDue(claim("w", 52))
	s.equal(1, len(s.claim(claim("w", 120)).Messages))
}

// dueAtOnce has a commit that knows nothing of the message, and a timer and a
// due time that are both later.
func dueAtOnce(s *subject) {
	s.receive(message("t", "1", 0))
	w := s.claim(claim("w", 0))
	during := message("t", "2", 1)
	during.Due = at(100)
	s.receive(during)
	w.Conversation.Answered, w.Conversation.Due = w.Messages[0].Seq, at(1000)
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(5), Messages: []agent.Message{answer("a")}})
	next := s.claim(claim("w", 5))
	s.equal([]string{"2", "a"}, ids(next.Messages))
}

// unansweredStaysDue commits without answering, as a turn that failed does.
func unansweredStaysDue(s *subject) {
	s.receive(message("t", "1", 0))
	for i := range 3 {
		w := s.claim(claim("w", i))
		s.commit(agent.Commit{Conversation: w.Conversation, At: at(i)})
	}
	s.equal([]string{"1"}, ids(s.claim(claim("w", 3)).Messages))
}

// dueAfterWait waits with a message, with a timer, and with nothing to wait for,
// which must not make it due.
func dueAfterWait(s *subject) {
	s.receive(message("t", "1", 0))
	w := s.claim(claim("w", 0))
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(1), Wait: at(10)})
	s.receive(message("t", "2", 2))
	s.notDue(claim("w", 9))
	w = s.claim(claim("w", 10))
	s.equal([]string{"1", "2"}, ids(w.Messages))

	w.Conversation.Answered, w.Conversation.Due = w.Messages[1].Seq, at(11)
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(10), Wait: at(20)})
	s.notDue(claim("w", 19))
	w = s.claim(claim("w", 20))
	w.Conversation.Due = time.Time{}
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(20), Wait: at(30)})
	s.notDue(claim("w", 1000))
}

// fullCommit returns a commit with one of everything.
func fullCommit(c agent.Conversation, id string) agent.Commit {
	c.Team, c.Due = "changed by "+id, at(7)
	return agent.Commit{
		Conversation: c, At: at(5), Messages: []agent.Message{answer("new " + id), answer(id)},
		Turn:    &agent.Turn{ID: "turn " + id, Conversation: c.ID, Started: at(4), Ended: at(5)},
		Records: []agent.Record{{At: at(5), Conversation: c.ID, Kind: agent.TurnCommitted, Actor: "agent", Detail: id}},
	}
}

// fences tries the Epochs on both sides, and the right one twice.
func fences(s *subject) {
	s.receive(message("t", "m", 0))
	w := s.claim(claim("w", 0))
	before := s.all()
	for _, epoch := range []int64{w.Conversation.Epoch - 1, w.Conversation.Epoch + 1} {
		c := w.Conversation
		c.Epoch = epoch
		s.is(s.Commit(s.ctx(), fullCommit(c, "a")), agent.ErrFenced)
	}
	s.equal(before, s.all())
	s.notReady(claim("w", 1000))
	s.commit(fullCommit(w.Conversation, "a"))
	after := s.all()
	s.is(s.Commit(s.ctx(), fullCommit(w.Conversation, "b")), agent.ErrFenced)
	s.equal(after, s.all())
}

// fencesAtOnce is lost by a Store that compares the Epoch and writes it in two
// steps.
func fencesAtOnce(s *subject) {
	c := s.converse("t", 0)
	_, errs := together(20, func(i int) (struct{}, error) {
		return struct{}{}, s.Commit(s.ctx(), fullCommit(c, fmt.Sprint(i)))
	})
	s.equal(19, failed(errs))
	for _, err := range errs {
		if err != nil {
			s.is(err, agent.ErrFenced)
		}
	}
	require.Len(s.t, s.messages(c.ID), 3, s.says)
	require.Len(s.t, collect(s, s.Turns(s.ctx(), c.ID)), 1, s.says)
	require.Len(s.t, s.records(c.ID), 2, s.says)
}

// fencesWorker has a person take the conversation from under a turn.
func fencesWorker(s *subject) {
	s.receive(message("t", "m", 0))
	w := s.claim(claim("w", 0))
	taken := s.conversation(w.Conversation.ID)
	taken.Owner, taken.Person = channel.ByPerson, "Ada"
	s.commit(agent.Commit{Conversation: taken, At: at(1)})
	s.is(s.Commit(s.ctx(), fullCommit(w.Conversation, "a")), agent.ErrFenced)
	s.equal("Ada", s.claim(claim("w", 2)).Conversation.Person)
}

// refusesDuplicate repeats IDs of either side, and one within the commit. Each
// comes last in its commit, when a Store that is not atomic has written much.
func refusesDuplicate(s *subject) {
	s.converse("t", 0, answer("a"))
	s.receive(message("t", "m", 1))
	c := s.claim(claim("w", 1)).Conversation
	before := s.all()
	for _, id := range []string{"a", "m", "t asks", "new m"} {
		commit := fullCommit(c, id)
		if id == "new m" {
			commit.Messages = append(commit.Messages, answer(id))
		}
		s.is(s.Commit(s.ctx(), commit), agent.ErrDuplicate)
		s.equal(before, s.all())
	}
	s.notDue(claim("w", 2))
	s.commit(fullCommit(c, "b"))
	s.equal([]string{"t asks", "a", "m", "new b", "b"}, ids(s.messages(c.ID)))
}

// idsArePerConversation counts on IDs that agents of two conversations choose.
func idsArePerConversation(s *subject) {
	t, u := s.converse("t", 0, answer("a")), s.converse("u", 0, answer("a"))
	s.equal([]string{"t asks", "a"}, ids(s.messages(t.ID)))
	s.equal([]string{"u asks", "a"}, ids(s.messages(u.ID)))
}

// unknownConversation must not create it.
func unknownConversation(s *subject) {
	c := agent.Conversation{ID: "unknown", Channel: "chat", Thread: "t"}
	s.is(s.Commit(s.ctx(), fullCommit(c, "a")), agent.ErrNotFound)
	s.equal(stored{}, s.all())
}
