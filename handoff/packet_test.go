package handoff_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/handoff"
)

func ExamplePacket_String() {
	at := time.Date(2026, 3, 6, 15, 4, 0, 0, time.UTC)
	fmt.Print(handoff.Packet{
		Conversation: "c-17", Channel: "livechat", At: at,
		Customer: handoff.Customer{Name: "Ada", Email: "ada@example.com", Trust: "says so"},
		Reason:   handoff.MissingKnowledge, Rule: "no evidence",
		Question: "Do you ship to the Moon?",
		Tried:    []string{"Where we ship", "Delivery times"},
		Transcript: []handoff.Line{
			{Author: "customer", Text: "Hello,\ndo you ship to the Moon?", At: at.Add(-time.Minute)},
			{Author: "agent", Text: "I'm passing you on to a colleague.", At: at},
		},
	})
	// Output:
	// Reason:       missing knowledge (no evidence)
	// Question:     Do you ship to the Moon?
	// Customer:     Ada, ada@example.com (says so)
	// Channel:      livechat
	// Conversation: c-17
	// At:           Fri, 06 Mar 2026 15:04:00 +0000
	// Tried:        Where we ship, Delivery times
	//
	// 15:03 customer: Hello,
	//   do you ship to the Moon?
	// 15:04 agent: I'm passing you on to a colleague.
}

func TestPacketStringLeavesOutWhatIsEmpty(t *testing.T) {
	require.Equal(t, "Reason:       error\n", handoff.Packet{Reason: handoff.Failure, Rule: "error"}.String())
	require.Equal(t, "visitor 7", handoff.Customer{ID: "visitor 7"}.String())
	require.Empty(t, handoff.Customer{Trust: "anonymous"}.String())
}

func ExampleRules() {
	rules, err := handoff.NewRules(handoff.RulesConfig{
		Teams:   []handoff.Team{{Name: "billing", Message: "Our billing team answers within the hour."}},
		Rules:   []handoff.Rule{{Name: "money", Triggers: []string{"refund"}, Team: "billing"}},
		Default: handoff.Team{Name: "desk"},
	})
	if err != nil {
		panic(err)
	}
	triggers, err := handoff.NewTriggers(handoff.TriggersConfig{
		Phrases: []handoff.Phrase{{Name: "refund", Texts: []string{"money back", "refund"}}},
	})
	if err != nil {
		panic(err)
	}
	m, _ := triggers.Match("I want my money back!")
	assignment, _ := rules.Route(context.Background(), handoff.Packet{Reason: m.Reason, Rule: m.Rule})
	fmt.Println(m.Reason, "->", assignment.Team)
	// Output: policy -> billing
}
