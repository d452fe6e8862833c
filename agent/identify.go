package agent

import (
	"context"
	"errors"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// crmTime is the longest that a CRM may take.
const crmTime = 5 * time.Second

// identify finds out who asks. A CRM that fails leaves the customer unknown:
// less is known then, and never more.
func (t *turn) identify(ctx context.Context) error {
	party := t.party()
	ctx, cancel := context.WithTimeout(ctx, crmTime)
	defer cancel()
	var customer Customer
	err := guarded(func() (err error) {
		customer, err = t.agent.cfg.CRM.Customer(ctx, party)
		return err
	})
	if err != nil {
		if !errors.Is(err, ErrUnknownCustomer) {
			t.finding("the CRM failed: %v", err)
		}
		customer = Customer{Name: party.Name, Email: party.Email, Phone: party.Phone}
	}
	customer.Trust = party.Trust
	t.customer = customer
	t.speak() // the customer's own language is known now
	return nil
}

// party returns who wrote the burst. If several did, nobody is believed to be
// any of them.
func (t *turn) party() channel.Party {
	party := t.burst[0].From
	for _, m := range t.burst[1:] {
		if m.From.ID != party.ID || m.From.Email != party.Email || m.From.Phone != party.Phone {
			return channel.Party{}
		}
		party.Trust = min(party.Trust, m.From.Trust)
	}
	return party
}
