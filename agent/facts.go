package agent

import "github.com/frontdesk-go/frontdesk/handoff"

// A Condition is a test of the facts of a turn. Its facts are: channel,
// language and text; trust, as channel.Trust prints it; open, whether the agent
// takes new conversations of the channel now; sentiment, from -1 to 1; opening,
// counted from 1; question_repeated; customer.known, and customer.name, .email
// and .phone. What the verified identity does not reach is unknown.
type Condition = handoff.Condition

// facts returns what is known in the turn.
func (t *turn) facts() handoff.Facts {
	return func(name string) (any, bool) {
		switch name {
		case "channel":
			return t.conv.Channel, true
		case "language":
			return t.Language, true
		case "trust":
			return t.customer.Trust.String(), true
		case "open":
			_, open := t.agent.rules.takes(t.conv.Channel, t.now)
			return open, true
		case "text":
			return t.Question, true
		case "sentiment":
			return sentiment(t.Question), true
		case "opening":
			return t.conv.Opening, true
		case "question_repeated":
			return t.repeated(), true
		case "customer.known":
			return t.customer.ID != "", true
		}
		return t.customerFact(name)
	}
}

// customerFact returns what the channel at least asserts of the customer.
func (t *turn) customerFact(name string) (any, bool) {
	if t.customer.Trust == 0 {
		return nil, false
	}
	value := map[string]string{"customer.name": t.customer.Name, "customer.email": t.customer.Email, "customer.phone": t.customer.Phone}[name]
	return value, value != ""
}
