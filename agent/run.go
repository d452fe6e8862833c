package agent

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Run serves the channels, attends to conversations, and delivers messages,
// until ctx is done and what was begun has ended. It returns ctx.Err(), or an
// error at once if the Store cannot be used or the agent runs already.
//
// Several processes may Run agents of the same configuration on one Store,
// each under its own Config.Worker.
func (a *Agent) Run(ctx context.Context) error {
	if !a.running.TryLock() {
		return errors.New("agent: Run is called already")
	}
	defer a.running.Unlock()
	if err := a.cfg.Store.Release(ctx, a.cfg.Worker); err != nil {
		return err
	}
	var wg sync.WaitGroup
	for name, c := range a.channels {
		wg.Go(func() { a.listen(ctx, c) })
		// Each channel has a pump of its own, so that one whose provider hangs
		// holds up no other.
		wg.Go(func() {
			a.pump(ctx, a.out[name], func(ctx context.Context) (func(context.Context), error) {
				return a.nextDelivery(ctx, c)
			})
		})
	}
	wg.Go(func() { a.pump(ctx, a.mail, a.nextWork) })
	wg.Wait()
	return ctx.Err()
}

// listen receives from a channel, again after a pause if it fails.
func (a *Agent) listen(ctx context.Context, c Channel) {
	pause := time.Second
	for ctx.Err() == nil {
		began := time.Now()
		err := guarded(func() error {
			return c.Receive(ctx, func(ctx context.Context, m channel.Message) error {
				return a.Receive(ctx, c.Name(), m)
			})
		})
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > time.Minute {
			pause = time.Second
		}
		a.cfg.Log.ErrorContext(ctx, "agent: channel stopped receiving", "channel", c.Name(), "err", err, "pause", pause)
		if sleep(ctx, pause) != nil {
			return
		}
		pause = min(2*pause, time.Minute)
	}
}

// pump takes what is due with next and runs it, up to Concurrency at a time.
// When nothing is due it waits to be woken, at most a tick.
func (a *Agent) pump(ctx context.Context, wake <-chan struct{}, next func(context.Context) (func(context.Context), error)) {
	slots := make(chan struct{}, a.cfg.Concurrency)
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		job, err := next(ctx)
		if err == nil {
			wg.Go(func() {
				defer func() { <-slots }()
				job(ctx)
			})
			continue
		}
		<-slots
		if !errors.Is(err, ErrNothingDue) && ctx.Err() == nil {
			a.cfg.Log.ErrorContext(ctx, "agent: cannot take work from the store", "err", err)
		}
		select {
		case <-wake:
		case <-time.After(a.cfg.Tick):
		case <-ctx.Done():
			return
		}
	}
}

func (a *Agent) nextWork(ctx context.Context) (func(context.Context), error) {
	claim := a.claim()
	claim.Now = time.Now()
	work, err := a.cfg.Store.Claim(ctx, claim)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) {
		if err := a.attend(ctx, work); err != nil && ctx.Err() == nil {
			a.cfg.Log.ErrorContext(ctx, "agent: turn failed", "conversation", work.Conversation.ID, "err", err)
		}
	}, nil
}

// guarded runs f and turns a panic of the host's code into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{r, debug.Stack()}
		}
	}()
	return f()
}

// A panicError is a panic of the host's code.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("agent: panic: %v\n%s", e.value, e.stack) }
