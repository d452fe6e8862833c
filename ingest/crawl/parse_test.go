package crawl

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRobots(t *testing.T) {
	const general = "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.php$\nDisallow: /a*c\n"
	tests := []struct {
		name, robots, path string
		allowed            bool
	}{
		{"empty", "", "/x", true},
		{"prefix", general, "/private/x", false},
		{"longest wins", general, "/private/open/x", true},
		{"end", general, "/x.php", false},
		{"not the end", general, "/x.php?q=1", true},
		{"wildcard", general, "/abbbc", false},
		{"robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true},
		{"of two of one length allow wins", "User-agent: *\nDisallow: /x\nAllow: /x", "/x", true},
		{"own group before the general", "User-agent: *\nDisallow: /\n\nUser-agent: FrontDesk/2.0\nDisallow: /x", "/y", true},
		{"own groups are merged", "User-agent: frontdesk\nDisallow: /x\nUser-agent: other\nDisallow: /z\nUser-agent: frontdesk\nDisallow: /y", "/y", false},
		{"two agents, one group", "User-agent: other\nUser-agent: frontdesk\nDisallow: /x", "/x", false},
		{"another crawler's group", "User-agent: frontdesker\nDisallow: /", "/x", true},
		{"rules before any group", "Disallow: /\nUser-agent: frontdesk\nAllow: /", "/x", true},
		{"empty disallow", "User-agent: *\nDisallow:", "/x", true},
		{"escapes", "User-agent: *\nDisallow: /ä", "/%c3%a4", false},
		{"comment", "User-agent: * # all\nDisallow: /x # y", "/x", false},
		{"mark at the start", "\ufeffUser-agent: *\r\nDisallow: /x", "/x", false},
		{"query", "User-agent: *\nDisallow: /*?print=", "/a?print=1", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.allowed, parseRobots(test.robots, "frontdesk").allowed(test.path))
		})
	}
}

// TestRobotsCases runs the cases of Google's own tests where they are at hand.
func TestRobotsCases(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/pages/robots-cases.json")
	if err != nil {
		t.Skip("the cases are not here")
	}
	var cases []struct {
		Test, Robots, Agent, URL string
		Allow                    bool
	}
	require.NoError(t, json.Unmarshal(data, &cases))
	require.Len(t, cases, 140)
	for _, c := range cases {
		path := "/"
		if _, rest, ok := strings.Cut(c.URL, "://"); ok && strings.Contains(rest, "/") {
			path = rest[strings.Index(rest, "/"):]
		}
		require.Equal(t, c.Allow, parseRobots(c.Robots, c.Agent).allowed(path), "%s: %s %s", c.Test, c.Agent, c.URL)
	}
}

func TestCrawlDelay(t *testing.T) {
	for source, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 2.5":                                         2500 * time.Millisecond,
		"User-agent: *\nCrawl-delay: 3600":                                        maxCrawlDelay,
		"User-agent: *\nCrawl-delay: -1":                                          0,
		"User-agent: *\nCrawl-delay: soon":                                        0,
		"User-agent: *\nCrawl-delay: 5\n\nUser-agent: frontdesk\nCrawl-delay: 1":  time.Second,
		"User-agent: *\nCrawl-delay: 5\n\nUser-agent: frontdesk\nDisallow: /x":    0,
		"User-agent: frontdesk\nCrawl-delay: 1\nUser-agent: other\nDisallow: /\n": time.Second,
	} {
		require.Equal(t, want, parseRobots(source, "frontdesk").delay, source)
	}
}

func TestRobotsOfTenMegabytes(t *testing.T) {
	source := "User-agent: *\nDisallow: /x\n" + strings.Repeat("Disallow: /long/path\n", 500_000) + "Disallow: /late\n"
	r := parseRobots(source, "frontdesk")
	require.False(t, r.allowed("/x"))
	require.True(t, r.allowed("/late"), "what is beyond 500 KiB is not read")
}

