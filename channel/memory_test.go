package channel_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/channeltest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	for name, caps := range map[string]channel.Capabilities{
		"the least":  {},
		"everything": {MaxLength: 50, Idempotent: true, Links: true},
	} {
		t.Run(name, func(t *testing.T) {
			channeltest.Run(t, channeltest.Features{Fails: true}, func(t *testing.T) channeltest.Harness {
				return memoryHarness(caps)
			})
		})
	}
}

func memoryHarness(caps channel.Capabilities) channeltest.Harness {
	m := channel.NewMemory("memory", caps)
	var mu sync.Mutex
	var fault error
	threads := 0
	m.Fail = func(channel.Message) error {
		mu.Lock()
		defer mu.Unlock()
		return fault
	}
	return channeltest.Harness{
		Channel: m,
		Thread: func() string {
			threads++
			return fmt.Sprint("thread ", threads)
		},
		Deliver: func(ctx context.Context, in channel.Message) error {
			in.Author, in.At = channel.Customer, time.Now()
			return m.Deliver(ctx, in)
		},
		Delivered: func(t *testing.T, thread string, n int) []channel.Message {
			var got []channel.Message
			for _, s := range m.Sent() {
				if s.Thread == thread {
					got = append(got, s)
				}
			}
			require.GreaterOrEqual(t, len(got), n)
			return got[:n]
		},
		Fail: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			if fault = err; err != nil {
				fault = fmt.Errorf("memory: %w", err)
			}
		},
	}
}

func TestMemoryShowsDraftsAndSigns(t *testing.T) {
	m := channel.NewMemory("memory", channel.Capabilities{})
	require.NoError(t, channel.Draft(t.Context(), m, "t", "The ans"))
	require.NoError(t, channel.Typing(t.Context(), m, "t"))
	require.Equal(t, "The ans", m.Drafted("t"))
	require.Equal(t, 1, m.Typed("t"))

	require.NoError(t, m.Send(t.Context(), channel.Message{ID: "1", Thread: "t", Text: "The answer."}))
	require.Empty(t, m.Drafted("t"), "a message replaces the draft")
	require.Empty(t, m.Drafted("another"))
}

func TestMemorySendMindsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := channel.NewMemory("memory", channel.Capabilities{})
	require.ErrorIs(t, m.Send(ctx, channel.Message{ID: "1", Thread: "t"}), context.Canceled)
	require.Empty(t, m.Sent())
}

// plain is a Channel without extensions.
type plain struct{ channel.Channel }

func TestSignsAreNothingWhereAChannelHasNone(t *testing.T) {
	require.NoError(t, channel.Typing(t.Context(), plain{}, "t"))
	require.NoError(t, channel.Draft(t.Context(), plain{}, "t", "The ans"))
}

func TestReceiverRunsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r channel.Receiver
		require.Nil(t, r.Receiving(), "nothing receives at first")
		ctx, cancel := context.WithCancel(t.Context())
		go r.Receive(ctx, func(context.Context, channel.Message) error { return nil })
		synctest.Wait()

		require.ErrorContains(t, r.Receive(t.Context(), nil), "already running")
		receiving := r.Receiving()
		require.NotNil(t, receiving)
		cancel()
		<-receiving
		synctest.Wait()
		require.Nil(t, r.Receiving())
	})
}

func TestReceiverLetsHandlersEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r channel.Receiver
		ctx, cancel := context.WithCancel(t.Context())
		var order []string
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			r.Receive(ctx, func(call context.Context, _ channel.Message) error {
				<-call.Done()
				time.Sleep(time.Second) // of the bubble: a slow rollback
				order = append(order, "handler ended")
				return call.Err()
			})
			order = append(order, "Receive ended")
		}()
		synctest.Wait()
		delivered := make(chan error, 1)
		go func() { delivered <- r.Deliver(context.WithoutCancel(ctx), channel.Message{ID: "1"}) }()
		synctest.Wait()
		cancel()
		<-ended
		require.ErrorIs(t, <-delivered, context.Canceled, "the context of a handler ends with Receive")
		require.Equal(t, []string{"handler ended", "Receive ended"}, order)
	})
}

func TestDeliverWithoutReceive(t *testing.T) {
	var r channel.Receiver
	err := r.Deliver(t.Context(), channel.Message{ID: "1"})
	require.True(t, errors.Is(err, channel.ErrNotReceiving), "%v", err)
}
