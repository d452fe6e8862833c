package rerank_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/rerank"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"results": [{"index": 1, "relevance_score": 0.98}, {"index": 0, "relevance_score": 0.02}]}`)
	}))
	defer server.Close()
	reranker, err := rerank.New(rerank.Config{
		URL:   server.URL,
		Model: "a-model",
		Key:   func(context.Context) (string, error) { return "from where the host keeps its secrets", nil },
		HTTP:  server.Client(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// It is what retrieval.Config.Reranker takes.
	scores, err := reranker.Rerank(context.Background(), "How long do I have?", []retrieval.Passage{
		{Title: "Shipping", Text: "We ship by rail."},
		{Title: "Returns", Text: "You have 30 days."},
	})
	fmt.Println(scores, err)
	// Output: [0.02 0.98] <nil>
}
