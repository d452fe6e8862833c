// Package preview shows what a draft of an agent's settings would do, before it
// is published: turn by turn ([Preview]), over recorded conversations ([Replay]),
// and how much of it any conversation has exercised ([Coverage]).
//
// Nothing that a preview does leaves it. It sends nothing, mails no codes, calls
// no action, charges nothing, and keeps its conversations to itself. The host's
// knowledge and CRM are read, and its model is called and costs what it costs.
package preview

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Preview is a company's agent under a draft of its settings, with
// conversations of its own, which it forgets when it is dropped. Its methods may
// be called from many goroutines.
type Preview struct {
	desk  *agent.Agent
	codes *mailbox

	channels []string
	price    credits.Amount
	made     chan agent.Turn // by Run, at most one

	mu sync.Mutex // held for a turn
}

// A Turn is what the agent would make of a message.
type Turn struct {
	// Turn holds the answer, the decision with its evidence and the guidelines that
	// fired, what the model used, and the calls with what they would have done.
	agent.Turn
	// Owner is who would have the conversation now, and Team whose queue it would
	// be in. Only a *handoff.Rules is asked for the team: any other router
	// may do more than answer.
	Owner channel.Owner
	Team  string
	// Charge is what the turn would have been charged.
	Charge credits.Amount
	// Code is the one-time code that would have been mailed. Nil is none.
	Code *agent.Code
	// Records are what the audit would say.
	Records []agent.Record
}

// New returns a Preview of draft over the parts of cfg, or every fault of the two,
// joined. Of cfg.Channels only what they are called and can carry is looked at.
func New(cfg agent.Config, draft agent.Settings) (*Preview, error) {
	cfg.DryRun = true
	cfg.Channels = slices.Clone(cfg.Channels)
	for i, c := range cfg.Channels {
		if c != nil { // else agent.New has a word for it
			cfg.Channels[i] = channel.NewMemory(c.Name(), c.Capabilities())
		}
	}
	return open(cfg, draft, agent.NewMemoryStore())
}

// open returns a Preview over a store of its own, in which the actions of cfg run.
func open(cfg agent.Config, draft agent.Settings, store agent.Store) (*Preview, error) {
	p := &Preview{codes: &mailbox{}, price: draft.Price, made: make(chan agent.Turn, 1)}
	for _, c := range cfg.Channels {
		if c != nil {
			p.channels = append(p.channels, c.Name())
		}
	}
	draft.Limits.Quiet = 1 // nobody writes in bursts
	cfg.Settings, cfg.Store, cfg.Observer = draft, store, agent.ObserverFunc(p.observe)
	cfg.Meter, cfg.Limiter = nil, nil
	if cfg.Codes != nil {
		cfg.Codes = p.codes
	}
	if _, pure := cfg.Router.(*handoff.Rules); !pure {
		cfg.Router = nil
	}
	if _, edits := cfg.CRM.(agent.Editor); edits {
		cfg.CRM = untouched{cfg.CRM}
	}
	var err error
	p.desk, err = agent.New(cfg)
	return p, err
}

// Agent returns the agent itself, with which people can take, return and close the
// conversations of the preview, and its Archive. It must not be Run.
func (p *Preview) Agent() *agent.Agent { return p.desk }

// Reply returns what the agent would make of a message on a channel. The channel
// is one of those of the Config, or agent.Direct. Messages of one Thread are one
// conversation; an empty one is made up, and so is the ID of every message. A turn
// that fails is tried again as it would be, until people would get it; on
// agent.Direct its error is returned.
func (p *Preview) Reply(ctx context.Context, channelName string, m channel.Message) (Turn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.ID = rand.Text(); m.Thread == "" {
		m.Thread = m.ID
	}
	before, records, err := p.look(ctx, channelName, m.Thread, 0)
	if err != nil {
		return Turn{}, err
	}
	seen := int64(0)
	if len(records) > 0 {
		seen = records[len(records)-1].Seq
	}
	p.codes.take()
	made, err := p.attend(ctx, channelName, m)
	if err != nil {
		return Turn{}, err
	}
	after, records, err := p.look(ctx, channelName, m.Thread, seen)
	if err != nil {
		return Turn{}, err
	}
	if d := after.Memory.Draft; made.Held && d != nil { // Agent.Reply leaves it out, for nobody has sent it
		made.Text, made.Citations = d.Text, d.Citations
	}
	t := Turn{Turn: made, Owner: after.Owner, Team: after.Team, Records: records, Code: p.codes.take()}
	if after.Memory.Paid && (!before.Memory.Paid || before.Opening != after.Opening) {
		t.Charge = p.price
	}
	return t, nil
}

// attend makes a turn of a message. For that the agent serves its channels until
// the turn is made.
func (p *Preview) attend(ctx context.Context, channelName string, m channel.Message) (agent.Turn, error) {
	if channelName == agent.Direct {
		return p.desk.Reply(ctx, m)
	}
	if !slices.Contains(p.channels, channelName) {
		return agent.Turn{}, fmt.Errorf("preview: there is no channel %q", channelName)
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.desk.Run(ctx) }()
	defer func() {
		cancel()
		<-ended
	}()
	if err := p.desk.Receive(ctx, channelName, m); err != nil {
		return agent.Turn{}, err
	}
	select {
	case turn := <-p.made:
		return turn, nil
	case err := <-ended:
		ended <- err
		return agent.Turn{}, err
	}
}

// observe takes the turns that Run makes. Nobody waits for those of Agent.Reply.
func (p *Preview) observe(_ context.Context, e agent.Event) {
	if e.Turn == nil {
		return
	}
	select {
	case <-p.made: // one that came too late to be waited for
	default:
	}
	p.made <- *e.Turn
}

// look returns a conversation, and the audit of it after a Seq.
func (p *Preview) look(ctx context.Context, channelName, thread string, after int64) (c agent.Conversation, records []agent.Record, err error) {
	for c, err = range p.desk.Archive().Conversations(ctx, agent.Filter{Channel: channelName, Thread: thread, Limit: 1}) {
		if err != nil {
			return c, nil, err
		}
	}
	if c.ID == "" {
		return c, nil, nil
	}
	for r, err := range p.desk.Archive().Records(ctx, c.ID, after) {
		if err != nil {
			return c, nil, err
		}
		records = append(records, r)
	}
	return c, records, nil
}
