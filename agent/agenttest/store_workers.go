package agenttest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// runWorkers has customers write and workers answer and deliver at the same
// time, on two handles of one Store, the workers crashing now and then.
// Whatever happens, every message is answered exactly once, in order, and
// every answer is delivered.
func runWorkers(t *testing.T, a, b agent.Store) {
	const threads, perThread, workers = 6, 12, 4
	w := &workplace{t: t, total: threads * perThread, delivered: make(map[string]bool)}
	var wg sync.WaitGroup
	for i := range threads {
		wg.Go(func() { w.write([]agent.Store{a, b}[i%2], fmt.Sprint(i), perThread) })
	}
	for i := range workers {
		s := &subject{t, []agent.Store{a, b}[i%2], ""}
		wg.Go(func() { w.work(s, fmt.Sprint("worker ", i)) })
	}
	wg.Wait()
	w.check(&subject{t, a, "every message is answered exactly once, in order, whatever crashes"})
}

// workplace is what the workers share. Its clock moves only when there is
// nothing to do.
type workplace struct {
	t     *testing.T
	total int // messages that customers write
	clock atomic.Int64
	// Messages that committed turns dealt with.
	answered atomic.Int64

	mu sync.Mutex
	// By message ID.
	delivered map[string]bool
	sent      int // answers committed
}

// write has a customer write n messages, each of them twice.
func (w *workplace) write(s agent.Store, thread string, n int) {
	for i := range 2 * n {
		id := fmt.Sprintf("%s.%d", thread, i/2)
		if _, err := s.Receive(w.t.Context(), message(thread, id, int(w.clock.Load()))); err != nil {
			w.t.Errorf("receive %s: %v", id, err)
		}
	}
}

// work answers and delivers until all is done.
func (w *workplace) work(s *subject, worker string) {
	for !w.done() {
		now := int(w.clock.Load())
		err := errors.Join(w.answer(s, worker, now), w.deliver(s, worker, now))
		if errors.Is(err, agent.ErrNothingDue) {
			// Nothing to do: time passes, until a lease that a crash left has ended.
			w.clock.Add(1)
		} else if err != nil {
			w.t.Errorf("%s: %v", worker, err)
			return
		}
	}
}

// done also when a check has failed, or the others would wait for it for ever.
func (w *workplace) done() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.t.Failed() || int(w.answered.Load()) == w.total && len(w.delivered) == w.sent
}

// answer deals with all messages of a claim in one turn, whose question lists
// them for check.
func (w *workplace) answer(s *subject, worker string, now int) error {
	work, err := s.Claim(s.ctx(), claim(worker, now))
	if err != nil || rand.IntN(4) == 0 { // a crash leaves the lease behind
		return err
	}
	c, n := work.Conversation, 0
	turn := agent.Turn{ID: fmt.Sprint(c.ID, c.Epoch), Conversation: c.ID}
	for _, m := range work.Messages {
		if m.Author == channel.Customer {
			n++
			turn.Question += m.ID + "\n"
			c.Answered = m.Seq
		}
	}
	reply := answer(turn.ID)
	err = s.Commit(s.ctx(), agent.Commit{Conversation: c, At: at(now), Messages: []agent.Message{reply}, Turn: &turn})
	// Another worker has it: this one was too slow, and its turn never was.
	if errors.Is(err, agent.ErrFenced) {
		return nil
	}
	if err == nil {
		w.mu.Lock()
		w.sent++
		w.mu.Unlock()
		w.answered.Add(int64(n))
	}
	return err
}

// deliver sometimes crashes after Take, and leaves the message to whoever comes
// when the lease has ended.
func (w *workplace) deliver(s *subject, worker string, now int) error {
	m, err := s.Take(s.ctx(), claim(worker, now))
	if err != nil || rand.IntN(4) == 0 {
		return err
	}
	w.mu.Lock()
	w.delivered[m.ID] = true
	w.mu.Unlock()
	m.Delivery.State = agent.Sent
	return s.Settle(s.ctx(), m, agent.Record{At: at(now), Conversation: m.Conversation, Kind: agent.MessageDelivered})
}

// check compares what customers wrote with what turns dealt with, in order.
func (w *workplace) check(s *subject) {
	for _, c := range collect(s, s.Conversations(s.ctx(), agent.Filter{})) {
		var asked, dealt string
		for _, m := range s.messages(c.ID) {
			if m.Author == channel.Customer {
				asked += m.ID + "\n"
			}
		}
		for _, turn := range collect(s, s.Turns(s.ctx(), c.ID)) {
			dealt += turn.Question
		}
		s.equal(asked, dealt)
	}
}
