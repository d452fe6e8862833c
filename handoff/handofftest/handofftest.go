// Package handofftest proves implementations of handoff.Router. Each failure
// says which promise of the interface is broken.
package handofftest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// Run proves a Router that can reach its people. NewRouter returns one that
// has not routed anything yet.
func Run(t *testing.T, newRouter func(t *testing.T) handoff.Router) {
	tests := map[string]func(t *testing.T, r handoff.Router){
		"EveryReason": testEveryReason,
		"Bare":        testBare,
		"Repeat":      testRepeat,
		"Parallel":    testParallel,
		"ReadOnly":    testReadOnly,
		"Canceled":    testCanceled,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newRouter(t)) })
	}
}

// packet returns a packet with every field set.
func packet(reason handoff.Reason) handoff.Packet {
	at := time.Date(2026, 3, 6, 15, 4, 5, 0, time.UTC)
	return handoff.Packet{
		Conversation: "conversation " + string(reason), Channel: "livechat", Reason: reason, Rule: "a rule", At: at,
		Customer: handoff.Customer{ID: "7", Name: "Ada", Email: "ada@example.com", Phone: "+31201234567", Trust: "verified"},
		Question: "Where is my parcel?", Tried: []string{"Delivery times", "Returns"},
		Transcript: []handoff.Line{
			{Author: "customer", Text: "Hello", At: at.Add(-time.Minute)},
			{Author: "customer", Text: "Where is my parcel?", At: at},
		},
	}
}

// testEveryReason is lost by a router that knows a list of reasons and lacks one.
func testEveryReason(t *testing.T, r handoff.Router) {
	for _, reason := range handoff.Reasons() {
		_, err := r.Route(t.Context(), packet(reason))
		require.NoError(t, err, "a handoff for each reason reaches somebody: %s", reason)
	}
}

// testBare hands over a customer of whom nothing is known, before a question.
func testBare(t *testing.T, r handoff.Router) {
	_, err := r.Route(t.Context(), handoff.Packet{Conversation: "c", Reason: handoff.Failure})
	require.NoError(t, err, "a packet that holds nothing but its conversation reaches somebody")
}

// testRepeat is what happens after a crash between Route and the commit.
func testRepeat(t *testing.T, r handoff.Router) {
	first, err := r.Route(t.Context(), packet(handoff.CustomerRequest))
	require.NoError(t, err)
	for range 3 {
		again, err := r.Route(t.Context(), packet(handoff.CustomerRequest))
		require.NoError(t, err, "the same packet can be routed again")
		require.Equal(t, first, again, "the same packet gets the same assignment")
	}
}

// testParallel is worth most under the race detector.
func testParallel(t *testing.T, r handoff.Router) {
	const repeats = 8
	want, err := r.Route(t.Context(), packet(handoff.ActionFailure))
	require.NoError(t, err)
	var wg sync.WaitGroup
	var got [repeats]handoff.Assignment
	var errs [repeats]error
	for i := range repeats {
		wg.Go(func() { got[i], errs[i] = r.Route(t.Context(), packet(handoff.ActionFailure)) })
	}
	wg.Wait()
	for i := range repeats {
		require.NoError(t, errs[i], "Route can be called from many goroutines")
		require.Equal(t, want, got[i], "Route can be called from many goroutines")
	}
}

// testReadOnly compares the packet as JSON, which reaches into its slices.
func testReadOnly(t *testing.T, r handoff.Router) {
	p := packet(handoff.Policy)
	before, err := json.Marshal(p)
	require.NoError(t, err)
	_, err = r.Route(t.Context(), p)
	require.NoError(t, err)
	after, err := json.Marshal(p)
	require.NoError(t, err)
	require.JSONEq(t, string(before), string(after), "Route does not change the packet")
}

// testCanceled leaves the result open: a router that asks nobody may answer.
func testCanceled(t *testing.T, r handoff.Router) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = r.Route(ctx, packet(handoff.Limits))
	}()
	select {
	case <-done:
	// Wide, since it is waited for only when the contract is broken.
	case <-time.After(10 * time.Second):
		require.Fail(t, "Route heeds its context")
	}
}
