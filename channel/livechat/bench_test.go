package livechat_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

// running returns a world outside of a bubble, and a visitor's token.
func running(b *testing.B) (w *world, token string) {
	w = newWorld(b, b.Context(), livechat.Config{MessagesPerMinute: 1 << 30, MaxStreams: 1 << 30})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- w.chat.Receive(ctx, w.store) }()
	b.Cleanup(func() {
		cancel()
		<-ended
	})
	for w.chat.Receiving() == nil {
		runtime.Gosched()
	}
	return w, w.visitor()
}

// BenchmarkPost measures the chat's share of accepting a message.
func BenchmarkPost(b *testing.B) {
	w, token := running(b)
	w.post(token, "1", "Hello")
	for b.Loop() { // repeats, so that the desk does not grow
		w.post(token, "1", "Hello")
	}
}

// BenchmarkIdleStream measures the memory of a stream beyond its connection.
func BenchmarkIdleStream(b *testing.B) {
	w, token := running(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tabs := make([]*tab, b.N)
	for i := range tabs {
		tabs[i] = w.open(token, 0)
	}
	<-time.After(time.Second) // until all are idle
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := after.HeapInuse + after.StackInuse - before.HeapInuse - before.StackInuse
	b.ReportMetric(float64(used)/float64(b.N), "B/stream")
	for _, t := range tabs {
		t.cancel()
		<-t.ended
	}
}

// BenchmarkDraft measures how long 100 tabs of one thread keep a draft busy.
func BenchmarkDraft(b *testing.B) {
	w, token := running(b)
	w.post(token, "1", "Hello")
	thread := w.received()[0].Thread
	for range 100 {
		t := w.open(token, 0)
		b.Cleanup(func() {
			t.cancel()
			<-t.ended
		})
	}
	for i := 0; b.Loop(); i++ {
		if err := w.chat.Draft(b.Context(), thread, fmt.Sprint("draft ", i)); err != nil {
			b.Fatal(err)
		}
	}
}
