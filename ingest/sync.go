package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// errInternal marks an error of the knowledge base or the store, which ends a
// Sync, unlike one of an item.
type errInternal struct{ error }

func (e errInternal) Unwrap() error { return e.error }

// A syncing is the state of one Sync.
type syncing struct {
	*Pipeline
	source string
	state  State
	known  map[string]Record
	total  int
	start  time.Time
	stop   context.CancelCauseFunc

	seen map[string]bool // by the listing only
	lost []string        // IDs that the listing could not look into

	mu     sync.Mutex
	report Report

	marking sync.Mutex // held while records are written
	pending []Record
	marked  time.Time
}

const (
	mostPending = 64                     // records
	longPending = 100 * time.Millisecond // between two writes
)

// run lists the source and ingests its items in the workers.
func (s *syncing) run(ctx context.Context, src Source) error {
	items := make(chan Item)
	var workers sync.WaitGroup
	for range s.cfg.Workers {
		workers.Go(func() {
			for item := range items {
				s.handle(ctx, item)
			}
		})
	}
	err := s.list(ctx, src, items)
	close(items)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func (s *syncing) list(ctx context.Context, src Source, items chan<- Item) error {
	for item, err := range src.Items(ctx) {
		if err != nil && item.ID == "" {
			return fmt.Errorf("ingest: listing %q: %w", s.source, err)
		}
		if s.seen[item.ID] || item.Gone {
			continue
		}
		s.seen[item.ID] = true
		if err != nil {
			s.lost = append(s.lost, item.ID)
			if err := s.miss(ctx, item, err); err != nil {
				return err
			}
			continue
		}
		select {
		case items <- item:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// miss notes an item that the source could not give.
func (s *syncing) miss(ctx context.Context, item Item, err error) error {
	r := s.reading(item)
	if err := r.fail(ctx, err); err != nil {
		return err
	}
	s.finish(r, err)
	return nil
}

func (s *syncing) reading(item Item) *reading {
	return &reading{
		Pipeline: s.Pipeline, source: s.source, labels: s.state.Labels, item: item, old: s.known[item.ID], mark: s.mark,
	}
}

// mark keeps a record, together with others where they come fast: each write is
// a commit. What a crash loses of them is read again.
func (s *syncing) mark(ctx context.Context, next Record) error {
	s.marking.Lock()
	defer s.marking.Unlock()
	s.pending = append(s.pending, next)
	if len(s.pending) < mostPending && time.Since(s.marked) < longPending {
		return nil
	}
	return s.write(ctx)
}

// flush keeps what is pending, also when the Sync was called off.
func (s *syncing) flush(ctx context.Context) error {
	s.marking.Lock()
	defer s.marking.Unlock()
	if len(s.pending) == 0 {
		return nil
	}
	err := s.write(context.WithoutCancel(ctx))
	if internal, ok := errors.AsType[errInternal](err); ok {
		return internal.error
	}
	return err
}

func (s *syncing) write(ctx context.Context) error {
	records := s.pending
	s.pending, s.marked = nil, time.Now()
	return s.Pipeline.mark(ctx, s.source, records...)
}

func (s *syncing) handle(ctx context.Context, item Item) {
	r := s.reading(item)
	err := r.run(ctx)
	if internal, ok := errors.AsType[errInternal](err); ok {
		s.stop(internal.error)
		return
	}
	if ctx.Err() != nil {
		return
	}
	s.finish(r, err)
}

// finish counts an item and tells the progress.
func (s *syncing) finish(r *reading, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.report.Failed = append(s.report.Failed, Failure{Item: r.item.ID, Err: err})
	case r.old.Digest == "":
		s.report.Added++
	case r.change != nil:
		s.report.Changed++
	default:
		s.report.Unchanged++
	}
	s.note(r.change)
	n := s.report.Total()
	total := s.total
	if total > 0 {
		total = max(total, n)
	}
	progress := Progress{
		Source: s.source, Item: r.item.ID, Done: n, Total: total,
		Failed: len(s.report.Failed), Elapsed: time.Since(s.start),
	}
	s.advance(progress)
	s.cfg.Progress(progress)
}

// note adds a change to the report, as long as there is room.
func (s *syncing) note(c *Change) {
	if c != nil && len(s.report.Changes) < maxChanges {
		s.report.Changes = append(s.report.Changes, *c)
	}
}

// A source of heldFrom items or more from which more than half are gone at
// once has more likely failed than shrunk.
const heldFrom = 20

// removeGone removes what the listing no longer has, unless that is so much
// that the source must be asked for first. Items below one that could not be
// looked into, such as the files of an unreadable folder, stay.
func (s *syncing) removeGone(ctx context.Context, confirmed bool) error {
	var gone []string
	ingested := 0
	for id, r := range s.known {
		if r.Digest != "" {
			ingested++
		}
		if s.seen[id] || s.unknown(id) {
			continue
		}
		if r.Digest != "" {
			gone = append(gone, id)
		} else if err := s.remove(ctx, s.source, id); err != nil {
			return err // it was never ingested, and only failed
		}
	}
	slices.Sort(gone)
	if !confirmed && ingested >= heldFrom && 2*len(gone) > ingested {
		s.report.Held = gone
		return nil
	}
	for _, id := range gone {
		if err := s.remove(ctx, s.source, id); err != nil {
			return err
		}
		s.report.Removed++
		s.note(&Change{Item: id, Title: s.known[id].Title, Kind: Removed})
	}
	return nil
}

func (s *syncing) unknown(id string) bool {
	for _, lost := range s.lost {
		if lost == "." || strings.HasPrefix(id, strings.TrimSuffix(lost, "/")+"/") {
			return true
		}
	}
	return false
}

// conclude remembers how the Sync ended, unless it was called off.
func (s *syncing) conclude(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	st, now := s.state, time.Now()
	st.Tried = now
	if err != nil {
		st.Failures++
		st.Err = detail(err)
	} else {
		st.Synced, st.Failures, st.Err = now, 0, ""
		st.Held = s.report.Held
	}
	r := s.report
	st.Added, st.Changed, st.Unchanged, st.Removed, st.Failed = r.Added, r.Changed, r.Unchanged, r.Removed, len(r.Failed)
	st.Took = r.Duration
	if len(r.Changes) > 0 {
		st.Changes = r.Changes
	}
	if stored := s.cfg.Store.Apply(ctx, s.source, Update{State: &st}); stored != nil && err == nil {
		return fmt.Errorf("ingest: remembering the sync of %q: %w", s.source, stored)
	}
	return err
}