// locations returns what a sitemap lists: pages and indexes.
func locations(source string) (pages, indexes []string) {
	readSitemap(strings.NewReader(source), func(l location) bool {
		if l.index {
			indexes = append(indexes, l.address)
		} else {
			pages = append(pages, l.address)
		}
		return true
	})
	return pages, indexes
}

func packed(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestSitemap(t *testing.T) {
	const source = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x">
		<url><loc>https://example.com/a?x=1&amp;y=2</loc><image:image><image:loc>https://example.com/a.png</image:loc></image:image></url>
		<url><loc><![CDATA[https://example.com/b]]></loc></url><url><loc></loc></url></urlset>`
	const list = "\ufeffhttps://example.com/a\r\n\n https://example.com/b \n"
	want := []string{"https://example.com/a?x=1&y=2", "https://example.com/b"}
	tests := []struct {
		name, source   string
		pages, indexes []string
	}{
		{"pages", source, want, nil},
		{"compressed", packed(t, source), want, nil},
		{"cut off", source[:strings.Index(source, "<![CDATA")], want[:1], nil},
		{"compressed and cut off", packed(t, source)[:60], nil, nil},
		{"index", "<sitemapindex><sitemap><loc>m</loc></sitemap></sitemapindex>", nil, []string{"m"}},
		{"list", list, []string{"https://example.com/a", "https://example.com/b"}, nil},
		{"compressed list", packed(t, list), []string{"https://example.com/a", "https://example.com/b"}, nil},
		{"Atom", `<feed><entry><link href="https://example.com/a"/><updated>2026-11-22</updated></entry></feed>`, []string{"https://example.com/a"}, nil},
		{"RSS", "<rss><channel><link>x</link><item><link>https://example.com/a</link></item></channel></rss>", []string{"https://example.com/a"}, nil},
		{"a page", "<!DOCTYPE html><html><p>Not found", nil, nil},
		{"empty", "", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pages, indexes := locations(test.source)
			require.Equal(t, test.pages, pages)
			require.Equal(t, test.indexes, indexes)
		})
	}
}

func TestSitemapDates(t *testing.T) {
	for date, want := range map[string]time.Time{
		"2026":                      time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		"2026-11-22":                time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		"2026-11-22T10:00Z":         time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
		"2026-11-22T10:00:00+01:00": time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		"2026-11-22T10:00:00.5Z":    time.Date(2026, 11, 22, 10, 0, 0, 5e8, time.UTC),
		"yesterday":                 {},
	} {
		readSitemap(strings.NewReader("<url><loc>a</loc><lastmod> "+date+" </lastmod></url>"), func(l location) bool {
			require.True(t, want.Equal(l.modified), date)
			return true
		})
	}
}

// TestSitemapBombs checks that a sitemap ends at its limits, whatever it becomes.
func TestSitemapBombs(t *testing.T) {
	pages, _ := locations("<urlset>" + strings.Repeat("<url><loc>a</loc></url>", maxSitemapURLs+10))
	require.Len(t, pages, maxSitemapURLs)
	pages, _ = locations(packed(t, "<urlset><url><loc>a</loc></url>"+strings.Repeat(" ", 60<<20)+"<url><loc>b</loc></url>"))
	require.Equal(t, []string{"a"}, pages)
	pages, _ = locations("<urlset><url><loc>" + strings.Repeat("a", 3<<20))
	require.Empty(t, pages)
}

func TestNormal(t *testing.T) {
	base := newBase("https://example.com/help/start.html?x=1")
	for link, want := range map[string]string{
		"a.html":                                "https://example.com/help/a.html",
		"../b/./c":                              "https://example.com/b/c",
		"../../../b":                            "https://example.com/b",
		"b/../c/.":                              "https://example.com/help/c/",
		"..":                                    "https://example.com/",
		"":                                      "https://example.com/help/start.html?x=1",
		"#part":                                 "https://example.com/help/start.html?x=1",
		"?utm_source=x&q=1&gclid=2":             "https://example.com/help/start.html?q=1",
		"HTTPS://EXAMPLE.COM:443":               "https://example.com/",
		"http://user:pass@example.com:80/a":     "http://example.com/a",
		"//other.example/x":                     "https://other.example/x",
		"\\\\other.example\\x":                  "https://other.example/x",
		" /a b\t\n":                             "https://example.com/a%20b",
		"/ü?q=ä":                                "https://example.com/%C3%BC?q=%C3%A4",
		"/%7euser/%c3%bc":                       "https://example.com/~user/%C3%BC",
		"https://bücher.example/":               "https://xn--bcher-kva.example/",
		"/a;jsessionid=1A2B/b;jsessionid=3?x=1": "https://example.com/a/b?x=1",
		"/a?PHPSESSID=f00&b=c":                  "https://example.com/a?b=c",
		"http://0x7f.1/":                        "http://127.0.0.1/",
		"http://2130706433/":                    "http://127.0.0.1/",
		"http://[::FFFF:127.0.0.1]/":            "http://[::ffff:7f00:1]/",
		"mailto:a@example.com":                  "",
		"javascript:void(0)":                    "",
		"http://[::1":                           "",
		"http://[fe80::1%25eth0]/":              "",
		"/100%-cotton%2":                        "https://example.com/100%25-cotton%252",
	} {
		got, err := base.normal(link)
		require.Equal(t, want, got, link)
		require.Equal(t, want == "", err != nil, link)
	}
}

func TestCheck(t *testing.T) {
	for path, want := range map[string]error{
		"/a/a/a":                         nil,
		"/a/a/a/a":                       errRepeats,
		"/" + strings.Repeat("x/y/", 12): errDeepPath,
		"/" + strings.Repeat("x", 3000):  errLong,
		"/?a=1&b=2&c=3&d=4&e=5&f=6":      nil,
		"/?a=1&b=2&c=3&d=4&e=5&f=6&g=7":  errFacets,
	} {
		require.Equal(t, want, check("https://example.com"+path), path)
	}
}

// TestPlainLinks checks that the short way to resolve a link comes to what the
// parser comes to.
func TestPlainLinks(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		link := rapid.StringMatching(`(\.\./){0,3}/?[a-z.A-Z/_-]{0,12}`).Draw(r, "link")
		page, err := normal("https://example.com/a/b/" + rapid.StringMatching(`[a-z./]{0,5}`).Draw(r, "page"))
		require.NoError(r, err)
		b := newBase(page)
		short, ok := b.plain(link)
		if !ok {
			return
		}
		u, err := whatwg.ParseRef(b.address, link)
		require.NoError(r, err)
		require.Equal(r, u.String(), short)
	})
}

