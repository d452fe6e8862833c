package schedule

import (
	"context"
	"sync"
	"time"
)

// A MemoryStore is a Store that lasts as long as the process.
type MemoryStore struct {
	mu   sync.Mutex
	jobs map[string]*jobState
}

// A jobState is a job that was claimed at least once.
type jobState struct {
	last time.Time // due time of the last finished run
	// Of that run. No method returns it; it is for whoever debugs.
	failure string
	claimed time.Time // due time of the run under lease
	// When the lease ends, zero if there is none.
	until time.Time
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore { return &MemoryStore{jobs: map[string]*jobState{}} }

// Claim takes a run.
func (s *MemoryStore) Claim(ctx context.Context, job string, due, now time.Time, lease time.Duration) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[job]
	if j == nil {
		j = &jobState{}
		s.jobs[job] = j
	}
	if !due.After(j.last) || now.Before(j.until) {
		return false, nil
	}
	j.claimed, j.until = due, now.Add(lease)
	return true, nil
}

// Finish records the end of a run.
func (s *MemoryStore) Finish(ctx context.Context, job string, due time.Time, failure string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[job]
	if j == nil || !due.After(j.last) {
		return nil
	}
	j.last, j.failure = due, failure
	if j.claimed.Equal(due) {
		j.until = time.Time{}
	}
	return nil
}

// LastRun returns the due time of the last finished run.
func (s *MemoryStore) LastRun(ctx context.Context, job string) (time.Time, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.jobs[job]; j != nil {
		return j.last, nil
	}
	return time.Time{}, nil
}
