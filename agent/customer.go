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
	// Language is the one to write to the customer in, a BCP 47 tag such as "de".
	// Empty is not known.
	Language string
	// Properties are what else is known, by the CRM's names. Of what a CRM returns
	// the engine passes on those that Settings.Properties lets be viewed and that
	// the customer is known well enough for, in the form of their types.
	Properties map[string]any
	// Audiences are the ones whose content the customer may be told of.
	Audiences []string
	// Trust is how well the party's identity is known. The engine sets it from
	// the channel; a CRM leaves it alone.
	Trust channel.Trust
}

// Match returns the ways to look for a party, those that its trust allows, the
// surest first: by the CRM's ID only if that is signed; by e-mail address; and by
// phone number, but not where the address alone is verified, because the number
// is then believed less. A CRM tries them in order, and takes the party for
// nobody if it finds several customers in one of them.
func Match(p channel.Party) []Customer {
	var ways []Customer
	if p.ID != "" && p.Trust >= channel.Signed {
		ways = append(ways, Customer{ID: p.ID})
	}
	if p.Email != "" && p.Trust >= channel.Asserted {
		ways = append(ways, Customer{Email: p.Email})
	}
	if p.Phone != "" && p.Trust >= channel.Asserted && p.Trust != channel.EmailVerified {
		ways = append(ways, Customer{Phone: p.Phone})
	}
	return ways
}

// A Directory is a CRM of the customers it lists. It looks for a party by Match.
type Directory []Customer

// Customer implements [CRM].
func (d Directory) Customer(ctx context.Context, p channel.Party) (Customer, error) {
	if err := ctx.Err(); err != nil {
		return Customer{}, err
	}
	for _, want := range Match(p) {
		var found []Customer
		for _, c := range d {
			if want.ID != "" && want.ID == c.ID || want.Email != "" && strings.EqualFold(want.Email, c.Email) ||
				want.Phone != "" && want.Phone == c.Phone {
				found = append(found, c)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return Customer{}, ErrUnknownCustomer
		}
	}
	return Customer{}, ErrUnknownCustomer
}
