package agent

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// An Agent answers customers. Its methods may be called from many goroutines.
type Agent struct {
	cfg      Config
	rules    *rules
	channels map[string]Channel
	names    []string
	actions  map[string]*action
	goals    []*goal
	kept     map[string][]string // fields of results, by action, that facts ask for
	// mail and out, by channel, wake the pumps of Run.
	mail    chan struct{}
	out     map[string]chan struct{}
	running sync.Mutex
}

// Receive stores an inbound message of a channel. Nil means that it is durable
// and may be acknowledged. A repeat of its ID on the channel changes nothing.
// Run passes it to every channel as its Handler.
func (a *Agent) Receive(ctx context.Context, channelName string, m channel.Message) error {
	_, err := a.receive(ctx, channelName, m, time.Duration(a.rules.Limits.Quiet))
	return err
}

func (a *Agent) receive(ctx context.Context, name string, m channel.Message, quiet time.Duration) (Receipt, error) {
	if m.ID == "" || m.Thread == "" {
		return Receipt{}, fmt.Errorf("agent: a message on %q has no ID or no Thread", name)
	}
	now := time.Now()
	m.Author = channel.Customer
	m.Text = strings.ToValidUTF8(m.Text, "\uFFFD")
	if m.At.IsZero() {
		m.At = now
	}
	in := Inbound{
		Channel: name, Message: m, NewID: rand.Text(), At: now, Due: now.Add(quiet),
		Record: Record{At: now, Kind: MessageReceived, Actor: string(channel.Customer), Detail: m.ID},
	}
	receipt, err := a.cfg.Store.Receive(ctx, in)
	if err != nil || receipt.Duplicate {
		return receipt, err
	}
	in.Record.Conversation = receipt.Conversation
	a.observe(ctx, Event{Record: in.Record, Message: &Message{
		Entry: channel.Entry{Seq: receipt.Seq, Message: m}, Conversation: receipt.Conversation,
	}})
	time.AfterFunc(quiet, func() { poke(a.mail) })
	return receipt, nil
}

// Reply runs one turn in the calling goroutine, without a channel, and returns
// it: the answer is the caller's to show, and left out where it is Held for a
// person. Messages of one Thread are one
// conversation, stored under the name Direct. An empty ID or Thread is made
// up. A repeat of an ID returns the turn that dealt with it. Reply needs no
// Run beside it.
func (a *Agent) Reply(ctx context.Context, m channel.Message) (Turn, error) {
	orDefault(&m.ID, rand.Text())
	orDefault(&m.Thread, m.ID)
	receipt, err := a.receive(ctx, Direct, m, 0)
	if err != nil {
		return Turn{}, err
	}
	claim := a.claim()
	claim.Conversation = receipt.Conversation
	for {
		claim.Now = time.Now()
		work, err := a.cfg.Store.Claim(ctx, claim)
		switch {
		case err == ErrNothingDue: // another Reply has it
			if err := sleep(ctx, a.cfg.Tick); err != nil {
				return Turn{}, err
			}
			continue
		case err != nil:
			return Turn{}, err
		}
		if err := a.attend(ctx, work); err != nil {
			return Turn{}, err
		}
		turn, found, err := a.turnOf(ctx, receipt)
		if err != nil {
			return Turn{}, err
		}
		if found {
			if turn.Held {
				turn.Text, turn.Citations = "", nil
			}
			return turn, a.settleDirect(ctx, claim)
		}
	}
}

// settleDirect does what the turn left to the next piece of work, which no pump
// looks for. If that fails, the next Reply of the conversation does it.
func (a *Agent) settleDirect(ctx context.Context, claim Claim) error {
	c, err := a.Conversation(ctx, claim.Conversation)
	if err != nil || len(c.Memory.Charges) == 0 {
		return err
	}
	claim.Now = time.Now()
	work, err := a.cfg.Store.Claim(ctx, claim)
	if err == nil {
		err = a.attend(ctx, work)
	}
	if err != nil && err != ErrNothingDue {
		a.cfg.Log.WarnContext(ctx, "agent: cannot settle yet", "conversation", c.ID, "err", err)
	}
	return nil
}

// turnOf returns the turn that dealt with a received message.
func (a *Agent) turnOf(ctx context.Context, r Receipt) (turn Turn, found bool, err error) {
	for t, err := range a.cfg.Store.Turns(ctx, r.Conversation) {
		if err != nil {
			return Turn{}, false, err
		}
		if t.First <= r.Seq && r.Seq <= t.Last {
			turn, found = t, true
		}
	}
	return turn, found, nil
}

// Archive returns what is stored, to read.
func (a *Agent) Archive() Archive { return a.cfg.Store }

// Transcript yields the messages of a thread after the given Seq, in order.
// With Owner, it makes an Agent a channel.Desk.
func (a *Agent) Transcript(ctx context.Context, channelName, thread string, after int64) iter.Seq2[channel.Entry, error] {
	return func(yield func(channel.Entry, error) bool) {
		c, err := a.thread(ctx, channelName, thread)
		if err != nil {
			if err != ErrNotFound {
				yield(channel.Entry{}, err)
			}
			return
		}
		for m, err := range a.cfg.Store.Messages(ctx, c.ID, after) {
			if !yield(m.Entry, err) {
				return
			}
		}
	}
}

// Owner returns who may speak in a thread.
func (a *Agent) Owner(ctx context.Context, channelName, thread string) (channel.Owner, error) {
	c, err := a.thread(ctx, channelName, thread)
	if err == ErrNotFound {
		return channel.Unassigned, nil
	}
	return c.Owner, err
}

// Conversation returns a conversation, or ErrNotFound.
func (a *Agent) Conversation(ctx context.Context, id string) (Conversation, error) {
	return a.one(ctx, Filter{ID: id, Limit: 1})
}

func (a *Agent) thread(ctx context.Context, channelName, thread string) (Conversation, error) {
	return a.one(ctx, Filter{Channel: channelName, Thread: thread, Limit: 1})
}

func (a *Agent) one(ctx context.Context, f Filter) (Conversation, error) {
	for c, err := range a.cfg.Store.Conversations(ctx, f) {
		return c, err
	}
	return Conversation{}, ErrNotFound
}

// claim returns a claim for one turn, without a time.
func (a *Agent) claim() Claim {
	return Claim{
		Worker:   a.cfg.Worker,
		Lease:    time.Duration(a.rules.Limits.TurnTime) + 15*time.Second,
		Channels: a.names,
		Recent:   historyLength,
	}
}

// historyLength is how many earlier messages a turn looks at.
const historyLength = 20

func toEverybody(_ context.Context, p handoff.Packet) (handoff.Assignment, error) {
	return handoff.Assignment{Team: p.Team}, nil
}

func ignore(context.Context, Event) {}

// poke wakes whoever waits on c, and does nothing if it is awake already.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// clip returns the first n runes of s.
func clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
