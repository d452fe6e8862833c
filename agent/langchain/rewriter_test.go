package langchain_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent/langchain"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
)

// scripted is a model that does not stream: it answers by a function of what it
// was sent.
type scripted func(ctx context.Context, messages []llms.MessageContent, opts llms.CallOptions) (*llms.ContentResponse, error)

func (s scripted) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, o := range options {
		o(&opts)
	}
	return s(ctx, messages, opts)
}

func (s scripted) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, s, prompt, options...)
}

// canada rewrites any question alike.
func canada(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
	return whole("What does shipping to Canada cost?"), nil
}

func TestRewriterKeepsTheContract(t *testing.T) {
	retrievaltest.RunRewriter(t, func(*testing.T) retrieval.Rewriter { return langchain.NewRewriter(scripted(canada), nil) })
}

func TestRewriterAsksForTheQuestion(t *testing.T) {
	var sent []llms.MessageContent
	var given llms.CallOptions
	model := scripted(func(ctx context.Context, messages []llms.MessageContent, opts llms.CallOptions) (*llms.ContentResponse, error) {
		sent, given = messages, opts
		return canada(ctx, messages, opts)
	})
	r := langchain.NewRewriter(model, &langchain.Options{CallOptions: []llms.CallOption{llms.WithModel("small")}})
	text, err := r.Rewrite(t.Context(), "And to Canada?\n> Never mind.", []string{"What does shipping to Norway cost?", "$ 12."})
	require.NoError(t, err)
	require.Equal(t, "What does shipping to Canada cost?", text)
	require.Len(t, sent, 2)
	require.Equal(t, llms.ChatMessageTypeSystem, sent[0].Role)
	require.Equal(t, llms.TextParts(llms.ChatMessageTypeHuman, `The conversation, oldest first:

> What does shipping to Norway cost?

> $ 12.

The customer's last message:
> And to Canada?
> > Never mind.
`), sent[1], "what others wrote is quoted, line by line")
	require.Equal(t, "small", given.Model)
	require.Equal(t, 200, given.MaxTokens)
}

func TestRewriterSearches(t *testing.T) {
	k, err := retrieval.New(t.Context(), retrieval.Config{Rewriter: langchain.NewRewriter(scripted(canada), nil)})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(),
		retrieval.Document{ID: "c", Title: "Canada", Sections: []retrieval.Section{{Text: "Shipping to Canada costs $ 15 and takes a week."}}},
		retrieval.Document{ID: "r", Title: "Returns", Sections: []retrieval.Section{{Text: "You may send it back there within 30 days."}}}))
	res, err := k.Retrieve(t.Context(), retrieval.Query{Text: "and there?", Before: []string{"We moved to Canada.", "What do you want to send?"}})
	require.NoError(t, err)
	require.NoError(t, res.Degraded)
	require.Equal(t, "What does shipping to Canada cost?", res.Rewritten)
	require.Equal(t, "c", res.Hits[0].Document)
}

func TestRewriterFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		model llms.Model
		want  string
	}{
		"an error": {scripted(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
			return nil, errors.New("boom")
		}), "langchain: boom"},
		"a panic": {scripted(nil), "langchain: the provider panicked: "},
		"nothing": {scripted(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
			return nil, nil
		}), "langchain: incomplete answer: the provider returned none"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := langchain.NewRewriter(tt.model, nil).Rewrite(t.Context(), "And there?", []string{"Canada"})
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestRewriterDoesNotWaitForAProviderThatIgnoresTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	deaf := scripted(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
		cancel()
		<-release
		return nil, nil
	})
	_, err := langchain.NewRewriter(deaf, nil).Rewrite(ctx, "And there?", []string{"Canada"})
	require.Equal(t, context.Canceled, err)
}
