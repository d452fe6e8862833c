package credits_test

import (
	"context"
	"errors"

	"github.com/frontdesk-go/frontdesk/credits"
)

var errFault = errors.New("test: the store failed")

// A faultyStore fails for good after some calls. If lost, the first of those
// that fail takes effect, and only its answer is lost.
type faultyStore struct {
	credits.Store
	left int
	lost bool
}

func (s *faultyStore) fail() bool {
	s.left--
	return s.left < 0
}

func (s *faultyStore) Append(ctx context.Context, m credits.Movement) error {
	if !s.fail() {
		return s.Store.Append(ctx, m)
	}
	if s.lost && s.left == -1 {
		_ = s.Store.Append(ctx, m)
	}
	return errFault
}

func (s *faultyStore) Movement(ctx context.Context, key string) ([]credits.Entry, error) {
	if s.fail() {
		return nil, errFault
	}
	return s.Store.Movement(ctx, key)
}

func (s *faultyStore) Balance(ctx context.Context, a credits.Account) (credits.Amount, error) {
	if s.fail() {
		return 0, errFault
	}
	return s.Store.Balance(ctx, a)
}

// A busyStore is changed by somebody else right after the first look at
// Available.
type busyStore struct {
	credits.Store
	change func()
}

func (s *busyStore) Balance(ctx context.Context, a credits.Account) (credits.Amount, error) {
	sum, err := s.Store.Balance(ctx, a)
	if change := s.change; change != nil && a == credits.Available {
		s.change = nil
		change()
	}
	return sum, err
}
