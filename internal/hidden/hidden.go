// Package hidden removes what people cannot see from text.
package hidden

import (
	"strings"
	"unicode"
)

// Strip returns s with every kind of line break as "\n", and without the
// characters in which text can hide from people: zero-width, bidirectional,
// tag and other format characters, variation selectors and controls.
func Strip(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r >= ' ' && r <= '~':
			return r
		case r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // format characters that are seen
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		}
		return r
	}, s)
}

// Strings returns a decoded JSON value with each string in it, names included,
// as change has it.
func Strings(v any, change func(string) string) any {
	switch v := v.(type) {
	case string:
		return change(v)
	case []any:
		changed := make([]any, len(v))
		for i, part := range v {
			changed[i] = Strings(part, change)
		}
		return changed
	case map[string]any:
		changed := make(map[string]any, len(v))
		for name, part := range v {
			changed[change(name)] = Strings(part, change)
		}
		return changed
	}
	return v
}
