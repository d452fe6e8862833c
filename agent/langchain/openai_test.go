package langchain_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
)

func TestModelConforms(t *testing.T) {
	agenttest.RunModel(t, func(t *testing.T) agent.Model {
		s := serve(t, stream(says("You have "), says("30 days [1][2"), says("]."), says(" Bye."), ends("stop"), used, done))
		return langchain.New(s.openai(t, true), nil)
	})
}

func TestStreamsText(t *testing.T) {
	s := serve(t, stream(says(""), says("\nYou have "), says("30 days ["), says("1]. Gifts have"), says(" 60 [2]."), ends("stop"), used, done))
	m := langchain.New(s.openai(t, true), &langchain.Options{CallOptions: []llms.CallOption{llms.WithMaxTokens(99)}})
	var got []agent.Delta
	for d, err := range m.Generate(t.Context(), question()) {
		require.NoError(t, err)
		got = append(got, d)
	}
	require.Equal(t, []agent.Delta{
		{Text: "You have"}, {Text: " 30 days"}, {Sources: []int{0}},
		{Text: ". Gifts have"}, {Text: " 60", Sources: []int{1}}, {Text: "."},
		{Usage: agent.Usage{InputTokens: 120, OutputTokens: 7}},
	}, got)

	sent := s.last()
	require.Equal(t, true, sent["stream"])
	require.EqualValues(t, 99, sent["max_completion_tokens"])
	messages := sent["messages"].([]any)
	require.Len(t, messages, 2)
	require.Contains(t, messages[0].(map[string]any)["content"], "You are Robin")
	require.Contains(t, messages[1].(map[string]any)["content"], "| You have 30 days.")
	ping := sent["tools"].([]any)[1].(map[string]any)["function"].(map[string]any)
	require.Equal(t, map[string]any{"type": "object", "properties": map[string]any{}}, ping["parameters"],
		"fault 9: an action without a schema has an empty one")
}

func TestToolCall(t *testing.T) {
	pieces := []string{
		says("Let me look."),
		calls(`{"index":0,"id":"c1","type":"function","function":{"name":"find","arguments":""}}`),
		calls(`{"index":0,"function":{"arguments":"{\"order\":"}}`),
		calls(`{"index":0,"function":{"arguments":"\"A1\"}"}}`),
		ends("tool_calls"), used, done,
	}
	for _, guarded := range []bool{true, false} {
		t.Run(fmt.Sprintf("client %t", guarded), func(t *testing.T) {
			s := serve(t, stream(pieces...))
			a, err := ask(t.Context(), langchain.New(s.openai(t, guarded), nil), question())
			require.NoError(t, err)
			require.Equal(t, "Let me look.", a.text, "fault 1: the JSON of a call is not text")
			require.Equal(t, []agent.Call{{ID: "c1", Name: "find", Arguments: json.RawMessage(`{"order":"A1"}`)}}, a.calls)
			require.Equal(t, agent.Usage{InputTokens: 120, OutputTokens: 7}, a.usage)
		})
	}
}

