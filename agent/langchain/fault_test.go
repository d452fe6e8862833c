package langchain_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/embeddings"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// plain asks a provider as it is, without a Model, and returns what its callback
// was given and what it returned.
func plain(ctx context.Context, llm llms.Model, options ...llms.CallOption) (streamed []string, resp *llms.ContentResponse, err error) {
	options = append(options, llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
		streamed = append(streamed, string(chunk))
		return nil
	}))
	resp, err = llm.GenerateContent(ctx, []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "?")}, options...)
	return streamed, resp, err
}

// functions returns the calls of a plain answer as name(arguments).
func functions(resp *llms.ContentResponse) []string {
	var all []string
	for _, choice := range resp.Choices {
		for _, c := range choice.ToolCalls {
			all = append(all, fmt.Sprintf("%s(%s)", c.FunctionCall.Name, c.FunctionCall.Arguments))
		}
	}
	return all
}

// TestFaultsOfToolCalls shows what the plain openai provider makes of calls in
// pieces. TestToolCallsOfOddServers holds the guard against the same.
func TestFaultsOfToolCalls(t *testing.T) {
	for name, tt := range map[string]struct {
		events []string
		want   []string
	}{
		"fault 2: the index is not looked at": {[]string{
			calls(`{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}`),
			calls(`{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}`),
			calls(`{"index":0,"function":{"arguments":"{\"a\":1}"}}`),
			calls(`{"index":1,"function":{"arguments":"{\"b\":2}"}}`),
		}, []string{`f()`, `g({"a":1}{"b":2})`}},
		"fault 3: a type begins a call": {[]string{
			calls(`{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}`),
			calls(`{"index":0,"type":"function","function":{"arguments":"}"}}`),
		}, []string{`f({)`, `(})`}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, stream(append(tt.events, ends("tool_calls"), used, done)...))
			streamed, resp, err := plain(t.Context(), s.openai(t, false))
			require.NoError(t, err, "and nobody is told")
			require.Equal(t, tt.want, functions(resp))
			require.Contains(t, streamed[0], `[{"id":"a"`, "fault 1: JSON is streamed as text")
		})
	}
}

// TestFaultOfErrors shows that the plain providers keep neither status nor wait,
// and do not even know a limit of their rate.
func TestFaultOfErrors(t *testing.T) {
	s := serve(t, limited)
	for name, llm := range map[string]llms.Model{"openai": s.openai(t, false), "anthropic": s.anthropic(t, false), "ollama": s.native(t)} {
		t.Run(name, func(t *testing.T) {
			_, _, err := plain(t.Context(), llm)
			require.Error(t, err)
			require.False(t, llms.IsRateLimitError(err))
			require.NotContains(t, err.Error(), "20")
		})
	}
	for name, llm := range map[string]llms.Model{"openai": s.openai(t, true), "anthropic": s.anthropic(t, true)} {
		t.Run(name+" guarded", func(t *testing.T) {
			_, err := ask(t.Context(), langchain.New(llm, nil), question())
			var status *langchain.StatusError
			require.ErrorAs(t, err, &status)
			require.Equal(t, &langchain.StatusError{Status: 429, RetryAfter: 20 * time.Second, Message: "slow down"}, status)
			var retry *agent.RetryError
			require.ErrorAs(t, err, &retry, "a Fallback knows that it may ask again, and when")
			require.Equal(t, 20*time.Second, retry.After)
		})
	}
}

// limited refuses as all three providers do, and asks to wait.
func limited(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Retry-After", "20")
	w.WriteHeader(http.StatusTooManyRequests)
	fmt.Fprint(w, `{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}`)
}

