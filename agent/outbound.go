package agent

import (
	"fmt"

	"github.com/frontdesk-go/frontdesk/channel"
)

// carries returns what a channel can carry, and the state in which a message to
// it starts. What Reply answers is sent by being returned; what another replica
// has the channel for waits for it.
func (a *Agent) carries(name string) (channel.Capabilities, DeliveryState) {
	if name == Direct {
		return channel.Capabilities{Links: true}, Sent
	}
	if ch, ok := a.channels[name]; ok {
		return ch.Capabilities(), Pending
	}
	return channel.Capabilities{}, Pending
}

// parts returns a message as its channel can carry it. The last part has what
// goes with the text.
func (a *Agent) parts(name string, m channel.Message) []Message {
	caps, state := a.carries(name)
	texts := channel.Split(m.Text, caps.MaxLength)
	parts := make([]Message, len(texts))
	for i, text := range texts {
		part := m
		part.Text = text
		if i > 0 {
			part.ID = fmt.Sprintf("%s.%d", m.ID, i+1)
		}
		if i < len(texts)-1 {
			part.Attachments, part.Citations = nil, nil
		}
		parts[i] = Message{Entry: channel.Entry{Message: part}, Delivery: Delivery{State: state}}
	}
	return parts
}
