package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Config configures a [Pipeline].
type Config struct {
	// Knowledge receives the documents. It is required.
	Knowledge Knowledge
	// Extractor reads the text of items. It is required.
	Extractor Extractor
	// Store remembers what was ingested. Nil means a [MemoryStore], with which
	// everything is ingested again after a restart.
	Store Store
	// Workers is how many items are read at once. Defaults to the number of
	// processors, at most 8.
	Workers int
	// MaxBytes is the most content an item may have. Defaults to 64 MiB.
	MaxBytes int64
	// Timeout limits the reading of one item. Defaults to a minute.
	Timeout time.Duration
	// Progress, if not nil, is called after every item, one call at a time. It
	// must return soon.
	Progress func(Progress)
}

// A Pipeline keeps a knowledge base in step with sources.
//
// The ID of a document is the ID of its item, so that a citation names what
// its owner knows: a path such as billing/refunds.md for a folder, the URL for
// a page. IDs must therefore differ between the sources of one knowledge base;
// an item whose ID another source holds already is reported as failed.
//
// Its methods may be called from many goroutines. Two calls for sources of one
// name wait for each other.
type Pipeline struct {
	cfg Config

	mu     sync.Mutex
	busy   map[string]*sync.Mutex // by source
	owners map[string]string      // document ID -> source, as far as this process has seen
}

// New returns a Pipeline. The error joins all faults of the configuration.
func New(cfg Config) (*Pipeline, error) {
	var faults []error
	if cfg.Knowledge == nil {
		faults = append(faults, errors.New("ingest: Config.Knowledge is nil: give the knowledge base to write to"))
	}
	if cfg.Extractor == nil {
		faults = append(faults, errors.New("ingest: Config.Extractor is nil: give one, such as extract.New(nil)"))
	}
	if cfg.Workers < 0 {
		faults = append(faults, fmt.Errorf("ingest: Config.Workers is %d: give a positive number, or zero for the default", cfg.Workers))
	}
	if cfg.MaxBytes < 0 || cfg.Timeout < 0 {
		faults = append(faults, errors.New("ingest: Config.MaxBytes and Config.Timeout must not be negative"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &Pipeline{cfg: defaults(cfg), busy: make(map[string]*sync.Mutex), owners: make(map[string]string)}, nil
}

func defaults(cfg Config) Config {
	if cfg.Store == nil {
		cfg.Store = NewMemoryStore()
	}
	if cfg.Workers == 0 {
		cfg.Workers = min(runtime.GOMAXPROCS(0), 8)
	}
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = 64 << 20
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute
	}
	if cfg.Progress == nil {
		cfg.Progress = func(Progress) {}
	}
	return cfg
}

// Sync brings the knowledge base in step with src: new and changed items are
// extracted and added, items that are gone are removed, and the rest is not
// touched. An item that fails keeps what was known of it, is listed in the
// report, and does not stop the others.
//
// The error is not nil when the listing ended early, when the knowledge base or
// the store failed, or when ctx is done. The report holds what was done until
// then, nothing is removed, and the next Sync goes on from there.
func (p *Pipeline) Sync(ctx context.Context, src Source) (Report, error) {
	defer p.lock(src.Name())()
	start := time.Now()
	known, err := p.digests(ctx, src.Name())
	if err != nil {
		return Report{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &syncing{Pipeline: p, source: src.Name(), known: known, seen: make(map[string]bool), start: start, stop: cancel}
	if sizer, ok := src.(Sizer); ok {
		s.total = sizer.Size(ctx)
	}
	err = s.run(ctx, src)
	if err == nil {
		err = s.removeGone(ctx)
	}
	s.report.Duration = time.Since(start)
	return s.report, err
}

// Upsert ingests one item that was pushed by its owner, as if a Sync of the
// source had found it. It reports whether the knowledge base changed.
func (p *Pipeline) Upsert(ctx context.Context, source string, item Item) (bool, error) {
	defer p.lock(source)()
	known, err := p.digests(ctx, source)
	if err != nil {
		return false, err
	}
	done, err := p.ingest(ctx, source, item, known[item.ID])
	if err != nil {
		return false, Failure{Item: item.ID, Err: err}
	}
	return done != unchanged, nil
}

// Delete removes items of a source from the knowledge base. Unknown ones are
// ignored.
func (p *Pipeline) Delete(ctx context.Context, source string, items ...string) error {
	defer p.lock(source)()
	for _, id := range items {
		if err := p.remove(ctx, source, id); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the document before the digest: a crash between the two
// leaves a digest without a document, which the next Sync removes again.
func (p *Pipeline) remove(ctx context.Context, source, id string) error {
	if err := p.cfg.Knowledge.Remove(ctx, id); err != nil {
		return fmt.Errorf("ingest: removing %q: %w", id, err)
	}
	if err := p.cfg.Store.Forget(ctx, source, id); err != nil {
		return fmt.Errorf("ingest: forgetting %q: %w", id, err)
	}
	p.mu.Lock()
	delete(p.owners, id)
	p.mu.Unlock()
	return nil
}

// lock makes calls for one source wait for each other. It returns the unlock.
func (p *Pipeline) lock(source string) func() {
	p.mu.Lock()
	m := p.busy[source]
	if m == nil {
		m = new(sync.Mutex)
		p.busy[source] = m
	}
	p.mu.Unlock()
	m.Lock()
	return m.Unlock
}

func (p *Pipeline) digests(ctx context.Context, source string) (map[string]string, error) {
	known, err := p.cfg.Store.Digests(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("ingest: reading the digests of %q: %w", source, err)
	}
	for id := range known {
		p.own(source, id)
	}
	return known, nil
}

// own claims a document ID for a source. It returns the source that has it.
func (p *Pipeline) own(source, id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if owner, ok := p.owners[id]; ok {
		return owner
	}
	p.owners[id] = source
	return source
}

// extract runs the extractor so that a panic in it is an error of the item.
func (p *Pipeline) extract(ctx context.Context, item Item, r io.Reader) (doc retrieval.Document, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: the extractor panicked: %v", ErrMalformed, v)
		}
	}()
	return p.cfg.Extractor.Extract(ctx, item, r)
}
