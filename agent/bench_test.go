package agent

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
)

// BenchmarkWaitingTurns measures what a turn costs that waits for a slow model:
// memory, and no connection of any kind.
func BenchmarkWaitingTurns(b *testing.B) {
	const turns = 10_000
	for b.Loop() {
		var waiting atomic.Int64
		model := ModelFunc(func(ctx context.Context, _ Request) iter.Seq2[Delta, error] {
			return func(yield func(Delta, error) bool) {
				waiting.Add(1)
				<-ctx.Done()
				yield(Delta{}, ctx.Err())
			}
		})
		chat := channel.NewMemory("chat", channel.Capabilities{})
		a, err := New(Config{
			Settings:  Settings{Limits: Limits{Quiet: 1, ModelTime: Duration(time.Hour), TurnTime: Duration(2 * time.Hour)}},
			Knowledge: pages, Model: model, Channels: []Channel{chat}, Concurrency: turns,
		})
		require.NoError(b, err)
		for i := range turns {
			require.NoError(b, a.Receive(b.Context(), "chat", channel.Message{
				ID: fmt.Sprint(i), Thread: fmt.Sprint(i), Text: "How do I return it?",
			}))
		}
		before := heap()
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		for waiting.Load() < turns {
			<-time.After(10 * time.Millisecond)
		}
		b.ReportMetric(float64(heap()-before)/turns/1024, "KiB/turn")
		cancel()
		<-done
	}
}

// heap returns the bytes in use, stacks included.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func BenchmarkGuard(b *testing.B) {
	r := evidence("Returns are free within 30 days of delivery, until March 31. Shipping costs $1,000.00 or 4.95 EUR. " +
		"Call +1 555 0100 200 or write to help@example.com. See https://shop.example.com/returns?a=1.")
	for range 5 {
		r.Evidence = append(r.Evidence, r.Evidence[0])
	}
	sentences := []string{"You have 30 days. ", "It costs 4.95 EUR. ", "Write to help@example.com. ", "See https://shop.example.com/returns?a=1. "}
	for b.Loop() {
		g := newGuard(r, nil)
		for _, s := range sentences {
			g.check(s)
		}
	}
}

// BenchmarkPolicy measures what the policy takes to decide on a call: the tree of
// its precondition alone, and all of its checks, with arguments to read.
func BenchmarkPolicy(b *testing.B) {
	var list []Condition
	for i := range 5 { // 21 nodes with the chain, and all of them are asked
		one := float64(i)
		list = append(list, Condition{Any: []Condition{
			{Fact: "channel", In: []any{"mail", "phone"}}, {Fact: "argument.amount", AtMost: &one}, {Fact: "customer.audiences", In: []any{"gold"}},
		}})
	}
	act := counted(b, "act", map[string]int{}, func(a *Action) { a.When = Condition{Chain: list} })
	a, err := New(Config{Knowledge: pages, Actions: []Action{act}, DryRun: true})
	require.NoError(b, err)
	t := newTurn(a, Work{Conversation: Conversation{ID: "c", Channel: "chat", Epoch: 1}})
	t.customer = Customer{ID: "42", Trust: channel.Signed, Audiences: []string{"silver", "gold"}}
	p := &proposal{Call: propose("act", `{"order":"7","amount":20}`), action: a.actions["act"], key: "k"}
	require.Empty(b, t.checkArguments(b.Context(), p))
	b.Run("tree", func(b *testing.B) {
		for b.Loop() {
			if t.checkPrecondition(b.Context(), p) != "" {
				b.Fatal("refused")
			}
		}
	})
	b.Run("call", func(b *testing.B) {
		for b.Loop() {
			p := &proposal{Call: propose("act", `{"order":"7","amount":20}`), action: a.actions["act"], key: "k"}
			if name, _ := t.judge(b.Context(), p); name != "dry run" {
				b.Fatal(name)
			}
		}
	})
}
