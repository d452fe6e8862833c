// Command helpdesk is a whole customer agent in one process: live chat in a
// browser, an inbox for people, and a status page, with all state in one SQLite
// file. It needs no key and no server.
//
//	go run ./examples/helpdesk
//	go run ./examples/helpdesk -content ./docs -data mine.db
//	go run ./examples/helpdesk -url https://www.example.com/help -answers faq.csv
//	go run ./examples/helpdesk -ask "How long do I have to return a tent?" -json
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/frontdesk-go/frontdesk/examples/internal/models"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "helpdesk:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	content, url   list
	answers        list
	sources, push  string
	pages          int
	model          string
	settings       string
	addr, data     string
	ask            string
	asking         bool
	json, verbose  bool
	stdout, stderr io.Writer
}

// A list is a flag that may be given more than once.
type list []string

// String implements [flag.Value].
func (l *list) String() string { return strings.Join(*l, " ") }

// Set implements [flag.Value].
func (l *list) Set(value string) error {
	if value == "" {
		return errors.New("it is empty")
	}
	*l = append(*l, value)
	return nil
}

// given reports whether the options name content of the user's own.
func (o options) given() bool {
	return len(o.content)+len(o.url)+len(o.answers) > 0 || o.sources != ""
}

func parse(args []string, stdout, stderr io.Writer) (options, error) {
	o := options{stdout: stdout, stderr: stderr}
	f := flag.NewFlagSet("helpdesk", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Var(&o.content, "content", "answer from the files in this `folder` instead of the built-in help centre; may be given again")
	f.Var(&o.url, "url", "answer from the web site at this `URL`; may be given again")
	f.Var(&o.answers, "answers", "answer from the short answers in this CSV or JSON `file`; may be given again")
	f.StringVar(&o.push, "push", "", "take articles that are pushed, signed with a secret of this `file`")
	f.StringVar(&o.sources, "sources", "", "read sources and their settings from this JSON `file`")
	f.IntVar(&o.pages, "pages", 500, "read at most this many pages of -url")
	f.StringVar(&o.model, "model", "auto", models.Names)
	f.StringVar(&o.settings, "settings", "", "read the agent's settings from this JSON `file`")
	f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "listen on this `address`")
	f.StringVar(&o.data, "data", "", "keep all state in this SQLite `file` (default helpdesk.db; with -ask, nothing is kept)")
	f.StringVar(&o.ask, "ask", "", "answer this `question` and exit")
	f.BoolVar(&o.json, "json", false, "with -ask, print one JSON object")
	f.BoolVar(&o.verbose, "v", false, "log every event")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	f.Visit(func(f *flag.Flag) { o.asking = o.asking || f.Name == "ask" })
	switch {
	case o.asking && strings.TrimSpace(o.ask) == "":
		return o, errors.New("-ask has no question")
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected %q: all arguments are flags", f.Arg(0))
	case o.json && !o.asking:
		return o, errors.New("-json goes with -ask")
	case o.pages < 1:
		return o, errors.New("-pages must be at least 1")
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 1 && args[0] == readFiles {
		return extract.Serve(ctx, os.Stdin, stdout, extract.New(nil))
	}
	o, err := parse(args, stdout, stderr)
	if err != nil {
		return err
	}
	if o.asking {
		return ask(ctx, o)
	}
	if o.data == "" {
		o.data = "helpdesk.db"
	}
	return serve(ctx, o)
}

func (o options) log() *slog.Logger {
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(o.stderr, &slog.HandlerOptions{Level: level}))
}
