package langchain

import (
	"encoding/json"

	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// messages returns a prompt as langchaingo's messages. They share no memory with
// it, since a provider may still hold them when the call has returned.
func messages(p agent.Prompt) []llms.MessageContent {
	messages := []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeSystem, p.System)}
	for _, t := range p.Messages {
		// People of the company too are not the model, and must not be taken for it.
		role := llms.ChatMessageTypeHuman
		if t.Author == channel.Agent {
			role = llms.ChatMessageTypeAI
		}
		messages = append(messages, llms.TextParts(role, t.Text))
	}
	return messages
}

// results returns the calls of the turn so far as the model's own messages,
// and what became of each as a message of the tool's. Providers refuse a call
// without its result, and a result that follows no call.
func (m *Model) results(results []agent.CallResult) []llms.MessageContent {
	var calls []llms.ContentPart
	var messages []llms.MessageContent
	for _, r := range results {
		calls = append(calls, llms.ToolCall{
			ID: r.ID, Type: "function",
			FunctionCall: &llms.FunctionCall{Name: r.Name, Arguments: orObject(r.Arguments)},
		})
		messages = append(messages, llms.MessageContent{
			Role:  llms.ChatMessageTypeTool,
			Parts: []llms.ContentPart{llms.ToolCallResponse{ToolCallID: r.ID, Name: r.Name, Content: content(r)}},
		})
	}
	if m.opts.SplitCalls {
		var split []llms.MessageContent
		for _, c := range calls {
			split = append(split, llms.MessageContent{Role: llms.ChatMessageTypeAI, Parts: []llms.ContentPart{c}})
		}
		return append(split, messages...)
	}
	if len(calls) == 0 {
		return nil
	}
	return append([]llms.MessageContent{{Role: llms.ChatMessageTypeAI, Parts: calls}}, messages...)
}

// content returns what the model is told of a result, as JSON. A refusal is
// told too, so that the model can say so, and does not try again.
func content(r agent.CallResult) string {
	if r.Refused == "" {
		return orObject(r.Output)
	}
	b, _ := json.Marshal(map[string]string{"refused": r.Refused}) // a map of strings always encodes
	return string(b)
}

// tools returns the actions as langchaingo's tools, in the same order.
func tools(actions []agent.ActionSpec) []llms.Tool {
	var tools []llms.Tool
	for _, a := range actions {
		schema := `{"type":"object","properties":{}}` // providers refuse a tool that has none
		if len(a.Schema) > 0 {
			schema = string(a.Schema)
		}
		tools = append(tools, llms.Tool{Type: "function", Function: &llms.FunctionDefinition{
			Name: a.Name, Description: a.Description, Parameters: json.RawMessage(schema),
		}})
	}
	return tools
}

// orObject returns raw, or an empty object for none.
func orObject(raw json.RawMessage) string {
	if len(raw) == 0 {
		return "{}"
	}
	return string(raw)
}
