package langchain_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/tmc/langchaingo/llms/openai"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A server that speaks OpenAI's protocol stands in for the real one.
func Example() {
	provider := httptest.NewServer(http.HandlerFunc(stream(
		says("You can return it "), says("within 30 days [1]."), ends("stop"), used, done,
	)))
	defer provider.Close()

	llm, err := openai.New(
		openai.WithToken("key"), openai.WithBaseURL(provider.URL), openai.WithHTTPClient(&langchain.Client{}),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	model := langchain.New(llm, nil)

	request := agent.Request{
		Question: "How long do I have to return a jacket?",
		Evidence: []retrieval.Hit{{Passage: retrieval.Passage{
			Title: "Returns", Text: "You can return clothes within 30 days of delivery.",
		}}},
	}
	for delta, err := range model.Generate(context.Background(), request) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(delta.Text)
		for _, i := range delta.Sources {
			fmt.Printf(" (%s)", request.Evidence[i].Title)
		}
	}
	// Output: You can return it within 30 days (Returns).
}
