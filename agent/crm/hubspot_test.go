package crm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/crm"
	"github.com/frontdesk-go/frontdesk/channel"
)

// hub serves contacts as HubSpot does, as far as the adapter asks for them.
type hub struct {
	mu       sync.Mutex
	contacts []map[string]any
	first    []func(w http.ResponseWriter) // answers that come before its own
	requests int
}

func newHub(customers []agent.Customer) *hub {
	h := &hub{}
	for _, c := range customers {
		properties := map[string]any{"email": c.Email, "firstname": c.Name, "lastname": nil, "phone": c.Phone, "hs_language": c.Language, "groups": strings.Join(c.Audiences, ";")}
		for _, name := range []string{"plan", "city"} {
			properties[name] = c.Properties[name]
		}
		h.contacts = append(h.contacts, map[string]any{
			"id": c.ID, "archived": false, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "properties": properties})
	}
	return h
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests++
	if len(h.first) > 0 {
		answer := h.first[0]
		h.first = h.first[1:]
		answer(w)
		return
	}
	if r.Header.Get("Authorization") != "Bearer token" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	id, one := strings.CutPrefix(r.URL.Path, "/crm/v3/objects/contacts/")
	if one && id == "search" && r.Method == http.MethodPost {
		h.search(w, r)
		return
	}
	for _, c := range h.contacts {
		if c["id"] != id || id == "" {
			continue
		}
		if r.Method == http.MethodPatch {
			var in struct{ Properties map[string]string }
			if json.NewDecoder(r.Body).Decode(&in) != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			for name, v := range in.Properties {
				c["properties"].(map[string]any)[name] = v
			}
		}
		json.NewEncoder(w).Encode(c)
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

func (h *hub) search(w http.ResponseWriter, r *http.Request) {
	var in struct {
		FilterGroups []struct {
			Filters []struct{ PropertyName, Operator, Value string }
		}
		Limit int
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || len(in.FilterGroups) != 1 || len(in.FilterGroups[0].Filters) != 1 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	f := in.FilterGroups[0].Filters[0]
	found := []map[string]any{}
	for _, c := range h.contacts {
		// HubSpot compares words, and finds more than what is equal.
		if v, ok := c["properties"].(map[string]any)[f.PropertyName].(string); ok && v != "" && strings.Contains(strings.ToLower(v), strings.ToLower(f.Value)) {
			found = append(found, c)
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"total": len(found), "results": found[:min(len(found), in.Limit)]})
}

func newHubSpot(t *testing.T, h http.Handler, wrap func(http.RoundTripper) http.RoundTripper) *crm.HubSpot {
	url, client := serve(t, h)
	if wrap != nil {
		client.Transport = wrap(client.Transport)
	}
	c, err := crm.NewHubSpot(crm.HubSpotConfig{
		Client: client, URL: url, Token: func(context.Context) (string, error) { return "token", nil },
		Properties: []string{"plan", "city"}, Audiences: "groups",
	})
	require.NoError(t, err)
	return c
}

func TestHubSpot(t *testing.T) {
	agenttest.RunEditor(t, agenttest.EditorFeatures{}, func(t *testing.T, customers []agent.Customer) agent.Editor {
		return newHubSpot(t, newHub(customers), nil)
	})
}

// A contract validates each request against the published specification, and
// each answer of the scripted server too.
type contract struct {
	t      *testing.T
	router routers.Router
	next   http.RoundTripper
	seen   map[string]bool
	mu     sync.Mutex
}

func (c *contract) RoundTrip(r *http.Request) (*http.Response, error) {
	// The specification knows one server.
	asked := r.Clone(r.Context())
	asked.URL.Scheme, asked.URL.Host, asked.Host = "https", "api.hubapi.com", "api.hubapi.com"
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body, asked.Body = io.NopCloser(strings.NewReader(string(body))), io.NopCloser(strings.NewReader(string(body)))
	}
	route, params, err := c.router.FindRoute(asked)
	if err == nil {
		c.mu.Lock()
		c.seen[route.Method+" "+route.Path] = true
		c.mu.Unlock()
		err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request: asked, PathParams: params, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		})
	}
	if err != nil {
		c.t.Errorf("%s %s is not as the specification says: %v", r.Method, r.URL.Path, err)
	}
	return c.next.RoundTrip(r)
}

