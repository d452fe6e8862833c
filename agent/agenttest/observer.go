package agenttest

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// RunObserver proves an Observer: that it returns soon from every event, also
// from one of a kind it does not know, with none of its parts set, or when ctx
// is done; that it takes events from many goroutines; and that it does not
// change them. What it makes of them is its own affair.
//
// newObserver returns one that has seen nothing, and closes what it opened
// through t.Cleanup. It is called for each subtest.
func RunObserver(t *testing.T, newObserver func(t *testing.T) agent.Observer) {
	t.Run("Returns", func(t *testing.T) { observerReturns(t, newObserver(t)) })
	t.Run("Shared", func(t *testing.T) { observerShares(t, newObserver(t)) })
	t.Run("Cancelled", func(t *testing.T) {
		o := newObserver(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		observe(ctx, t, o, events()...)
	})
}

// events is one of each form, and one of a kind that nobody knows.
func events() []agent.Event {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	record := func(kind string) agent.Record {
		return agent.Record{Seq: 1, At: at, Conversation: "c", Kind: kind, Actor: "agent", Detail: "said so"}
	}
	message := &agent.Message{
		Entry:        channel.Entry{Message: channel.Message{ID: "m", Thread: "t", Author: channel.Customer, Text: "hello", At: at}},
		Conversation: "c",
	}
	turn := &agent.Turn{
		ID: "c/1", Conversation: "c", Question: "hello", Text: "Hello",
		Decision:  agent.Decision{Kind: agent.Answer, Evidence: []agent.Evidence{{Passage: "p"}}, Findings: []string{"f"}},
		Citations: []channel.Citation{{Source: "s"}}, Started: at, Ended: at.Add(time.Second),
	}
	return []agent.Event{
		{},
		{Record: record("nobody.knows")},
		{Record: record(agent.MessageReceived), Message: message},
		{Record: record(agent.MessageDelivered), Message: message},
		{Record: record(agent.TurnCommitted), Turn: turn},
		// A turn that failed early has nothing in it.
		{Record: record(agent.TurnFailed), Turn: &agent.Turn{}},
		{Record: record(agent.HandedOver)},
	}
}

// observe passes events on and fails the test if that takes long.
func observe(ctx context.Context, t *testing.T, o agent.Observer, events ...agent.Event) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, e := range events {
			o.Observe(ctx, e)
		}
	}()
	select {
	case <-done:
	case <-time.After(soon):
		require.Fail(t, "an Observer returns soon")
	}
}

// observerReturns passes on each event once.
func observerReturns(t *testing.T, o agent.Observer) {
	observe(t.Context(), t, o, events()...)
}

// observerShares passes on the same events from many goroutines.
func observerShares(t *testing.T, o agent.Observer) {
	shared := events()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, e := range shared {
				o.Observe(t.Context(), e)
			}
		})
	}
	wg.Wait()
	require.True(t, reflect.DeepEqual(events(), shared), "an Observer does not change the event, which is shared")
}
