// Package scheduletest proves implementations of schedule.Store. Each failure
// says which promise of the interface is broken.
package scheduletest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/schedule"
)

// Run proves a Store. NewStore returns an empty one. Times are compared to the
// millisecond.
func Run(t *testing.T, newStore func(t *testing.T) schedule.Store) {
	tests := map[string]func(t *testing.T, s schedule.Store){
		"Claim":         testClaim,
		"NeverRan":      testNeverRan,
		"Finish":        testFinish,
		"OldRun":        testOldRun,
		"LeaseExpires":  testLeaseExpires,
		"OneRunOfAJob":  testOneRunOfAJob,
		"FinishTwice":   testFinishTwice,
		"FinishLate":    testFinishLate,
		"FinishUnknown": testFinishUnknown,
		"Jobs":          testJobs,
		"Parallel":      testParallel,
		"Canceled":      testCanceled,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

// The runs of the tests are an hour apart, and their leases a minute long.
var first = time.Date(2026, 3, 1, 12, 0, 0, 123e6, time.UTC)

const lease = time.Minute

// run returns when the n-th run is due.
func run(n int) time.Time { return first.Add(time.Duration(n) * time.Hour) }

// claim claims a run some time after it was due.
func claim(t *testing.T, s schedule.Store, n int, after time.Duration) bool {
	t.Helper()
	ok, err := s.Claim(t.Context(), "job", run(n), run(n).Add(after), lease)
	require.NoError(t, err)
	return ok
}

// finish and requireLast are about the one job that claim claims.
func finish(t *testing.T, s schedule.Store, n int, failure string) {
	t.Helper()
	require.NoError(t, s.Finish(t.Context(), "job", run(n), failure))
}

func requireLast(t *testing.T, s schedule.Store, want time.Time, sentence string) {
	t.Helper()
	got, err := s.LastRun(t.Context(), "job")
	require.NoError(t, err)
	require.WithinDuration(t, want, got, time.Millisecond, sentence)
}

// testClaim claims again at once and at the last moment of the lease.
func testClaim(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0), "the first claim gets the run")
	require.False(t, claim(t, s, 1, 0), "a run under lease is refused, also to its owner")
	require.False(t, claim(t, s, 1, lease-time.Millisecond), "a run under lease is refused until the lease ends")
	requireLast(t, s, time.Time{}, "a claimed run is not a finished one")
}

// testNeverRan must be told from a failure: the zero time makes a new job due.
func testNeverRan(t *testing.T, s schedule.Store) {
	got, err := s.LastRun(t.Context(), "job")
	require.NoError(t, err, "a job that never ran is not an error")
	require.True(t, got.IsZero(), "LastRun of a job that never ran is the zero time")
}

// testFinish claims again when the lease would have expired: it is the finish,
// and not the lease, that refuses.
func testFinish(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0))
	finish(t, s, 1, "")
	requireLast(t, s, run(1), "LastRun is the due time of the finished run")
	require.False(t, claim(t, s, 1, 2*lease), "a finished run is refused")
	require.True(t, claim(t, s, 2, 0), "the next run can be claimed")
	finish(t, s, 2, "it broke")
	requireLast(t, s, run(2), "a run that failed is finished as well")
	require.False(t, claim(t, s, 2, 2*lease), "a run that failed is refused")
}

// testOldRun is a process whose clock, or whose view of the last run, is behind.
func testOldRun(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 2, 0))
	finish(t, s, 2, "")
	require.False(t, claim(t, s, 1, 2*time.Hour), "a run older than the last finished one is refused")
}

// testLeaseExpires looks at the last instant, which belongs to nobody.
func testLeaseExpires(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0))
	require.True(t, claim(t, s, 1, lease), "a lease that ends now has expired")
	require.False(t, claim(t, s, 1, lease+time.Second), "the new owner has a lease of its own")
	finish(t, s, 1, "")
	requireLast(t, s, run(1), "a run can be finished in its second lease")
}

// testOneRunOfAJob is a schedule whose interval is shorter than its work.
func testOneRunOfAJob(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0))
	ok, err := s.Claim(t.Context(), "job", run(1).Add(time.Second), run(1).Add(time.Second), lease)
	require.NoError(t, err)
	require.False(t, ok, "runs of one job do not overlap")
	finish(t, s, 1, "")
	ok, err = s.Claim(t.Context(), "job", run(1).Add(time.Second), run(1).Add(time.Second), lease)
	require.NoError(t, err)
	require.True(t, ok, "Finish ends the lease")
}

// testFinishTwice is a process that learned of no answer and tries again.
func testFinishTwice(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0))
	finish(t, s, 1, "")
	require.True(t, claim(t, s, 2, 0))
	finish(t, s, 1, "again")
	requireLast(t, s, run(1), "finishing again changes nothing")
	require.False(t, claim(t, s, 2, time.Second), "finishing an old run again leaves the lease of a new one")
}

// testFinishLate is a run that outlives its lease, and ends under the next one.
func testFinishLate(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0))
	require.True(t, claim(t, s, 2, 0), "an expired lease does not keep the next run")
	finish(t, s, 1, "")
	require.False(t, claim(t, s, 2, time.Second), "finishing an old run leaves the lease of a new one")
	finish(t, s, 2, "")
	finish(t, s, 1, "")
	requireLast(t, s, run(2), "LastRun never goes back")
}

// testFinishUnknown must not create what then refuses the first claim.
func testFinishUnknown(t *testing.T, s schedule.Store) {
	require.NoError(t, s.Finish(t.Context(), "other", run(1), ""), "finishing what nobody claimed is not an error")
	require.True(t, claim(t, s, 1, 0), "jobs are apart")
}

// testJobs has two jobs due at the same time.
func testJobs(t *testing.T, s schedule.Store) {
	require.True(t, claim(t, s, 1, 0))
	ok, err := s.Claim(t.Context(), "other", run(1), run(1), lease)
	require.NoError(t, err)
	require.True(t, ok, "each job has leases of its own")
	require.NoError(t, s.Finish(t.Context(), "other", run(1), ""))
	requireLast(t, s, time.Time{}, "each job has a last run of its own")
}

// testParallel repeats the race for the first run of a job, which creates it,
// and for later ones, which find it.
func testParallel(t *testing.T, s schedule.Store) {
	for n := range 3 {
		var claimed atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if ok, err := s.Claim(t.Context(), "job", run(n), run(n), lease); ok && err == nil {
					claimed.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, claimed.Load(), "of many that claim a run at once, one gets it")
		finish(t, s, n, "")
	}
}

// testCanceled asks for the error of the context, and not for one that hides it.
func testCanceled(t *testing.T, s schedule.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Claim(ctx, "job", run(1), run(1), lease)
	require.ErrorIs(t, err, context.Canceled, "Claim heeds its context")
	require.ErrorIs(t, s.Finish(ctx, "job", run(1), ""), context.Canceled, "Finish heeds its context")
	_, err = s.LastRun(ctx, "job")
	require.ErrorIs(t, err, context.Canceled, "LastRun heeds its context")
	require.True(t, claim(t, s, 1, 0), "a canceled Claim takes nothing")
}
