package console_test

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io/fs"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/console"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	_, err := console.New(console.Config{})
	require.ErrorContains(t, err, "Agent is nil")
}

func TestRoutes(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{}, "How do I return it?")
		for _, tt := range []struct {
			method, path string
			code         int
		}{
			{"GET", "/", 200},
			{"HEAD", "/", 200},
			{"POST", "/", 405},
			{"GET", "/?owner=queued", 200},
			{"GET", "/?owner=nonsense", 200},
			{"GET", "/conversations/" + id, 200},
			{"GET", "/conversations/" + id + "?all", 200},
			{"DELETE", "/conversations/" + id, 405},
			{"GET", "/conversations/unknown", 404},
			{"GET", "/conversations/" + id + "/take", 405},
			{"GET", "/conversations/" + id + "/reply", 405},
			{"GET", "/conversations/" + id + "/return", 405},
			{"GET", "/conversations/" + id + "/close", 405},
			{"POST", "/conversations/unknown/take", 404},
			{"POST", "/conversations/unknown/return", 404},
			{"POST", "/conversations/unknown/close", 404},
			{"POST", "/conversations/" + id + "/delete", 404},
			{"GET", "/audit", 200},
			{"PUT", "/audit", 405},
			{"GET", "/audit?before=junk", 200},
			{"GET", "/audit?before=-1", 200},
			{"GET", "/audit?before=9223372036854775807", 200},
			{"GET", "/assets/console.css", 200},
			{"GET", "/assets/console.js", 200},
			{"GET", "/assets/icon.svg", 200},
			{"GET", "/assets/..%2Fconsole.go", 404},
			{"POST", "/assets/console.js", 405},
			{"GET", "/nothing", 404},
		} {
			w := d.do(tt.method, tt.path, nil)
			require.Equal(t, tt.code, w.Code, "%s %s", tt.method, tt.path)
			if tt.code == http.StatusMethodNotAllowed {
				require.NotEmpty(t, w.Header().Get("Allow"), "%s %s", tt.method, tt.path)
			}
		}
		require.Equal(t, channel.ByAgent, d.owner(id), "nothing of this changed anything")
	})
}

func TestEveryAnswerForbidsWhatPagesDoNotNeed(t *testing.T) {
	d := newDesk(t, agent.Config{})
	for _, path := range []string{"/", "/audit", "/conversations/unknown", "/nothing", "/assets/console.js"} {
		h := d.do("GET", path, nil).Header()
		policy := h.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'", path)
		require.Contains(t, policy, "frame-ancestors 'none'", path)
		require.NotContains(t, policy, "unsafe", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "same-origin", h.Get("Referrer-Policy"), path)
	}
	require.Equal(t, "no-store", d.do("GET", "/", nil).Header().Get("Cache-Control"))
}

