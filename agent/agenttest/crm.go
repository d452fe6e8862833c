package agenttest

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// RunCRM proves a CRM: that it knows its customers and nobody else, and takes
// nobody for a customer on the strength of what the party's trust does not
// cover. That is what keeps one customer's affairs from another.
//
// newCRM returns one that knows exactly the given customers. It is called for
// each subtest. By what a CRM recognises a customer is its own affair, as long
// as it recognises one whose signed ID, address and number all agree.
func RunCRM(t *testing.T, newCRM func(t *testing.T, customers []agent.Customer) agent.CRM) {
	for _, c := range []struct {
		name  string
		prove func(*testing.T, agent.CRM)
	}{
		{"Known", crmKnown},
		{"Unknown", crmUnknown},
		{"Anonymous", crmAnonymous},
		{"Borrowed", crmBorrowed},
		{"Empty", crmEmpty},
		{"Verified", crmVerified},
		{"Hostile", crmHostile},
		{"Context", crmContext},
		{"Concurrent", crmConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.prove(t, newCRM(t, customers())) })
	}
}

// customers are two whole ones and two of whom little is known.
func customers() []agent.Customer {
	return []agent.Customer{
		{ID: "c1", Name: "Ada", Email: "ada@example.com", Phone: "+441632960001", Language: "de",
			Properties: map[string]any{"plan": "gold", "city": "Leeds"}, Audiences: []string{"members"}},
		{ID: "c2", Name: "Bea", Email: "bea@example.com", Phone: "+441632960002"},
		// What these two lack, an anonymous party lacks too: "" must not match "".
		{ID: "c3", Name: "No address"},
		{Name: "No ID", Email: "dee@example.com"},
	}
}

// partyOf is a customer as a channel sees one.
func partyOf(c agent.Customer, trust channel.Trust) channel.Party {
	return channel.Party{ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Trust: trust}
}

// crmKnown asks for the whole customers, about whom there can be no doubt.
func crmKnown(t *testing.T, crm agent.CRM) {
	for _, want := range customers()[:2] {
		got, err := crm.Customer(t.Context(), partyOf(want, channel.Signed))
		require.NoError(t, err, "a CRM knows a customer whose identity is signed")
		for name, value := range want.Properties {
			require.Equal(t, value, got.Properties[name], "a CRM returns the properties of the customer")
		}
		got.Properties = want.Properties
		require.Equal(t, want, got, "a CRM returns all it knows of the customer, and leaves Trust alone")
	}
}

// crmUnknown asks for somebody who shares only a name.
func crmUnknown(t *testing.T, crm agent.CRM) {
	stranger := agent.Customer{ID: "c9", Name: "Ada", Email: "eve@example.com", Phone: "+441632960009"}
	for trust := channel.Anonymous; trust <= channel.Signed; trust++ {
		_, err := crm.Customer(t.Context(), partyOf(stranger, trust))
		require.ErrorIs(t, err, agent.ErrUnknownCustomer, "a CRM does not know a stranger, whatever the name")
	}
}

// crmAnonymous claims to be each of the customers.
func crmAnonymous(t *testing.T, crm agent.CRM) {
	for _, c := range customers() {
		_, err := crm.Customer(t.Context(), partyOf(c, channel.Anonymous))
		require.ErrorIs(t, err, agent.ErrUnknownCustomer, "a CRM believes nothing that an anonymous party says, but took it for %s", c.Name)
	}
}

// crmBorrowed has a customer use an ID that only the channel asserts.
func crmBorrowed(t *testing.T, crm agent.CRM) {
	ada, bea := customers()[0], customers()[1]
	for _, trust := range []channel.Trust{channel.Asserted, channel.EmailVerified} {
		p := channel.Party{ID: ada.ID, Email: bea.Email, Trust: trust}
		if got, err := crm.Customer(t.Context(), p); err == nil {
			require.Equal(t, bea.ID, got.ID, "a CRM believes an ID only if it is signed")
		}
	}
}

// crmVerified has a customer with a verified address use the number of another,
// which the channel asserts no better than before.
func crmVerified(t *testing.T, crm agent.CRM) {
	ada, bea := customers()[0], customers()[1]
	p := channel.Party{Phone: ada.Phone, Email: bea.Email, Trust: channel.EmailVerified}
	got, err := crm.Customer(t.Context(), p)
	require.NoError(t, err, "a CRM knows a customer whose address is verified")
	require.Equal(t, bea.ID, got.ID, "where an address is verified, a CRM believes nothing else")
	p.Email = "eve@example.com"
	_, err = crm.Customer(t.Context(), p)
	require.ErrorIs(t, err, agent.ErrUnknownCustomer, "where an address is verified, a CRM believes nothing else")
}

// crmContext asks when nobody waits any more.
func crmContext(t *testing.T, crm agent.CRM) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := crm.Customer(ctx, partyOf(customers()[0], channel.Signed))
	require.ErrorIs(t, err, context.Canceled, "a CRM heeds its context")
}

// crmEmpty asks with what some customers lack as well.
func crmEmpty(t *testing.T, crm agent.CRM) {
	for trust := channel.Anonymous; trust <= channel.Signed; trust++ {
		_, err := crm.Customer(t.Context(), channel.Party{Name: "No ID", Trust: trust})
		require.ErrorIs(t, err, agent.ErrUnknownCustomer, "an empty ID, address or number is nobody's")
	}
}

// crmHostile asks with what a query or a pattern might be made of.
func crmHostile(t *testing.T, crm agent.CRM) {
	for _, text := range []string{"' OR '1'='1", "%", "*", "ada@example.com' --", "c1\x00", "\xff\xfe", "<ada@example.com>"} {
		_, err := crm.Customer(t.Context(), channel.Party{ID: text, Email: text, Phone: text, Trust: channel.Signed})
		require.ErrorIs(t, err, agent.ErrUnknownCustomer, "a CRM compares, and does not interpret %q", text)
	}
}

// crmConcurrent is worth most under the race detector.
func crmConcurrent(t *testing.T, crm agent.CRM) {
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = crm.Customer(t.Context(), partyOf(customers()[i%2], channel.Signed))
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err, "a CRM may be called from many goroutines")
	}
}
