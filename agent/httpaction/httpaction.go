// Package httpaction makes actions of HTTP requests that are described as data,
// so that a team connects its services without a programmer.
//
// A [Spec] is a request with placeholders in braces, as in
//
//	{
//	  "name": "order_state",
//	  "description": "Tells where an order is.",
//	  "trust": "asserted",
//	  "inputs": [{"name": "order", "description": "The number of the order."}],
//	  "url": "https://api.example.com/customers/{customer.id}/orders/{order}",
//	  "auth": {"type": "bearer", "secret": "orders"},
//	  "response": {"state": "/shipment/state"}
//	}
//
// A placeholder stands for an input, which the model fills, or for what only
// code knows: {customer.id}, {customer.email}, {customer.phone} and
// {customer.name} of who asks, {call.key}, which is the same at every attempt at
// a turn, and {call.conversation}. Each is escaped for where it stands, so that
// no value can change the host, the path, a header or the form of the body.
//
// Requests go to the hosts that the program allows, over HTTPS, and to public
// addresses only. Of a reply, only the fields that the Spec names are read.
// Secrets are references that the program resolves for each request; they are
// never in settings, logs, errors, or in what a model is told.
package httpaction

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/dial"
)

// Options is what a program decides about actions, and no data can.
type Options struct {
	// Hosts are those that actions may ask, as they stand in URLs, with a port if
	// it is not the usual one. No other is ever asked.
	Hosts []string
	// Secrets returns the secret behind a reference of Auth. It is called for
	// each request, from many goroutines.
	Secrets func(ctx context.Context, reference string) (string, error)
	// Loopback allows hosts on the machine itself, and these without HTTPS.
	Loopback bool
	// Log takes why calls failed, without secrets and without what they were
	// about. Nil drops it.
	Log *slog.Logger
}

// An Error is a call that failed. It says so in words for a customer.
type Error struct {
	// Status is the HTTP status of the reply, zero if there was none.
	Status int
	// Message is written for models and customers, and without internals.
	Message string
	cause   error
}

// Error returns the message. It has no prefix: it is told to the model.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, nil if the message says all.
func (e *Error) Unwrap() error { return e.cause }

// New returns the action of a Spec, or every fault of it, joined. It sends
// nothing. The action's Schema allows the Spec's inputs and nothing else.
func New(spec Spec, opts *Options) (agent.Action, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	r, err := compile(spec, o)
	if err != nil {
		return agent.Action{}, err
	}
	var allowed []netip.Prefix
	if o.Loopback {
		allowed = dial.Loopback()
	}
	r.client = &http.Client{Transport: dial.Transport(allowed...), CheckRedirect: sameHost}
	return agent.Action{
		Name: spec.Name, Description: spec.Description, Schema: r.schema(), Trust: r.trust, Risk: spec.Risk,
		Idempotent: spec.Idempotent || safe(r.spec.Method) && !spec.Risk.Writes(), Run: r.run,
		// Its own limit comes first, which says more.
		Timeout: time.Duration(r.spec.Timeout) + time.Second,
	}, nil
}
