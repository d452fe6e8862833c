package agent

import (
	"context"
	"errors"
)

// identify finds out who asks. A CRM that fails leaves the customer unknown:
// less is known then, and never more.
func (t *turn) identify(ctx context.Context) error {
	party := t.newest().From
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
	return nil
}
