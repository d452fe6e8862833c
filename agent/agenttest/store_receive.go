package agenttest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// receiveClauses are the contract of Mailbox.Receive.
func receiveClauses() []clause {
	return []clause{
		{"Receive creates the conversation of a new thread", createsConversation},
		{"Receive stores the message with its record", storesMessage},
		{"the messages of one thread of one channel are one conversation", oneConversation},
		{"a message ID that the channel has had before changes nothing", dropsRepeats},
		{"a repeat that comes many times at once changes nothing", dropsRepeatsAtOnce},
		{"the same message ID on two channels is two messages", idsArePerChannel},
		{"a thread whose first messages come at once is one conversation", oneConversationAtOnce},
		{"Receive makes the conversation due at Inbound.Due", dueAtDue},
		{"a further message joins those that wait, and the due time stays", joinsBurst},
		{"a message to a closed conversation makes it due", closedBecomesDue},
		{"Receive keeps the party and the time of the newest message", keepsNewestParty},
		{"Receive refuses an ID for a new conversation that another one has", refusesTakenID},
	}
}

// createsConversation compares the whole conversation: what is not set here is
// zero.
func createsConversation(s *subject) {
	in := message("t", "m", 5)
	r := s.receive(in)
	s.equal(agent.Receipt{Conversation: in.NewID, Seq: r.Seq}, r)
	s.equal(agent.Conversation{
		ID: in.NewID, Channel: "chat", Thread: "t", Customer: in.Message.From,
		Opening: 1, OpenedAt: at(5), ActiveAt: at(5),
	}, s.conversation(in.NewID))
}

// storesMessage lets the Store fill in the conversation, which the caller of
// Receive cannot know.
func storesMessage(s *subject) {
	in := message("t", "m", 5)
	r := s.receive(in)
	s.equal([]agent.Message{{
		Entry: channel.Entry{Seq: r.Seq, Message: in.Message}, Conversation: r.Conversation,
	}}, s.messages(r.Conversation))
	want := in.Record
	want.Conversation = r.Conversation
	records := s.records(r.Conversation)
	require.Len(s.t, records, 1, s.says)
	want.Seq = records[0].Seq
	s.equal(want, records[0])
}

// oneConversation has the same thread on two channels, which are two.
func oneConversation(s *subject) {
	first := s.receive(message("t", "1", 0))
	second := message("t", "2", 1)
	second.NewID = "unused"
	s.equal(first.Conversation, s.receive(second).Conversation)
	elsewhere := message("t", "3", 2)
	elsewhere.Channel, elsewhere.NewID = "mail", "elsewhere"
	s.equal("elsewhere", s.receive(elsewhere).Conversation)
	s.equal("conversation u", s.receive(message("u", "4", 3)).Conversation)
	s.equal([]string{"1", "2"}, ids(s.messages(first.Conversation)))
}

// dropsRepeats repeats what was answered, with another text and in another
// thread: the ID alone decides, and nothing becomes due.
func dropsRepeats(s *subject) {
	first := s.receive(message("t", "m", 0))
	w := s.claim(claim("w", 0))
	w.Conversation.Answered = first.Seq
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(1), Messages: []agent.Message{answer("a")}})
	before := s.all()

	want := first
	want.Duplicate = true
	again := message("t", "m", 100)
	again.Message.Text = "changed"
	s.equal(want, s.receive(again))
	s.equal(want, s.receive(message("another thread", "m", 100)))
	s.equal(before, s.all())
	s.notDue(claim("w", 1000))
}

