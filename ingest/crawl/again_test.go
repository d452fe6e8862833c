package crawl

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func shop() map[string]string {
	return map[string]string{
		"/":        text("home", "/refunds", "/orders"),
		"/refunds": text("refunds", "/", "/deep"),
		"/orders":  text("orders"),
		"/deep":    text("deep", "/refunds"),
	}
}

// TestSecondVisitCostsNothing checks that what did not change is not sent, is
// yielded with the same version, and can be opened all the same.
func TestSecondVisitCostsNothing(t *testing.T) {
	pages := shop()
	w := one(pages)
	src := w.source(t, home, Options{InFlight: 1})
	versions := make(map[string]string)
	for item, err := range src.Items(t.Context()) {
		require.NoError(t, err)
		versions[item.ID] = item.Version
	}
	require.Equal(t, 4, w.bodies)
	pages["/orders"] += "And more."
	w.bodies = 0
	for item, err := range src.Items(t.Context()) {
		require.NoError(t, err)
		if item.ID == home+"/orders" {
			require.NotEqual(t, versions[item.ID], item.Version)
			require.Equal(t, pages["/orders"], open(t, item))
		} else {
			require.Equal(t, versions[item.ID], item.Version)
		}
		if item.ID == home+"/deep" {
			require.Equal(t, 1, w.bodies, "only what changed was sent")
			require.Equal(t, pages["/deep"], open(t, item), "an item that was not sent is asked for when opened")
		}
	}
	require.Equal(t, map[Outcome]int{Unchanged: 3, Fetched: 1}, src.Report().Counts)
}

// TestBrokenOffCrawlGoesOn stops after every number of items and checks that the
// next iteration yields all, and asks for no page a second time.
func TestBrokenOffCrawlGoesOn(t *testing.T) {
	for stop := 1; stop <= 4; stop++ {
		w := one(shop())
		store := NewMemoryStore()
		n := 0
		for range w.source(t, home, Options{Store: store, InFlight: 1}).Items(t.Context()) {
			if n++; n == stop {
				break
			}
		}
		got := walk(t, w.source(t, home, Options{Store: store, InFlight: 1}))
		require.NoError(t, got.end)
		require.Equal(t, at("/", "/deep", "/orders", "/refunds"), got.pages)
		require.Equal(t, 4, w.bodies, "stopped after %d", stop)
		require.Equal(t, stop, got.report.Counts[Resumed])
		last, err := store.Last(t.Context(), "example.com")
		require.NoError(t, err)
		require.False(t, last.Ended.IsZero())
	}
}

func TestOldCrawlIsStartedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := one(shop())
		src := w.source(t, home, Options{})
		for range src.Items(t.Context()) {
			break
		}
		require.NoError(t, sleep(t.Context(), 25*time.Hour))
		require.Zero(t, walk(t, src).report.Counts[Resumed])
	})
}

// TestFailedRefreshKeepsWhatIsKnown checks that a page that fails keeps its ID,
// and what it led to, so that nothing is taken to be gone.
func TestFailedRefreshKeepsWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pages := shop()
		pages["/refunds"] = `<link rel=canonical href="/refunds/">` + pages["/refunds"]
		w := one(pages)
		src := w.source(t, home, Options{})
		first := walk(t, src)
		require.Equal(t, at("/", "/deep", "/orders", "/refunds/"), first.pages)

		good := w.hosts["*"]
		w.hosts["*"] = func(out http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/refunds" {
				out.WriteHeader(http.StatusBadGateway)
				return
			}
			good(out, r)
		}
		got := walk(t, src)
		require.NoError(t, got.end, "what the page led to is remembered, so nothing is hidden")
		require.Equal(t, at("/", "/deep", "/orders"), got.pages)
		require.Equal(t, at("/refunds/"), keys(got.failed))
		w.hosts["*"] = good
		require.Equal(t, first.pages, walk(t, src).pages)
	})
}

// TestUnlinkedPageIsAskedFor checks that a page is gone when it says so, and not
// when nothing leads to it any more.
func TestUnlinkedPageIsAskedFor(t *testing.T) {
	pages := shop()
	w := one(pages)
	src := w.source(t, home, Options{})
	walk(t, src)
	pages["/"] = text("closed for repair")
	require.Equal(t, at("/", "/deep", "/orders", "/refunds"), walk(t, src).pages)
	delete(pages, "/orders")
	got := walk(t, src)
	require.NoError(t, got.end)
	require.Equal(t, at("/", "/deep", "/refunds"), got.pages)
	require.Equal(t, 1, got.report.Counts[Missing])
}