var inline = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\sstyle=|\son\w+=`)

func TestTemplatesHaveNothingInline(t *testing.T) {
	require.NoError(t, fs.WalkDir(os.DirFS("templates"), ".", func(path string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		text, err := os.ReadFile("templates/" + path)
		require.Empty(t, inline.FindString(string(text)), "%s: the policy of the pages refuses it", path)
		return err
	}))
}

func TestAssetsAreAskedForAgain(t *testing.T) {
	d := newDesk(t, agent.Config{})
	first := d.do("GET", "/assets/console.css", nil)
	require.Contains(t, first.Header().Get("Content-Type"), "text/css")
	require.NotEmpty(t, first.Header().Get("ETag"))

	r := httptest.NewRequest("GET", "/assets/console.css", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	w := httptest.NewRecorder()
	d.console.ServeHTTP(w, r)
	require.Equal(t, http.StatusNotModified, w.Code)
}

func TestNobodyIsRefused(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{Name: "Ann"}, "I want to talk to a human")
		d.person = ""
		for _, path := range []string{"/", "/conversations/" + id, "/audit"} {
			w := d.do("GET", path, nil)
			require.Equal(t, http.StatusForbidden, w.Code, path)
			require.NotContains(t, w.Body.String(), "Ann", path)
		}
		require.Equal(t, http.StatusForbidden, d.do("POST", "/conversations/"+id+"/take", nil).Code)
		require.Equal(t, channel.Queued, d.owner(id))
	})
}

func TestOtherSitesAreRefused(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{}, "I want to talk to a human")
		for name, header := range map[string][2]string{
			"by fetch metadata": {"Sec-Fetch-Site", "cross-site"},
			"by origin":         {"Origin", "https://evil.example"},
			"of a sibling":      {"Sec-Fetch-Site", "same-site"},
		} {
			for _, action := range []string{"take", "reply", "return", "close", "send", "drop", "suggest"} {
				r := httptest.NewRequestWithContext(t.Context(), "POST", "/conversations/"+id+"/"+action, strings.NewReader("message=1&text=hello"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set(header[0], header[1])
				w := httptest.NewRecorder()
				d.console.ServeHTTP(w, r)
				require.Equal(t, http.StatusForbidden, w.Code, "%s: %s", name, action)
				require.Contains(t, w.Body.String(), "another site")
			}
		}
		d.pass(time.Second)
		require.Equal(t, channel.Queued, d.owner(id))
		require.Empty(t, d.said())
	})
}

// broken is a store whose archive fails.
type broken struct{ *agent.MemoryStore }

var errDisk = errors.New("disk /dev/sda1 is full")

func (broken) Conversations(context.Context, agent.Filter) iter.Seq2[agent.Conversation, error] {
	return func(yield func(agent.Conversation, error) bool) { yield(agent.Conversation{}, errDisk) }
}

func (broken) Records(context.Context, string, int64) iter.Seq2[agent.Record, error] {
	return func(yield func(agent.Record, error) bool) { yield(agent.Record{}, errDisk) }
}

func TestErrorsAreToldWithoutInternals(t *testing.T) {
	a, err := agent.New(agent.Config{Knowledge: shelf{}, Store: broken{agent.NewMemoryStore()}})
	require.NoError(t, err)
	var log bytes.Buffer
	c, err := console.New(console.Config{Agent: a, Log: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", "/", nil),
		httptest.NewRequest("GET", "/audit", nil),
		httptest.NewRequest("GET", "/conversations/x", nil),
		httptest.NewRequest("POST", "/conversations/x/take", nil),
	} {
		log.Reset()
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		require.Equal(t, http.StatusInternalServerError, w.Code, r.URL.Path)
		require.NotContains(t, w.Body.String(), "sda1", r.URL.Path)
		require.Contains(t, log.String(), "sda1", r.URL.Path)
	}
}

func TestBalance(t *testing.T) {
	d := newDesk(t, agent.Config{})
	balance, fault := credits.Balance{Available: 12500}, error(nil)
	c, err := console.New(console.Config{
		Agent: d.Agent, Title: "Help & care",
		Credits: func(context.Context) (credits.Balance, error) { return balance, fault },
	})
	require.NoError(t, err)
	d.console = c
	require.Contains(t, d.get("/"), "12.5 credits left")
	require.Contains(t, d.get("/"), "Help &amp; care")
	fault = errDisk
	require.NotContains(t, d.get("/"), "credits left", "a page does without a balance that is not known")
}

var address = regexp.MustCompile(`\s(href|src|action|data-live)="([^"#][^"]*)"`)

func TestEveryLinkLeadsSomewhereUnderThePrefix(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		const root = "/admin/desk/"
		d.write("t", channel.Party{}, "I want to talk to a human")
		d.console = http.StripPrefix("/admin/desk", d.console)
		seen := map[string]bool{root: true}
		for todo := []string{root}; len(todo) > 0; todo = todo[1:] {
			for _, found := range address.FindAllStringSubmatch(d.get(todo[0]), -1) {
				page, err := url.Parse(todo[0])
				require.NoError(t, err)
				to, err := page.Parse(html.UnescapeString(found[2]))
				require.NoError(t, err)
				require.True(t, strings.HasPrefix(to.Path, root), "%s on %s leaves the console", found[0], todo[0])
				switch path := to.RequestURI(); {
				case seen[path]:
				case found[1] == "action":
					require.Equal(t, http.StatusMethodNotAllowed, d.do("GET", path, nil).Code, path)
				case strings.Contains(path, "/assets/"):
					d.get(path)
				default:
					seen[path], todo = true, append(todo, path)
				}
			}
		}
		require.Greater(t, len(seen), 5)
	})
}
