package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/hidden"
)

const (
	maxText   = 8000     // characters of a result in words
	maxResult = 16 << 10 // bytes of one that is data
	maxReason = 300      // characters of why a tool failed
)

// call calls a tool. What fails on the way is logged, and told in words that are
// fit for a customer.
func (s *Server) call(ctx context.Context, tool string, fill map[string]func(agent.ActionCall) string, c agent.ActionCall) (json.RawMessage, error) {
	arguments := map[string]json.RawMessage{}
	if err := json.Unmarshal(c.Arguments, &arguments); err != nil {
		return nil, errors.New("the arguments are not a JSON object")
	}
	for name, value := range fill {
		text := value(c)
		if text == "" { // a call about nobody may be one about everybody
			return nil, fmt.Errorf("the value of %q is not known", name)
		}
		arguments[name], _ = json.Marshal(text) // a string always encodes
	}
	limited, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	result, err := s.session.CallTool(limited, &sdk.CallToolParams{Name: tool, Arguments: arguments})
	switch {
	case err != nil && limited.Err() != nil:
		return nil, s.failed(ctx, tool, "the tool took too long", limited.Err())
	case err != nil:
		return nil, s.failed(ctx, tool, "the tool could not be called", err)
	case result.NeedsInput():
		return nil, s.failed(ctx, tool, "the tool asks for more than it is told", nil)
	case result.IsError:
		text, _ := words(result.Content)
		return nil, s.failed(ctx, tool, "the tool failed: "+clip(oneLine(text), maxReason), nil)
	}
	out, err := data(result)
	if err != nil {
		return nil, s.failed(ctx, tool, err.Error(), nil)
	}
	return out, nil
}

// failed logs a failure and returns its message.
func (s *Server) failed(ctx context.Context, tool, message string, cause error) error {
	s.opts.Log.WarnContext(ctx, "mcp: a call failed", slog.String("tool", tool), slog.String("message", message), slog.Any("cause", cause))
	return errors.New(message)
}

// data returns a result as JSON: as the tool structures it, or as text, with the
// number of parts that are neither.
func data(r *sdk.CallToolResult) (json.RawMessage, error) {
	if r.StructuredContent != nil {
		raw, err := json.Marshal(hidden.Strings(r.StructuredContent, hidden.Strip))
		if err != nil || len(raw) > maxResult {
			return nil, errors.New("the tool answered with too much")
		}
		return raw, nil
	}
	text, leftOut := words(r.Content)
	result := struct {
		Text    string `json:"text"`
		Cut     bool   `json:"cut,omitempty"`
		LeftOut int    `json:"left_out,omitempty"`
	}{Text: clip(text, maxText), LeftOut: leftOut}
	result.Cut = len(result.Text) < len(text)
	return json.Marshal(result)
}

// words returns the text of a content, and how many parts are something else.
func words(content []sdk.Content) (text string, leftOut int) {
	var texts []string
	for _, part := range content {
		if t, ok := part.(*sdk.TextContent); ok {
			texts = append(texts, hidden.Strip(t.Text))
		} else {
			leftOut++
		}
	}
	return strings.Join(texts, "\n"), leftOut
}
