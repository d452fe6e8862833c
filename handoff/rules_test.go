package handoff_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/handoff/handofftest"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// office is open on Friday from 9 to 17, UTC.
var office = schedule.Hours{Mode: schedule.During, Week: []schedule.Period{{Day: time.Friday, From: "09:00", To: "17:00"}}}

func config() handoff.RulesConfig {
	return handoff.RulesConfig{
		Teams: []handoff.Team{
			{Name: "billing", Hours: office, Message: "Billing answers soon.", OffHoursMessage: "Billing is back on Friday at 9."},
			{Name: "engineers", Hours: office, Message: "An engineer looks at it."},
		},
		Rules: []handoff.Rule{
			{Name: "refunds", Triggers: []string{"refund"}, Team: "billing"},
			{Name: "broken", Reasons: []handoff.Reason{handoff.ActionFailure, handoff.Failure}, Team: "engineers"},
			{Name: "phone", Channels: []string{"voice"}, Reasons: []handoff.Reason{handoff.CustomerRequest}, Team: "desk"},
			{Name: "other phone", Channels: []string{"voice"}, Team: "billing"},
		},
		Default: handoff.Team{Name: "desk", Message: "Somebody answers soon."},
	}
}

func newRules(t testing.TB, cfg handoff.RulesConfig) *handoff.Rules {
	t.Helper()
	r, err := handoff.NewRules(cfg)
	require.NoError(t, err)
	return r
}

func TestRulesAreRouter(t *testing.T) {
	handofftest.Run(t, func(t *testing.T) handoff.Router { return newRules(t, config()) })
}

func TestRouterFuncIsRouter(t *testing.T) {
	handofftest.Run(t, func(t *testing.T) handoff.Router {
		return handoff.RouterFunc(func(context.Context, handoff.Packet) (handoff.Assignment, error) {
			return handoff.Assignment{Team: "desk"}, nil
		})
	})
}

func TestRulesRoute(t *testing.T) {
	friday := time.Date(2026, 3, 6, 10, 0, 0, 0, time.UTC)
	monday := friday.AddDate(0, 0, 3)
	rules := newRules(t, config())
	for _, tt := range []struct {
		name          string
		packet        handoff.Packet
		team, message string
	}{
		{"by trigger", handoff.Packet{Reason: handoff.Policy, Rule: "refund", At: friday}, "billing", "Billing answers soon."},
		{"first match", handoff.Packet{Reason: handoff.Failure, Rule: "refund", At: friday}, "billing", "Billing answers soon."},
		{"off hours", handoff.Packet{Reason: handoff.Policy, Rule: "refund", At: monday}, "billing", "Billing is back on Friday at 9."},
		{"one message", handoff.Packet{Reason: handoff.Failure, At: monday}, "engineers", "An engineer looks at it."},
		{"all conditions", handoff.Packet{Reason: handoff.CustomerRequest, Channel: "voice", At: friday}, "desk", "Somebody answers soon."},
		{"one condition", handoff.Packet{Reason: handoff.Limits, Channel: "voice", At: friday}, "billing", "Billing answers soon."},
		{"default", handoff.Packet{Reason: handoff.CustomerRequest, Channel: "email", At: monday}, "desk", "Somebody answers soon."},
		{"unknown reason", handoff.Packet{Reason: "whim", At: friday}, "desk", "Somebody answers soon."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := rules.Route(t.Context(), tt.packet)
			require.NoError(t, err)
			require.Equal(t, handoff.Assignment{Team: tt.team, Message: tt.message}, got)
		})
	}
}

func TestZeroRulesRouteToEverybody(t *testing.T) {
	got, err := newRules(t, handoff.RulesConfig{}).Route(t.Context(), handoff.Packet{Reason: handoff.Limits})
	require.NoError(t, err)
	require.Zero(t, got)
}

func TestRulesFaults(t *testing.T) {
	_, err := handoff.NewRules(handoff.RulesConfig{
		Teams: []handoff.Team{
			{Name: "billing", Hours: schedule.Hours{Zone: "Europe/Atlantis"}}, {Name: "billing"}, {},
		},
		Rules: []handoff.Rule{
			{Team: "billing", Channels: []string{"voice"}},
			{Name: "a", Team: "sales", Reasons: []handoff.Reason{"whim"}},
			{Name: "a", Team: "billing"},
			{Name: "late", Team: "billing"},
		},
	})
	for _, fault := range []string{
		`hours of team "billing"`, `zone "Europe/Atlantis"`, `two teams are called "billing"`, "Teams[2] has no name",
		"Rules[0] has no name", `rule "a" sends to team "sales"`, `reason "whim"`, `two rules are called "a"`,
		`rule "late" can never match`,
	} {
		require.ErrorContains(t, err, fault)
	}
}