// TestURLCases runs the web platform's cases for http and https where they are
// at hand.
func TestURLCases(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/pages/urltestdata.json")
	if err != nil {
		t.Skip("the cases are not here")
	}
	var cases []json.RawMessage
	require.NoError(t, json.Unmarshal(data, &cases))
	right, all := 0, 0
	for _, raw := range cases {
		var c struct {
			Input, Base, Href, Protocol, Pathname, Search, Host string
			Failure                                             bool
		}
		if json.Unmarshal(raw, &c) != nil || c.Failure || c.Protocol != "http:" && c.Protocol != "https:" {
			continue
		}
		all++
		got, err := base{address: c.Base}.normal(c.Input)
		want := c.Protocol + "//" + c.Host + tidy(c.Pathname)
		if q := cleanQuery(strings.TrimPrefix(c.Search, "?")); q != "" {
			want += "?" + q
		}
		if err == nil && got == want {
			right++
		}
	}
	t.Logf("%d of %d", right, all)
	require.Greater(t, float64(right)/float64(all), 0.95) // the rest are hosts that no site has
}

func TestPage(t *testing.T) {
	p := parsePage([]byte(`<title> The
		title </title><base href="/b/"><link rel="canonical" href="/c"><a href="x#1">1</a><a href=x>2</a><a rel="nofollow" href=y>3</a>
		<meta http-equiv=refresh content="0; URL='/new'"><meta name=googlebot content=noindex><script>a href</script><p>Words 12`), "text/html")
	require.Equal(t, []any{"The title", "/b/", "/c", "/new"}, []any{p.title, p.base, p.canonical, p.refresh})
	require.Equal(t, []string{"x"}, p.links)
	require.Equal(t, 5, p.print.words, "1 2 3 Words 12")
	require.False(t, p.noIndex, "it is for another crawler")
	require.Equal(t, []string{"/é"}, parsePage([]byte("<a href=/\xe9>"), "text/html; charset=iso-8859-1").links)
	require.Equal(t, []string{"/x"}, parsePage([]byte("\xff\xfe<\x00a\x00 \x00h\x00r\x00e\x00f\x00=\x00/\x00x\x00>\x00"), "").links, "UTF-16")
}