func TestToolCallsOfOddServers(t *testing.T) {
	find := agent.Call{ID: "a", Name: "find", Arguments: json.RawMessage(`{"order":"A1"}`)}
	ping := agent.Call{ID: "b", Name: "ping", Arguments: json.RawMessage(`{}`)}
	for name, tt := range map[string]struct {
		events []string
		want   []agent.Call
	}{
		"fault 2: interleaved": {[]string{
			calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":""}}`),
			calls(`{"index":1,"id":"b","type":"function","function":{"name":"ping","arguments":""}}`),
			calls(`{"index":0,"function":{"arguments":"{\"order\":"}},{"index":1,"function":{"arguments":"{"}}`),
			calls(`{"index":1,"function":{"arguments":"}"}},{"index":0,"function":{"arguments":"\"A1\"}"}}`),
		}, []agent.Call{find, ping}},
		"fault 3: the type in each piece": {[]string{
			calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"{\"order\":"}}`),
			calls(`{"index":0,"type":"function","function":{"arguments":"\"A1\"}"}}`),
		}, []agent.Call{find}},
		"no arguments": {[]string{
			calls(`{"index":0,"id":"b","type":"function","function":{"name":"ping","arguments":""}}`),
		}, []agent.Call{ping}},
		"no index": {[]string{
			calls(`{"id":"a","function":{"name":"find","arguments":"{\"order\":\"A1\"}"}}`),
			calls(`{"id":"b","function":{"name":"ping","arguments":"{"}}`),
			calls(`{"function":{"arguments":"}"}}`),
		}, []agent.Call{find, ping}},
		"with text and the end in one event": {[]string{
			`{"choices":[{"delta":{"content":" ","tool_calls":[{"index":0,"id":"b","function":{"name":"ping","arguments":"{}"}}]},"finish_reason":"stop"}]}`,
		}, []agent.Call{ping}},
		"one ID for two calls": {[]string{
			calls(`{"index":0,"id":"b","function":{"name":"ping","arguments":"{}"}},{"index":1,"id":"b","function":{"name":"ping","arguments":"{}"}}`),
		}, []agent.Call{ping, {ID: "call-2", Name: "ping", Arguments: ping.Arguments}}},
		"no ID": {[]string{
			calls(`{"index":0,"function":{"name":"ping","arguments":"{}"}}`),
		}, []agent.Call{{ID: "call-1", Name: "ping", Arguments: ping.Arguments}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, stream(append(tt.events, ends("tool_calls"), used, done)...))
			a, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
			require.NoError(t, err)
			require.Equal(t, tt.want, a.calls)
			require.Empty(t, a.text)
		})
	}
}

func TestCallsThatCannotBeTrusted(t *testing.T) {
	for name, event := range map[string]string{
		"not JSON":  calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"{\"order\""}}`),
		"two":       calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"{}{}"}}`),
		"an array":  calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"[]"}}`),
		"null":      calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"null"}}`),
		"nameless":  calls(`{"index":0,"id":"a","type":"function","function":{"arguments":"{}"}}`),
		"no object": calls(`{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"7"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, stream(event, ends("tool_calls"), used, done))
			a, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
			require.ErrorContains(t, err, "langchain: ")
			require.Empty(t, a.calls)
		})
	}
}

func TestResultsAreSentBack(t *testing.T) {
	s := serve(t, stream(says("Done."), ends("stop"), used, done))
	req := question()
	req.Results = []agent.CallResult{
		{Call: agent.Call{ID: "c1", Name: "find", Arguments: json.RawMessage(`{"order":"A1"}`)}, Output: json.RawMessage(`{"state":"sent"}`)},
		{Call: agent.Call{ID: "c2", Name: "ping"}, Refused: "not allowed"},
	}
	_, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), req)
	require.NoError(t, err)
	messages := s.last()["messages"].([]any)
	require.Len(t, messages, 5)
	assistant := messages[2].(map[string]any)
	require.Equal(t, "assistant", assistant["role"])
	require.Len(t, assistant["tool_calls"], 2, "all calls stand in one message")
	require.Equal(t, map[string]any{"role": "tool", "tool_call_id": "c1", "content": `{"state":"sent"}`}, messages[3])
	require.Equal(t, map[string]any{"role": "tool", "tool_call_id": "c2", "content": `{"refused":"not allowed"}`}, messages[4])
}

// A brokenAnswer is a reply that is not whole.
type brokenAnswer struct {
	handler http.HandlerFunc
	silent  bool  // langchaingo returns no error
	plain   error // what a Model makes of it without a Client
	guarded error // and with one
}

func brokenAnswers() map[string]brokenAnswer {
	return map[string]brokenAnswer{
		"fault 4: an error event": {
			handler: stream(says("Your refund is "), `{"error":{"message":"overloaded `+secret+`","type":"server_error"}}`),
			silent:  true, plain: langchain.ErrIncomplete, guarded: &langchain.StatusError{},
		},
		"fault 4: an error event, then an end": {
			handler: stream(says("Your refund is "), `{"error":"overloaded"}`, ends("stop"), done),
			silent:  true, guarded: &langchain.StatusError{},
		},
		"fault 4b: no end": {
			handler: stream(says("Your refund is ")),
			silent:  true, plain: langchain.ErrIncomplete, guarded: io.ErrUnexpectedEOF,
		},
		"no [DONE]": {
			handler: stream(says("Your refund is 30."), ends("stop")),
			silent:  true, guarded: io.ErrUnexpectedEOF,
		},
		"no stop reason": {
			handler: stream(says("Your refund is "), done),
			silent:  true, plain: langchain.ErrIncomplete, guarded: langchain.ErrIncomplete,
		},
		"the limit of tokens": {
			handler: stream(says("Your refund is "), ends("length"), done),
			silent:  true, plain: langchain.ErrIncomplete, guarded: langchain.ErrIncomplete,
		},
		"the filter": {
			handler: stream(says("Your refund is "), ends("content_filter"), done),
			silent:  true, plain: langchain.ErrIncomplete, guarded: langchain.ErrIncomplete,
		},
		"a connection that breaks": {
			handler: func(w http.ResponseWriter, r *http.Request) {
				stream(says("Your refund is "))(w, r)
				panic(http.ErrAbortHandler)
			},
			plain: io.ErrUnexpectedEOF, guarded: io.ErrUnexpectedEOF,
		},
		"data that is cut": {
			handler: stream(says("Your refund is "), `{"choices":[{"delta":{"con`, says("30"), ends("stop"), done),
			silent:  true, guarded: errors.New("not JSON"),
		},
		"a page instead of a stream": {
			handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Welcome to the proxy</html>") },
			silent:  true, plain: langchain.ErrIncomplete, guarded: langchain.ErrIncomplete,
		},
		"nothing": {
			handler: stream(ends("stop"), done),
			silent:  true, plain: errors.New("said nothing"), guarded: errors.New("said nothing"),
		},
		"a line that is too long": {
			handler: stream(says(strings.Repeat("x", 70_000)), ends("stop"), done),
			plain:   errors.New("too long"), guarded: errors.New("more than 65536 bytes"),
		},
	}
}

