package retrieval_test

import (
	"context"
	"fmt"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func Example() {
	ctx := context.Background()
	k, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		panic(err)
	}
	err = k.Add(ctx, retrieval.Document{
		ID: "returns.md", Title: "Returns", URL: "https://shop.example/returns",
		Sections: []retrieval.Section{
			{Text: "You can return most items within 30 days of delivery."},
			{Path: []string{"Refunds"}, Anchor: "refunds", Text: "We refund to your card. It takes 5 to 7 business days."},
		},
	})
	if err != nil {
		panic(err)
	}
	for _, question := range []string{"How long do refunds to my card take?", "Will it rain in Oslo?"} {
		r, err := k.Retrieve(ctx, retrieval.Query{Text: question, Limit: 1})
		if err != nil {
			panic(err)
		}
		fmt.Println(question, r.Answerable > 0.5)
		for _, h := range r.Hits {
			s := h.Spans[0]
			fmt.Printf("%s#%s: %s\n", h.URL, h.Anchor, h.Text[s.Start:s.End])
		}
	}
	// Output:
	// How long do refunds to my card take? true
	// https://shop.example/returns#refunds: We refund to your card.
	// Will it rain in Oslo? false
}

func ExampleSentences() {
	text := "Delivery takes 2.5 days, e.g. to Oslo. See Fig. 3."
	for _, s := range retrieval.Sentences(text) {
		fmt.Println(text[s.Start:s.End])
	}
	// Output:
	// Delivery takes 2.5 days, e.g. to Oslo.
	// See Fig. 3.
}
