package agenttest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// lostOrDoubled compares in order: a customer waits for each acknowledgement
// before writing on.
func lostOrDoubled(s *simulation, h history) string {
	if got := ids(h.by(channel.Customer)); !slices.Equal(s.acked[h.Thread], got) {
		return fmt.Sprintf("acknowledged %q, stored %q", s.acked[h.Thread], got)
	}
	return ""
}

// notInOneTurn takes a turn for all messages between its First and Last. What
// came while a person had the conversation need not be in any.
func notInOneTurn(_ *simulation, h history) string {
	var dealt []string
	last := int64(0)
	for _, turn := range h.turns {
		if turn.First <= last || turn.Last < turn.First {
			return fmt.Sprintf("turn %s is of %d to %d, after %d", turn.ID, turn.First, turn.Last, last)
		}
		last = turn.Last
		for _, m := range h.by(channel.Customer) {
			if turn.First <= m.Seq && m.Seq <= turn.Last {
				dealt = append(dealt, m.ID)
			}
		}
	}
	asked := slices.DeleteFunc(ids(h.by(channel.Customer)), func(id string) bool {
		return !slices.Contains(dealt, id) && h.left(id)
	})
	if !slices.Equal(asked, dealt) {
		return fmt.Sprintf("asked %q, dealt with %q", asked, dealt)
	}
	return ""
}

// left reports whether a message was a person's to answer: the person gave the
// conversation back, or closed it, after it came.
func (h history) left(id string) bool {
	came := slices.IndexFunc(h.records, func(r agent.Record) bool {
		return r.Kind == agent.MessageReceived && r.Detail == id
	})
	return slices.ContainsFunc(h.records[max(came, 0):], func(r agent.Record) bool {
		return r.Kind == agent.Returned || r.Kind == agent.ConversationEnded && r.Actor != string(channel.Agent)
	})
}

// atTheSameTime looks at the turns that were committed and, where nobody
// interferes, at the models that were at work.
func atTheSameTime(s *simulation, h history) string {
	for i, turn := range h.turns {
		if i > 0 && turn.Started.Before(h.turns[i-1].Ended) {
			return fmt.Sprintf("turn %s began before the one before it ended", turn.ID)
		}
	}
	// A person's doing ends the lease of a turn, which then is dropped.
	if alone(h.Thread) && s.together[h.Thread] {
		return "two models wrote"
	}
	return ""
}

// notSaidOnce compares texts in order. The farewell of a conversation that the
// agent closes is of no turn, and is counted apart.
func notSaidOnce(_ *simulation, h history) string {
	var want, got []string
	for _, turn := range h.turns {
		if turn.Text != "" {
			want = append(want, turn.Text)
		}
	}
	closed := 0
	for _, m := range h.by(channel.Agent) {
		if strings.TrimPrefix(m.Text, disclosure) == "Goodbye." {
			closed++
			continue
		}
		got = append(got, m.Text)
	}
	if !slices.Equal(want, got) {
		return fmt.Sprintf("its turns say %q, its messages %q", want, got)
	}
	if n := h.ended(); n != closed {
		return fmt.Sprintf("it was closed %d times by the agent, and said so %d times", n, closed)
	}
	return ""
}

// disclosure is what the first message of the agent in an opening begins with.
const disclosure = "I'm Assistant, an AI assistant.\n\n"

// notDisclosed finds an opening in which the agent did not say first of all that
// it is a machine, or said it again.
func notDisclosed(_ *simulation, h history) string {
	said := 0
	for i, m := range h.by(channel.Agent) {
		if strings.HasPrefix(m.Text, disclosure) {
			said++
		} else if i == 0 {
			return fmt.Sprintf("its first message is %q", m.Text)
		}
	}
	recorded, inThisOpening := 0, 0
	for _, r := range h.records {
		switch r.Kind {
		case agent.Reopened:
			inThisOpening = 0
		case agent.Disclosed:
			recorded++
			inThisOpening++
		}
		if inThisOpening > 1 {
			return "it was said twice in an opening"
		}
	}
	if said != recorded {
		return fmt.Sprintf("it was said %d times, and recorded %d times", said, recorded)
	}
	return ""
}

// ended returns how often the agent closed a conversation.
func (h history) ended() int {
	n := 0
	for _, r := range h.records {
		if r.Kind == agent.ConversationEnded && r.Actor == string(channel.Agent) {
			n++
		}
	}
	return n
}

// walk replays the audit: who had the conversation before each record, and at
// the end.
func (h history) walk(each func(r agent.Record, before channel.Owner)) channel.Owner {
	owner := channel.Unassigned
	for _, r := range h.records {
		each(r, owner)
		switch kind, _, _ := strings.Cut(r.Detail, ":"); {
		case r.Kind == agent.Reopened:
			owner = channel.Unassigned
		case r.Kind == agent.HandedOver:
			owner = channel.Queued
		case r.Kind == agent.Taken:
			owner = channel.ByPerson
		case r.Kind == agent.ConversationEnded:
			owner = channel.Closed
		case r.Kind == agent.Returned, r.Kind == agent.TurnCommitted && (kind == string(agent.Answer) || kind == string(agent.Ask)):
			owner = channel.ByAgent
		}
	}
	return owner
}

