package ingest

import (
	"context"
	"maps"
	"sync"
)

// A MemoryStore is a Store that lives as long as the process.
type MemoryStore struct {
	mu      sync.Mutex
	digests map[string]map[string]string // source -> item -> digest
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{digests: make(map[string]map[string]string)}
}

// Digests implements [Store].
func (m *MemoryStore) Digests(_ context.Context, source string) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	digests := make(map[string]string, len(m.digests[source]))
	maps.Copy(digests, m.digests[source])
	return digests, nil
}

// Mark implements [Store].
func (m *MemoryStore) Mark(_ context.Context, source, item, digest string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.digests[source] == nil {
		m.digests[source] = make(map[string]string)
	}
	m.digests[source][item] = digest
	return nil
}

// Forget implements [Store].
func (m *MemoryStore) Forget(_ context.Context, source, item string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.digests[source], item)
	return nil
}
