package httpaction

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret is what the tests' requests prove themselves with. It never comes back.
const secret = "s3cret-0123456789"

// secrets resolves one reference.
func secrets(_ context.Context, reference string) (string, error) {
	if reference != "shop" {
		return "", context.Canceled
	}
	return secret, nil
}

// options allow one host on this machine.
func options(host string) *Options {
	return &Options{Hosts: []string{host}, Secrets: secrets, Loopback: true}
}

// serve starts a service and returns its host.
func serve(t testing.TB, handler http.HandlerFunc) string {
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	return strings.TrimPrefix(web.URL, "http://")
}

// answers is a service that answers with JSON.
func answers(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}
}

// state is a Spec that asks for the state of an order.
func state(host string) Spec {
	return Spec{
		Name: "order_state", Description: "Tells where an order is.", Trust: "asserted",
		Inputs: []Input{{Name: "order"}}, URL: "http://" + host + "/customers/{customer.id}/orders/{order}",
		Auth: Auth{Type: Bearer, Secret: "shop"}, Response: map[string]string{"state": "/state"},
	}
}

// call is one by a known customer.
func call(arguments string) agent.ActionCall {
	return agent.ActionCall{
		Key: "k1", Conversation: "conv-1", Arguments: json.RawMessage(arguments),
		Customer: agent.Customer{ID: "c7", Name: "Ada", Email: "ada@example.com", Trust: channel.Asserted},
	}
}

// run makes a Spec an action and calls it.
func run(t testing.TB, s Spec, host, arguments string) (string, error) {
	t.Helper()
	action, err := New(s, options(host))
	require.NoError(t, err)
	out, err := action.Run(t.Context(), call(arguments))
	return string(out), err
}
