package lead

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/handoff"
)

const (
	// longestReply is how many words a reply to a question has that is nothing
	// else, and longestWords how much of it is quoted, in runes.
	longestReply = 12
	longestWords = 200
)

// hear reads the messages that reply to the question that was asked.
func (g *Goal) hear(s *State, p agent.Pursuit) agent.GoalReply {
	i := slices.IndexFunc(g.criteria, func(c criterion) bool { return c.Name == s.Asked })
	s.Asked = ""
	if i < 0 {
		return agent.NoReply
	}
	c, heard, more := &g.criteria[i], false, false
	size := 0
	for _, m := range p.Words {
		if m.Seq < p.Since {
			continue
		}
		told, asks := apart(m.Text)
		more = more || asks || len(m.Attachments) > 0
		size += len(strings.Fields(told))
		v, ok := c.reply(told, p.Language)
		if ok {
			s.learn(Evidence{Criterion: c.Name, Value: v, Words: quoted(told), Seq: m.Seq})
		}
		heard = heard || ok || declines(told)
	}
	switch {
	case more || size > longestReply && c.Type != agent.Text || size > 3*longestReply:
		return agent.NoReply
	case heard:
		return agent.Replied
	}
	return agent.UnclearReply
}

// quoted returns words as evidence keeps them.
func quoted(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > longestWords {
		return string([]rune(text)[:longestWords])
	}
	return text
}

// apart returns what a text tells, without its sentences that ask something.
func apart(text string) (told string, asks bool) {
	var b strings.Builder
	for _, sentence := range sentences(text) {
		first, _, _ := strings.Cut(strings.Join(words(sentence), " "), " ")
		if strings.ContainsAny(sentence, "?¿？") || openers[first] {
			asks = true
			continue
		}
		b.WriteString(sentence)
	}
	return strings.TrimSpace(b.String()), asks
}

// sentences splits a text behind each mark that ends a sentence and stands before
// a space.
func sentences(text string) []string {
	var list []string
	start := 0
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		if r == '\n' || strings.ContainsRune(".!?…", r) && next < len(text) && text[next] == ' ' {
			list = append(list, text[start:next])
			start = next
		}
	}
	return append(list, text[start:])
}

// words returns the words of a text in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	})
}

// stands reports whether words stand in a text one behind the other.
func stands(part, text string) bool {
	w := strings.Join(words(part), " ")
	return w != "" && strings.Contains(" "+strings.Join(words(text), " ")+" ", " "+w+" ")
}

// declines reports whether a text says that its writer does not know or say.
func declines(text string) bool {
	return slices.ContainsFunc(refusals, func(phrase string) bool { return stands(phrase, text) })
}

// reply returns the value that a reply to the criterion's question gives.
func (c *criterion) reply(text, language string) (any, bool) {
	if text == "" || declines(text) {
		return nil, false
	}
	if c.Type == agent.Choice {
		if n, err := strconv.Atoi(strings.Trim(text, " .)#")); err == nil && !c.has(text) {
			if n < 1 || n > len(c.Options) {
				return nil, false
			}
			return c.Options[n-1].Value, true
		}
	}
	values := c.read(text, language)
	if len(values) == 0 {
		return nil, false
	}
	for _, v := range values[1:] {
		// A range such as 10 to 20 is as good as a number where both ends are worth
		// the same.
		if c.Type != agent.Number || c.of(v) != c.of(values[0]) {
			return nil, false
		}
	}
	return values[0], true
}

// has reports whether a text is the name of an option.
func (c *criterion) has(text string) bool {
	_, err := c.property.Coerce(text, "")
	return err == nil
}

// read returns the values that code finds in words, each once.
func (c *criterion) read(text, language string) []any {
	text = strings.TrimRight(strings.TrimSpace(text), ".!")
	if c.Type == agent.Bool {
		switch handoff.Consent(text) {
		case handoff.Yes:
			return []any{true}
		case handoff.No:
			return []any{false}
		}
	}
	if v, err := c.property.Coerce(text, language); err == nil && text != "" {
		return []any{v}
	}
	var values []any
	add := func(s string) bool {
		v, err := c.property.Coerce(s, language)
		if err == nil && !slices.Contains(values, v) {
			values = append(values, v)
		}
		return err == nil
	}
	switch c.Type {
	case agent.Number:
		for _, token := range figures(text) {
			if !add(token) {
				return nil // such as 50k: part of it would be another value
			}
		}
	case agent.Date, agent.DateTime:
		tokens := strings.Fields(text)
		for i := 0; i < len(tokens); i++ {
			for n := min(5, len(tokens)-i); n > 0; n-- {
				if add(strings.Trim(strings.Join(tokens[i:i+n], " "), ",;:()")) {
					i += n - 1
					break
				}
			}
		}
	case agent.Choice:
		for _, o := range c.Options {
			if stands(o.Value, text) || stands(o.Label, text) {
				add(o.Value)
			}
		}
	}
	return values
}

// figures returns the parts of a text that hold digits, without the signs around
// them. The ends of a range are two, and 12 000 is one.
func figures(text string) []string {
	dashes := strings.NewReplacer("–", " ", "—", " ", "-", " ")
	fields := strings.FieldsFunc(text, unicode.IsSpace)
	var tokens []string
	for _, f := range fields {
		if len(f) > 1 && strings.ContainsFunc(f[:1], unicode.IsDigit) {
			f = dashes.Replace(f) // but no sign before a number
		}
		tokens = append(tokens, strings.Fields(f)...)
	}
	var found []string
	for _, token := range tokens {
		token = strings.TrimFunc(token, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '−'
		})
		if !strings.ContainsFunc(token, unicode.IsDigit) {
			continue
		}
		if n := len(found); n > 0 && len(token) == 3 && isDigits(token) && len(found[n-1]) <= 3 && isDigits(found[n-1]) &&
			stands(found[n-1]+" "+token, text) && !strings.ContainsAny(text, "–—-") {
			found[n-1] += token
			continue
		}
		found = append(found, token)
	}
	return found
}

func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}
