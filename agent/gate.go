package agent

import (
	"context"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// gate decides whether the agent may speak at all.
func (t *turn) gate(ctx context.Context) error {
	newest := t.burst[len(t.burst)-1]
	t.overtake()
	if t.answered {
		t.decided(Silent, "a person answered", "A person wrote after the customer.")
		return nil
	}
	if t.conv.Owner == channel.Closed {
		t.reopen()
	}
	switch {
	case t.conv.Owner == channel.ByPerson:
		t.decided(Silent, "a person has the conversation", "%s has the conversation.", t.conv.Person)
	case t.conv.Owner == channel.Queued:
		t.decided(Silent, "waits for a person", "The conversation waits for a person.")
	case newest.Automatic:
		t.decided(Silent, "automatic message", "The message was written by a machine.")
	case ignored(t.agent.rules.Ignore, newest.From.Email):
		t.handOver(handoff.IgnoredSender, "ignored sender", "The sender is on the ignore list.")
	case t.failed():
	case t.conv.Owner == channel.Unassigned:
		return t.admit(ctx)
	default: // it may have been returned to the agent, and not be paid for
		return t.pay(ctx)
	}
	return nil
}

// mostLost is how many attempts at a turn may end with the process, or never,
// before people get the conversation.
const mostLost = 10

// failed hands over what was tried too often, and reports whether it did.
func (t *turn) failed() bool {
	switch m := t.conv.Memory; {
	case m.Failures >= t.agent.rules.Limits.Attempts:
		t.handOver(handoff.Failure, "failed too often", "The turn failed %d times.", m.Failures)
	case t.conv.Epoch-m.Committed > mostLost:
		t.handOver(handoff.Failure, "ended too often", "%d attempts at the turn ended without a trace.", mostLost)
	default:
		return false
	}
	return true
}

// reopen begins a new opening of a closed conversation. What the credits are
// owed stays.
func (t *turn) reopen() {
	t.conv.Owner, t.conv.Team, t.conv.Person = channel.Unassigned, "", ""
	t.conv.Opening++
	t.conv.OpenedAt = t.now
	was := t.conv.Memory
	t.conv.Memory = Memory{Since: t.conv.Answered, Committed: was.Committed, Failures: was.Failures, Charges: was.Charges, Language: was.Language, Goals: was.Goals}
	t.history = nil
	t.record(Reopened, string(channel.Customer), "opening %d", t.conv.Opening)
}

// admit decides whether the agent takes a new conversation.
func (t *turn) admit(ctx context.Context) error {
	if rule, ok := t.agent.rules.takes(t.conv.Channel, t.now); !ok {
		t.handOver(handoff.OutsideHours, rule, "The agent takes no new conversations now: %s.", rule)
		return nil
	}
	if err := t.pay(ctx); err != nil || t.Decision.Kind != "" {
		return err
	}
	t.conv.Owner = channel.ByAgent
	return nil
}

// timer does what is due when nobody wrote.
func (t *turn) timer() {
	after := time.Duration(t.agent.rules.Channels[t.conv.Channel].CloseAfter)
	if t.conv.Owner != channel.ByAgent || after == 0 || t.now.Before(t.conv.ActiveAt.Add(after)) {
		return
	}
	t.conv.release(false)
	t.conv.Owner = channel.Closed
	if t.direct() {
		t.say(t.introduce(t.fill(t.texts().Closed)), nil)
	}
	t.record(ConversationEnded, string(channel.Agent), "nobody wrote for %s", after)
}

// ignored reports whether an address is on a list of addresses and domains.
func ignored(list []string, email string) bool {
	email = strings.ToLower(strings.TrimSpace(email))
	_, domain, ok := strings.Cut(email, "@")
	if !ok {
		return false
	}
	for _, entry := range list {
		entry = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(entry), "@"))
		if entry != "" && (entry == email || within(domain, entry)) {
			return true
		}
	}
	return false
}

// within reports whether a host is a domain or below it.
func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
