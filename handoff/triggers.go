package handoff

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// AsksForPerson is the rule of a Match whose text asks for a person.
const AsksForPerson = "asks for a person"

// A Phrase passes a conversation on when the customer writes one of its texts.
type Phrase struct {
	// Name is the Match.Rule.
	Name string `json:"name"`
	// Texts are words or runs of words. They match whole words, whatever
	// their case, punctuation and Latin accents.
	Texts []string `json:"texts"`
	// Reason defaults to Policy.
	Reason Reason `json:"reason,omitempty"`
}

// A TriggersConfig configures Triggers. It is data, and can be stored as JSON.
type TriggersConfig struct {
	// Phrases are tried in order, and before the request for a person.
	Phrases []Phrase `json:"phrases,omitempty"`
}

// Triggers decide from a customer's text alone that a person should answer.
// They know how one asks for a person in English, German, Dutch, French,
// Spanish, Portuguese and Italian, whatever the language of the conversation.
// A text that merely speaks of persons, or says that none is wanted, does not
// match. Methods may be called from many goroutines.
type Triggers struct {
	phrases   []phrase
	languages []grammar
}

// A Match says why a text passes the conversation to a person.
type Match struct {
	Reason Reason
	// Rule is the Phrase.Name, or AsksForPerson.
	Rule string
}

// A phrase is spaced text.
type phrase struct {
	text  string
	match Match
}

// NewTriggers returns Triggers. It reports all faults of cfg at once.
func NewTriggers(cfg TriggersConfig) (*Triggers, error) {
	t := &Triggers{}
	for _, l := range languages() {
		t.languages = append(t.languages, l.grammar())
	}
	var faults []error
	for i, p := range cfg.Phrases {
		if p.Reason == "" {
			p.Reason = Policy
		}
		faults = append(faults, p.check(i)...)
		for _, text := range p.Texts {
			t.phrases = append(t.phrases, phrase{spaced(fold(text)...), Match{p.Reason, p.Name}})
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return t, nil
}

// check returns the faults of the phrase at place i of the configuration.
func (p Phrase) check(i int) []error {
	var faults []error
	if p.Name == "" {
		faults = append(faults, fmt.Errorf("handoff: Phrases[%d] has no name", i))
	}
	if len(p.Texts) == 0 {
		faults = append(faults, fmt.Errorf("handoff: phrase %q has no texts", p.Name))
	}
	if !slices.Contains(Reasons(), p.Reason) {
		faults = append(faults, fmt.Errorf("handoff: phrase %q has the reason %q, which does not exist", p.Name, p.Reason))
	}
	for _, text := range p.Texts {
		if len(fold(text)) == 0 {
			faults = append(faults, fmt.Errorf("handoff: phrase %q has the text %q, which holds no words", p.Name, text))
		}
	}
	return faults
}

// Match returns the first match of text, and whether there is one.
func (t *Triggers) Match(text string) (Match, bool) {
	sentences := fold(text)
	words := spaced(sentences...)
	for _, p := range t.phrases {
		if strings.Contains(words, p.text) {
			return p.match, true
		}
	}
	if slices.ContainsFunc(sentences, t.asks) {
		return Match{CustomerRequest, AsksForPerson}, true
	}
	return Match{}, false
}

// asks reports whether a sentence asks for a person in any language.
func (t *Triggers) asks(sentence string) bool {
	words := strings.Fields(spaced(sentence))
	// The look for a noun spares most sentences the regular expressions.
	return slices.ContainsFunc(t.languages, func(g grammar) bool {
		return slices.ContainsFunc(words, g.mentions) && g.asks(sentence)
	})
}
