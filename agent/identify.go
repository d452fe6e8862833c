package agent

import (
	"context"
	"errors"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// crmTime is the longest that a CRM may take.
const crmTime = 5 * time.Second

// identify finds out who asks.
func (t *turn) identify(ctx context.Context) error {
	t.lookUp(ctx)
	return nil
}

// lookUp asks the CRM who writes. A CRM that fails leaves the customer unknown:
// less is known then, and never more.
func (t *turn) lookUp(ctx context.Context) {
	party := t.party()
	t.raised = false
	if id := t.conv.Memory.Identity; party.Trust < channel.EmailVerified && id.verified(party, time.Now()) {
		// Nothing else that the channel asserts may be believed as much.
		party = channel.Party{Name: party.Name, Email: id.Email, Trust: channel.EmailVerified}
		t.raised = true
	}
	t.consult(ctx, party)
}

// consult asks the CRM for a party.
func (t *turn) consult(ctx context.Context, party channel.Party) {
	t.believed = party
	ctx, cancel := context.WithTimeout(ctx, crmTime)
	defer cancel()
	var customer Customer
	err := guarded(func() (err error) {
		customer, err = t.agent.cfg.CRM.Customer(ctx, party)
		return err
	})
	t.crmFailed = err != nil && !errors.Is(err, ErrUnknownCustomer)
	if t.crmFailed {
		t.finding("the CRM failed: %v", err)
	}
	if err != nil {
		customer = bare(party)
	}
	customer.Trust = party.Trust
	t.knows(customer)
	t.speak() // the customer's own language is known now
}

// party returns who wrote the burst. If several did, nobody is believed to be
// any of them.
func (t *turn) party() channel.Party {
	if len(t.burst) == 0 {
		return t.believed
	}
	party := t.burst[0].From
	for _, m := range t.burst[1:] {
		if !samePerson(m.From, party) {
			return channel.Party{}
		}
		party.Trust = min(party.Trust, m.From.Trust)
	}
	return party
}
