package mcp_test

import (
	"context"
	"encoding/json"
	"fmt"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/mcp"
	"github.com/frontdesk-go/frontdesk/channel"
)

// A server in memory stands in for one over HTTP, which sdk.StreamableClientTransport
// reaches with mcp.HTTPClient, or in a process of its own.
func Example() {
	ctx := context.Background()
	type order struct {
		Number   string `json:"number"`
		Customer string `json:"customer"`
	}
	shop := sdk.NewServer(&sdk.Implementation{Name: "shop", Version: "1"}, nil)
	sdk.AddTool(shop, &sdk.Tool{Name: "order-state", Description: "Tells where an order is."},
		func(_ context.Context, _ *sdk.CallToolRequest, o order) (*sdk.CallToolResult, any, error) {
			return nil, map[string]string{"state": o.Number + " of " + o.Customer + " is on its way"}, nil
		})
	theirs, ours := sdk.NewInMemoryTransports()
	if _, err := shop.Connect(ctx, theirs, nil); err != nil {
		fmt.Println(err)
		return
	}

	server, err := mcp.Connect(ctx, ours, map[string]mcp.Tool{
		"order-state": {
			Trust: channel.Signed, Idempotent: true,
			// The customer is who is signed in, whatever the model says.
			Fill: map[string]func(agent.ActionCall) string{"customer": func(c agent.ActionCall) string { return c.Customer.ID }},
		},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	action := server.Actions()[0] // for agent.Config.Actions
	out, err := action.Run(ctx, agent.ActionCall{
		Customer:  agent.Customer{ID: "c7", Trust: channel.Signed},
		Arguments: json.RawMessage(`{"number": "A1", "customer": "c8"}`),
	})
	fmt.Println(action.Name, string(out), err)
	// Output: order_state {"state":"A1 of c7 is on its way"} <nil>
}
