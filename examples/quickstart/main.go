// Command quickstart answers one question from a folder of help pages, with
// citations: go run ./examples/quickstart DIR "question"
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/files"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal(`usage: quickstart DIR "question"`)
	}
	ctx := context.Background()
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	check(err)
	pipeline, err := ingest.New(ingest.Config{Knowledge: knowledge, Extractor: extract.New(nil)})
	check(err)
	_, err = pipeline.Sync(ctx, files.New(os.DirFS(os.Args[1]), nil))
	check(err)
	desk, err := agent.New(agent.Config{Knowledge: knowledge})
	check(err)
	turn, err := desk.Reply(ctx, channel.Message{Text: os.Args[2]})
	check(err)
	fmt.Println(turn.Text)
	for _, c := range turn.Citations {
		fmt.Printf("  [%s] %s#%s\n", c.Title, c.Source, c.Anchor)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
