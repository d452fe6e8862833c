package crawl

import (
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// TestStartsInside checks that no spelling of an address inside is a start.
func TestStartsInside(t *testing.T) {
	for _, start := range []string{
		"http://127.0.0.1/", "http://localhost:8080/", "http://a.localhost/", "http://0x7f.1/", "http://2130706433/", "http://017700000001/",
		"http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://10.1.2.3/", "http://192.168.0.1/",
		"http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/", "http://１２７.０.０.１/", "http://0/",
	} {
		_, err := New(start, nil)
		require.ErrorContains(t, err, "is on a private network: set Options.AllowPrivate", start)
	}
	_, err := New("http://[fe80::1%25eth0]/", nil)
	require.ErrorContains(t, err, "is no address to start at")
	_, err = New("https://example.com/", &Options{Pages: []string{"http://127.0.0.1/"}})
	require.ErrorContains(t, err, "private network")
}

// TestNameThatLeadsInside checks that the answer of the resolver is checked and
// not the name alone.
func TestNameThatLeadsInside(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	client := newFetcher(Options{InFlight: 1, MaxBytes: 1, Timeout: time.Second})
	defer client.close()
	_, err = client.get(t.Context(), "http://localhost:"+port+"/", nil)
	require.EqualError(t, err, "it is on a private network, which the options exclude")
}

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"http://localhost": true, "http://LOCALHOST.:8080/x": false, "https://127.9.9.9/": true, "http://[::1]:80/": true, "http://0x7f.1": true,
		"http://[::ffff:127.0.0.1]/": true, "http://10.0.0.1/": false, "https://example.com/": false, "localhost": false, "": false,
	} {
		require.Equal(t, want, Loopback(address), address)
	}
}

// TestRedirectsInside checks that the crawl of a site on this machine is led
// neither to another port nor, by robots.txt, to the local link.
func TestRedirectsInside(t *testing.T) {
	secret := serve(t, map[string]string{"/": "<p>secret</p>"})
	s := serve(t, map[string]string{
		"/robots.txt": "-> http://169.254.169.254/latest/", "/": `<a href="/out">out</a>`, "/out": "-> " + secret.URL + "/",
		"/sitemap.xml": "-> " + secret.URL + "/sitemap.xml",
	})
	_, _, end := crawled(t, s, "/", nil)
	require.ErrorContains(t, end, "private network")
	delete(s.pages, "/robots.txt")
	paths, _, end := crawled(t, s, "/", nil)
	require.NoError(t, end)
	require.Equal(t, []string{"/"}, paths)
	require.Empty(t, secret.asked)
}

// TestCompressedBodies checks the limit on what a body becomes, and bodies that
// are not what they say.
func TestCompressedBodies(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/bomb">b</a><a href="/plain">p</a><a href="/short">s</a><a href="/huge">h</a>`)
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 10 {
				fmt.Fprint(z, strings.Repeat("bomb ", 1<<16))
			}
			z.Close()
		case "/plain":
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "not compressed at all")
		case "/short":
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "short")
		case "/huge":
			w.Header().Set("Content-Length", "1000000000")
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	src := newSource(t, server.URL, &Options{MaxBytes: 1 << 20})
	got := walk(t, src)
	require.Equal(t, map[string]string{
		server.URL + "/bomb":  "broken: it is longer than 1024 KiB",
		server.URL + "/plain": "broken: its compression is damaged",
		server.URL + "/short": "failed: the answer broke off",
		server.URL + "/huge":  "broken: it is longer than 1024 KiB",
	}, got.reasons())
	for item, err := range src.Items(t.Context()) {
		if item.ID == server.URL+"/bomb" {
			require.ErrorIs(t, err, ingest.ErrTooLarge)
		}
	}
}

// hosts returns a web of several hosts, given by scheme and host.
func hosts(all map[string]map[string]string) *web {
	w := &web{hosts: make(map[string]http.HandlerFunc)}
	for name, pages := range all {
		w.hosts[name] = func(out http.ResponseWriter, r *http.Request) {
			body, ok := pages[r.URL.RequestURI()]
			if !ok {
				body, ok = pages["*"]
			}
			if to, redirect := strings.CutPrefix(body, "-> "); redirect {
				http.Redirect(out, r, to+r.URL.RequestURI(), http.StatusMovedPermanently)
			} else if ok {
				one(pages).hosts["*"](out, r)
			} else {
				out.WriteHeader(http.StatusNotFound)
			}
		}
	}
	return w
}

func TestForms(t *testing.T) {
	site := map[string]string{"/": text("home", "/a", "http://example.com/b", "https://www.example.com/c"), "/a": text("a"), "/b": text("b"), "/c": text("c")}
	tests := []struct {
		name, start string
		hosts       map[string]map[string]string
		want        []string
		end         string
	}{
		{"https of its own", "https://example.com", map[string]map[string]string{home: site}, at("/", "/a", "/b", "/c"), ""},
		{"http sends to https", "http://example.com", map[string]map[string]string{"http://example.com": {"*": "-> " + home}, home: site}, at("/", "/a", "/b", "/c"), ""},
		{"sends to www", "http://example.com", map[string]map[string]string{"http://example.com": {"*": "-> https://www.example.com"}, "https://www.example.com": site},
			[]string{"https://www.example.com/", "https://www.example.com/a", "https://www.example.com/b", "https://www.example.com/c"}, ""},
		{"http and https send to each other", "http://example.com", map[string]map[string]string{"http://example.com": {"*": "-> " + home}, home: {"*": "-> http://example.com"}}, nil, "redirects in a circle"},
		{"an international host", "https://Bücher.example/", map[string]map[string]string{"https://xn--bcher-kva.example": site},
			[]string{"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/a"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := walk(t, hosts(test.hosts).source(t, test.start, Options{}))
			require.Equal(t, test.want, got.pages)
			if test.end == "" {
				require.NoError(t, got.end)
			} else {
				require.ErrorContains(t, got.end, test.end)
			}
		})
	}
}

// TestRobotsOfTheHostAskedFor checks that each form of the host is asked for its
// own rules, whose redirects are followed, and once.
func TestRobotsOfTheHostAskedFor(t *testing.T) {
	pages := map[string]string{"/": text("home", "/a", "/secret"), "/a": text("a"), "/secret": text("secret"), "/rules": "User-agent: *\nDisallow: /secret"}
	w := one(pages)
	good := w.hosts["*"]
	w.hosts["*"] = func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.Redirect(out, r, "/rules", http.StatusFound)
			return
		}
		good(out, r)
	}
	src := w.source(t, home, Options{})
	got := walk(t, src)
	require.Equal(t, at("/", "/a"), got.pages)
	require.Equal(t, `disallowed: robots.txt does not allow it for "frontdesk"`, got.reasons()[home+"/secret"])
	walk(t, src)
	n := 0
	for _, address := range w.asked {
		if address == home+"/robots.txt" {
			n++
		}
	}
	require.Equal(t, 1, n, "the rules are kept for a day")
}
