package credits

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"
)

// A MemoryStore is a Store that lasts as long as the process.
type MemoryStore struct {
	mu        sync.Mutex
	entries   []Entry // only ever appended to, so that a reader may keep a part
	movements map[string][]Entry
	balances  map[Account]Amount
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{movements: map[string][]Entry{}, balances: map[Account]Amount{}}
}

// Append adds a movement.
func (s *MemoryStore) Append(ctx context.Context, m Movement) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.movements[m.Key]; ok {
		return ErrDuplicate
	}
	if m.Cover && s.balances[Available]+m.sum(Available) < 0 {
		return ErrInsufficient
	}
	first := len(s.entries)
	s.entries = append(s.entries, m.Entries...)
	// The capacity is cut off, so that nobody appends into the next movement.
	s.movements[m.Key] = s.entries[first:len(s.entries):len(s.entries)]
	for _, e := range m.Entries {
		s.balances[e.Account] += e.Amount
	}
	return nil
}

// Movement returns the entries under key.
func (s *MemoryStore) Movement(ctx context.Context, key string) ([]Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.movements[key]), nil
}

// Entries yields the entries that there are when it begins.
func (s *MemoryStore) Entries(ctx context.Context, from time.Time) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		s.mu.Lock()
		// The caller's loop runs without the lock, and may use the Store.
		entries := s.entries
		s.mu.Unlock()
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				yield(Entry{}, err)
				return
			}
			if !e.At.Before(from) && !yield(e, nil) {
				return
			}
		}
	}
}

// Balance returns the sum of the account's entries.
func (s *MemoryStore) Balance(ctx context.Context, a Account) (Amount, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.balances[a], nil
}
