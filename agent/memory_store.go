package agent

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A MemoryStore is a Store that lives as long as the process, for tests,
// previews and hosts that need no more. It copies what comes in and what goes
// out. Its methods take some microseconds, with ten thousand conversations some
// tens.
type MemoryStore struct {
	mu      sync.Mutex
	byID    map[string]*stored
	threads map[[2]string]*stored // by channel and thread
	inbound map[[2]string]Receipt // by channel and message ID
	mailbox agenda                // conversations by the time to claim them
	outbox  agenda                // conversations by the time to take a message of theirs
	records []Record              // only ever appended to
}

// stored is a conversation with all that belongs to it.
type stored struct {
	Conversation
	messages []queued
	ids      map[string]int64 // Seqs by message ID
	turns    []Turn
	due      time.Time // when it wants attention, if wanted
	wanted   bool
	lease    lease
	unsent   int   // no message before this index waits to be sent
	sending  lease // on the first that does
}

// queued is a message with the time at which it was stored.
type queued struct {
	Message
	at time.Time
}

// A lease is a claim of a worker that ends by itself.
type lease struct {
	worker string
	until  time.Time
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{
		byID:    make(map[string]*stored),
		threads: make(map[[2]string]*stored),
		inbound: make(map[[2]string]Receipt),
		mailbox: agenda{at: make(map[string]time.Time)},
		outbox:  agenda{at: make(map[string]time.Time)},
	}
}

// Receive implements [Mailbox].
func (s *MemoryStore) Receive(ctx context.Context, in Inbound) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{in.Channel, in.Message.ID}
	if r, ok := s.inbound[key]; ok {
		r.Duplicate = true
		return r, nil
	}
	c, err := s.thread(in)
	if err != nil {
		return Receipt{}, err
	}
	if seq, ok := c.ids[in.Message.ID]; ok {
		return Receipt{Conversation: c.ID, Seq: seq, Duplicate: true}, nil
	}
	if !c.waiting() {
		c.due, c.wanted = in.Due, true
	}
	// The Epoch stays: a message does not fence the turn that is being made.
	c.Customer = in.Message.From
	c.ActiveAt = later(c.ActiveAt, in.At)
	r := Receipt{Conversation: c.ID, Seq: c.add(Message{Entry: channel.Entry{Message: in.Message}}, in.At)}
	s.inbound[key] = r
	in.Record.Conversation = c.ID
	s.record(in.Record)
	s.wake(c)
	return r, nil
}

// thread returns the conversation of an inbound message, new if need be.
func (s *MemoryStore) thread(in Inbound) (*stored, error) {
	key := [2]string{in.Channel, in.Message.Thread}
	if c, ok := s.threads[key]; ok {
		return c, nil
	}
	if _, ok := s.byID[in.NewID]; ok {
		return nil, fmt.Errorf("agent: conversation ID %q is taken", in.NewID)
	}
	c := &stored{ids: make(map[string]int64)}
	c.Conversation = Conversation{
		ID: in.NewID, Channel: in.Channel, Thread: in.Message.Thread, Opening: 1, OpenedAt: in.At,
	}
	s.threads[key], s.byID[c.ID] = c, c
	return c, nil
}

