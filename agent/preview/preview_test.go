package preview_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/preview"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

const question = "How long do I have to return an item?"

// TestInvariantAPreviewTouchesNothing previews an answer, an action, a code and a
// handoff over parts that fail the test when they are used.
func TestInvariantAPreviewTouchesNothing(t *testing.T) {
	cfg := config(t)
	cfg.Model = proposing("update_customer", `{"city":"Paris"}`, "Done.")
	draft := agent.Settings{Price: 1000, Properties: []agent.Property{{Name: "city", Type: agent.Text, View: true, Edit: true}}}
	p, err := preview.New(cfg, draft)
	require.NoError(t, err)
	ada := channel.Party{Email: "ada@example.com", Trust: channel.Asserted}
	ask := func(text string) preview.Turn {
		turn, err := p.Reply(t.Context(), "chat", channel.Message{Thread: "t", From: ada, Text: text})
		require.NoError(t, err)
		return turn
	}
	turn := ask(question)
	require.Equal(t, "verify", turn.Decision.Rule)
	require.NotNil(t, turn.Code)
	require.Equal(t, "ada@example.com", turn.Code.To)

	turn = ask(turn.Code.Digits)
	require.Len(t, turn.Calls, 1)
	require.Equal(t, "dry run", turn.Calls[0].Check)
	require.Contains(t, turn.Calls[0].Refused, `{"city":"Paris"}`, "it says what it would have done")
	require.Nil(t, turn.Code)

	turn = ask("I want to talk to a human")
	require.Equal(t, agent.HandOver, turn.Decision.Kind)
	require.Equal(t, channel.Queued, turn.Owner)
}

func TestAPreviewShowsTheTurn(t *testing.T) {
	for _, name := range []string{"chat", agent.Direct} {
		t.Run(name, func(t *testing.T) {
			rules, err := handoff.NewRules(handoff.RulesConfig{
				Teams: []handoff.Team{{Name: "legal"}},
				Rules: []handoff.Rule{{Name: "legal", Team: "legal", Reasons: []handoff.Reason{handoff.Policy}}},
			})
			require.NoError(t, err)
			cfg := config(t)
			cfg.Router = rules
			p, err := preview.New(cfg, agent.Settings{Price: 1500, Guidelines: []agent.Guideline{
				{Name: "law", When: agent.Condition{Phrases: []string{"lawyer"}}, Then: agent.PassOn},
			}})
			require.NoError(t, err)
			turn, err := p.Reply(t.Context(), name, channel.Message{Thread: "t", Text: question})
			require.NoError(t, err)
			require.Contains(t, turn.Text, "within 30 days")
			require.Equal(t, "returns.md", turn.Decision.Evidence[0].Document)
			require.Equal(t, "1.5", turn.Charge.String())
			require.Equal(t, channel.ByAgent, turn.Owner)
			require.Equal(t, agent.MessageReceived, turn.Records[0].Kind)

			turn, err = p.Reply(t.Context(), name, channel.Message{Thread: "t", Text: "My lawyer says: " + question})
			require.NoError(t, err)
			require.Equal(t, "law", turn.Decision.Fired[0].Guideline)
			require.Zero(t, turn.Charge, "an opening is charged once")
			require.Equal(t, "legal", turn.Team)
			require.NoError(t, p.Agent().Return(t.Context(), turn.Conversation, "Maria"))

			turn, err = p.Reply(t.Context(), name, channel.Message{Thread: "t", Text: "Thank you!"})
			require.NoError(t, err)
			require.Equal(t, agent.Answer, turn.Decision.Kind)
		})
	}
}

func TestAPreviewShowsADraft(t *testing.T) {
	for _, name := range []string{"chat", agent.Direct} {
		p, err := preview.New(config(t), agent.Settings{Mode: agent.Approve})
		require.NoError(t, err)
		turn, err := p.Reply(t.Context(), name, channel.Message{Thread: "t", Text: question})
		require.NoError(t, err)
		require.True(t, turn.Held)
		require.Contains(t, turn.Text, "within 30 days", name)
		require.NotEmpty(t, turn.Citations)
	}
}

func TestAPreviewRefusesWhatAnAgentDoes(t *testing.T) {
	_, err := preview.New(agent.Config{Channels: []agent.Channel{nil}}, agent.Settings{Price: -1})
	require.ErrorContains(t, err, "Knowledge is nil")
	require.ErrorContains(t, err, "Channels[0] is nil")
	require.ErrorContains(t, err, "price is negative")
	p, err := preview.New(config(t), agent.Settings{})
	require.NoError(t, err)
	_, err = p.Reply(t.Context(), "fax", channel.Message{Text: question})
	require.ErrorContains(t, err, `there is no channel "fax"`)
}
