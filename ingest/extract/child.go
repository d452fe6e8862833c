package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/process"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// ChildConfig configures a [Child].
type ChildConfig struct {
	// Command is a program and its arguments that calls [Serve] with its standard
	// input and output and writes nothing else to the latter. It is started with
	// an empty environment. It is required; a host may give itself:
	// os.Executable and an argument by which it knows what to do.
	Command []string
	// MaxMemory is the most resident memory that reading one file may take, in
	// bytes. Defaults to 192 MiB. It is held to on Linux; elsewhere the garbage
	// collector of the process works towards it.
	MaxMemory int64
	// Timeout limits the time of one file. Defaults to 10 seconds.
	Timeout time.Duration
	// Processes is how many files are read at once. Defaults to the number of
	// processors, at most 4.
	Processes int
	// Files is how many files a process reads before another takes its place.
	// Defaults to 100.
	Files int
}

// A Child is an [ingest.Extractor] that reads files in other processes, where
// content that makes a parser run for ever, take all memory or crash harms no
// other file and not the host: the process is ended, the file is refused with
// [ingest.ErrTooLarge] or [ingest.ErrMalformed], and the next one finds a new
// process. A process that has done well is used again.
//
// Its methods may be called from many goroutines.
type Child struct {
	cfg   ChildConfig
	slots chan struct{}

	mu     sync.Mutex
	idle   []*server
	closed bool
}

// errClosed is returned by a Child that was closed.
var errClosed = errors.New("extract: the child is closed")

// NewChild returns a Child. No process is started before the first file. The
// error joins all faults of the configuration.
func NewChild(cfg ChildConfig) (*Child, error) {
	var faults []error
	if len(cfg.Command) == 0 {
		faults = append(faults, errors.New("extract: ChildConfig.Command is empty: give a program that calls extract.Serve"))
	}
	if cfg.MaxMemory < 0 || cfg.Timeout < 0 || cfg.Processes < 0 || cfg.Files < 0 {
		faults = append(faults, errors.New("extract: the limits of ChildConfig must not be negative"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	initial(&cfg.MaxMemory, 192<<20)
	initial(&cfg.Timeout, 10*time.Second)
	initial(&cfg.Processes, min(runtime.GOMAXPROCS(0), 4))
	initial(&cfg.Files, 100)
	return &Child{cfg: cfg, slots: make(chan struct{}, cfg.Processes)}, nil
}

// Extract implements [ingest.Extractor]. It waits while all processes are busy.
func (c *Child) Extract(ctx context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return retrieval.Document{}, ctx.Err()
	}
	s, err := c.take()
	if err != nil {
		return retrieval.Document{}, err
	}
	stop := s.process.Watch(ctx, process.Limits{Time: c.cfg.Timeout, Memory: c.cfg.MaxMemory})
	doc, err := s.ask(item, c.cfg.MaxMemory, r)
	killed := stop()
	if failure, ok := errors.AsType[brokenError](err); ok || killed != nil {
		s.process.Kill()
		return retrieval.Document{}, c.death(killed, failure.error, s.process.Wait())
	}
	c.give(s)
	return doc, err
}

// Close ends the processes that are idle, and those that are busy after their
// file. It returns nil.
func (c *Child) Close() error {
	c.mu.Lock()
	idle := c.idle
	c.idle, c.closed = nil, true
	c.mu.Unlock()
	for _, s := range idle {
		s.process.Kill()
	}
	return nil
}

// take returns an idle process or a new one.
func (c *Child) take() (*server, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if n := len(c.idle); n > 0 {
		s := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return s, nil
	}
	p, err := process.Start(c.cfg.Command)
	if err != nil {
		return nil, fmt.Errorf("extract: starting the process that reads files: %w", err)
	}
	return newServer(p), nil
}

// give takes a process back, or ends it.
func (c *Child) give(s *server) {
	c.mu.Lock()
	again := !c.closed && s.files < c.cfg.Files
	if again {
		c.idle = append(c.idle, s)
	}
	c.mu.Unlock()
	if !again {
		s.process.Kill()
	}
}

// death tells why there is no answer: what the process was killed for, else
// the fault of the reader, else how it ended by itself.
func (c *Child) death(killed, fault, end error) error {
	var read readError
	switch {
	case errors.Is(killed, process.ErrTime):
		return fmt.Errorf("%w: reading it takes longer than %s", ingest.ErrTooLarge, c.cfg.Timeout)
	case errors.Is(killed, process.ErrMemory):
		return fmt.Errorf("%w: reading it takes more than %d MiB of memory", ingest.ErrTooLarge, c.cfg.MaxMemory>>20)
	case killed != nil:
		return killed
	case errors.As(fault, &read):
		return read.error
	case end != nil && outOfMemory.MatchString(end.Error()):
		return fmt.Errorf("%w: reading it takes more than %d MiB of memory", ingest.ErrTooLarge, c.cfg.MaxMemory>>20)
	case end == nil:
		end = fault
	}
	return fmt.Errorf("%w: the process that read it ended: %w", ingest.ErrMalformed, end)
}
