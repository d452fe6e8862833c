package schedule_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/schedule"
	"github.com/frontdesk-go/frontdesk/schedule/scheduletest"
)

func TestMemoryStore(t *testing.T) {
	scheduletest.Run(t, func(*testing.T) schedule.Store { return schedule.NewMemoryStore() })
}

// pass moves the clock of a synctest bubble, which begins at midnight UTC.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// A diary counts runs by job, and keeps what was observed.
type diary struct {
	mu       sync.Mutex
	starts   map[string][]time.Time
	observed []schedule.Run
}

func (d *diary) job(name string, every time.Duration, work func(ctx context.Context) error) schedule.Job {
	return schedule.Job{Name: name, When: schedule.Every(every), Run: func(ctx context.Context) error {
		d.mu.Lock()
		if d.starts == nil {
			d.starts = map[string][]time.Time{}
		}
		d.starts[name] = append(d.starts[name], time.Now())
		d.mu.Unlock()
		return work(ctx)
	}}
}

func (d *diary) observe(r schedule.Run) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.observed = append(d.observed, r)
}

// started returns how often a job was started.
func (d *diary) started(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.starts[name])
}

func quick(context.Context) error { return nil }

// begin runs a Runner until the returned function is called, or the test ends.
func begin(t *testing.T, cfg schedule.RunnerConfig) (stop func()) {
	t.Helper()
	r, err := schedule.NewRunner(cfg)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	synctest.Wait()
	stop = sync.OnceFunc(func() {
		cancel()
		require.ErrorIs(t, <-done, context.Canceled, "Run returns ctx.Err()")
	})
	t.Cleanup(stop)
	return stop
}

func TestNewRunnerReportsAllFaults(t *testing.T) {
	job := new(diary).job("report", time.Hour, quick)
	_, err := schedule.NewRunner(schedule.RunnerConfig{
		Tick: -1, Lease: -1, Jobs: []schedule.Job{job, job, {Name: "idle"}},
	})
	require.ErrorContains(t, err, "tick -1ns and lease -1ns")
	require.ErrorContains(t, err, `two jobs are called "report"`)
	require.ErrorContains(t, err, `Jobs[2] ("idle") needs a Name, a When and a Run`)
}

// Three runners have the same jobs; their ticks fall on the same moments.
func TestRunnerRunsEachDueRunOnceInTheFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		store := schedule.NewMemoryStore()
		for range 3 {
			begin(t, schedule.RunnerConfig{Store: store, Tick: time.Minute, Jobs: []schedule.Job{
				d.job("report", time.Hour, quick), d.job("sync", 20*time.Minute, quick),
			}})
		}
		require.Equal(t, 1, d.started("report"), "a job that never ran is due at once")
		pass(3*time.Hour + time.Minute)
		require.Equal(t, 4, d.started("report"))
		require.Equal(t, 10, d.started("sync"))
		for _, start := range d.starts["report"] {
			require.Less(t, start.Sub(start.Truncate(time.Hour)), time.Minute, "late by at most a tick")
		}
	})
}

// Thirty runs were missed, of which only the latest still means something.
func TestRunnerMakesUpForTheLatestRunAfterDowntime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		store := schedule.NewMemoryStore()
		cfg := schedule.RunnerConfig{Store: store, Jobs: []schedule.Job{d.job("report", time.Hour, quick)}}
		begin(t, cfg)()
		require.Equal(t, 1, d.started("report"))
		pass(30*time.Hour + 17*time.Minute)
		begin(t, cfg)
		pass(time.Minute)
		require.Equal(t, 2, d.started("report"), "one run for thirty that were missed")
		last, err := store.LastRun(t.Context(), "report")
		require.NoError(t, err)
		require.Equal(t, time.Now().Truncate(time.Hour).UTC(), last.UTC(), "the latest")
	})
}

