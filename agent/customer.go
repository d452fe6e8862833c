package agent

import (
	"context"
	"errors"
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
)

// ErrUnknownCustomer is returned by a CRM for a party that it does not know.
var ErrUnknownCustomer = errors.New("agent: unknown customer")

// A Customer is who a CRM says a party is.
type Customer struct {
	// ID is the CRM's.
	ID    string
	Name  string
	Email string
	// Phone is in E.164 form.
	Phone string
	// Language is the one the customer is known to speak, a BCP 47 tag.
	Language string
	// Audiences are the ones whose content the customer may be told of.
	Audiences []string
	// Trust is how well the party's identity is known. The engine sets it from
	// the channel; a CRM leaves it alone.
	Trust channel.Trust
}

// A Directory is a CRM of the customers it lists. It matches by ID where the
// party's identity is signed, and by e-mail address or phone number where the
// channel at least asserts them.
type Directory []Customer

// Customer returns the first customer that matches.
func (d Directory) Customer(_ context.Context, p channel.Party) (Customer, error) {
	for _, c := range d {
		switch {
		case p.Trust >= channel.Signed && p.ID != "" && p.ID == c.ID,
			p.Trust >= channel.Asserted && p.Email != "" && strings.EqualFold(p.Email, c.Email),
			p.Trust >= channel.Asserted && p.Phone != "" && p.Phone == c.Phone:
			return c, nil
		}
	}
	return Customer{}, ErrUnknownCustomer
}
