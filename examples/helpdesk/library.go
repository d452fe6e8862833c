package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/schedule"
)

//go:embed all:content
var embedded embed.FS

// A library is the content that the agent answers from.
type library struct {
	options
	*ingest.Library
	shelves   []shelf
	knowledge *retrieval.Knowledge
	pipeline  *ingest.Pipeline
	extractor *extract.Child
	wanted    chan wish
}

// A wish is a refresh that somebody asked for.
type wish struct {
	source    string
	confirmed bool
}

// A home is where a library keeps what it reads. Nil stores keep it in memory.
type home struct {
	base     string // below which the articles are published, if they are
	passages retrieval.Store
	sources  ingest.Store
	visits   crawl.Store
}

// newLibrary returns the content that the options name, as it was when it was
// read last.
func newLibrary(ctx context.Context, o options, at home) (*library, error) {
	l := &library{options: o, wanted: make(chan wish, 16)}
	var err error
	if l.shelves, err = shelves(o, at); err != nil {
		return nil, err
	}
	if l.knowledge, err = retrieval.New(ctx, retrieval.Config{Store: at.passages}); err != nil {
		return nil, err
	}
	if l.extractor, err = newExtractor(); err != nil {
		return nil, err
	}
	l.pipeline, err = ingest.New(ingest.Config{
		Knowledge: l.knowledge, Store: at.sources, Extractor: l.extractor, Progress: l.progress(),
	})
	if err != nil {
		return nil, err
	}
	l.Library = ingest.NewLibrary(l.pipeline)
	for _, s := range l.shelves {
		if err := l.Add(ctx, s.Holding); err != nil {
			return nil, err
		}
	}
	return l, l.clear(ctx)
}

// clear removes what was read of sources that are no longer given.
func (l *library) clear(ctx context.Context) error {
	all, err := l.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Phase != ingest.LeftOver {
			continue
		}
		fmt.Fprintf(l.stderr, "helpdesk: %s is no longer given, and its %d documents are removed\n", clean(s.Name), s.Documents)
		if err := l.Remove(ctx, s.Name); err != nil {
			return err
		}
	}
	return nil
}

// readFiles is the argument by which the program knows that it is to read files
// for another one of itself.
const readFiles = "read-files"

// newExtractor returns an extractor whose files are read by other processes of
// this program, as a file may be made to harm who reads it.
func newExtractor() (*extract.Child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return extract.NewChild(extract.ChildConfig{Command: []string{self, readFiles}})
}

// open reads the sources: all that are on this machine, and of the others those
// that are due. It calls ready as soon as there is something to answer from.
func (l *library) open(ctx context.Context, ready func()) error {
	ready = sync.OnceFunc(ready)
	if l.knowledge.Len() > 0 {
		ready()
	}
	var group sync.WaitGroup
	faults := make([]error, len(l.shelves))
	for i, s := range l.shelves {
		if s.Source == nil {
			continue
		}
		group.Go(func() {
			if s.local {
				_, faults[i] = l.Refresh(ctx, s.Name)
			} else {
				faults[i] = l.RefreshDue(ctx, s.Name)
			}
			l.warn(ctx, faults[i])
			l.calibrate(ctx)
			if l.knowledge.Len() > 0 {
				ready()
			}
		})
	}
	group.Wait()
	if err := l.tell(ctx); err != nil || !l.empty() {
		return err
	}
	return errors.Join(append(faults, errors.New("there is nothing to answer from in what was given"))...)
}

// empty reports whether there is nothing to answer from, and nobody can push
// anything.
func (l *library) empty() bool {
	pushed := slices.ContainsFunc(l.shelves, func(s shelf) bool { return s.secrets != "" })
	return l.knowledge.Len() == 0 && !pushed
}

// calibrate does now what would else be done in the turn of the next customer.
func (l *library) calibrate(ctx context.Context) {
	if l.knowledge.Len() > 0 {
		l.warn(ctx, l.knowledge.Calibrate(ctx))
	}
}

func (l *library) warn(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(l.stderr, "helpdesk: %s\n", clean(err.Error()))
	}
}

// tell prints what was read and what was left out.
func (l *library) tell(ctx context.Context) error {
	all, err := l.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		fmt.Fprintf(l.stderr, "helpdesk: %s: %d added, %d changed, %d unchanged, %d removed, %d failed in %s, %d passages\n",
			clean(s.Name), s.Added, s.Changed, s.Unchanged, s.Removed, s.Failed, s.Took.Round(time.Millisecond), s.Passages)
		records, err := l.pipeline.Records(ctx, s.Name)
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.Err != "" {
				fmt.Fprintf(l.stderr, "helpdesk: left out %s: %s\n", clean(r.Item), clean(r.Err))
			}
		}
	}
	return nil
}

// keep keeps the library in step until ctx is done: at the times that its
// sources have, and when somebody asks for it.
func (l *library) keep(ctx context.Context) error {
	runner, err := schedule.NewRunner(schedule.RunnerConfig{
		Jobs:    l.jobs(),
		Lease:   24 * time.Hour, // a site may take long
		Observe: func(r schedule.Run) { l.warn(ctx, r.Err) },
	})
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	defer group.Wait()
	group.Go(func() { _ = runner.Run(ctx) }) // it ends with ctx alone
	for {
		select {
		case w := <-l.wanted:
			group.Go(func() { l.grant(ctx, w) })
		case <-ctx.Done():
			return nil
		}
	}
}

// jobs look whether the sources are due, each by itself: a site that takes long
// delays no folder.
func (l *library) jobs() []schedule.Job {
	var jobs []schedule.Job
	for _, s := range l.shelves {
		jobs = append(jobs, schedule.Job{Name: "content " + s.Name, When: schedule.Every(10 * time.Second), Run: func(ctx context.Context) error {
			err := l.RefreshDue(ctx, s.Name)
			l.calibrate(ctx)
			return err
		}})
	}
	return jobs
}

func (l *library) grant(ctx context.Context, w wish) {
	refresh := l.Refresh
	if w.confirmed {
		refresh = l.Confirm
	}
	_, err := refresh(ctx, w.source)
	l.warn(ctx, err)
	l.calibrate(ctx)
}

// progress returns a function that prints how far a refresh is, now and then.
func (l *library) progress() func(ingest.Progress) {
	var mu sync.Mutex
	next := time.Now().Add(time.Second)
	return func(p ingest.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if time.Now().Before(next) {
			return
		}
		next = time.Now().Add(time.Second)
		fmt.Fprintf(l.stderr, "helpdesk: %s, %s\n", sofar(p), clean(p.Item))
	}
}

// sofar says how far a refresh is.
func sofar(p ingest.Progress) string {
	text := fmt.Sprintf("%d read", p.Done)
	if p.Total > 0 {
		text = fmt.Sprintf("%d of %d read", p.Done, p.Total)
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d left out", p.Failed)
	}
	if p.Elapsed > 0 {
		text += fmt.Sprintf(", %.0f a second", p.Rate())
	}
	if left := p.Left().Round(time.Second); left > 0 {
		text += fmt.Sprintf(", %v left", left)
	}
	return text
}

// clean returns a text that is safe to print in one line.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, name)
}
