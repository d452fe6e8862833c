package agent

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A Draft is what the agent would say, which waits for a person to send it. While
// it waits the conversation is in the queue of the people, unless one of them has
// it.
type Draft struct {
	// Turn is the ID of the turn that made it, and At when.
	Turn string    `json:"turn"`
	At   time.Time `json:"at"`
	// Text, Citations and Language are the turn's.
	Text      string             `json:"text"`
	Citations []channel.Citation `json:"citations,omitempty"`
	Language  string             `json:"language,omitempty"`
	// Owner is who has the conversation once it is sent: the agent, or the queue if
	// the turn handed over.
	Owner channel.Owner `json:"owner"`
	// Answers says that it answers from evidence, which is what the price of a
	// conversation is for.
	Answers bool `json:"answers,omitempty"`
}

// ErrNoDraft is returned for a draft that does not wait, or does so no longer: it
// was sent or dropped, a person answered, or the customer has written since.
var ErrNoDraft = errors.New("agent: no such draft waits")

// withhold keeps what the turn says for a person to send.
func (t *turn) withhold() {
	if t.Text == "" {
		return
	}
	t.Held = true
	t.conv.Memory.Draft = &Draft{
		Turn: t.ID, At: t.now, Text: t.Text, Citations: t.Citations, Language: t.Language, Owner: t.conv.Owner,
		Answers: t.answers(),
	}
	t.conv.Owner = channel.Queued
	t.record(DraftHeld, string(channel.Agent), "%s", t.ID)
}

// overtake voids the draft that the customer has written after, and takes the
// conversation back out of the queue if only the draft had put it there.
func (t *turn) overtake() {
	d := t.conv.Memory.Draft
	if d == nil || !slices.ContainsFunc(t.burst, func(m Message) bool { return !m.Automatic }) {
		return
	}
	t.conv.Memory.Draft = nil
	t.conv.Memory.unask()
	t.record(DraftVoided, string(channel.Customer), "%s", d.Turn)
	if t.conv.Owner == channel.Queued && d.Owner == channel.ByAgent {
		t.conv.Owner, t.dequeued = channel.ByAgent, true
	}
}

// unask forgets what the customer was to be asked, and what was answered last.
func (m *Memory) unask() {
	m.Asking, m.Options, m.Pending, m.Collecting, m.Repeat = "", nil, nil, "", ""
}

// SendDraft sends the draft of a turn on the word of a person of the company: as
// it is, or with another text, if that is not empty. Either way it is the agent's
// message, which begins with the disclosure where that is due; no guard checks
// what a person wrote. Of many calls at once, one sends it, and the others return
// ErrNoDraft, as they do once the customer has written again. After an error that
// is neither this nor ErrNotFound the draft may have been sent, and asking again
// sends nothing twice.
//
// The message has the ID of the turn with ".1" behind it, and the record DraftSent
// ends in ", edited" where a person changed the text. What they made of Turn.Text
// is the company's best word on what the agent should have said: it is kept
// beside it and nothing is learnt from it by itself.
func (a *Agent) SendDraft(ctx context.Context, conversation, turn, text, person string) error {
	return a.change(ctx, conversation, func(c *change) error {
		d, err := c.draft(turn)
		if err != nil {
			return err
		}
		detail := turn
		if text = strings.TrimSpace(text); text == "" {
			text = d.Text
		} else if text != d.Text {
			detail += ", edited"
		}
		c.record(DraftSent, person, detail)
		a.sayHeld(c, d, text)
		conv := &c.Conversation
		conv.Memory.Draft = nil
		conv.Memory.Pending = questioned(conv.Memory.Pending, d, text, c.At)
		if d.Answers {
			conv.spend()
		}
		if conv.Owner == channel.Queued {
			conv.Owner = d.Owner
		}
		conv.ActiveAt, conv.Due = c.At, time.Time{}
		if after := time.Duration(a.rules.Channels[conv.Channel].CloseAfter); after > 0 && conv.Owner == channel.ByAgent {
			conv.Due = c.At.Add(after)
		}
		return nil
	})
}

// questioned returns the call that the customer is asked to confirm from now on. With a
// text of other words than code has put it in, a yes would be to something else.
func questioned(held *HeldCall, d *Draft, text string, now time.Time) *HeldCall {
	if held == nil || held.Turn != d.Turn {
		return held
	}
	if text != d.Text {
		return nil
	}
	call := *held
	call.Expires = now.Add(confirmTime)
	return &call
}

// sayHeld adds a text to the change as the agent would have said it in its turn.
func (a *Agent) sayHeld(c *change, d *Draft, text string) {
	t := newTurn(a, Work{Conversation: c.Conversation})
	t.ID, t.Language, t.now = d.Turn, d.Language, c.At
	t.say(t.introduce(text), d.Citations)
	c.Conversation.Memory.Disclosed = t.conv.Memory.Disclosed
	c.Messages, c.Records = t.commit.Messages, append(c.Records, t.commit.Records...)
}

// DropDraft drops the draft of a turn, and gives the conversation to the person,
// whose question it is now.
func (a *Agent) DropDraft(ctx context.Context, conversation, turn, person string) error {
	return a.change(ctx, conversation, func(c *change) error {
		if _, err := c.draft(turn); err != nil {
			return err
		}
		c.Conversation.Memory.Draft = nil
		c.Conversation.Memory.unask()
		c.record(DraftDropped, person, turn)
		if c.Conversation.Owner != channel.ByPerson || c.Conversation.Person != person {
			a.take(c, person)
		}
		return nil
	})
}

// draft returns the draft of a turn if it waits and the customer has not written
// since.
func (c *change) draft(turn string) (*Draft, error) {
	d := c.Conversation.Memory.Draft
	if d == nil || d.Turn != turn || c.overtaken {
		return nil, ErrNoDraft
	}
	return d, nil
}

// void forgets what the agent would have said or was to do, as a person has
// decided otherwise.
func (c *change) void(person string) {
	m := &c.Conversation.Memory
	if m.Draft != nil {
		c.record(DraftVoided, person, m.Draft.Turn)
		m.unask()
	}
	m.Draft, m.Task = nil, nil
}
