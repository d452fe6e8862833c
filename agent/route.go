package agent

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// routeTime is the longest that a router may take.
const routeTime = 10 * time.Second

// route passes the conversation to people: to whom the router says, or to
// everybody if it fails. The customer is told once, in the same transaction.
func (t *turn) route(ctx context.Context) error {
	packet := t.packet()
	ctx, cancel := context.WithTimeout(ctx, routeTime)
	defer cancel()
	var to handoff.Assignment
	err := guarded(func() (err error) {
		to, err = t.agent.cfg.Router.Route(ctx, packet)
		return err
	})
	if err != nil {
		to = handoff.Assignment{}
		t.finding("the router failed, so everybody has it: %v", err)
	}
	t.conv.Owner, t.conv.Team, t.conv.Person = channel.Queued, to.Team, ""
	t.conv.Memory.Packet = &packet
	t.conv.Memory.Asking, t.conv.Memory.Options = "", nil
	t.record(HandedOver, string(channel.Agent), "%s, to %q", packet.Reason, to.Team)
	if t.Decision.Handoff == handoff.IgnoredSender || t.Decision.Rule == onlySuggests {
		return nil
	}
	if t.Text = cmp.Or(t.farewell, to.Message); t.Text == "" {
		t.Text = t.fill(t.texts().handOff(t.Decision.Handoff))
	}
	return nil
}

// packet is what the people who take over are told.
func (t *turn) packet() handoff.Packet {
	p := handoff.Packet{
		Conversation: t.conv.ID, Channel: t.conv.Channel, At: t.now,
		Reason: t.Decision.Handoff, Rule: t.Decision.Rule, Team: t.team, Question: t.Question,
		Customer: handoff.Customer{
			ID: t.customer.ID, Name: t.customer.Name, Email: t.customer.Email, Phone: t.customer.Phone,
			Trust: t.customer.Trust.String(),
		},
		Tried: t.options(),
	}
	if held := t.conv.Memory.Proposed; held != nil {
		p.Proposed = &handoff.Proposal{Call: held.Key, Action: held.Name, Arguments: held.Arguments, Text: held.Text}
	}
	for _, g := range t.conv.Memory.Goals {
		if len(g.Found) > 0 || g.Fact != "" {
			p.Goals = append(p.Goals, handoff.Goal{Name: g.Goal, State: g.Fact, Found: slices.Clone(g.Found)})
		}
	}
	for _, m := range t.history {
		p.Transcript = append(p.Transcript, line(m))
	}
	for _, m := range t.burst {
		p.Transcript = append(p.Transcript, line(m.Message))
	}
	return p
}

func line(m channel.Message) handoff.Line {
	return handoff.Line{Author: string(m.Author), Text: clip(m.Text, historyText), At: m.At}
}
