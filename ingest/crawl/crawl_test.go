package crawl

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A site serves pages by path, with "HOST" in them replaced by its address, and
// remembers what was asked for. A text such as "503" is a status, and
// "-> /path" a redirect.
type fakeSite struct {
	*httptest.Server
	pages map[string]string
	mu    sync.Mutex
	asked []string
	agent string
}

func serve(t *testing.T, pages map[string]string) *fakeSite {
	t.Helper()
	s := &fakeSite{pages: pages}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.String())
		s.agent = r.UserAgent()
		s.mu.Unlock()
		body, ok := pages[r.URL.RequestURI()]
		var status int
		target, redirect := strings.CutPrefix(body, "-> ")
		switch {
		case !ok:
			http.NotFound(w, r)
		case redirect:
			http.Redirect(w, r, strings.ReplaceAll(target, "HOST", s.URL), http.StatusFound)
		case len(body) == 3:
			fmt.Sscan(body, &status)
			w.WriteHeader(status)
		default:
			if strings.HasPrefix(body, "<") {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
			}
			fmt.Fprint(w, strings.ReplaceAll(body, "HOST", s.URL))
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// newSource returns a source of a site on this machine.
func newSource(t *testing.T, start string, opts *Options) *Source {
	t.Helper()
	var o Options
	if opts != nil {
		o = *opts
	}
	o.AllowPrivate = true
	src, err := New(start, &o)
	require.NoError(t, err)
	return src
}

// crawled returns the paths that a crawl yields, the failed items by path, and
// the error that ended the listing.
func crawled(t *testing.T, s *fakeSite, start string, opts *Options) (paths []string, failed map[string]error, end error) {
	t.Helper()
	src := newSource(t, s.URL+start, opts)
	failed = make(map[string]error)
	for item, err := range src.Items(t.Context()) {
		path := strings.TrimPrefix(item.ID, s.URL)
		switch {
		case item.ID == "":
			end = err
		case err != nil:
			failed[path] = err
		default:
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths, failed, end
}

const linked = `<html><body><a href="/a">a</a> <a href="b/?utm_source=x#part">b</a> <a href="/b/#other">b</a></body></html>`

func TestSource(t *testing.T) {
	s := serve(t, map[string]string{"/": linked, "/a": "<p>A page</p>", "/b/": "<p>B page</p>"})
	ingesttest.RunSource(t, func(t *testing.T) ingest.Source {
		return newSource(t, s.URL, nil)
	})
}

func TestItems(t *testing.T) {
	tests := []struct {
		name   string
		pages  map[string]string
		start  string
		opts   *Options
		want   []string
		failed []string
		end    string
	}{
		{name: "links once, without fragments and tracking", pages: map[string]string{"/": linked, "/a": "<p>a</p>", "/b/": linked}, want: []string{"/", "/a", "/b/"}},
		{name: "a missing page is passed over", pages: map[string]string{"/": linked, "/a": "<p>a</p>"}, want: []string{"/", "/a"}},
		{name: "other hosts are not visited", pages: map[string]string{"/": `<a href="http://example.invalid/">x</a><a href="mailto:a@b.c">m</a><a href="javascript:x()">j</a>`}, want: []string{"/"}},
		{name: "files that are no pages", pages: map[string]string{"/": `<a href="/x.png">x</a><a href="/y.pdf">y</a>`, "/x.png": "xxxx", "/y.pdf": "%PDF-1.4"}, want: []string{"/"}},
		{name: "documents if wanted", opts: &Options{Documents: true}, pages: map[string]string{"/": `<a href="/y.pdf">y</a>`, "/y.pdf": "%PDF-1.4"}, want: []string{"/", "/y.pdf"}},
		{name: "noindex", pages: map[string]string{"/": `<meta name="robots" content="NOINDEX"><a href="/a">a</a>`, "/a": "<p>a</p>"}, want: []string{"/a"}},
		{name: "nofollow", pages: map[string]string{"/": `<meta name=robots content="nofollow"><a href="/a">a</a>`, "/a": "<p>a</p>"}, want: []string{"/"}},
		{name: "a link with nofollow", pages: map[string]string{"/": `<a rel="ugc nofollow" href="/a">a</a>`, "/a": "<p>a</p>"}, want: []string{"/"}},
		{name: "canonical", pages: map[string]string{"/": `<a href="/a?v=1">1</a><a href="/a?v=2">2</a>`, "/a?v=1": `<link rel=canonical href="/a">`, "/a?v=2": `<link rel=canonical href="HOST/a">`}, want: []string{"/", "/a"}},
		{name: "every page calls the front page canonical", pages: map[string]string{"/": `<link rel=canonical href="/"><a href="/a">a</a>`, "/a": `<link rel=canonical href="/"><p>a</p>`}, want: []string{"/", "/a"}},
		{name: "base", pages: map[string]string{"/": `<base href="/deep/"><a href="a">a</a>`, "/deep/a": "<p>a</p>"}, want: []string{"/", "/deep/a"}},
		{name: "redirect", pages: map[string]string{"/": `<a href="/old">o</a><a href="/new">n</a>`, "/old": "-> /new", "/new": "<p>n</p>"}, want: []string{"/", "/new"}},
		{name: "redirect to another site", pages: map[string]string{"/": `<a href="/out">o</a>`, "/out": "-> http://example.invalid/"}, want: []string{"/"}},
		{name: "redirect in a circle", pages: map[string]string{"/": `<a href="/x">o</a>`, "/x": "-> /x"}, want: []string{"/"}, failed: []string{"/x"}},
		{name: "the start redirects away", pages: map[string]string{"/": "-> http://example.invalid/"}, end: "redirects to another site"},
		{name: "the start is missing", pages: map[string]string{}, start: "/help", end: "/help answered 404 Not Found"},
		{name: "a failing page", pages: map[string]string{"/": linked, "/a": "500", "/b/": "<p>b</p>"}, want: []string{"/", "/b/"}, failed: []string{"/a"}, end: "did not answer may hide others"},
		{name: "a forbidden page", pages: map[string]string{"/": linked, "/a": "403", "/b/": "<p>b</p>"}, want: []string{"/", "/b/"}, failed: []string{"/a"}},
		{name: "limit", opts: &Options{MaxPages: 2}, pages: map[string]string{"/": linked, "/a": "<p>a</p>", "/b/": "<p>b</p>"}, want: []string{"/", "/a"}},
		{name: "within", opts: &Options{Within: "/b/"}, pages: map[string]string{"/": linked, "/a": "<p>a</p>", "/b/": "<p>b</p>"}, want: []string{"/", "/b/"}},
		{name: "a page too long", opts: &Options{MaxBytes: 200}, pages: map[string]string{"/": linked, "/a": strings.Repeat("long ", 100), "/b/": "<p>b</p>"}, want: []string{"/", "/b/"}, failed: []string{"/a"}},
		{name: "sitemap", pages: map[string]string{"/": "<p>no links</p>", "/sitemap.xml": `<urlset><url><loc>HOST/a</loc></url><url><loc> HOST/b/ </loc></url><url><loc>http://example.invalid/</loc></url></urlset>`, "/a": "<p>a</p>", "/b/": "<p>b</p>"}, want: []string{"/", "/a", "/b/"}},
		{name: "sitemap index in robots.txt", pages: map[string]string{"/": "<p>no links</p>", "/robots.txt": "Sitemap: HOST/index.xml", "/index.xml": `<sitemapindex><sitemap><loc>HOST/1.xml</loc></sitemap><sitemap><loc>HOST/index.xml</loc></sitemap></sitemapindex>`, "/1.xml": `<urlset><url><loc>HOST/a</loc></url></urlset>`, "/a": "<p>a</p>"}, want: []string{"/", "/a"}},
		{name: "robots.txt", pages: map[string]string{"/": linked, "/robots.txt": "User-agent: frontdesk\nDisallow: /a", "/a": "<p>a</p>", "/b/": "<p>b</p>"}, want: []string{"/", "/b/"}},
		{name: "robots.txt forbids the start", pages: map[string]string{"/": linked, "/robots.txt": "User-agent: *\nDisallow: /"}, end: "robots.txt does not allow it"},
		{name: "robots.txt fails", pages: map[string]string{"/": linked, "/robots.txt": "500"}, end: "rules for crawlers cannot be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			paths, failed, end := crawled(t, serve(t, test.pages), test.start, test.opts)
			require.Equal(t, test.want, paths)
			require.ElementsMatch(t, test.failed, slices.Collect(maps.Keys(failed)))
			if test.end == "" {
				require.NoError(t, end)
			} else {
				require.ErrorContains(t, end, test.end)
			}
		})
	}
}

func TestRobotsAreReadFirstAndTheAgentIsNamed(t *testing.T) {
	s := serve(t, map[string]string{"/": linked, "/robots.txt": "Disallow:"})
	_, _, err := crawled(t, s, "/", nil)
	require.NoError(t, err)
	require.Equal(t, "/robots.txt", s.asked[0])
	require.Contains(t, s.agent, "frontdesk")
}

func TestItemHasWhatWasFetched(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=windows-1252")
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		fmt.Fprint(z, "<h1>Hello</h1>")
	}))
	defer server.Close()
	src := newSource(t, server.URL+"/a/b.html", &Options{MaxPages: 1})
	for item, err := range src.Items(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, "b.html", item.Name)
		require.Equal(t, "text/html; charset=windows-1252", item.MediaType)
		require.Equal(t, server.URL+"/a/b.html", item.URL)
		require.Equal(t, 2026, item.Modified.Year())
		r, err := item.Open(t.Context())
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "<h1>Hello</h1>", string(body))
	}
}

