package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/process"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A Command is an [ingest.Extractor] that has a program read each file, for
// [Options].Kinds or on its own:
//
//	extract.Command{Args: []string{"pdftotext", "-layout", "-q", "{}", "-"}}
//	extract.Command{Args: []string{"mutool", "draw", "-F", "txt", "{}"}}
//	extract.Command{Args: []string{"pandoc", "-f", "odt", "-t", "html", "{}"}, Output: extract.HTML}
//
// It may be used from many goroutines.
type Command struct {
	// Args are the program and its arguments. An argument "{}" stands for the path
	// of a file with the content; without one, the content is the standard
	// input. The environment is empty.
	Args []string
	// Output is the kind of what the program writes to its standard output.
	// Defaults to Text, in which form feeds divide pages.
	Output Kind
	// MaxMemory is the most resident memory of the program, in bytes, on Linux.
	// Defaults to 512 MiB.
	MaxMemory int64
	// Timeout limits the time of one file. Defaults to 30 seconds.
	Timeout time.Duration
	// Options limit what the program writes, and how it is read. They may be nil.
	Options *Options
}

// filePlace stands for the path of the file in the arguments of a Command.
const filePlace = "{}"

// errOutput reports a program that writes more than is allowed.
var errOutput = errors.New("it writes too much")

// Extract implements [ingest.Extractor].
func (c Command) Extract(ctx context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
	if len(c.Args) == 0 {
		return retrieval.Document{}, errors.New("extract: Command.Args is empty: give a program and its arguments")
	}
	initial(&c.MaxMemory, 512<<20)
	initial(&c.Timeout, 30*time.Second)
	e := New(c.Options)
	out := &limited{left: e.opts.MaxBytes}
	if err := c.run(ctx, r, out); err != nil {
		return retrieval.Document{}, c.fault(err)
	}
	if blank(out.kept.Bytes()) {
		return retrieval.Document{}, fmt.Errorf("%w: %s found none", ingest.ErrNoText, c.Args[0])
	}
	inner := content{item: item, kind: c.Output, data: out.kept.Bytes(), opts: e.opts}
	read := inner.extract
	if c.Output == "" || c.Output == Text {
		read = func(context.Context) (retrieval.Document, error) { return inner.pages() }
	}
	doc, err := read(ctx)
	if err != nil {
		return retrieval.Document{}, err
	}
	if doc.Title == "" {
		doc.Title = titleOf(item.Name)
	}
	return doc, nil
}

// run runs the program with the content in a file or as its input.
func (c Command) run(ctx context.Context, r io.Reader, out io.Writer) error {
	limits := process.Limits{Time: c.Timeout, Memory: c.MaxMemory}
	args := slices.Clone(c.Args)
	if !slices.Contains(args, filePlace) {
		return process.Run(ctx, args, limits, r, out)
	}
	name, err := spool(r)
	if err != nil {
		return err
	}
	defer os.Remove(name)
	for i, arg := range args {
		if arg == filePlace {
			args[i] = name
		}
	}
	return process.Run(ctx, args, limits, nil, out)
}

// spool writes content into a file of its own and returns its path.
func spool(r io.Reader) (string, error) {
	f, err := os.CreateTemp("", "extract-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// fault tells why the program has failed. That it cannot be started is a fault
// of the host, not of the file.
func (c Command) fault(err error) error {
	switch {
	case errors.Is(err, process.ErrTime), errors.Is(err, process.ErrMemory), errors.Is(err, errOutput):
		return fmt.Errorf("%w: %s: %w", ingest.ErrTooLarge, c.Args[0], err)
	case process.Ended(err):
		if strings.Contains(strings.ToLower(err.Error()), "password") {
			return ingest.ErrEncrypted
		}
		return fmt.Errorf("%w: %s: %w", ingest.ErrMalformed, c.Args[0], err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("extract: running %s: %w", c.Args[0], err)
}

// limited keeps what is written, up to a limit.
type limited struct {
	kept bytes.Buffer
	left int64
}

// Write implements [io.Writer].
func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errOutput
	}
	return l.kept.Write(p)
}
