package ingest

import (
	"context"
	"errors"
	"fmt"
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

	mu      sync.Mutex
	busy    map[string]*sync.Mutex // by source
	owners  map[string]string      // document ID -> source, as far as it was asked for
	running map[string]Progress    // by source, of each Sync under way
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
	return &Pipeline{
		cfg: defaults(cfg), busy: make(map[string]*sync.Mutex), owners: make(map[string]string), running: make(map[string]Progress),
	}, nil
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
// If more than half of a source of 20 or more documents is gone at once, as
// when a folder is not mounted, nothing is removed: the report holds what is
// missing, for [Pipeline.Delete].
//
// The error is not nil when the listing ended early, when the knowledge base or
// the store failed, or when ctx is done. The report holds what was done until
// then, nothing is removed, and the next Sync goes on from there.
func (p *Pipeline) Sync(ctx context.Context, src Source) (Report, error) {
	return p.sync(ctx, src, false)
}

// sync is Sync. A confirmed one removes whatever is gone.
func (p *Pipeline) sync(ctx context.Context, src Source, confirmed bool) (Report, error) {
	defer p.lock(src.Name())()
	start := time.Now()
	s := &syncing{Pipeline: p, source: src.Name(), seen: make(map[string]bool), start: start}
	var err error
	if s.state, s.known, err = p.load(ctx, src.Name()); err != nil {
		return Report{}, err
	}
	if s.state.Tried.IsZero() { // a crash must not leave documents of a source that nobody knows
		if err := p.cfg.Store.Apply(ctx, s.source, Update{State: &s.state}); err != nil {
			return Report{}, fmt.Errorf("ingest: remembering %q: %w", s.source, err)
		}
	}
	working, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.stop = cancel
	if sizer, ok := src.(Sizer); ok {
		s.total = sizer.Size(working)
	}
	p.advance(Progress{Source: s.source, Total: s.total})
	defer p.rest(s.source)
	err = s.run(working, src)
	if err == nil {
		err = s.removeGone(working, confirmed)
	}
	s.report.Duration = time.Since(start)
	return s.report, s.conclude(ctx, err)
}

// Upsert ingests one item that was pushed by its owner, as if a Sync of the
// source had found it, and removes it if it is gone. It reports whether the
// knowledge base changed. An error of the item is a [Failure]; it wraps
// [ErrOutdated] for an item that is older than what was pushed last, by
// Modified or else by a Version that is a number.
func (p *Pipeline) Upsert(ctx context.Context, source string, item Item) (bool, error) {
	defer p.lock(source)()
	state, known, err := p.load(ctx, source, item.ID)
	if err != nil {
		return false, err
	}
	r := &reading{Pipeline: p, source: source, labels: state.Labels, item: item, old: known[item.ID], pushed: true}
	if outdated(item, r.old) {
		return false, Failure{Item: item.ID, Err: ErrOutdated}
	}
	r.run(ctx)
	if err := p.keep(ctx, source, r); err != nil {
		return false, err
	}
	if r.err != nil {
		return false, Failure{Item: item.ID, Err: r.err}
	}
	return r.change != nil, p.notePush(ctx, r, state)
}

// mostPushed is how many of the changes that were pushed a State describes.
const mostPushed = 20

// notePush notes in the state of the source that an item came.
func (p *Pipeline) notePush(ctx context.Context, r *reading, state State) error {
	if r.change == nil && !state.Synced.IsZero() {
		return nil
	}
	state.Synced = time.Now()
	if r.change != nil {
		state.Changes = append([]Change{*r.change}, state.Changes[:min(len(state.Changes), mostPushed-1)]...)
	}
	if err := p.cfg.Store.Apply(ctx, r.source, Update{State: &state}); err != nil {
		return fmt.Errorf("ingest: remembering what was pushed to %q: %w", r.source, err)
	}
	return nil
}

// Delete removes items of a source from the knowledge base, and all that is
// known of them. Unknown ones are ignored.
func (p *Pipeline) Delete(ctx context.Context, source string, items ...string) error {
	defer p.lock(source)()
	for _, id := range items {
		if err := p.remove(ctx, source, id); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the document before the record: a crash between the two
// leaves a record without a document, which the next Sync removes again. An
// item that failed because another source has its name leaves that one alone.
func (p *Pipeline) remove(ctx context.Context, source, id string) error {
	if p.own(source, id) == source {
		if err := p.cfg.Knowledge.Remove(ctx, id); err != nil {
			return fmt.Errorf("ingest: removing %q: %w", id, err)
		}
	}
	if err := p.cfg.Store.Apply(ctx, source, Update{Gone: []string{id}}); err != nil {
		return fmt.Errorf("ingest: forgetting %q: %w", id, err)
	}
	p.disown(source, id)
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

// unrecorded is the digest of a document without a record: one that was stored
// when a crash came, or whose record the Store has lost. It is read like that of
// a version that knew other digests.
const unrecorded = "unrecorded"

// load returns what is known of a source, and of its items given or of all that
// it has in the knowledge base.
func (p *Pipeline) load(ctx context.Context, source string, items ...string) (State, map[string]Record, error) {
	states, err := p.cfg.Store.Sources(ctx, source)
	if err != nil {
		return State{}, nil, fmt.Errorf("ingest: reading the state of %q: %w", source, err)
	}
	known, err := p.cfg.Store.Records(ctx, source, items...)
	if err != nil {
		return State{}, nil, fmt.Errorf("ingest: reading the records of %q: %w", source, err)
	}
	if len(items) == 0 {
		for _, id := range p.cfg.Knowledge.Documents(source) {
			if known[id].Digest == "" {
				known[id] = Record{Item: id, Digest: unrecorded}
			}
		}
	}
	for id, r := range known {
		if r.Digest != "" {
			p.own(source, id)
		}
	}
	return states[source], known, nil
}

// keep stores what readings have found. The documents are stored before the
// records: a crash between the two makes the next Sync read the items again, and
// loses nothing.
func (p *Pipeline) keep(ctx context.Context, source string, readings ...*reading) error {
	var docs []retrieval.Document
	var records []Record
	for _, r := range readings {
		if r.doc != nil {
			docs = append(docs, *r.doc)
		}
		if r.next == nil {
			continue
		}
		records = append(records, *r.next)
		if r.next.Gone {
			if err := p.cfg.Knowledge.Remove(ctx, r.item.ID); err != nil {
				return fmt.Errorf("ingest: removing %q: %w", r.item.ID, err)
			}
			p.disown(source, r.item.ID)
		}
	}
	if len(docs) > 0 {
		if err := p.cfg.Knowledge.Add(ctx, docs...); err != nil {
			return fmt.Errorf("ingest: adding to %q: %w", source, err)
		}
	}
	if len(records) == 0 {
		return nil
	}
	if err := p.cfg.Store.Apply(ctx, source, Update{Records: records}); err != nil {
		return fmt.Errorf("ingest: marking %q: %w", records[0].Item, err)
	}
	return nil
}

// advance notes how far a Sync is, for Status, and rest that it is over.
func (p *Pipeline) advance(progress Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[progress.Source] = progress
}

func (p *Pipeline) rest(source string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, source)
}

// progress returns how far the Sync of a source is, if there is one.
func (p *Pipeline) progress(source string) (Progress, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	progress, ok := p.running[source]
	return progress, ok
}

// own claims a document ID for a source. It returns the source that has it.
func (p *Pipeline) own(source, id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if owner, ok := p.owners[id]; ok {
		return owner
	}
	p.owners[id] = source
	if held := p.cfg.Knowledge.Passages(id); len(held) > 0 && held[0].Source != "" {
		p.owners[id] = held[0].Source
	}
	return p.owners[id]
}

func (p *Pipeline) disown(source, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.owners[id] == source {
		delete(p.owners, id)
	}
}
