package agent

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// Texts are the agent's own fixed words in a language. Where Settings.Texts
// leaves one out, the agent has words of its own in each of its languages.
// They may hold placeholders, as scripts do: see Guideline.
type Texts struct {
	// Disclosure says that the customer talks to a machine: see
	// Settings.Undisclosed.
	Disclosure string `json:"disclosure,omitempty"`
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
	// Noted is said when the customer has replied to a goal that asks nothing more.
	Noted string `json:"noted,omitempty"`
	// HandOff is said when a conversation is passed to people; HandOffs replaces
	// it for single reasons. A team's own message comes first.
	HandOff  string                    `json:"hand_off,omitempty"`
	HandOffs map[handoff.Reason]string `json:"hand_offs,omitempty"`
	// AskEmail asks for the customer's e-mail address, to make sure who they are.
	// CodeSent says that a code was sent to {{code.email}} and asks for it, EnterCode
	// asks for one that was sent before, CodeWrong says that it is another one,
	// and Verified that it is right when no question waited for it.
	AskEmail  string `json:"ask_email,omitempty"`
	CodeSent  string `json:"code_sent,omitempty"`
	EnterCode string `json:"enter_code,omitempty"`
	CodeWrong string `json:"code_wrong,omitempty"`
	Verified  string `json:"verified,omitempty"`
	// Closed is said when a conversation is closed for inactivity. Empty says
	// nothing.
	Closed string `json:"closed,omitempty"`
}

// with returns t with those texts that other has in their place.
func (t Texts) with(other Texts) Texts {
	var both Texts
	for _, texts := range []Texts{t, other} {
		// By JSON, so that no field can be forgotten. Texts marshal without fail.
		if data, err := json.Marshal(texts); err != nil || json.Unmarshal(data, &both) != nil {
			return t
		}
	}
	return both
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
