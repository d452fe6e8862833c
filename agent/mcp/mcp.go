// Package mcp offers the tools of a server that speaks the Model Context
// Protocol as actions of an agent, under the agent's own policy.
//
// A server is a stranger. The program lists the tools that it allows, and states
// of each what it does and who may use it; what the server says of that are
// hints, which may raise a protection and never lower one. Names, descriptions
// and results are freed of hidden characters and bounded. The server is offered
// nothing in return: no sampling, no roots, no questions to the customer.
package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// A Tool is what the program states of a tool that it allows.
type Tool struct {
	// Name is the action's. Defaults to the tool's own name, with an underscore
	// for what may not be in one.
	Name string
	// Description tells the model when to propose it. Defaults to the server's, of
	// which 1,000 characters are taken.
	Description string
	// Trust, Risk and Idempotent are those of agent.Action. A tool has no key by
	// which it could tell repeats, so one that writes is Idempotent only if a
	// repeat of the same arguments changes nothing more.
	Trust      channel.Trust
	Risk       agent.Risk
	Idempotent bool
	// Fill are the arguments that code sets, such as whom the call is about. The
	// model does not see them. One that comes out empty ends the call.
	Fill map[string]func(agent.ActionCall) string
}

// Options configures a Server. Nil means the defaults.
type Options struct {
	// Timeout is how long a call may take. Defaults to 20 s.
	Timeout time.Duration
	// Log takes why calls failed. Nil drops it.
	Log *slog.Logger
}

// A Server is a connection to an MCP server.
type Server struct {
	session *sdk.ClientSession
	opts    Options
	actions []agent.Action
}

// Connect connects to a server and looks its tools up, those that are allowed,
// by their names. It returns every fault, joined: a tool that the server does
// not have, whose arguments cannot be described, or that it says destroys while
// the program states that it does not write. It closes the connection then.
//
// What is known of a tool is what it was when Connect returned. The connection
// is not restored when it ends; calls then fail.
func Connect(ctx context.Context, transport sdk.Transport, tools map[string]Tool, opts *Options) (*Server, error) {
	s := &Server{}
	if opts != nil {
		s.opts = *opts
	}
	s.opts.Timeout = cmp.Or(s.opts.Timeout, 20*time.Second)
	s.opts.Log = cmp.Or(s.opts.Log, slog.New(slog.DiscardHandler))
	client := sdk.NewClient(&sdk.Implementation{Name: "frontdesk", Version: "1"}, &sdk.ClientOptions{
		Capabilities:   &sdk.ClientCapabilities{},
		MultiRoundTrip: &sdk.MultiRoundTripOptions{Disabled: true},
	})
	var err error
	if s.session, err = client.Connect(ctx, transport, nil); err != nil {
		return nil, fmt.Errorf("mcp: connect: %w", err)
	}
	if err := s.look(ctx, tools); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Actions returns the allowed tools as actions, in the order of the tools'
// names.
func (s *Server) Actions() []agent.Action { return slices.Clone(s.actions) }

// Close ends the connection.
func (s *Server) Close() error { return s.session.Close() }

// mostTools is how many tools of a server are looked at.
const mostTools = 1000

// look finds the allowed tools.
func (s *Server) look(ctx context.Context, tools map[string]Tool) error {
	found := map[string]*sdk.Tool{}
	n := 0
	for tool, err := range s.session.Tools(ctx, nil) {
		if err != nil {
			return fmt.Errorf("mcp: list the tools: %w", err)
		}
		if n++; n > mostTools {
			return fmt.Errorf("mcp: the server lists more than %d tools", mostTools)
		}
		if _, allowed := tools[tool.Name]; allowed {
			if found[tool.Name] != nil {
				return fmt.Errorf("mcp: the server lists two tools %q", tool.Name)
			}
			found[tool.Name] = tool
		}
	}
	var faults []error
	names := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(tools)) {
		if found[name] == nil {
			faults = append(faults, fmt.Errorf("mcp: tool %q: the server does not have it", name))
			continue
		}
		action, err := s.action(found[name], tools[name])
		if err != nil {
			faults = append(faults, fmt.Errorf("mcp: tool %q: %w", name, err))
		} else if other, taken := names[action.Name]; taken {
			faults = append(faults, fmt.Errorf("mcp: tool %q: its action is named %q, as that of %q: set Name", name, action.Name, other))
		}
		names[action.Name] = name
		s.actions = append(s.actions, action)
	}
	return errors.Join(faults...)
}