func TestDirectives(t *testing.T) {
	tests := []struct {
		list              string
		noIndex, noFollow bool
	}{
		{"NOINDEX , NoFollow", true, true},
		{"none", true, true},
		{"index, max-snippet:20", false, false},
		{"max-snippet:20, noindex", true, false},
		{"unavailable_after: 25 Jun 2030 15:00:00 GMT", false, false},
		{"googlebot: noindex", false, false},
		{"frontdesk: noindex, nofollow", true, true},
	}
	for _, test := range tests {
		var p page
		p.directives(test.list)
		require.Equal(t, []bool{test.noIndex, test.noFollow}, []bool{p.noIndex, p.noFollow}, test.list)
	}
}

func printOf(text string) (p print) {
	p = newPrint()
	p.add([]byte(text))
	return p
}

func TestPrint(t *testing.T) {
	text := strings.Repeat("Refunds take several days and are paid to the card that was used for the order. ", 2) +
		"Bring the receipt, the parcel and the key to any of our shops before the end of the month, or send it to us by mail."
	a, b := printOf(text), printOf(strings.ToUpper(text)+" !")
	require.Equal(t, a.digest(), b.digest(), "case and signs are no words")
	c := printOf(text + " Printed")
	require.NotEqual(t, a.digest(), c.digest())
	require.True(t, near(a.similar(), c.similar()))
	d := printOf("Quite another text about bicycles and how their chains are cleaned, oiled, and put on again after the winter is over at last, says the shop")
	require.False(t, near(a.similar(), d.similar()))
	few := printOf("few words")
	require.Empty(t, few.digest(), "few words tell nothing")
	x, y := printOf(text+" 14 days"), printOf(text+" 30 days")
	require.NotEqual(t, x.figures, y.figures)
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%c3", "/axb")
	f.Fuzz(func(t *testing.T, source, path string) {
		r := parseRobots(source, "frontdesk")
		r.allowed(path)
		r.allowed(escapePath(path))
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://example.com/</loc></url></urlset>"))
	f.Add([]byte("https://example.com/\n"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		readSitemap(bytes.NewReader(data), func(l location) bool {
			n++
			require.NotEmpty(t, l.address)
			require.LessOrEqual(t, len(l.address), len(data)+maxText)
			return true
		})
		require.LessOrEqual(t, n, maxSitemapURLs)
	})
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`<base href="/x"><a rel=nofollow href="?q">x</a><meta name=robots content=none><link rel=canonical href=y>`), "text/html")
	base := newBase("https://example.com/a/b?c")
	f.Fuzz(func(t *testing.T, data []byte, mediaType string) {
		p := parsePage(data, mediaType)
		require.LessOrEqual(t, len(p.links), maxLinks)
		for _, link := range p.links {
			normalStaysNormal(t, base, link)
		}
	})
}

func FuzzNormal(f *testing.F) {
	f.Add("https://example.com/a", "../%7e?utm_x=1&b=%e4;jsessionid=1#c")
	f.Fuzz(func(t *testing.T, page, link string) {
		if address, err := normal(page); err == nil {
			normalStaysNormal(t, newBase(address), link)
		}
	})
}

func normalStaysNormal(t *testing.T, b base, link string) {
	t.Helper()
	address, err := b.normal(link)
	if err != nil {
		return
	}
	again, err := normal(address)
	require.NoError(t, err, "a normal address stays one: %q", address)
	require.Equal(t, address, again)
	_, err = url.Parse(address)
	require.NoError(t, err, "a normal address can be asked for")
}
