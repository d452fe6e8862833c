package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
		err = a.commit(limited, t.commit)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrFenced):
		a.cfg.Log.InfoContext(ctx, "agent: work dropped, the conversation has changed", "conversation", w.Conversation.ID)
		if ch := a.channels[w.Conversation.Channel]; ch != nil {
			_ = channel.Draft(ctx, ch, w.Conversation.Thread, "") // nothing will replace it
		}
		return nil
	}
	w.Conversation.Memory.Hold = cmp.Or(w.Conversation.Memory.Hold, t.held)
	return errors.Join(err, a.postpone(ctx, w, err))
}

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
		a.cfg.Observer.Observe(ctx, e)
	}
	if w, ok := a.channels[c.Conversation.Channel].(channel.Window); ok {
		w.Changed(c.Conversation.Thread)
	}
	poke(a.mail)
	if len(c.Messages) > 0 {
		poke(a.out)
	}
	return nil
}

// postpone counts a failed attempt and puts the work off. An attempt that ends
// because the agent does is not counted, and whoever is next goes on at once.
func (a *Agent) postpone(ctx context.Context, w Work, cause error) error {
	now := time.Now()
	c := w.Conversation
	c.Memory.Committed = c.Epoch // its next claim is not the first attempt
	pause := 30 * time.Second
	switch {
	case ctx.Err() != nil:
		pause = 0
	case len(waiting(w)) > 0:
		c.Memory.Failures++
		pause = min(time.Second<<(c.Memory.Failures-1), pause)
	}
	if len(waiting(w)) == 0 {
		c.Due = now.Add(pause)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := a.commit(ctx, Commit{
		Conversation: c, At: now, Wait: now.Add(pause),
		Records: []Record{{
			At: now, Conversation: c.ID, Kind: TurnFailed, Actor: string(channel.Agent),
			Detail: fmt.Sprintf("failures %d: %v", c.Memory.Failures, cause),
		}},
	})
	time.AfterFunc(pause, func() { poke(a.mail) })
	if errors.Is(err, ErrFenced) {
		return nil
	}
	return err
}

// waiting returns the messages of the customer that no turn has dealt with.
func waiting(w Work) []Message {
	for i, m := range w.Messages {
		if m.Seq > w.Conversation.Answered && m.Author == channel.Customer {
			return w.Messages[i:]
		}
	}
	return nil
}
