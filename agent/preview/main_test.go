package preview_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// knowledge has one page, of returns.
func knowledge(t *testing.T) agent.Retriever {
	k, err := retrieval.New(t.Context(), retrieval.Config{})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(), retrieval.Document{
		ID: "returns.md", Title: "Returns",
		Sections: []retrieval.Section{{Text: "You can return an item within 30 days of delivery."}},
	}))
	return k
}

// forbidden is everything that a preview must leave alone.
type forbidden struct{ t *testing.T }

func (f forbidden) fail(what string) error {
	f.t.Errorf("a preview must not %s", what)
	return errors.New(what)
}

func (f forbidden) SendCode(context.Context, agent.Code) error           { return f.fail("mail") }
func (f forbidden) Hold(context.Context, credits.Hold) error             { return f.fail("hold") }
func (f forbidden) Settle(context.Context, string, credits.Amount) error { return f.fail("settle") }
func (f forbidden) Allow(context.Context, agent.Use) (bool, error)       { return false, f.fail("count") }
func (f forbidden) Observe(context.Context, agent.Event)                 { _ = f.fail("tell") }
func (f forbidden) Update(context.Context, agent.Edit) error             { return f.fail("edit") }
func (f forbidden) Run(context.Context, agent.ActionCall) (json.RawMessage, error) {
	return nil, f.fail("act")
}
func (f forbidden) Receive(context.Context, agent.Inbound) (agent.Receipt, error) {
	return agent.Receipt{}, f.fail("store")
}
func (f forbidden) Claim(context.Context, agent.Claim) (agent.Work, error) {
	return agent.Work{}, f.fail("claim")
}
func (f forbidden) Route(context.Context, handoff.Packet) (handoff.Assignment, error) {
	return handoff.Assignment{}, f.fail("route")
}

func (f forbidden) Customer(_ context.Context, p channel.Party) (agent.Customer, error) {
	if p.Email != "ada@example.com" {
		return agent.Customer{}, agent.ErrUnknownCustomer
	}
	return agent.Customer{ID: "c1", Email: p.Email, Name: "Ada", Properties: map[string]any{"city": "London"}}, nil
}

// A closedStore is not to be touched, whatever else a Store has.
type closedStore struct {
	agent.Store // nil: a call that is not below panics
	f           forbidden
}

func (s closedStore) Receive(ctx context.Context, in agent.Inbound) (agent.Receipt, error) {
	return s.f.Receive(ctx, in)
}

func (s closedStore) Claim(ctx context.Context, c agent.Claim) (agent.Work, error) {
	return s.f.Claim(ctx, c)
}

// line is a channel that must not be used.
type line struct{ *channel.Memory }

// action is one that changes something.
func action(t *testing.T) agent.Action {
	return agent.Action{
		Name: "cancel_order", Description: "Cancels an order.", Triggers: []string{"cancel my order"},
		Schema: []byte(`{"type":"object","properties":{"order":{"type":"string"}},"required":["order"]}`),
		Risk:   agent.LowImpactWrite, Run: forbidden{t}.Run,
	}
}

// config has everything, and lets a preview read alone.
func config(t *testing.T) agent.Config {
	f := forbidden{t}
	chat := channel.NewMemory("chat", channel.Capabilities{Links: true, Idempotent: true})
	chat.Fail = func(channel.Message) error { return f.fail("send") }
	return agent.Config{
		Knowledge: knowledge(t), Store: closedStore{f: f}, Channels: []agent.Channel{line{chat}},
		Meter: f, Limiter: f, Observer: f, Codes: f, CRM: f, Router: f, Actions: []agent.Action{action(t)},
	}
}

// proposing is a Model that proposes a call at first, and then says something.
func proposing(name, arguments, then string) agent.Model {
	return agent.ModelFunc(func(_ context.Context, r agent.Request) iter.Seq2[agent.Delta, error] {
		return func(yield func(agent.Delta, error) bool) {
			d := agent.Delta{Text: then, Usage: agent.Usage{InputTokens: 10, OutputTokens: 1}}
			if len(r.Results) == 0 {
				d.Text, d.Call = "", &agent.Call{ID: "1", Name: name, Arguments: json.RawMessage(arguments)}
			}
			yield(d, nil)
		}
	})
}