func TestShadowedRules(t *testing.T) {
	reasons := handoff.Reasons()
	for name, tt := range map[string]struct {
		rules    []handoff.Rule
		shadowed string
	}{
		"by a wider one":      {[]handoff.Rule{{Name: "a"}, {Name: "b", Channels: []string{"voice"}}}, "b"},
		"by the same":         {[]handoff.Rule{{Name: "a", Channels: []string{"voice"}}, {Name: "b", Channels: []string{"voice"}}}, "b"},
		"by several together": {[]handoff.Rule{{Name: "a", Reasons: reasons[:5]}, {Name: "b", Reasons: reasons[5:]}, {Name: "c"}}, "c"},
		"not by a narrower":   {[]handoff.Rule{{Name: "a", Channels: []string{"voice"}}, {Name: "b"}}, ""},
		"not by another kind": {[]handoff.Rule{{Name: "a", Channels: []string{"voice"}}, {Name: "b", Triggers: []string{"x"}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := handoff.NewRules(handoff.RulesConfig{Rules: tt.rules})
			if tt.shadowed == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, fmt.Sprintf("handoff: rule %q can never match: the rules before it take all it asks for", tt.shadowed))
			}
		})
	}
}

// What the checker lets pass can be reached, and what it refuses cannot.
func TestShadowedRulesProperties(t *testing.T) {
	some := func(t *rapid.T, label string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 2, rapid.ID[string]).Draw(t, label)
	}
	rapid.Check(t, func(t *rapid.T) {
		var cfg handoff.RulesConfig
		for i := range rapid.IntRange(1, 5).Draw(t, "rules") {
			rule := handoff.Rule{Name: fmt.Sprint(i), Team: fmt.Sprint(i), Channels: some(t, "channels"), Triggers: some(t, "triggers")}
			cfg.Rules = append(cfg.Rules, rule)
			cfg.Teams = append(cfg.Teams, handoff.Team{Name: rule.Team})
		}
		rules, err := handoff.NewRules(cfg)
		reached := map[string]bool{}
		for _, channel := range []string{"x", "y", "z", ""} {
			for _, trigger := range []string{"x", "y", "z", ""} {
				if err == nil {
					a, _ := rules.Route(context.Background(), handoff.Packet{Channel: channel, Rule: trigger})
					reached[a.Team] = true
				}
			}
		}
		for _, rule := range cfg.Rules {
			require.True(t, err != nil || reached[rule.Team], "rule %s is reached", rule.Name)
		}
	})
}

func BenchmarkRoute(b *testing.B) {
	var cfg handoff.RulesConfig
	for i := range 100 {
		cfg.Rules = append(cfg.Rules, handoff.Rule{Name: fmt.Sprint(i), Triggers: []string{fmt.Sprint("trigger ", i)}, Team: "billing"})
	}
	cfg.Teams = config().Teams
	rules := newRules(b, cfg)
	p := handoff.Packet{Reason: handoff.Policy, Channel: "livechat", Rule: "trigger 99", At: time.Date(2026, 3, 6, 10, 0, 0, 0, time.UTC)}
	for b.Loop() {
		if a, _ := rules.Route(b.Context(), p); a.Team != "billing" {
			b.Fatal(a)
		}
	}
}

// TestRulesFollowAHint only where no rule matches, and only to a team there is.
func TestRulesFollowAHint(t *testing.T) {
	r, err := handoff.NewRules(handoff.RulesConfig{
		Teams: []handoff.Team{{Name: "sales", Message: "Sales will write."}, {Name: "care"}},
		Rules: []handoff.Rule{{Name: "late", Reasons: []handoff.Reason{handoff.ActionFailure}, Team: "care"}},
	})
	require.NoError(t, err)
	for want, p := range map[string]handoff.Packet{
		"sales": {Reason: handoff.GoalReached, Team: "sales"},
		"care":  {Reason: handoff.ActionFailure, Team: "sales"},
		"":      {Reason: handoff.GoalReached, Team: "legal"},
	} {
		to, err := r.Route(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, want, to.Team)
	}
}
