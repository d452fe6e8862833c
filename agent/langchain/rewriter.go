package langchain

import (
	"context"
	"fmt"
	"slices"

	"github.com/tmc/langchaingo/llms"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A Rewriter is a retrieval.Rewriter that asks a language model. A small and
// fast one is enough, and a slow one is not: a search waits for it three seconds.
//
//	knowledge, err := retrieval.New(ctx, retrieval.Config{Rewriter: langchain.NewRewriter(llm, nil)})
//
// Its errors are those of a [Model].
type Rewriter struct {
	llm  llms.Model
	opts []llms.CallOption
}

// NewRewriter returns a Rewriter that asks m. Of the options only CallOptions
// count. The model's temperature is 0, and its answer at most 200 tokens, unless
// they say otherwise.
func NewRewriter(m llms.Model, opts *Options) *Rewriter {
	r := &Rewriter{llm: m, opts: []llms.CallOption{llms.WithTemperature(0), llms.WithMaxTokens(200)}}
	if opts != nil {
		r.opts = append(r.opts, opts.CallOptions...)
	}
	r.opts = slices.Clip(r.opts) // calls at the same time must not append to one array
	return r
}

// Rewrite asks the model. It implements retrieval.Rewriter.
func (r *Rewriter) Rewrite(ctx context.Context, question string, before []string) (string, error) {
	select {
	case <-ctx.Done(): // not every provider listens to it
		return "", ctx.Err()
	case out := <-generate(ctx, r.llm, messages(agent.RewritePrompt(question, before)), r.opts):
		text, err := "", out.err
		if err == nil {
			text, _, err = read(out.resp)
		}
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err != nil:
			return "", fmt.Errorf("langchain: %w", err)
		}
		return text, nil
	}
}
