package console_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/console"
	"github.com/frontdesk-go/frontdesk/channel"
)

// BenchmarkPages serves the pages of an agent with many conversations.
func BenchmarkPages(b *testing.B) {
	a, c := busy(b, 10_000)
	turn, err := a.Reply(b.Context(), channel.Message{Thread: "1", Text: "May I return another?"})
	require.NoError(b, err)
	for name, path := range map[string]string{
		"inbox": "/", "conversation": "/conversations/" + turn.Conversation, "audit": "/audit",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				c.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
				require.Equal(b, 200, w.Code)
			}
		})
	}
}

// busy returns an agent that has answered in n conversations, and its console.
func busy(b *testing.B, n int) (*agent.Agent, *console.Console) {
	a, err := agent.New(agent.Config{Knowledge: shelf{}})
	require.NoError(b, err)
	for i := range n {
		_, err := a.Reply(b.Context(), channel.Message{Thread: fmt.Sprint(i), Text: "May I return it?"})
		require.NoError(b, err)
	}
	c, err := console.New(console.Config{Agent: a})
	require.NoError(b, err)
	return a, c
}