// Claim implements [Mailbox]. It leaves the due time as it is: a conversation
// whose worker dies is due again when the lease ends.
func (s *MemoryStore) Claim(ctx context.Context, c Claim) (Work, error) {
	if err := ctx.Err(); err != nil {
		return Work{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.byID[c.Conversation]
	switch {
	case c.Conversation == "":
		found = s.byID[s.mailbox.next(c.Now, s.of(c.Channels))]
	case found == nil:
		return Work{}, ErrNotFound
	}
	if found == nil || found.lease.until.After(c.Now) {
		return Work{}, ErrNothingDue
	}
	found.lease = lease{c.Worker, c.Now.Add(c.Lease)}
	found.Epoch++
	s.wake(found)
	first := min(found.Answered, int64(len(found.messages))) - int64(c.Recent)
	return Work{Conversation: cloneConversation(found.Conversation), Messages: found.after(max(first, 0))}, nil
}

// Commit implements [Mailbox].
func (s *MemoryStore) Commit(ctx context.Context, c Commit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.byID[c.Conversation.ID]
	if !ok {
		return ErrNotFound
	}
	if found.Epoch != c.Conversation.Epoch {
		return ErrFenced
	}
	if found.knowsAny(c.Messages) {
		return ErrDuplicate
	}
	before := found.Conversation // with what came during the lease
	found.Conversation = cloneConversation(c.Conversation)
	found.ActiveAt = later(found.ActiveAt, before.ActiveAt)
	found.Epoch++
	for _, m := range c.Messages {
		found.add(m, c.At)
	}
	if c.Turn != nil {
		found.turns = append(found.turns, cloneTurn(*c.Turn))
	}
	for _, r := range c.Records {
		s.record(r)
	}
	found.lease = lease{}
	found.due, found.wanted = found.Due, !found.Due.IsZero()
	if found.waiting() {
		found.due, found.wanted = c.At, true
		found.Customer = before.Customer
	}
	found.due = later(found.due, c.Wait)
	s.wake(found)
	return nil
}

// Release implements [Mailbox]. Messages stay Sending, so that whoever takes them
// next knows that they were interrupted.
func (s *MemoryStore) Release(ctx context.Context, worker string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.byID {
		if c.lease.worker == worker {
			c.lease = lease{}
		}
		if c.sending.worker == worker {
			c.sending = lease{}
		}
		s.wake(c)
	}
	return nil
}

// Take implements [Outbox].
func (s *MemoryStore) Take(ctx context.Context, c Claim) (Message, error) {
	if err := ctx.Err(); err != nil {
		return Message{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.byID[s.outbox.next(c.Now, s.of(c.Channels))]
	if found == nil {
		return Message{}, ErrNothingDue
	}
	m := &found.messages[found.unsent].Message
	if m.Delivery.State == Sending {
		m.Delivery.Interrupted = true
	}
	m.Delivery.State = Sending
	m.Delivery.Attempts++
	m.Delivery.Next = time.Time{}
	found.sending = lease{c.Worker, c.Now.Add(c.Lease)}
	s.wake(found)
	return cloneMessage(*m), nil
}

// Settle implements [Outbox].
func (s *MemoryStore) Settle(ctx context.Context, m Message, r Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.byID[m.Conversation]
	if !ok || m.Seq < 1 || m.Seq > int64(len(c.messages)) {
		return nil
	}
	d := &c.messages[m.Seq-1].Delivery
	if d.State != Sending || d.Attempts != m.Delivery.Attempts {
		return nil
	}
	*d = m.Delivery
	c.sending = lease{}
	s.record(r)
	s.wake(c)
	return nil
}

// record adds a line to the audit.
func (s *MemoryStore) record(r Record) {
	r.Seq = int64(len(s.records)) + 1
	s.records = append(s.records, r)
}

// wake puts c where it now belongs on both agendas. It is called after every
// change of c.
func (s *MemoryStore) wake(c *stored) {
	s.mailbox.remove(c.ID)
	if c.wanted {
		s.mailbox.add(c.ID, later(c.due, c.lease.until))
	}
	for c.unsent < len(c.messages) && !c.messages[c.unsent].Delivery.unfinished() {
		c.unsent++
	}
	s.outbox.remove(c.ID)
	if c.unsent < len(c.messages) {
		m := c.messages[c.unsent]
		s.outbox.add(c.ID, later(later(m.at, m.Delivery.Next), c.sending.until))
	}
}

// of returns a predicate that holds for conversations of these channels.
func (s *MemoryStore) of(channels []string) func(id string) bool {
	return func(id string) bool { return slices.Contains(channels, s.byID[id].Channel) }
}

// waiting reports whether the customer wrote something that no turn has dealt with.
func (c *stored) waiting() bool {
	for i := len(c.messages) - 1; i >= 0 && c.messages[i].Seq > c.Answered; i-- {
		if c.messages[i].Author == channel.Customer {
			return true
		}
	}
	return false
}

// add appends a message and returns its Seq.
func (c *stored) add(m Message, at time.Time) int64 {
	m = cloneMessage(m)
	m.Seq = int64(len(c.messages)) + 1
	m.Conversation = c.ID
	c.messages = append(c.messages, queued{m, at})
	c.ids[m.ID] = m.Seq
	return m.Seq
}

// knowsAny reports whether the ID of one of these messages is not new.
func (c *stored) knowsAny(messages []Message) bool {
	for i, m := range messages {
		if _, ok := c.ids[m.ID]; ok {
			return true
		}
		if slices.ContainsFunc(messages[:i], func(o Message) bool { return o.ID == m.ID }) {
			return true
		}
	}
	return false
}

// after returns copies of the messages after a Seq.
func (c *stored) after(seq int64) []Message {
	var messages []Message
	for _, m := range c.messages[min(max(seq, 0), int64(len(c.messages))):] {
		messages = append(messages, cloneMessage(m.Message))
	}
	return messages
}

func (d Delivery) unfinished() bool { return d.State == Pending || d.State == Sending }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
