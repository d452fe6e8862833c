package rerank_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/rerank"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve answers each request with the next of the answers, and notes bodies.
func serve(t *testing.T, cfg rerank.Config, answers ...func(w http.ResponseWriter)) (c *rerank.Client, seen *[]string) {
	t.Helper()
	seen = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*seen = append(*seen, r.Header.Get("Authorization")+" "+string(body))
		if len(*seen) > len(answers) {
			t.Errorf("an unexpected request: %s", body)
			return
		}
		answers[len(*seen)-1](w)
	}))
	t.Cleanup(s.Close)
	cfg.URL, cfg.HTTP = s.URL+"/rerank", s.Client()
	c, err := rerank.New(cfg)
	require.NoError(t, err)
	return c, seen
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

var (
	two   = []retrieval.Passage{{Title: "Returns", Path: []string{"Times"}, Text: "30 days."}, {Title: "Shipping", Text: "By rail."}}
	named = rerank.Config{Model: "m-1"}
)

const good = `{"id": "x", "results": [{"index": 1, "relevance_score": 0.1}, {"index": 0, "relevance_score": 0.9, "document": {"text": "?"}}]}`

func TestCohere(t *testing.T) {
	cfg := named
	cfg.Key = func(context.Context) (string, error) { return "secret", nil }
	c, seen := serve(t, cfg, says(200, good))
	scores, err := c.Rerank(t.Context(), "how long", two)
	require.NoError(t, err)
	require.Equal(t, []float64{.9, .1}, scores, "scores are in the order of the passages")
	require.Equal(t, []string{
		`Bearer secret {"model":"m-1","query":"how long","documents":["Returns\nTimes\n30 days.","Shipping\nBy rail."],"top_n":2}`}, *seen)
}

func TestTextEmbeddingsInference(t *testing.T) {
	c, seen := serve(t, rerank.Config{}, says(200, `[{"index": 1, "score": -3.5}, {"index": 0, "score": 2}]`))
	scores, err := c.Rerank(t.Context(), "how long", two)
	require.NoError(t, err)
	require.Equal(t, []float64{2, -3.5}, scores)
	require.Equal(t, []string{` {"query":"how long","texts":["Returns\nTimes\n30 days.","Shipping\nBy rail."],"truncate":true}`}, *seen)
}

func TestNoPassages(t *testing.T) {
	c, _ := serve(t, named)
	scores, err := c.Rerank(t.Context(), "how long", nil)
	require.NoError(t, err)
	require.Empty(t, scores)
}

func TestWhatMayPassIsTriedOnceMore(t *testing.T) {
	broken := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	for name, first := range map[string]func(http.ResponseWriter){
		"busy": says(429, ""), "bad gateway": says(502, ""), "down": says(503, ""), "broken": broken,
	} {
		c, seen := serve(t, named, first, says(200, good))
		scores, err := c.Rerank(t.Context(), "q", two)
		require.NoError(t, err, name)
		require.Len(t, scores, 2, name)
		require.Len(t, *seen, 2, name)
		c, _ = serve(t, named, first, first)
		_, err = c.Rerank(t.Context(), "q", two)
		require.ErrorContains(t, err, "rerank: the server is not reached or busy", name)
	}
}

func TestHostileAnswers(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"no key":         says(401, `{"message": "secret"}`),
		"too large":      says(413, ""),
		"no answer":      says(204, ""),
		"elsewhere":      func(w http.ResponseWriter) { w.Header().Set("Location", "http://127.0.0.1:1/"); w.WriteHeader(307) },
		"empty":          says(200, ""),
		"no JSON":        says(200, "<html>"),
		"another form":   says(200, `[{"index": 0, "score": 1}, {"index": 1, "score": 2}]`),
		"null":           says(200, "null"),
		"too few":        says(200, `{"results": [{"index": 0, "relevance_score": 1}]}`),
		"twice":          says(200, `{"results": [{"index": 0, "relevance_score": 1}, {"index": 0, "relevance_score": 2}]}`),
		"below":          says(200, `{"results": [{"index": -1, "relevance_score": 1}, {"index": 0, "relevance_score": 2}]}`),
		"beyond":         says(200, `{"results": [{"index": 2, "relevance_score": 1}, {"index": 0, "relevance_score": 2}]}`),
		"without index":  says(200, `{"results": [{"relevance_score": 1}, {"index": 1, "relevance_score": 2}]}`),
		"without score":  says(200, `{"results": [{"index": 0}, {"index": 1, "relevance_score": 2}]}`),
		"infinite":       says(200, `{"results": [{"index": 0, "relevance_score": 1e999}, {"index": 1, "relevance_score": 2}]}`),
		"no number":      says(200, `{"results": [{"index": 0, "relevance_score": "NaN"}, {"index": 1, "relevance_score": 2}]}`),
		"without an end": says(200, strings.Repeat(" ", 2<<20)),
	} {
		cfg := named
		cfg.Key = func(context.Context) (string, error) { return "secret", nil }
		c, seen := serve(t, cfg, answer)
		scores, err := c.Rerank(t.Context(), "q", two)
		require.Error(t, err, name)
		require.Nil(t, scores, name)
		require.True(t, strings.HasPrefix(err.Error(), "rerank: "), err)
		require.NotContains(t, err.Error(), "secret", name)
		require.Len(t, *seen, 1, "it is not tried again: %s", name)
	}
}

func TestKeyThatIsNotThere(t *testing.T) {
	none := errors.New("no key")
	c, _ := serve(t, rerank.Config{Key: func(context.Context) (string, error) { return "", none }})
	_, err := c.Rerank(t.Context(), "q", two)
	require.ErrorIs(t, err, none)
}

func TestNew(t *testing.T) {
	for url, want := range map[string]string{
		"":                        "must be one of http or https with a host",
		"ftp://example.com":       "must be one of http or https with a host",
		"http:///rerank":          "must be one of http or https with a host",
		"http://a:b@example.com/": "holds a password",
		"http://[":                "is no URL",
	} {
		_, err := rerank.New(rerank.Config{URL: url})
		require.ErrorContains(t, err, want, url)
	}
}

// TestSuite runs against a server that scores a text by the words that it shares
// with the question.
func TestSuite(t *testing.T) {
	retrievaltest.RunReranker(t, func(t *testing.T) retrieval.Reranker {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var in struct {
				Query string
				Texts []string
			}
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				w.WriteHeader(400)
				return
			}
			var out []string
			for i, text := range in.Texts {
				n := 0
				for _, word := range strings.Fields(strings.ToLower(in.Query)) {
					n += strings.Count(strings.ToLower(text), word)
				}
				out = append(out, fmt.Sprintf(`{"index": %d, "score": %d}`, i, n))
			}
			io.WriteString(w, "["+strings.Join(out, ",")+"]")
		}))
		t.Cleanup(s.Close)
		c, err := rerank.New(rerank.Config{URL: s.URL, HTTP: s.Client()})
		require.NoError(t, err)
		return c
	})
}
