package agent

import "net/url"

// A Personality is the tone of the agent's own words.
type Personality string

// The personalities.
const (
	Friendly     Personality = "friendly" // the zero value means the same
	Professional Personality = "professional"
	Casual       Personality = "casual"
	Empathetic   Personality = "empathetic"
	Witty        Personality = "witty"
)

// A Profile is who the agent is to customers.
type Profile struct {
	// Name is what customers call it. Defaults to "Assistant".
	Name string `json:"name,omitempty"`
	// Company is on whose behalf it speaks. It may be empty.
	Company string `json:"company,omitempty"`
	// Avatar is the URL of a picture, https. The agent only passes it on.
	Avatar      string      `json:"avatar,omitempty"`
	Personality Personality `json:"personality,omitempty"`
	Voice       Voice       `json:"voice,omitzero"`
}

// check returns the faults of the profile.
func (p Profile) check(fault func(format string, args ...any)) {
	switch p.Personality {
	case "", Friendly, Professional, Casual, Empathetic, Witty:
	default:
		fault("profile.personality %q is none of friendly, professional, casual, empathetic, witty", p.Personality)
	}
	if u, err := url.Parse(p.Avatar); p.Avatar != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		fault("profile.avatar %q is no https URL", p.Avatar)
	}
	p.Voice.check(fault)
}
