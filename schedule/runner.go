package schedule

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// The defaults of a RunnerConfig.
const (
	defaultTick  = 10 * time.Second
	defaultLease = 15 * time.Minute
)

// Beyond this, a job that has never run is looked for in all of the past.
const maxLookBack = 100 * 365 * 24 * time.Hour

// How long a run that ended may take to be recorded after a shutdown.
const finishGrace = 5 * time.Second

// A RunnerConfig configures a Runner.
type RunnerConfig struct {
	Jobs []Job
	// Store is shared by the fleet. Defaults to a MemoryStore, for a fleet of one.
	Store Store
	// Tick is how often jobs are looked at. Defaults to 10 seconds.
	Tick time.Duration
	// Lease is how long a run may take, and how long a run that died with its
	// process stays taken. Defaults to 15 minutes.
	Lease time.Duration
	// Observe is told of each run and each failure of the Store, from many
	// goroutines. It may be nil.
	Observe func(Run)
}

// A Run is one run of a job in this process.
type Run struct {
	Job string
	Due time.Time
	// Took is how long the work took.
	Took time.Duration
	// Err is what the job or the Store returned; a *PanicError if the job
	// panicked.
	Err error
}

// A PanicError is the error of a job that panicked.
type PanicError struct {
	Value any
	Stack []byte // as of runtime/debug.Stack
}

// Error returns the text of the panic's value.
func (e *PanicError) Error() string { return fmt.Sprintf("schedule: job panicked: %v", e.Value) }

// A Runner runs jobs. Runners of several processes that share a Store make one
// fleet, in which each run happens once, and runs of one job never overlap as
// long as each heeds its context.
//
// A run begins at most one tick after it is due. After downtime only the latest
// run that was missed is made up for, and a job that has never run is due at
// once if its schedule has a time in the past. A run that fails or panics is
// recorded as such and not repeated; one that a crash or shutdown interrupts is
// taken again when its lease has expired.
type Runner struct{ cfg RunnerConfig }

// NewRunner returns a Runner. It reports all faults of cfg at once.
func NewRunner(cfg RunnerConfig) (*Runner, error) {
	if cfg.Store == nil {
		cfg.Store = NewMemoryStore()
	}
	if cfg.Tick == 0 {
		cfg.Tick = defaultTick
	}
	if cfg.Lease == 0 {
		cfg.Lease = defaultLease
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Run) {}
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return &Runner{cfg}, nil
}

// check returns the faults of a configuration whose defaults are filled in.
func (cfg RunnerConfig) check() error {
	var faults []error
	if cfg.Tick < 0 || cfg.Lease < 0 {
		faults = append(faults, fmt.Errorf("schedule: tick %v and lease %v must not be negative", cfg.Tick, cfg.Lease))
	}
	names := map[string]bool{}
	for i, j := range cfg.Jobs {
		if j.Name == "" || j.When == nil || j.Run == nil {
			faults = append(faults, fmt.Errorf("schedule: Jobs[%d] (%q) needs a Name, a When and a Run", i, j.Name))
		}
		if names[j.Name] {
			faults = append(faults, fmt.Errorf("schedule: two jobs are called %q", j.Name))
		}
		names[j.Name] = true
	}
	return errors.Join(faults...)
}

// Run runs the jobs until ctx is done and those under way have returned, and
// then returns ctx.Err(). Each job has a goroutine of its own, so that one that
// hangs holds up no other.
func (r *Runner) Run(ctx context.Context) error {
	var jobs sync.WaitGroup
	for _, j := range r.cfg.Jobs {
		jobs.Go(func() { r.repeat(ctx, j) })
	}
	<-ctx.Done()
	jobs.Wait()
	return ctx.Err()
}

// repeat looks at a job once a tick, the first time at once.
func (r *Runner) repeat(ctx context.Context, j Job) {
	tick := time.NewTicker(r.cfg.Tick)
	defer tick.Stop()
	for ctx.Err() == nil {
		r.runDue(ctx, j)
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// runDue runs the job if it is due and the fleet leaves the run to this process.
func (r *Runner) runDue(ctx context.Context, j Job) {
	now := time.Now()
	last, err := r.cfg.Store.LastRun(ctx, j.Name)
	if err != nil {
		r.report(ctx, Run{Job: j.Name, Err: err})
		return
	}
	due := latest(j.When, last, now)
	if due.IsZero() {
		return
	}
	mine, err := r.cfg.Store.Claim(ctx, j.Name, due, now, r.cfg.Lease)
	if err != nil {
		r.report(ctx, Run{Job: j.Name, Due: due, Err: err})
	}
	if !mine {
		return
	}
	run := Run{Job: j.Name, Due: due}
	run.Err = r.work(ctx, j)
	run.Took = time.Since(now)
	r.report(ctx, run)
	// A run that the shutdown cut short stays claimed, and so is taken again when
	// its lease has expired.
	if run.Err == nil || ctx.Err() == nil {
		r.finish(ctx, run)
	}
}

// work calls the job, and turns a panic into an error.
func (r *Runner) work(ctx context.Context, j Job) (err error) {
	// When the lease ends another process may begin the run.
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Lease)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{v, debug.Stack()}
		}
	}()
	return j.Run(ctx)
}

// finish records the run, also while the Runner is being shut down.
func (r *Runner) finish(ctx context.Context, run Run) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishGrace)
	defer cancel()
	failure := ""
	if run.Err != nil {
		failure = run.Err.Error()
	}
	if err := r.cfg.Store.Finish(ctx, run.Job, run.Due, failure); err != nil {
		run.Err = err
		r.report(ctx, run)
	}
}

// report tells the observer of a run, and of the Store's failures unless they
// come from a shutdown.
func (r *Runner) report(ctx context.Context, run Run) {
	if run.Due.IsZero() && ctx.Err() != nil {
		return
	}
	r.cfg.Observe(run)
}

// latest returns the last time after last and not after now at which s is due,
// the zero time if there is none. It looks back in steps that double, so that
// neither a long downtime nor a short interval makes it slow.
func latest(s Schedule, last, now time.Time) time.Time {
	for back := time.Second; ; back *= 2 {
		from := now.Add(-back)
		// Never before the last run, and for a job that never ran not for ever.
		if back > maxLookBack || from.Before(last) {
			from = last
		}
		due := from
		for next := s.Next(due); next.After(due) && !next.After(now); next = s.Next(due) {
			due = next
		}
		if !due.Equal(from) {
			return due
		}
		if from.Equal(last) {
			return time.Time{}
		}
	}
}
