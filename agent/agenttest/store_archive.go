package agenttest

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// archiveClauses are the contract of Archive.
func archiveClauses() []clause {
	return []clause{
		{"Conversations yields the most recently active first", newestFirst},
		{"Conversations yields those that match the Filter", filters},
		{"Messages yields those after the given Seq, in order", messagesAfter},
		{"Turns yields the turns of a conversation, oldest first", turnsInOrder},
		{"Records yields the audit after the given Seq, of one conversation or of all", recordsAfter},
		{"there is a record of every change, each with a greater Seq than those before", recordsComplete},
		{"what is unknown has nothing in the archive", unknownIsEmpty},
		{"an iteration may end early, and the Store may be used within it", usableWithin},
		{"a method whose context is done returns its error and stores nothing", heedsContext},
	}
}

// newestFirst has one conversation move up by a message and one by a commit,
// since both make it active. Limits are the index of what they leave.
func newestFirst(s *subject) {
	for i, thread := range []string{"a", "b", "c", "d"} {
		s.receive(message(thread, thread, i))
	}
	s.receive(message("b", "again", 10))
	c := s.conversation("conversation a")
	c.ActiveAt = at(5)
	s.commit(agent.Commit{Conversation: c, At: at(5)})
	for limit, want := range [][]string{{"b", "a", "d", "c"}, {"b"}, {"b", "a"}} {
		var threads []string
		for _, c := range collect(s, s.Conversations(s.ctx(), agent.Filter{Limit: limit})) {
			threads = append(threads, c.Thread)
		}
		s.equal(want, threads)
	}
}

// filters has the same threads on two channels: a filter that leaves out one of
// its conditions finds too many.
func filters(s *subject) {
	for i, owner := range []channel.Owner{channel.Unassigned, channel.ByAgent, channel.Queued, channel.ByAgent} {
		in := message(fmt.Sprint(i%2), fmt.Sprint(i), i)
		in.NewID = fmt.Sprint(i)
		in.Channel = []string{"chat", "mail"}[i/2]
		s.receive(in)
		c := s.conversation(in.NewID)
		c.Owner = owner
		s.commit(agent.Commit{Conversation: c, At: at(i)})
	}
	for _, test := range []struct {
		filter agent.Filter
		want   []string
	}{
		{agent.Filter{}, []string{"0", "1", "2", "3"}},
		{agent.Filter{ID: "2"}, []string{"2"}},
		{agent.Filter{ID: "2", Channel: "chat"}, nil},
		{agent.Filter{ID: "2", Owners: []channel.Owner{channel.Queued}}, []string{"2"}},
		{agent.Filter{ID: "2", Owners: []channel.Owner{channel.Closed}}, nil},
		{agent.Filter{Channel: "mail"}, []string{"2", "3"}},
		{agent.Filter{Channel: "mail", Thread: "1"}, []string{"3"}},
		{agent.Filter{Channel: "mail", Thread: "1", Owners: []channel.Owner{channel.Queued}}, nil},
		{agent.Filter{Channel: "unknown"}, nil},
		{agent.Filter{Owners: []channel.Owner{channel.Unassigned}}, []string{"0"}},
		{agent.Filter{Owners: []channel.Owner{channel.Queued, channel.ByAgent}}, []string{"1", "2", "3"}},
		{agent.Filter{Channel: "chat", Owners: []channel.Owner{channel.ByAgent}, Limit: 5}, []string{"1"}},
	} {
		var got []string
		for _, c := range collect(s, s.Conversations(s.ctx(), test.filter)) {
			got = append(got, c.ID)
		}
		slices.Sort(got)
		require.Equal(s.t, test.want, got, "%s: %+v", s.says, test.filter)
	}
}

// messagesAfter asks after each Seq there is, and beyond both ends.
func messagesAfter(s *subject) {
	c := s.converse("t", 0, answer("a"), answer("b"))
	s.receive(message("t", "m", 1))
	s.converse("u", 2, answer("c"))
	all := s.messages(c.ID)
	s.equal([]string{"t asks", "a", "b", "m"}, ids(all))
	for i, m := range all {
		s.equal(ids(all[i+1:]), ids(collect(s, s.Messages(s.ctx(), c.ID, m.Seq))))
	}
	require.Empty(s.t, collect(s, s.Messages(s.ctx(), c.ID, 1000)), s.says)
	s.equal(all, collect(s, s.Messages(s.ctx(), c.ID, -1)))
}

// turnsInOrder has more than ten turns, which sort wrongly where numbers are
// compared as text.
func turnsInOrder(s *subject) {
	c := s.converse("t", 0)
	var want []agent.Turn
	for i := range 12 {
		turn := agent.Turn{ID: fmt.Sprint("turn ", i), Conversation: c.ID, Started: at(i), Ended: at(i)}
		s.commit(agent.Commit{Conversation: s.conversation(c.ID), At: at(i), Turn: &turn})
		want = append(want, turn)
	}
	s.converse("u", 0)
	s.equal(want, collect(s, s.Turns(s.ctx(), c.ID)))
}

