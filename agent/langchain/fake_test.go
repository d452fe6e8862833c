package langchain_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
)

// A provider is a language model as a function. It streams through say.
type provider func(ctx context.Context, say func(string) error) (*llms.ContentResponse, error)

func (p provider) GenerateContent(ctx context.Context, _ []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, o := range options {
		o(&opts)
	}
	return p(ctx, func(chunk string) error { return opts.StreamingFunc(ctx, []byte(chunk)) })
}

func (p provider) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, p, prompt, options...)
}

// whole is an answer that is not streamed.
func whole(text string) *llms.ContentResponse {
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: text, StopReason: "stop"}}}
}

// streams is a provider that streams the chunks and then returns them all.
func streams(chunks ...string) provider {
	return func(_ context.Context, say func(string) error) (*llms.ContentResponse, error) {
		for _, c := range chunks {
			if err := say(c); err != nil {
				return nil, err
			}
		}
		return whole(strings.Join(chunks, "")), nil
	}
}

func TestProvidersThatDoNotStream(t *testing.T) {
	p := provider(func(context.Context, func(string) error) (*llms.ContentResponse, error) {
		r := whole("30 days [1].")
		r.Choices[0].GenerationInfo = map[string]any{"input_tokens": int32(3), "output_tokens": float64(4)}
		return r, nil
	})
	a, err := ask(t.Context(), langchain.New(p, nil), question())
	require.NoError(t, err)
	require.Equal(t, answer{text: "30 days.", sources: []int{0}, usage: agent.Usage{InputTokens: 3, OutputTokens: 4}}, a)
}

func TestNoAnswer(t *testing.T) {
	system := question().Prompt().System
	require.Contains(t, system, "write [no answer]", "the marker is the one that the prompt asks for")
	a, err := ask(t.Context(), langchain.New(streams("[No ", "Answer", "]"), nil), question())
	require.NoError(t, err)
	require.Equal(t, answer{noAnswer: true}, a)
}

func TestRunesThatAreSplit(t *testing.T) {
	text := "Grüße 你好 🙂\xff end"
	for size := 1; size < 6; size++ {
		var chunks []string
		for rest := text; rest != ""; rest = rest[min(size, len(rest)):] {
			chunks = append(chunks, rest[:min(size, len(rest))])
		}
		a, err := ask(t.Context(), langchain.New(streams(chunks...), nil), question())
		require.NoError(t, err)
		require.Equal(t, "Grüße 你好 🙂\uFFFD end", a.text, "in chunks of %d bytes", size)
	}
	a, err := ask(t.Context(), langchain.New(streams("cut \xe4\xbd"), nil), question())
	require.NoError(t, err)
	require.Equal(t, "cut \uFFFD", a.text, "a rune whose rest never comes")
}

func TestTextThatLooksLikeACall(t *testing.T) {
	_, err := ask(t.Context(), langchain.New(streams("It is ", `[{"function":{}}]`, " in JSON"), nil), question())
	require.EqualError(t, err, "langchain: the text that was streamed is not that of the answer", "it is not lost silently")
}

func TestProvidersThatMisbehave(t *testing.T) {
	for name, tt := range map[string]struct {
		provider llms.Model
		want     string
	}{
		"panic": {provider(func(context.Context, func(string) error) (*llms.ContentResponse, error) {
			panic("index out of range")
		}), "langchain: the provider panicked: index out of range"},
		"nil":      {nil, "langchain: the provider panicked: "},
		"no reply": {provider(func(context.Context, func(string) error) (*llms.ContentResponse, error) { return nil, nil }), "langchain: incomplete answer: the provider returned none"},
		"no choices": {provider(func(context.Context, func(string) error) (*llms.ContentResponse, error) {
			return &llms.ContentResponse{}, nil
		}), "langchain: incomplete answer: the provider returned none"},
		"other text": {provider(func(_ context.Context, say func(string) error) (*llms.ContentResponse, error) {
			return whole("no"), say("yes")
		}), "langchain: the text that was streamed is not that of the answer"},
		"an error": {provider(func(_ context.Context, say func(string) error) (*llms.ContentResponse, error) {
			return nil, errors.Join(say("half"), errors.New("boom"))
		}), "langchain: boom"},
		"too long at once": {streams(strings.Repeat("x", 16_001)), "langchain: an answer of more than 16000 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(t.Context(), langchain.New(tt.provider, nil), question())
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// TestProviderThatIgnoresTheContext ends although the provider does not.
func TestProviderThatIgnoresTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release, ended := make(chan struct{}), make(chan error, 1)
	p := provider(func(_ context.Context, say func(string) error) (*llms.ContentResponse, error) {
		cancel()
		<-release
		err := say("late")
		ended <- err
		return nil, err
	})
	_, err := ask(ctx, langchain.New(p, nil), question())
	require.Equal(t, context.Canceled, err)
	close(release)
	require.ErrorIs(t, <-ended, context.Canceled, "the provider is not left hanging in the callback")
}
