// Package crawltest proves implementations of the seams of package crawl. Each
// failure prints the sentence of the contract that was broken.
package crawltest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/crawl"
)

var (
	monday  = time.Date(2026, 11, 16, 9, 0, 0, 123456789, time.UTC)
	tuesday = monday.Add(24 * time.Hour)
)

// RunStore proves a Store. The function newStore returns an empty one.
func RunStore(t *testing.T, newStore func(t *testing.T) crawl.Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s crawl.Store)
	}{
		{"Empty", testEmpty},
		{"Mark", testMark},
		{"Save", testSave},
		{"Links", testLinks},
		{"End", testEnd},
		{"Sources", testSources},
		{"Names", testNames},
		{"Many", testMany},
		{"Copies", testCopies},
		{"Concurrent", testConcurrent},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newStore(t)) })
	}
}

func testEmpty(t *testing.T, s crawl.Store) {
	last, err := s.Last(t.Context(), "site")
	require.NoError(t, err, "a source that nobody knows is no error")
	require.Zero(t, last, "a source that nobody knows was never crawled")
	require.Empty(t, visits(t, s, "site"), "a source that nobody knows has no visits")
}

func testMark(t *testing.T, s crawl.Store) {
	mark(t, s, "site", crawl.Crawl{Began: monday})
	require.Equal(t, crawl.Crawl{Began: monday}, last(t, s, "site"), "Last returns what was marked, to the nanosecond")
	mark(t, s, "site", crawl.Crawl{Began: monday, Ended: tuesday})
	require.Equal(t, crawl.Crawl{Began: monday, Ended: tuesday}, last(t, s, "site"), "Mark replaces what was marked before")
}

func testSave(t *testing.T, s crawl.Store) {
	want := whole("https://example.com/a")
	save(t, s, "site", want)
	require.Equal(t, map[string]crawl.Visit{want.URL: want}, visits(t, s, "site"), "a visit comes back as it was saved")
	want.Outcome, want.Links = crawl.Unchanged, []string{"https://example.com/c"}
	save(t, s, "site", want)
	require.Equal(t, want, visits(t, s, "site")[want.URL], "Save replaces the visit of the same address")
}

func testLinks(t *testing.T, s crawl.Store) {
	v := whole("https://example.com/a")
	save(t, s, "site", v)
	later := v
	later.Links, later.Crawl = nil, tuesday
	save(t, s, "site", later)
	got := visits(t, s, "site")[v.URL]
	require.Equal(t, v.Links, got.Links, "nil Links keep those that are stored")
	require.Equal(t, tuesday, got.Crawl, "the rest of the visit is replaced")
	later.Links = []string{}
	save(t, s, "site", later)
	require.Empty(t, visits(t, s, "site")[v.URL].Links, "empty Links replace those that are stored")
}

func testEnd(t *testing.T, s crawl.Store) {
	old, fresh := whole("https://example.com/old"), whole("https://example.com/fresh")
	fresh.Crawl = tuesday
	save(t, s, "site", old, fresh)
	save(t, s, "other", old)
	mark(t, s, "site", crawl.Crawl{Began: tuesday})
	require.Len(t, visits(t, s, "site"), 2, "a crawl that has begun forgets nothing")
	mark(t, s, "site", crawl.Crawl{Began: tuesday, Ended: tuesday.Add(time.Hour)})
	require.Equal(t, map[string]crawl.Visit{fresh.URL: fresh}, visits(t, s, "site"), "a crawl that has ended forgets the visits of earlier ones, and no others")
	require.Len(t, visits(t, s, "other"), 1, "other sources keep theirs")
	bare := old
	bare.Links = nil
	save(t, s, "site", bare)
	require.Empty(t, visits(t, s, "site")[old.URL].Links, "the links of a forgotten visit are forgotten too")
}

func testSources(t *testing.T, s crawl.Store) {
	save(t, s, "site", whole("a"))
	require.Empty(t, visits(t, s, "sit"), "sources are apart, whatever their names")
	mark(t, s, "site", crawl.Crawl{Began: monday})
	require.Zero(t, last(t, s, "sit"), "crawls of sources are apart")
}

func testNames(t *testing.T, s crawl.Store) {
	for _, name := range []string{"é/ü", "https://example.com/a?b=c&d=%20", "it's 100%_", strings.Repeat("long/", 400)} {
		save(t, s, name, whole(name))
		require.Equal(t, whole(name), visits(t, s, name)[name], "any name of a source and any address is kept as it is")
	}
}

func testMany(t *testing.T, s crawl.Store) {
	var all []crawl.Visit
	for i := range 700 {
		all = append(all, whole(fmt.Sprint("https://example.com/", i)))
	}
	save(t, s, "site", all...)
	n := 0
	for _, err := range s.Visits(t.Context(), "site") {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, len(all), n, "Visits yields each address once, however many there are")
	for range s.Visits(t.Context(), "site") {
		break
	}
}

func testCopies(t *testing.T, s crawl.Store) {
	v := whole("a")
	save(t, s, "site", v)
	v.Links[0] = "changed"
	visits(t, s, "site")["a"].Links[0] = "changed"
	require.Equal(t, whole("a").Links, visits(t, s, "site")["a"].Links, "the links that are stored are the store's own")
}

func testConcurrent(t *testing.T, s crawl.Store) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 5 {
				if s.Save(context.WithoutCancel(t.Context()), "site", whole(fmt.Sprint(i, "/", j))) != nil {
					t.Error("Save may be called from many goroutines")
				}
			}
		})
	}
	group.Wait()
	require.Len(t, visits(t, s, "site"), 40, "no concurrent Save is lost")
}

// whole returns a visit with every field set.
func whole(url string) crawl.Visit {
	return crawl.Visit{
		URL: url, Crawl: monday, Outcome: crawl.Fetched, Reason: "it's new", Status: 200, ID: url + "#", To: "https://example.com/b",
		Title: "Ü & <b>", MediaType: "text/html; charset=utf-8", ETag: `W/"1"`, LastModified: "Mon, 16 Nov 2026 08:00:00 GMT",
		Modified: monday.Add(-time.Hour), Version: "v", Text: "t", Similar: 1<<63 + 1, Figures: 1<<64 - 1,
		Links: []string{"https://example.com/b", "https://example.com/c?d=%0A"},
	}
}

func mark(t *testing.T, s crawl.Store, source string, c crawl.Crawl) {
	t.Helper()
	require.NoError(t, s.Mark(t.Context(), source, c), "Mark stores a crawl")
}

func last(t *testing.T, s crawl.Store, source string) crawl.Crawl {
	t.Helper()
	c, err := s.Last(t.Context(), source)
	require.NoError(t, err, "Last of any source can be asked for")
	return c
}

func save(t *testing.T, s crawl.Store, source string, all ...crawl.Visit) {
	t.Helper()
	require.NoError(t, s.Save(t.Context(), source, all...), "Save stores visits")
}

func visits(t *testing.T, s crawl.Store, source string) map[string]crawl.Visit {
	t.Helper()
	all := make(map[string]crawl.Visit)
	for v, err := range s.Visits(t.Context(), source) {
		require.NoError(t, err, "Visits of any source can be asked for")
		require.NotContains(t, all, v.URL, "Visits yields each address once")
		all[v.URL] = v
	}
	return all
}
