package agent

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Take gives a conversation to a person. The agent is silent in it until it is
// returned; a turn that is being made is dropped.
func (a *Agent) Take(ctx context.Context, conversation, person string) error {
	return a.change(ctx, conversation, func(c *change) error {
		if c.Conversation.Owner == channel.ByPerson && c.Conversation.Person == person {
			return errNoChange
		}
		a.take(c, person)
		return nil
	})
}

// Say sends what a person says, m.Text under the name m.From.Name, and gives
// the conversation to that person. A repeat of m.ID changes nothing.
func (a *Agent) Say(ctx context.Context, conversation string, m channel.Message) error {
	if m.Text = strings.TrimSpace(m.Text); m.ID == "" || m.From.Name == "" || m.Text == "" {
		return errors.New("agent: what a person says needs an ID, a name and a text")
	}
	err := a.change(ctx, conversation, func(c *change) error {
		if c.Conversation.Owner != channel.ByPerson || c.Conversation.Person != m.From.Name {
			a.take(c, m.From.Name)
		}
		c.void(m.From.Name)
		c.Conversation.ActiveAt = c.At
		m.Thread, m.Author, m.At = c.Conversation.Thread, channel.Person, c.At
		c.Messages = a.parts(c.Conversation.Channel, m)
		c.record(PersonSaid, m.From.Name, m.ID)
		return nil
	})
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	return err
}

// Return gives a conversation back to the agent, which answers what the
// customer writes from then on, and what nobody has answered yet.
func (a *Agent) Return(ctx context.Context, conversation, person string) error {
	return a.change(ctx, conversation, func(c *change) error {
		if !slices.Contains([]channel.Owner{channel.ByPerson, channel.Queued}, c.Conversation.Owner) {
			return errNoChange
		}
		c.Conversation.Owner, c.Conversation.Person, c.Conversation.Due = channel.ByAgent, "", time.Time{}
		c.Conversation.Memory.Packet = nil
		c.dropCalls()
		c.clear()
		c.Conversation.ActiveAt = c.At
		if after := time.Duration(a.rules.Channels[c.Conversation.Channel].CloseAfter); after > 0 {
			c.Conversation.Due = c.At.Add(after)
		}
		c.void(person)
		c.record(Returned, person, "")
		return nil
	})
}

// Close ends a conversation. The customer's next message opens it again.
func (a *Agent) Close(ctx context.Context, conversation, person string) error {
	return a.change(ctx, conversation, func(c *change) error {
		if c.Conversation.Owner == channel.Closed {
			return errNoChange
		}
		a.release(c)
		c.Conversation.Owner, c.Conversation.Due = channel.Closed, time.Time{}
		c.Conversation.Memory.Packet = nil
		c.dropCalls()
		c.clear()
		c.void(person)
		c.record(ConversationEnded, person, "")
		return nil
	})
}

// A change is a person's, on its way to the store.
type change struct {
	Commit
	seen int64 // the Seq of the last message that there is
	// overtaken says that the customer wrote what no turn has dealt with.
	overtaken bool
}

// clear makes everything that was written dealt with. No attempt at a turn is
// left that could have acted.
func (c *change) clear() {
	c.Conversation.Answered = c.seen
	c.Conversation.Memory.Committed = c.Conversation.Epoch + 1
}

// lastSeq returns the Seq of the last message of a conversation, and whether the
// customer wrote what no turn has dealt with, but for what a machine did.
func (a *Agent) lastSeq(ctx context.Context, c Conversation) (last int64, overtaken bool, err error) {
	last = c.Answered
	for m, err := range a.cfg.Store.Messages(ctx, c.ID, c.Answered) {
		if err != nil {
			return 0, false, err
		}
		last = m.Seq
		overtaken = overtaken || m.Author == channel.Customer && !m.Automatic
	}
	return last, overtaken, nil
}

var errNoChange = errors.New("agent: no change")

// change applies a person's change to a conversation, again from the start if
// somebody else changed it meanwhile.
func (a *Agent) change(ctx context.Context, id string, apply func(*change) error) error {
	var err error
	for range 16 {
		var conv Conversation
		if conv, err = a.Conversation(ctx, id); err != nil {
			return err
		}
		if conv.Memory.Committed == conv.Epoch { // else a turn has begun, and may have acted
			conv.Memory.Committed++
		}
		c := change{Commit: Commit{Conversation: conv, At: time.Now()}}
		if c.seen, c.overtaken, err = a.lastSeq(ctx, conv); err != nil {
			return err
		}
		if err := apply(&c); err != nil {
			if errors.Is(err, errNoChange) {
				return nil
			}
			return err
		}
		if len(c.Conversation.Memory.Charges) > 0 {
			c.Conversation.Due = c.At
		}
		if err = a.commit(ctx, c.Commit); !errors.Is(err, ErrFenced) {
			return err
		}
	}
	return err
}

// take gives the conversation to a person. What the customer wrote before is
// the person's to answer.
func (a *Agent) take(c *change, person string) {
	a.release(c)
	c.Conversation.Owner, c.Conversation.Person, c.Conversation.Due = channel.ByPerson, person, time.Time{}
	c.Conversation.Memory.Task = nil
	c.record(Taken, person, "")
}

// release gives back what is held for the opening. A turn that has begun and has
// not come to its commit may hold it too.
func (a *Agent) release(c *change) {
	c.Conversation.release(a.rules.Price > 0 && c.Conversation.Owner == channel.Unassigned)
}

func (c *change) record(kind, actor, detail string) {
	c.Records = append(c.Records, Record{At: c.At, Conversation: c.Conversation.ID, Kind: kind, Actor: actor, Detail: detail})
}
