package agent

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// approving is a Config whose model wants to refund order 7, with a person's
// approval.
func approving(t *testing.T, runs map[string]int, more func(*Action)) Config {
	act := counted(t, "refund", runs, func(a *Action) {
		a.Risk = ApprovalRequired
		if more != nil {
			more(a)
		}
	})
	return Config{Actions: []Action{act}, Model: proposing(propose("refund", `{"order":"7","amount":20}`), "Done.")}
}

func TestApproval(t *testing.T) {
	runs := map[string]int{}
	opened(t, approving(t, runs, func(a *Action) { a.Confirm, a.Limits.PerConversation = true, 1 }), func(d *desk) {
		ctx := d.t.Context()
		d.write("t1", "How do I return it?")
		d.write("t1", "yes")
		c := d.conversation("t1")
		require.Equal(d.t, channel.Queued, c.Owner, "after the customer's yes, people have it")
		require.Equal(d.t, handoff.Policy, c.Memory.Packet.Reason)
		held := c.Memory.Packet.Proposed
		require.JSONEq(d.t, `{"order":"7","amount":20}`, string(held.Arguments))
		require.Contains(d.t, c.Memory.Packet.String(), "- amount: 20\n")
		require.Empty(d.t, runs)

		_, err := d.Approve(ctx, c.ID, "another", "Bo")
		require.ErrorIs(d.t, err, ErrNoCall)
		r, err := d.Approve(ctx, c.ID, held.Call, "Bo")
		require.NoError(d.t, err)
		require.Empty(d.t, r.Refused)
		require.Equal(d.t, map[string]int{"7": 1}, runs)
		_, err = d.Approve(ctx, c.ID, held.Call, "Bo")
		require.ErrorIs(d.t, err, ErrNoCall, "once")
		require.ErrorIs(d.t, d.Reject(ctx, c.ID, held.Call, "Bo"), ErrNoCall)
		require.Equal(d.t, map[string]int{"7": 1}, runs)
		c = d.conversation("t1")
		require.Nil(d.t, c.Memory.Proposed)
		require.Nil(d.t, c.Memory.Packet.Proposed)
		require.Equal(d.t, channel.Queued, c.Owner, "the conversation stays with people")
		var by []string
		for _, r := range collect(d.t, d.Archive().Records(ctx, c.ID, 0)) {
			if r.Kind == ActionApproved || r.Kind == ActionDone {
				by = append(by, r.Kind+" by "+r.Actor)
			}
		}
		require.Equal(d.t, []string{"action.approved by Bo", "action.done by Bo"}, by)
	})
}

func TestRejectedAndDroppedCallsDoNotRun(t *testing.T) {
	for name, drop := range map[string]func(d *desk, c Conversation, call string) error{
		"rejected": func(d *desk, c Conversation, call string) error { return d.Reject(d.t.Context(), c.ID, call, "Bo") },
		"returned": func(d *desk, c Conversation, _ string) error { return d.Return(d.t.Context(), c.ID, "Bo") },
		"closed":   func(d *desk, c Conversation, _ string) error { return d.Close(d.t.Context(), c.ID, "Bo") },
	} {
		t.Run(name, func(t *testing.T) {
			runs := map[string]int{}
			opened(t, approving(t, runs, nil), func(d *desk) {
				d.write("t1", "How do I return it?")
				c := d.conversation("t1")
				call := c.Memory.Proposed.Key
				require.NoError(d.t, drop(d, c, call))
				_, err := d.Approve(d.t.Context(), c.ID, call, "Bo")
				require.ErrorIs(d.t, err, ErrNoCall)
				require.Empty(d.t, runs)
			})
		})
	}
}

// TestAnApprovedCallIsHeldToThePolicy approves what is not allowed any more.
func TestAnApprovedCallIsHeldToThePolicy(t *testing.T) {
	runs, models := map[string]int{}, 0
	cfg := approving(t, runs, nil)
	inner := cfg.Model
	cfg.Model = ModelFunc(func(ctx context.Context, r Request) iter.Seq2[Delta, error] {
		models++
		return inner.Generate(ctx, r)
	})
	opened(t, cfg, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.actions["refund"].off = true
		c := d.conversation("t1")
		require.Equal(d.t, 1, models, "the model is not asked again once people have it")
		r, err := d.Approve(d.t.Context(), c.ID, c.Memory.Proposed.Key, "Bo")
		require.NoError(d.t, err)
		require.Equal(d.t, "known", r.Check)
		require.Empty(d.t, runs)
		d.actions["refund"].off = false
		crm := d.cfg.CRM
		d.cfg.CRM = somebody{}
		r, err = d.Approve(d.t.Context(), c.ID, c.Memory.Proposed.Key, "Bo")
		require.NoError(d.t, err)
		require.Equal(d.t, "identity", r.Check, "the customer is another one now")
		d.cfg.CRM = crm
		r, err = d.Approve(d.t.Context(), c.ID, c.Memory.Proposed.Key, "Bo")
		require.NoError(d.t, err)
		require.Empty(d.t, r.Check, "what was refused may be approved again")
		require.Equal(d.t, 1, runs["7"])
	})
}

// lossy is a Store whose nth commit from now is stored, and said to have failed.
type lossy struct {
	Store
	in int
}

func (l *lossy) Commit(ctx context.Context, c Commit) error {
	err := l.Store.Commit(ctx, c)
	if l.in--; l.in == 0 && err == nil {
		return errors.New("timeout")
	}
	return err
}

func TestAnApprovalWhoseEndIsNotKnownIsNotRepeated(t *testing.T) {
	for _, test := range []struct {
		name       string
		in         int
		idempotent bool
		ran, again int
	}{
		{"the approval", 1, false, 0, 0},
		{"the approval, idempotent", 1, true, 0, 1},
		{"the result", 2, false, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			runs := map[string]int{}
			store := &lossy{Store: NewMemoryStore()}
			cfg := approving(t, runs, func(a *Action) { a.Idempotent = test.idempotent })
			cfg.Store = store
			opened(t, cfg, func(d *desk) {
				d.write("t1", "How do I return it?")
				c := d.conversation("t1")
				store.in = test.in
				_, err := d.Approve(d.t.Context(), c.ID, c.Memory.Proposed.Key, "Bo")
				require.ErrorContains(d.t, err, "timeout")
				require.Equal(d.t, test.ran, runs["7"])
				if p := d.conversation("t1").Memory.Proposed; test.in == 1 {
					require.Equal(d.t, "Bo", p.Approved, "people see that it may have run")
				}
				_, _ = d.Approve(d.t.Context(), c.ID, c.Memory.Proposed.Key, "Cy")
				require.Equal(d.t, test.again, runs["7"])
			})
		})
	}
}

// somebody is a CRM that takes everybody for one customer.
type somebody struct{}

func (somebody) Customer(context.Context, channel.Party) (Customer, error) {
	return Customer{ID: "99"}, nil
}
