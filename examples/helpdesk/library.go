package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/files"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

//go:embed all:content
var embedded embed.FS

// A library is the content that the agent answers from.
type library struct {
	options
	// name says what it is, and key tells contents apart in the database: what
	// was read of one is not shown with another.
	name, key string
	// folder is where articles are read from, nil for a web site.
	folder fs.FS
	source ingest.Source
	report ingest.Report
}

// newLibrary returns the content that the options name. Its articles are
// published below base, if there is one.
func newLibrary(o options, base string) (*library, error) {
	l := &library{options: o}
	switch {
	case o.url != "":
		l.name, l.key = "the site "+o.url, "site "+o.url
		source, err := crawl.New(o.url, &crawl.Options{MaxPages: o.pages})
		l.source = source
		return l, err
	case o.content != "":
		l.folder = os.DirFS(o.content)
		path, err := filepath.Abs(o.content)
		if err != nil {
			path = o.content
		}
		l.name = "the folder " + path
	default:
		l.name = "the built-in help centre"
		l.folder, _ = fs.Sub(embedded, "content") // cannot fail: the path is valid
	}
	l.key = l.name + " at " + base
	l.source = files.New(l.folder, &files.Options{Name: "help centre", BaseURL: base})
	return l, nil
}

// load brings the stores in step with the content, and returns what is in
// them. Nil stores keep everything in memory.
func (l *library) load(ctx context.Context, passages retrieval.Store, digests ingest.Store) (*retrieval.Knowledge, error) {
	if l.content != "" {
		if info, err := os.Stat(l.content); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return nil, fmt.Errorf("-content %s is not a folder", l.content)
		}
	}
	knowledge, err := retrieval.New(ctx, retrieval.Config{Store: passages})
	if err != nil {
		return nil, err
	}
	pipeline, err := ingest.New(ingest.Config{
		Knowledge: knowledge, Store: digests, Extractor: extract.New(nil), Progress: l.progress(),
	})
	if err != nil {
		return nil, err
	}
	before := knowledge.Len()
	l.report, err = pipeline.Sync(ctx, l.source)
	for _, f := range l.report.Failed {
		fmt.Fprintf(l.stderr, "helpdesk: left out %v\n", f)
	}
	if err != nil && knowledge.Len() == 0 {
		return nil, err
	}
	if err != nil && before > 0 {
		fmt.Fprintf(l.stderr, "helpdesk: what could not be read stays as it was last time: %v\n", err)
	} else if err != nil {
		fmt.Fprintf(l.stderr, "helpdesk: not everything could be read: %v\n", err)
	}
	if knowledge.Len() == 0 {
		return nil, fmt.Errorf("there is nothing to answer from in %s", l.name)
	}
	fmt.Fprintf(l.stderr, "helpdesk: %v, %d passages\n", l.report, knowledge.Len())
	return knowledge, knowledge.Calibrate(ctx) // now, and not in the first customer's turn
}

// progress returns a function that prints how far a Sync is, now and then.
func (l *library) progress() func(ingest.Progress) {
	next := time.Now().Add(time.Second)
	return func(p ingest.Progress) {
		if time.Now().Before(next) {
			return
		}
		next = time.Now().Add(time.Second)
		of := ""
		if p.Total > 0 {
			of = fmt.Sprintf(" of %d", p.Total)
		}
		fmt.Fprintf(l.stderr, "helpdesk: %d%s read, %d left out, %.0f a second: %s\n", p.Done, of, p.Failed, p.Rate(), clean(p.Item))
	}
}

// clean returns a name that is safe to print.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, name)
}
