package agent

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Condition is a test of facts, for preconditions of actions and whatever else
// depends on the state of a conversation. These are the facts:
//
//	channel               text     the channel's name
//	mode                  text     auto or approve: see Mode
//	language              text     of the turn, a BCP 47 base tag
//	open                  true or  whether the agent takes new conversations of
//	                      false    the channel now
//	opening               number   how often the conversation was opened
//	text                  text     what the customer wrote, all of the burst
//	sentiment             number   of the text, from -1 to 1
//	question_repeated     true or  whether the customer asks again what was dealt
//	                      false    with
//	trust                 text     how well the customer is known: anonymous,
//	                               asserted, e-mail verified or signed
//	customer.known        true or  whether the CRM knows the customer
//	                      false
//	customer.id           text     as the CRM has it
//	customer.name, customer.email, customer.phone
//	                      text     as the CRM or the channel has it
//	customer.audiences    texts    one is enough
//	customer.<property>   any      one of Settings.Properties, behind its protection
//	lead.<goal>           text     what a Goal has found, once it is begun
//	argument.<name>       any      an argument of the call that is decided on
//	result.<action>.<field>
//	                      any      what an action returned earlier in this opening
//	                               of the conversation, for this customer: a field
//	                               of the object, or "value" if it is none
//
// A fact that the customer's identity does not reach is not known, whatever its
// value: those of customer, but for known, need a channel that asserts who
// writes, and those of a result the trust that its action needs. A result counts
// for a call only if the two agree in every argument that both schemas name: so
// a look-up of one order says nothing about another, if both call it alike.
type Condition = handoff.Condition

// plainFacts are the names of facts that do not depend on a call.
var plainFacts = []string{
	"channel", "mode", "language", "open", "opening", "text", "sentiment", "question_repeated", "trust",
	"customer.known", "customer.id", "customer.name", "customer.email", "customer.phone", "customer.audiences",
}

// knownFact reports whether there is a fact of this name.
func (s *Settings) knownFact(name string) bool {
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "argument", "lead":
		return rest != ""
	case "result":
		of, field, _ := strings.Cut(rest, ".")
		return of != "" && field != ""
	}
	return slices.Contains(plainFacts, name) || kind == "customer" && slices.ContainsFunc(s.Properties, func(p Property) bool { return p.Name == rest })
}

// factNames returns the facts that a condition asks for.
func factNames(c Condition) []string {
	var names []string
	if c.Fact != "" {
		names = append(names, c.Fact)
	}
	for _, list := range [][]Condition{c.All, c.Any, c.Chain} {
		for _, child := range list {
			names = append(names, factNames(child)...)
		}
	}
	if c.Not != nil {
		names = append(names, factNames(*c.Not)...)
	}
	return names
}

// facts returns what is known in this turn, for a call if there is one.
func (t *turn) facts(p *proposal) handoff.Facts {
	return func(name string) (any, bool) {
		kind, rest, _ := strings.Cut(name, ".")
		switch kind {
		case "customer":
			return t.customerFact(rest)
		case "argument":
			if p == nil {
				return nil, false
			}
			return scalar(p.arguments[rest])
		case "lead":
			return t.leadFact(rest)
		case "result":
			action, field, _ := strings.Cut(rest, ".")
			return t.resultFact(action, field, p)
		}
		return t.plainFact(kind)
	}
}

func (t *turn) plainFact(name string) (any, bool) {
	switch name {
	case "mode":
		return string(t.mode()), true
	case "channel":
		return t.conv.Channel, true
	case "open":
		_, open := t.agent.rules.takes(t.conv.Channel, t.now)
		return open, true
	case "language":
		return t.Language, true
	case "sentiment":
		return sentiment(t.Question), true
	case "question_repeated":
		return t.repeated(), true
	case "opening":
		return t.conv.Opening, true
	case "text":
		return t.Question, true
	case "trust":
		return t.customer.Trust.String(), true
	}
	return nil, false
}

