package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

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

	mu      sync.Mutex // guards the rest
	report  Report
	pending []*reading
	kept    time.Time // when readings were kept last

	keeping sync.Mutex // held while readings are kept
}

// Readings are kept together where they come fast, as each time is a commit. What
// a crash loses of them is read again.
const (
	mostPending = 64
	longPending = 100 * time.Millisecond
	lastMoment  = time.Second // for what is left when a Sync is called off
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
	keeper, over := sync.WaitGroup{}, make(chan struct{})
	keeper.Go(func() { s.keepNowAndThen(ctx, over) })
	err := s.list(ctx, src, items)
	close(items)
	workers.Wait()
	close(over)
	keeper.Wait()
	s.stopAt(s.flushLast(ctx))
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// keepNowAndThen keeps what else would wait for a next item that takes long.
func (s *syncing) keepNowAndThen(ctx context.Context, over <-chan struct{}) {
	ticks := time.NewTicker(longPending)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			s.stopAt(s.flush(ctx))
		case <-over:
			return
		}
	}
}

// stopAt ends the Sync at an error of the knowledge base or the store, unlike
// one of an item.
func (s *syncing) stopAt(err error) {
	if err != nil {
		s.stop(err)
	}
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
			r := s.reading(item)
			r.fail(ctx, err)
			s.add(ctx, r)
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

func (s *syncing) reading(item Item) *reading {
	return &reading{Pipeline: s.Pipeline, source: s.source, labels: s.state.Labels, item: item, old: s.known[item.ID]}
}

func (s *syncing) handle(ctx context.Context, item Item) {
	r := s.reading(item)
	r.run(ctx)
	if ctx.Err() == nil {
		s.add(ctx, r)
	}
}

// add has a reading kept and counted, together with others.
func (s *syncing) add(ctx context.Context, r *reading) {
	s.mu.Lock()
	s.pending = append(s.pending, r)
	full := len(s.pending) >= mostPending || time.Since(s.kept) >= longPending
	s.mu.Unlock()
	if full {
		s.stopAt(s.flush(ctx))
	}
}

// flush keeps the readings that are pending.
func (s *syncing) flush(ctx context.Context) error {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.mu.Lock()
	readings := s.pending
	s.pending, s.kept = nil, time.Now()
	s.mu.Unlock()
	if err := s.keep(ctx, s.source, readings...); err != nil {
		return err
	}
	for _, r := range readings {
		s.finish(r)
	}
	return nil
}

// flushLast keeps what is left, also when the Sync was called off, unless that
// takes long, as an embedder may.
func (s *syncing) flushLast(ctx context.Context) error {
	if ctx.Err() == nil {
		return s.flush(ctx)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastMoment)
	defer cancel()
	return s.flush(ctx)
}

// finish counts an item and tells the progress.
func (s *syncing) finish(r *reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.err != nil:
		s.report.Failed = append(s.report.Failed, Failure{Item: r.item.ID, Err: r.err})
	case r.old.Digest == "" || r.old.Digest == unrecorded:
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