// recordsAfter asks for one conversation among others, so that Seqs have gaps.
func recordsAfter(s *subject) {
	for i := range 3 {
		s.receive(message("t", fmt.Sprint("t", i), i))
		s.receive(message("u", fmt.Sprint("u", i), i))
	}
	all := s.records("")
	s.equal([]string{"t0", "u0", "t1", "u1", "t2", "u2"}, details(all))
	s.equal([]string{"u0", "u1", "u2"}, details(s.records("conversation u")))
	s.equal(all[3:], collect(s, s.Records(s.ctx(), "", all[2].Seq)))
	s.equal([]string{"t2"}, details(collect(s, s.Records(s.ctx(), "conversation t", all[2].Seq))))
	require.Empty(s.t, collect(s, s.Records(s.ctx(), "", all[5].Seq)), s.says)
	s.equal(all, collect(s, s.Records(s.ctx(), "", -1)))
}

func details(records []agent.Record) []string {
	var all []string
	for _, r := range records {
		all = append(all, r.Detail)
	}
	return all
}

// recordsComplete writes at the same time, where a Seq that is read first and
// used later is given twice.
func recordsComplete(s *subject) {
	const n = 20
	_, errs := together(n, func(i int) (agent.Receipt, error) {
		return s.Receive(s.ctx(), message(fmt.Sprint(i%4), fmt.Sprint(i), 0))
	})
	s.equal(0, failed(errs))
	for range 4 {
		w := s.claim(claim("w", 1))
		s.commit(fullCommit(w.Conversation, "answer in "+w.Conversation.Thread))
		s.settle(s.take(claim("w", 10)), agent.Sent, 10)
	}
	records := s.records("")
	require.Len(s.t, records, n+4+4, s.says)
	for i, r := range records[1:] {
		require.Greater(s.t, r.Seq, records[i].Seq, s.says)
	}
}

// unknownIsEmpty takes an error for a failure too: a page about a conversation
// that was removed is empty, and not broken.
func unknownIsEmpty(s *subject) {
	s.receive(message("t", "m", 0))
	require.Empty(s.t, collect(s, s.Messages(s.ctx(), "unknown", 0)), s.says)
	require.Empty(s.t, collect(s, s.Turns(s.ctx(), "unknown")), s.says)
	require.Empty(s.t, collect(s, s.Records(s.ctx(), "unknown", 0)), s.says)
}

// usableWithin nests iterations and writes in them, which a Store that holds a
// lock or its only connection while it yields does not survive.
func usableWithin(s *subject) {
	for i := range 5 {
		s.receive(message(fmt.Sprint(i), fmt.Sprint(i), i))
	}
	n := 0
	for c, err := range s.Conversations(s.ctx(), agent.Filter{}) {
		s.ok(err)
		for m, err := range s.Messages(s.ctx(), c.ID, 0) {
			s.ok(err)
			for r, err := range s.Records(s.ctx(), c.ID, 0) {
				s.ok(err)
				s.equal(m.ID, r.Detail)
				s.receive(message("new", fmt.Sprint("new ", n), 10))
				s.equal(c.ID, s.conversation(c.ID).ID)
				break
			}
			break
		}
		if n++; n == 3 {
			break
		}
	}
	s.equal(3, n)
	require.Len(s.t, s.messages("conversation new"), 3, s.says)
}

// heedsContext calls every method, since each could forget to look.
func heedsContext(s *subject) {
	c := s.converse("t", 0, answer("a"), answer("b"))
	m := s.take(claim("w", 0))
	s.receive(message("u", "u", 0))
	before := s.all()
	done, cancel := context.WithCancel(s.ctx())
	cancel()

	_, err := s.Receive(done, message("t", "m", 1))
	s.is(err, context.Canceled)
	_, err = s.Claim(done, claim("w", 1))
	s.is(err, context.Canceled)
	s.is(s.Commit(done, fullCommit(c, "c")), context.Canceled)
	s.is(s.Release(done, "w"), context.Canceled)
	_, err = s.Take(done, claim("w", 1000))
	s.is(err, context.Canceled)
	s.is(s.Settle(done, m, agent.Record{}), context.Canceled)
	s.equal(context.Canceled, firstError(s.Conversations(done, agent.Filter{})))
	s.equal(context.Canceled, firstError(s.Messages(done, c.ID, 0)))
	s.equal(context.Canceled, firstError(s.Turns(done, c.ID)))
	s.equal(context.Canceled, firstError(s.Records(done, "", 0)))
	s.equal(before, s.all())
}

// firstError returns the error that a sequence yields, nil if it yields none.
func firstError[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}
