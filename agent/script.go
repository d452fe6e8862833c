package agent

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// placeholders stand in scripts and fixed texts: {{agent.name}}, or
// {{customer.name|there}} with words for when it is not known.
var placeholders = regexp.MustCompile(`\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}`)

// placeholderNames are what a placeholder may name. Those of customers may be
// unknown, and so need words for that.
var placeholderNames = []string{"agent.name", "agent.company", "channel", "language", "customer.name", "customer.email", "customer.phone", "code.email"}

// checkScript returns what is wrong with the placeholders of a text.
func (s *Settings) checkScript(text string) []error {
	var faults []error
	for _, m := range placeholders.FindAllStringSubmatch(text, -1) {
		whole, name, other := m[0], m[1], strings.TrimSpace(m[2])
		switch {
		case !slices.Contains(placeholderNames, name):
			faults = append(faults, fmt.Errorf("has the placeholder %s: want one of %s", whole, strings.Join(placeholderNames, ", ")))
		case other == "" && (strings.HasPrefix(name, "customer.") || name == "agent.company" && s.Profile.Company == ""):
			faults = append(faults, fmt.Errorf("needs words for when %s is not known, as in {{%s|you}}", name, name))
		}
	}
	rest := placeholders.ReplaceAllString(text, "")
	if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		faults = append(faults, fmt.Errorf("has a placeholder that does not end: %q", text))
	}
	return faults
}

// fill returns a text with its placeholders replaced.
func (t *turn) fill(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	return placeholders.ReplaceAllStringFunc(text, func(p string) string {
		m := placeholders.FindStringSubmatch(p)
		switch m[1] {
		case "agent.name":
			return t.agent.rules.Profile.Name
		case "agent.company":
			if c := t.agent.rules.Profile.Company; c != "" {
				return c
			}
		case "code.email":
			return t.conv.Memory.Identity.Email
		default:
			if v, ok := t.facts(nil)(m[1]); ok {
				if said := sayable(fmt.Sprint(v)); said != "" {
					return said
				}
			}
		}
		return strings.TrimSpace(m[2])
	})
}

// sayable returns a value that others wrote, empty if it is more than a name, an
// address or a number: it must not say things in the agent's voice.
func sayable(value string) string {
	value = strings.TrimSpace(stripHidden(value))
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(" .'’-@+_", r)
	}
	words := strings.Fields(value)
	hosts := slices.ContainsFunc(words, func(w string) bool { // but an address
		return !strings.Contains(w, "@") && strings.Contains(strings.Trim(w, "."), ".") && len(w) > 4
	})
	if len(words) > 5 || len(value) > 80 || hosts || strings.ContainsFunc(value, odd) {
		return ""
	}
	return value
}
