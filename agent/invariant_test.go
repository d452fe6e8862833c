package agent_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
)

// TestInvariants runs as many seeds as FRONTDESK_SEEDS says, 200 if it is not set.
func TestInvariants(t *testing.T) {
	seeds := 200
	if testing.Short() {
		seeds = 20
	}
	if s := os.Getenv("FRONTDESK_SEEDS"); s != "" {
		var err error
		seeds, err = strconv.Atoi(s)
		require.NoError(t, err)
	}
	agenttest.RunInvariants(t, seeds, func(*testing.T) agent.Store { return agent.NewMemoryStore() })
}
