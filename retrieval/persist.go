package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// When a snapshot is saved by itself: when this share of the passages has
// changed since the last, so that the work stays in proportion to the changes
// and a start has little to index; and never for what is indexed in a moment.
const (
	snapshotShare = 10
	snapshotLeast = 10_000
)

// Progress tells how far index, store and snapshot are in step. It is guarded
// by changing.
type progress struct {
	seen    int64 // the store's generation that the index holds
	own     int64 // changes of this Knowledge since, which it holds as well
	unsaved int   // passages changed since the last snapshot
}

// Save has the Store keep a snapshot of the index, from which the next start is
// ready at once, wherever the Store is a [Snapshotter]. A Knowledge does so by
// itself whenever a tenth of a large content has changed, so that a start has
// little to do in any case; a host may call it after a large change or before it
// ends. Searches go on meanwhile, other changes wait.
func (k *Knowledge) Save(ctx context.Context) error {
	s, ok := k.store.(Snapshotter)
	if !ok {
		return ctx.Err()
	}
	k.changing.Lock()
	defer k.changing.Unlock()
	return k.save(ctx, s)
}

// save is Save under the lock.
func (k *Knowledge) save(ctx context.Context, s Snapshotter) error {
	k.progress.unsaved = 0 // also after a failure, so that not every change tries again
	if err := k.catchUp(ctx, s); err != nil {
		return err
	}
	k.mu.Lock()
	k.index.renumber()
	k.mu.Unlock()
	if err := s.SaveSnapshot(ctx, k.progress.seen, k.index.snapshot(k.language)); err != nil {
		return fmt.Errorf("retrieval: save snapshot: %w", err)
	}
	return nil
}

// changed notes that so many passages were changed by one call of the store.
func (k *Knowledge) changed(passages int) {
	k.progress.own++
	k.progress.unsaved += passages
}

// saveIfWorth saves a snapshot when much has changed. What goes wrong costs the
// next start its speed and nothing else.
func (k *Knowledge) saveIfWorth(ctx context.Context) {
	n := k.progress.unsaved
	if s, ok := k.store.(Snapshotter); ok && n >= snapshotLeast && n >= k.index.live/snapshotShare {
		_ = k.save(ctx, s)
	}
}

// catchUp makes searchable what others have changed in the store.
func (k *Knowledge) catchUp(ctx context.Context, s Snapshotter) error {
	p := &k.progress
	generation, changed, err := s.Changes(ctx, math.MaxInt64)
	if err == nil && generation != p.seen+p.own {
		generation, changed, err = s.Changes(ctx, p.seen)
	}
	if err != nil {
		return fmt.Errorf("retrieval: changes of the store: %w", err)
	}
	batch := make([]*change, len(changed))
	for i, c := range changed {
		batch[i] = &change{document: c.Document, records: c.Records}
		p.unsaved += len(c.Records)
	}
	for len(batch) > 0 {
		n := min(len(batch), batchSize)
		k.apply(batch[:n])
		batch = batch[n:]
	}
	p.seen, p.own = generation, 0
	return nil
}

// load indexes what the store holds: its snapshot and what has changed since,
// or all of it.
func (k *Knowledge) load(ctx context.Context) error {
	s, ok := k.store.(Snapshotter)
	if !ok {
		return k.loadPassages(ctx)
	}
	err := k.loadSnapshot(ctx, s)
	if errors.Is(err, errSnapshot) {
		// What is changed while the passages are read is looked at again.
		if k.progress.seen, _, err = s.Changes(ctx, math.MaxInt64); err == nil {
			err = k.loadPassages(ctx)
		}
	}
	if err == nil {
		err = k.catchUp(ctx, s)
	}
	if err != nil {
		return err
	}
	k.saveIfWorth(ctx)
	return nil
}

// loadSnapshot takes the index from the store's snapshot.
func (k *Knowledge) loadSnapshot(ctx context.Context, s Snapshotter) error {
	generation, parts, err := s.Snapshot(ctx)
	if err != nil {
		return fmt.Errorf("retrieval: load snapshot: %w", err)
	}
	if generation == 0 {
		return errSnapshot
	}
	x, err := restore(parts, k.index.wordsOnly, k.language)
	if err != nil {
		return err
	}
	x.remote = k.index.remote
	k.index, k.progress.seen = x, generation
	return nil
}

// loadPassages indexes all passages, in batches so that memory stays bounded.
func (k *Knowledge) loadPassages(ctx context.Context) error {
	var batch []*change
	for r, err := range k.store.All(ctx) {
		if err != nil {
			return fmt.Errorf("retrieval: load passages: %w", err)
		}
		if n := len(batch); n == 0 || batch[n-1].document != r.Passage.Document {
			if n == batchSize {
				k.apply(batch)
				batch = nil
			}
			batch = append(batch, &change{document: r.Passage.Document})
		}
		c := batch[len(batch)-1]
		c.records = append(c.records, r)
		if k.progress.unsaved++; k.progress.unsaved > maxPassages {
			return ErrFull
		}
	}
	k.apply(batch)
	return nil
}
