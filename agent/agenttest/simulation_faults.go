package agenttest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// errInjected wraps nothing that the engine knows, so that the engine must take
// the outcome for unknown.
var errInjected = errors.New("agenttest: injected fault")

// chance reports true with a probability, and never once faults have ended.
func (s *simulation) chance(p float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.calm && s.rand.Float64() < p
}

// pick returns a number below n.
func (s *simulation) pick(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rand.IntN(n)
}

// any returns a replica that has begun to run.
func (s *simulation) any() *replica {
	for {
		s.mu.Lock()
		r := s.replicas[s.rand.IntN(len(s.replicas))]
		s.mu.Unlock()
		if r != nil {
			return r
		}
		s.sleep(s.t.Context(), time.Second)
	}
}

// pause waits for up to most, or until ctx is done.
func (s *simulation) pause(ctx context.Context, most time.Duration) {
	s.sleep(ctx, time.Duration(s.pick(int(most))))
}

// sleep passes the bubble's time.
func (s *simulation) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// question returns what leads to an answer, a question back, a handoff or a
// courtesy.
func (s *simulation) question() string {
	all := []string{
		"How do I return it?", "How do I return it?", "How do I return it?", "Do you ship to Peru?",
		"What is the weather today, please tell me?", "Let me talk to a human", "Thanks!",
	}
	return all[s.pick(len(all))]
}

// replica returns a new process, in which everything may fail.
func (s *simulation) replica(worker string) *replica {
	r := &replica{simulation: s}
	settings := agent.Settings{
		Price: price, Texts: map[string]agent.Texts{"en": {Closed: "Goodbye."}}, Channels: map[string]agent.ChannelSettings{},
	}
	var channels []agent.Channel
	for _, p := range s.providers {
		l := &line{replica: r, provider: p}
		r.lines, channels = append(r.lines, l), append(channels, l)
		settings.Channels[p.Name()] = agent.ChannelSettings{CloseAfter: agent.Duration(closeAfter)}
	}
	act, err := agent.NewAction("act", "Acts.", r.act)
	require.NoError(s.t, err)
	desk, err := agent.New(agent.Config{
		Actions: []agent.Action{act}, Settings: settings, Store: flakyStore{s.store, r}, Knowledge: r, Model: agent.ModelFunc(r.write), Channels: channels,
		Router: handoff.RouterFunc(r.route), Meter: flakyMeter{s.ledger, r}, Worker: worker, Tick: 3 * time.Second,
	})
	require.NoError(s.t, err)
	r.desk = desk
	return r
}

// Retrieve knows of returns, and something of shipping. It implements
// agent.Retriever.
func (r *replica) Retrieve(_ context.Context, q retrieval.Query) (retrieval.Result, error) {
	found := retrieval.Result{}
	for i, title := range []string{"Returns", "Shipping"} {
		found.Hits = append(found.Hits, retrieval.Hit{Score: 1 - float64(i)/2, Passage: retrieval.Passage{
			ID: title, Document: title, Title: title, Text: "You have 30 days.",
		}})
	}
	switch {
	case strings.Contains(q.Text, "return"):
		found.Answerable = .9
	case strings.Contains(q.Text, "ship"):
		found.Answerable = .4
	}
	return faulty(r, .1, func() (retrieval.Result, error) { return found, nil })
}

// route sends everybody to one team, and sometimes panics as a host's code may.
func (r *replica) route(context.Context, handoff.Packet) (handoff.Assignment, error) {
	if r.chance(.1) {
		bug()
	}
	return faulty(r, .1, func() (handoff.Assignment, error) {
		return handoff.Assignment{Team: "desk", Message: "A colleague will write."}, nil
	})
}

// act does what must not be done twice, and sometimes a person interrupts it.
func (r *replica) act(ctx context.Context, c agent.ActionCall, _ struct{}) (string, error) {
	if !alone(c.Customer.Name) && r.chance(.3) {
		if r.chance(.5) {
			_ = r.desk.Take(ctx, c.Conversation, "Bo")
			_ = r.desk.Return(ctx, c.Conversation, "Bo")
		} else {
			_ = r.desk.Close(ctx, c.Conversation, "Bo")
		}
	}
	return faulty(r, .1, func() (string, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.acts[c.Key]++
		return "done", ctx.Err()
	})
}

// bug panics.
func bug() {
	var missing *replica
	missing.stop()
}

// write is the model: it answers, late, wrongly, or not at all.
func (r *replica) write(ctx context.Context, req agent.Request) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) {
		end := sync.OnceFunc(r.begin(req.Customer.Name))
		defer end()
		if len(req.Results) == 0 && r.chance(.3) {
			yield(agent.Delta{Call: &agent.Call{ID: "1", Name: "act", Arguments: []byte("{}")}}, nil)
			return
		}
		switch {
		case r.chance(.05):
			yield(agent.Delta{}, errInjected)
			return
		case r.chance(.05):
			bug()
		case r.chance(.03):
			<-ctx.Done()
		case r.chance(.02): // it outlives the lease of its turn
			<-ctx.Done()
			end()
			r.sleep(r.t.Context(), 2*time.Minute)
		case r.chance(.05):
			yield(agent.Delta{NoAnswer: true}, nil)
			return
		case r.chance(.05):
			yield(agent.Delta{Text: "\xff\x00 <b ![ 99 "}, nil)
		case r.chance(.5):
			r.pause(ctx, 20*time.Second)
		}
		if ctx.Err() != nil {
			yield(agent.Delta{}, ctx.Err())
			return
		}
		yield(agent.Delta{Text: "You have 30 days.", Sources: []int{0}}, nil)
	}
}

// begin notes that a model writes in a thread, until the function that it
// returns is called.
func (s *simulation) begin(thread string) (end func()) {
	add := func(n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.writing[thread] += n
		s.together[thread] = s.together[thread] || s.writing[thread] > 1
	}
	add(1)
	return func() { add(-1) }
}

// A line is a replica's connection to a provider.
type line struct {
	channel.Receiver
	*replica
	provider *channel.Memory
}

func (l *line) Name() string                       { return l.provider.Name() }
func (l *line) Capabilities() channel.Capabilities { return l.provider.Capabilities() }

// Send takes its time and fails in every way that a Channel may.
func (l *line) Send(ctx context.Context, m channel.Message) error {
	l.pause(ctx, 3*time.Second)
	got := slices.ContainsFunc(l.provider.Sent(), func(o channel.Message) bool { return o.ID == m.ID })
	switch {
	case ctx.Err() != nil || l.dead.Load() || l.chance(.05):
		return errInjected // and nobody knows that it was not delivered
	case l.chance(.03): // it outlives its lease
		l.sleep(l.t.Context(), 2*time.Minute)
		return errInjected
	case l.chance(.1):
		return fmt.Errorf("try later: %w", channel.ErrUnavailable)
	// A provider that took a message does not refuse it the next time.
	case l.chance(.03) && !got:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.refused[m.ID] = true
		return fmt.Errorf("no such address: %w", channel.ErrRejected)
	}
	err := l.provider.Send(ctx, m)
	if l.chance(.3) {
		l.pause(ctx, 3*time.Second)
	}
	if l.chance(.05) || l.dead.Load() {
		return errInjected // and nobody knows that it was delivered
	}
	return err
}
