package livechat_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

// files returns the widget's files as a browser gets them.
func files(t *testing.T, cfg livechat.Config) map[string]*httptest.ResponseRecorder {
	w := newWorld(t, t.Context(), cfg)
	entries, err := fs.ReadDir(os.DirFS("widget"), ".")
	require.NoError(t, err)
	all := make(map[string]*httptest.ResponseRecorder)
	for _, e := range entries {
		rec := w.do("GET", "/"+e.Name(), "", "")
		require.Equal(t, http.StatusOK, rec.Code, e.Name())
		all[e.Name()] = rec
	}
	return all
}

func TestWidgetIsServed(t *testing.T) {
	for name, rec := range files(t, livechat.Config{}) {
		want := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}[path.Ext(name)]
		require.Equal(t, want, rec.Header().Get("Content-Type"), name)
		require.Equal(t, "*", rec.Header().Get("Access-Control-Allow-Origin"), "pages of every site may load the files")

		w := newWorld(t, t.Context(), livechat.Config{})
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/"+name, nil)
		r.Header.Set("If-None-Match", rec.Header().Get("ETag"))
		again := httptest.NewRecorder()
		w.chat.ServeHTTP(again, r)
		require.Equal(t, http.StatusNotModified, again.Code, "a file that did not change is not sent again")
	}
}

func TestWidgetIsSmall(t *testing.T) {
	size := func(bodies ...[]byte) int {
		var out bytes.Buffer
		for _, b := range bodies {
			z := gzip.NewWriter(&out)
			_, err := z.Write(b)
			require.NoError(t, err)
			require.NoError(t, z.Close())
		}
		return out.Len()
	}
	var all [][]byte
	for _, rec := range files(t, livechat.Config{}) {
		all = append(all, rec.Body.Bytes())
	}
	loader := files(t, livechat.Config{})["widget.js"].Body.Bytes()
	require.Less(t, size(loader), 3<<10, "what every page loads has at most 3 KB")
	require.Less(t, size(all...), 30<<10, "the whole widget has at most 30 KB")
}

// The browser tests prove that markup in messages is inert. This keeps out the
// ways in which it could ever become otherwise.
func TestWidgetReadsNoTextAsHTML(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function|setTimeout\(["'` + "`]" + `|\bon[a-z]+ = |\.src = |srcdoc`)
	for name, rec := range files(t, livechat.Config{}) {
		require.NotRegexp(t, forbidden, rec.Body.String(), name)
	}
}

func TestAccentIsReadable(t *testing.T) {
	for accent, text := range map[string]string{
		"#000000": "#ffffff", "#ffffff": "#000000", "#3b5bdb": "#ffffff", "#ffd43b": "#000000", "#0B5C6B": "#ffffff",
	} {
		css := files(t, livechat.Config{Accent: accent})["widget.css"].Body.String()
		require.Contains(t, css, ":host { --accent: "+accent+"; --on-accent: "+text+"; }")
	}
}
