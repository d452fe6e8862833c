// Package crm reads and writes customers where companies keep them: in memory, in
// an SQL database of the host, behind an HTTP API that speaks JSON, and in
// HubSpot. Each is an [agent.Editor], and looks for a customer only by what
// [agent.Match] lets be believed. A party that fits several customers is nobody.
//
// What an adapter returns of a customer is not what a model is told: that is
// decided by the properties of [agent.Settings].
package crm

import (
	"context"
	"maps"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// find looks for a party in the ways that it may be looked for. What look returns
// is compared again, so that no search of a provider is believed to be exact.
func find(ctx context.Context, p channel.Party, look func(want agent.Customer) ([]agent.Customer, error)) (agent.Customer, error) {
	for _, want := range agent.Match(p) {
		if err := ctx.Err(); err != nil {
			return agent.Customer{}, err
		}
		if !plain(want.ID + want.Email + want.Phone) {
			continue
		}
		found, err := look(want)
		if err != nil {
			return agent.Customer{}, err
		}
		var same []agent.Customer
		for _, c := range found {
			if is(c, want) {
				same = append(same, c)
			}
		}
		switch {
		case len(same) == 1:
			return same[0], nil
		case len(same) > 1:
			return agent.Customer{}, agent.ErrUnknownCustomer
		}
	}
	return agent.Customer{}, agent.ErrUnknownCustomer
}

// is reports whether a customer has what is wanted, of which one field is set.
func is(c, want agent.Customer) bool {
	switch {
	case want.ID != "":
		return c.ID == want.ID
	case want.Email != "":
		return strings.EqualFold(c.Email, want.Email)
	}
	return c.Phone == want.Phone
}

// plain reports whether any provider can look for a text.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// A Memory keeps customers as long as the process lives.
type Memory struct {
	mu        sync.Mutex
	customers []agent.Customer
}

// NewMemory returns a Memory of customers.
func NewMemory(customers ...agent.Customer) *Memory {
	m := &Memory{}
	for _, c := range customers {
		c.Properties = maps.Clone(c.Properties)
		m.customers = append(m.customers, c)
	}
	return m
}

// Customer implements [agent.CRM].
func (m *Memory) Customer(ctx context.Context, p channel.Party) (agent.Customer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, err := find(ctx, p, func(agent.Customer) ([]agent.Customer, error) { return m.customers, nil })
	c.Properties = maps.Clone(c.Properties)
	return c, err
}

// Update implements [agent.Editor].
func (m *Memory) Update(ctx context.Context, e agent.Edit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, c := range m.customers {
		if c.ID != e.Customer || e.Customer == "" {
			continue
		}
		properties := maps.Clone(c.Properties)
		if properties == nil {
			properties = map[string]any{}
		}
		for _, change := range e.Changes {
			if !reflect.DeepEqual(properties[change.Property], change.Old) {
				return agent.ErrConflict
			}
			properties[change.Property] = change.New
		}
		m.customers[i].Properties = properties
		return nil
	}
	return agent.ErrUnknownCustomer
}
