package console

import (
	"context"
	"crypto/rand"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// transcriptSize is the most messages that are shown unless all are asked for.
const transcriptSize = 200

// A conversation is the body of the page of one.
type conversation struct {
	agent.Conversation
	Name     string
	Customer handoff.Customer
	Packet   *handoff.Packet // while people have the conversation
	Items    []item
	Shorter  bool // whether earlier messages are left out
	All      bool // whether they were asked for
	Reply    reply
}

// An item is a message or a turn at its place in the transcript.
type item struct {
	Day     time.Time // set where a day begins
	Message *agent.Message
	Turn    *agent.Turn
}

// A reply is the form in which a person answers.
type reply struct {
	ID     string // of the message, so that a form sent twice says it once
	Text   string
	Notice string // why it was not sent
}

// conversation serves one conversation.
func (c *Console) conversation(w http.ResponseWriter, v visit) error {
	return c.show(w, v, http.StatusOK, reply{ID: rand.Text()})
}

// show renders the conversation that the request names, with what is in the form.
func (c *Console) show(w http.ResponseWriter, v visit, status int, form reply) error {
	ctx, id := v.Context(), v.PathValue("id")
	conv, err := c.cfg.Agent.Conversation(ctx, id)
	if err != nil {
		return err
	}
	_, all := v.URL.Query()["all"]
	body := conversation{
		Conversation: conv, Name: nameOf(conv.Customer), Customer: customer(conv), Packet: packet(conv),
		All: all, Reply: form,
	}
	if body.Items, body.Shorter, err = c.transcript(ctx, id, all); err != nil {
		return err
	}
	self := "conversations/" + url.PathEscape(id)
	if all {
		self += "?all"
	}
	return c.render(w, v, status, "conversation", page{Title: body.Name, Section: "inbox", Self: self, Body: body})
}

// customer returns who waits: what the packet knows, else what the channel knows.
func customer(conv agent.Conversation) handoff.Customer {
	if p := packet(conv); p != nil {
		return p.Customer
	}
	p := conv.Customer
	return handoff.Customer{ID: p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Trust: p.Trust.String()}
}

// transcript returns the messages of a conversation, the last ones or all, and
// the turns between them.
func (c *Console) transcript(ctx context.Context, id string, all bool) (items []item, shorter bool, err error) {
	messages, err := collect(c.cfg.Agent.Archive().Messages(ctx, id, 0))
	if err != nil {
		return nil, false, err
	}
	turns, err := collect(c.cfg.Agent.Archive().Turns(ctx, id))
	if err != nil {
		return nil, false, err
	}
	if shorter = !all && len(messages) > transcriptSize; shorter {
		messages = messages[len(messages)-transcriptSize:]
		// Turns about messages that are left out are left out with them.
		for len(turns) > 0 && turns[0].Last < messages[0].Seq {
			turns = turns[1:]
		}
	}
	return c.merge(messages, turns), shorter, nil
}

// merge puts each turn behind the last message that it dealt with, and so
// before what the agent said in it. Both are in order.
func (c *Console) merge(messages []agent.Message, turns []agent.Turn) []item {
	var items []item
	var day time.Time
	for i := range messages {
		m := &messages[i]
		for len(turns) > 0 && turns[0].Last < m.Seq {
			items, turns = append(items, item{Turn: &turns[0]}), turns[1:]
		}
		it := item{Message: m}
		if at := m.At.In(c.cfg.Location); at.Format(time.DateOnly) != day.Format(time.DateOnly) {
			day, it.Day = at, at
		}
		items = append(items, it)
	}
	for i := range turns {
		items = append(items, item{Turn: &turns[i]})
	}
	return items
}

// collect returns all of seq, or its first error.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Status says who has the conversation.
func (c conversation) Status() string {
	switch c.Owner {
	case channel.ByAgent:
		return "With the agent"
	case channel.Queued:
		return "Waiting for a person"
	case channel.ByPerson:
		return "With " + c.Person
	case channel.Closed:
		return "Closed"
	}
	return "New"
}

// Waiting is since when the customer waits for a person, or zero.
func (c conversation) Waiting() time.Time {
	if c.Owner == channel.Queued {
		return queuedAt(c.Conversation)
	}
	return time.Time{}
}
