package retrieval

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// nowhere is the Store of a Knowledge that keeps nothing beside itself.
type nowhere struct{}

func (nowhere) Put(ctx context.Context, _ ...Changed) error   { return ctx.Err() }
func (nowhere) Delete(ctx context.Context, _ ...string) error { return ctx.Err() }
func (nowhere) All(context.Context) iter.Seq2[Record, error] {
	return func(func(Record, error) bool) {}
}

// A MemoryStore is a Store that lasts as long as the process. It yields
// documents in the order in which they were first put.
type MemoryStore struct {
	mu      sync.RWMutex
	order   []string
	records map[string][]Record
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{records: make(map[string][]Record)}
}

// Put replaces all passages of each document by the records given.
func (s *MemoryStore) Put(ctx context.Context, documents ...Changed) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range documents {
		if _, ok := s.records[d.Document]; !ok {
			s.order = append(s.order, d.Document)
		}
		s.records[d.Document] = slices.Clone(d.Records)
	}
	return nil
}

// Delete removes all passages of the documents.
func (s *MemoryStore) Delete(ctx context.Context, documents ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range documents {
		delete(s.records, d)
	}
	s.order = slices.DeleteFunc(s.order, func(d string) bool {
		_, ok := s.records[d]
		return !ok
	})
	return nil
}

// All yields every record as it was when the iteration began.
func (s *MemoryStore) All(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range s.snapshot() {
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (s *MemoryStore) snapshot() []Record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []Record
	for _, d := range s.order {
		all = append(all, s.records[d]...)
	}
	return all
}
