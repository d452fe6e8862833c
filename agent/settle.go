package agent

import (
	"context"
	"errors"
	"fmt"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// openingKey is the cause under which an opening is charged.
func (t *turn) openingKey() string {
	return fmt.Sprintf("%s/%d", t.conv.ID, t.conv.Opening)
}

// charge decides what becomes of the hold on this opening. The meter is told by
// the next piece of work, after this one is durable, so that a crash between
// the two repeats a settlement, which has no effect, and never loses one.
func (t *turn) charge() {
	switch t.Decision.Kind {
	case Answer:
		if t.conv.Memory.Hold != "" && len(t.Decision.Evidence) > 0 {
			t.conv.Memory.Charges = append(t.conv.Memory.Charges, Charge{t.conv.Memory.Hold, t.agent.rules.Price})
			t.conv.Memory.Hold = ""
		}
	case HandOver:
		t.release()
	}
}

// release gives back what is held for the opening and not yet charged.
func (t *turn) release() {
	if t.conv.Memory.Hold != "" {
		t.conv.Memory.Charges = append(t.conv.Memory.Charges, Charge{Key: t.conv.Memory.Hold})
		t.conv.Memory.Hold = ""
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
		case errors.Is(err, credits.ErrUnknownHold), errors.Is(err, credits.ErrAboveHold):
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