// TestWhatMayBeTriedAgain tells failures that pass from those that do not.
func TestWhatMayBeTriedAgain(t *testing.T) {
	for status, want := range map[int]bool{400: false, 401: false, 404: false, 408: true, 413: false, 429: true, 500: true, 503: true, 529: true} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		_, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
		require.Equal(t, want, errors.As(err, new(*agent.RetryError)), "%v", err)
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		want    bool
	}{
		"it hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		"it hangs up in the middle": {func(w http.ResponseWriter, r *http.Request) {
			stream(says("Your refund is "))(w, r)
			panic(http.ErrAbortHandler)
		}, true},
		"overloaded in the middle": {stream(says("Your refund is "), `{"error":{"message":"overloaded"}}`), true},
		"the limit of tokens":      {stream(says("Your refund is "), ends("length"), done), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tt.handler)
			_, err := ask(t.Context(), langchain.New(s.openai(t, true), nil), question())
			require.Error(t, err)
			require.Equal(t, tt.want, errors.As(err, new(*agent.RetryError)), "%v", err)
		})
	}
}

// TestFallbackOverTheWire puts a second provider behind one that refuses, breaks
// or does not begin.
func TestFallbackOverTheWire(t *testing.T) {
	for name, first := range map[string]http.HandlerFunc{
		"429":             limited,
		"no connection":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"slow first byte": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			one, two := serve(t, first), serve(t, stream(append(text("You have 30 days [1]."), messageDelta("end_turn"), messageStop)...))
			model := agent.Fallback(
				langchain.New(one.openai(t, true), nil),
				langchain.New(two.anthropic(t, true), &langchain.Options{SplitCalls: true}),
			)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			a, err := ask(ctx, model, question())
			require.NoError(t, err)
			require.Equal(t, "You have 30 days.", a.text)
		})
	}
	broken := serve(t, func(w http.ResponseWriter, r *http.Request) {
		stream(says("Your refund is "))(w, r)
		panic(http.ErrAbortHandler)
	})
	unasked := serve(t, stream())
	_, err := ask(t.Context(), agent.Fallback(langchain.New(broken.openai(t, true), nil), langchain.New(unasked.openai(t, true), nil)), question())
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "half of one answer is not continued with another")
	require.Empty(t, unasked.got)
}

// TestFaultOfCancelling shows fault 6 with the plain provider; fault 5 shows
// itself in some runs only.
func TestFaultOfCancelling(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, _, err := plain(ctx, s.openai(t, false))
	require.Error(t, err)
	require.NotErrorIs(t, err, context.Canceled, "the cause is lost")
}

// TestWhatTheProvidersDrop shows options that get lost on the way, which nothing
// in front of the provider can repair. If it fails, langchaingo has repaired it,
// and the package comment may say so.
func TestWhatTheProvidersDrop(t *testing.T) {
	o := serve(t, stream(says("Hi."), ends("stop"), used, done))
	_, _, err := plain(t.Context(), o.openai(t, false), llms.WithTopP(.5))
	require.NoError(t, err)
	require.NotContains(t, o.last(), "top_p", "fault 8")
	require.Contains(t, o.last(), "temperature", "fault 8: always sent")
	a := serve(t, stream(append(text("Hi."), messageDelta("end_turn"), messageStop)...))
	_, _, err = plain(t.Context(), a.anthropic(t, false), llms.WithToolChoice("any"))
	require.NoError(t, err)
	require.NotContains(t, a.last(), "tool_choice")
}

// TestFaultOfConnections counts the connections of calls one after another:
// langchaingo does not read a body to its end, so hardly one is used twice.
func TestFaultOfConnections(t *testing.T) {
	opened := map[bool]int64{}
	for _, guarded := range []bool{false, true} {
		var n atomic.Int64
		web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stream(says("Hi."), ends("stop"), used, done)(w, r)
			select { // the body ends a moment after the protocol
			case <-r.Context().Done():
			case <-time.After(time.Millisecond):
			}
		}))
		web.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				n.Add(1)
			}
		}
		web.Start()
		s := &server{url: web.URL, http: web.Client()}
		llm := s.openai(t, guarded)
		for range 10 {
			_, err := ask(t.Context(), langchain.New(llm, nil), question())
			require.NoError(t, err)
		}
		web.Close()
		opened[guarded] = n.Load()
	}
	require.Greater(t, opened[false], opened[true]+2, "fault 10")
}

// leaks names the environment variable under which this test leaks goroutines.
const leaks = "FRONTDESK_TEST_LEAKS"