// TestBrokenAnswers shows each fault with the plain provider, which takes half
// an answer for a whole one, and the Model's guard with and without a Client.
func TestBrokenAnswers(t *testing.T) {
	for name, tt := range brokenAnswers() {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tt.handler)
			_, err := s.openai(t, false).GenerateContent(t.Context(),
				[]llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "?")},
				llms.WithStreamingFunc(func(context.Context, []byte) error { return nil }))
			require.Equal(t, tt.silent, err == nil, "the provider itself: %v", err)
			for guarded, want := range map[bool]error{false: tt.plain, true: tt.guarded} {
				_, err := ask(t.Context(), langchain.New(s.openai(t, guarded), nil), question())
				if want == nil {
					require.NoError(t, err, "only a Client can see it")
					continue
				}
				require.ErrorContains(t, err, "langchain: ")
				require.NotContains(t, err.Error(), secret)
				var status *langchain.StatusError
				switch {
				case errors.As(want, &status):
					require.ErrorAs(t, err, &status)
					require.Contains(t, status.Message, "overloaded")
				case errors.Is(want, langchain.ErrIncomplete), errors.Is(want, io.ErrUnexpectedEOF):
					require.ErrorIs(t, err, want)
				default:
					require.ErrorContains(t, err, want.Error())
				}
			}
		})
	}
}

func TestStatusError(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprintf(w, `{"error":{"message":"Slow down, %s\nplease"}}`, secret)
	})
	_, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
	var status *langchain.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, &langchain.StatusError{Status: 429, RetryAfter: 20 * time.Second, Message: "Slow down, ***"}, status)
	require.EqualError(t, err, "langchain: status 429: Slow down, *** (retry after 20s)")
}

func TestUnreachable(t *testing.T) {
	s := serve(t, stream())
	llm := s.openai(t, true)
	s.http.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrClosedPipe })
	_, err := ask(t.Context(), langchain.New(llm, nil), question())
	require.ErrorIs(t, err, io.ErrClosedPipe, "the cause is kept")
	require.NotContains(t, err.Error(), s.url)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCancelled(t *testing.T) {
	for name, before := range map[string][]string{
		"fault 6: before the first byte": nil,
		"fault 5: in the middle":         {says("Your refund is ")},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			began := make(chan struct{}, 1)
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if before != nil {
					stream(before...)(w, r)
				}
				began <- struct{}{}
				<-r.Context().Done()
			})
			go func() {
				<-began
				cancel()
			}()
			_, err := ask(ctx, langchain.New(s.openai(t, true), nil), question())
			require.Equal(t, context.Canceled, err, "the context's own error, unwrapped")
		})
	}
	t.Run("deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		s := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		_, err := ask(ctx, langchain.New(s.openai(t, false), nil), question())
		require.Equal(t, context.DeadlineExceeded, err)
	})
}

func TestRunawayOutput(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			stream(says("and on "))(w, r)
		}
	})
	a, err := ask(t.Context(), langchain.New(s.openai(t, true), &langchain.Options{MaxRunes: 100}), question())
	require.EqualError(t, err, "langchain: an answer of more than 100 characters")
	require.LessOrEqual(t, len(a.text), 100)
}
