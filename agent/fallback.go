package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// A RetryError is an error of a Model that may pass by itself, such as a limit
// of requests or an outage. It reads as the error that it wraps.
type RetryError struct {
	// After is how long to wait before another attempt. Zero means that nobody
	// said.
	After time.Duration
	Err   error
}

// Error returns the text of Err.
func (e *RetryError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *RetryError) Unwrap() error { return e.Err }

// Fallback returns a Model that asks the first of models, and the next one when
// it fails or does not begin in its share of the time, as long as nothing it
// said was used. When all have failed it asks those again whose error is a
// RetryError, each three times in all, after the wait that they ask for,
// provided that it takes at most half of the time that ctx leaves. A model is
// not asked before its wait is over, by any call. Of one model alone it makes
// one that is tried again.
//
// What failed on the way is in Delta.Finding. If nothing helps, the error joins
// those of all models, and is a RetryError if one of them is.
func Fallback(models ...Model) Model {
	return &fallback{models: models, rests: make([]time.Time, len(models))}
}

type fallback struct {
	models []Model
	mu     sync.Mutex
	rests  []time.Time // until when a model asked to be left alone
}

// mostTries is how often a call asks each model.
const mostTries = 3

// firstPause is the wait before a second try where the model names none.
const firstPause = time.Second

// mostPause bounds a wait in a call without a deadline.
const mostPause = time.Minute

var (
	errSlow      = errors.New("it did not begin in time")
	errNoModels  = errors.New("agent: Fallback has no models")
	errUsed      = errors.New("the call is over") // in a way that the consumer knows
	errLeftAlone = errors.New("it asked to be left alone")
)

// Generate asks the models. It implements Model.
func (f *fallback) Generate(ctx context.Context, req Request) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		c := &fallbackCall{fallback: f, req: req, yield: yield, due: f.resting()}
		c.errs = make([]error, len(f.models))
		for try := range mostTries {
			if try > 0 && !c.pause(ctx) {
				break
			}
			if c.round(ctx, firstPause<<try) {
				return
			}
		}
		yield(Delta{}, cmp.Or(ctx.Err(), c.failure()))
	}
}

// resting returns when each model may be asked.
func (f *fallback) resting() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.rests)
}

// rest notes that a model asks to be left alone.
func (f *fallback) rest(i int, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if until.After(f.rests[i]) {
		f.rests[i] = until
	}
}

// A fallbackCall is one call of a fallback.
type fallbackCall struct {
	*fallback
	req   Request
	yield func(Delta, error) bool
	due   []time.Time // when each model may be asked
	errs  []error     // what each failed of last
}

// round asks the models that may be asked, and reports whether the call is over.
func (c *fallbackCall) round(ctx context.Context, pause time.Duration) (over bool) {
	for i := range c.models {
		if !c.open(i) {
			continue
		}
		err := c.attempt(ctx, i, pause)
		switch {
		case err == errUsed:
			return true
		case ctx.Err() != nil:
			c.yield(Delta{}, ctx.Err())
			return true
		}
		c.errs[i] = err
		if !c.yield(Delta{Finding: fmt.Sprintf("model %d of %d failed: %v", i+1, len(c.models), err)}, nil) {
			return true
		}
	}
	return false
}

// attempt asks one model if it may be asked by now, and notes when it may be
// asked again.
func (c *fallbackCall) attempt(ctx context.Context, i int, pause time.Duration) error {
	if wait := time.Until(c.due[i]); wait > 0 {
		return &RetryError{wait, errLeftAlone}
	}
	err := c.ask(ctx, i)
	var retry *RetryError
	if !errors.As(err, &retry) {
		return err
	}
	if retry.After == 0 {
		c.due[i] = time.Now().Add(pause)
		return err
	}
	c.due[i] = time.Now().Add(retry.After)
	c.rest(i, c.due[i])
	return err
}

// open reports whether it may help to ask a model.
func (c *fallbackCall) open(i int) bool {
	return c.errs[i] == nil || errors.As(c.errs[i], new(*RetryError))
}

// ask asks one model, and returns errUsed if that ends the call.
func (c *fallbackCall) ask(ctx context.Context, i int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	began := func() bool { return true }
	if patience, ok := c.share(ctx, i); ok {
		began = time.AfterFunc(patience, func() { cancel(errSlow) }).Stop
	}
	defer began()
	used := false
	for d, err := range c.models[i].Generate(ctx, c.req) {
		switch {
		case err != nil && used:
			c.yield(Delta{}, err)
			return errUsed
		case err != nil && context.Cause(ctx) == errSlow:
			return errSlow
		case err != nil:
			return err
		}
		if d.Text != "" || d.Call != nil || d.NoAnswer {
			used = true
			began()
		}
		if !c.yield(d, nil) {
			return errUsed
		}
	}
	return errUsed
}

// share is how long a model may take to begin: an equal share of the time, with
// those that could be asked after it. The last has all that is left.
func (c *fallbackCall) share(ctx context.Context, i int) (d time.Duration, ok bool) {
	end, ok := ctx.Deadline()
	sharers := 1
	for j := i + 1; j < len(c.models); j++ {
		if c.open(j) {
			sharers++
		}
	}
	return time.Until(end) / time.Duration(sharers), ok && sharers > 1
}

// wait returns the shortest wait of the models that may be asked again.
func (c *fallbackCall) wait() (wait time.Duration, ok bool) {
	for i, err := range c.errs {
		if err == nil || !c.open(i) {
			continue
		}
		if w := max(0, time.Until(c.due[i])); !ok || w < wait {
			wait, ok = w, true
		}
	}
	return wait, ok
}

// pause waits until a model may be asked again, and reports whether that is so.
func (c *fallbackCall) pause(ctx context.Context) bool {
	wait, ok := c.wait()
	most := mostPause
	if end, limited := ctx.Deadline(); limited {
		most = time.Until(end) / 2
	}
	return ok && wait <= most && sleep(ctx, wait) == nil
}

// failure returns the errors of all models in one.
func (c *fallbackCall) failure() error {
	if len(c.models) == 0 {
		return errNoModels
	}
	faults := make([]error, len(c.errs))
	for i, err := range c.errs {
		faults[i] = fmt.Errorf("agent: model %d of %d: %w", i+1, len(c.errs), err)
	}
	err := errors.Join(faults...)
	if wait, ok := c.wait(); ok {
		return &RetryError{wait, err}
	}
	return err
}