// TestMostPagesGoneAtOnce checks that a site that shows one page for all is not
// believed at once, and is believed the next time.
func TestMostPagesGoneAtOnce(t *testing.T) {
	var links []string
	pages := map[string]string{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"} {
		pages["/"+name] = text(name)
		links = append(links, "/"+name)
	}
	pages["/"] = text("home", links...)
	w := one(pages)
	src := w.source(t, home, Options{})
	require.Len(t, walk(t, src).pages, 13)
	good := w.hosts["*"]
	w.hosts["*"] = one(map[string]string{"/": text("repair")}).hosts["*"]
	require.ErrorContains(t, walk(t, src).end, "12 of 13 pages are gone at once")
	w.hosts["*"] = good
	require.Len(t, walk(t, src).pages, 13, "they come back")
	w.hosts["*"] = one(map[string]string{"/": text("moved")}).hosts["*"]
	require.Error(t, walk(t, src).end)
	require.NoError(t, walk(t, src).end, "what is gone twice is gone")
}

func TestDuplicates(t *testing.T) {
	same := text("same text")
	tests := []struct {
		name  string
		pages map[string]string
		want  []string
		count map[Outcome]int
	}{
		{"the same text", map[string]string{"/": text("home", "/a", "/b"), "/a": same, "/b": same}, nil, map[Outcome]int{Fetched: 2, Duplicate: 1}},
		{"few words are no text", map[string]string{"/": text("home", "/a", "/b"), "/a": "<p>x", "/b": "<p>x"}, []string{"/", "/a", "/b"}, nil},
		{"nearly the same, of one path", map[string]string{"/": text("home", "/a", "/a?print"), "/a": same, "/a?print": same + " printed"}, nil, map[Outcome]int{Fetched: 2, Duplicate: 1}},
		{"nearly the same, with other figures", map[string]string{"/": text("home", "/a", "/a?c=2"), "/a": same + " 14 days", "/a?c=2": same + " 30 days"}, []string{"/", "/a", "/a?c=2"}, nil},
		{"nearly the same, of two paths", map[string]string{"/": text("home", "/uk", "/de"), "/uk": same + " here", "/de": same + " there"}, []string{"/", "/de", "/uk"}, nil},
		{"canonical of another path", map[string]string{"/": text("home", "/a"), "/a": "<link rel=canonical href=/b>" + text("a"), "/b": text("b")}, []string{"/", "/b"}, map[Outcome]int{Fetched: 2, Duplicate: 1}},
		{"canonical that does not exist", map[string]string{"/": text("home", "/a"), "/a": "<link rel=canonical href=/b>" + text("a")}, []string{"/", "/a"}, map[Outcome]int{Fetched: 2, Missing: 1}},
		{"canonical on another site", map[string]string{"/": text("home", "/a"), "/a": "<link rel=canonical href=https://other.example/a>" + text("a")}, []string{"/", "/a"}, nil},
		{"canonical that differs in a slash", map[string]string{"/": text("home", "/a"), "/a": "<link rel=canonical href=/a/>" + text("a")}, []string{"/", "/a/"}, map[Outcome]int{Fetched: 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := one(test.pages).source(t, home, Options{})
			got := walk(t, src)
			require.NoError(t, got.end)
			if test.want != nil {
				require.Equal(t, at(test.want...), got.pages)
			}
			if test.count != nil {
				require.Equal(t, test.count, got.report.Counts)
			}
			require.Equal(t, got.pages, walk(t, src).pages, "a second crawl yields the same pages")
		})
	}
}

// TestDuplicateTakesOver checks that content is not lost with the page that had
// it first.
func TestDuplicateTakesOver(t *testing.T) {
	same := text("same text")
	pages := map[string]string{"/": text("home", "/a", "/b"), "/a": same, "/b": same}
	src := one(pages).source(t, home, Options{InFlight: 1})
	require.Equal(t, at("/", "/a"), walk(t, src).pages)
	delete(pages, "/a")
	require.Equal(t, at("/", "/b"), walk(t, src).pages)
}

func TestGivenPagesAlone(t *testing.T) {
	w := one(shop())
	src := w.source(t, home+"/refunds", Options{Alone: true, Pages: []string{"https://other.example/orders", home + "/deep", home + "/missing"}})
	got := walk(t, src)
	require.NoError(t, got.end)
	require.Equal(t, []string{home + "/deep", home + "/refunds", "https://other.example/orders"}, got.pages)
	require.Equal(t, at("/missing"), keys(got.failed))
	require.NotContains(t, w.asked, home+"/sitemap.xml")
}

func TestProgress(t *testing.T) {
	var all []Progress
	src := one(shop()).source(t, home, Options{Progress: func(p Progress) { all = append(all, p) }})
	walk(t, src)
	require.Len(t, all, 4)
	last := all[3]
	require.Equal(t, []any{4, 4, 0}, []any{last.Pages, last.Done, last.Left})
	require.Equal(t, 2, all[0].Left)
	require.Equal(t, 2.0, Progress{Done: 4, Elapsed: 2 * time.Second}.Rate())
	require.Equal(t, 4, src.Report().Pages())
}
