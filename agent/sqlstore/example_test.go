package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/channel"
)

// Everything that an agent stores goes into one file.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "frontdesk")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(dir, "frontdesk.db")))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	stores, err := sqlstore.Open(ctx, db, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer stores.Close()
	acme, err := stores.Tenant("acme")
	if err != nil {
		log.Fatal(err)
	}

	// An agent does this by itself, with agent.Config.Store: acme.Conversations().
	s, now := acme.Conversations(), time.Now()
	for range 2 { // providers send messages twice
		r, err := s.Receive(ctx, agent.Inbound{
			Channel: "chat", NewID: "conversation-1", At: now, Due: now,
			Message: channel.Message{ID: "1", Thread: "t", Author: channel.Customer, Text: "Can I return it?"},
		})
		fmt.Println(r.Conversation, "duplicate:", r.Duplicate, err)
	}
	w, err := s.Claim(ctx, agent.Claim{Worker: "me", Now: now, Lease: time.Minute, Channels: []string{"chat"}})
	fmt.Println(len(w.Messages), w.Messages[0].Text, err)
	// Output:
	// conversation-1 duplicate: false <nil>
	// conversation-1 duplicate: true <nil>
	// 1 Can I return it? <nil>
}