// ownedByNobody takes the audit's word against the conversation's.
func ownedByNobody(_ *simulation, h history) string {
	owner := h.walk(func(agent.Record, channel.Owner) {})
	five := []channel.Owner{channel.Unassigned, channel.ByAgent, channel.Queued, channel.ByPerson, channel.Closed}
	if owner != h.Owner || !slices.Contains(five, owner) {
		return fmt.Sprintf("it is owned by %q, by the audit %q", h.Owner, owner)
	}
	return ""
}

// spokeOutOfTurn lets through the turns that stayed silent. A handoff is caught
// by the record of its own.
func spokeOutOfTurn(_ *simulation, h history) (fault string) {
	h.walk(func(r agent.Record, owner channel.Owner) {
		silent := strings.HasPrefix(r.Detail, string(agent.Silent)) || strings.HasPrefix(r.Detail, string(agent.HandOver))
		mayNot := owner == channel.ByPerson || owner == channel.Queued || owner == channel.Closed
		if mayNot && r.Kind == agent.TurnCommitted && !silent || mayNot && r.Kind == agent.HandedOver {
			fault = fmt.Sprintf("it was owned by %q at %q", owner, r.Detail)
		}
	})
	return fault
}

// notToldOnce counts: each handoff has one turn with a text.
func notToldOnce(_ *simulation, h history) string {
	told := 0
	for _, turn := range h.turns {
		if turn.Decision.Kind == agent.HandOver && turn.Text != "" {
			told++
		}
	}
	if n := h.recorded(agent.HandedOver, ""); n != told {
		return fmt.Sprintf("it was handed over %d times, and said %d times", n, told)
	}
	return ""
}

// notRecorded wants one record for each message, by its ID and, where it goes
// out, by the state that it ended in, whatever retries there were.
func notRecorded(_ *simulation, h history) string {
	for _, m := range h.messages {
		kind, detail := agent.MessageReceived, m.ID
		if m.Author != channel.Customer {
			kind, detail = agent.MessageDelivered, fmt.Sprintf("%s %s", m.ID, m.Delivery.State)
		}
		if n := h.recorded(kind, detail); n != 1 {
			return fmt.Sprintf("%d records of %s %s", n, kind, detail)
		}
		if m.Author == channel.Person && h.recorded(agent.PersonSaid, m.ID) == 0 {
			return fmt.Sprintf("no record of what a person said, %s", m.ID)
		}
	}
	if n := h.recorded(agent.TurnCommitted, ""); n != len(h.turns) {
		return fmt.Sprintf("%d turns, and %d records of turns", len(h.turns), n)
	}
	return ""
}

// notDelivered asks the provider. Unknown may be either, but only where the
// channel cannot drop repeats: elsewhere the agent must have tried again.
func notDelivered(s *simulation, h history) string {
	for _, m := range h.messages {
		n := 0
		for _, id := range h.got {
			if id == m.ID {
				n++
			}
		}
		least, most := 0, 0
		switch m.Delivery.State {
		case agent.Sent:
			least, most = 1, 1
		case agent.Unknown:
			most = 1
		}
		idempotent := h.Channel == s.providers[0].Name()
		switch {
		case n < least || n > most:
			return fmt.Sprintf("the customer got %s %d times, and it is %q", m.ID, n, m.Delivery.State)
		case m.Delivery.State == agent.Failed && !s.refused[m.ID]:
			return fmt.Sprintf("%s failed and was not refused: %s", m.ID, m.Delivery.Detail)
		case m.Delivery.State == agent.Unknown && idempotent:
			return fmt.Sprintf("%s is unknown, and the channel drops repeats", m.ID)
		}
	}
	return ""
}

// outOfOrder leaves room for what never came.
func outOfOrder(_ *simulation, h history) string {
	at := map[string]int64{}
	for _, m := range h.messages {
		at[m.ID] = m.Seq
	}
	if !slices.IsSortedFunc(h.got, func(a, b string) int { return int(at[a] - at[b]) }) {
		return fmt.Sprintf("the customer got %q", h.got)
	}
	return ""
}

// closedEarly measures from the last thing that anybody said or did.
func closedEarly(_ *simulation, h history) string {
	var last time.Time
	for _, r := range h.records {
		switch r.Kind {
		case agent.MessageReceived, agent.TurnCommitted, agent.PersonSaid, agent.Returned:
			last = r.At
		case agent.ConversationEnded:
			if quiet := r.At.Sub(last); r.Actor == string(channel.Agent) && quiet < closeAfter {
				return fmt.Sprintf("it was closed after %v", quiet)
			}
		}
	}
	return ""
}

// notCharged leaves out what people did: a conversation that they return is not
// charged.
func notCharged(s *simulation, h history) string {
	opening, first := 1, true
	for _, r := range h.records {
		switch {
		case r.Kind == agent.Reopened:
			opening, first = opening+1, true
		case r.Kind == agent.TurnCommitted:
			key := fmt.Sprintf("%s/%d", h.ID, opening)
			if first && alone(h.Thread) && r.Detail == "answer: evidence" && s.spent()[key] != price {
				return fmt.Sprintf("opening %d cost %v", opening, s.spent()[key])
			}
			first = false
		}
	}
	return ""
}
