package agenttest

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

// RunLimiter proves a Limiter: that it never counts more than it may, however
// many ask at once, and counts each cause once.
//
// newLimiter returns one that has counted nothing. It is called for each subtest.
func RunLimiter(t *testing.T, newLimiter func(t *testing.T) agent.Limiter) {
	for _, c := range []struct {
		name  string
		prove func(*testing.T, agent.Limiter)
	}{
		{"Max", limiterMax},
		{"Window", limiterWindow},
		{"Repeat", limiterRepeat},
		{"Keys", limiterKeys},
		{"Extremes", limiterExtremes},
		{"Faults", limiterFaults},
		{"Concurrent", limiterConcurrent},
		{"ConcurrentRepeat", limiterConcurrentRepeat},
	} {
		t.Run(c.name, func(t *testing.T) { c.prove(t, newLimiter(t)) })
	}
}

var limiterNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// use is one of at most 3 an hour.
func use(key, cause string, amount int64, at time.Time) agent.Use {
	return agent.Use{Key: key, Cause: cause, Amount: amount, Max: 3, Since: at.Add(-time.Hour), At: at}
}

func allows(t *testing.T, l agent.Limiter, u agent.Use, want bool, contract string) {
	t.Helper()
	got, err := l.Allow(t.Context(), u)
	require.NoError(t, err)
	require.Equal(t, want, got, contract)
}

func limiterMax(t *testing.T, l agent.Limiter) {
	allows(t, l, use("k", "a", 2, limiterNow), true, "a limiter allows what is below Max")
	allows(t, l, use("k", "b", 2, limiterNow), false, "a limiter refuses what would pass Max")
	allows(t, l, use("k", "c", 1, limiterNow), true, "what was refused is not counted, and Max itself is allowed")
	allows(t, l, use("k", "d", 1, limiterNow), false, "nothing is left at Max")
	allows(t, l, use("k2", "a", 4, limiterNow), false, "an Amount above Max is refused from the start")
}

func limiterWindow(t *testing.T, l agent.Limiter) {
	allows(t, l, use("k", "a", 3, limiterNow), true, "a limiter allows Max")
	allows(t, l, use("k", "b", 1, limiterNow.Add(time.Hour)), false, "a use at Since is counted")
	allows(t, l, use("k", "b", 1, limiterNow.Add(time.Hour+1)), true, "a use before Since is not counted, and a cause that was refused may be allowed later")
	allows(t, l, use("k", "c", 2, limiterNow.Add(72*time.Hour)), true, "a use long ago is not counted")
	late := use("k", "d", 2, limiterNow.Add(71*time.Hour+30*time.Minute))
	allows(t, l, late, false, "a use by a clock that is ahead is counted")
}

func limiterRepeat(t *testing.T, l agent.Limiter) {
	for range 3 {
		allows(t, l, use("k", "a", 2, limiterNow), true, "a cause that was counted is allowed again")
	}
	allows(t, l, use("k", "a", 2, limiterNow.Add(2*time.Hour)), true, "a cause that was counted is allowed again, also after its window")
	allows(t, l, use("k", "b", 1, limiterNow), true, "a repeat is not counted")
	allows(t, l, use("k", "c", 1, limiterNow), false, "what came between repeats is counted")
	allows(t, l, use("k", "a", 2, limiterNow), true, "a cause that was counted is allowed again, also when nothing is left")
}

func limiterKeys(t *testing.T, l agent.Limiter) {
	allows(t, l, use("k", "a", 3, limiterNow), true, "a limiter allows Max")
	for _, key := range []string{"K", "k ", "k%", "k\x00", "\xff", "' OR 1=1 --"} {
		allows(t, l, use(key, "a", 3, limiterNow), true, fmt.Sprintf("keys are apart, also %q", key))
		allows(t, l, use(key, "b", 1, limiterNow), false, fmt.Sprintf("keys are whole, also %q", key))
	}
}

func limiterExtremes(t *testing.T, l agent.Limiter) {
	u := use("k", "a", math.MaxInt64, limiterNow)
	u.Max = math.MaxInt64
	allows(t, l, u, true, "amounts go up to the greatest number")
	u.Cause = "b"
	allows(t, l, u, false, "a sum does not wrap around")
	u = use("k2", "a", 1, limiterNow)
	u.Max = 0
	allows(t, l, u, false, "a Max of 0 allows nothing")
	u.Max = math.MinInt64
	allows(t, l, u, false, "a negative Max allows nothing")
	u.Max, u.Since = 1, time.Time{}
	allows(t, l, u, true, "a zero Since counts for ever")
	u.Cause, u.At = "b", limiterNow.AddDate(10, 0, 0)
	allows(t, l, u, false, "a zero Since counts for ever")
}

func limiterFaults(t *testing.T, l agent.Limiter) {
	for _, u := range []agent.Use{
		use("", "a", 1, limiterNow), use("k", "", 1, limiterNow), use("k", "a", 0, limiterNow), use("k", "a", -1, limiterNow),
		{Key: "k", Cause: "a", Amount: 1, Max: 3, Since: limiterNow, At: limiterNow.Add(-1)},
	} {
		ok, err := l.Allow(t.Context(), u)
		require.Error(t, err, "a use that cannot be counted is refused with an error: %+v", u)
		require.False(t, ok, "with an error nothing is allowed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ok, err := l.Allow(ctx, use("k", "a", 1, limiterNow))
	require.ErrorIs(t, err, context.Canceled, "a limiter heeds its context")
	require.False(t, ok, "with an error nothing is allowed")
	allows(t, l, use("k", "b", 3, limiterNow), true, "a use that cannot be counted is not")
}

// limiterConcurrent has many ask at once, with amounts that do not fill Max
// in every order.
func limiterConcurrent(t *testing.T, l agent.Limiter) {
	const most = 20
	var counted atomic.Int64
	errs := make([]error, 64)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			u := use("k", fmt.Sprint(i), int64(1+i%3), limiterNow)
			u.Max = most
			ok, err := l.Allow(t.Context(), u)
			if errs[i] = err; ok {
				counted.Add(u.Amount)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err, "a limiter may be called from many goroutines")
	}
	require.LessOrEqual(t, counted.Load(), int64(most), "calls at the same time never count more than Max")
	require.Equal(t, int64(most), counted.Load(), "as long as something is left, somebody gets it")
}

// limiterConcurrentRepeat has the same few causes come many times at once.
func limiterConcurrentRepeat(t *testing.T, l agent.Limiter) {
	allowed := make([]bool, 64)
	errs := make([]error, len(allowed))
	var wg sync.WaitGroup
	for i := range allowed {
		wg.Go(func() { allowed[i], errs[i] = l.Allow(t.Context(), use("k", fmt.Sprint(i%6), 1, limiterNow)) })
	}
	wg.Wait()
	causes := map[int]bool{}
	for i := range allowed {
		require.NoError(t, errs[i], "a limiter may be called from many goroutines")
		if allowed[i] {
			causes[i%6] = true
		}
	}
	require.Len(t, causes, 3, "a cause that comes many times at once is counted once")
	for i := range allowed {
		require.Equal(t, causes[i%6], allowed[i], "a cause gets one answer while nothing is forgotten")
	}
}
