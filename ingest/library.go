package ingest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"
)

// ErrUnknownSource reports a source that a Library does not hold.
var ErrUnknownSource = errors.New("ingest: no such source")

// A Schedule says when a source is refreshed. Each one of package schedule,
// such as schedule.Weekly, is one.
type Schedule interface {
	// Next returns the first time after t, or the zero time if there is none.
	Next(t time.Time) time.Time
}

// A Holding is a source of a Library, and how it is kept.
type Holding struct {
	// Source lists the content. It is nil for content that its owner pushes with
	// [Pipeline.Upsert].
	Source Source
	// Name is that of the source. Defaults to what Source says, and is required
	// without one.
	Name string
	// Labels hold for all documents of the source.
	Labels Labels
	// When says when the source is refreshed by itself. Nil means a week after the
	// last time, give or take six hours that depend on the name alone. A source
	// that has never been refreshed is due at once.
	When Schedule
}

// A Library keeps a knowledge base in step with a set of sources.
//
// It has no clock of its own: a host calls RefreshDue now and then, best as a
// job of schedule.Runner, which sees to it that one process of several does.
// Content that is pushed goes through the Library's Pipeline, and is in step
// when that returns. Methods may be called from many goroutines.
type Library struct {
	pipeline *Pipeline

	mu       sync.RWMutex       // held while a source is added, changed or removed
	holdings map[string]Holding // by their names

	running   sync.Mutex        // guards refreshes
	refreshes map[*refresh]bool // those under way
}

// A refresh is one that is under way.
type refresh struct {
	source string
	stop   context.CancelCauseFunc
}

// errChanged ends a refresh whose source was given other labels meanwhile.
var errChanged = errors.New("ingest: the source was changed")

// NewLibrary returns a Library without sources, over a Pipeline that may hold
// documents of sources from before.
func NewLibrary(p *Pipeline) *Library {
	return &Library{pipeline: p, holdings: make(map[string]Holding), refreshes: make(map[*refresh]bool)}
}

// Add takes a source into the Library, or replaces one of the same name. Other
// labels than before take effect on all its documents before Add returns; a
// refresh that is under way begins anew. Nothing is read yet.
func (l *Library) Add(ctx context.Context, h Holding) error {
	if h.Name == "" && h.Source != nil {
		h.Name = h.Source.Name()
	}
	if h.Name == "" || h.Source != nil && h.Source.Name() != h.Name {
		return fmt.Errorf("ingest: the holding is called %q: give the name that its source has", h.Name)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop(h.Name)
	if err := l.pipeline.Label(ctx, h.Name, h.Labels); err != nil {
		return err
	}
	l.holdings[h.Name] = h
	return nil
}

// Remove takes a source out of the Library and removes its documents. That
// works too for one that was not added since the start of the process.
func (l *Library) Remove(ctx context.Context, name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop(name)
	delete(l.holdings, name)
	return l.pipeline.Drop(ctx, name)
}

// Refresh brings the documents of a source in step now, as [Pipeline.Sync]
// does. If the source fails, what was read before stays.
func (l *Library) Refresh(ctx context.Context, name string) (Report, error) {
	return l.refresh(ctx, name, false)
}

// Confirm is a Refresh that removes all documents that are gone from the
// source, also those that earlier ones held back because there were so many.
func (l *Library) Confirm(ctx context.Context, name string) (Report, error) {
	return l.refresh(ctx, name, true)
}

// refresh brings a source in step, anew as often as it is changed meanwhile: what
// was read under its old labels must not stay.
func (l *Library) refresh(ctx context.Context, name string, confirmed bool) (Report, error) {
	for {
		working, source, end, err := l.begin(ctx, name)
		if err != nil {
			return Report{}, err
		}
		report, err := l.pipeline.sync(working, source, confirmed)
		cause := context.Cause(working)
		end()
		if !errors.Is(cause, errChanged) || ctx.Err() != nil {
			return report, err
		}
	}
}

// begin registers a refresh, so that it can be stopped when its source changes.
func (l *Library) begin(ctx context.Context, name string) (context.Context, Source, func(), error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	h, ok := l.holdings[name]
	if !ok || h.Source == nil {
		return nil, nil, nil, fmt.Errorf("%w that could be read: %q", ErrUnknownSource, name)
	}
	working, cancel := context.WithCancelCause(ctx)
	r := &refresh{name, cancel}
	l.running.Lock()
	l.refreshes[r] = true
	l.running.Unlock()
	return working, h.Source, func() {
		cancel(nil)
		l.running.Lock()
		delete(l.refreshes, r)
		l.running.Unlock()
	}, nil
}

// stop ends the refreshes of a source that are under way.
func (l *Library) stop(name string) {
	l.running.Lock()
	defer l.running.Unlock()
	for r := range l.refreshes {
		if r.source == name {
			r.stop(errChanged)
		}
	}
}

// RefreshDue refreshes those of the sources named that are due, or of all if
// none is named, at the same time and each as Refresh does. One that is being
// refreshed is left alone. A source that failed is due again after an hour, and
// after twice as long each time, at its usual time at the latest.
func (l *Library) RefreshDue(ctx context.Context, names ...string) error {
	all, err := l.Status(ctx)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	faults := make([]error, len(all))
	for i, s := range all {
		wanted := len(names) == 0 || slices.Contains(names, s.Name)
		if !wanted || s.Phase == Syncing || s.Next.IsZero() || s.Next.After(time.Now()) {
			continue
		}
		group.Go(func() { _, faults[i] = l.Refresh(ctx, s.Name) })
	}
	group.Wait()
	return errors.Join(faults...)
}

// When sources are refreshed that do not say it themselves.
const (
	week       = 7 * 24 * time.Hour
	scatter    = 12 * time.Hour // over which weekly refreshes are spread
	firstRetry = time.Hour      // after a failure; each further one doubles it
)

// next returns when the source is due, zero for never.
func (h Holding) next(s State) time.Time {
	if h.Source == nil {
		return time.Time{}
	}
	if s.Tried.IsZero() {
		return time.Now()
	}
	next := s.Tried.Add(week - scatter/2 + jitter(h.Name, scatter))
	if h.When != nil {
		next = h.When.Next(s.Tried)
	}
	if s.Failures == 0 {
		return next
	}
	retry := s.Tried.Add(firstRetry << min(s.Failures-1, 8))
	if next.IsZero() || retry.Before(next) {
		return retry
	}
	return next
}

// jitter returns a part of most that depends on the name alone.
func jitter(name string, most time.Duration) time.Duration {
	h := fnv.New64a()
	h.Write([]byte(name))
	return time.Duration(h.Sum64() % uint64(most))
}
