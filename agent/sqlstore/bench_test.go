package sqlstore_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// inbound returns a message of 400 bytes.
func inbound(thread, id string) agent.Inbound {
	return agent.Inbound{
		Channel: "chat",
		Message: channel.Message{
			ID: id, Thread: thread, Author: channel.Customer, Text: fmt.Sprintf("%-400s", id), At: start,
			From: channel.Party{ID: thread},
		},
		NewID: "c" + thread, At: start, Due: start,
		Record: agent.Record{At: start, Kind: agent.MessageReceived, Actor: "customer", Detail: id},
	}
}

func wants(worker string) agent.Claim {
	return agent.Claim{Worker: worker, Now: start, Lease: time.Minute, Channels: []string{"chat"}}
}

func benchStore(b *testing.B) agent.Store { return tenant(b, open(b, temp(b)), "t").Conversations() }

// measure calls f b.N times from a number of goroutines and reports the rate
// and the median and the 99th percentile of how long a call takes.
func measure(b *testing.B, workers int, f func(i int) error) {
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if err := f(i); err != nil {
					b.Errorf("call %d: %v", i, err)
				}
				took[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
}

// BenchmarkReceive measures how soon a message is acknowledged.
func BenchmarkReceive(b *testing.B) {
	for _, workers := range []int{1, 8} {
		b.Run(fmt.Sprint("writers=", workers), func(b *testing.B) {
			s := benchStore(b)
			measure(b, workers, func(i int) error {
				_, err := s.Receive(b.Context(), inbound(fmt.Sprint(i%1000), fmt.Sprint(i)))
				return err
			})
		})
	}
}

// BenchmarkClaimCommit measures a turn without what the agent does in it, with
// 10,000 other conversations under lease.
func BenchmarkClaimCommit(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 10_000)
	for range 10_000 {
		_, err := s.Claim(b.Context(), wants("slow"))
		require.NoError(b, err)
	}
	for i := range b.N {
		_, err := s.Receive(b.Context(), inbound(fmt.Sprint("x", i), fmt.Sprint("x", i)))
		require.NoError(b, err)
	}
	measure(b, 1, func(i int) error {
		w, err := s.Claim(b.Context(), wants("w"))
		if err != nil {
			return err
		}
		return s.Commit(b.Context(), reply(w, agent.Pending))
	})
}

// reply returns a commit as a turn makes it.
func reply(w agent.Work, state agent.DeliveryState) agent.Commit {
	c := w.Conversation
	id := fmt.Sprint(c.ID, ".", c.Epoch)
	c.Answered = w.Messages[len(w.Messages)-1].Seq
	c.Due = start.Add(24 * time.Hour)
	return agent.Commit{
		Conversation: c, At: start,
		Messages: []agent.Message{{
			Entry: channel.Entry{Message: channel.Message{
				ID: id, Thread: c.Thread, Author: channel.Agent, Text: fmt.Sprintf("%-400s", id), At: start,
			}},
			Delivery: agent.Delivery{State: state},
		}},
		Turn: &agent.Turn{ID: id, Conversation: c.ID, Question: w.Messages[0].Text, Text: id, Started: start, Ended: start},
		Records: []agent.Record{
			{At: start, Conversation: c.ID, Kind: agent.TurnCommitted, Actor: "agent", Detail: id},
		},
	}
}

// fill stores n conversations with a message that waits.
func fill(b *testing.B, s agent.Store, n int) {
	for i := range n {
		_, err := s.Receive(b.Context(), inbound(fmt.Sprint(i), fmt.Sprint(i)))
		require.NoError(b, err)
	}
}

// BenchmarkTakeSettle measures the delivery of a message without the channel.
func BenchmarkTakeSettle(b *testing.B) {
	s := benchStore(b)
	fill(b, s, b.N)
	for range b.N {
		w, err := s.Claim(b.Context(), wants("w"))
		require.NoError(b, err)
		require.NoError(b, s.Commit(b.Context(), reply(w, agent.Pending)))
	}
	measure(b, 1, func(int) error {
		m, err := s.Take(b.Context(), wants("w"))
		if err != nil {
			return err
		}
		m.Delivery.State = agent.Sent
		return s.Settle(b.Context(), m, agent.Record{At: start, Conversation: m.Conversation, Kind: agent.MessageDelivered})
	})
}

// BenchmarkIdle measures what it costs to find that there is nothing to do.
func BenchmarkIdle(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 100)
	measure(b, 1, func(int) error {
		c := wants("w")
		c.Channels = []string{"another"}
		if _, err := s.Claim(b.Context(), c); err != agent.ErrNothingDue {
			return fmt.Errorf("claimed: %w", err)
		}
		return nil
	})
}
