package crawl

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
			u, err := url.Parse("https://example.com" + test.path)
			require.NoError(t, err)
			require.Equal(t, test.allowed, parseRobots(test.robots, "frontdesk").allowed(u))
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
	var wrong []string
	for _, c := range cases {
		u, err := url.Parse(c.URL)
		require.NoError(t, err)
		if parseRobots(c.Robots, c.Agent).allowed(u) != c.Allow {
			wrong = append(wrong, c.Test+": "+c.Agent+" "+c.URL)
		}
	}
	t.Logf("%d of %d cases differ: %q", len(wrong), len(cases), wrong)
	// The two ask for addresses that are not encoded: a crawler sends none.
	require.LessOrEqual(t, len(wrong), 2)
}

func TestSitemap(t *testing.T) {
	const source = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x">
		<url><loc>https://example.com/a?x=1&amp;y=2</loc><image:image><image:loc>https://example.com/a.png</image:loc></image:image></url>
		<url><loc><![CDATA[https://example.com/b]]></loc></url><url><loc></loc></url></urlset>`
	want := []string{"https://example.com/a?x=1&y=2", "https://example.com/b"}
	require.Equal(t, want, parseSitemap([]byte(source)).pages)

	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(source))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.Equal(t, want, parseSitemap(packed.Bytes()).pages)

	require.Equal(t, want[:1], parseSitemap([]byte(source[:strings.Index(source, "<![CDATA")])).pages, "what stands before a fault is kept")
	require.Equal(t, []string{"m"}, parseSitemap([]byte("<sitemapindex><sitemap><loc>m</loc></sitemap></sitemapindex>")).maps)
}

func TestNormal(t *testing.T) {
	base, err := url.Parse("https://Example.com/help/start.html?x=1")
	require.NoError(t, err)
	tests := map[string]string{
		"a.html":                            "https://example.com/help/a.html",
		"../b/./c":                          "https://example.com/b/c",
		"#part":                             "https://example.com/help/start.html?x=1",
		"?utm_source=x&q=1&gclid=2":         "https://example.com/help/start.html?q=1",
		"HTTPS://EXAMPLE.COM:443":           "https://example.com/",
		"http://user:pass@example.com:80/a": "http://example.com/a",
		"//other.example/x":                 "https://other.example/x",
		"mailto:a@example.com":              "",
		"javascript:void(0)":                "",
		"http://[::1":                       "",
		"/a/a/a/a/a":                        "",
		"/" + strings.Repeat("x/", 30):      "",
		"/" + strings.Repeat("x", 3000):     "",
	}
	for link, want := range tests {
		got := ""
		if u := normal(base, link); u != nil {
			got = u.String()
		}
		require.Equal(t, want, got, link)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%c3", "/axb")
	f.Fuzz(func(t *testing.T, source, path string) {
		r := parseRobots(source, "frontdesk")
		r.allowed(&url.URL{Path: path})
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://example.com/</loc></url></urlset>"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := parseSitemap(data)
		require.LessOrEqual(t, len(s.pages)+len(s.maps), maxSitemapURLs)
	})
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`<base href="/x"><a rel=nofollow href="?q">x</a><meta name=robots content=none><link rel=canonical href=y>`))
	base := &url.URL{Scheme: "https", Host: "example.com", Path: "/"}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, link := range parsePage(data).links {
			if u := normal(base, link); u != nil {
				again := normal(base, u.String())
				require.NotNil(t, again, "a normal address stays one: %q", u)
				require.Equal(t, u.String(), again.String())
			}
		}
	})
}
