package agent_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
)

func TestMemoryStore(t *testing.T) {
	agenttest.RunStore(t, func(*testing.T) agent.Store { return agent.NewMemoryStore() })
}
