package channel

import (
	"context"
	"errors"
	"sync"
)

// errReceiving is a fault of the caller, as Receive is called once at a time.
var errReceiving = errors.New("channel: Receive is already running")

// A Receiver is the receiving half of a Channel whose provider calls in, such
// as a webhook or an http.Handler. Adapters embed one. The zero value is ready.
type Receiver struct {
	mu      sync.Mutex
	handle  Handler         // of the running Receive, nil if none
	done    <-chan struct{} // of the running Receive, nil if none
	pending sync.WaitGroup  // calls of handle
}

// Receive makes handle the taker of what Deliver brings until ctx is done. It
// then lets the calls of handle end, with their contexts canceled, and returns
// ctx.Err(). It returns another error at once if a Receive is running.
func (r *Receiver) Receive(ctx context.Context, handle Handler) error {
	r.mu.Lock()
	if r.handle != nil {
		r.mu.Unlock()
		return errReceiving
	}
	r.done = ctx.Done()
	r.handle = func(call context.Context, m Message) error {
		call, cancel := context.WithCancel(call)
		defer cancel()
		// A call has two contexts to heed: of the provider's request, and of Receive.
		defer context.AfterFunc(ctx, cancel)()
		return handle(call, m)
	}
	r.mu.Unlock()

	<-ctx.Done()
	r.mu.Lock()
	r.handle, r.done = nil, nil
	r.mu.Unlock()
	r.pending.Wait()
	return ctx.Err()
}

// Deliver passes m to the handler and returns what it returned: nil means that
// m is stored and may be acknowledged. Without a running Receive it returns
// ErrNotReceiving.
func (r *Receiver) Deliver(ctx context.Context, m Message) error {
	r.mu.Lock()
	handle := r.handle
	if handle == nil {
		r.mu.Unlock()
		return ErrNotReceiving
	}
	r.pending.Add(1) // under the lock, so that Receive cannot miss it
	r.mu.Unlock()
	defer r.pending.Done()
	return handle(ctx, m)
}

// Receiving returns a channel that is closed when the running Receive ends, or
// nil if none is running. Long-lived streams to customers end with it.
func (r *Receiver) Receiving() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done
}