func TestSiteThatNeverAnswers(t *testing.T) {
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	defer server.Close()
	defer close(stop)
	_, _, err := crawled(t, &fakeSite{Server: server}, "/", &Options{Timeout: 20 * time.Millisecond})
	require.ErrorContains(t, err, "the site does not answer: "+server.URL)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestSiteThatIsNotThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, _, err := crawled(t, &fakeSite{Server: server}, "/", nil)
	require.ErrorContains(t, err, "connection refused")
}

func TestSiteWithoutEnd(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<a href="%[1]s/x">deeper</a><a href="?%[1]sn=1">more</a><a href="?n=%[1]s2">more</a>`, r.URL.RequestURI())
	}))
	defer server.Close()
	paths, _, err := crawled(t, &fakeSite{Server: server}, "/", &Options{MaxPages: 50})
	require.NoError(t, err)
	require.LessOrEqual(t, len(paths), 50)
}

func TestBodyWithoutEnd(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" || r.URL.Path == "/sitemap.xml" {
			http.NotFound(w, r)
			return
		}
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	_, _, err := crawled(t, &fakeSite{Server: server}, "/", &Options{MaxBytes: 1 << 20})
	require.ErrorIs(t, err, ingest.ErrTooLarge)
}

func TestBusySiteIsAskedAgain(t *testing.T) {
	var mu sync.Mutex
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if asked++; r.URL.Path == "/" && asked == 3 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, "<p>text</p>")
	}))
	defer server.Close()
	paths, failed, err := crawled(t, &fakeSite{Server: server}, "/", nil)
	require.NoError(t, err)
	require.Empty(t, failed)
	require.Equal(t, []string{"/"}, paths)
}

func TestCancelledCrawlSaysHowFarItCame(t *testing.T) {
	s := serve(t, map[string]string{"/": linked, "/a": "<p>a</p>", "/b/": "<p>b</p>"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	src := newSource(t, s.URL, &Options{InFlight: 1})
	var end error
	for item, err := range src.Items(ctx) {
		if item.ID == "" {
			end = err
		}
		cancel()
	}
	require.ErrorIs(t, end, context.Canceled)
	require.ErrorContains(t, end, "stopped after 1 pages")
}

func TestNewReportsAllFaults(t *testing.T) {
	_, err := New("ftp://example.com", &Options{MaxPages: -1, Within: "help"})
	require.ErrorContains(t, err, "is no address to start at")
	require.ErrorContains(t, err, "may be negative")
	require.ErrorContains(t, err, "Options.Within")
}

func TestStatusError(t *testing.T) {
	s := serve(t, map[string]string{"/": linked, "/a": "403", "/b/": "<p>b</p>"})
	_, failed, _ := crawled(t, s, "/", nil)
	status, ok := errors.AsType[*StatusError](failed["/a"])
	require.True(t, ok)
	require.Equal(t, http.StatusForbidden, status.Code)
}

func ExampleSource_Items() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/refunds#how">Refunds</a> <a href="/private">Private</a>`)
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private")
		default:
			fmt.Fprint(w, "<h1>Refunds</h1>")
		}
	}))
	defer server.Close()
	src, err := New(server.URL, &Options{AllowPrivate: true})
	if err != nil {
		panic(err)
	}
	for item, err := range src.Items(context.Background()) {
		fmt.Println(strings.TrimPrefix(item.ID, server.URL), err)
	}
	// Output:
	// / <nil>
	// /refunds <nil>
}
