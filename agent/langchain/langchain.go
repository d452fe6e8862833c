// Package langchain makes a language model of langchaingo an agent's Model, and
// a knowledge base's Rewriter.
//
// langchaingo's providers take some broken answers for whole ones, and show
// some of their own protocol as text. [Model] catches what can be told from
// outside; [Client], given to the provider as its HTTP client, catches the
// rest on the wire. Use both:
//
//	llm, err := openai.New(openai.WithToken(key), openai.WithHTTPClient(&langchain.Client{}))
//	model := langchain.New(llm, nil)
//
// It is tested with the providers openai and anthropic. Use openai for every
// server that speaks OpenAI's protocol, also for Ollama, which does under /v1:
// the provider ollama drops the tools and gives no reason why an answer ended,
// so a Model refuses all of its answers.
//
// Of the options of a call, openai drops WithTopP and always sends a temperature,
// and anthropic drops WithToolChoice.
package langchain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
)

// ErrIncomplete reports an answer that was broken off: by the connection, at
// the model's limit of tokens, or by the provider's filter. Generate wraps it.
var ErrIncomplete = errors.New("incomplete answer")

// errStopped ends a call whose consumer has stopped.
var errStopped = errors.New("stopped")

// Options configures a Model. Nil means the defaults.
type Options struct {
	// CallOptions are passed with each call, such as llms.WithMaxTokens.
	// Streaming and tools are the Model's own.
	CallOptions []llms.CallOption
	// SplitCalls sends back each call of a turn in a message of its own, as
	// langchaingo's anthropic provider needs it. All others need them in one.
	SplitCalls bool
	// MaxRunes is the longest text taken from the model; one that goes on is
	// cut off with an error. Defaults to 16,000.
	MaxRunes int
}

// A Model is an agent.Model that asks a language model. It reads what
// agent.Prompt asks for out of the text: citations as in [1] or [1, 2], where a
// Delta with Sources ends, and [no answer].
//
// Errors begin with "langchain: ", except those of the context, which are
// returned as they are. Those of a provider that uses a Client wrap a
// *StatusError where there is a status, and never hold its key; those that may
// pass by themselves are an *agent.RetryError.
type Model struct {
	llm  llms.Model
	opts Options
}

// New returns a Model that asks m.
func New(m llms.Model, opts *Options) *Model {
	var o Options
	if opts != nil {
		o = *opts
	}
	o.MaxRunes = cmp.Or(o.MaxRunes, 16_000)
	// Clipped, so that calls that append at the same time do not share the memory
	// behind the host's options.
	o.CallOptions = slices.Clip(slices.Clone(o.CallOptions))
	return &Model{llm: m, opts: o}
}

// Generate asks the model. It implements agent.Model.
func (m *Model) Generate(ctx context.Context, req agent.Request) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) {
		err := m.generate(ctx, req, func(d agent.Delta) bool { return yield(d, nil) })
		switch {
		case err == nil || err == errStopped:
		case ctx.Err() != nil:
			// Providers answer a done context with errors of their own, or with
			// half an answer and none.
			yield(agent.Delta{}, ctx.Err())
		default:
			yield(agent.Delta{}, again(fmt.Errorf("langchain: %w", err)))
		}
	}
}

// generate yields from the goroutine that it is called on: some providers call
// back on another one, where the consumer's code must not run.
func (m *Model) generate(ctx context.Context, req agent.Request, yield func(agent.Delta) bool) error {
	callCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks, done := m.call(callCtx, req)
	a := newAnswer(req, m.opts.MaxRunes)
	for {
		var deltas []agent.Delta
		var err error
		last := false
		select {
		case <-ctx.Done(): // not every provider listens to it
			return ctx.Err()
		case chunk := <-chunks:
			deltas, err = a.add(chunk)
		case out := <-done:
			if err := cmp.Or(ctx.Err(), out.err); err != nil {
				return err
			}
			last = true
			deltas, err = a.finish(out.resp)
		}
		for _, d := range deltas {
			if !yield(d) {
				return errStopped
			}
		}
		if err != nil || last {
			return err
		}
	}
}

// An outcome is what a provider returned.
type outcome struct {
	resp *llms.ContentResponse
	err  error
}

// call starts the call. After ctx is done nobody need receive from the
// channels for its goroutine to end.
func (m *Model) call(ctx context.Context, req agent.Request) (<-chan string, <-chan outcome) {
	chunks := make(chan string)
	stream := func(_ context.Context, chunk []byte) error {
		select {
		case chunks <- string(chunk):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	opts := append(m.opts.CallOptions, llms.WithStreamingFunc(stream), llms.WithTools(tools(req.Actions)))
	return chunks, generate(ctx, m.llm, append(messages(req.Prompt()), m.results(req.Results)...), opts)
}

// generate calls the provider on a goroutine of its own.
func generate(ctx context.Context, m llms.Model, messages []llms.MessageContent, opts []llms.CallOption) <-chan outcome {
	// done has room for one, or a call that ends when nobody listens any more would
	// keep its goroutine.
	done := make(chan outcome, 1)
	go func() {
		var out outcome
		defer func() {
			// Providers panic on some replies; here that would end the host.
			if p := recover(); p != nil {
				out = outcome{err: fmt.Errorf("the provider panicked: %v", p)}
			}
			done <- out
		}()
		out.resp, out.err = m.GenerateContent(ctx, messages, opts...)
	}()
	return done
}
