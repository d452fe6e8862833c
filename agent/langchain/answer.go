package langchain

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
)

// An answer turns what a provider delivers into deltas, first the chunks of the
// stream and then the whole response, which must agree.
type answer struct {
	citations citations
	limit     int             // the most runes
	runes     int             // so far
	streamed  strings.Builder // the chunks of text, as they came
	tail      string          // the bytes of a rune whose rest is to come
	ids       map[string]bool // the calls of the turn
}

// newAnswer returns an answer to req of at most limit runes.
func newAnswer(req agent.Request, limit int) *answer {
	a := &answer{citations: citations{evidence: len(req.Evidence)}, limit: limit, ids: make(map[string]bool)}
	for _, r := range req.Results {
		a.ids[r.ID] = true
	}
	return a
}

// add takes a chunk of the stream and returns what can be shown by now. The
// limit is what ends a model that repeats itself for ever.
func (a *answer) add(chunk string) ([]agent.Delta, error) {
	if chunk == "" || isToolCalls(chunk) {
		return nil, nil
	}
	a.streamed.WriteString(chunk)
	if a.runes += utf8.RuneCountInString(chunk); a.runes > a.limit {
		return nil, fmt.Errorf("an answer of more than %d characters", a.limit)
	}
	return a.citations.push(a.whole(chunk)), nil
}

// whole returns the tail and s in valid UTF-8, without a last rune that is not
// yet complete: chunks may end in the middle of one.
func (a *answer) whole(s string) string {
	s = a.tail + s
	a.tail = ""
	for i := len(s) - 1; i >= max(0, len(s)-utf8.UTFMax); i-- {
		if utf8.RuneStart(s[i]) {
			if !utf8.FullRuneInString(s[i:]) {
				s, a.tail = s[:i], s[i:]
			}
			break
		}
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// isToolCalls reports whether a chunk is one that langchaingo's openai provider
// makes of the delta of a tool call. A text that looks the same is missed by
// finish.
func isToolCalls(chunk string) bool {
	if !strings.HasPrefix(chunk, "[{") {
		return false
	}
	var calls []struct{ Function *json.RawMessage }
	if json.Unmarshal([]byte(chunk), &calls) != nil {
		return false
	}
	for _, c := range calls {
		if c.Function == nil {
			return false
		}
	}
	return true
}

// finish takes the end of the call and returns what was not streamed: the rest
// of the text, or all of it where the provider does not stream, the calls, and
// the usage. An answer of which anything is missing is an error.
func (a *answer) finish(resp *llms.ContentResponse) ([]agent.Delta, error) {
	text, calls, err := read(resp)
	if err != nil {
		return nil, err
	}
	rest, ok := strings.CutPrefix(text, a.streamed.String())
	if !ok {
		return nil, errors.New("the text that was streamed is not that of the answer")
	}
	deltas, err := a.add(rest)
	if err != nil {
		return nil, err
	}
	// The text ended within a rune, which no more bytes will complete.
	if a.tail != "" {
		deltas = append(deltas, a.citations.push("\uFFFD")...)
	}
	deltas = append(deltas, a.citations.flush()...)
	if len(calls) == 0 && !a.citations.begun {
		return nil, errors.New("the model said nothing")
	}
	for i, c := range calls {
		call, err := a.call(c, i)
		if err != nil {
			return nil, err
		}
		deltas = append(deltas, agent.Delta{Call: call})
	}
	return append(deltas, agent.Delta{Usage: usage(resp)}), nil
}

// read joins the choices, of which anthropic makes one for each block.
func read(resp *llms.ContentResponse) (text string, calls []llms.ToolCall, err error) {
	if resp == nil || len(resp.Choices) == 0 {
		return "", nil, fmt.Errorf("%w: the provider returned none", ErrIncomplete)
	}
	var b strings.Builder
	for _, c := range resp.Choices {
		if why := broken(c.StopReason); why != "" {
			return "", nil, fmt.Errorf("%w: %s", ErrIncomplete, why)
		}
		b.WriteString(c.Content)
		calls = append(calls, c.ToolCalls...)
	}
	return b.String(), calls, nil
}

// broken says why an answer with the stop reason is not whole, and nothing if
// it is. Reasons differ between providers, and new ones come, so those that are
// known to be bad are listed. A stream that was cut leaves none.
func broken(reason string) string {
	switch reason {
	case "", "null":
		return "the provider gives no stop reason"
	case "length", "max_tokens", "model_context_window_exceeded", "FinishReasonMaxTokens":
		return "the model reached its limit of tokens"
	case "content_filter", "refusal", "FinishReasonSafety", "FinishReasonRecitation":
		return "the provider's filter ended it"
	}
	return ""
}

// call checks a call, the i-th of an answer. Its ID becomes unique in the turn:
// some servers number the calls of each answer anew, some not at all. No
// arguments are an error, since langchaingo may have given them to another call.
func (a *answer) call(c llms.ToolCall, i int) (*agent.Call, error) {
	if c.FunctionCall == nil || c.FunctionCall.Name == "" {
		return nil, errors.New("a call without a name")
	}
	arguments := strings.ToValidUTF8(c.FunctionCall.Arguments, "\uFFFD")
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(arguments), &object); err != nil || object == nil {
		return nil, fmt.Errorf("the arguments of %q are not a JSON object", c.FunctionCall.Name)
	}
	id := strings.ToValidUTF8(c.ID, "")
	// Results of the turn have taken some of the numbers already.
	for n := i; id == "" || a.ids[id]; n++ {
		id = fmt.Sprintf("call-%d", n+1)
	}
	a.ids[id] = true
	return &agent.Call{
		ID: id, Name: strings.ToValidUTF8(c.FunctionCall.Name, "\uFFFD"), Arguments: json.RawMessage(arguments),
	}, nil
}

// usage returns what the model used. Anthropic repeats it on every choice, so
// it is read from the first only.
func usage(resp *llms.ContentResponse) agent.Usage {
	info := resp.Choices[0].GenerationInfo
	return agent.Usage{
		InputTokens:  count(info, "PromptTokens", "InputTokens", "input_tokens"),
		OutputTokens: count(info, "CompletionTokens", "OutputTokens", "output_tokens"),
	}
}

// count returns the number under the first key that has one; each provider has
// keys and types of its own.
func count(info map[string]any, keys ...string) int {
	for _, k := range keys {
		switch n := info[k].(type) {
		case int:
			return n
		case int32:
			return int(n)
		case int64:
			return int(n)
		case float64:
			return int(n)
		}
	}
	return 0
}
