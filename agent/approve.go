package agent

import (
	"context"
	"errors"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// ErrNoCall is returned by Approve and Reject for a call that does not wait for
// approval, or does so no longer.
var ErrNoCall = errors.New("agent: no such call waits for approval")

// Approve makes the call that a conversation's Memory.Proposed and its packet
// name, by HeldCall.Key, on the word of a person of the company. It is made once:
// the approval is stored before, and of a call whose end could not be stored,
// Proposed keeps who approved it. Only what is idempotent may then be approved
// again. The policy judges it once more, but for the customer's yes. What came of
// it is returned for the person to say; the customer is told nothing.
func (a *Agent) Approve(ctx context.Context, conversation, call, person string) (CallResult, error) {
	var t *turn
	var held HeldCall
	err := a.change(ctx, conversation, func(c *change) error {
		proposed, err := c.proposed(call)
		if err != nil {
			return err
		}
		if proposed.Approved != "" && !a.idempotent(proposed.Name) {
			return ErrNoCall
		}
		held = *proposed
		held.Approved = person
		c.Conversation.Memory.Proposed = &held
		c.record(ActionApproved, person, describe(CallResult{Call: held.Call, Key: held.Key}))
		t = a.approved(c.Conversation, held)
		return nil
	})
	if err != nil {
		return CallResult{}, err
	}
	// What was approved is brought to its end, also if the caller goes away.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Duration(a.rules.Limits.TurnTime))
	defer cancel()
	t.consult(ctx, held.Party)
	r := t.perform(ctx, &proposal{Call: held.Call, key: held.Key, confirmed: true, approved: true, customer: held.Customer})
	return r, a.change(ctx, conversation, func(c *change) error {
		m := &c.Conversation.Memory
		m.Done, m.Results, m.ActionFailures = t.conv.Memory.Done, t.conv.Memory.Results, t.conv.Memory.ActionFailures
		switch p := m.Proposed; {
		case p == nil || p.Key != call:
		case r.Refused != "" && r.Check != "failed": // it did not run, and may later
			waits := *p
			waits.Approved, m.Proposed = "", &waits
		default:
			c.dropCalls()
		}
		c.Records = append(c.Records, t.commit.Records...)
		return nil
	})
}

// approved returns a turn in which a call is judged for the customer for whom it
// was proposed. It never becomes a turn of the conversation.
func (a *Agent) approved(c Conversation, held HeldCall) *turn {
	t := newTurn(a, Work{Conversation: c})
	t.actor, t.whoIs = held.Approved, held.Who
	t.conv.Memory.Failures, t.conv.Memory.Committed = 0, t.conv.Epoch-1 // nothing was begun before
	return t
}

func (a *Agent) idempotent(name string) bool {
	act := a.actions[name]
	return act != nil && act.Idempotent
}

// Reject drops a call that waits for approval.
func (a *Agent) Reject(ctx context.Context, conversation, call, person string) error {
	return a.change(ctx, conversation, func(c *change) error {
		proposed, err := c.proposed(call)
		if err != nil {
			return err
		}
		c.record(ActionRejected, person, describe(CallResult{Call: proposed.Call, Key: proposed.Key}))
		c.dropCalls()
		return nil
	})
}

// proposed returns the call that waits for approval under this key.
func (c *change) proposed(key string) (*HeldCall, error) {
	p := c.Conversation.Memory.Proposed
	if p == nil || p.Key != key || c.Conversation.Owner == channel.Closed {
		return nil, ErrNoCall
	}
	return p, nil
}

// dropCalls forgets the calls that wait for a yes.
func (c *change) dropCalls() {
	m := &c.Conversation.Memory
	m.Pending, m.Proposed = nil, nil
	if m.Packet != nil {
		packet := *m.Packet
		packet.Proposed, m.Packet = nil, &packet
	}
}
