package channeltest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
)

// texts are what channels get wrong: several scripts, emoji of several runes,
// marks, markup, and length.
var texts = map[string]string{
	"a word":          "Hello",
	"lines":           "Hello,\n\nmy order 4711 is late.\nWhat now?",
	"scripts":         "Grüße, 你好, こんにちは, مرحبا, שלום, नमस्ते",
	"emoji":           "👩‍👩‍👧‍👦 👍🏽 🇨🇭 ☺️ é",
	"something odd":   `<script>alert("1")</script> & %s \n {{.}} '; DROP TABLE messages;--`,
	"a long question": strings.TrimSpace(strings.Repeat("Where is my order? 📦 ", 140)),
}

// checkStable runs without a Receive: the name is asked for before it.
func checkStable(t *testing.T, h Harness) {
	require.NotEmpty(t, h.Channel.Name(), "a channel has a name")
	require.Equal(t, h.Channel.Name(), h.Channel.Name(), "the name is stable")
	require.Equal(t, h.Channel.Capabilities(), h.Channel.Capabilities(), "the capabilities never change")
	require.GreaterOrEqual(t, h.Channel.Capabilities().MaxLength, 0, "a length is not negative")
}

// checkReceiveEnds delivers a message first, so that Receive is known to run.
func checkReceiveEnds(t *testing.T, h Harness) {
	in := make(inbox, 1)
	stop := receive(t, h.Channel, in.handle)
	deliver(t, h, channel.Message{ID: "1", Thread: h.Thread(), Text: "Hello"})
	require.ErrorIs(t, stop(), context.Canceled, "Receive returns ctx.Err() once ctx is done")
}

// checkReceiveAgain is what a host does that restarts an agent: what comes in
// afterwards must not reach the handler of before.
func checkReceiveAgain(t *testing.T, h Harness) {
	first, second, thread := make(inbox, 1), make(inbox, 1), h.Thread()
	stop := receive(t, h.Channel, first.handle)
	deliver(t, h, channel.Message{ID: "1", Thread: thread, Text: "one"})
	require.ErrorIs(t, stop(), context.Canceled)

	receive(t, h.Channel, second.handle)
	deliver(t, h, channel.Message{ID: "2", Thread: thread, Text: "two"})
	require.Equal(t, "one", first.next(t).Text)
	require.Equal(t, "two", second.next(t).Text, "a second Receive gets what comes in after the first ended")
	require.Empty(t, first, "a handler is not called after its Receive returned")
}

// checkAckAfterHandler holds the handler, and looks whether the provider is kept
// waiting meanwhile. An acknowledgement that comes early loses the message when
// the process ends.
func checkAckAfterHandler(t *testing.T, h Harness) {
	entered, held := make(chan struct{}, 1), make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	defer release()
	receive(t, h.Channel, func(ctx context.Context, m channel.Message) error {
		if m.Text == "ready?" {
			return nil
		}
		entered <- struct{}{}
		<-held
		return nil
	})
	thread := h.Thread()
	deliver(t, h, channel.Message{ID: "1", Thread: thread, Text: "ready?"})
	acked := make(chan error, 1)
	go func() { acked <- h.Deliver(t.Context(), channel.Message{ID: "2", Thread: thread, Text: "Hello"}) }()
	select {
	case <-entered:
	case <-time.After(patience):
		require.FailNow(t, "the handler is called with a message that came in")
	}
	select {
	case <-acked:
		require.Fail(t, "a message is not acknowledged while the handler runs")
	// That nothing comes can only be seen by waiting. A slow machine makes this
	// pass too easily, and never fail.
	case <-time.After(20 * time.Millisecond):
	}
	release()
	select {
	case err := <-acked:
		require.NoError(t, err, "a message is acknowledged once the handler returned nil")
	case <-time.After(patience):
		require.Fail(t, "a message is acknowledged once the handler returned nil")
	}
}

