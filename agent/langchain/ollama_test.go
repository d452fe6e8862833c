package langchain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
)

// Ollama speaks OpenAI's protocol under /v1, with a role in every piece, whole
// calls that all have the index 0, and errors without a type.

// ollamaSays is a piece of text as Ollama sends it.
func ollamaSays(text string) string {
	b, _ := json.Marshal(text)
	return fmt.Sprintf(`{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":%s},"finish_reason":null}]}`, b)
}

// ollamaCalls is a call as Ollama sends it.
func ollamaCalls(id, name, arguments string) string {
	b, _ := json.Marshal(arguments)
	return fmt.Sprintf(`{"id":"chatcmpl-1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":%q,"index":0,"type":"function","function":{"name":%q,"arguments":%s}}]},"finish_reason":null}]}`, id, name, b)
}

func TestOllamaConforms(t *testing.T) {
	agenttest.RunModel(t, func(t *testing.T) agent.Model {
		s := serve(t, stream(ollamaSays("You have "), ollamaSays("30 days [1]."), ends("stop"), used, done))
		return langchain.New(s.openai(t, true), nil)
	})
}

func TestOllamaToolCalls(t *testing.T) {
	s := serve(t, stream(ollamaSays("Let me look."), ollamaCalls("call_a", "find", `{"order":"A1"}`),
		ollamaCalls("call_b", "find", `{"order":"A2"}`), ends("tool_calls"), used, done))
	a, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
	require.NoError(t, err)
	require.Equal(t, "Let me look.", a.text)
	require.Equal(t, []agent.Call{
		{ID: "call_a", Name: "find", Arguments: json.RawMessage(`{"order":"A1"}`)},
		{ID: "call_b", Name: "find", Arguments: json.RawMessage(`{"order":"A2"}`)},
	}, a.calls)
	require.Equal(t, agent.Usage{InputTokens: 120, OutputTokens: 7}, a.usage)
}

func TestOllamaBreaksOff(t *testing.T) {
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		// The runner has ended: a last piece without text, and nothing behind it.
		"in the middle":           {stream(ollamaSays("Your refund is "), ollamaSays("")), io.ErrUnexpectedEOF},
		"at its context's length": {stream(ollamaSays("Your refund is "), ends("length"), used, done), langchain.ErrIncomplete},
		"no such model": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":{"message":"model 'm' not found","type":"api_error","param":null,"code":null}}`)
		}, &langchain.StatusError{Status: 404, Message: "model 'm' not found"}},
		"no room in its queue": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}, &langchain.StatusError{Status: 503}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tt.handler)
			_, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
			var status *langchain.StatusError
			if want, ok := tt.want.(*langchain.StatusError); ok {
				require.ErrorAs(t, err, &status)
				require.Equal(t, want, status)
				return
			}
			require.ErrorIs(t, err, tt.want)
		})
	}
}

// ndjson answers with lines of JSON, as Ollama's own protocol has them.
func ndjson(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		for _, l := range lines {
			fmt.Fprintln(w, l)
			w.(http.Flusher).Flush()
		}
	}
}

const (
	nativeSays = `{"model":"m","message":{"role":"assistant","content":"Your refund is "},"done":false}`
	nativeDone = `{"model":"m","message":{"role":"assistant","content":""},"done_reason":"length","done":true,"prompt_eval_count":4,"eval_count":2}`
)

// TestFaultsOfNativeOllama shows what langchaingo's own provider for Ollama
// makes of broken answers: nothing, without an error. A Model refuses them all,
// since none has a reason why it ended; TestOllama... is the way that works.
func TestFaultsOfNativeOllama(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"fault 15: 503 without a body": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"the end is missing":           ndjson(nativeSays),
		"the connection breaks": func(w http.ResponseWriter, r *http.Request) {
			ndjson(nativeSays)(w, r)
			panic(http.ErrAbortHandler)
		},
		"the limit of tokens": ndjson(nativeSays, nativeDone),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, handler)
			_, resp, err := plain(t.Context(), s.native(t))
			require.NoError(t, err, "the provider itself takes it for a whole answer")
			require.Empty(t, resp.Choices[0].StopReason)
			_, err = ask(t.Context(), langchain.New(s.native(t), nil), question())
			require.ErrorIs(t, err, langchain.ErrIncomplete)
		})
	}
	t.Run("tools", func(t *testing.T) {
		s := serve(t, ndjson(nativeSays, nativeDone))
		_, _, err := plain(t.Context(), s.native(t), llms.WithTools([]llms.Tool{{Type: "function", Function: &llms.FunctionDefinition{Name: "find"}}}))
		require.NoError(t, err)
		require.NotContains(t, s.last(), "tools", "they are dropped")
	})
	t.Run("cancelled in the middle", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			ndjson(nativeSays)(w, r)
			<-r.Context().Done()
		})
		resp, err := s.native(t).GenerateContent(ctx, []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "?")},
			llms.WithStreamingFunc(func(context.Context, []byte) error { cancel(); return nil }))
		require.NoError(t, err, "nobody is told")
		require.Empty(t, resp.Choices[0].Content)
		again, stop := context.WithCancel(t.Context())
		defer stop()
		var last error
		for _, last = range langchain.New(s.native(t), nil).Generate(again, question()) {
			stop()
		}
		require.Equal(t, context.Canceled, last)
	})
}
