package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// scripted answers at once, so that what is measured is the engine.
type scripted struct{ began chan time.Time }

func (s scripted) Generate(context.Context, agent.Request) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) {
		s.began <- time.Now()
		yield(agent.Delta{Text: "You have 30 days.", Sources: []int{0}}, nil)
	}
}

type onePage struct{}

func (onePage) Retrieve(context.Context, retrieval.Query) (retrieval.Result, error) {
	return retrieval.Result{Answerable: 1, Hits: []retrieval.Hit{{
		Passage: retrieval.Passage{ID: "p", Document: "d", Title: "Returns", Text: "You can return it within 30 days."},
	}}}, nil
}

// BenchmarkTurn measures what the engine adds to a turn on SQLite with
// synchronous=FULL: from the message to its acknowledgement, from there to the
// call of the model, and from there to the channel's Send.
func BenchmarkTurn(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(b.TempDir(), "turn.db")))
	require.NoError(b, err)
	defer db.Close()
	store, err := sqlstore.Open(ctx, db, nil)
	require.NoError(b, err)
	defer store.Close()
	tenant, err := store.Tenant("t")
	require.NoError(b, err)
	began, sent := make(chan time.Time, 1), make(chan time.Time, 1)
	chat := channel.NewMemory("chat", channel.Capabilities{})
	chat.Fail = func(channel.Message) error {
		sent <- time.Now()
		return nil
	}
	desk, err := agent.New(agent.Config{
		Settings:  agent.Settings{Limits: agent.Limits{Quiet: 1}},
		Knowledge: onePage{}, Model: scripted{began}, Store: tenant.Conversations(), Channels: []agent.Channel{chat},
	})
	require.NoError(b, err)
	done := make(chan error, 1)
	go func() { done <- desk.Run(ctx) }()
	for chat.Receiving() == nil {
		<-time.After(time.Millisecond) // until Run has begun to receive
	}

	var ack, first, rest, whole []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		require.NoError(b, chat.Deliver(ctx, channel.Message{ID: fmt.Sprint(i), Thread: fmt.Sprint(i), Text: "How long do I have?"}))
		acked := time.Now()
		called := <-began
		end := <-sent
		ack, first = append(ack, acked.Sub(start)), append(first, max(called.Sub(acked), 0))
		rest, whole = append(rest, end.Sub(called)), append(whole, end.Sub(start))
	}
	cancel()
	<-done
	for name, times := range map[string][]time.Duration{"ack": ack, "to-model": first, "to-send": rest, "turn": whole} {
		slices.Sort(times)
		at := func(p float64) float64 {
			return float64(times[min(int(p*float64(len(times))), len(times)-1)].Microseconds()) / 1000
		}
		b.ReportMetric(at(.5), name+"-p50-ms")
		b.ReportMetric(at(.99), name+"-p99-ms")
	}
}
