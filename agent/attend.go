package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// attend does what a claimed conversation wants: charges to settle, messages
// to answer, or a timer that has come. Whatever it decides is committed in one
// transaction or not at all.
func (a *Agent) attend(ctx context.Context, w Work) error {
	limited, cancel := context.WithTimeout(ctx, time.Duration(a.rules.Limits.TurnTime))
	defer cancel()
	t := newTurn(a, w)
	err := guarded(func() error { return t.run(limited) })
	if err == nil {
		// What has been made is stored, also if the agent is about to end.
		storing, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
		defer cancel()
		err = a.commit(storing, t.commit)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrFenced):
		a.cfg.Log.InfoContext(ctx, "agent: work dropped, the conversation has changed", "conversation", w.Conversation.ID)
		a.showDraft(ctx, w.Conversation, "") // nothing will replace it
		for _, r := range t.actionRecords() {
			// A commit for its record would drop the turn that has begun instead.
			a.cfg.Log.WarnContext(ctx, "agent: an action ran in a turn that was dropped", "conversation", r.Conversation, "kind", r.Kind, "detail", r.Detail)
		}
		return nil
	}
	a.showDraft(ctx, w.Conversation, "")
	w.Conversation.Memory.Held = t.conv.Memory.Held
	return errors.Join(err, a.postpone(ctx, w, t.actionRecords(), err))
}

// commitTime is the longest that a commit may take. It is within the lease.
const commitTime = 10 * time.Second

// commit stores c and tells the observer.
func (a *Agent) commit(ctx context.Context, c Commit) error {
	if err := a.cfg.Store.Commit(ctx, c); err != nil {
		return err
	}
	for _, r := range c.Records {
		e := Event{Record: r}
		if r.Kind == TurnCommitted {
			e.Turn = c.Turn
		}
		a.observe(ctx, e)
	}
	if w, ok := a.channels[c.Conversation.Channel].(channel.Window); ok {
		a.best(ctx, "Changed", func() error {
			w.Changed(c.Conversation.Thread)
			return nil
		})
	}
	poke(a.mail)
	if out := a.out[c.Conversation.Channel]; out != nil && len(c.Messages) > 0 {
		poke(out)
	}
	return nil
}

// observe tells the observer.
func (a *Agent) observe(ctx context.Context, e Event) {
	a.best(ctx, "Observe", func() error {
		a.cfg.Observer.Observe(ctx, e)
		return nil
	})
}

// showDraft shows the answer so far, or takes it away.
func (a *Agent) showDraft(ctx context.Context, c Conversation, text string) {
	if ch := a.channels[c.Channel]; ch != nil {
		a.best(ctx, "Draft", func() error { return channel.Draft(ctx, ch, c.Thread, text) })
	}
}

// best calls the host's code where a failure must not matter.
func (a *Agent) best(ctx context.Context, what string, f func() error) {
	if err := guarded(f); err != nil && ctx.Err() == nil {
		a.cfg.Log.WarnContext(ctx, "agent: the host's code failed", "call", what, "err", err)
	}
}

// postpone counts a failed attempt and puts the work off. An attempt that ends
// because the agent does is not counted, and whoever is next goes on at once.
// What actions did in it is recorded all the same.
func (a *Agent) postpone(ctx context.Context, w Work, done []Record, cause error) error {
	now := time.Now()
	c := w.Conversation
	c.Memory.Committed = c.Epoch // its next claim is not the first attempt
	pause := 5 * time.Minute
	switch {
	case ctx.Err() != nil:
		pause = 0
	case waiting(w):
		pause = time.Second << min(c.Memory.Failures, 5)
		c.Memory.Failures++
	}
	c.Due = now.Add(pause)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	err := a.commit(ctx, Commit{
		Conversation: c, At: now, Wait: now.Add(pause),
		Records: append(done, Record{
			At: now, Conversation: c.ID, Kind: TurnFailed, Actor: string(channel.Agent),
			Detail: fmt.Sprintf("failures %d: %v", c.Memory.Failures, cause),
		}),
	})
	time.AfterFunc(pause, func() { poke(a.mail) })
	if errors.Is(err, ErrFenced) {
		return nil
	}
	return err
}

// waiting reports whether the customer has written what no turn has dealt with,
// or a task is not done.
func waiting(w Work) bool {
	return w.Conversation.Memory.Task != nil || slices.ContainsFunc(w.Messages, func(m Message) bool {
		return m.Seq > w.Conversation.Answered && m.Author == channel.Customer
	})
}
