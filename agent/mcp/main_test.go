package mcp

import (
	"context"
	"encoding/json"
	"iter"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// object is a schema of two texts.
const object = `{"type":"object","properties":{"order":{"type":"string"},"customer":{"type":"string"}},"required":["order","customer"]}`

// A handler is what a tool of a test's server does.
type handler func(ctx context.Context, arguments string) (*sdk.CallToolResult, error)

// says is a handler that returns texts.
func says(texts ...string) handler {
	return func(context.Context, string) (*sdk.CallToolResult, error) {
		r := &sdk.CallToolResult{}
		for _, text := range texts {
			r.Content = append(r.Content, &sdk.TextContent{Text: text})
		}
		return r, nil
	}
}

// serve starts a server with tools, and returns the other end of its connection.
func serve(t testing.TB, tools map[*sdk.Tool]handler) sdk.Transport {
	server := sdk.NewServer(&sdk.Implementation{Name: "shop", Version: "1"}, nil)
	for tool, h := range tools {
		if tool.InputSchema == nil {
			tool.InputSchema = json.RawMessage(object)
		}
		server.AddTool(tool, func(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			return h(ctx, string(r.Params.Arguments))
		})
	}
	theirs, ours := sdk.NewInMemoryTransports()
	session, err := server.Connect(t.Context(), theirs, nil)
	require.NoError(t, err)
	t.Cleanup(func() { session.Close() })
	return ours
}

// connect connects to a server of one tool.
func connect(t testing.TB, tool *sdk.Tool, h handler, stated Tool, opts *Options) (agent.Action, error) {
	s, err := Connect(t.Context(), serve(t, map[*sdk.Tool]handler{tool: h}), map[string]Tool{tool.Name: stated}, opts)
	if err != nil {
		return agent.Action{}, err
	}
	t.Cleanup(func() { s.Close() })
	return s.Actions()[0], nil
}

// call is one by a known customer.
func call(arguments string) agent.ActionCall {
	return agent.ActionCall{Key: "k", Customer: agent.Customer{ID: "c7", Trust: channel.Signed}, Arguments: json.RawMessage(arguments)}
}

// proposing is a model that proposes a call once.
type proposing struct{}

func (proposing) Generate(_ context.Context, r agent.Request) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) {
		if len(r.Results) > 0 {
			yield(agent.Delta{Text: "It is sent."}, nil)
			return
		}
		yield(agent.Delta{Call: &agent.Call{ID: "1", Name: "get", Arguments: []byte(`{"order":"A1"}`)}}, nil)
	}
}
