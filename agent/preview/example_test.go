package preview_test

import (
	"context"
	"fmt"
	"log"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/preview"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A draft leaves a topic to people, and is tried before it is published.
func Example() {
	ctx := context.Background()
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		log.Fatal(err)
	}
	draft := agent.Settings{Undisclosed: true, Guidelines: []agent.Guideline{{
		Name: "legal", When: agent.Condition{Phrases: []string{"lawyer"}}, Then: agent.PassOn, Text: "My colleagues will answer that.",
	}}}
	p, err := preview.New(agent.Config{Knowledge: knowledge}, draft)
	if err != nil {
		log.Fatal(err)
	}
	coverage := preview.NewCoverage(draft, nil)
	for _, text := range []string{"Hello!", "My lawyer will call you."} {
		turn, err := p.Reply(ctx, agent.Direct, channel.Message{Thread: "1", Text: text})
		if err != nil {
			log.Fatal(err)
		}
		coverage.Add(turn.Turn)
		fmt.Println(turn.Decision.Kind, "by", turn.Decision.Rule+":", turn.Text)
	}
	fmt.Println(coverage.Report().Guidelines)
	// Output:
	// answer by greeting: Hello! What can I help you with?
	// handoff by legal: My colleagues will answer that.
	// [{legal 1}]
}
