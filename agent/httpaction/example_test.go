package httpaction_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/httpaction"
	"github.com/frontdesk-go/frontdesk/channel"
)

// A shop's service, which stands in for a real one, tells where an order is.
func Example() {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"asked": %q, "shipment": {"state": "on its way", "carrier": "internal"}}`, r.URL)
	}))
	defer shop.Close()

	var spec httpaction.Spec
	err := json.Unmarshal([]byte(`{
		"name": "order_state",
		"description": "Tells where an order is.",
		"trust": "asserted",
		"inputs": [{"name": "order", "description": "The number of the order."}],
		"url": "`+shop.URL+`/customers/{customer.id}/orders/{order}",
		"auth": {"type": "bearer", "secret": "shop"},
		"response": {"state": "/shipment/state", "asked": "/asked"}
	}`), &spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	action, err := httpaction.New(spec, &httpaction.Options{
		Hosts:    []string{strings.TrimPrefix(shop.URL, "http://")},
		Secrets:  func(context.Context, string) (string, error) { return "token", nil },
		Loopback: true, // the service is on this machine
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := action.Run(context.Background(), agent.ActionCall{
		Customer:  agent.Customer{ID: "c7", Trust: channel.Asserted},
		Arguments: json.RawMessage(`{"order": "A 1?x=/..%2f"}`),
	})
	fmt.Println(string(out), err)
	out, err = action.Run(context.Background(), agent.ActionCall{
		Customer:  agent.Customer{ID: "c7", Trust: channel.Asserted},
		Arguments: json.RawMessage(`{"order": "A1"}`),
	})
	fmt.Println(string(out), err)
	// Output:
	//  the value of "order" has characters that cannot be in it
	// {"asked":"/customers/c7/orders/A1","state":"on its way"} <nil>
}
