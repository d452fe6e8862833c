package main

import (
	"context"
	"database/sql"
	"os"
	"slices"
	"time"

	_ "modernc.org/sqlite"

	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// start stores the corpus in SQLite, then takes the time of another start.
func start(ctx context.Context, c *corpus, rows []*row) error {
	dir, err := os.MkdirTemp("", "versus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(dir+"/passages.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	opened, err := sqlstore.Open(ctx, db, nil)
	if err != nil {
		return err
	}
	defer opened.Close()
	tenant, err := opened.Tenant("versus")
	if err != nil {
		return err
	}
	k, err := retrieval.New(ctx, retrieval.Config{Store: tenant.Passages()})
	if err != nil {
		return err
	}
	for docs := range slices.Chunk(c.documents, 1000) {
		if err := k.Add(ctx, docs...); err != nil {
			return err
		}
	}
	began := time.Now()
	if _, err := retrieval.New(ctx, retrieval.Config{Store: tenant.Passages()}); err != nil {
		return err
	}
	for _, r := range rows {
		if r.name == "all" {
			r.ready = time.Since(began)
		}
	}
	return nil
}
