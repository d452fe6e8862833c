package lead_test

import (
	"context"
	"fmt"
	"log"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/lead"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A customer asks for something, is answered, and says on the way who they are.
func Example() {
	ctx := context.Background()
	goal, err := lead.Parse([]byte(`{
		"name": "demo",
		"criteria": [
			{"name": "region", "type": "choice", "options": [{"value": "Europe"}, {"value": "elsewhere"}],
				"ask": {"en": "Where is your company?"}, "bands": [{"in": ["elsewhere"], "knock_out": true, "share": 0.1}, {"in": ["Europe"], "points": 10, "share": 0.8}]},
			{"name": "size", "type": "number", "weight": 3, "ask": {"en": "How many people work with you?"},
				"bands": [{"at_least": 20, "points": 10}]}
		],
		"on": {"qualified": {"hand_over": {"team": "sales"}, "say": {"en": "A colleague from sales will show you around."}}}
	}`))
	if err != nil {
		log.Fatal(err)
	}
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if err := knowledge.Add(ctx, retrieval.Document{ID: "plans.md", Title: "Plans", Sections: []retrieval.Section{
		{Text: "The team plan costs 20 euros a month for each seat."},
	}}); err != nil {
		log.Fatal(err)
	}
	desk, err := agent.New(agent.Config{Knowledge: knowledge, Goals: []agent.Goal{goal}, Settings: agent.Settings{Undisclosed: true}})
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"How much does the team plan cost for each seat?", "about 50 people", "We are in Europe."} {
		turn, err := desk.Reply(ctx, channel.Message{Thread: "t", Text: text})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("> %s\n%s\n\n", text, turn.Text)
	}
	for c, err := range desk.Archive().Conversations(ctx, agent.Filter{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s has it, as %s\n", c.Team, c.Memory.Packet.Rule)
		for _, f := range c.Memory.Goals[0].Found {
			fmt.Printf("%s: %s, %q\n", f.Name, f.Value, f.Words)
		}
	}
	// Output:
	// > How much does the team plan cost for each seat?
	// Here's what I found in our help pages.
	//
	// From «Plans»:
	// The team plan costs 20 euros a month for each seat.
	//
	// How many people work with you?
	//
	// > about 50 people
	// Where is your company?
	//
	// 1. Europe
	// 2. elsewhere
	//
	// > We are in Europe.
	// A colleague from sales will show you around.
	//
	// sales has it, as demo: qualified
	// region: Europe, "We are in Europe."
	// size: 50, "about 50 people"
}
