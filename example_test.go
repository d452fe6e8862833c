package frontdesk_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/files"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// The smallest agent: one page of help, no model, no store, no channel. A host
// reads its own folder with os.DirFS.
func Example() {
	ctx := context.Background()
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		log.Fatal(err)
	}
	pipeline, err := ingest.New(ingest.Config{Knowledge: knowledge, Extractor: extract.New(nil)})
	if err != nil {
		log.Fatal(err)
	}
	help := fstest.MapFS{"returns.md": {Data: []byte("# Returns\n\nYou can return an item within 30 days of delivery.\n")}}
	if _, err := pipeline.Sync(ctx, files.New(help, nil)); err != nil {
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
	// Output:
	// I'm Assistant, an AI assistant.
	//
	// Here's what I found in our help pages.
	//
	// From «Returns»:
	// You can return an item within 30 days of delivery.
}
