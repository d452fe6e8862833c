package agent_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestMemoryStore(t *testing.T) {
	agenttest.RunStore(t, func(*testing.T) agent.Store { return agent.NewMemoryStore() })
}

// Two handles on a MemoryStore are the same one.
func TestMemoryStoreShared(t *testing.T) {
	agenttest.RunSharedStore(t, func(*testing.T) (a, b agent.Store) {
		s := agent.NewMemoryStore()
		return s, s
	})
}

// BenchmarkMemoryStoreClaim measures a claim among 10,000 conversations that
// all wait.
func BenchmarkMemoryStoreClaim(b *testing.B) {
	s, now := agent.NewMemoryStore(), time.Now()
	for i := range 10_000 {
		_, err := s.Receive(b.Context(), agent.Inbound{
			Channel: "chat", NewID: fmt.Sprint(i), At: now, Due: now.Add(time.Duration(i)),
			Message: channel.Message{ID: fmt.Sprint(i), Thread: fmt.Sprint(i), Author: channel.Customer},
		})
		require.NoError(b, err)
	}
	claim := agent.Claim{Worker: "w", Lease: time.Microsecond, Channels: []string{"chat"}}
	for b.Loop() {
		now = now.Add(time.Second)
		claim.Now = now
		_, err := s.Claim(b.Context(), claim)
		require.NoError(b, err)
	}
}
