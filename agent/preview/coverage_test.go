package preview_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/preview"
	"github.com/frontdesk-go/frontdesk/handoff"
)

func TestCoverage(t *testing.T) {
	c := preview.NewCoverage(agent.Settings{
		Guidelines: []agent.Guideline{{Text: "Be kind."}, {Name: "press", Then: agent.Say, Text: "x"}},
		Triggers:   []handoff.Phrase{{Name: "leaving", Texts: []string{"bye"}}, {Name: "evidence", Texts: []string{"proof"}}},
		Properties: []agent.Property{{Name: "city", Edit: true}},
	}, []agent.Action{{Name: "pay"}, {Name: "look"}})
	c.Add(agent.Turn{
		Decision: agent.Decision{Step: "decide", Rule: "evidence", Fired: []agent.Fired{{Guideline: "guidelines[0]"}}},
		Calls:    []agent.CallResult{{Call: agent.Call{Name: "look"}}, {Call: agent.Call{Name: "look"}}, {Call: agent.Call{Name: "pay"}, Refused: "no"}},
	})
	c.Add(agent.Turn{Decision: agent.Decision{Step: "triggers", Rule: "leaving"}})
	c.Add(agent.Turn{
		Decision: agent.Decision{Step: "guidelines", Rule: "press", Fired: []agent.Fired{{Guideline: "press"}}},
		Calls:    []agent.CallResult{{Call: agent.Call{Name: "update_customer"}, Refused: "dry", Check: "dry run"}},
	})
	r := c.Report()
	require.Equal(t, []preview.Count{{Name: "guidelines[0]", Turns: 1}, {Name: "press", Turns: 1}}, r.Guidelines)
	require.Equal(t, []preview.Count{{Name: "leaving", Turns: 1}, {Name: "evidence"}}, r.Triggers, "a rule of the same name is no trigger")
	require.Equal(t, []preview.Count{{Name: "pay"}, {Name: "look", Turns: 1}, {Name: "update_customer", Turns: 1}}, r.Actions)
	require.Contains(t, r.Rules, preview.Count{Name: "evidence", Turns: 1})
	require.Contains(t, r.String(), "actions: 2 of 3 exercised\n  never: pay\n")
	require.Contains(t, r.String(), "triggers: 1 of 2 exercised\n  never: evidence\n")
}
