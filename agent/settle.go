package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// openingKey is the cause under which the opening is charged. One that was
// given back is another cause when it is held again.
func (c *Conversation) openingKey() string {
	return fmt.Sprintf("%s/%d.%d", c.ID, c.Opening, c.Memory.Releases)
}

// release gives back what is held for the opening. If it is perhaps held, by an
// attempt that did not come to its commit, the meter may not know of it.
func (c *Conversation) release(perhaps bool) {
	m := &c.Memory
	if m.Held == 0 && !perhaps || m.Paid {
		return
	}
	m.Charges = append(slices.Clone(m.Charges), Charge{Key: c.openingKey()})
	m.Held = 0
	m.Releases++
}

// spend charges what is held for the opening.
func (c *Conversation) spend() {
	m := &c.Memory
	if m.Held == 0 {
		return
	}
	m.Charges = append(slices.Clone(m.Charges), Charge{c.openingKey(), m.Held})
	m.Held, m.Paid = 0, true
}

// answers reports whether the turn answers from evidence.
func (t *turn) answers() bool { return t.Decision.Kind == Answer && len(t.Decision.Evidence) > 0 }

// pay holds the price of the opening, unless it is held or paid, and hands the
// conversation over if the credits do not cover it.
func (t *turn) pay(ctx context.Context) error {
	price, m := t.agent.rules.Price, &t.conv.Memory
	if price == 0 || m.Paid || m.Held > 0 {
		return nil
	}
	hold := credits.Hold{Key: t.conv.openingKey(), Kind: "conversation", Max: price}
	err := t.agent.cfg.Meter.Hold(ctx, hold)
	if errors.Is(err, credits.ErrInsufficient) {
		t.handOver(handoff.Limits, "out of credits", "The credits do not cover another conversation.")
		return nil
	}
	if err == nil {
		m.Held = price
	}
	return err
}

// charge decides what becomes of the hold on this opening. The meter is told by
// the next piece of work, after this one is durable, so that a crash between
// the two repeats a settlement, which has no effect, and never loses one.
func (t *turn) charge() {
	switch {
	case t.answers() && t.direct(): // else when a person sends it
		t.conv.spend()
	case t.Decision.Kind == HandOver:
		t.conv.release(t.agent.rules.Price > 0 && t.begunBefore())
	}
}

// settleCharges tells the meter what earlier work decided. Repeats of a key
// have no effect, so it may run again after a crash. What cannot be settled now
// is kept for the next piece of work.
func (t *turn) settleCharges(ctx context.Context) error {
	charges := t.conv.Memory.Charges
	t.conv.Memory.Charges = nil
	var faults []error
	for _, c := range charges {
		err := t.agent.cfg.Meter.Settle(ctx, c.Key, c.Amount)
		switch {
		case errors.Is(err, credits.ErrUnknownHold), errors.Is(err, credits.ErrAboveHold), errors.Is(err, credits.ErrInsufficient):
			// No later attempt can succeed.
			t.record(CreditsSettled, string(channel.Agent), "%s: %v", c.Key, err)
		case err != nil:
			faults = append(faults, fmt.Errorf("agent: settle %s: %w", c.Key, err))
			t.conv.Memory.Charges = append(t.conv.Memory.Charges, c)
		default:
			t.record(CreditsSettled, string(channel.Agent), "%s: %d", c.Key, c.Amount)
		}
	}
	return errors.Join(faults...)
}
