package channeltest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/channeltest"
)

// faults are what the suite must find, with the check that finds it.
var faults = map[string]string{
	"another name each time":   "the_name_and_the_capabilities_never_change",
	"Receive returns nil":      "Receive_returns_the_error_of_its_context",
	"acknowledged at once":     "a_message_is_acknowledged_only_after_the_handler_returned_nil",
	"refusals acknowledged":    "a_message_that_the_handler_refused_is_sent_again",
	"another ID each time":     "a_repeat_keeps_its_ID",
	"text cut":                 "messages_come_in_whole",
	"one thread for all":       "threads_are_kept_apart",
	"last message first":       "messages_go_out_whole_and_in_order",
	"repeats delivered":        "an_idempotent_channel_drops_repeats",
	"drafts sent":              "signs_and_drafts_are_no_messages",
	"rejections not told":      "Send_tells_what_became_of_a_message",
	"delivered though refused": "Send_tells_what_became_of_a_message",
}

var fault = flag.String("fault", "", "run the suite on a channel with this `fault`")

// TestSuiteFindsFaults runs this test binary again for each fault, since a
// suite that fails, fails the test that runs it.
func TestSuiteFindsFaults(t *testing.T) {
	for fault, check := range faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestFaulty$", "-fault", fault)
			out, err := cmd.CombinedOutput()
			require.Error(t, err, "the suite passes a channel with this fault")
			require.Contains(t, string(out), "--- FAIL: TestFaulty/"+check)
		})
	}
}

// TestFaulty passes without the flag: a channel without a fault keeps the contract.
func TestFaulty(t *testing.T) {
	channeltest.Run(t, channeltest.Features{Fails: true}, func(t *testing.T) channeltest.Harness {
		f := &faulty{Memory: channel.NewMemory("memory", channel.Capabilities{Idempotent: *fault != "repeats delivered"}), fault: *fault}
		f.Fail = f.outcome
		return channeltest.Harness{
			Channel:   f,
			Thread:    func() string { return fmt.Sprint("thread ", f.count.Add(1)) },
			Deliver:   f.bring,
			Delivered: f.delivered,
			Fail:      func(err error) { f.refuse.Store(&err) },
		}
	})
}

// faulty is a Memory with at most one fault.
type faulty struct {
	*channel.Memory
	fault  string
	count  atomic.Int64
	refuse atomic.Pointer[error]
}

func (f *faulty) Name() string {
	if f.fault == "another name each time" {
		return fmt.Sprint("memory ", f.count.Add(1))
	}
	return f.Memory.Name()
}

func (f *faulty) Capabilities() channel.Capabilities { return channel.Capabilities{Idempotent: true} }

func (f *faulty) Receive(ctx context.Context, handle channel.Handler) error {
	err := f.Memory.Receive(ctx, handle)
	if f.fault == "Receive returns nil" {
		return nil
	}
	return err
}

// bring is what the adapter does with a provider's message.
func (f *faulty) bring(ctx context.Context, m channel.Message) error {
	m.Author, m.At = channel.Customer, time.Now()
	switch f.fault {
	case "another ID each time":
		m.ID = fmt.Sprint(f.count.Add(1))
	case "text cut":
		m.Text = m.Text[:min(len(m.Text), 1000)]
	case "one thread for all":
		m.Thread = "thread 1"
	case "acknowledged at once":
		if m.ID == "2" { // after one that made sure that Receive runs
			go f.Memory.Deliver(ctx, m)
			return nil
		}
	}
	err := f.Memory.Deliver(ctx, m)
	if f.fault == "refusals acknowledged" && !errors.Is(err, channel.ErrNotReceiving) {
		return nil
	}
	return err
}

func (f *faulty) Send(ctx context.Context, m channel.Message) error {
	err := f.Memory.Send(ctx, m)
	if err != nil && f.fault == "rejections not told" {
		return errors.New("something failed")
	}
	return err
}

func (f *faulty) Draft(ctx context.Context, thread, text string) error {
	if f.fault == "drafts sent" {
		return f.Send(ctx, channel.Message{ID: text, Thread: thread, Text: text})
	}
	return f.Memory.Draft(ctx, thread, text)
}

// outcome is what the provider does with a message.
func (f *faulty) outcome(m channel.Message) error {
	err := f.refuse.Load()
	if err == nil || *err == nil {
		return nil
	}
	if f.fault == "delivered though refused" {
		f.refuse.Store(nil)
		f.Memory.Send(context.Background(), m)
		f.refuse.Store(err)
	}
	return fmt.Errorf("memory: %w", *err)
}

func (f *faulty) delivered(t *testing.T, thread string, n int) []channel.Message {
	var got []channel.Message
	for _, m := range f.Sent() {
		switch {
		case m.Thread != thread:
		case f.fault == "last message first":
			got = append([]channel.Message{m}, got...)
		default:
			got = append(got, m)
		}
	}
	require.GreaterOrEqual(t, len(got), n)
	return got[:n]
}

func TestDesk(t *testing.T) {
	var desk channeltest.Desk
	one := channel.Message{ID: "1", Thread: "t", Text: "one"}
	require.True(t, desk.Add(one))
	require.False(t, desk.Add(one), "a message is kept once")
	require.True(t, desk.Add(channel.Message{ID: "2", Thread: "t", Text: "two"}))
	require.Equal(t, "one two", read(&desk, 0))
	require.Equal(t, "two", read(&desk, 2), "a transcript goes on after a Seq")

	desk.Pass("t", channel.ByPerson)
	owner, err := desk.Owner(t.Context(), "", "t")
	require.NoError(t, err)
	require.Equal(t, channel.ByPerson, owner)

	desk.Fail(errors.New("disk full"))
	require.Equal(t, "disk full", read(&desk, 0))
}

func read(desk *channeltest.Desk, after int64) string {
	var texts []string
	for e, err := range desk.Transcript(context.Background(), "", "t", after) {
		if err != nil {
			return err.Error()
		}
		texts = append(texts, e.Text)
	}
	return strings.Join(texts, " ")
}

// A Desk keeps a conversation for a test.
func ExampleDesk() {
	var desk channeltest.Desk
	desk.Add(channel.Message{ID: "1", Thread: "t", Author: channel.Customer, Text: "Hello"})
	desk.Add(channel.Message{ID: "2", Thread: "t", Author: channel.Agent, Text: "Hi! How can we help?"})
	for e := range desk.Transcript(context.Background(), "livechat", "t", 0) {
		fmt.Println(e.Author, e.Text)
	}
	// Output:
	// customer Hello
	// agent Hi! How can we help?
}
