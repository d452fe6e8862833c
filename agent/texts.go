package agent

import (
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// Texts are the agent's own fixed words. Each has a default in English.
type Texts struct {
	// Greeting answers a message that only greets, and Thanks one that only thanks.
	Greeting string `json:"greeting,omitempty"`
	Thanks   string `json:"thanks,omitempty"`
	// Clarify asks back before a list of what was found.
	Clarify string `json:"clarify,omitempty"`
	// MayI stands before a call in words that the customer is to confirm, and
	// Confirm behind it. Declined is said when the customer says no, and Done when
	// a confirmed call was made and neither host nor model have words for it.
	MayI     string `json:"may_i,omitempty"`
	Confirm  string `json:"confirm,omitempty"`
	Declined string `json:"declined,omitempty"`
	Done     string `json:"done,omitempty"`
	// HandOff is said when a conversation is passed to people; HandOffs replaces
	// it for single reasons. A team's own message comes first.
	HandOff  string                    `json:"hand_off,omitempty"`
	HandOffs map[handoff.Reason]string `json:"hand_offs,omitempty"`
	// Closed is said when a conversation is closed for inactivity. Empty says
	// nothing.
	Closed string `json:"closed,omitempty"`
}

func (t Texts) withDefaults() Texts {
	orDefault(&t.Greeting, "Hello! What can I help you with?")
	orDefault(&t.Thanks, "You're welcome! Is there anything else I can help you with?")
	orDefault(&t.Clarify, "I want to be sure I point you to the right place. Is your question about one of these?")
	act := actionTexts["en"]
	orDefault(&t.MayI, act.MayI)
	orDefault(&t.Confirm, act.Confirm)
	orDefault(&t.Declined, act.Declined)
	orDefault(&t.Done, act.Done)
	orDefault(&t.HandOff, "I'm passing you on to a colleague, who will answer you here.")
	defaults := map[handoff.Reason]string{
		handoff.CustomerRequest:  "Of course. I'm passing you on to a colleague, who will answer you here.",
		handoff.MissingKnowledge: "I can't find an answer to that in our help pages. I'm passing you on to a colleague, who will answer you here.",
		handoff.OutsideHours:     "Thank you for your message. A colleague will answer you here.",
		handoff.Limits:           "Thank you for your message. A colleague will answer you here.",
		handoff.Failure:          "Something went wrong on our side. I'm passing you on to a colleague, who will answer you here.",
	}
	for reason, text := range t.HandOffs {
		defaults[reason] = text
	}
	t.HandOffs = defaults
	return t
}

// handOff returns what to say for a reason.
func (t Texts) handOff(r handoff.Reason) string {
	if text := t.HandOffs[r]; text != "" {
		return text
	}
	return t.HandOff
}

// clarify returns the question back, with its options numbered.
func (t Texts) clarify(options []string) string {
	var b strings.Builder
	b.WriteString(t.Clarify)
	b.WriteByte('\n')
	for i, o := range options {
		fmt.Fprintf(&b, "\n%d. %s", i+1, o)
	}
	return b.String()
}
