package httpaction

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/agent"
)

func TestRequests(t *testing.T) {
	const host = "127.0.0.1:80"
	body := func(s string) json.RawMessage { return json.RawMessage(s) }
	inputs := []Input{{Name: "order"}, {Name: "count", Type: "integer", Optional: true}, {Name: "note", Optional: true}, {Name: "gift", Type: "boolean", Optional: true}}
	base := Spec{Name: "a", Description: "Does.", Trust: "asserted", Inputs: inputs[:1]}
	for name, tt := range map[string]struct {
		change    func(*Spec)
		arguments string
		want      string
	}{
		"path": {func(s *Spec) { s.URL = "/v1/{customer.id}/orders/o-{order}.json" }, `{"order":"A 1?ä%2e"}`,
			"GET /v1/c7/orders/o-A%201%3F%C3%A4%252e.json\n"},
		"query": {func(s *Spec) { s.URL = "/o?x=1&id={order}&by={customer.email}&k={call.key}" }, `{"order":"a&b=c#d e"}`,
			"GET /o?x=1&id=a%26b%3Dc%23d+e&by=ada%40example.com&k=k1\n"},
		"what is left out": {func(s *Spec) {
			s.Inputs = inputs
			s.Method, s.URL = "POST", "/o?id={order}&n={count}&g={gift}"
			s.Headers = map[string]string{"X-Note": "{note}"}
			s.Body = body(`{"count":"{count}","note":"note: {note}","list":["{gift}","{order}"]}`)
		}, `{"order":"A1","count":null}`, "POST /o?id=A1\n" + `{"list":["A1"],"note":"note: "}`},
		"values with their types": {func(s *Spec) {
			s.Inputs, s.Method, s.URL = inputs, "PATCH", "/o"
			s.Body = body(`{"id":"{order}","n":"{count}","g":"{gift}","text":"{order} x{count} by {customer.name}","note":"{note}","fixed":[1,null,true,2.50]}`)
		}, `{"order":"A\"1\\","count":12345678901234567890,"gift":false,"note":"{order}"}`,
			"PATCH /o\n" + `{"fixed":[1,null,true,2.50],"g":false,"id":"A\"1\\","n":12345678901234567890,"note":"{order}","text":"A\"1\\ x12345678901234567890 by Ada"}`},
		"headers": {func(s *Spec) {
			s.Method, s.URL = "DELETE", "/o"
			s.Headers = map[string]string{"idempotency-key": "{call.key}", "X-Order": "no. {order}"}
		}, `{"order":"A1: x"}`, "DELETE /o\nIdempotency-Key: k1\nX-Order: no. A1: x\n"},
		"basic": {func(s *Spec) {
			s.URL, s.Auth = "/o/{order}", Auth{Type: Basic, User: "desk", Secret: "shop"}
		}, `{"order":"A1"}`, "GET /o/A1\nAuthorization: Basic ZGVzazpzM2NyZXQtMDEyMzQ1Njc4OQ==\n"},
		"bearer": {func(s *Spec) { s.URL, s.Auth = "/o/{order}", Auth{Type: Bearer, Secret: "shop"} },
			`{"order":"A1"}`, "GET /o/A1\nAuthorization: Bearer " + secret + "\n"},
		"key": {func(s *Spec) { s.URL, s.Auth = "/o/{order}", Auth{Type: APIKey, Secret: "shop"} },
			`{"order":"A1"}`, "GET /o/A1\nX-Api-Key: " + secret + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := base
			tt.change(&s)
			s.URL = "http://" + host + s.URL
			r, err := compile(s, *options(host))
			require.NoError(t, err)
			req, err := r.built(t, tt.arguments)
			require.NoError(t, err)
			require.Equal(t, tt.want, print(t, req))
		})
	}
}

// built returns the request of a call.
func (r *request) built(t require.TestingT, arguments string) (*http.Request, error) {
	v, err := r.values(call(arguments))
	if err != nil {
		return nil, err
	}
	req, _, err := r.request(context.Background(), v)
	return req, err
}

// print writes a request without the headers that all have.
func print(t require.TestingT, req *http.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", req.Method, req.URL.RequestURI())
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		if !slices.Contains([]string{"Accept", "User-Agent", "Content-Type"}, name) {
			fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(req.Header[name], ", "))
		}
	}
	if req.Body != nil {
		raw, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		b.Write(raw)
	}
	return b.String()
}

func TestValuesThatAreRefused(t *testing.T) {
	const host = "127.0.0.1:80"
	spec := state(host)
	spec.Headers = map[string]string{"X-Order": "{order}"}
	r, err := compile(spec, *options(host))
	require.NoError(t, err)
	for arguments, want := range map[string]string{
		`{"order":".."}`:                    "the path would not be one",
		`{"order":"."}`:                     "the path would not be one",
		`{"order":""}`:                      "is empty",
		`{"order":" "}`:                     "is empty",
		`{}`:                                `the value of "order" is missing`,
		`{"order":"a/b"}`:                   "characters that cannot be in it",
		`{"order":"a\\b"}`:                  "characters that cannot be in it",
		`{"order":"a\r\nX-Admin: 1"}`:       "characters that cannot be in it",
		`{"order":"A1ä"}`:                   "cannot be sent",
		`{"order":["a"]}`:                   "is not a single one",
		`{"order":"A1","customer.id":"c8"}`: `there is no input "customer.id"`,
		`[]`:                                "not a JSON object",
	} {
		_, err := r.built(t, arguments)
		require.ErrorContains(t, err, want, arguments)
		var failed *Error
		require.ErrorAs(t, err, &failed, arguments)
	}
	v, err := r.values(agent.ActionCall{Arguments: []byte(`{"order":"A1"}`)})
	require.ErrorContains(t, err, `the value of "customer.id" is not known`)
	require.Nil(t, v, "a request about nobody may be one about everybody")
}

