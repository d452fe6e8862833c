package agenttest

import (
	"context"
	"iter"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/credits"
)

// faulty does something, perhaps not, and perhaps does it and says otherwise.
func faulty[T any](r *replica, rate float64, do func() (T, error)) (v T, err error) {
	var zero T
	if r.dead.Load() || r.chance(rate/2) {
		return zero, errInjected
	}
	// It is done, and whoever asked is told that it failed.
	if v, err = do(); r.dead.Load() || err == nil && r.chance(rate/2) {
		return zero, errInjected
	}
	return v, err
}

// storeFaults is how many calls of the store fail.
const storeFaults = .08

// A flakyStore is a Store behind a bad connection: calls fail before or after
// they had their effect, as faulty has it.
type flakyStore struct {
	agent.Store
	r *replica
}

func (f flakyStore) Receive(ctx context.Context, in agent.Inbound) (agent.Receipt, error) {
	return faulty(f.r, storeFaults, func() (agent.Receipt, error) { return f.Store.Receive(ctx, in) })
}

func (f flakyStore) Claim(ctx context.Context, c agent.Claim) (agent.Work, error) {
	return faulty(f.r, storeFaults, func() (agent.Work, error) { return f.Store.Claim(ctx, c) })
}

func (f flakyStore) Commit(ctx context.Context, c agent.Commit) error {
	_, err := faulty(f.r, storeFaults, func() (any, error) { return nil, f.Store.Commit(ctx, c) })
	return err
}

func (f flakyStore) Release(ctx context.Context, worker string) error {
	_, err := faulty(f.r, storeFaults, func() (any, error) { return nil, f.Store.Release(ctx, worker) })
	return err
}

func (f flakyStore) Take(ctx context.Context, c agent.Claim) (agent.Message, error) {
	return faulty(f.r, storeFaults, func() (agent.Message, error) { return f.Store.Take(ctx, c) })
}

func (f flakyStore) Settle(ctx context.Context, m agent.Message, rec agent.Record) error {
	_, err := faulty(f.r, storeFaults, func() (any, error) { return nil, f.Store.Settle(ctx, m, rec) })
	return err
}

func (f flakyStore) Conversations(ctx context.Context, by agent.Filter) iter.Seq2[agent.Conversation, error] {
	all, err := faulty(f.r, storeFaults, func() (iter.Seq2[agent.Conversation, error], error) {
		return f.Store.Conversations(ctx, by), nil
	})
	if err != nil {
		return func(yield func(agent.Conversation, error) bool) { yield(agent.Conversation{}, err) }
	}
	return all
}

// A flakyMeter is a Meter behind a bad connection.
type flakyMeter struct {
	credits.Meter
	r *replica
}

func (f flakyMeter) Hold(ctx context.Context, h credits.Hold) error {
	_, err := faulty(f.r, .1, func() (any, error) { return nil, f.Meter.Hold(ctx, h) })
	return err
}

func (f flakyMeter) Settle(ctx context.Context, key string, amount credits.Amount) error {
	_, err := faulty(f.r, .1, func() (any, error) { return nil, f.Meter.Settle(ctx, key, amount) })
	return err
}
