package agent

import (
	"slices"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/internal/language"
)

// speak chooses the language of the turn: the first of these that is known and
// allowed. The message, if its language is sure; the one of the conversation so
// far; the contact's; the channel's hint; what a greeting seems to be in; the
// settings'; English.
func (t *turn) speak() {
	var detected, greeting, hint string
	switch tag, sure := language.Detect(t.heard()); {
	case sure:
		detected = tag
	case smallTalk(t.heard()) != asks:
		greeting = tag // one word is not sure, and more than nothing
	}
	if n := len(t.burst); n > 0 {
		hint = t.burst[n-1].Language
	}
	r := t.agent.rules
	t.Language = r.allowed(detected, t.conv.Memory.Language, t.customer.Language, hint, greeting, r.Language)
}

// heard is what the customer wrote, in a turn about something else what they
// wrote last.
func (t *turn) heard() string {
	if len(t.burst) > 0 {
		return t.Question
	}
	for _, m := range slices.Backward(t.history) {
		if m.Author == channel.Customer {
			return m.Text
		}
	}
	return ""
}

// allowed returns the base of the first tag that the agent may speak.
func (s *Settings) allowed(tags ...string) string {
	may := s.languages()
	for _, tag := range append(tags, english) {
		if base := language.Base(tag); slices.Contains(may, base) {
			return base
		}
	}
	return may[0]
}

// languages returns the base tags of the languages that the agent may speak.
func (s *Settings) languages() []string {
	if len(s.Languages) == 0 {
		return language.Tags()
	}
	bases := make([]string, len(s.Languages))
	for i, tag := range s.Languages {
		bases[i] = language.Base(tag)
	}
	return bases
}

// texts are the fixed texts in the language of the turn.
func (t *turn) texts() Texts { return t.agent.rules.texts[t.Language] }

// textsByLanguage returns the fixed texts in every language: those of the
// settings, or else the agent's own.
func (s *Settings) textsByLanguage() map[string]Texts {
	all := map[string]Texts{}
	for tag, book := range phrasebooks() {
		all[tag] = phrasebooks()[english].Texts.with(book.texts(s.Profile.Voice.Address)).with(s.Texts[tag])
	}
	return all
}
