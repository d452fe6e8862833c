package agenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A stage is where a play is played: an agent in virtual time and all the world
// around it.
type stage struct {
	*world
	t      *testing.T
	ctx    context.Context
	play   *play
	desk   *agent.Agent
	ledger *credits.Ledger // nil if all is free
	model  *prompter
	lines  map[string]*channel.Memory // by the name of the channel
	quiet  time.Duration
	last   map[string]channel.Message // by thread
	seen   seen
}

// newStage must be called inside the bubble.
func newStage(t *testing.T, p *play, opts ScriptOptions) *stage {
	if !p.start.IsZero() {
		<-time.After(time.Until(p.start))
	}
	var cfg agent.Config
	if opts.Config != nil {
		cfg = opts.Config(t)
	}
	s := &stage{
		world: newWorld(opts.Turn), t: t, play: p, model: &prompter{t: t, file: p.name},
		last: map[string]channel.Message{}, lines: map[string]*channel.Memory{}, seen: newSeen(),
	}
	if p.settings != nil {
		require.NoError(t, json.NewDecoder(bytes.NewReader(p.settings)).Decode(&cfg.Settings))
	}
	if len(p.documents) > 0 || cfg.Knowledge == nil {
		k, err := retrieval.New(t.Context(), retrieval.Config{})
		require.NoError(t, err)
		require.NoError(t, k.Add(t.Context(), p.documents...))
		cfg.Knowledge = k
	}
	if p.customers != nil {
		cfg.CRM = &book{customers: p.customers}
	}
	if cfg.Model = nil; p.scripted {
		cfg.Model = s.model
	}
	if cfg.Meter = nil; p.metered {
		ledger, err := credits.NewLedger(credits.Config{})
		require.NoError(t, err)
		s.ledger, cfg.Meter = ledger, ledger
	}
	// Mail drops nothing and shows no links, the least that a channel does.
	for name, caps := range map[string]channel.Capabilities{"chat": {Idempotent: true, Links: true}, "mail": {}} {
		line := channel.NewMemory(name, caps)
		line.Fail = func(channel.Message) error { return s.fault(name, channel.ErrUnavailable) }
		s.lines[name] = line
	}
	cfg.Channels = []agent.Channel{s.lines["chat"], s.lines["mail"]}
	cfg.Store, cfg.Observer = agent.NewMemoryStore(), s
	s.surround(&cfg)
	// Nothing waits for a tick but timers, and a script may wait for days.
	cfg.Tick = time.Second
	s.quiet = max(time.Duration(cfg.Settings.Limits.Quiet), 500*time.Millisecond)
	desk, err := agent.New(cfg)
	require.NoErrorf(t, err, "%s: the agent can be made", p.name)
	s.desk = desk
	return s
}

// perform plays the paragraphs, one after the other, and compares what comes of each.
func (s *stage) perform(update bool) {
	ctx, stop := context.WithCancel(s.t.Context())
	s.ctx = ctx
	done := make(chan error, 1)
	go func() { done <- s.desk.Run(ctx) }()
	synctest.Wait()
	for _, para := range s.play.paragraphs {
		for _, m := range slices.Concat(para.model, para.moves) {
			s.model.paragraph = m.line
			if err := m.make(s); err != nil {
				s.t.Error(&lineError{s.play.name, m.line, err})
			}
		}
		if len(para.moves) > 0 {
			// The burst ends, its turn is made, and a second is left for what follows.
			require.NoError(s.t, s.pass(s.quiet+time.Second))
		}
		para.got = s.outcome()
		if err := para.compare(s.play.name); err != nil && !update {
			s.t.Error(err)
		}
	}
	stop()
	require.ErrorIs(s.t, <-done, context.Canceled)
	if err := s.model.left(); err != nil {
		s.t.Error(err)
	}
}

// pass lets time pass.
func (s *stage) pass(d time.Duration) error {
	select {
	case <-time.After(d):
		synctest.Wait()
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// deliver brings a message of a customer, or the one before once more.
func (s *stage) deliver(r *role, m channel.Message, again bool) error {
	if last, ok := s.last[r.name]; ok && again {
		m = last
	} else {
		s.numbered++
		m.ID = fmt.Sprint("message ", s.numbered)
		m.Text = s.withCode(m.Text)
	}
	s.last[r.name] = m
	return s.lines[r.channel].Deliver(s.ctx, m)
}

// conversation returns the ID of the conversation of a customer, empty if there
// is none yet.
func (s *stage) conversation(r *role) string {
	for c, err := range s.desk.Archive().Conversations(s.ctx, agent.Filter{Channel: r.channel, Thread: r.name}) {
		if err == nil {
			return c.ID
		}
	}
	return ""
}

// Observe implements agent.Observer.
func (s *stage) Observe(_ context.Context, e agent.Event) {
	if e.Turn != nil && s.turn != nil {
		s.turn(*e.Turn)
	}
}

var errDown = errors.New("it is down")
