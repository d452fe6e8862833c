// Command helpdesk is a whole customer agent in one process: live chat in a
// browser, an inbox for people, and a status page, with all state in one SQLite
// file. It needs no key and no server.
//
//	go run ./examples/helpdesk
//	go run ./examples/helpdesk -content ./docs -data mine.db
//	go run ./examples/helpdesk -url https://www.example.com/help
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
	content, url   string
	pages          int
	model          string
	settings       string
	addr, data     string
	ask            string
	asking         bool
	json, verbose  bool
	stdout, stderr io.Writer
}

func parse(args []string, stdout, stderr io.Writer) (options, error) {
	o := options{stdout: stdout, stderr: stderr}
	f := flag.NewFlagSet("helpdesk", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.content, "content", "", "answer from the files in this `folder` instead of the built-in help centre")
	f.StringVar(&o.url, "url", "", "answer from the web site at this `URL`")
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
	case o.content != "" && o.url != "":
		return o, errors.New("give -content or -url, not both")
	case o.json && !o.asking:
		return o, errors.New("-json goes with -ask")
	case o.pages < 1:
		return o, errors.New("-pages must be at least 1")
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
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
