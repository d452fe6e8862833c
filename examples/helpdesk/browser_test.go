//go:build browser

package main

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/frontdesk-go/frontdesk/internal/browsertest"
)

var shots = flag.String("shots", "", "keep pictures of the pages in this `folder`")

// TestInTheBrowser uses the program as a customer and as one of its people do,
// and kills it while a message is on its way.
func TestInTheBrowser(t *testing.T) {
	data := filepath.Join(t.TempDir(), "helpdesk.db")
	p := start(t, "127.0.0.1:0", "-data", data)
	address := strings.TrimPrefix(p.url, "http://")
	control := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		p.kill(t)
		p = start(t, address, "-data", data)
	}))
	defer control.Close()
	defer func() { p.stop(t) }()
	flags := []string{"--base", p.url, "--control", control.URL}
	if *shots != "" {
		flags = append(flags, "--shots", *shots)
	}
	browsertest.Run(t, "helpdesk.mjs", flags...)
}
