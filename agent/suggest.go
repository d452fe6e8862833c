package agent

import (
	"context"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Suggest returns what the agent would answer to the customer's latest question,
// for a person to read. It may be asked of any conversation at any time, also of
// one that a person has, that is closed, or whose channel the agent is off on,
// and needs no Run. Nothing is stored, sent, charged or counted, no lease is
// taken, and of the actions only those run that read. The turn has no ID, its Text
// no disclosure, and where it would not answer, its Decision says why.
func (a *Agent) Suggest(ctx context.Context, conversation string) (Turn, error) {
	conv, err := a.Conversation(ctx, conversation)
	if err != nil {
		return Turn{}, err
	}
	var messages []Message
	for m, err := range a.cfg.Store.Messages(ctx, conversation, conv.Memory.Since) {
		if err != nil {
			return Turn{}, err
		}
		messages = append(messages, m)
	}
	first, last := latest(messages)
	ctx, cancel := context.WithTimeout(ctx, time.Duration(a.rules.Limits.TurnTime))
	defer cancel()
	t := suggestion(a, conv, messages[max(0, first-historyLength):last])
	if err := guarded(func() error { return t.steps(ctx) }); err != nil {
		return Turn{}, err
	}
	t.Ended = time.Now()
	t.Cost = a.rules.TokenPrice.of(t.Usage)
	return *t.Turn, nil
}

// suggestion returns a turn that changes nothing, about the latest question in
// some messages.
func suggestion(a *Agent, c Conversation, messages []Message) *turn {
	c.Memory.Task = &Task{}
	c.Memory.Failures, c.Memory.Committed = 0, c.Epoch-1 // no turn has begun
	t := newTurn(a, Work{Conversation: c, Messages: messages})
	t.ID, t.suggesting = "", true
	return t
}

// latest returns where the customer's latest question begins and ends: their last
// messages without one of somebody else between them. Without any, both are the
// end.
func latest(messages []Message) (first, last int) {
	for last = len(messages); last > 0 && messages[last-1].Author != channel.Customer; {
		last--
	}
	if last == 0 {
		return len(messages), len(messages)
	}
	for first = last; first > 0 && (messages[first-1].Author == channel.Customer || messages[first-1].Author == channel.System); {
		first--
	}
	return first, last
}
