package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// A Report tells what a Sync did. Every item of the source is counted once.
type Report struct {
	// Added, Changed, Unchanged and Removed count items.
	Added, Changed, Unchanged, Removed int
	// Failed holds the items that could not be ingested, in the order in which
	// they failed. What was known of them before is kept.
	Failed []Failure
	// Changes describe the first 100 documents that came, changed or went.
	Changes []Change
	// Held are the items that are gone from the source and were not removed,
	// because they are more than half of it.
	Held []string
	// Duration is how long the Sync took.
	Duration time.Duration
}

// Total returns how many items the source had, whether ingested or not.
func (r Report) Total() int {
	return r.Added + r.Changed + r.Unchanged + len(r.Failed)
}

// String returns the counts in one line.
func (r Report) String() string {
	return fmt.Sprintf("%d added, %d changed, %d unchanged, %d removed, %d failed in %s",
		r.Added, r.Changed, r.Unchanged, r.Removed, len(r.Failed), r.Duration.Round(time.Millisecond))
}

// A Failure is an item that could not be ingested.
type Failure struct {
	// Item is the item's ID.
	Item string
	// Err is why.
	Err error
}

// Error returns a sentence that names the item and says what its owner can do.
func (f Failure) Error() string {
	return f.Item + ": " + f.advice()
}

// Unwrap returns f.Err.
func (f Failure) Unwrap() error { return f.Err }

func (f Failure) advice() string {
	switch {
	case errors.Is(f.Err, ErrNoText):
		return "it holds no text" + strings.TrimPrefix(detail(f.Err), detail(ErrNoText))
	case errors.Is(f.Err, ErrEncrypted):
		return "it is protected by a password; save a copy without one"
	case errors.Is(f.Err, ErrTooLarge):
		return "it is too large; divide it or raise the limit (" + detail(f.Err) + ")"
	case errors.Is(f.Err, ErrUnsupported):
		return "files of this kind cannot be read; save it as HTML, Markdown, PDF or DOCX (" + detail(f.Err) + ")"
	case errors.Is(f.Err, ErrMalformed):
		return "it is damaged or not what its name says; save it again (" + detail(f.Err) + ")"
	case errors.Is(f.Err, ErrChanging):
		return "it is being written; it is read at the next refresh"
	case errors.Is(f.Err, fs.ErrPermission):
		return "it cannot be read for lack of permission"
	case errors.Is(f.Err, context.DeadlineExceeded):
		return "it took too long to read (" + detail(f.Err) + ")"
	}
	return detail(f.Err)
}

// detail returns the text of err without the prefix of this package.
func detail(err error) string {
	return strings.TrimPrefix(err.Error(), "ingest: ")
}

// Progress tells how far a Sync has come.
type Progress struct {
	// Source is the name of the source.
	Source string
	// Item is the item that was finished last.
	Item string
	// Done counts the items finished so far, those that failed included.
	Done int
	// Failed counts those of Done that could not be ingested.
	Failed int
	// Total is how many items there are, or zero while that is not known.
	Total int
	// Elapsed is the time since the Sync began.
	Elapsed time.Duration
}

// Rate returns the items done per second.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Done) / p.Elapsed.Seconds()
}

// Left returns how long the rest will take at this rate, or zero while that
// cannot be told.
func (p Progress) Left() time.Duration {
	if p.Done == 0 || p.Total <= p.Done {
		return 0
	}
	return time.Duration(float64(p.Elapsed) / float64(p.Done) * float64(p.Total-p.Done))
}

// A Sizer is a Source that can tell beforehand how many items it will yield.
type Sizer interface {
	Source
	// Size returns the number of items, or zero when it cannot be told.
	Size(ctx context.Context) int
}
