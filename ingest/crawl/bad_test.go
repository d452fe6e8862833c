package crawl

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// respond returns a web of one host that is answered by f, without robots.txt,
// sitemap and the page that is not there.
func respond(f http.HandlerFunc) *web {
	return &web{hosts: map[string]http.HandlerFunc{"*": func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt", "/sitemap.xml", madeUp:
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		f(w, r)
	}}}
}

// TestBadPages checks that what is wrong with one page is told in words, and
// that the others are yielded.
func TestBadPages(t *testing.T) {
	send := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, text("page"))
		}
	}
	tests := []struct {
		name string
		page http.HandlerFunc
		want string
		end  string // of the listing
	}{
		{"500", send(500), "failed: the site answered 500 Internal Server Error", "did not answer may hide others"},
		{"403", send(403), "denied: the site answered 403 Forbidden: it keeps out crawlers, or all who have no login", ""},
		{"401", send(401), "denied: the site answered 401 Unauthorized: it wants a login", ""},
		{"404", send(404), "missing: the site answered 404 Not Found", ""},
		{"418", send(418), "broken: the site answered 418 I'm a teapot", ""},
		{"204", send(204), "broken: the site answered 204 No Content", ""},
		{"another encoding", send(200, "Content-Encoding", "br"), `broken: it is encoded as "br", for which nobody asked`, ""},
		{"a circle", send(302, "Location", "/bad"), "broken: it redirects in a circle", ""},
		{"a circle with a cookie", send(302, "Location", "/bad", "Set-Cookie", "a=b"), "broken: it redirects in a circle, and sets a cookie: it is only for visitors that keep it, which a crawler does not", ""},
		{"no way on", send(302), "broken: the site answered 302 Found, without the address to go on to", ""},
		{"a login", send(302, "Location", "/users/sign_in?next=/bad"), "denied: it sends visitors to a login at https://example.com/users/sign_in?next=/bad", ""},
		{"a login elsewhere", send(302, "Location", "https://sso.example/login"), "denied: it sends visitors to a login at https://sso.example/login", ""},
		{"another site", send(302, "Location", "https://other.example/"), "off-site: it redirects to another site, https://other.example/", ""},
		{"a network inside", send(302, "Location", "http://169.254.169.254/latest/meta-data/"), "off-site: it redirects to another site, http://169.254.169.254/latest/meta-data/", ""},
		{"no address", send(302, "Location", "http://[::1"), `broken: it redirects to "http://[::1", which is no address`, ""},
		{"a login form", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<form><input type=password>`) }, "denied: it shows a login form", ""},
		{"drips", func(w http.ResponseWriter, r *http.Request) {
			for sleep(context.WithoutCancel(r.Context()), time.Second) == nil {
				if _, err := fmt.Fprint(w, "<p>"); err != nil {
					return
				}
			}
		}, "failed: it took too long to answer", "may hide others"},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := fmt.Fprint(w, strings.Repeat("endless ", 1000)); err != nil {
					return
				}
			}
		}, "broken: it is longer than 1024 KiB", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				src := respond(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/bad" {
						test.page(w, r)
						return
					}
					fmt.Fprint(w, text(r.URL.Path, "/bad", "/good"))
				}).source(t, home, Options{MaxBytes: 1 << 20})
				got := walk(t, src)
				require.Equal(t, at("/", "/good"), got.pages)
				require.Equal(t, test.want, got.reasons()[home+"/bad"])
				require.Equal(t, home+"/", got.report.Problems[0].From)
				require.NotContains(t, fmt.Sprint(got.end), ": crawl: ", "the package is named once")
				if test.end == "" {
					require.NoError(t, got.end)
				} else {
					require.ErrorContains(t, got.end, test.end)
				}
			})
		})
	}
}

func TestRedirectsWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		got := walk(t, respond(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				fmt.Fprint(w, text("start", "/on/0"))
				return
			}
			n++
			w.Header().Set("Location", fmt.Sprintf("/on/%d", n))
			w.WriteHeader(http.StatusFound)
		}).source(t, home, Options{}))
		require.Equal(t, at("/"), got.pages)
		require.Contains(t, got.report.Problems[0].Reason, "it redirects more than 10 times, last to https://example.com/on/")
	})
}

// TestUnwantedContent checks that content is taken for what it is, not for what
// its site says.
func TestUnwantedContent(t *testing.T) {
	tests := []struct {
		media, body string
		want        Outcome
	}{
		{"text/html", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Unwanted},
		{"image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Unwanted},
		{"application/json", `{"a":1}`, Unwanted},
		{"text/plain", "<!DOCTYPE html><p>a page", Fetched},
		{"application/octet-stream", "<!DOCTYPE html><p>a page", Fetched},
		{"application/octet-stream", "%PDF-1.7 a document", Unwanted},
	}
	for _, test := range tests {
		src := respond(func(w http.ResponseWriter, r *http.Request) {
			body := text("home", "/x")
			if r.URL.Path == "/x" {
				w.Header().Set("Content-Type", test.media)
				body = test.body
			}
			fmt.Fprint(w, body)
		}).source(t, home, Options{})
		got := walk(t, src)
		require.NoError(t, got.end)
		want := map[Outcome]int{Fetched: 1}
		want[test.want]++
		require.Equal(t, want, got.report.Counts, test)
	}
}

// TestDocuments checks which linked files are read if they are wanted.
func TestDocuments(t *testing.T) {
	files := []string{"/a.pdf", "/b.docx", "/c.xlsx", "/d.csv", "/e.txt", "/f.md", "/g.pptx", "/h.eml", "/i.mp4", "/j.zip", "/k.css", "/l.json"}
	pages := map[string]string{"/": text("home", files...)}
	for _, f := range files {
		pages[f] = "content of " + f
	}
	got := walk(t, one(pages).source(t, home, Options{Documents: true}))
	require.Equal(t, append(at("/"), at(files[:9]...)...), got.pages)
	got = walk(t, one(pages).source(t, home, Options{}))
	require.Equal(t, at("/"), got.pages)
	require.Equal(t, 9, got.report.Counts[Unwanted])
}

func TestBusySiteIsLeftAloneAsLongAsItAsks(t *testing.T) {
	for name, header := range map[string]func() string{
		"seconds": func() string { return "90" },
		"a date":  func() string { return time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start, asked := time.Now(), 0
				src := respond(func(w http.ResponseWriter, r *http.Request) {
					if asked++; asked == 2 {
						w.Header().Set("Retry-After", header())
						w.WriteHeader(http.StatusServiceUnavailable)
						return
					}
					fmt.Fprint(w, text(r.URL.Path, "/a"))
				}).source(t, home, Options{})
				got := walk(t, src)
				require.NoError(t, got.end)
				require.Equal(t, at("/", "/a"), got.pages)
				require.InDelta(t, 90, time.Since(start).Seconds(), 1)
			})
		})
	}
}

func TestSiteThatAsksToComeBackMuchLater(t *testing.T) {
	asked := 0
	w := respond(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 2 {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, text(r.URL.Path, "/a"))
	})
	src := w.source(t, home, Options{})
	got := walk(t, src)
	require.ErrorContains(t, got.end, "the site asks to come back in 1h0m0s")
	got = walk(t, src)
	require.NoError(t, got.end)
	require.Equal(t, map[Outcome]int{Resumed: 1, Fetched: 1}, got.report.Counts, "it goes on where it was")
}

// TestHostThatVanishes checks that a crawl ends when its host does, and goes on
// when that is back.
func TestHostThatVanishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w *web
		sent := 0
		w = respond(func(out http.ResponseWriter, r *http.Request) {
			var n int
			fmt.Sscanf(r.URL.Path, "/%d", &n)
			if sent++; sent == 10 {
				w.down.Store(true) // for what is asked after this
			}
			fmt.Fprint(out, text(r.URL.Path, fmt.Sprint("/", n+1), fmt.Sprint("/", n+2), fmt.Sprint("/", (n+3)%40)))
		})
		src := w.source(t, home, Options{MaxPages: 30, InFlight: 1})
		got := walk(t, src)
		require.ErrorContains(t, got.end, "the site stopped answering after 10 pages: https://example.com/")
		require.ErrorContains(t, got.end, "connection refused")
		w.down.Store(false)
		got = walk(t, src)
		require.NoError(t, got.end)
		require.Equal(t, 10, got.report.Counts[Resumed])
		require.Equal(t, 20, got.report.Counts[Fetched])
		require.Equal(t, 30, w.bodies, "no page was sent twice")
	})
}

// TestSlowSiteIsAskedSlowly checks that a crawl takes its pace from the site's.
func TestSlowSiteIsAskedSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy, most int
		src := respond(func(w http.ResponseWriter, r *http.Request) {
			busy++
			if r.URL.Path != "/" {
				most = max(most, busy)
			}
			_ = sleep(r.Context(), 4*time.Second)
			busy--
			fmt.Fprint(w, text(r.URL.Path, "/a", "/b", "/c", "/d"))
		}).source(t, home, Options{InFlight: 4})
		start := time.Now()
		require.Len(t, walk(t, src).pages, 5)
		require.Equal(t, 1, most, "a slow site is asked for one page at a time")
		require.GreaterOrEqual(t, time.Since(start), 20*time.Second)
	})
}

func TestDelays(t *testing.T) {
	for name, test := range map[string]struct {
		robots string
		delay  time.Duration
		want   time.Duration
	}{
		"none":            {"", 0, 0},
		"of the options":  {"User-agent: *\nCrawl-delay: 1", 3 * time.Second, 12 * time.Second},
		"of the site":     {"User-agent: *\nCrawl-delay: 2", time.Second, 8 * time.Second},
		"absurd, cut off": {"User-agent: *\nCrawl-delay: 86400", 0, 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pages := map[string]string{"/robots.txt": test.robots, "/": text("home", "/a", "/b", "/c", "/d")}
				for _, p := range []string{"/a", "/b", "/c", "/d"} {
					pages[p] = text(p)
				}
				start := time.Now()
				require.Len(t, walk(t, one(pages).source(t, home, Options{Delay: test.delay})).pages, 5)
				require.Equal(t, test.want, time.Since(start))
			})
		})
	}
}

// TestSoftNotFound checks that a site's page for what does not exist is known
// although it says 200.
func TestSoftNotFound(t *testing.T) {
	src := (&web{hosts: map[string]http.HandlerFunc{"*": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/robots.txt", "/sitemap.xml":
			w.WriteHeader(http.StatusNotFound)
		case "/":
			fmt.Fprint(w, text("home", "/a", "/gone", "/gone/too"))
		case "/a":
			fmt.Fprint(w, text("a"))
		default:
			fmt.Fprint(w, text("Sorry, we cannot find that"))
		}
	}}}).source(t, home, Options{})
	got := walk(t, src)
	require.NoError(t, got.end)
	require.Equal(t, at("/", "/a"), got.pages)
	require.Equal(t, 2, got.report.Counts[Missing])
}

// TestTraps checks that what a site makes up without end is cut off, and that
// its real pages are found all the same.
func TestTraps(t *testing.T) {
	tests := []struct {
		name  string
		links func(r *http.Request) []string
		most  int
	}{
		{"a calendar in the path", func(r *http.Request) []string {
			var y, m int
			if n, _ := fmt.Sscanf(r.URL.Path, "/calendar/%d/%d", &y, &m); n < 2 {
				y, m = 2026, 1
			}
			next := time.Date(y, time.Month(m)+1, 1, 0, 0, 0, 0, time.UTC)
			return []string{next.Format("/calendar/2006/01"), "/real"}
		}, 110},
		{"a calendar in the query", func(r *http.Request) []string {
			at, err := time.Parse(time.DateOnly, r.URL.Query().Get("date"))
			if err != nil {
				at = time.Now()
			}
			return []string{"/events?date=" + at.AddDate(0, 0, 1).Format(time.DateOnly), "/real"}
		}, 110},
		{"facets", func(r *http.Request) []string {
			q := r.URL.RawQuery
			return []string{"/list?" + q + "&color=1", "/list?" + q + "&size=2", "/list?" + q + "&price=3", "/real"}
		}, 300},
		{"paths that grow", func(r *http.Request) []string { return []string{r.URL.Path + "x/", "/real"} }, 30},
		{"paths that repeat", func(r *http.Request) []string {
			return []string{strings.TrimSuffix(r.URL.Path, "/") + "/en/help", "/real"}
		}, 10},
		{"queries that change nothing", func(r *http.Request) []string {
			var n int
			fmt.Sscanf(r.URL.RawQuery, "v=%d", &n)
			return []string{fmt.Sprint("/?v=", n+1), fmt.Sprint("/?v=", n+2), "/real"}
		}, 5},
		{"session ids", func(r *http.Request) []string {
			return []string{fmt.Sprintf("/a?sid=%d", len(r.URL.String())), "/b;jsessionid=" + fmt.Sprint(time.Now().UnixNano()), "/real"}
		}, 5},
		{"a page after the other", func(r *http.Request) []string {
			var n int
			fmt.Sscanf(r.URL.Path, "/p%d", &n)
			return []string{fmt.Sprint("/p", n+1), "/real"}
		}, 300},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := respond(func(w http.ResponseWriter, r *http.Request) {
				page := text("page "+r.URL.Path, test.links(r)...)
				if strings.HasPrefix(test.name, "queries") {
					page = text("always the same", test.links(r)...)
				}
				if r.URL.Path == "/real" {
					page = text("real")
				}
				fmt.Fprint(w, page)
			}).source(t, home, Options{})
			got := walk(t, src)
			require.NoError(t, got.end)
			require.Contains(t, got.pages, home+"/real")
			require.LessOrEqual(t, len(got.pages), test.most)
		})
	}
}
