// Package agenttest holds the conformance suites of the seams that package
// agent declares.
package agenttest

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// RunStore proves a Store. It calls newStore for each subtest; every call
// returns an empty Store. A subtest is named by the sentence of the contract
// that it proves.
func RunStore(t *testing.T, newStore func(t *testing.T) agent.Store) {
	parts := map[string][]clause{
		"Receive": receiveClauses(), "Claim": claimClauses(), "Commit": commitClauses(),
		"Outbox": outboxClauses(), "Archive": archiveClauses(), "Values": valueClauses(),
	}
	for name, clauses := range parts {
		t.Run(name, func(t *testing.T) {
			for _, c := range clauses {
				t.Run(c.says, func(t *testing.T) {
					c.prove(&subject{t, newStore(t), c.says})
				})
			}
		})
	}
	t.Run("Model", func(t *testing.T) { runModel(t, newStore) })
	t.Run("Workers", func(t *testing.T) {
		s := newStore(t)
		runWorkers(t, s, s)
	})
}

// A clause is one sentence of a contract with its proof.
type clause struct {
	says  string
	prove func(s *subject)
}

// A subject is a Store under test for one clause. Its helpers fail the test
// with the sentence of the clause.
type subject struct {
	t *testing.T
	agent.Store
	says string
}

// at returns a time, in seconds from the beginning of the test.
func at(seconds int) time.Time {
	return time.Date(2026, 3, 29, 0, 59, 58, 123456789, time.UTC).Add(time.Duration(seconds) * time.Second)
}

// The context ends with the test, so that a Store that hangs does not outlive it.
func (s *subject) ctx() context.Context { return s.t.Context() }

// ok, is and equal are require's checks under the sentence of the clause.
func (s *subject) ok(err error) {
	s.t.Helper()
	require.NoError(s.t, err, s.says)
}

func (s *subject) is(err, want error) {
	s.t.Helper()
	require.ErrorIs(s.t, err, want, s.says)
}

func (s *subject) equal(want, got any) {
	s.t.Helper()
	require.Equal(s.t, want, got, s.says)
}

// message returns what a customer writes in a thread of the channel "chat". It
// is due when it arrives.
func message(thread, id string, seconds int) agent.Inbound {
	return agent.Inbound{
		Channel: "chat",
		Message: channel.Message{
			ID: id, Thread: thread, Author: channel.Customer, Text: "text of " + id, At: at(seconds),
			From: channel.Party{ID: thread, Name: "Name in " + id},
		},
		NewID:  "conversation " + thread,
		At:     at(seconds),
		Due:    at(seconds),
		Record: agent.Record{At: at(seconds), Kind: agent.MessageReceived, Actor: "customer", Detail: id},
	}
}

// answer returns a message of the agent that waits to be sent.
func answer(id string) agent.Message {
	return agent.Message{
		Entry:    channel.Entry{Message: channel.Message{ID: id, Author: channel.Agent, Text: "text of " + id, At: at(0)}},
		Delivery: agent.Delivery{State: agent.Pending},
	}
}

// claim returns a claim for a minute, on the channels "chat" and "mail".
func claim(worker string, seconds int) agent.Claim {
	return agent.Claim{Worker: worker, Now: at(seconds), Lease: time.Minute, Channels: []string{"chat", "mail"}}
}

// receive, claim, commit, take and conversation fail the test where the Store
// returns an error, for clauses to which that call is only the way.
func (s *subject) receive(in agent.Inbound) agent.Receipt {
	s.t.Helper()
	r, err := s.Receive(s.ctx(), in)
	s.ok(err)
	return r
}

func (s *subject) claim(c agent.Claim) agent.Work {
	s.t.Helper()
	w, err := s.Claim(s.ctx(), c)
	s.ok(err)
	return w
}

// notDue fails unless there is nothing to claim.
func (s *subject) notDue(c agent.Claim) {
	s.t.Helper()
	_, err := s.Claim(s.ctx(), c)
	s.is(err, agent.ErrNothingDue)
}

func (s *subject) commit(c agent.Commit) {
	s.t.Helper()
	s.ok(s.Commit(s.ctx(), c))
}

// converse has a customer write and the agent answer, at a time. What it
// returns is the conversation as it is then, with the answers pending.
func (s *subject) converse(thread string, seconds int, answers ...agent.Message) agent.Conversation {
	s.t.Helper()
	r := s.receive(message(thread, thread+" asks", seconds))
	c := claim("w", seconds)
	c.Conversation = r.Conversation
	w := s.claim(c)
	w.Conversation.Answered = r.Seq
	s.commit(agent.Commit{Conversation: w.Conversation, At: at(seconds), Messages: answers})
	return s.conversation(r.Conversation)
}

func (s *subject) take(c agent.Claim) agent.Message {
	s.t.Helper()
	m, err := s.Take(s.ctx(), c)
	s.ok(err)
	return m
}

// notReady fails unless there is nothing to take.
func (s *subject) notReady(c agent.Claim) {
	s.t.Helper()
	_, err := s.Take(s.ctx(), c)
	s.is(err, agent.ErrNothingDue)
}

// settle stores an outcome at a time.
func (s *subject) settle(m agent.Message, state agent.DeliveryState, seconds int) {
	s.t.Helper()
	m.Delivery.State = state
	s.ok(s.Settle(s.ctx(), m, agent.Record{
		At: at(seconds), Conversation: m.Conversation, Kind: agent.MessageDelivered, Actor: "agent", Detail: string(state),
	}))
}

func (s *subject) conversation(id string) agent.Conversation {
	s.t.Helper()
	found := collect(s, s.Conversations(s.ctx(), agent.Filter{ID: id}))
	require.Len(s.t, found, 1, s.says)
	return found[0]
}

func (s *subject) messages(conversation string) []agent.Message {
	s.t.Helper()
	return collect(s, s.Messages(s.ctx(), conversation, 0))
}

func (s *subject) records(conversation string) []agent.Record {
	s.t.Helper()
	return collect(s, s.Records(s.ctx(), conversation, 0))
}

// stored is all that a Store has, to compare.
type stored struct {
	Conversations []agent.Conversation
	Messages      [][]agent.Message
	Turns         [][]agent.Turn
	Records       []agent.Record
}

// all reads the archive alone: leases and due times are seen by what Claim and
// Take do next.
func (s *subject) all() stored {
	s.t.Helper()
	all := stored{
		Conversations: collect(s, s.Conversations(s.ctx(), agent.Filter{})),
		Records:       s.records(""),
	}
	for _, c := range all.Conversations {
		all.Messages = append(all.Messages, s.messages(c.ID))
		all.Turns = append(all.Turns, collect(s, s.Turns(s.ctx(), c.ID)))
	}
	return all
}

// collect reads a sequence to its end. Like the rest of the helpers it fails the
// test on an error, which in a sequence may also come late.
func collect[T any](s *subject, seq iter.Seq2[T, error]) []T {
	s.t.Helper()
	var all []T
	for v, err := range seq {
		s.ok(err)
		all = append(all, v)
	}
	return all
}

// ids returns the IDs of messages.
func ids(messages []agent.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.ID)
	}
	return all
}

// together runs f n times at once and returns what came of each.
func together[T any](n int, f func(i int) (T, error)) ([]T, []error) {
	results, errs := make([]T, n), make([]error, n)
	// A start of their own in each goroutine would let the first one finish alone.
	start, done := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			results[i], errs[i] = f(i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return results, errs
}

// failed returns how many of the errors are not nil.
func failed(errs []error) int {
	return len(errs) - len(slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err != nil }))
}
