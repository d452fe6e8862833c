package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Phase says how a source stands.
type Phase string

// How a source stands.
const (
	// Waiting is a source that was never read.
	Waiting Phase = "waiting"
	// Syncing is one that is being read.
	Syncing Phase = "syncing"
	// InStep is one whose documents are as they were when it was read last.
	InStep Phase = "in step"
	// Unsure is one that has lost so much that its documents were kept.
	Unsure Phase = "unsure"
	// Failing is one that could not be read the last time.
	Failing Phase = "failing"
	// LeftOver is one that the Library does not hold, and whose documents are
	// there from before.
	LeftOver Phase = "left over"
)

// A Status tells how a source stands.
type Status struct {
	Name  string
	Phase Phase
	// State is what is known since the last refresh.
	State
	// Next is when it is refreshed by itself, zero for never.
	Next time.Time
	// Documents and Passages count what it has in the knowledge base, and Faulty
	// the items whose last reading failed.
	Documents, Passages, Faulty int
	// Progress is that of the refresh under way.
	Progress Progress
}

// Advice says what is not as it should be and what can be done, in one or two
// sentences, and nothing if all is well.
func (s Status) Advice() string {
	var parts []string
	switch s.Phase {
	case Failing:
		parts = append(parts, "The last refresh failed: "+s.Err+".")
		if s.Documents > 0 {
			parts = append(parts, "What was read before is kept.")
		}
	case Unsure:
		parts = append(parts, fmt.Sprintf("%d of %d documents are gone from the source and were kept: "+
			"see whether the source is whole, and confirm if they shall be removed.", len(s.Held), s.Documents))
	case LeftOver:
		parts = append(parts, "The source is no longer given; remove it, or give it again.")
	}
	if s.Faulty == 1 {
		parts = append(parts, "One item could not be read.")
	} else if s.Faulty > 1 {
		parts = append(parts, fmt.Sprintf("%d items could not be read.", s.Faulty))
	}
	return strings.Join(parts, " ")
}

// Status tells how each source stands, by name: those that the Library holds, and
// those that it does not but whose documents are there.
func (l *Library) Status(ctx context.Context) ([]Status, error) {
	states, err := l.pipeline.cfg.Store.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("ingest: reading the sources: %w", err)
	}
	l.mu.RLock()
	holdings := maps.Clone(l.holdings)
	l.mu.RUnlock()
	var all []Status
	for name, state := range states {
		if _, held := holdings[name]; !held {
			all = append(all, Status{Name: name, Phase: LeftOver, State: state})
		}
	}
	for name, h := range holdings {
		s := Status{Name: name, State: states[name], Next: h.next(states[name])}
		s.Phase = phaseOf(h, s.State)
		if progress, running := l.pipeline.progress(name); running {
			s.Phase, s.Progress = Syncing, progress
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Status) int { return strings.Compare(a.Name, b.Name) })
	for i := range all {
		if err := l.count(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// phaseOf tells how a source stands that is not being read. One that is only
// pushed is in step from the start.
func phaseOf(h Holding, s State) Phase {
	switch {
	case s.Failures > 0:
		return Failing
	case len(s.Held) > 0:
		return Unsure
	case s.Synced.IsZero() && h.Source != nil:
		return Waiting
	}
	return InStep
}

// count counts what a source has in the knowledge base, and what is faulty.
func (l *Library) count(ctx context.Context, s *Status) error {
	records, err := l.pipeline.Records(ctx, s.Name)
	for _, r := range records {
		if r.Digest != "" {
			s.Documents++
			s.Passages += r.Passages
		}
		if r.Err != "" {
			s.Faulty++
		}
	}
	return err
}

// Records returns what is known of the items of a source, by their IDs.
func (p *Pipeline) Records(ctx context.Context, source string) ([]Record, error) {
	known, err := p.cfg.Store.Records(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("ingest: reading the records of %q: %w", source, err)
	}
	return slices.SortedFunc(maps.Values(known), func(a, b Record) int { return strings.Compare(a.Item, b.Item) }), nil
}