// Whatever one job does, the others run on, and so does its own next run.
func TestRunnerSurvivesItsJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		failure := errors.New("no paper")
		begin(t, schedule.RunnerConfig{Observe: d.observe, Lease: 30 * time.Minute, Jobs: []schedule.Job{
			d.job("panics", time.Hour, func(context.Context) error { panic("boom") }),
			d.job("fails", time.Hour, func(context.Context) error { return failure }),
			d.job("hangs", time.Hour, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }),
			d.job("works", time.Hour, quick),
		}})
		pass(90 * time.Minute)
		for _, name := range []string{"panics", "fails", "hangs", "works"} {
			require.Equal(t, 2, d.started(name), name)
		}
		errs := map[string]error{}
		for _, r := range d.observed {
			errs[r.Job] = r.Err
		}
		var panicked *schedule.PanicError
		require.ErrorAs(t, errs["panics"], &panicked)
		require.EqualError(t, panicked, "schedule: job panicked: boom")
		require.Contains(t, string(panicked.Stack), "runner_test.go")
		require.ErrorIs(t, errs["fails"], failure)
		require.ErrorIs(t, errs["hangs"], context.DeadlineExceeded, "a run ends with its lease")
		require.NoError(t, errs["works"])
	})
}

// A run that a shutdown interrupts is not lost, and one that ends during the
// shutdown is not repeated.
func TestRunnerShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		store := schedule.NewMemoryStore()
		interrupted := d.job("interrupted", 24*time.Hour, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		ended := d.job("ended", 24*time.Hour, func(ctx context.Context) error { <-ctx.Done(); return nil })
		begin(t, schedule.RunnerConfig{Store: store, Lease: time.Hour, Jobs: []schedule.Job{interrupted, ended}})()

		begin(t, schedule.RunnerConfig{Store: store, Lease: time.Hour, Jobs: []schedule.Job{
			d.job("interrupted", 24*time.Hour, quick), d.job("ended", 24*time.Hour, quick),
		}})
		pass(59 * time.Minute)
		require.Equal(t, 1, d.started("interrupted"), "still under the lease")
		pass(2 * time.Minute)
		require.Equal(t, 2, d.started("interrupted"), "taken again when the lease has expired")
		require.Equal(t, 1, d.started("ended"))
	})
}

// A brokenStore fails as it is told.
type brokenStore struct {
	schedule.Store
	claim, finish atomic.Pointer[error]
}

func (s *brokenStore) Claim(ctx context.Context, job string, due, now time.Time, lease time.Duration) (bool, error) {
	if err := s.claim.Load(); err != nil {
		return false, *err
	}
	return s.Store.Claim(ctx, job, due, now, lease)
}

func (s *brokenStore) Finish(ctx context.Context, job string, due time.Time, failure string) error {
	if err := s.finish.Load(); err != nil {
		return *err
	}
	return s.Store.Finish(ctx, job, due, failure)
}

func TestRunnerReportsTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		noClaim, noFinish := errors.New("no claim"), errors.New("no finish")
		store := &brokenStore{Store: schedule.NewMemoryStore()}
		store.claim.Store(&noClaim)
		begin(t, schedule.RunnerConfig{Store: store, Observe: d.observe, Tick: time.Minute, Lease: time.Hour,
			Jobs: []schedule.Job{d.job("report", 24*time.Hour, quick)}})
		require.ErrorIs(t, d.observed[0].Err, noClaim)
		require.Zero(t, d.started("report"), "without a claim there is no run")
		store.claim.Store(nil)
		store.finish.Store(&noFinish)
		pass(time.Minute)
		require.Equal(t, 1, d.started("report"), "the next tick tries again")
		require.ErrorIs(t, d.observed[len(d.observed)-1].Err, noFinish)
	})
}

// A schedule that returns the time it was given would make a loop without end.
func TestRunnerNeverDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		never := d.job("never", 0, quick)
		stuck := d.job("stuck", 0, quick)
		stuck.When = schedule.ScheduleFunc(func(t time.Time) time.Time { return t })
		future := d.job("future", 0, quick)
		opening := time.Now().Add(time.Hour)
		future.When = schedule.ScheduleFunc(func(t time.Time) time.Time {
			if t.Before(opening) {
				return opening
			}
			return time.Time{}
		})
		begin(t, schedule.RunnerConfig{Jobs: []schedule.Job{never, stuck, future}})
		pass(59 * time.Minute)
		require.Zero(t, d.started("never")+d.started("stuck")+d.started("future"))
		pass(2 * time.Hour)
		require.Zero(t, d.started("never")+d.started("stuck"))
		require.Equal(t, 1, d.started("future"), "a schedule may come to an end")
	})
}
