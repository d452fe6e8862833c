// Package browsertest runs scripts that drive a headless Chromium, so that a Go
// test can look at its pages as a customer does. Its own tests, behind the build
// tag "browser", are those of the live chat; the file run installs what they
// need and runs them.
package browsertest

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Run runs a script of this folder with Node.js and fails t if the script
// fails. The flags are the script's own, such as "--base", "http://localhost:1".
// See drive in browser.mjs for what a script can do.
func Run(t *testing.T, script string, flags ...string) {
	t.Helper()
	// The scripts stand beside this file, wherever the test that calls is.
	_, here, _, ok := runtime.Caller(0)
	require.True(t, ok)
	dir := filepath.Dir(here)
	cmd := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(dir, script)}, flags...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s failed:\n%s", script, out)
	t.Logf("%s", out)
}
