package langchain

import (
	"cmp"
	"encoding/json"
	"slices"
)

// A toolDelta is a piece of a call in OpenAI's protocol, as it is sent.
type toolDelta struct {
	// Index says which call the piece belongs to. Some servers leave it out and
	// send each call in one piece.
	Index    *int   `json:"index,omitempty"`
	ID       string `json:"id,omitempty"`
	Type     string `json:"type,omitempty"`
	Function struct {
		Name      string `json:"name,omitempty"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// toolCalls joins the pieces of the calls of one answer. langchaingo gives each
// piece to the call that came last, whatever its index, and takes each piece
// with a type for a call of its own.
type toolCalls struct {
	calls  []toolDelta
	finish string // why the model stopped
}

// add joins pieces to the calls that they belong to.
func (t *toolCalls) add(pieces []toolDelta) {
	for _, p := range pieces {
		i := t.find(p)
		if i < 0 {
			// Where the server leaves it out; langchaingo asks for it.
			p.Type = "function"
			t.calls = append(t.calls, p)
			continue
		}
		c := &t.calls[i]
		c.ID = cmp.Or(c.ID, p.ID)
		c.Function.Name = cmp.Or(c.Function.Name, p.Function.Name)
		c.Function.Arguments += p.Function.Arguments
	}
}

// find returns the position of the call that p continues, or -1. Ollama numbers
// all calls of an answer 0 (ollama/ollama issue 15457), so that another ID
// under a number begins another call.
func (t *toolCalls) find(p toolDelta) int {
	if p.Index == nil {
		if p.ID != "" || p.Function.Name != "" {
			return -1
		}
		return len(t.calls) - 1
	}
	for i, c := range slices.Backward(t.calls) {
		if c.Index != nil && *c.Index == *p.Index {
			if p.ID != "" && c.ID != "" && p.ID != c.ID {
				return -1
			}
			return i
		}
	}
	return -1
}

// lines returns one event for each call. They come last, so they repeat the
// reason why the model stopped, of which langchaingo believes the last. Calls
// without arguments get an empty object, which is what their servers mean.
func (t *toolCalls) lines() []byte {
	var out []byte
	for _, c := range t.calls {
		c.Function.Arguments = cmp.Or(c.Function.Arguments, "{}")
		data, _ := json.Marshal(map[string]any{ // strings always encode
			"choices": []any{map[string]any{
				"delta":         map[string]any{"tool_calls": []toolDelta{c}},
				"finish_reason": t.finish,
			}},
		})
		out = append(append(append(out, "data: "...), data...), "\n\n"...)
	}
	return out
}

// withoutToolCalls returns the line of an event without its calls: what else
// is in it may be text, the reason why the model stopped, or the usage.
func withoutToolCalls(data []byte) ([]byte, error) {
	var event map[string]any
	if err := json.Unmarshal(data, &event); err != nil {
		return nil, err
	}
	choices, _ := event["choices"].([]any)
	for _, c := range choices {
		if choice, ok := c.(map[string]any); ok {
			if delta, ok := choice["delta"].(map[string]any); ok {
				delete(delta, "tool_calls")
			}
		}
	}
	out, err := json.Marshal(event)
	return append(append([]byte("data: "), out...), '\n'), err
}
