package httpaction

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestNewNamesEveryFault(t *testing.T) {
	_, err := New(Spec{
		Name: "order state", Trust: "friend", Method: "FETCH", Timeout: agent.Duration(time.Hour), Retries: 9,
		Inputs: []Input{
			{Name: "a b"}, {Name: "x", Type: "date"}, {Name: "x"}, {Name: "n", Type: "number", MaxLength: 3},
			{Name: "o", Optional: true}, {Name: "idle"},
		},
		URL: "ftp://user@evil.example/{o}/../a b?{x}=1&q={nobody}&w=%zz#part",
		Headers: map[string]string{
			"Authorization": "Bearer abc", "X-A": "{x", "x-a": "y", "X\nY": "z", "X-Late": "x}", "X-ä": "1", "X-B": "ä",
		},
		Body: json.RawMessage(`{"{x}":1,"a":"{nobody}","b":"{"}`),
		Auth: Auth{Type: APIKey, User: "me", Header: "Host"},
		Response: map[string]string{
			"a b": "/x", "c": "x", "d": "/~2",
		},
		Idempotent: true,
	}, &Options{Hosts: []string{"api.example.com"}})
	for _, fault := range []string{
		"httpaction: order state: name:", "description: is missing", `method: "FETCH"`, `trust: "friend"`, "timeout: is 1h0m0s", "retries: are 9",
		`inputs[0]: is named "a b"`, `inputs[1]: has the type "date"`, `inputs[2]: there is another input "x"`, "inputs[3]: max_length and enum",
		`inputs: "idle" is used nowhere`, "url: has no plain host", "has a fragment", "a segment of dots", `holds "a b"`,
		`the query has the name "{x}"`, `there is no input "nobody"`, `holds "%zz"`, `the path needs "o", which is optional`,
		`headers["Authorization"]: is not one that can be set`, `has a "{" without "}"`, "is set twice", `has a "}" without "{"`,
		`can only be printable ASCII`, `body: has the name "{x}"`, "auth: names no secret", "Options.Secrets is nil", "user is for basic",
		`header "Host" is not one`, `response["a b"]`, `"x" is no JSON Pointer`, `neither ~0 nor ~1`, "idempotent: a FETCH",
	} {
		require.ErrorContains(t, err, fault)
	}
	for want, change := range map[string]func(*Spec){
		`asks "api.example.com:444", which is not among`: func(s *Spec) { s.URL = "https://api.example.com:444/{order}" },
		`has the scheme "http"`:                          func(s *Spec) { s.URL = "http://api.example.com/{order}" },
		"placeholder in its scheme or host":              func(s *Spec) { s.URL = "https://{order}.example.com/" },
		"is not absolute":                                func(s *Spec) { s.URL = "/orders/{order}" },
		"GET has none":                                   func(s *Spec) { s.Body = []byte("1") },
		"is not JSON":                                    func(s *Spec) { s.Method, s.Body = "POST", []byte("{") },
		"more than one value":                            func(s *Spec) { s.Method, s.Body = "POST", []byte("1 2") },
		"HEAD has none":                                  func(s *Spec) { s.Method = "HEAD" },
		"an anonymous customer may make up":              func(s *Spec) { s.Trust = "" },
		`type "oauth" is none of`:                        func(s *Spec) { s.Auth.Type = "oauth" },
		"has no type, and so no effect":                  func(s *Spec) { s.Auth.Type = "" },
		"retries: a POST that is not idempotent":         func(s *Spec) { s.Method, s.Retries = "POST", 1 },
		"idempotent: a POST is only if":                  func(s *Spec) { s.Method, s.Idempotent = "POST", true },
		"user is for basic, which needs one":             func(s *Spec) { s.Auth = Auth{Type: Basic, Secret: "shop"} },
	} {
		s := state("api.example.com")
		s.URL = strings.Replace(s.URL, "http:", "https:", 1)
		o := &Options{Hosts: []string{"api.example.com"}, Secrets: secrets}
		_, err := New(s, o)
		require.NoError(t, err)
		change(&s)
		_, err = New(s, o)
		require.ErrorContains(t, err, want)
	}
}

func TestAction(t *testing.T) {
	s := state("127.0.0.1:80")
	s.Inputs = append(s.Inputs, Input{Name: "kind", Description: "Which.", Enum: []string{"a", "b"}, MaxLength: 5, Optional: true}, Input{Name: "n", Type: "integer"})
	s.URL += "?kind={kind}&n={n}"
	action, err := New(s, options("127.0.0.1:80"))
	require.NoError(t, err)
	require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["order","n"],"properties":{
		"order":{"type":"string","maxLength":500},
		"kind":{"type":"string","maxLength":5,"enum":["a","b"],"description":"Which."},
		"n":{"type":"integer"}}}`, string(action.Schema))
	require.Equal(t, channel.Asserted, action.Trust)
	require.True(t, action.Idempotent, "a GET that does not write is by itself")
	s.Risk = agent.LowImpactWrite
	action, err = New(s, options("127.0.0.1:80"))
	require.NoError(t, err)
	require.False(t, action.Idempotent)
	require.Equal(t, agent.LowImpactWrite, action.Risk)
}

func TestSpecIsJSON(t *testing.T) {
	s := everywhere("api.example.com")
	s.Auth = Auth{Type: Basic, User: "desk", Secret: "shop"}
	s.Timeout, s.Retries, s.Response = agent.Duration(time.Second), 2, map[string]string{"a": "/a/0"}
	raw, err := json.Marshal(s)
	require.NoError(t, err)
	var again Spec
	require.NoError(t, json.Unmarshal(raw, &again))
	require.Equal(t, s, again)
	raw, err = json.Marshal(Spec{Name: "a", Description: "b", URL: "https://c"})
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"a","description":"b","url":"https://c"}`, string(raw))
}
