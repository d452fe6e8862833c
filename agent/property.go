package agent

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A Property is something that the CRM knows of a customer and that the agent
// may see, say or change. A property that is not listed does not exist for it.
type Property struct {
	// Name is the CRM's, of at most 64 letters, digits and underscores.
	Name string `json:"name"`
	// Label is what people call it. Defaults to Name.
	Label string       `json:"label,omitempty"`
	Type  PropertyType `json:"type"`
	// Options are the values of a Choice.
	Options []Option `json:"options,omitempty"`
	// View lets the model and the customer know the value.
	View bool `json:"view,omitempty"`
	// Edit lets the customer have the value changed, whoever they are, once their
	// e-mail address is verified, and a Goal set what it found out from them.
	Edit bool `json:"edit,omitempty"`
	// Protection is what the customer has to show before the value is read.
	Protection Protection `json:"protection,omitempty"`
	// Silent keeps the value to conditions: it is never said, to nobody.
	Silent bool `json:"silent,omitempty"`
}

// A PropertyType says what a value is.
type PropertyType string

// The types, and the JSON values that they are.
const (
	Text     PropertyType = "text"     // a string
	Number   PropertyType = "number"   // a number
	Date     PropertyType = "date"     // a string such as "2026-03-31"
	DateTime PropertyType = "datetime" // a string such as "2026-03-31T08:00:00Z", in UTC
	Bool     PropertyType = "bool"     // true or false
	Choice   PropertyType = "choice"   // the Value of an Option
)

// An Option is a value of a Choice.
type Option struct {
	Value string `json:"value"`
	// Label is what people call it. Defaults to Value.
	Label string `json:"label,omitempty"`
}

// A Protection is what a customer has to show before a value is read, beside
// being the one that the CRM knows.
type Protection string

// The protections.
const (
	Unprotected Protection = ""
	// MatchEmail: the customer named the address that the CRM has.
	MatchEmail Protection = "match e-mail"
	// VerifyEmail: the customer's address is verified, or their identity signed.
	VerifyEmail Protection = "verify e-mail"
)

var propertyNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// Validate returns every fault of the property, joined.
func (p Property) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !propertyNames.MatchString(p.Name) {
		fault("name: want a letter and at most 63 more letters, digits and underscores")
	}
	switch p.Type {
	case Text, Number, Date, DateTime, Bool:
		if len(p.Options) > 0 {
			fault("options: only a choice has them")
		}
	case Choice:
		if len(p.Options) == 0 {
			fault("options: a choice needs some")
		}
	default:
		fault("type %q is none of text, number, date, datetime, bool, choice", p.Type)
	}
	switch p.Protection {
	case Unprotected, MatchEmail, VerifyEmail:
	default:
		fault("protection %q is neither empty nor match e-mail nor verify e-mail", p.Protection)
	}
	if p.Silent && (p.View || p.Edit) {
		fault("silent: what is silent can be neither viewed nor edited")
	}
	values := map[string]bool{}
	for _, o := range p.Options {
		for _, name := range o.names() {
			if values[name] {
				fault("options: %q is there twice", name)
			}
			values[name] = true
		}
		if o.Value == "" {
			fault("options: a value is empty")
		}
	}
	return errors.Join(faults...)
}

// names returns what an option is called, folded, each once.
func (o Option) names() []string {
	value, label := fold(o.Value), fold(o.Label)
	if label == "" || label == value {
		return []string{value}
	}
	return []string{value, label}
}

func (p Property) label() string {
	if p.Label != "" {
		return p.Label
	}
	return p.Name
}

// checkProperties returns the faults of a list of properties.
func checkProperties(list []Property) error {
	var faults []error
	names := map[string]bool{}
	for i, p := range list {
		if err := p.Validate(); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				faults = append(faults, fmt.Errorf("agent: settings: properties[%d] (%s).%s", i, p.Name, line))
			}
		}
		if names[p.Name] {
			faults = append(faults, fmt.Errorf("agent: settings: properties[%d]: there is another property named %q", i, p.Name))
		}
		names[p.Name] = true
	}
	return errors.Join(faults...)
}

// labels returns the labels of the properties that may be viewed, by name.
func (r *rules) labels() map[string]string {
	labels := map[string]string{}
	for _, p := range r.Properties {
		if p.View {
			labels[p.Name] = p.label()
		}
	}
	return labels
}

// knows notes what the CRM says of the customer, and what of it may be known.
func (t *turn) knows(c Customer) {
	t.known = c
	c.Properties = nil
	t.customer = c
	for _, p := range t.agent.rules.Properties {
		if !p.View || !t.permitted(p) {
			continue
		}
		if v, ok := t.value(p); ok {
			if t.customer.Properties == nil {
				t.customer.Properties = map[string]any{}
			}
			t.customer.Properties[p.Name] = v
		}
	}
}

// told returns the customer as the model may know them at this moment, with
// choices as people call them.
func (t *turn) told() Customer {
	t.trusted(channel.Anonymous) // forgets what was known by a verification that has ended
	c := t.customer
	c.Properties = maps.Clone(c.Properties)
	for _, p := range t.agent.rules.Properties {
		for _, o := range p.Options {
			if c.Properties[p.Name] == o.Value && o.Label != "" {
				c.Properties[p.Name] = o.Label
				break
			}
		}
	}
	return c
}

// property returns the value of a property for a condition, if the customer is
// known well enough for it at this moment.
func (t *turn) property(name string) (any, bool) {
	t.trusted(channel.Anonymous) // as told does
	for _, p := range t.agent.rules.Properties {
		if p.Name == name && t.permitted(p) {
			return t.value(p)
		}
	}
	return nil, false
}

// permitted reports whether the customer has shown what a property needs.
func (t *turn) permitted(p Property) bool {
	switch p.Protection {
	case Unprotected:
		return t.customer.Trust >= channel.Asserted
	case MatchEmail:
		return t.customer.Trust >= channel.EmailVerified || t.customer.Trust >= channel.Asserted && t.named(t.known.Email)
	}
	return t.customer.Trust >= channel.EmailVerified
}

// named reports whether the customer has named an address, or writes from it.
func (t *turn) named(address string) bool {
	return address != "" && (strings.EqualFold(address, t.party().Email) || strings.EqualFold(address, t.conv.Memory.Identity.Named))
}

// value returns what the CRM has, as the property's type. What does not fit is
// not known.
func (t *turn) value(p Property) (any, bool) {
	raw, ok := t.known.Properties[p.Name]
	if !ok || raw == nil || raw == "" {
		return nil, false
	}
	v, err := p.Coerce(raw, "")
	return v, err == nil
}
