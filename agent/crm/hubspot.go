package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// HubSpotConfig configures a HubSpot. Client and Token are required.
type HubSpotConfig struct {
	// Client is the host's.
	Client *http.Client
	// Token returns the access token of the private app, with the scopes
	// crm.objects.contacts.read and, for edits, crm.objects.contacts.write. It is
	// asked before each request.
	Token func(ctx context.Context) (string, error)
	// Properties are the names of those that are read, beside the ones that make
	// a Customer: email, firstname, lastname, phone and hs_language.
	Properties []string
	// Audiences is the property that lists a contact's audiences, a checkbox with
	// several values. Empty has none.
	Audiences string
	// URL defaults to https://api.hubapi.com.
	URL string
}

// A HubSpot is the contacts of a HubSpot account, by version 3 of its CRM API
// (developers.hubspot.com/docs/guides/api/crm/objects/contacts). Its search may be
// some seconds behind what was written. The API has no conditional write: between
// the look at the old values and the write of the new there is a moment in which a
// change of somebody else is lost. It may be used by many goroutines.
type HubSpot struct {
	cfg   HubSpotConfig
	wire  wire
	names []string
}

// NewHubSpot returns a HubSpot, or every fault of its configuration, joined.
func NewHubSpot(cfg HubSpotConfig) (*HubSpot, error) {
	var faults []error
	if cfg.Client == nil {
		faults = append(faults, errors.New("crm: HubSpotConfig.Client is nil"))
	}
	if cfg.Token == nil {
		faults = append(faults, errors.New("crm: HubSpotConfig.Token is nil"))
	}
	cfg.URL = cmp.Or(strings.TrimSuffix(cfg.URL, "/"), "https://api.hubapi.com")
	if u, err := url.Parse(cfg.URL); err != nil || u.Host == "" {
		faults = append(faults, fmt.Errorf("crm: HubSpotConfig.URL is %q: want an address such as https://api.hubapi.com", cfg.URL))
	}
	names := append([]string{"email", "firstname", "lastname", "phone", "hs_language"}, cfg.Properties...)
	if cfg.Audiences != "" {
		names = append(names, cfg.Audiences)
	}
	slices.Sort(names)
	h := &HubSpot{cfg: cfg, names: slices.Compact(names)}
	h.wire = wire{client: cfg.Client, authorize: func(ctx context.Context, header http.Header) error {
		token, err := cfg.Token(ctx)
		header.Set("Authorization", "Bearer "+token)
		return err
	}}
	return h, errors.Join(faults...)
}

// A contact is one of HubSpot's. All its values are texts or null.
type contact struct {
	ID         string             `json:"id"`
	Archived   bool               `json:"archived"`
	Properties map[string]*string `json:"properties"`
}

// Customer implements [agent.CRM].
func (h *HubSpot) Customer(ctx context.Context, p channel.Party) (agent.Customer, error) {
	return find(ctx, p, func(want agent.Customer) ([]agent.Customer, error) {
		switch {
		case want.ID != "":
			c, err := h.read(ctx, want.ID)
			if err == status(http.StatusNotFound) {
				return nil, nil
			}
			return []agent.Customer{h.customer(c)}, err
		case want.Email != "":
			return h.search(ctx, "email", strings.ToLower(want.Email)) // in which HubSpot keeps it
		}
		return h.search(ctx, "phone", want.Phone)
	})
}

func (h *HubSpot) contact(id string) string {
	return fill(h.cfg.URL+"/crm/v3/objects/contacts/{id}", "{id}", id)
}

func (h *HubSpot) read(ctx context.Context, id string) (c contact, err error) {
	query := url.Values{"properties": h.names}
	_, err = h.wire.send(ctx, request{method: http.MethodGet, url: h.contact(id) + "?" + query.Encode()}, &c)
	if err == nil && c.Archived {
		err = status(http.StatusNotFound)
	}
	return c, err
}

// search returns the contacts with a value, two at most.
func (h *HubSpot) search(ctx context.Context, property, value string) ([]agent.Customer, error) {
	type object = map[string]any
	var answer struct {
		Results []contact `json:"results"`
	}
	_, err := h.wire.send(ctx, request{method: http.MethodPost, url: h.cfg.URL + "/crm/v3/objects/contacts/search", body: object{
		"filterGroups": []object{{"filters": []object{{"propertyName": property, "operator": "EQ", "value": value}}}},
		"properties":   h.names, "limit": most, "after": "0", "sorts": []string{},
	}}, &answer)
	var found []agent.Customer
	for _, c := range answer.Results {
		if !c.Archived {
			found = append(found, h.customer(c))
		}
	}
	return found, err
}

func (h *HubSpot) customer(c contact) agent.Customer {
	text := func(name string) string {
		if v := c.Properties[name]; v != nil {
			return *v
		}
		return ""
	}
	customer := agent.Customer{
		ID: c.ID, Name: strings.TrimSpace(text("firstname") + " " + text("lastname")),
		Email: text("email"), Phone: text("phone"), Language: text("hs_language"),
	}
	if h.cfg.Audiences != "" {
		set(&customer, "audiences", text(h.cfg.Audiences))
	}
	for _, name := range h.cfg.Properties {
		if v := text(name); v != "" {
			if customer.Properties == nil {
				customer.Properties = map[string]any{}
			}
			customer.Properties[name] = v
		}
	}
	return customer
}

// Update implements [agent.Editor].
func (h *HubSpot) Update(ctx context.Context, e agent.Edit) error {
	if e.Customer == "" || !plain(e.Customer) {
		return agent.ErrUnknownCustomer
	}
	c, err := h.read(ctx, e.Customer)
	if err != nil {
		return edited(err)
	}
	if c.ID != e.Customer {
		return agent.ErrUnknownCustomer
	}
	now := h.customer(c).Properties
	values := map[string]string{}
	for _, change := range e.Changes {
		if !slices.Contains(h.cfg.Properties, change.Property) {
			return fmt.Errorf("crm: HubSpotConfig.Properties has no %s", change.Property)
		}
		if written(now[change.Property]) != written(change.Old) {
			return agent.ErrConflict
		}
		values[change.Property] = written(change.New)
	}
	_, err = h.wire.send(ctx, request{method: http.MethodPatch, url: h.contact(e.Customer), body: map[string]any{"properties": values}}, nil)
	return edited(err)
}

// written returns a value as HubSpot takes it: all are texts, and none is empty.
func written(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
