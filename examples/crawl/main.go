// Crawl visits the pages of a web site and prints what an agent would know of
// them:
//
//	go run ./examples/crawl -max 50 https://example.com/help/
//
// With -state FILE it remembers its visits in a SQLite file. A second crawl then
// asks only for what has changed, and one that was killed goes on where it was:
// pages that it has printed already are counted and not printed again.
//
// Addresses of this machine and of private networks are refused, wherever a
// link or a redirect leads, unless the address to start at is of this machine.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"

	_ "modernc.org/sqlite"

	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
)

// options are those of the command line.
type options struct {
	start     string
	limit     int
	alone     bool
	documents bool
	json      bool
	state     string
}

func main() {
	var o options
	flag.IntVar(&o.limit, "max", 200, "the most pages to visit")
	flag.BoolVar(&o.alone, "alone", false, "visit the given page and none that it leads to")
	flag.BoolVar(&o.documents, "documents", false, "read linked files too, such as PDF")
	flag.BoolVar(&o.json, "json", false, "print one JSON object a page, and one at the end")
	flag.StringVar(&o.state, "state", "", "the SQLite `file` that remembers visits")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: crawl [-max N] [-alone] [-documents] [-json] [-state FILE] URL")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	o.start = flag.Arg(0)
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(100 << 20)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run crawls as the options say, and prints what it finds.
func run(ctx context.Context, o options) error {
	v := visitor{show: showText, extractor: extract.New(nil), printed: &printed{}}
	if o.json {
		v.show = showJSON
	}
	options := crawl.Options{
		MaxPages: o.limit, Alone: o.alone, Documents: o.documents,
		AllowPrivate: crawl.Loopback(o.start), Progress: func(p crawl.Progress) { v.last = p },
	}
	if o.state != "" {
		tenant, closeState, err := openState(ctx, o.state)
		if err != nil {
			return err
		}
		defer closeState()
		options.Store = tenant.Visits()
		if v.printed, err = newPrinted(ctx, tenant.Sources(), o.start); err != nil {
			return err
		}
	}
	src, err := crawl.New(o.start, &options)
	if err != nil {
		return err
	}
	return v.visit(ctx, src)
}

// openState opens a database file.
func openState(ctx context.Context, path string) (*sqlstore.Tenant, func(), error) {
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	if err != nil {
		return nil, nil, err
	}
	stores, err := sqlstore.Open(ctx, db, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("%w (%v)", err, db.Close())
	}
	tenant, err := stores.Tenant("crawl")
	return tenant, func() { _, _ = stores.Close(), db.Close() }, err
}

func showJSON(v any) {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		fmt.Fprintln(os.Stderr, "crawl:", err)
	}
}

func showText(v any) {
	switch v := v.(type) {
	case page:
		switch {
		case v.Error != "":
			fmt.Println("FAILED", v.Error)
		case v.Status == 304:
			fmt.Printf("%s\n    unchanged\n", v.URL)
		default:
			fmt.Printf("%s\n    %s, %d characters\n", v.URL, v.Title, len([]rune(v.Text)))
		}
	case summary:
		fmt.Print(v)
	}
}
