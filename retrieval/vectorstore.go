package retrieval

import (
	"context"
	"fmt"
	"slices"
)

// nearby asks a store that searches vectors itself for the nearest.
func (k *Knowledge) nearby(ctx context.Context, q Query, vector []float32) ([]Neighbor, error) {
	s, ok := k.store.(VectorStore)
	if !ok || vector == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	near, err := s.Nearest(ctx, vector, q.Audiences, max(rescored, q.Limit))
	if err != nil {
		return nil, fmt.Errorf("retrieval: search vectors: %w", err)
	}
	return near, nil
}

// with returns the view that has what the store found by a vector, as far as the
// asker sees it.
func (v *view) with(near []Neighbor) *view {
	w := *v
	for _, n := range near {
		for passage := range v.of(n.Document) {
			if v.entries[passage].id == n.ID && v.sees(passage) {
				w.near = append(w.near, candidate{passage: passage, vector: n.Cosine})
			}
		}
	}
	slices.SortStableFunc(w.near, byVector)
	return &w
}

// differing returns the changes that change something. Where the store has the
// vectors, that is asked before the embedder is, which would be asked in vain.
func (k *Knowledge) differing(batch []*change) []*change {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.DeleteFunc(batch, k.has)
}
