package channeltest

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Desk is a channel.Desk in memory, for tests of channels that show whole
// conversations. The zero value is ready.
type Desk struct {
	mu      sync.Mutex
	threads map[string]*deskThread
	fail    error
}

// A deskThread comes to be when it is first asked for, as an unknown thread is
// one without messages.
type deskThread struct {
	entries []channel.Entry
	owner   channel.Owner
}

var _ channel.Desk = (*Desk)(nil)

// Add puts m at the end of its thread, unless a message of its ID is there. It
// reports whether m is new.
func (d *Desk) Add(m channel.Message) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.thread(m.Thread)
	if slices.ContainsFunc(t.entries, func(e channel.Entry) bool { return e.ID == m.ID }) {
		return false
	}
	// Gaps, as in a table that all threads share.
	t.entries = append(t.entries, channel.Entry{Seq: int64(3*len(t.entries) + 2), Message: m})
	return true
}

// Pass makes o the owner of thread.
func (d *Desk) Pass(thread string, o channel.Owner) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.thread(thread).owner = o
}

// Fail makes every further call return err, until it is called with nil.
func (d *Desk) Fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = err
}

// Transcript yields the entries of thread after that Seq.
func (d *Desk) Transcript(ctx context.Context, _, thread string, after int64) iter.Seq2[channel.Entry, error] {
	d.mu.Lock()
	// The lock is not held while the caller's loop runs, which may call Add.
	entries, err := slices.Clone(d.thread(thread).entries), d.fail
	d.mu.Unlock()
	return func(yield func(channel.Entry, error) bool) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			yield(channel.Entry{}, err)
			return
		}
		for _, e := range entries {
			if e.Seq > after && !yield(e, nil) {
				return
			}
		}
	}
}

// Owner returns who may speak in thread.
func (d *Desk) Owner(_ context.Context, _, thread string) (channel.Owner, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.thread(thread).owner, d.fail
}

// thread is called with the lock held.
func (d *Desk) thread(name string) *deskThread {
	if d.threads == nil {
		d.threads = make(map[string]*deskThread)
	}
	if d.threads[name] == nil {
		d.threads[name] = &deskThread{}
	}
	return d.threads[name]
}
