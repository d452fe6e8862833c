package agent

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// longestAnswer bounds what is taken from a model that does not stop, in bytes.
const longestAnswer = 32 << 10

// mostCalls is how many actions may be proposed in a turn.
const mostCalls = 16

// generate lets the model write, and passes each sentence on as soon as the
// guard has let it through. A model that fails is replaced by Extractive.
func (t *turn) generate(ctx context.Context) error {
	if t.Text != "" {
		return nil
	}
	t.call = t.request()
	show := func(string) {}
	if ch := t.agent.channels[t.conv.Channel]; ch != nil && t.direct() {
		t.agent.best(ctx, "Typing", func() error { return channel.Typing(ctx, ch, t.conv.Thread) })
		show = func(text string) { t.agent.showDraft(ctx, t.conv, t.opening()+text) }
	}
	t.draft = newDraft(t.agent.rules.Links, t.call, show)
	model, cancel := context.WithDeadline(ctx, t.modelDeadline(ctx))
	defer cancel()
	_, t.spent.free = t.agent.cfg.Model.(Extractive)
	if t.confirmed != nil {
		t.report(model)
		return ctx.Err()
	}
	err := t.converse(model, t.agent.cfg.Model)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	t.agent.cfg.Log.WarnContext(ctx, "agent: the model failed", "conversation", t.conv.ID, "err", err)
	if t.acted() {
		t.handOver(handoff.Failure, "failed after an action", "The model failed after an action was done, and could not say so.")
		return nil
	}
	if t.Decision.Rule == actionWanted {
		t.noAnswer(handoff.Failure, "failed before an action", "The model failed, and nothing else can call the action.")
		return nil
	}
	t.finding("the model failed, so the sources are quoted: %v", err)
	t.draft.reset(t.call)
	t.spent.free = true
	_, err = t.write(ctx, Extractive{})
	return err
}

// quoteTime is what is left of a turn for quoting if the model fails.
const quoteTime = 5 * time.Second

// modelDeadline is when the model has to be done.
func (t *turn) modelDeadline(ctx context.Context) time.Time {
	at := time.Now().Add(time.Duration(t.agent.rules.Limits.ModelTime))
	if end, ok := ctx.Deadline(); ok && end.Add(-quoteTime).Before(at) {
		return end.Add(-quoteTime)
	}
	return at
}

// acted reports whether an action was done in this turn, other than noting what
// the customer said.
func (t *turn) acted() bool {
	return slices.ContainsFunc(t.Calls, func(r CallResult) bool {
		a := t.agent.actions[r.Name]
		return r.Refused == "" && (a == nil || !a.notes)
	})
}

// request is what the model is told.
func (t *turn) request() Request {
	r := t.agent.rules
	caps, _ := t.agent.carries(t.conv.Channel)
	return Request{
		Profile: r.Profile, Language: t.Language, Guidelines: t.instructions, Question: t.Question, History: t.history,
		Customer: t.told(), Labels: r.labels(), Evidence: t.found.Hits, Score: t.found.Answerable,
		Actions: t.offered(), Results: slices.Clone(t.done), MaxLength: caps.MaxLength,
	}
}

// converse lets a model write until it proposes no more actions.
func (t *turn) converse(ctx context.Context, m Model) error {
	var first *written // before the model was told of its style
	most := t.agent.rules.Limits.ModelCalls
	for n := range most {
		if limits := t.agent.rules.Limits; limits.Tokens > 0 || limits.Cost > 0 {
			t.spent.begin(t.call)
		}
		if t.overspent() {
			first.restore(t)
			return nil
		}
		calls, err := t.write(ctx, m)
		switch {
		case first != nil && (err != nil || len(calls) == 0 && !wordy(t.draft.kept.String()) || t.Decision.Kind != Answer):
			first.restore(t)
			return nil
		case err != nil:
			return err
		case len(calls) == 0 && t.call.Remarks == nil && len(t.draft.remarks) > 0 && t.Decision.Kind == Answer && n+1 < most:
			first = t.rewrite()
			continue
		// What was handed over is done by people, and what the model can no longer
		// tell of is not begun.
		case len(calls) == 0 || t.Decision.Kind != Answer || t.overspent():
			return nil
		}
		first = nil // what was written before does not know of what is done now
		t.call.Results = append(t.call.Results, t.act(ctx, calls)...)
		if t.Decision.Kind != Answer { // the policy asks the customer, or people
			return nil
		}
		t.call.Customer = t.told() // a call may have changed it
		t.draft.reset(t.call)
	}
	t.handOver(handoff.Limits, "too many model calls", "The model made %d calls without coming to an end.", most)
	return nil
}

