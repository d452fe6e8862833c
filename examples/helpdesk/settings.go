package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/schedule"
)

//go:embed settings.json
var defaultSettings []byte

// readSettings reads the agent's settings from a file, or the built-in ones,
// whose agent is called by the built-in company's name over its content alone.
func readSettings(o options) (agent.Settings, error) {
	var settings agent.Settings
	data := defaultSettings
	if o.settings != "" {
		var err error
		if data, err = os.ReadFile(o.settings); err != nil {
			return settings, err
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&settings); err != nil {
		return settings, fmt.Errorf("settings %s: %w", o.settings, err)
	}
	if o.settings == "" && o.given() {
		settings.Profile = agent.Profile{}
	}
	return settings, settings.Validate()
}

// teams are who takes over from the agent.
func teams() (*handoff.Rules, error) {
	var week []schedule.Period
	for day := (schedule.Period{Day: 1, From: "08:00", To: "20:00"}); day.Day <= 5; day.Day++ {
		week = append(week, day)
	}
	week = append(week, schedule.Period{Day: 6, From: "09:00", To: "17:00"})
	hours := schedule.Hours{Mode: schedule.During, Zone: "Europe/London", Week: week}
	return handoff.NewRules(handoff.RulesConfig{
		Teams: []handoff.Team{{
			Name: "Care", Hours: hours,
			Message:         "I'm passing you straight to a colleague of our care team, who will answer you here.",
			OffHoursMessage: "I'm passing this to our care team, who will answer you here from Monday to Friday between 8:00 and 20:00, and on Saturday between 9:00 and 17:00 UK time.",
		}},
		Rules: []handoff.Rule{
			{Name: "sensitive", Reasons: []handoff.Reason{handoff.Policy}, Team: "Care"},
		},
		Default: handoff.Team{
			Name: "Support", Hours: hours,
			OffHoursMessage: "I'm passing this on to my colleagues, who will answer you here from Monday to Friday between 8:00 and 20:00, and on Saturday between 9:00 and 17:00 UK time.",
		},
	})
}