// TestFaultOfLeaks asks the plain anthropic provider in a process of its own,
// whose leak check must find what it leaves. TestAnthropicBrokenAnswers does
// the same through a Client, under this process's leak check.
func TestFaultOfLeaks(t *testing.T) {
	if os.Getenv(leaks) != "" {
		s := serve(t, stream(append(text("Your refund is "), `{"type":"error","error":{"type":"overloaded_error"}}`, messageStop)...))
		_, _, err := plain(t.Context(), s.anthropic(t, false))
		require.Error(t, err)
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFaultOfLeaks$")
	child.Env = append(os.Environ(), leaks+"=1")
	out, err := child.CombinedOutput()
	require.Error(t, err, "fault 13")
	require.Contains(t, string(out), "found unexpected goroutines")
	require.Contains(t, string(out), "anthropicclient.parseStreamingMessageResponse", "its reader is stuck, wherever it stands")
}

// TestFaultsOfAnthropicsParts shows what is left of a message of several parts,
// and that an empty system message ends in a panic. A Model writes neither.
func TestFaultsOfAnthropicsParts(t *testing.T) {
	s := serve(t, stream(append(text("Done."), messageDelta("end_turn"), messageStop)...))
	call := llms.ToolCall{ID: "c1", Type: "function", FunctionCall: &llms.FunctionCall{Name: "find", Arguments: "{}"}}
	_, err := s.anthropic(t, false).GenerateContent(t.Context(), []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeHuman, "?"),
		{Role: llms.ChatMessageTypeAI, Parts: []llms.ContentPart{llms.TextContent{Text: "Let me look."}, call}},
	}, llms.WithStreamingFunc(func(context.Context, []byte) error { return nil }))
	require.NoError(t, err)
	sent := fmt.Sprint(s.last()["messages"])
	require.Contains(t, sent, "Let me look.")
	require.NotContains(t, sent, "c1", "fault 11: the call is gone")
	require.Panics(t, func() {
		_, _ = s.anthropic(t, false).GenerateContent(t.Context(), []llms.MessageContent{{Role: llms.ChatMessageTypeSystem}})
	}, "fault 14")

	unknown := serve(t, stream(append(text("Hm. "), `{"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"s","name":"web"}}`,
		messageDelta("end_turn"), messageStop)...))
	_, err = ask(t.Context(), langchain.New(unknown.anthropic(t, true), nil), question())
	require.ErrorContains(t, err, "langchain: ", "fault 14: a kind of block that it does not know fails the call, and is not passed over")
}

// TestFaultsOfEmbeddings shows fault 16: texts are changed in the caller's
// memory, and vectors come in the order of the wire, not of their index.
func TestFaultsOfEmbeddings(t *testing.T) {
	const reply = `{"object":"list","data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":4}}`
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, reply)
	})
	for guarded, want := range map[bool][][]float32{false: {{0, 1}, {1, 0}}, true: {{1, 0}, {0, 1}}} {
		e, err := embeddings.NewEmbedder(s.openai(t, guarded).(*openai.LLM))
		require.NoError(t, err)
		texts := []string{"first\nline", "second"}
		got, err := e.EmbedDocuments(t.Context(), texts)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, "first line", texts[0], "the caller's text has lost its line")
	}
}

// TestKnowledgeKeepsItsTexts holds a knowledge base with such an embedder to
// the texts that it was given.
func TestKnowledgeKeepsItsTexts(t *testing.T) {
	e, err := embeddings.NewEmbedder(embeddings.EmbedderClientFunc(func(_ context.Context, texts []string) ([][]float32, error) {
		return slices.Repeat([][]float32{{1, 0}}, len(texts)), nil
	}))
	require.NoError(t, err)
	knowledge, err := retrieval.New(t.Context(), retrieval.Config{Embedder: e})
	require.NoError(t, err)
	lines := "You can return it:\n- within 30 days\n- unworn"
	doc := retrieval.Document{ID: "returns", Title: "Returns", Sections: []retrieval.Section{{Text: lines}}}
	require.NoError(t, knowledge.Add(t.Context(), doc))
	found, err := knowledge.Retrieve(t.Context(), retrieval.Query{Text: "return within days"})
	require.NoError(t, err)
	require.Equal(t, lines, strings.TrimSpace(found.Hits[0].Text), "fault 16")
}
