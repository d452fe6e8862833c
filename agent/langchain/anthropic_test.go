package langchain_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
)

// The events of Anthropic's protocol.
const (
	messageStart = `{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","usage":{"input_tokens":50,"output_tokens":1}}}`
	textStart    = `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`
	blockStop    = `{"type":"content_block_stop","index":%d}`
	messageStop  = `{"type":"message_stop"}`
)

func textDelta(text string) string {
	b, _ := json.Marshal(text)
	return fmt.Sprintf(`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":%s}}`, b)
}

func toolUse(index int, id, name string, pieces ...string) []string {
	events := []string{fmt.Sprintf(`{"type":"content_block_start","index":%d,"content_block":{"type":"tool_use","id":%q,"name":%q,"input":{}}}`, index, id, name)}
	for _, p := range pieces {
		b, _ := json.Marshal(p)
		events = append(events, fmt.Sprintf(`{"type":"content_block_delta","index":%d,"delta":{"type":"input_json_delta","partial_json":%s}}`, index, b))
	}
	return append(events, fmt.Sprintf(blockStop, index))
}

func messageDelta(reason string) string {
	return fmt.Sprintf(`{"type":"message_delta","delta":{"stop_reason":%q},"usage":{"output_tokens":9}}`, reason)
}

func text(pieces ...string) []string {
	events := []string{messageStart, `{"type":"ping"}`, textStart}
	for _, p := range pieces {
		events = append(events, textDelta(p))
	}
	return append(events, fmt.Sprintf(blockStop, 0))
}

func TestAnthropicConforms(t *testing.T) {
	agenttest.RunModel(t, func(t *testing.T) agent.Model {
		s := serve(t, stream(append(text("You have 30 days [", "1]."), messageDelta("end_turn"), messageStop)...))
		return langchain.New(s.anthropic(t, true), &langchain.Options{SplitCalls: true})
	})
}

func TestAnthropicToolCalls(t *testing.T) {
	events := text("Let me look.")
	events = append(events, toolUse(1, "c1", "find", `{"order":`, `"A1"}`)...)
	events = append(events, toolUse(2, "c2", "ping")...)
	s := serve(t, stream(append(events, messageDelta("tool_use"), messageStop)...))
	a, err := ask(t.Context(), langchain.New(s.anthropic(t, true), nil), question())
	require.NoError(t, err)
	require.Equal(t, "Let me look.", a.text)
	require.Equal(t, []agent.Call{
		{ID: "c1", Name: "find", Arguments: json.RawMessage(`{"order":"A1"}`)},
		{ID: "c2", Name: "ping", Arguments: json.RawMessage(`{}`)},
	}, a.calls, "fault 12: the calls stand in choices of their own")
	require.Equal(t, agent.Usage{InputTokens: 50, OutputTokens: 9}, a.usage, "fault 12: usage is repeated and counts once")
}

func TestAnthropicResultsAreSentBack(t *testing.T) {
	s := serve(t, stream(append(text("Done."), messageDelta("end_turn"), messageStop)...))
	req := question()
	req.Results = []agent.CallResult{
		{Call: agent.Call{ID: "c1", Name: "find", Arguments: json.RawMessage(`{"order":"A1"}`)}, Output: json.RawMessage(`{"state":"sent"}`)},
		{Call: agent.Call{ID: "c2", Name: "ping"}, Refused: "not allowed"},
	}
	_, err := ask(t.Context(), langchain.New(s.anthropic(t, true), &langchain.Options{SplitCalls: true}), req)
	require.NoError(t, err)
	var got []string
	for _, m := range s.last()["messages"].([]any)[1:] {
		m := m.(map[string]any)
		block := m["content"].([]any)[0].(map[string]any)
		got = append(got, fmt.Sprint(m["role"], " ", block["type"], " ", block["id"], block["tool_use_id"]))
	}
	require.Equal(t, []string{
		"assistant tool_use c1<nil>", "assistant tool_use c2<nil>", "user tool_result <nil>c1", "user tool_result <nil>c2",
	}, got, "fault 11: langchaingo sends the first part of a message only")
}

// TestAnthropicBrokenAnswers asks often, since the plain provider leaks a
// goroutine for each error event; the package's leak check sees them.
func TestAnthropicBrokenAnswers(t *testing.T) {
	var status *langchain.StatusError
	events := append(text("Your refund is "), `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`)
	overloaded := serve(t, func(w http.ResponseWriter, r *http.Request) {
		stream(events...)(w, r)
		<-r.Context().Done()
	})
	for range 20 {
		_, err := ask(t.Context(), langchain.New(overloaded.anthropic(t, true), nil), question())
		require.ErrorAs(t, err, &status, "fault 13")
		require.Equal(t, &langchain.StatusError{Status: 200, Message: "Overloaded"}, status)
	}

	cut := serve(t, stream(text("Your refund is ")...))
	_, err := ask(t.Context(), langchain.New(cut.anthropic(t, true), nil), question())
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, err = ask(t.Context(), langchain.New(cut.anthropic(t, false), nil), question())
	require.Error(t, err)

	short := serve(t, stream(append(text("Your refund is "), messageDelta("max_tokens"), messageStop)...))
	_, err = ask(t.Context(), langchain.New(short.anthropic(t, true), nil), question())
	require.ErrorIs(t, err, langchain.ErrIncomplete)

	refused := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key %s"}}`, secret)
	})
	_, err = ask(t.Context(), langchain.New(refused.anthropic(t, true), nil), question())
	require.ErrorAs(t, err, &status)
	require.Equal(t, &langchain.StatusError{Status: 401, Message: "invalid x-api-key ***"}, status)
	require.NotContains(t, err.Error(), secret)
}
