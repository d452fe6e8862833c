package crawl

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// A web is hosts in memory, so that a crawl of them can run in a bubble of
// synctest. It notes what is asked for.
type web struct {
	hosts map[string]http.HandlerFunc // by scheme and host, or "*"
	down  atomic.Bool                 // whether all hosts are

	group  sync.WaitGroup // of the handlers
	mu     sync.Mutex
	asked  []string
	bodies int // answers with status 200
}

// RoundTrip implements http.RoundTripper.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	handler := w.ask(r)
	if handler == nil {
		return nil, &wrapped{syscall.ECONNREFUSED}
	}
	body, out := io.Pipe()
	reply := &reply{header: make(http.Header), out: out, ready: make(chan int, 1)}
	w.group.Go(func() {
		handler(reply, r)
		reply.WriteHeader(http.StatusOK)
		out.Close()
	})
	stop := context.AfterFunc(r.Context(), func() { out.CloseWithError(r.Context().Err()) })
	select {
	case code := <-reply.ready:
		w.answered(code)
		return &http.Response{StatusCode: code, Header: reply.header, Body: ended{body, stop}, Request: r, ContentLength: -1}, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// ask notes a request and returns who answers it. No lock is held while an
// answer is waited for: time stands still in a bubble while somebody waits for one.
func (w *web) ask(r *http.Request) http.HandlerFunc {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r.URL.String())
	if w.down.Load() {
		return nil
	}
	if handler := w.hosts[r.URL.Scheme+"://"+r.URL.Host]; handler != nil {
		return handler
	}
	return w.hosts["*"]
}

func (w *web) answered(code int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if code == http.StatusOK {
		w.bodies++
	}
}

type wrapped struct{ error }

func (w *wrapped) Unwrap() error { return w.error }

type ended struct {
	*io.PipeReader
	stop func() bool
}

func (e ended) Close() error {
	e.stop()
	return e.PipeReader.Close()
}

type reply struct {
	header http.Header
	out    *io.PipeWriter
	ready  chan int
	once   sync.Once
}

func (r *reply) Header() http.Header { return r.header }

func (r *reply) WriteHeader(code int) { r.once.Do(func() { r.ready <- code }) }

func (r *reply) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.out.Write(p)
}

// one returns a web of one host whose pages are given by path. A path that is
// not there is answered with 404.
func one(pages map[string]string) *web {
	return &web{hosts: map[string]http.HandlerFunc{"*": func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.RequestURI()]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		tag := fmt.Sprintf("%q", fmt.Sprint(len(body)))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if strings.HasPrefix(body, "<") {
			w.Header().Set("Content-Type", "text/html")
		}
		fmt.Fprint(w, body)
	}}}
}

// source returns a source of a web.
func (w *web) source(t *testing.T, start string, opts Options) *Source {
	t.Helper()
	opts.Transport = w
	t.Cleanup(w.group.Wait)
	src, err := New(start, &opts)
	require.NoError(t, err)
	return src
}

// A tour is what a crawl came to.
type tour struct {
	pages  []string          // IDs
	failed map[string]string // ID -> error
	end    error
	report Report
}

// walk crawls to the end.
func walk(t *testing.T, src *Source) tour {
	t.Helper()
	got := tour{failed: make(map[string]string)}
	for item, err := range src.Items(t.Context()) {
		switch {
		case item.ID == "":
			got.end = err
		case err != nil:
			got.failed[item.ID] = err.Error()
		default:
			require.NotContains(t, got.pages, item.ID, "a page is yielded once")
			require.NotEmpty(t, item.Version)
			got.pages = append(got.pages, item.ID)
		}
	}
	slices.Sort(got.pages)
	got.report = src.Report()
	return got
}

// reasons returns the reasons of the problems by address.
func (t tour) reasons() map[string]string {
	all := make(map[string]string)
	for _, p := range t.report.Problems {
		all[p.URL] = string(p.Outcome) + ": " + p.Reason
	}
	return all
}

// text returns a page with a text of its own and links.
func text(name string, links ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<title>%s</title><p>", name)
	for i := range 40 {
		fmt.Fprintf(&b, "%s says %c%c. ", name, 'a'+i%26, 'a'+(i*len(name))%26)
	}
	for _, link := range links {
		fmt.Fprintf(&b, `<a href="%s"></a>`, link)
	}
	return b.String()
}

const home = "https://example.com"

// at returns addresses of the home site.
func at(paths ...string) []string {
	all := make([]string, len(paths))
	for i, p := range paths {
		all[i] = home + p
	}
	return all
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// open reads an item.
func open(t *testing.T, item ingest.Item) string {
	t.Helper()
	r, err := item.Open(t.Context())
	require.NoError(t, err)
	defer r.Close()
	body, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(body)
}
