package agent

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

func TestAnswersWithCitation(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "How do I return a bike?")
		sent := d.chat.Sent()
		require.Len(t, sent, 1)
		require.Contains(t, sent[0].Text, "From «Returns»:\nYou can return an item within 30 days.")
		require.Equal(t, []channel.Citation{{
			Source: "returns.md", Title: "Returns", URL: "https://help.example.com/returns#time", Anchor: "time",
			Quote: "You can return an item within 30 days.", Passage: "Returns#1", Version: "20b06e8af779cc499092b7fe8f531292", End: 38,
		}}, sent[0].Citations)
		require.Equal(t, channel.ByAgent, d.conversation("t1").Owner)
		turn := d.turns("t1")[0]
		require.Equal(t, Answer, turn.Decision.Kind)
		require.Equal(t, "decide", turn.Decision.Step)
	})
}

func TestHandsOverWhatTheContentDoesNotAnswer(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "What is the weather in Paris today?")
		require.Equal(t, []string{"I can't find an answer to that in our help pages. I'm passing you on to a colleague, who will answer you here."}, d.heard())
		c := d.conversation("t1")
		require.Equal(t, channel.Queued, c.Owner)
		require.Equal(t, handoff.MissingKnowledge, c.Memory.Packet.Reason)
		d.write("t1", "Hello?", "Anybody?")
		require.Len(t, d.heard(), 1, "the agent is silent while the conversation waits for a person")
	})
}
