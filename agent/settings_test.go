package agent

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/schedule"
)

func TestNewNamesEveryFault(t *testing.T) {
	_, err := New(Config{
		Settings: Settings{
			Profile:    Profile{Personality: "rude"},
			Channels:   map[string]ChannelSettings{"chat": {Hours: schedule.Hours{Zone: "Mars/Olympus"}, CloseAfter: -1, Thresholds: Thresholds{Ask: 2}}},
			Triggers:   []handoff.Phrase{{Name: "", Texts: nil}},
			Thresholds: Thresholds{Answer: .2, Ask: .9},
			Limits:     Limits{TurnTime: 1, ModelTime: 2},
			Price:      -1,
			Languages:  []string{"en", "tlh"},
			Language:   "nl",
			Texts:      map[string]Texts{"xx": {}},
		},
		Channels: []Channel{nil, channel.NewMemory("a", channel.Capabilities{}), channel.NewMemory("a", channel.Capabilities{}), channel.NewMemory(Direct, channel.Capabilities{})},
		Actions:  []Action{{}, {Name: "x"}},
		Tick:     -1,
	})
	for _, fault := range []string{
		"personality", "Mars/Olympus", "close_after", "triggers", "settings: thresholds", "channels.chat.thresholds", "turn_time", "price", "Knowledge is nil",
		`languages[1] is "tlh"`, `language is "nl"`, `texts has the language "xx"`,
		"Channels[0] is nil", `another channel named "a"`, `named "direct"`, "Actions[0]", "Actions[1]", "Tick",
	} {
		require.ErrorContains(t, err, fault)
	}
}

func TestSettingsAreJSON(t *testing.T) {
	const doc = `{
		"profile": {"name": "Wren"},
		"channels": {"chat": {"close_after": "24h", "hours": {"mode": "during", "zone": "Europe/London", "week": [{"day": 1, "from": "09:00", "to": "17:00"}]}}},
		"limits": {"quiet": "1s"}
	}`
	var s Settings
	require.NoError(t, json.Unmarshal([]byte(doc), &s))
	require.NoError(t, s.Validate())
	require.Equal(t, 24*time.Hour, time.Duration(s.Channels["chat"].CloseAfter))
	out, err := json.Marshal(s)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"profile": {"name": "Wren"},
		"channels": {"chat": {"close_after": "24h0m0s", "hours": {"mode": "during", "zone": "Europe/London", "week": [{"day": 1, "from": "09:00", "to": "17:00"}]}}},
		"limits": {"quiet": "1s"}
	}`, string(out))
	require.ErrorContains(t, json.Unmarshal([]byte(`{"limits": {"quiet": "soon"}}`), &s), `duration "soon"`)
}

func TestTheZeroSettingsWork(t *testing.T) {
	require.NoError(t, Settings{}.Validate())
}

func TestHandOffTextsByReason(t *testing.T) {
	settings := Settings{Texts: map[string]Texts{"en": {HandOffs: map[handoff.Reason]string{handoff.Limits: "We are full."}}}}
	texts := settings.textsByLanguage()["en"]
	require.Equal(t, "We are full.", texts.handOff(handoff.Limits))
	require.Equal(t, texts.HandOff, texts.handOff(handoff.Policy))
	require.Contains(t, texts.handOff(handoff.CustomerRequest), "Of course.")
}

func TestDecisionPrints(t *testing.T) {
	d := Decision{
		Kind: HandOver, Step: "decide", Rule: "no evidence", Reason: "Too little.", Handoff: handoff.MissingKnowledge, Score: .25,
		Evidence: []Evidence{{Passage: "p", Title: "Returns", Score: 1.5}}, Findings: []string{"link that is not allowed"},
	}
	require.Equal(t, `handoff by decide, rule "no evidence": Too little. (missing knowledge)
score 0.25
evidence 1.500 Returns, p
finding link that is not allowed
`, d.String())
}
