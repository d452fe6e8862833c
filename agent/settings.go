package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/internal/language"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// Settings is what a team changes without a programmer: a JSON document. Its
// zero value is a working agent.
type Settings struct {
	Profile Profile `json:"profile,omitzero"`
	// Guidelines are tried in order: what to tell the model, which scripts to say,
	// and which topics to leave to people. Nothing that must hold may be left to an
	// instruction. See Check for what is odd about them.
	Guidelines []Guideline `json:"guidelines,omitempty"`
	// Mode is how far the agent goes by itself, on every channel. Those may have
	// stricter ones.
	Mode Mode `json:"mode,omitempty"`
	// Channels are settings by channel name. A channel that is not listed has
	// the zero value.
	Channels map[string]ChannelSettings `json:"channels,omitempty"`
	// Triggers pass a conversation to people by what the customer writes, beside
	// the built-in one for asking for a person.
	Triggers []handoff.Phrase `json:"triggers,omitempty"`
	// Ignore lists e-mail addresses and domains, subdomains included, whose
	// messages go to people without an answer.
	Ignore []string `json:"ignore,omitempty"`
	// Links lists hosts, subdomains included, that answers may link to beside
	// the sources' own links.
	Links []string `json:"links,omitempty"`
	// Actions make actions stricter than Config.Actions has them, by name.
	Actions map[string]ActionSettings `json:"actions,omitempty"`
	// Properties are what the agent may see and change of the CRM's customers.
	Properties []Property `json:"properties,omitempty"`
	Thresholds Thresholds `json:"thresholds,omitzero"`
	Limits     Limits     `json:"limits,omitzero"`
	// Languages are those the agent may speak, as BCP 47 tags of English, Dutch,
	// German, French, Spanish, Portuguese and Italian. Empty means all of them. A
	// turn is in the first of these that is known and allowed: the language of the
	// message, if it is sure; that of the conversation so far; the contact's; the
	// one the channel hints at; what a greeting seems to be in; Language; English.
	Languages []string `json:"languages,omitempty"`
	Language  string   `json:"language,omitempty"`
	// Texts replaces fixed texts by language, each by itself.
	Texts map[string]Texts `json:"texts,omitempty"`
	// Undisclosed keeps the agent from saying that it is a machine. The first
	// thing it says in each opening of a conversation otherwise begins with
	// Texts.Disclosure. In the EU a provider must have people told that they
	// interact with an AI system, clearly and at the latest when they first do,
	// unless that is obvious to a reasonably well-informed person (Regulation (EU)
	// 2024/1689, Article 50(1) and (5), in force since 2 August 2026): set this only where
	// the page around the chat says it.
	Undisclosed bool `json:"undisclosed,omitempty"`
	// Price is charged once for a conversation that the agent answered in.
	Price credits.Amount `json:"price,omitempty"`
	// TokenPrice is what the model costs the company.
	TokenPrice TokenPrice `json:"token_price,omitzero"`
}

// ChannelSettings are what differs between channels.
type ChannelSettings struct {
	// Mode is how far the agent goes by itself, and Writes the same for actions
	// that write: under Approve a person has to approve each call, under Off there
	// is none. Writes is never looser than Mode.
	Mode   Mode `json:"mode,omitempty"`
	Writes Mode `json:"writes,omitempty"`
	// Hours are when the agent takes new conversations. Zero means always.
	Hours schedule.Hours `json:"hours,omitzero"`
	// CloseAfter closes a conversation that the agent has and in which nobody
	// wrote for so long. Zero means never.
	CloseAfter Duration `json:"close_after,omitempty"`
	// Thresholds replace those of Settings. Zero means the same as there.
	Thresholds Thresholds `json:"thresholds,omitzero"`
}

// Thresholds are the scores from which the agent answers, and from which it
// asks back instead of handing over. Scores are calibrated probabilities;
// examples/evaluate fits thresholds to the share of wrong answers that one wants.
type Thresholds struct {
	// Answer defaults to 0.5.
	Answer float64 `json:"answer,omitempty"`
	// Ask defaults to 0.25. Equal to Answer, the agent never asks back.
	Ask float64 `json:"ask,omitempty"`
}

// Limits end what would not end by itself.
type Limits struct {
	// Quiet is how long the agent waits for the rest of a burst of messages.
	// Defaults to 500 ms.
	Quiet Duration `json:"quiet,omitempty"`
	// ModelCalls is the most a turn may make. Defaults to 4.
	ModelCalls int `json:"model_calls,omitempty"`
	// Tokens and Cost are the most that they may use together, Cost in the unit of
	// Settings.TokenPrice. Zero means no limit. A call does not begin, and is
	// broken off, when what is reported and what its texts suggest are more.
	Tokens int   `json:"tokens,omitempty"`
	Cost   int64 `json:"cost,omitempty"`
	// ModelTime is how long they may take together. Defaults to 45 s.
	ModelTime Duration `json:"model_time,omitempty"`
	// TurnTime is how long a turn may take, longer than ModelTime. Defaults to 60 s.
	TurnTime Duration `json:"turn_time,omitempty"`
	// Attempts is how often a turn that fails is tried before people get it.
	// Defaults to 3.
	Attempts int `json:"attempts,omitempty"`
	// ActionFailures is how often actions may fail in a row before people get the
	// conversation. Defaults to 3.
	ActionFailures int `json:"action_failures,omitempty"`
	// CodesPerAddress is how many codes may be sent to an e-mail address in an
	// hour, from all conversations. Defaults to 3.
	CodesPerAddress int `json:"codes_per_address,omitempty"`
	// CodesPerConversation is how many may be sent in a conversation, until it is
	// closed. Defaults to 5.
	CodesPerConversation int `json:"codes_per_conversation,omitempty"`
	// Question is the longest question that is looked at, in runes; the rest is
	// stored and left out. Defaults to 4000.
	Question int `json:"question,omitempty"`
}

