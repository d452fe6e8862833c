package crm_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/crm"
	"github.com/frontdesk-go/frontdesk/channel"
)

// serve serves until the test ends.
func serve(t *testing.T, h http.Handler) (url string, client *http.Client) {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, s.Client()
}

// an API that keeps customers as JSON of a form of its own.
type api struct {
	mu      sync.Mutex
	clients []map[string]any
	version int
}

func newAPI(customers []agent.Customer) *api {
	a := &api{}
	for _, c := range customers {
		a.clients = append(a.clients, map[string]any{
			"key": c.ID, "name": c.Name, "contact": map[string]any{"e/mail": c.Email, "phone": c.Phone}, "language": c.Language, "groups": c.Audiences,
			"attributes": map[string]any{"plan": c.Properties["plan"], "city": c.Properties["city"]},
		})
	}
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id, one := strings.CutPrefix(r.URL.Path, "/clients/")
	etag := fmt.Sprintf(`"%d"`, a.version)
	var found []map[string]any
	for _, c := range a.clients {
		contact := c["contact"].(map[string]any)
		if one && c["key"] == id || !one && (r.URL.Query().Get("mail") != "" && strings.EqualFold(fmt.Sprint(contact["e/mail"]), r.URL.Query().Get("mail")) ||
			r.URL.Query().Get("tel") != "" && contact["phone"] == r.URL.Query().Get("tel")) {
			found = append(found, c)
		}
	}
	switch {
	case one && len(found) == 0:
		http.Error(w, "secret", http.StatusNotFound)
		return
	case r.Method == http.MethodPatch && r.Header.Get("If-Match") != etag:
		http.Error(w, "secret", http.StatusPreconditionFailed)
		return
	case r.Method == http.MethodPatch:
		var patch map[string]map[string]any
		if json.NewDecoder(r.Body).Decode(&patch) != nil || r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "secret", http.StatusBadRequest)
			return
		}
		for name, v := range patch["attributes"] {
			found[0]["attributes"].(map[string]any)[name] = v
		}
		a.version++
	}
	w.Header().Set("ETag", etag)
	json.NewEncoder(w).Encode(map[string]any{"data": map[string]any{"items": found}})
}

func httpConfig(url string, client *http.Client) crm.HTTPConfig {
	return crm.HTTPConfig{
		Client: client, ByID: url + "/clients/{id}", ByEmail: url + "/clients?mail={email}", ByPhone: url + "/clients?x=1&tel={phone}",
		Update: url + "/clients/{id}", Results: "/data/items",
		Fields: map[string]string{"id": "/key", "email": "/contact/e~1mail", "phone": "/contact/phone", "audiences": "/groups", "plan": "/attributes/plan", "city": "/attributes/city"},
	}
}

func TestHTTP(t *testing.T) {
	agenttest.RunEditor(t, agenttest.EditorFeatures{Atomic: true}, func(t *testing.T, customers []agent.Customer) agent.Editor {
		c, err := crm.NewHTTP(httpConfig(serve(t, newAPI(customers))))
		require.NoError(t, err)
		return c
	})
}

func TestHTTPFaults(t *testing.T) {
	_, err := crm.NewHTTP(crm.HTTPConfig{
		ByEmail: "https://{email}.example.com/", ByPhone: "ftp://crm/{phone}", Update: "https://crm.example.com/", Results: "data", Fields: map[string]string{"plan": "plan"},
	})
	for _, want := range []string{
		"Client is nil", "ByEmail is", "ByPhone is", "Update is", "Update needs ByID", "Fields[plan]", "Results is",
	} {
		require.ErrorContains(t, err, want)
	}
	_, err = crm.NewHTTP(crm.HTTPConfig{Client: http.DefaultClient})
	require.ErrorContains(t, err, "one is needed")
}

// TestBadAnswers has the API misbehave in every way. Nobody is taken for anybody,
// and nothing that it says gets into an error.
func TestBadAnswers(t *testing.T) {
	ada := channel.Party{ID: "c1", Trust: channel.Signed}
	for name, answer := range map[string]http.HandlerFunc{
		"HTML": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>secret</html>") },
		"broken off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			fmt.Fprint(w, `{"da`)
		},
		"huge": func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				fmt.Fprint(w, `["`+strings.Repeat("x", 1<<20)+`"]`)
			}
		},
		"error":    func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "secret", http.StatusInternalServerError) },
		"refused":  func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "secret", http.StatusUnauthorized) },
		"a number": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `7`) },
		"null":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `null`) },
		"others": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"data":{"items":[{"key":"c2"},{"key":7},{"key":null},{},7]}}`)
		},
		"twice": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"data":{"items":[{"key":"c1"},{"key":"c1"}]}}`)
		},
		"no content": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"hangs":      func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			c, err := crm.NewHTTP(httpConfig(serve(t, answer)))
			require.NoError(t, err)
			ctx := t.Context()
			if name == "hangs" {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 50*time.Millisecond)
				defer cancel()
			}
			got, err := c.Customer(ctx, ada)
			require.Error(t, err)
			require.Zero(t, got)
			require.NotContains(t, err.Error(), "secret")
			err = c.Update(ctx, agent.Edit{Customer: "c1", Changes: []agent.Change{{Property: "plan", New: "x"}}})
			require.Error(t, err)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}
