package agenttest

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// An invariant is a promise, and a function that returns what breaks it in a
// conversation, empty if nothing does.
type invariant struct {
	promise string
	broken  func(s *simulation, h history) string
}

// Each function of simulation_promises.go is named after what it finds.
func invariants() []invariant {
	return []invariant{
		{"what was acknowledged is stored, once, in the order in which it was written", lostOrDoubled},
		{"every message of the customer is in exactly one turn, in order, or left to a person", notInOneTurn},
		{"a conversation has one turn at a time", atTheSameTime},
		{"a turn says one thing, once, and nothing is said without one", notSaidOnce},
		{"the first thing that the agent says in an opening is that it is a machine, once", notDisclosed},
		{"who may speak follows from the audit, and is one of five", ownedByNobody},
		{"the agent is silent while people have the conversation", spokeOutOfTurn},
		{"a customer is told once that people take over", notToldOnce},
		{"every message, turn and delivery has its record, once", notRecorded},
		{"what is sent is delivered, what is refused is not, and nothing twice", notDelivered},
		{"what customers get comes in order", outOfOrder},
		{"a conversation is never closed early", closedEarly},
		{"an opening that the agent began with an answer is charged", notCharged},
	}
}

// A history is all there is of a conversation.
type history struct {
	agent.Conversation
	messages []agent.Message
	turns    []agent.Turn
	records  []agent.Record
	got      []string // IDs of what the customer got
}

// histories reads the store past its faults, and matches what the providers
// delivered to conversations by channel and thread.
func (s *simulation) histories() []history {
	var all []history
	for _, c := range every(s, s.store.Conversations(s.t.Context(), agent.Filter{})) {
		h := history{
			Conversation: c,
			messages:     every(s, s.store.Messages(s.t.Context(), c.ID, 0)),
			turns:        every(s, s.store.Turns(s.t.Context(), c.ID)),
			records:      every(s, s.store.Records(s.t.Context(), c.ID, 0)),
		}
		for _, p := range s.providers {
			for _, m := range p.Sent() {
				if p.Name() == c.Channel && m.Thread == c.Thread {
					h.got = append(h.got, m.ID)
				}
			}
		}
		all = append(all, h)
	}
	return all
}

// every reads a sequence to its end and fails the test on an error: the checks
// read without faults.
func every[T any](s *simulation, seq iter.Seq2[T, error]) []T {
	var all []T
	for v, err := range seq {
		require.NoError(s.t, err)
		all = append(all, v)
	}
	return all
}

// by returns the messages of an author.
func (h history) by(a channel.Author) []agent.Message {
	return slices.DeleteFunc(slices.Clone(h.messages), func(m agent.Message) bool { return m.Author != a })
}

// unanswered returns what the customer wrote after Answered.
func (h history) unanswered() []agent.Message {
	return slices.DeleteFunc(h.by(channel.Customer), func(m agent.Message) bool { return m.Seq <= h.Answered })
}

// recorded returns how many records of a kind begin with a detail.
func (h history) recorded(kind, detail string) int {
	n := 0
	for _, r := range h.records {
		if r.Kind == kind && strings.HasPrefix(r.Detail, detail) {
			n++
		}
	}
	return n
}

// check compares what is stored and what customers got with the promises.
func (s *simulation) check() {
	all := s.histories()
	require.Len(s.t, all, simulatedThreads, "a thread is one conversation")
	for _, h := range all {
		for _, i := range invariants() {
			if fault := i.broken(s, h); fault != "" {
				for _, r := range h.records {
					s.t.Log(r.At.Format("15:04:05.000"), r.Kind, r.Actor, r.Detail)
				}
				s.t.Errorf("%s %s: %s, but: %s", h.Channel, h.Thread, i.promise, fault)
			}
		}
	}
	var said []string
	for _, h := range all {
		said = append(said, ids(h.by(channel.Person))...)
	}
	for key, n := range s.acts {
		require.Equal(s.t, 1, n, "an action that is not idempotent is done at most once: %s", key)
	}
	require.ElementsMatch(s.t, s.said, said, "what a person says is stored once")
	s.checkLedger(all)
}

// checkLedger lets the holds expire that crashes left behind, and adds up.
func (s *simulation) checkLedger(all []history) {
	time.Sleep(8 * 24 * time.Hour) // of the bubble
	_, err := s.ledger.Expire(s.t.Context())
	require.NoError(s.t, err)
	sums, spent := map[credits.Account]credits.Amount{}, s.spent()
	for _, e := range every(s, s.ledger.Entries(s.t.Context(), time.Time{})) {
		sums[e.Account] += e.Amount
	}
	require.Zero(s.t, sums[credits.Granted]+sums[credits.Available]+sums[credits.Held]+sums[credits.Spent], "the ledger sums to zero")
	require.Zero(s.t, sums[credits.Held], "no hold is left")
	require.LessOrEqual(s.t, sums[credits.Spent], grant, "no more is spent than there was")
	for key, amount := range spent {
		require.Equal(s.t, price, amount, "an opening is charged once: %s", key)
	}
	for _, h := range all {
		for opening := range h.Opening {
			delete(spent, fmt.Sprintf("%s/%d", h.ID, opening+1))
		}
	}
	require.Empty(s.t, spent, "every charge has an opening for its cause")
}

// spent returns what was charged, by conversation and opening.
func (s *simulation) spent() map[string]credits.Amount {
	spent := map[string]credits.Amount{}
	for _, e := range every(s, s.ledger.Entries(s.t.Context(), time.Time{})) {
		// A key is the ledger's prefix, the conversation, the opening and, behind a
		// dot, how often the agent let go of a charge for that opening.
		_, key, _ := strings.Cut(e.Key, "/")
		if opening, _, _ := strings.Cut(key, "."); e.Account == credits.Spent && e.Amount != 0 {
			spent[opening] += e.Amount
		}
	}
	return spent
}
