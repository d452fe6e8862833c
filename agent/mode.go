package agent

import "slices"

// A Mode is how far the agent goes by itself. Of two modes that are set for the
// same thing, the stricter one counts.
//
// Auto and Approve hold from the next turn on, in every conversation. Suggest and
// Off keep the agent from taking new ones, which people get; those that it has, or
// is given, go on: under Suggest as under Approve, and under Off as they were. A
// draft that waits when a mode changes waits on, in the queue of the people.
type Mode string

// The modes, the loosest first.
const (
	// Auto answers. The zero value means the same.
	Auto Mode = "auto"
	// Approve keeps what the agent would say for a person to send: see
	// Agent.SendDraft. Until then the customer gets nothing, not even a code by
	// e-mail, so that what needs one is refused.
	Approve Mode = "approve"
	// Suggest says nothing, and leaves new conversations to people, whom
	// Agent.Suggest helps.
	Suggest Mode = "suggest"
	// Off leaves new conversations to people, and tells the customer so.
	Off Mode = "off"
)

var modes = []Mode{Auto, Approve, Suggest, Off}

// strictness returns the place of a mode, and -1 for what is none.
func (m Mode) strictness() int {
	if m == "" {
		return 0
	}
	return slices.Index(modes, m)
}

// strictest returns the mode that counts.
func strictest(all ...Mode) Mode {
	place := 0
	for _, m := range all {
		place = max(place, m.strictness())
	}
	return modes[place]
}

// checkModes reports the modes that are none.
func (s Settings) checkModes(fault func(format string, args ...any)) {
	if s.Mode.strictness() < 0 {
		fault("mode is %q: want one of auto, approve, suggest, off", s.Mode)
	}
	for name, c := range s.Channels {
		if c.Mode.strictness() < 0 {
			fault("channels.%s.mode is %q: want one of auto, approve, suggest, off", name, c.Mode)
		}
		if c.Writes.strictness() < 0 || c.Writes == Suggest {
			fault("channels.%s.writes is %q: want one of auto, approve, off", name, c.Writes)
		}
	}
}

// mode is that of a channel.
func (s *Settings) mode(name string) Mode { return strictest(s.Mode, s.Channels[name].Mode) }

// mode is that of the turn, Auto or Approve.
func (t *turn) mode() Mode {
	switch m := t.agent.rules.mode(t.conv.Channel); m {
	case Off:
		return strictest(t.conv.Memory.Mode)
	case Suggest:
		return Approve
	default:
		return m
	}
}

// writes is the mode for actions that write: Auto, Approve or Off.
func (t *turn) writes() Mode {
	if t.suggesting {
		return Off
	}
	return strictest(t.mode(), t.agent.rules.Channels[t.conv.Channel].Writes)
}

// on reports whether there is an action for the turn.
func (t *turn) on(a *action) bool { return !a.off && (!a.Risk.Writes() || t.writes() != Off) }

// direct reports whether what the turn says goes to the customer at once.
func (t *turn) direct() bool { return !t.suggesting && t.mode() == Auto }

// onlySuggests is the rule by which people get the new conversations of a channel
// on which the agent only suggests.
const onlySuggests = "only suggests"