// Written is an answer that may leave, and that the model was asked to write
// again for its style.
type written struct {
	draft    *draft
	decision Decision
}

// rewrite has the model told of its style, and returns what it wrote.
func (t *turn) rewrite() *written {
	w := &written{t.draft, t.Decision}
	t.call.Remarks = t.draft.remarks
	t.draft = newDraft(t.agent.rules.Links, t.call, t.draft.show)
	t.draft.findings = w.draft.findings
	return w
}

// restore takes the answer back into the turn, if there is one: style is no
// reason to leave a question unanswered.
func (w *written) restore(t *turn) {
	if w == nil {
		return
	}
	w.decision.Findings = t.Decision.Findings
	t.draft, t.Decision = w.draft, w.decision
}

// write lets a model write once, and returns the actions that it proposes.
func (t *turn) write(ctx context.Context, m Model) (calls []Call, err error) {
	said := 0
	err = guarded(func() error {
		for delta, err := range m.Generate(ctx, t.call) {
			if err != nil {
				return err
			}
			if delta.Call != nil {
				calls = append(calls, *delta.Call)
				said += len(delta.Call.Name) + len(delta.Call.Arguments)
			}
			said += len(delta.Text)
			t.note(delta, said)
			switch {
			case len(t.Calls)+len(calls) > mostCalls:
				return errors.New("agent: the model proposes too many actions")
			case t.draft.add(delta) > longestAnswer:
				return errors.New("agent: the model does not stop")
			// The last piece, with the usage, ends what is paid for already.
			case (delta.Text != "" || delta.Call != nil) && t.overspent():
				return nil
			}
		}
		return ctx.Err()
	})
	if err == nil {
		t.draft.end()
	}
	return calls, err
}

// note takes what a piece says beside the answer.
func (t *turn) note(delta Delta, said int) {
	used := Usage{max(0, delta.Usage.InputTokens), max(0, delta.Usage.OutputTokens)}
	t.Usage = t.Usage.plus(used)
	t.spent.add(said, used)
	if delta.Finding != "" {
		t.finding("%s", delta.Finding)
	}
	if delta.NoAnswer {
		t.noAnswer(handoff.MissingKnowledge, "the model finds no answer", "The model finds no answer in the evidence.")
	}
}

// guard makes the answer of the sentences that were let through.
func (t *turn) guard(context.Context) error {
	if t.Text != "" {
		return nil
	}
	for _, f := range t.draft.findings {
		t.finding("%s", f)
	}
	for _, r := range t.draft.remarks {
		t.finding("style: %s", r)
	}
	t.Text = strings.TrimSpace(t.draft.kept.String())
	if !wordy(t.Text) {
		t.noAnswer(handoff.MissingKnowledge, "nothing grounded", "Nothing that the model wrote stands in the evidence.")
		return nil
	}
	switch {
	case t.conv.Memory.Collecting != "":
		t.decided(Ask, "missing inputs", "%s needs to know more of the customer.", t.conv.Memory.Collecting)
	case len(t.draft.sources) > 0 || !t.acted(): // else it rests on what an action returned
		t.Citations = cite(t.call.Evidence, t.draft.sources)
	}
	return nil
}

// wordy reports whether a text says anything.
func wordy(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r != '_' && !strings.ContainsRune(":;<=>?@[]^`{|}~", r) }) >= 0
}
