package ingest

import (
	"context"
	"maps"
	"sync"
)

// A MemoryStore is a Store that lives as long as the process.
type MemoryStore struct {
	mu      sync.Mutex
	states  map[string]State
	records map[string]map[string]Record // by source and item
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{states: make(map[string]State), records: make(map[string]map[string]Record)}
}

// Sources implements [Store].
func (m *MemoryStore) Sources(_ context.Context, names ...string) (map[string]State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.states, names), nil
}

// Records implements [Store].
func (m *MemoryStore) Records(_ context.Context, source string, items ...string) (map[string]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.records[source], items), nil
}

// pick returns a copy of what all has under the keys given, or of all of it.
func pick[T any](all map[string]T, keys []string) map[string]T {
	found := make(map[string]T)
	if len(keys) == 0 {
		maps.Copy(found, all)
	}
	for _, key := range keys {
		if v, ok := all[key]; ok {
			found[key] = v
		}
	}
	return found
}

// Apply implements [Store].
func (m *MemoryStore) Apply(_ context.Context, source string, u Update) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u.Drop {
		delete(m.states, source)
		delete(m.records, source)
	}
	if u.State != nil {
		m.states[source] = *u.State
	}
	if m.records[source] == nil {
		m.records[source] = make(map[string]Record)
	}
	for _, item := range u.Gone {
		delete(m.records[source], item)
	}
	for _, r := range u.Records {
		m.records[source][r.Item] = r
	}
	return nil
}
