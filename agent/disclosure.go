package agent

import (
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
)

// opening returns what the next thing that the agent says has to begin with: that
// it is a machine, once in each opening of a conversation. See
// Settings.Undisclosed.
func (t *turn) opening() string {
	if t.agent.rules.Undisclosed || t.conv.Memory.Disclosed {
		return ""
	}
	return t.disclosure(t.Language)
}

// disclosure returns the disclosure in a language, with the space behind it.
func (t *turn) disclosure(tag string) string {
	return t.fill(t.agent.rules.texts[tag].Disclosure) + "\n\n"
}

// introduce returns a text as it is said: behind the disclosure if that is due,
// which is noted as said.
func (t *turn) introduce(text string) string {
	opening := t.opening()
	if text == "" || opening == "" {
		return text
	}
	t.conv.Memory.Disclosed = true
	t.record(Disclosed, string(channel.Agent), "opening %d, in %s", t.conv.Opening, t.Language)
	return opening + text
}

// own returns what the agent said in an earlier message, without its disclosure.
func (t *turn) own(m channel.Message) string {
	if m.Author != channel.Agent || m.Language == "" {
		return m.Text
	}
	return strings.TrimPrefix(m.Text, t.disclosure(m.Language))
}
