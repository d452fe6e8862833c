package main

import (
	"fmt"
	"io"
	"time"
)

// maxWarnings is how many warnings are printed before they are only counted.
const maxWarnings = 20

// A log tells on the standard error how far the work has come.
type log struct {
	w        io.Writer
	warnings int
	// When progress was last printed, and when the piece of work began.
	last  time.Time
	start time.Time
}

func newLog(w io.Writer) *log { return &log{w: w, last: time.Now(), start: time.Now()} }

// warn prints what was wrong with the input. The work goes on.
func (l *log) warn(err error) {
	l.warnings++
	switch {
	case l.warnings <= maxWarnings:
		fmt.Fprintln(l.w, "warning:", err)
	case l.warnings == maxWarnings+1:
		fmt.Fprintln(l.w, "warning: further ones are only counted")
	}
}

// begin starts a piece of work.
func (l *log) begin() { l.start, l.last = time.Now(), time.Now() }

// every is the time between lines of progress.
const every = 3 * time.Second

// progress prints a line now and then.
func (l *log) progress(what string, done, total int) {
	if now := time.Now(); now.Sub(l.last) >= every {
		l.last = now
		fmt.Fprintf(l.w, "%s: %d of %d, %.0f/s\n", what, done, total, float64(done)/now.Sub(l.start).Seconds())
	}
}