// A Duration is a time.Duration that JSON holds as a string, such as "72h".
type Duration time.Duration

// MarshalText returns the duration as time.Duration's String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration does.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("agent: duration %q: want a form such as 90s or 72h", text)
	}
	*d = Duration(v)
	return nil
}

// Validate returns every fault of the settings, joined, each in a sentence.
func (s Settings) Validate() error {
	_, err := compile(s.withDefaults())
	return err
}

// check returns the faults that each field shows by itself.
func (s Settings) check() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("agent: settings: "+format, args...))
	}
	s.Profile.check(fault)
	s.checkLanguages(fault)
	s.checkModes(fault)
	for name, c := range s.Channels {
		if c.CloseAfter < 0 {
			fault("channels.%s.close_after is negative", name)
		}
	}
	for name, a := range s.Actions {
		for _, err := range a.check() {
			fault("actions.%s: %w", name, err)
		}
	}
	if err := checkProperties(s.Properties); err != nil {
		faults = append(faults, err)
	}
	if s.Price < 0 {
		fault("price is negative")
	}
	s.Thresholds.check("", fault)
	for name := range s.Channels {
		s.thresholds(name).check("channels."+name+".", fault)
	}
	if p := s.TokenPrice; p.Input < 0 || p.Output < 0 {
		fault("token_price is negative")
	} else if s.Limits.Cost > 0 && p == (TokenPrice{}) {
		fault("limits.cost has no effect without a token_price")
	}
	if l := s.Limits; l.Quiet < 0 || l.ModelCalls < 0 || l.Tokens < 0 || l.Cost < 0 || l.ModelTime < 0 || l.Attempts < 0 || l.ActionFailures < 0 || l.Question < 0 ||
		l.CodesPerAddress < 0 || l.CodesPerConversation < 0 {
		fault("limits: none may be negative")
	} else if l.TurnTime <= l.ModelTime {
		fault("limits: turn_time %v must be longer than model_time %v", time.Duration(l.TurnTime), time.Duration(l.ModelTime))
	}
	return errors.Join(faults...)
}

// check reports thresholds that make no sense.
func (th Thresholds) check(path string, fault func(format string, args ...any)) {
	if th.Ask < 0 || th.Answer > 1 || th.Ask > th.Answer {
		fault("%sthresholds: want 0 <= ask <= answer <= 1, have ask %v and answer %v", path, th.Ask, th.Answer)
	}
}

// thresholds returns those of a channel: its own, or the general ones.
func (s *Settings) thresholds(channel string) Thresholds {
	th := s.Channels[channel].Thresholds
	orDefault(&th.Answer, s.Thresholds.Answer)
	orDefault(&th.Ask, min(s.Thresholds.Ask, th.Answer))
	return th
}

// checkLanguages reports the languages that the agent does not speak.
func (s Settings) checkLanguages(fault func(format string, args ...any)) {
	spoken := language.Tags()
	want := "want one of " + strings.Join(spoken, ", ")
	for i, tag := range s.Languages {
		if !slices.Contains(spoken, language.Base(tag)) {
			fault("languages[%d] is %q: %s", i, tag, want)
		}
	}
	if s.Language != "" && !slices.Contains(s.languages(), language.Base(s.Language)) {
		fault("language is %q, which is not among the languages", s.Language)
	}
	for tag, texts := range s.Texts {
		data, err := json.Marshal(texts)
		for _, err := range append(s.checkScript(string(data)), err) {
			if err != nil {
				fault("texts.%s %w", tag, err)
			}
		}
		if !slices.Contains(spoken, tag) {
			fault("texts has the language %q: %s", tag, want)
		}
	}
}

// withDefaults returns a copy in which what is zero has its default.
func (s Settings) withDefaults() Settings {
	orDefault(&s.Profile.Name, "Assistant")
	orDefault(&s.Profile.Personality, Friendly)
	orDefault(&s.Thresholds.Answer, 0.5)
	orDefault(&s.Thresholds.Ask, min(0.25, s.Thresholds.Answer))
	orDefault(&s.Limits.Quiet, Duration(500*time.Millisecond))
	orDefault(&s.Limits.ModelCalls, 4)
	orDefault(&s.Limits.ModelTime, Duration(45*time.Second))
	orDefault(&s.Limits.TurnTime, Duration(time.Minute))
	orDefault(&s.Limits.Attempts, 3)
	orDefault(&s.Limits.ActionFailures, 3)
	orDefault(&s.Limits.Question, 4000)
	orDefault(&s.Limits.CodesPerAddress, 3)
	orDefault(&s.Limits.CodesPerConversation, 5)
	return s
}

func orDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}
