package schedule

import (
	"context"
	"time"
)

// A Schedule says when something happens next.
type Schedule interface {
	// Next returns the first time after t, or the zero time if there is none.
	Next(t time.Time) time.Time
}

// A ScheduleFunc is a function used as a Schedule.
type ScheduleFunc func(t time.Time) time.Time

// Next calls f.
func (f ScheduleFunc) Next(t time.Time) time.Time { return f(t) }

// A Job is work that recurs under a name that is unique in its Store.
type Job struct {
	Name string
	// When says when the job is due. All processes must agree on it, so it
	// depends on nothing but the time it is given.
	When Schedule
	// Run does the work. Its context ends with the lease, and with the Runner.
	// It may be called again for a run that a crash or a shutdown cut short.
	Run func(ctx context.Context) error
}

// A Store makes sure that each run happens in one process only, and that the
// time of the last run outlives the process. Methods may be called from many
// goroutines and processes.
type Store interface {
	// Claim takes the run that was due at the given time, until now+lease, and
	// reports whether the caller got it. It refuses a run that is finished or
	// older than the last finished one, and any run of a job that has one under
	// an unexpired lease. A lease that ends at now has expired.
	Claim(ctx context.Context, job string, due, now time.Time, lease time.Duration) (bool, error)
	// Finish records the end of a claimed run, with the text of its error,
	// empty for success, and ends its lease. It does nothing if that run or a
	// later one was already finished.
	Finish(ctx context.Context, job string, due time.Time, failure string) error
	// LastRun returns the due time of the last finished run, zero if none.
	LastRun(ctx context.Context, job string) (time.Time, error)
}
