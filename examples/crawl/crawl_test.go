package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain lets the test program be the crawler itself, so that it can be
// killed like one.
func TestMain(m *testing.M) {
	if os.Getenv("CRAWL") == "" {
		os.Exit(m.Run())
	}
	main()
}

// program returns the crawler as a process.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), "CRAWL=1")
	c.Stderr = os.Stderr
	return c
}

// A site has a number of pages, each with a link to the next two, and counts
// how often each was sent.
type site struct {
	*httptest.Server
	pages int

	mu   sync.Mutex
	sent map[string]int
	hook func(sent int) // called before a page is sent, in its own time
}

func serve(t *testing.T, pages int) *site {
	t.Helper()
	s := &site{pages: pages, sent: make(map[string]int)}
	s.Server = httptest.NewServer(http.HandlerFunc(s.page))
	t.Cleanup(s.Close)
	return s
}

// before has f called before each page that is sent from now on.
func (s *site) before(f func(sent int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = f
}

func (s *site) page(w http.ResponseWriter, r *http.Request) {
	var n int
	if _, err := fmt.Sscanf(r.URL.Path, "/%d.html", &n); err != nil && r.URL.Path != "/" || n >= s.pages {
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf(`"%d"`, n)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	s.mu.Lock()
	s.sent[r.URL.Path]++
	total, hook := len(s.sent), s.hook
	s.mu.Unlock()
	if hook != nil {
		hook(total)
	}
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, `<title>Page %[1]d</title><main><h1>Page %[1]d</h1><p>What number %[1]d says. <a href="/%d.html">next</a> <a href="/%d.html">one more</a></main>`, n, n+1, n+2)
}

// crawled runs the crawler to its end. It returns how often each page was
// printed, and the summary.
func crawled(t *testing.T, args ...string) (map[string]int, summary) {
	t.Helper()
	out, err := program(t, args...).Output()
	require.NoError(t, err)
	return parse(t, out)
}

func parse(t *testing.T, out []byte) (map[string]int, summary) {
	t.Helper()
	printed := make(map[string]int)
	var last summary
	for line := range bytes.Lines(out) {
		var p page
		if json.Unmarshal(line, &p) != nil {
			continue // cut off by a kill
		}
		if p.URL != "" {
			require.Empty(t, p.Error)
			printed[p.URL]++
		} else {
			require.NoError(t, json.Unmarshal(line, &last))
		}
	}
	return printed, last
}

// TestKilledCrawlGoesOn kills the crawler in the middle and checks that, started
// again, it prints the rest: no page twice, and none sent twice but those that
// were on their way.
func TestKilledCrawlGoesOn(t *testing.T) {
	s, state := serve(t, 60), filepath.Join(t.TempDir(), "state.db")
	c := program(t, "-json", "-state", state, s.URL)
	var out bytes.Buffer
	c.Stdout = &out
	require.NoError(t, c.Start())
	var once sync.Once
	s.before(func(sent int) {
		if sent >= 30 {
			once.Do(func() { _ = c.Process.Kill() })
		}
	})
	require.Error(t, c.Wait(), "it was killed")
	first, _ := parse(t, out.Bytes())
	require.NotEmpty(t, first)
	require.Less(t, len(first), 31)

	second, total := crawled(t, "-json", "-state", state, s.URL)
	require.Equal(t, 60, total.Pages)
	require.Equal(t, len(first), total.Resumed)
	for url := range second {
		require.NotContains(t, first, url, "a page that was printed is not printed again")
	}
	require.Len(t, second, 60-len(first))
	twice := 0
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, n := range s.sent {
		require.LessOrEqual(t, n, 2, path)
		twice += n - 1
	}
	require.LessOrEqual(t, twice, 3, "only what was on its way is sent again: two in flight and one that was not yet printed")

	third, total := crawled(t, "-json", "-state", state, s.URL)
	require.Len(t, third, 60, "the next crawl is a new one")
	require.Equal(t, 60, total.Unchanged)
	require.LessOrEqual(t, twice, 3)
}

func TestEachPageOnce(t *testing.T) {
	s := serve(t, 12)
	printed, total := crawled(t, "-json", s.URL)
	require.Len(t, printed, 12)
	require.Equal(t, 12, total.Pages)
	require.Positive(t, total.CPUms)
	require.Positive(t, total.PeakMB)
	printed, _ = crawled(t, "-json", "-max", "5", s.URL)
	require.Len(t, printed, 5)
	printed, _ = crawled(t, "-json", "-alone", s.URL+"/7.html")
	require.Equal(t, map[string]int{s.URL + "/7.html": 1}, printed)
}

func TestTextForPeople(t *testing.T) {
	s := serve(t, 2)
	out, err := program(t, s.URL).Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "Page 0, ")
	require.Contains(t, string(out), "2 pages, 0 of them unchanged")
	require.NotContains(t, string(out), "more addresses")
	out, err = program(t, "-max", "1", s.URL).Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "2 more addresses are known: -max says how many pages to visit")
}

func TestFaults(t *testing.T) {
	s := serve(t, 0)
	for args, want := range map[string]string{
		"":                            "usage: crawl",
		"ftp://example.com":           "is no address to start at",
		"http://10.1.2.3/":            "is on a private network",
		s.URL + "/not-here":           "404 Not Found",
		"-state /dev/null/x " + s.URL: "sqlstore:",
	} {
		var faults strings.Builder
		c := program(t, strings.Fields(args)...)
		c.Stderr, c.Stdout = &faults, io.Discard
		require.Error(t, c.Run(), args)
		require.Contains(t, faults.String(), want, args)
	}
}
