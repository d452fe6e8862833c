package agent_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/preview"
	"github.com/frontdesk-go/frontdesk/channel"
)

var update = flag.Bool("update", false, "write what happens into testdata/scripts")

// TestScripts runs the conversations of testdata/scripts, and logs which of the
// engine's rules none of them exercises.
func TestScripts(t *testing.T) {
	const dir = "testdata/scripts"
	opts := agenttest.ScriptOptions{Config: func(t *testing.T) agent.Config {
		type order struct {
			Order string `json:"order"`
		}
		status, err := agent.NewAction("order_status", "Tells where an order is.",
			func(_ context.Context, _ agent.ActionCall, in order) (map[string]string, error) {
				return map[string]string{"order": in.Order, "status": "on its way"}, nil
			})
		require.NoError(t, err)
		status.Trust = channel.EmailVerified
		cancel, err := agent.NewAction("cancel_order", "Cancels an order.",
			func(_ context.Context, _ agent.ActionCall, in order) (string, error) { return "cancelled", nil })
		require.NoError(t, err)
		status.Triggers, cancel.Triggers = []string{"where is my order"}, []string{"cancel my order"}
		cancel.Risk = agent.LowImpactWrite
		return agent.Config{Actions: []agent.Action{status, cancel}}
	}}
	if *update {
		opts.Update = dir
	}
	coverage := preview.NewCoverage(agent.Settings{}, nil)
	opts.Turn = coverage.Add
	agenttest.RunScripts(t, os.DirFS(dir), &opts)
	t.Logf("%v", coverage.Report())
}