// checkRefused plays a store that is full once. Which ID a message has is the
// channel's affair, as long as its second coming has the same.
func checkRefused(t *testing.T, h Harness) {
	in := make(inbox, 2)
	full := true
	receive(t, h.Channel, func(ctx context.Context, m channel.Message) error {
		in <- m
		if m.Text == "Hello" && full {
			full = false
			return errors.New("the store is full")
		}
		return nil
	})
	thread := h.Thread()
	deliver(t, h, channel.Message{ID: "1", Thread: thread, Text: "ready?"})
	in.next(t)
	m := channel.Message{ID: "2", Thread: thread, Text: "Hello"}
	require.Error(t, h.Deliver(t.Context(), m), "an error of the handler tells the provider to send the message again")
	refused := in.next(t)
	deliver(t, h, m)
	require.Equal(t, refused.ID, in.next(t).ID, "a message that was refused comes again with its ID")
}

// checkNotReceiving begins before Receive, as a webhook of a starting process.
func checkNotReceiving(t *testing.T, h Harness) {
	m := channel.Message{ID: "1", Thread: h.Thread(), Text: "Hello"}
	require.Error(t, h.Deliver(t.Context(), m), "without Receive nothing is acknowledged")

	in := make(inbox, 1)
	receive(t, h.Channel, in.handle)
	deliver(t, h, m)
	require.Equal(t, "Hello", in.next(t).Text, "what came in too early is taken when it is sent again")
}

// checkRepeats has an equal text in another message: an ID that is made of the
// text would drop it.
func checkRepeats(t *testing.T, h Harness) {
	in, thread := make(inbox, 3), h.Thread()
	receive(t, h.Channel, in.handle)
	m := channel.Message{ID: "1", Thread: thread, Text: "Hello"}
	deliver(t, h, m)
	deliver(t, h, m)
	deliver(t, h, channel.Message{ID: "2", Thread: thread, Text: "Hello"})
	first, repeat, other := in.next(t), in.next(t), in.next(t)
	require.NotEmpty(t, first.ID, "a message has an ID")
	require.Equal(t, first.ID, repeat.ID, "a repeat has the ID of the first")
	require.NotEqual(t, first.ID, other.ID, "another message has another ID, even with the same text")
}

// checkInbound compares byte by byte what a customer wrote.
func checkInbound(t *testing.T, h Harness) {
	in, thread := make(inbox, 1), h.Thread()
	receive(t, h.Channel, in.handle)
	for name, text := range texts {
		deliver(t, h, channel.Message{ID: strings.ReplaceAll(name, " ", "-"), Thread: thread, Text: text})
		m := in.next(t)
		require.Equal(t, text, m.Text, "%s comes in as it was written", name)
		require.Equal(t, thread, m.Thread, "a message is of its thread")
		require.Equal(t, channel.Customer, m.Author, "what comes in is written by the customer")
		require.False(t, m.At.IsZero(), "a message has a time")
	}
}

// checkThreads uses one ID in both threads, and sends back into each.
func checkThreads(t *testing.T, h Harness) {
	one, two := h.Thread(), h.Thread()
	require.NotEqual(t, one, two, "two customers have two threads")
	in := make(inbox, 1)
	receive(t, h.Channel, in.handle)
	deliver(t, h, channel.Message{ID: "1", Thread: one, Text: "from one"})
	first := in.next(t)
	deliver(t, h, channel.Message{ID: "1", Thread: two, Text: "from two"})
	second := in.next(t)
	require.Equal(t, []string{one, two}, []string{first.Thread, second.Thread}, "a message is of its sender's thread")

	require.NoError(t, h.Channel.Send(t.Context(), answer("a", one, "to one")))
	require.NoError(t, h.Channel.Send(t.Context(), answer("b", two, "to two")))
	require.Equal(t, []string{"to one"}, textsOf(h.Delivered(t, one, 1)), "an answer reaches its own thread only")
	require.Equal(t, []string{"to two"}, textsOf(h.Delivered(t, two, 1)), "an answer reaches its own thread only")
}
