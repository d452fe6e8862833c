package handoff

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/frontdesk-go/frontdesk/schedule"
)

// A Team is people who take conversations from one queue.
type Team struct {
	Name string `json:"name"`
	// Hours are when the team answers. The zero value is always.
	Hours schedule.Hours `json:"hours,omitzero"`
	// Message is what the customer is told. Empty leaves the agent's own.
	Message string `json:"message,omitempty"`
	// OffHoursMessage takes the place of Message outside Hours. It promises
	// when the team is back. Defaults to Message.
	OffHoursMessage string `json:"off_hours_message,omitempty"`
}

// A Rule sends packets to a team. It matches a packet that meets all of its
// conditions; an empty condition is met by every packet.
type Rule struct {
	Name string `json:"name"`
	// Reasons, Channels and Triggers hold what Packet.Reason, Packet.Channel
	// and Packet.Rule may be.
	Reasons  []Reason `json:"reasons,omitempty"`
	Channels []string `json:"channels,omitempty"`
	Triggers []string `json:"triggers,omitempty"`
	// Team is the name of one of RulesConfig.Teams, or of the default team.
	Team string `json:"team"`
}

// A RulesConfig configures Rules. It is data, and can be stored as JSON.
type RulesConfig struct {
	Teams []Team `json:"teams,omitempty"`
	// Rules are tried in order. The first that matches decides.
	Rules []Rule `json:"rules,omitempty"`
	// Default takes what no rule matches. The zero value is the queue of
	// everybody, with the agent's own message.
	Default Team `json:"default,omitzero"`
}

// Rules are a Router that decides by ordered rules. Every packet reaches a
// team. Methods may be called from many goroutines.
type Rules struct {
	rules []Rule
	// By name, the default team included.
	teams    map[string]*desk
	fallback *desk
}

// A desk is a Team that was checked.
type desk struct {
	Team
	calendar *schedule.Calendar
}

// NewRules returns Rules. It reports all faults of cfg at once, and among them
// the rules that can never match because earlier ones leave them nothing.
func NewRules(cfg RulesConfig) (*Rules, error) {
	r := &Rules{rules: slices.Clone(cfg.Rules), teams: map[string]*desk{}}
	var faults []error
	// The default team comes first, and alone may be without a name.
	for i, t := range append([]Team{cfg.Default}, cfg.Teams...) {
		switch {
		case i > 0 && t.Name == "":
			faults = append(faults, fmt.Errorf("handoff: Teams[%d] has no name", i-1))
			continue
		case r.teams[t.Name] != nil:
			faults = append(faults, fmt.Errorf("handoff: two teams are called %q", t.Name))
		}
		// A desk is added also with faulty hours, or its rules would seem to name a
		// team that is not there.
		calendar, err := t.Hours.Calendar()
		if err != nil {
			faults = append(faults, fmt.Errorf("handoff: hours of team %q: %w", t.Name, err))
		}
		r.teams[t.Name] = &desk{t, calendar}
	}
	r.fallback = r.teams[cfg.Default.Name]
	faults = append(faults, r.check()...)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return r, nil
}

// Route returns the team of the first rule that matches p, or else the one that
// p.Team names if there is such a team, with its message at the time of p.At. It never fails.
func (r *Rules) Route(_ context.Context, p Packet) (Assignment, error) {
	d := r.fallback
	if i := r.match(p.Reason, p.Channel, p.Rule); i >= 0 {
		d = r.teams[r.rules[i].Team]
	} else if named := r.teams[p.Team]; p.Team != "" && named != nil {
		d = named
	}
	a := Assignment{Team: d.Name, Message: d.Message}
	if d.OffHoursMessage != "" && !d.calendar.Open(p.At) {
		a.Message = d.OffHoursMessage
	}
	return a, nil
}

// match returns the first rule that matches, -1 if none does.
func (r *Rules) match(reason Reason, channel, trigger string) int {
	return slices.IndexFunc(r.rules, func(rule Rule) bool {
		return meets(rule.Reasons, reason) && meets(rule.Channels, channel) && meets(rule.Triggers, trigger)
	})
}

// meets reports whether v meets a condition, which is met by all if it is empty.
func meets[T comparable](allowed []T, v T) bool {
	return len(allowed) == 0 || slices.Contains(allowed, v)
}