// customerFact returns what is known of the customer at the present trust.
func (t *turn) customerFact(field string) (any, bool) {
	if field == "known" {
		return t.customer.ID != "", true
	}
	if !t.trusted(channel.Asserted) {
		return nil, false
	}
	switch c := t.customer; field {
	case "id":
		return c.ID, c.ID != ""
	case "name":
		return c.Name, c.Name != ""
	case "email":
		return c.Email, c.Email != ""
	case "phone":
		return c.Phone, c.Phone != ""
	case "audiences":
		return c.Audiences, len(c.Audiences) > 0
	}
	return t.property(field)
}

// A Result is what later conditions may ask of an action that has run.
type Result struct {
	Action string `json:"action"`
	// Customer tells for whom it ran, without naming them.
	Customer string `json:"customer"`
	// Arguments is a JSON object of digests of the arguments, and Fields one of the
	// fields that a condition or a text asks for.
	Arguments json.RawMessage `json:"arguments"`
	Fields    json.RawMessage `json:"fields"`
}

// What is kept of results.
const (
	mostResults = 32
	longestFact = 500 // in bytes; what is longer is not known
)

// resultFact returns a field of the newest result of an action that counts.
func (t *turn) resultFact(name, field string, p *proposal) (any, bool) {
	of := t.agent.actions[name]
	if of == nil || of.off || !t.trusted(of.Trust) {
		return nil, false
	}
	for _, r := range slices.Backward(t.conv.Memory.Results) {
		if r.Action == name && r.Customer == t.who() && p.agrees(r, of) {
			var fields map[string]any
			_ = json.Unmarshal(r.Fields, &fields) // none, if it is broken
			return scalar(fields[field])
		}
	}
	return nil, false
}

// agrees reports whether the result of an action had the same arguments as the
// call, of those that both schemas name.
func (p *proposal) agrees(r Result, of *action) bool {
	if p == nil {
		return true
	}
	var arguments map[string]string
	if json.Unmarshal(r.Arguments, &arguments) != nil {
		return false
	}
	for name := range of.schema.Schema().Properties {
		if p.schema.Schema().Properties[name] == nil {
			continue
		}
		v, has := p.raw[name]
		digest, had := arguments[name]
		if has != had || has && digestOf(v) != digest {
			return false
		}
	}
	return true
}

// keep remembers what facts may ask of a result.
func (t *turn) keep(p *proposal, output json.RawMessage) {
	fields := t.agent.kept[p.Name]
	if len(fields) == 0 {
		return
	}
	var value any
	_ = json.Unmarshal(output, &value) // it was checked
	object, ok := value.(map[string]any)
	if !ok {
		object = map[string]any{"value": value}
	}
	kept, arguments := map[string]any{}, map[string]string{}
	for _, field := range fields {
		if v, ok := scalar(object[field]); ok {
			kept[field] = v
		}
	}
	for name, v := range p.raw {
		arguments[name] = digestOf(v)
	}
	r := Result{Action: p.Name, Customer: t.who(), Arguments: marshal(arguments), Fields: marshal(kept)}
	results := append(slices.Clone(t.conv.Memory.Results), r)
	t.conv.Memory.Results = results[max(0, len(results)-mostResults):]
}

// marshal returns what JSON can hold as JSON.
func marshal(v any) json.RawMessage {
	raw, _ := json.Marshal(v) // texts, numbers, true and false
	return raw
}

// scalar returns a JSON value as a fact: a text, a number, true or false, or a
// list of texts. Others are not known, nor are long ones.
func scalar(v any) (any, bool) {
	switch v := v.(type) {
	case bool, float64:
		return v, true
	case string:
		return v, len(v) <= longestFact
	case []any:
		texts, size := make([]string, len(v)), 0
		for i, e := range v {
			s, ok := e.(string)
			if size += len(s); !ok || size > longestFact {
				return nil, false
			}
			texts[i] = s
		}
		return texts, true
	}
	return nil, false
}
