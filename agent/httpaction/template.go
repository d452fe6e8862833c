package httpaction

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A template is a text with placeholders: texts and names in turn, the first
// and the last a text, which may be empty.
type template []string

// parseTemplate reads a text. Braces stand for nothing but placeholders.
func parseTemplate(s string) (template, error) {
	var t template
	for {
		text, rest, found := strings.Cut(s, "{")
		if strings.Contains(text, "}") {
			return nil, errors.New(`has a "}" without "{"`)
		}
		t = append(t, text)
		if !found {
			return t, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, errors.New(`has a "{" without "}"`)
		}
		t = append(t, name)
		s = after
	}
}

// names returns the placeholders.
func (t template) names() []string {
	var names []string
	for i := 1; i < len(t); i += 2 {
		names = append(names, t[i])
	}
	return names
}

// alone returns the placeholder of a template that is nothing else.
func (t template) alone() (name string, ok bool) {
	if len(t) == 3 && t[0] == "" && t[2] == "" {
		return t[1], true
	}
	return "", false
}

// fill returns the text with each value as escape has it, and whether any value
// was there, if there are placeholders.
func (t template) fill(v values, escape func(string) (string, error)) (filled string, some bool, err error) {
	var b strings.Builder
	some = len(t) == 1
	for i, part := range t {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		value, ok := v[part]
		if !ok {
			continue
		}
		some = true
		text, err := escape(fmt.Sprint(value))
		if err != nil {
			return "", false, fmt.Errorf("%s %w", label(part), err)
		}
		b.WriteString(text)
	}
	return b.String(), some, nil
}

// label names a placeholder in an error that a customer may read.
func label(name string) string { return fmt.Sprintf("the value of %q", name) }

// values are those of the placeholders: strings, json.Numbers and booleans.
type values map[string]any

// fromCode are the placeholders that no model fills.
var fromCode = map[string]func(agent.ActionCall) string{
	"customer.id":       func(c agent.ActionCall) string { return c.Customer.ID },
	"customer.email":    func(c agent.ActionCall) string { return c.Customer.Email },
	"customer.phone":    func(c agent.ActionCall) string { return c.Customer.Phone },
	"customer.name":     func(c agent.ActionCall) string { return c.Customer.Name },
	"call.key":          func(c agent.ActionCall) string { return c.Key },
	"call.conversation": func(c agent.ActionCall) string { return c.Conversation },
}

// values returns those of a call. What code fills in is there, or the call is
// not made: a request about nobody may be one about everybody.
func (r *request) values(c agent.ActionCall) (values, error) {
	v := values{}
	decoder := json.NewDecoder(strings.NewReader(string(c.Arguments)))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return nil, &Error{Message: "the arguments are not a JSON object", cause: err}
	}
	for name, value := range v {
		if !r.inputs[name] {
			return nil, &Error{Message: fmt.Sprintf("there is no input %q", name)}
		}
		switch value.(type) {
		case string, json.Number, bool:
		case nil:
			delete(v, name)
		default:
			return nil, &Error{Message: label(name) + " is not a single one"}
		}
	}
	for name := range r.code {
		if v[name] = fromCode[name](c); v[name] == "" {
			return nil, &Error{Message: label(name) + " is not known"}
		}
	}
	return v, nil
}
