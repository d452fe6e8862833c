package push

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// keep is how long the ID of a delivery is remembered: longer than senders
// repeat one. An older copy is refused for its timestamp anyway.
const keep = 7 * 24 * time.Hour

// deliveries remembers the IDs of what was taken, as items of a source that
// has no documents.
type deliveries struct {
	store  ingest.Store
	source string

	mu     sync.Mutex
	pruned time.Time // when old ones were looked for last
}

// has reports whether a delivery was taken.
func (d *deliveries) has(ctx context.Context, id string) (bool, error) {
	known, err := d.store.Records(ctx, d.source, id)
	if err != nil {
		return false, fmt.Errorf("push: reading the deliveries: %w", err)
	}
	return len(known) > 0, nil
}

// add remembers a delivery, and forgets those that are old.
func (d *deliveries) add(ctx context.Context, id string, now time.Time) error {
	u := ingest.Update{Records: []ingest.Record{{Item: id, Synced: now}}}
	var err error
	if u.Gone, err = d.old(ctx, now); err != nil {
		return err
	}
	if err := d.store.Apply(ctx, d.source, u); err != nil {
		return fmt.Errorf("push: remembering a delivery: %w", err)
	}
	return nil
}

// old returns the deliveries that may be forgotten. It looks for them once an hour.
func (d *deliveries) old(ctx context.Context, now time.Time) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Sub(d.pruned) < time.Hour {
		return nil, nil
	}
	known, err := d.store.Records(ctx, d.source)
	if err != nil {
		return nil, fmt.Errorf("push: reading the deliveries: %w", err)
	}
	d.pruned = now
	var old []string
	for id, r := range known {
		if now.Sub(r.Synced) > keep {
			old = append(old, id)
		}
	}
	return old, nil
}
