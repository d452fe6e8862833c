package agent

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// longestAnswer bounds what is taken from a model that does not stop, in bytes.
const longestAnswer = 32 << 10

// generate lets the model write, and passes each sentence on as soon as the
// guard has let it through. A model that fails is replaced by Extractive.
func (t *turn) generate(ctx context.Context) error {
	if t.Text != "" {
		return nil
	}
	t.call = t.request()
	ch := t.agent.channels[t.conv.Channel]
	if ch != nil {
		_ = channel.Typing(ctx, ch, t.conv.Thread)
	}
	t.draft = newDraft(t.agent.rules.Links, t.call, func(text string) {
		if ch != nil {
			_ = channel.Draft(ctx, ch, t.conv.Thread, text)
		}
	})
	model, cancel := context.WithTimeout(ctx, time.Duration(t.agent.rules.Limits.ModelTime))
	defer cancel()
	err := t.converse(model, t.agent.cfg.Model)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	t.finding("the model failed, so the sources are quoted: %v", err)
	t.agent.cfg.Log.WarnContext(ctx, "agent: the model failed", "conversation", t.conv.ID, "err", err)
	t.draft.reset(t.call)
	_, err = t.write(ctx, Extractive{})
	return err
}

// request is what the model is told.
func (t *turn) request() Request {
	r := t.agent.rules
	caps, _ := t.capabilities()
	return Request{
		Profile: r.Profile, Guidelines: r.Guidelines, Question: t.Question, History: t.history,
		Customer: t.customer, Evidence: t.found.Hits, Actions: t.agent.specs(), MaxLength: caps.MaxLength,
	}
}

// converse lets a model write until it proposes no more actions.
func (t *turn) converse(ctx context.Context, m Model) error {
	for range t.agent.rules.Limits.ModelCalls {
		calls, err := t.write(ctx, m)
		if err != nil {
			return err
		}
		if len(calls) == 0 {
			return nil
		}
		t.call.Results = append(t.call.Results, t.act(ctx, calls)...)
		t.draft.reset(t.call)
	}
	t.handOver(handoff.Limits, "too many model calls", "The model made %d calls without coming to an end.", t.agent.rules.Limits.ModelCalls)
	return nil
}

// write lets a model write once, and returns the actions that it proposes.
func (t *turn) write(ctx context.Context, m Model) (calls []Call, err error) {
	err = guarded(func() error {
		for delta, err := range m.Generate(ctx, t.call) {
			if err != nil {
				return err
			}
			t.Usage = t.Usage.plus(delta.Usage)
			if delta.Call != nil {
				calls = append(calls, *delta.Call)
			}
			if delta.NoAnswer {
				t.handOver(handoff.MissingKnowledge, "the model finds no answer", "The model finds no answer in the evidence.")
			}
			if t.draft.add(delta) > longestAnswer {
				return errors.New("agent: the model does not stop")
			}
		}
		return ctx.Err()
	})
	t.draft.end()
	return calls, err
}

// guard makes the answer of the sentences that were let through.
func (t *turn) guard(context.Context) error {
	if t.Text != "" {
		return nil
	}
	for _, f := range t.draft.findings {
		t.finding("%s", f)
	}
	t.Text = strings.TrimSpace(t.draft.kept.String())
	if !wordy(t.Text) {
		t.handOver(handoff.MissingKnowledge, "nothing grounded", "Nothing that the model wrote stands in the evidence.")
		return nil
	}
	t.Citations = cite(t.call.Evidence, t.draft.sources)
	return nil
}

// wordy reports whether a text says anything.
func wordy(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r != '_' && !strings.ContainsRune(":;<=>?@[]^`{|}~", r) }) >= 0
}