// dropsRepeatsAtOnce is how a provider retries. Each receipt must be good.
func dropsRepeatsAtOnce(s *subject) {
	receipts, errs := together(50, func(i int) (agent.Receipt, error) {
		in := message("t", "m", 0)
		in.NewID = fmt.Sprint("conversation ", i)
		return s.Receive(s.ctx(), in)
	})
	fresh := 0
	for i, r := range receipts {
		s.ok(errs[i])
		s.equal(receipts[0].Conversation, r.Conversation)
		s.equal(receipts[0].Seq, r.Seq)
		if !r.Duplicate {
			fresh++
		}
	}
	s.equal(1, fresh)
	all := s.all()
	require.Len(s.t, all.Conversations, 1, s.says)
	require.Len(s.t, all.Messages[0], 1, s.says)
	require.Len(s.t, all.Records, 1, s.says)
}

// idsArePerChannel counts on providers that number their messages alike.
func idsArePerChannel(s *subject) {
	s.receive(message("t", "m", 0))
	in := message("t", "m", 0)
	in.Channel, in.NewID = "mail", "mail t"
	r := s.receive(in)
	s.equal(false, r.Duplicate)
	s.equal([]string{"m"}, ids(s.messages("mail t")))
}

// oneConversationAtOnce is lost by a Store that looks for the thread first and
// creates it then.
func oneConversationAtOnce(s *subject) {
	const n = 20
	_, errs := together(n, func(i int) (agent.Receipt, error) {
		in := message("t", fmt.Sprint(i), 0)
		in.NewID = fmt.Sprint("conversation ", i)
		return s.Receive(s.ctx(), in)
	})
	s.equal(0, failed(errs))
	all := s.all()
	require.Len(s.t, all.Conversations, 1, s.says)
	require.Len(s.t, all.Messages[0], n, s.says)
	require.Len(s.t, all.Records, n, s.says)
	for i, m := range all.Messages[0][1:] {
		require.Greater(s.t, m.Seq, all.Messages[0][i].Seq, s.says)
	}
}

// dueAtDue leaves time for a burst to arrive.
func dueAtDue(s *subject) {
	in := message("t", "m", 0)
	in.Due = at(3)
	s.receive(in)
	s.notDue(claim("w", 2))
	s.equal(in.NewID, s.claim(claim("w", 3)).Conversation.ID)
}

// joinsBurst would, if each message put the time off, never answer a customer
// who keeps writing.
func joinsBurst(s *subject) {
	first, second := message("t", "1", 0), message("t", "2", 2)
	first.Due, second.Due = at(3), at(5)
	s.receive(first)
	s.receive(second)
	s.equal([]string{"1", "2"}, ids(s.claim(claim("w", 3)).Messages))
}

// closedBecomesDue leaves the owner alone: who reopens is for the agent to say.
func closedBecomesDue(s *subject) {
	c := s.converse("t", 0)
	c.Owner = channel.Closed
	s.commit(agent.Commit{Conversation: c, At: at(1)})
	s.notDue(claim("w", 10))
	s.receive(message("t", "again", 20))
	w := s.claim(claim("w", 20))
	s.equal(channel.Closed, w.Conversation.Owner)
	s.equal("again", w.Messages[len(w.Messages)-1].ID)
}

// keepsNewestParty has a commit bring the party and the time that it has read
// before the newest message came.
func keepsNewestParty(s *subject) {
	s.receive(message("t", "1", 0))
	w := s.claim(claim("w", 0))
	during := message("t", "2", 10)
	s.receive(during)
	s.equal(during.Message.From, s.conversation("conversation t").Customer)
	s.equal(at(10), s.conversation("conversation t").ActiveAt)

	w.Conversation.Answered = w.Messages[0].Seq
	w.Conversation.ActiveAt = at(5)
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(11)})
	s.equal(during.Message.From, s.conversation("conversation t").Customer)
	s.equal(at(10), s.conversation("conversation t").ActiveAt)
}

// refusesTakenID must not put a stranger's message into the conversation.
func refusesTakenID(s *subject) {
	s.receive(message("t", "1", 0))
	in := message("u", "2", 0)
	in.NewID = "conversation t"
	before := s.all()
	_, err := s.Receive(s.ctx(), in)
	require.Error(s.t, err, s.says)
	s.equal(before, s.all())
}
