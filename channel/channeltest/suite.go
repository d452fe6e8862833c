// Package channeltest proves that a channel keeps the contract of
// [channel.Channel]. [Run] is for the author of a channel; [Desk] is a
// channel.Desk for tests.
package channeltest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Features are what a Harness can do beyond the least. The zero value is the
// least.
type Features struct {
	// Fails says that Harness.Fail is set.
	Fails bool
}

// A Harness is a fresh Channel with a provider that the suite plays.
type Harness struct {
	// Channel is the subject. Its Receive is not running.
	Channel channel.Channel
	// Thread returns the id of a thread that has no messages yet.
	Thread func() string
	// Deliver brings a message of a customer to the channel as its provider
	// does. Only ID, Thread and Text are set. It returns nil if the channel
	// acknowledged the message, and an error if the provider is to send it again.
	Deliver func(ctx context.Context, m channel.Message) error
	// Delivered waits until the customer of thread has n messages and returns
	// these in the order in which they came. It fails the test if they do not
	// come.
	Delivered func(t *testing.T, thread string, n int) []channel.Message
	// Fail makes the provider treat the next messages as err says, one of
	// channel.ErrRejected, channel.ErrUnavailable, or another error for an
	// unknown outcome. It is nil unless Features.Fails.
	Fail func(err error)
}

// patience is how long the suite waits for what must come.
const patience = 10 * time.Second

// Run runs the suite. It calls newHarness once for each subtest.
func Run(t *testing.T, features Features, newHarness func(*testing.T) Harness) {
	checks := []struct {
		contract string
		check    func(*testing.T, Harness)
	}{
		{"the name and the capabilities never change", checkStable},
		{"Receive returns the error of its context", checkReceiveEnds},
		{"Receive may be called again", checkReceiveAgain},
		{"a message is acknowledged only after the handler returned nil", checkAckAfterHandler},
		{"a message that the handler refused is sent again", checkRefused},
		{"a message that nobody receives is sent again", checkNotReceiving},
		{"a repeat keeps its ID", checkRepeats},
		{"messages come in whole", checkInbound},
		{"threads are kept apart", checkThreads},
		{"messages go out whole and in order", checkSend},
		{"an idempotent channel drops repeats", checkIdempotent},
		{"signs and drafts are no messages", checkSigns},
		{"all methods may be called from many goroutines", checkConcurrent},
	}
	for _, c := range checks {
		t.Run(c.contract, func(t *testing.T) { c.check(t, newHarness(t)) })
	}
	if features.Fails {
		t.Run("Send tells what became of a message", func(t *testing.T) { checkFaults(t, newHarness) })
	}
}

// receive runs Receive until the test ends or the returned function is called,
// which waits for it and returns its error.
func receive(t *testing.T, c channel.Channel, handle channel.Handler) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Receive(ctx, handle) }()
	stop = func() error {
		cancel()
		select {
		case err := <-ended:
			ended <- err // for the next call
			return err
		case <-time.After(patience):
			return context.DeadlineExceeded
		}
	}
	t.Cleanup(func() { stop() })
	return stop
}

// deliver brings m in, again and again like a provider until it is taken, as
// Receive may not have begun yet.
func deliver(t *testing.T, h Harness, m channel.Message) {
	t.Helper()
	require.Eventually(t, func() bool { return h.Deliver(t.Context(), m) == nil },
		patience, 2*time.Millisecond, "a message that the handler takes is acknowledged")
}

// inbox is a Handler that keeps what it gets.
type inbox chan channel.Message

func (i inbox) handle(ctx context.Context, m channel.Message) error {
	select {
	case i <- m:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// next returns the next message that came in.
func (i inbox) next(t *testing.T) channel.Message {
	t.Helper()
	select {
	case m := <-i:
		return m
	case <-time.After(patience):
		require.FailNow(t, "the handler is called with a message that came in")
		return channel.Message{}
	}
}