func TestHubSpotContract(t *testing.T) {
	const path = "../../../shared/specs/hubspot/crm.contacts.v3.json"
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		t.Skip("HubSpot's specification is not there")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	rules := &contract{t: t, router: router, seen: map[string]bool{}}
	c := newHubSpot(t, newHub([]agent.Customer{{ID: "1", Name: "Ada", Email: "ada@example.com", Phone: "+441632960001", Properties: map[string]any{"plan": "gold"}}}),
		func(next http.RoundTripper) http.RoundTripper { rules.next = next; return rules })
	for _, p := range []channel.Party{{ID: "1", Trust: channel.Signed}, {Email: "Ada@example.com", Trust: channel.Asserted}, {Phone: "+441632960001", Trust: channel.Asserted}} {
		got, err := c.Customer(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, "Ada", got.Name)
	}
	require.NoError(t, c.Update(t.Context(), agent.Edit{Customer: "1", Changes: []agent.Change{
		{Property: "plan", Old: "gold", New: true}, {Property: "city", New: 1234.5}}}))
	require.Len(t, rules.seen, 3, "%v", rules.seen)
}

func answers(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, `{"message":"secret"}`)
	}
}

func TestHubSpotLimits(t *testing.T) {
	ada := agent.Customer{ID: "1", Properties: map[string]any{"plan": "gold"}}
	signed := channel.Party{ID: "1", Trust: channel.Signed}
	edit := agent.Edit{Customer: "1", Changes: []agent.Change{{Property: "plan", Old: "gold", New: "silver"}}}

	h := newHub([]agent.Customer{ada})
	h.first = []func(http.ResponseWriter){answers(429, "Retry-After", "0"), answers(503, "Retry-After", "0")}
	_, err := newHubSpot(t, h, nil).Customer(t.Context(), signed)
	require.NoError(t, err, "what was put off is asked again")
	require.Equal(t, 3, h.requests)

	h = newHub([]agent.Customer{ada})
	h.first = []func(http.ResponseWriter){answers(429, "Retry-After", "0"), answers(429, "Retry-After", "0"), answers(429, "Retry-After", "0")}
	_, err = newHubSpot(t, h, nil).Customer(t.Context(), signed)
	require.ErrorContains(t, err, "429")
	require.NotContains(t, err.Error(), "secret")
	require.Equal(t, 3, h.requests, "but not for ever")

	h = newHub([]agent.Customer{ada})
	h.first = []func(http.ResponseWriter){answers(429, "Retry-After", "3600")}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = newHubSpot(t, h, nil).Customer(ctx, signed)
	require.ErrorContains(t, err, "429", "nobody waits for longer than there is time")
	require.Equal(t, 1, h.requests)

	h = newHub([]agent.Customer{ada})
	h.first = []func(http.ResponseWriter){func(w http.ResponseWriter) { json.NewEncoder(w).Encode(h.contacts[0]) }, answers(409)}
	require.ErrorIs(t, newHubSpot(t, h, nil).Update(t.Context(), edit), agent.ErrConflict)

	h = newHub([]agent.Customer{ada})
	h.first = []func(http.ResponseWriter){func(w http.ResponseWriter) { json.NewEncoder(w).Encode(h.contacts[0]) }, answers(502)}
	require.ErrorContains(t, newHubSpot(t, h, nil).Update(t.Context(), edit), "502")
	require.Equal(t, 2, h.requests, "a write of which nobody knows is not repeated")
}

func TestHubSpotFaults(t *testing.T) {
	_, err := crm.NewHubSpot(crm.HubSpotConfig{URL: "hubspot"})
	for _, want := range []string{"Client is nil", "Token is nil", "URL is"} {
		require.ErrorContains(t, err, want)
	}
	url, client := serve(t, newHub(nil))
	c, err := crm.NewHubSpot(crm.HubSpotConfig{Client: client, URL: url, Token: func(context.Context) (string, error) { return "", errors.New("no token") }})
	require.NoError(t, err)
	_, err = c.Customer(t.Context(), channel.Party{ID: "1", Trust: channel.Signed})
	require.ErrorContains(t, err, "no token")
}
