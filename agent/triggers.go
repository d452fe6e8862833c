package agent

import (
	"context"
	"slices"
	"strings"
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
	texts := t.agent.rules.Texts
	if smallTalk(t.Question) != asks { // nor does it reply to a question back
		t.conv.Memory.Asking, t.conv.Memory.Options = "", nil
	}
	switch smallTalk(t.Question) {
	case greets:
		t.decided(Answer, "greeting", "The customer only greets.")
		t.Text = texts.Greeting
	case thanks:
		t.decided(Answer, "thanks", "The customer only thanks.")
		t.Text = texts.Thanks
	case nothing:
		if slices.ContainsFunc(t.burst, func(m Message) bool { return len(m.Attachments) > 0 }) {
			t.handOver(handoff.UnsupportedRequest, "files without words", "The message is of files alone.")
			return nil
		}
		t.decided(Silent, "no text", "There is nothing to answer in the message.")
	}
	return nil
}

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
	kind := asks
	for _, w := range words {
		switch {
		case greetings[w]:
			kind = max(kind, greets)
		case thankings[w]:
			kind = thanks
		case !fillers[w]:
			return asks
		}
	}
	return kind
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// Words of the seven languages that the agent's fixed texts will have.
var (
	greetings = set("hi hello hey hiya howdy greetings morning afternoon evening hallo hoi goedemorgen goedemiddag goedenavond moin servus bonjour salut bonsoir hola buenas olá oi ciao salve buongiorno buonasera")
	thankings = set("thanks thank thx ty cheers bedankt dank dankjewel dankuwel danke merci gracias obrigado obrigada grazie")
	fillers   = set("good day there you so much very a lot many again all everyone team ok okay great perfect awesome cool goed tag guten morgen abend je wel u vielen schön tout le monde beaucoup muchas buenos días tardes noches muito mille tante goede")
)
