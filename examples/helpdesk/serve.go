package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
	_ "time/tzdata" // zones also where the system has none

	_ "modernc.org/sqlite"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/console"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/examples/internal/models"
	"github.com/frontdesk-go/frontdesk/ingest"
)

// serve answers in the browser until ctx is done.
func serve(ctx context.Context, o options) error {
	// Before anything is written, so that a mistyped flag leaves no trace.
	if _, err := shelves(o, home{}); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if folder, err := os.Stat(filepath.Dir(o.data)); err != nil || !folder.IsDir() {
		return fmt.Errorf("-data %s: its folder does not exist", o.data)
	}
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(o.data))
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := sqlstore.Open(ctx, db, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", o.data, err)
	}
	defer store.Close()
	d, err := compose(ctx, o, db, store, "http://"+reachable(listener.Addr()))
	if err != nil {
		return err
	}
	fmt.Fprintf(o.stdout, `
  Live chat and help centre  %[1]s
  Inbox for people           %[1]s/inbox/
  Content                    %[1]s/content
  Status                     %[1]s/status

The model is %[2]s. All state is in %[3]s. Stop with Ctrl-C.
`, d.base, d.model, o.data)
	return d.run(ctx, listener)
}

// reachable returns the address under which this machine reaches a listener.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return a.String()
}

// A helpdesk is the composition: an agent, its channels and its pages.
type helpdesk struct {
	options
	base    string
	model   string
	agent   *agent.Agent
	chat    *livechat.Chat
	console *console.Console
	ledger  *credits.Ledger
	library *library
	store   ingest.Store // of the library
}

// compose wires everything together over one database.
func compose(ctx context.Context, o options, db *sql.DB, store *sqlstore.DB, base string) (*helpdesk, error) {
	d := &helpdesk{options: o, base: base}
	settings, err := readSettings(o)
	if err != nil {
		return nil, err
	}
	model, name, err := models.Pick(o.model)
	if err != nil {
		return nil, err
	}
	d.model = name
	tenant, err := store.Tenant("helpdesk")
	if err != nil {
		return nil, err
	}
	d.store = tenant.Sources()
	at := home{base: base + "/help", passages: tenant.Passages(), sources: d.store, visits: tenant.Visits()}
	if d.library, err = newLibrary(ctx, o, at); err != nil {
		return nil, err
	}
	if d.ledger, err = credits.NewLedger(credits.Config{
		Store: tenant.Credits("agent"), Plan: credits.Plan{Monthly: 3000 * credits.Credit},
	}); err != nil {
		return nil, err
	}
	router, err := teams()
	if err != nil {
		return nil, err
	}
	key, err := visitorKey(ctx, db)
	if err != nil {
		return nil, err
	}
	if d.chat, err = livechat.New(livechat.Config{Key: key, AgentName: settings.Profile.Name, Logger: o.log()}); err != nil {
		return nil, err
	}
	if d.agent, err = agent.New(agent.Config{
		Settings:  settings,
		Knowledge: d.library.knowledge,
		Model:     model,
		Store:     tenant.Conversations(),
		Channels:  []agent.Channel{d.chat},
		Router:    router,
		Meter:     d.ledger,
		Observer:  agent.NewLogObserver(o.log()),
		Log:       o.log(),
	}); err != nil {
		return nil, err
	}
	d.console, err = console.New(console.Config{Agent: d.agent, Title: "Helpdesk", Credits: d.ledger.Balance, Log: o.log()})
	return d, err
}

// visitorKey returns the key that signs the tokens of visitors. It is made
// once, and kept with the rest.
func visitorKey(ctx context.Context, db *sql.DB) ([]byte, error) {
	_, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS helpdesk_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL)`)
	if err != nil {
		return nil, err
	}
	fresh := make([]byte, 32)
	rand.Read(fresh)
	if _, err := db.ExecContext(ctx, `INSERT INTO helpdesk_key (id, key) VALUES (1, $1) ON CONFLICT DO NOTHING`, fresh); err != nil {
		return nil, err
	}
	var key []byte
	err = db.QueryRowContext(ctx, `SELECT key FROM helpdesk_key WHERE id = 1`).Scan(&key)
	return key, err
}

// run serves until ctx is done, and then lets what was begun end. The chat opens
// as soon as there is something to answer from; until then browsers are asked
// to try again, and keep what their visitors write.
func (d *helpdesk) run(outer context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancelCause(outer)
	defer cancel(nil)
	defer d.library.extractor.Close()
	routes, err := d.routes()
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           routes,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // ends the streams with the server
	}
	ready := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := d.library.open(ctx, func() { close(ready) })
		if err == nil {
			err = d.library.keep(ctx)
		}
		cancel(err)
	})
	wg.Go(func() {
		select {
		case <-ready:
			cancel(d.agent.Run(ctx))
		case <-ctx.Done():
		}
	})
	wg.Go(func() {
		<-ctx.Done()
		ending, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer stop()
		if server.Shutdown(ending) != nil {
			_ = server.Close()
		}
	})
	err = server.Serve(listener)
	cancel(err)
	wg.Wait()
	if outer.Err() != nil {
		return nil // it was asked to end
	}
	return context.Cause(ctx)
}