// everywhere is a Spec with an input in every place.
func everywhere(host string) Spec {
	return Spec{
		Name: "a", Description: "Does.", Method: "POST", Inputs: []Input{{Name: "x"}, {Name: "y", Optional: true}},
		URL:     "http://" + host + "/a/{x}/b-{x}{x}/c?q={x}&r=1&s=-{y}",
		Headers: map[string]string{"X-One": "{x}", "X-Two": "<{y}>"},
		Body:    json.RawMessage(`{"x":"{x}","text":"a {x} b {y}","list":["{x}",{"deep":"{y}"}],"n":1}`),
	}
}

// requireForm requires that a request has the form of everywhere's, whatever the
// values were.
func requireForm(t require.TestingT, req *http.Request, host, x string) {
	again, err := url.Parse(req.URL.String())
	require.NoError(t, err)
	require.Equal(t, host, again.Host)
	require.Equal(t, host, req.Host)
	require.Nil(t, again.User)
	require.Empty(t, again.Fragment)
	segments := strings.Split(again.EscapedPath(), "/")
	require.Len(t, segments, 5)
	require.Equal(t, []string{"", "a", "b-", "c"}, []string{segments[0], segments[1], segments[3][:2], segments[4]})
	require.NotContains(t, segments, "..")
	require.NotContains(t, segments, ".")
	plain, err := url.PathUnescape(segments[2])
	require.NoError(t, err)
	require.Equal(t, x, plain, "the value arrives as it was")
	query, err := url.ParseQuery(again.RawQuery)
	require.NoError(t, err)
	require.Equal(t, []string{"q", "r", "s"}, slices.Sorted(maps.Keys(query)))
	require.Equal(t, []string{x}, query["q"])
	require.Equal(t, []string{"1"}, query["r"])
	for name, values := range req.Header {
		require.Contains(t, []string{"Accept", "Content-Type", "User-Agent", "X-One", "X-Two"}, name)
		require.Len(t, values, 1)
		require.NotContains(t, values[0], "\n")
		require.NotContains(t, values[0], "\r")
	}
	var body struct {
		X, Text string
		List    []any
		N       int
	}
	raw, err := io.ReadAll(req.Body)
	require.NoError(t, err)
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&body))
	require.Equal(t, x, body.X)
	require.Len(t, body.List, 2)
	require.Equal(t, 1, body.N)
}

// TestInvariantValuesChangeNoForm tries values of the characters that mean
// something anywhere.
func TestInvariantValuesChangeNoForm(t *testing.T) {
	const host = "127.0.0.1:80"
	r, err := compile(everywhere(host), *options(host))
	require.NoError(t, err)
	letter := rapid.SampledFrom([]rune("ab1./\\%?#&=;:@ \"'{}[]<>|^`~!$*+,()-_\t\r\n\x00\x7fä你\u2028\u202e"))
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.StringOf(letter).Draw(t, "x"), rapid.StringOf(letter).Draw(t, "y")
		if rapid.Bool().Draw(t, "plain") { // which most texts of these are not
			x, y = strings.Map(visible, x), strings.Map(visible, y)
		}
		arguments, err := json.Marshal(map[string]string{"x": x, "y": y})
		require.NoError(t, err)
		req, err := r.built(t, string(arguments))
		if err != nil {
			return
		}
		made++
		requireForm(t, req, host, x)
	})
	require.Positive(t, made, "some requests are made")
}

// visible drops what no header or path may hold.
func visible(r rune) rune {
	if r < ' ' || r > '~' || r == '/' || r == '\\' {
		return -1
	}
	return r
}

func FuzzValues(f *testing.F) {
	const host = "127.0.0.1:80"
	r, err := compile(everywhere(host), *options(host))
	require.NoError(f, err)
	for _, seed := range []string{"A1", "..", "a/b", "%2e%2e%2f", "a\r\nb", "{y}", `"},{"`, "a b", "?x#y", "@evil.example"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		arguments, err := json.Marshal(map[string]string{"x": x, "y": y})
		require.NoError(t, err)
		if req, err := r.built(t, string(arguments)); err == nil {
			requireForm(t, req, host, x)
		}
	})
}

func FuzzSpec(f *testing.F) {
	seed, err := json.Marshal(everywhere("127.0.0.1:80"))
	require.NoError(f, err)
	f.Add(seed)
	f.Add([]byte(`{"name":"a","url":"https://{x}@h/","body":{"{":"}"},"response":{"a":"/~"}}`))
	f.Add([]byte(`{"name":"a","description":"b","url":"https://h","auth":{"type":"basic","user":"a:b"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s Spec
		if json.Unmarshal(raw, &s) != nil {
			return
		}
		action, err := New(s, options("127.0.0.1:80"))
		if err == nil {
			require.True(t, json.Valid(action.Schema))
		}
	})
}

func BenchmarkRequest(b *testing.B) {
	const host = "127.0.0.1:80"
	r, err := compile(everywhere(host), *options(host))
	require.NoError(b, err)
	v, err := r.values(call(`{"x":"A1","y":"some text"}`))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := r.request(b.Context(), v); err != nil {
			b.Fatal(err)
		}
	}
}
