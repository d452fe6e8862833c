package langchain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret is the key of the tests' requests. It must never come back.
const secret = "sk-test-0123456789abcdef"

// A server plays the part of a provider and keeps what it was sent.
type server struct {
	url  string
	http *http.Client
	mu   sync.Mutex
	got  []map[string]any
}

// serve starts a provider that answers with handler.
func serve(t *testing.T, handler http.HandlerFunc) *server {
	s := &server{}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var request map[string]any
		_ = json.Unmarshal(body, &request)
		s.mu.Lock()
		s.got = append(s.got, request)
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(web.Close)
	s.url, s.http = web.URL, web.Client()
	return s
}

// last returns the request that came last.
func (s *server) last() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[len(s.got)-1]
}

// openai returns langchaingo's own provider for the server, through a Client or
// without one.
func (s *server) openai(t *testing.T, guarded bool) llms.Model {
	var client interface {
		Do(*http.Request) (*http.Response, error)
	} = s.http
	if guarded {
		client = &langchain.Client{HTTP: s.http}
	}
	llm, err := openai.New(openai.WithToken(secret), openai.WithModel("m"), openai.WithBaseURL(s.url), openai.WithHTTPClient(client))
	require.NoError(t, err)
	return llm
}

// anthropic is openai for the other protocol.
func (s *server) anthropic(t *testing.T, guarded bool) llms.Model {
	var client interface {
		Do(*http.Request) (*http.Response, error)
	} = s.http
	if guarded {
		client = &langchain.Client{HTTP: s.http}
	}
	llm, err := anthropic.New(anthropic.WithToken(secret), anthropic.WithModel("m"), anthropic.WithBaseURL(s.url), anthropic.WithHTTPClient(client))
	require.NoError(t, err)
	return llm
}

// native returns langchaingo's provider for Ollama's own protocol.
func (s *server) native(t *testing.T) llms.Model {
	llm, err := ollama.New(ollama.WithModel("m"), ollama.WithServerURL(s.url), ollama.WithHTTPClient(s.http))
	require.NoError(t, err)
	return llm
}

// stream answers with server-sent events of the given data.
func stream(data ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, d := range data {
			fmt.Fprintf(w, "data: %s\n\n", d)
			w.(http.Flusher).Flush()
		}
	}
}

// says is an event of OpenAI's protocol with a piece of text.
func says(text string) string {
	b, _ := json.Marshal(text)
	return fmt.Sprintf(`{"choices":[{"index":0,"delta":{"content":%s},"finish_reason":null}]}`, b)
}

// calls is an event of OpenAI's protocol with pieces of tool calls.
func calls(pieces string) string {
	return fmt.Sprintf(`{"choices":[{"index":0,"delta":{"tool_calls":[%s]},"finish_reason":null}]}`, pieces)
}

// ends is the event that ends a choice, and done what ends the stream.
func ends(reason string) string {
	return fmt.Sprintf(`{"choices":[{"index":0,"delta":{},"finish_reason":%q}]}`, reason)
}

const (
	used = `{"choices":[],"usage":{"prompt_tokens":120,"completion_tokens":7,"total_tokens":127}}`
	done = `[DONE]`
)

// An answer is what a Model yielded.
type answer struct {
	text     string
	sources  []int
	calls    []agent.Call
	usage    agent.Usage
	noAnswer bool
}

// ask collects what a Model answers.
func ask(ctx context.Context, m agent.Model, req agent.Request) (answer, error) {
	var a answer
	var text strings.Builder
	for d, err := range m.Generate(ctx, req) {
		if err != nil {
			return a, err
		}
		text.WriteString(d.Text)
		a.text = text.String()
		a.sources = append(a.sources, d.Sources...)
		a.usage.InputTokens += d.Usage.InputTokens
		a.usage.OutputTokens += d.Usage.OutputTokens
		a.noAnswer = a.noAnswer || d.NoAnswer
		if d.Call != nil {
			a.calls = append(a.calls, *d.Call)
		}
	}
	return a, nil
}

// question is a request with two pieces of evidence and an action.
func question() agent.Request {
	return agent.Request{
		Profile:  agent.Profile{Name: "Robin", Company: "Larkfield"},
		Question: "How long do I have?",
		Evidence: []retrieval.Hit{
			{Passage: retrieval.Passage{Title: "Returns", Text: "You have 30 days."}},
			{Passage: retrieval.Passage{Title: "Gifts", Text: "Gifts have 60 days."}},
		},
		Actions: []agent.ActionSpec{
			{Name: "find", Description: "Finds an order.", Schema: json.RawMessage(`{"type":"object","properties":{"order":{"type":"string"}}}`)},
			{Name: "ping"},
		},
	}
}
