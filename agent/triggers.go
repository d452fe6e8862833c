package agent

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// triggers decides by what the customer wrote, before anything is looked up.
func (t *turn) triggers(context.Context) error {
	for _, m := range t.burst {
		if m.WantsPerson {
			t.handOver(handoff.CustomerRequest, "asks for a person", "The customer used the way to a person.")
			return nil
		}
	}
	if m, ok := t.agent.rules.requests.Match(t.Question); ok {
		t.handOver(m.Reason, m.Rule, "The customer's words match %q.", m.Rule)
		return nil
	}
	texts := t.texts()
	if smallTalk(t.Question) != asks { // nor does it reply to a question back
		t.conv.Memory.Asking, t.conv.Memory.Options = "", nil
	}
	switch smallTalk(t.Question) {
	case greets:
		t.decided(Answer, "greeting", "The customer only greets.")
		t.Text = t.fill(texts.Greeting)
	case thanks:
		t.decided(Answer, ruleThanks, "The customer only thanks.")
		t.Text = t.fill(texts.Thanks)
	case nothing:
		if slices.ContainsFunc(t.burst, func(m Message) bool { return len(m.Attachments) > 0 }) {
			t.handOver(handoff.UnsupportedRequest, "files without words", "The message is of files alone.")
			return nil
		}
		t.decided(Silent, "no text", "There is nothing to answer in the message.")
	}
	return nil
}

// ruleThanks is the rule of a turn in which the customer only thanks.
const ruleThanks = "thanks"

// talk is what a message is when it asks for nothing.
type talk int

const (
	asks talk = iota
	greets
	thanks
	nothing
)

// smallTalk tells messages that only greet or thank from those that ask.
func smallTalk(text string) talk {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	if len(words) == 0 {
		if strings.ContainsRune(text, '?') {
			return asks
		}
		return nothing
	}
	if len(words) > 6 {
		return asks
	}
	kind, known := asks, chatter()
	for _, w := range words {
		is, ok := known[w]
		if !ok {
			return asks
		}
		kind = max(kind, is)
	}
	return kind
}

// chatter returns what each word of small talk is in the languages of the agent.
// Fillers stand beside others, and ask for nothing.
var chatter = sync.OnceValue(func() map[string]talk {
	words := map[string]talk{}
	for _, book := range phrasebooks() {
		for kind, list := range map[talk]string{asks: book.Talk.Fillers, greets: book.Talk.Greetings, thanks: book.Talk.Thanks} {
			for w := range strings.FieldsSeq(list) {
				words[w] = max(words[w], kind)
			}
		}
	}
	return words
})
