package channeltest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
)

// answer returns a message of the agent.
func answer(id, thread, text string) channel.Message {
	return channel.Message{
		ID: id, Thread: thread, Text: text,
		Author: channel.Agent, From: channel.Party{Name: "Ada"}, At: time.Now().UTC(),
	}
}

// textsOf leaves the rest alone: what an outbound message is called at the
// provider is not the contract's.
func textsOf(messages []channel.Message) []string {
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return texts
}

// open runs Receive and returns once it takes messages: some channels can send
// only while they receive.
func open(t *testing.T, h Harness) {
	t.Helper()
	in := make(inbox, 1)
	receive(t, h.Channel, in.handle)
	deliver(t, h, channel.Message{ID: "open", Thread: h.Thread(), Text: "Hello"})
	in.next(t)
}

// checkSend splits texts as the agent does, by the channel's own limit.
func checkSend(t *testing.T, h Harness) {
	open(t, h)
	thread := h.Thread()
	var sent []string
	for name, text := range texts {
		for i, piece := range channel.Split(text, h.Channel.Capabilities().MaxLength) {
			id := fmt.Sprintf("%s %d", name, i)
			require.NoError(t, h.Channel.Send(t.Context(), answer(id, thread, piece)))
			sent = append(sent, piece)
		}
	}
	require.Equal(t, sent, textsOf(h.Delivered(t, thread, len(sent))),
		"messages of one thread arrive as they were written, in the order in which they were sent")
}

// checkIdempotent repeats at once and later, between other messages.
func checkIdempotent(t *testing.T, h Harness) {
	if !h.Channel.Capabilities().Idempotent {
		return // it promises nothing
	}
	open(t, h)
	thread := h.Thread()
	for _, id := range []string{"a", "a", "b", "a", "c"} {
		require.NoError(t, h.Channel.Send(t.Context(), answer(id, thread, "answer "+id)), "a repeat is not an error")
	}
	require.Equal(t, []string{"answer a", "answer b", "answer c"}, textsOf(h.Delivered(t, thread, 3)),
		"a message that is sent again is delivered once")
}

// checkSigns calls what every Channel may be called with: those that cannot show
// a sign do nothing.
func checkSigns(t *testing.T, h Harness) {
	open(t, h)
	thread := h.Thread()
	require.NoError(t, channel.Typing(t.Context(), h.Channel, thread))
	require.NoError(t, channel.Draft(t.Context(), h.Channel, thread, "The ans"))
	require.NoError(t, channel.Draft(t.Context(), h.Channel, thread, "The answer i"))
	require.NoError(t, h.Channel.Send(t.Context(), answer("a", thread, "The answer is 42.")))
	require.NoError(t, channel.Draft(t.Context(), h.Channel, thread, "And"))
	require.NoError(t, channel.Draft(t.Context(), h.Channel, thread, ""), "an empty draft takes a draft back")
	require.NoError(t, h.Channel.Send(t.Context(), answer("b", thread, "Bye.")))
	require.Equal(t, []string{"The answer is 42.", "Bye."}, textsOf(h.Delivered(t, thread, 2)),
		"neither a typing sign nor a draft is delivered as a message")
}

// checkConcurrent writes and is written to in many threads, in each of them in
// order, as an agent does. It is worth most under the race detector.
func checkConcurrent(t *testing.T, h Harness) {
	const threads, each = 6, 5
	in := make(inbox, threads*each+1)
	receive(t, h.Channel, in.handle)
	deliver(t, h, channel.Message{ID: "open", Thread: h.Thread(), Text: "Hello"})
	names := make([]string, threads)
	for i := range names {
		names[i] = h.Thread()
	}
	var all sync.WaitGroup
	failures := make(chan error, 4*threads*each)
	for _, thread := range names {
		all.Go(func() {
			for i := range each {
				id := fmt.Sprint(i)
				failures <- h.Deliver(t.Context(), channel.Message{ID: id, Thread: thread, Text: "question " + id})
				failures <- channel.Typing(t.Context(), h.Channel, thread)
				failures <- channel.Draft(t.Context(), h.Channel, thread, "answ")
				failures <- h.Channel.Send(t.Context(), answer(thread+id, thread, "answer "+id))
			}
		})
	}
	all.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err, "calls at the same time do not disturb each other")
	}
	require.Len(t, in, threads*each+1, "every message that was acknowledged reached the handler once")
	for _, thread := range names {
		require.Equal(t, []string{"answer 0", "answer 1", "answer 2", "answer 3", "answer 4"},
			textsOf(h.Delivered(t, thread, each)), "each thread keeps its order")
	}
}

// checkFaults takes a harness for each fault.
func checkFaults(t *testing.T, newHarness func(*testing.T) Harness) {
	// Any error but the two that are declared means that nobody knows.
	unknown := errors.New("the connection broke")
	for _, fault := range []error{channel.ErrRejected, channel.ErrUnavailable, unknown} {
		t.Run(fault.Error(), func(t *testing.T) {
			h := newHarness(t)
			open(t, h)
			thread := h.Thread()
			h.Fail(fault)
			err := h.Channel.Send(t.Context(), answer("a", thread, "lost"))
			require.Error(t, err, "Send tells that the provider did not take a message")
			for _, known := range []error{channel.ErrRejected, channel.ErrUnavailable} {
				require.Equal(t, fault == known, errors.Is(err, known), "Send wraps %q exactly if that is what happened", known)
			}
			h.Fail(nil)
			require.NoError(t, h.Channel.Send(t.Context(), answer("b", thread, "found")), "a channel goes on after a failure")
			// After an unknown outcome either is right.
			if fault != unknown {
				require.Equal(t, []string{"found"}, textsOf(h.Delivered(t, thread, 1)),
					"a message that was rejected, or not taken, is not delivered")
			}
		})
	}
}
