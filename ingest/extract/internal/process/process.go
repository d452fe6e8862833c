// Package process runs programs within limits of time and memory.
package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Errors that tell why a program was ended, wrapped.
var (
	// ErrTime reports a program that took too long.
	ErrTime = errors.New("it took too long")
	// ErrMemory reports a program that took too much memory.
	ErrMemory = errors.New("it took too much memory")
)

// Limits bound what a program may use. Zero is no limit.
type Limits struct {
	Time time.Duration
	// Memory is resident bytes. It is held to on Linux only.
	Memory int64
}

// poll is how often the memory of a program is looked at. A program can gain
// some ten megabytes in the meantime.
const poll = 5 * time.Millisecond

// A Process is a program that runs, with pipes to it and from it. It has an
// empty environment.
type Process struct {
	In  io.WriteCloser
	Out io.ReadCloser

	cmd    *exec.Cmd
	faults tail
	wait   func() error
}

// Start starts a program.
func Start(command []string) (*Process, error) {
	p := &Process{cmd: exec.Command(command[0], command[1:]...)}
	p.cmd.Env = []string{}
	p.cmd.Stderr = &p.faults
	p.cmd.SysProcAttr = group()
	// What the program started and left behind may hold its pipes.
	p.cmd.WaitDelay = time.Second
	var err error
	if p.In, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.Out, err = p.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.wait = sync.OnceValue(p.cmd.Wait)
	return p, nil
}

// Kill ends the program and waits for its end.
func (p *Process) Kill() {
	kill(p.cmd.Process)
	_ = p.Wait()
}

// Wait waits for the end of the program, after all of Out was read. The error
// has the last words of the program.
func (p *Process) Wait() error {
	err := p.wait()
	if err == nil {
		return nil
	}
	if words := p.faults.words(); words != "" {
		return fmt.Errorf("%w: %s", err, words)
	}
	return err
}

// Watch kills the program as soon as it passes a limit or ctx is done. The
// function that it returns ends the watch and returns why the program was
// killed: ErrTime, ErrMemory or the error of ctx, nil if it was not.
func (p *Process) Watch(ctx context.Context, limits Limits) (stop func() error) {
	done := make(chan struct{})
	reason := make(chan error, 1)
	go func() {
		err := p.watch(ctx, limits, done)
		if err != nil {
			kill(p.cmd.Process)
		}
		reason <- err
	}()
	return sync.OnceValue(func() error {
		close(done)
		return <-reason
	})
}

// watch returns why the program must be killed, nil once done is closed. Memory is
// looked at every poll, so that a program may have more of it for a moment.
func (p *Process) watch(ctx context.Context, limits Limits, done <-chan struct{}) error {
	var late <-chan time.Time
	if limits.Time > 0 {
		timer := time.NewTimer(limits.Time)
		defer timer.Stop()
		late = timer.C
	}
	var look <-chan time.Time
	if limits.Memory > 0 {
		ticker := time.NewTicker(poll)
		defer ticker.Stop()
		look = ticker.C
	}
	for {
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-late:
			return fmt.Errorf("%w: more than %s", ErrTime, limits.Time)
		case <-look:
			if resident(p.cmd.Process.Pid) > limits.Memory {
				return fmt.Errorf("%w: more than %d MiB", ErrMemory, limits.Memory>>20)
			}
		}
	}
}

// Run runs a program to its end, with the content of in as its standard input
// and what it writes going to out. The input may be nil. An error of out ends
// the program and is returned.
func Run(ctx context.Context, command []string, limits Limits, in io.Reader, out io.Writer) error {
	p, err := Start(command)
	if err != nil {
		return err
	}
	stop := p.Watch(ctx, limits)
	var group sync.WaitGroup
	group.Go(func() {
		defer p.In.Close()
		if in != nil {
			_, _ = io.Copy(p.In, in) // a program need not read all of it
		}
	})
	_, copied := io.Copy(out, p.Out)
	if copied != nil {
		kill(p.cmd.Process)
	}
	ended := p.Wait()
	group.Wait()
	if err := stop(); err != nil {
		return err
	}
	if copied != nil {
		return copied
	}
	return ended
}

// A tail keeps the first bytes that a program says of its fault.
type tail struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := 4096 - t.kept.Len(); room > 0 {
		t.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// words returns the first line.
func (t *tail) words() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	line, _, _ := strings.Cut(strings.TrimSpace(t.kept.String()), "\n")
	return strings.ToValidUTF8(strings.TrimSpace(line), "")
}

// Ended reports whether err says that a program has ended by itself and badly.
func Ended(err error) bool {
	_, ok := errors.AsType[*exec.ExitError](err)
	return ok
}
