package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/hidden"
)

const (
	maxDescription = 1000     // characters
	maxSchema      = 16 << 10 // bytes
)

// action returns the action of a tool.
func (s *Server) action(tool *sdk.Tool, stated Tool) (agent.Action, error) {
	hints := tool.Annotations
	if hints != nil && !hints.ReadOnlyHint && hints.DestructiveHint != nil && *hints.DestructiveHint && !stated.Risk.Writes() {
		return agent.Action{}, errors.New("the server says that it destroys: set its Risk, or do not allow it")
	}
	schema, err := arguments(tool.InputSchema, stated.Fill)
	if err != nil {
		return agent.Action{}, err
	}
	return agent.Action{
		Name:        cmp.Or(stated.Name, actionName(tool.Name)),
		Description: clip(cmp.Or(stated.Description, oneLine(tool.Description), oneLine(tool.Title)), maxDescription),
		Schema:      schema, Trust: stated.Trust, Risk: stated.Risk, Idempotent: stated.Idempotent,
		Timeout: s.opts.Timeout + time.Second, // its own limit comes first, which says more
		Run: func(ctx context.Context, c agent.ActionCall) (json.RawMessage, error) {
			return s.call(ctx, tool.Name, stated.Fill, c)
		},
	}, nil
}

// actionName returns a tool's name as an action's.
func actionName(tool string) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, tool)
	return name[:min(len(name), 64)]
}

// arguments returns the schema of a tool's arguments without those that code
// fills in.
func arguments(schema any, fill map[string]func(agent.ActionCall) string) (json.RawMessage, error) {
	object, ok := hidden.Strings(schema, hidden.Strip).(map[string]any)
	if !ok || object["type"] != "object" {
		return nil, errors.New("the schema of its arguments is no object")
	}
	properties, _ := object["properties"].(map[string]any)
	if properties == nil { // providers refuse a tool that has none
		properties = map[string]any{}
		object["properties"] = properties
	}
	for _, name := range slices.Sorted(maps.Keys(fill)) {
		if _, ok := properties[name]; !ok {
			return nil, fmt.Errorf("it has no argument %q to fill in", name)
		}
		delete(properties, name)
	}
	if required, ok := object["required"].([]any); ok {
		object["required"] = slices.DeleteFunc(required, func(name any) bool {
			text, _ := name.(string)
			return fill[text] != nil
		})
	}
	if len(fill) > 0 { // or a model could name them all the same
		object["additionalProperties"] = false
	}
	raw, err := json.Marshal(object)
	if err == nil && len(raw) > maxSchema {
		err = fmt.Errorf("the schema of its arguments has more than %d bytes", maxSchema)
	}
	return raw, err
}

// oneLine returns a text of the server's without what people cannot see.
func oneLine(s string) string { return strings.Join(strings.Fields(hidden.Strip(s)), " ") }

// clip returns the first n characters of s.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
