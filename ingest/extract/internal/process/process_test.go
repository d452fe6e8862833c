package process

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sh returns a command that runs a script.
func sh(t *testing.T, script string) []string {
	t.Helper()
	path, err := exec.LookPath("sh")
	require.NoError(t, err)
	return []string{path, "-c", script}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	echo := sh(t, `while read -r line; do echo "got $line"; done`)
	require.NoError(t, Run(t.Context(), echo, Limits{}, strings.NewReader("a\nb\n"), &out))
	require.Equal(t, "got a\ngot b\n", out.String())

	err := Run(t.Context(), sh(t, "echo first >&2; echo second >&2; exit 4"), Limits{}, nil, io.Discard)
	require.EqualError(t, err, "exit status 4: first")
	require.True(t, Ended(err))

	require.NoError(t, Run(t.Context(), sh(t, "exit 0"), Limits{}, strings.NewReader(strings.Repeat("x", 1<<20)), io.Discard), "a program need not read its input")
}

func TestRunEnvironment(t *testing.T) {
	t.Setenv("TOKEN", "secret")
	var out bytes.Buffer
	require.NoError(t, Run(t.Context(), sh(t, `echo "[$TOKEN]"`), Limits{}, nil, &out))
	require.Equal(t, "[]\n", out.String())
}

func TestLimits(t *testing.T) {
	loop := sh(t, "while :; do :; done")
	err := Run(t.Context(), loop, Limits{Time: 50 * time.Millisecond}, nil, io.Discard)
	require.ErrorIs(t, err, ErrTime)
	require.False(t, Ended(err))

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, Run(ctx, loop, Limits{}, nil, io.Discard), context.DeadlineExceeded)

	full := errors.New("full")
	require.ErrorIs(t, Run(t.Context(), sh(t, "while :; do echo more; done"), Limits{}, nil, refuser{full}), full)

	if runtime.GOOS == "linux" {
		grow := sh(t, `x=xxxxxxxxxxxxxxxx; while :; do x="$x$x"; done`)
		require.ErrorIs(t, Run(t.Context(), grow, Limits{Memory: 32 << 20}, nil, io.Discard), ErrMemory)
	}
}

type refuser struct{ err error }

func (r refuser) Write([]byte) (int, error) { return 0, r.err }

// TestFamily checks that what a program has started ends with it.
func TestFamily(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a program is ended alone on this system")
	}
	start := time.Now()
	err := Run(t.Context(), sh(t, "sh -c 'while :; do :; done' & wait"), Limits{Time: 50 * time.Millisecond}, nil, io.Discard)
	require.ErrorIs(t, err, ErrTime)
	require.Less(t, time.Since(start), time.Minute)
}

func TestStartOfNothing(t *testing.T) {
	_, err := Start([]string{"/nonexistent/program"})
	require.ErrorContains(t, err, "/nonexistent/program")
}
