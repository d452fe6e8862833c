package agent_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// returnsPage is all that the company of the examples has written.
func returnsPage() retrieval.Document {
	return retrieval.Document{
		ID: "returns.md", Title: "Returns",
		Sections: []retrieval.Section{
			{Path: []string{"How long you have"}, Anchor: "how-long", Text: "You can return an item within 30 days of delivery."},
			{Path: []string{"What it costs"}, Anchor: "cost", Text: "Returns are free. Print the label from your account."},
		},
	}
}

func Example() {
	ctx := context.Background()
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if err := knowledge.Add(ctx, returnsPage()); err != nil {
		log.Fatal(err)
	}
	desk, err := agent.New(agent.Config{Knowledge: knowledge})
	if err != nil {
		log.Fatal(err)
	}
	turn, err := desk.Reply(ctx, channel.Message{Text: "How long do I have to return an item?"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(turn.Text)
	fmt.Println(turn.Citations[0].Source, turn.Citations[0].Anchor)
	// Output:
	// I'm Assistant, an AI assistant.
	//
	// Here's what I found in our help pages.
	//
	// From «Returns › How long you have»:
	// You can return an item within 30 days of delivery.
	// returns.md how-long
}

func ExampleNewAction() {
	type lookUp struct {
		Order string `json:"order" jsonschema:"the number of the order"`
	}
	action, err := agent.NewAction("order_status", "Tells where an order is.",
		func(_ context.Context, c agent.ActionCall, in lookUp) (string, error) {
			return "Order " + in.Order + " of " + c.Customer.ID + " is on its way.", nil
		})
	if err != nil {
		log.Fatal(err)
	}
	action.Trust = channel.Signed // only for customers whom the host has signed in
	fmt.Println(string(action.Schema))
	// Output:
	// {"type":"object","properties":{"order":{"type":"string","description":"the number of the order"}},"required":["order"],"additionalProperties":false}
}

// The first model is out of service, so the second answers.
func ExampleFallback() {
	ctx := context.Background()
	away := agent.ModelFunc(func(context.Context, agent.Request) iter.Seq2[agent.Delta, error] {
		return func(yield func(agent.Delta, error) bool) {
			yield(agent.Delta{}, &agent.RetryError{After: time.Minute, Err: errors.New("status 429")})
		}
	})
	model := agent.Fallback(away, agent.Extractive{})
	request := agent.Request{Evidence: []retrieval.Hit{{Passage: retrieval.Passage{Title: "Returns", Text: "You have 30 days."}}}}
	for delta, err := range model.Generate(ctx, request) {
		if err != nil {
			log.Fatal(err)
		}
		if delta.Finding != "" {
			fmt.Println(delta.Finding)
		}
		fmt.Print(delta.Text)
	}
	// Output:
	// model 1 of 2 failed: status 429
	// From «Returns»:
	// You have 30 days.
}
