package httpaction

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/internal/dial"
)

func TestReplies(t *testing.T) {
	json := func(body string) http.HandlerFunc { return answers(body) }
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			fmt.Fprintf(w, "internal error at %s", secret)
		}
	}
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, `{"state":"`+strings.Repeat("x", 64<<10))
		}
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		want    string
		err     string
	}{
		"a field":              {json(`{"state":"sent","secret":"internal"}`), `{"state":"sent"}`, ""},
		"a value of any kind":  {json(`{"state":{"a":[1.50,true,null]}}`), `{"state":{"a":[1.50,true,null]}}`, ""},
		"hidden characters":    {json(`{"state":"se\u200bnt\u202e \udb40\udc41"}`), `{"state":"sent "}`, ""},
		"the secret, repeated": {json(`{"state":"got Bearer ` + secret + `"}`), `{"state":"got Bearer ***"}`, ""},
		"none of the fields":   {json(`{"status":"sent"}`), "", "the service answered with something else"},
		"not an object":        {json(`[1]`), "", "the service answered with something else"},
		"cut":                  {json(`{"state":"se`), "", "the service did not answer with data"},
		"two values":           {json(`{"state":1}{"state":2}`), "", "the service did not answer with data"},
		"nothing":              {json(``), "", "the service did not answer with data"},
		"HTML": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<html>Sign in</html>")
		}, "", "the service did not answer with data"},
		"HTML that is called JSON": {json("<html>Sign in</html>"), "", "the service did not answer with data"},
		"50 MB": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "52428800")
			_, _ = w.Write([]byte(`{"state":"`))
		}, "", "the service answered with too much"},
		"without an end":        {endless, "", "the service answered with too much"},
		"a result that is long": {json(`{"state":"` + strings.Repeat("x", 20<<10) + `"}`), "", "the service answered with too much"},
		"a connection that breaks": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, `{"state":"sent"}`)
		}, "", "the service broke off"},
		"no reply": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "", "the service cannot be reached"},
		"400":      {status(400), "", "the service refused the request (status 400)"},
		"401":      {status(401), "", "the service refused the request (status 401)"},
		"404":      {status(404), "", "the service knows nothing of that name"},
		"429":      {status(429), "", "the service is busy"},
		"500":      {status(500), "", "the service refused the request (status 500)"},
		"304":      {status(304), "", "the service sends its clients elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			host := serve(t, tt.handler)
			got, err := run(t, state(host), host, `{"order":"A1"}`)
			require.Equal(t, tt.want, got)
			if tt.err == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.err)
			require.NotContains(t, fmt.Sprintf("%v %+v %v", err, errors.Unwrap(err), errors.Unwrap(err)), secret)
		})
	}
}

func TestNothingIsReadThatIsNotAskedFor(t *testing.T) {
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, "and on ")
		}
	})
	s := state(host)
	s.Response = nil
	got, err := run(t, s, host, `{"order":"A1"}`)
	require.NoError(t, err)
	require.Equal(t, `{"status":200}`, got)
}

func TestServiceThatDoesNotEnd(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"silent in the middle": func(w http.ResponseWriter, r *http.Request) {
			answers(`{"state":`)(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			host := serve(t, handler)
			s := state(host)
			s.Timeout, s.Retries = agent.Duration(50*time.Millisecond), 5
			_, err := run(t, s, host, `{"order":"A1"}`)
			require.EqualError(t, err, "the service took too long")
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	}
}

func TestRedirects(t *testing.T) {
	var elsewhere atomic.Int32
	other := serve(t, func(w http.ResponseWriter, _ *http.Request) { elsewhere.Add(1) })
	to := ""
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/new" {
			require.Equal(t, "Bearer "+secret, r.Header.Get("Authorization"))
			answers(`{"state":"moved"}`)(w, r)
			return
		}
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	})
	for target, want := range map[string]string{
		"/new":                  "",
		"/loop":                 "the service sends its clients elsewhere",
		"http://" + other + "/": "the service sends its clients elsewhere",
		"https://" + host + "/": "the service sends its clients elsewhere",
		"http://localhost" + host[strings.Index(host, ":"):] + "/new": "the service sends its clients elsewhere",
		"file:///etc/passwd": "the service sends its clients elsewhere",
	} {
		to = target
		got, err := run(t, state(host), host, `{"order":"A1"}`)
		if want == "" {
			require.NoError(t, err)
			require.Equal(t, `{"state":"moved"}`, got)
			continue
		}
		require.EqualError(t, err, want, target)
	}
	to = "/new"
	s := state(host)
	s.Method = "POST"
	_, err := run(t, s, host, `{"order":"A1"}`)
	require.EqualError(t, err, "the service sends its clients elsewhere", "what writes is not repeated elsewhere")
	require.Zero(t, elsewhere.Load())
}

// TestAddressesInside reaches no address inside, whatever the program allows by
// name, unless it says that it is on this machine.
func TestAddressesInside(t *testing.T) {
	var reached atomic.Int32
	host := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	port := host[strings.Index(host, ":"):]
	for _, name := range []string{"localhost" + port, host, "169.254.169.254", "10.0.0.1", "[::1]" + port} {
		s := state(name)
		s.URL = strings.Replace(s.URL, "http:", "https:", 1)
		action, err := New(s, &Options{Hosts: []string{name}, Secrets: secrets})
		require.NoError(t, err)
		_, err = action.Run(t.Context(), call(`{"order":"A1"}`))
		require.EqualError(t, err, "the service cannot be reached", name)
		require.True(t, dial.Refused(err), "%s: %v", name, errors.Unwrap(err))
	}
	s := state("10.0.0.1")
	s.URL = strings.Replace(s.URL, "http:", "https:", 1)
	_, err := run(t, s, "10.0.0.1", `{"order":"A1"}`)
	require.True(t, dial.Refused(err), "Loopback opens this machine, and no network")
	require.Zero(t, reached.Load())
}

// A script is a transport that answers as it is told, and fails the test when
// it has no answer.
type script struct {
	t       *testing.T
	replies []func() (*http.Response, error)
	asked   []time.Time
}

func (s *script) RoundTrip(*http.Request) (*http.Response, error) {
	s.asked = append(s.asked, time.Now())
	require.NotEmpty(s.t, s.replies, "asked too often")
	reply := s.replies[0]
	s.replies = s.replies[1:]
	return reply()
}

// replies with a status and a wait.
func replies(code int, after string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}}
		if after != "" {
			h.Set("Retry-After", after)
		}
		return &http.Response{StatusCode: code, Header: h, Body: io.NopCloser(strings.NewReader(`{"state":"sent"}`))}, nil
	}
}

func TestRetries(t *testing.T) {
	gone := func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
	for name, tt := range map[string]struct {
		replies []func() (*http.Response, error)
		retries int
		took    time.Duration
		err     string
	}{
		"none":                      {[]func() (*http.Response, error){replies(503, "")}, 0, 0, "the service is busy"},
		"Retry-After":               {[]func() (*http.Response, error){replies(429, "3"), replies(200, "")}, 2, 3 * time.Second, ""},
		"a pause that doubles":      {[]func() (*http.Response, error){replies(503, ""), gone, replies(200, "")}, 2, 600 * time.Millisecond, ""},
		"a wait that is too long":   {[]func() (*http.Response, error){replies(429, "60")}, 2, 0, "the service is busy"},
		"it stays away":             {[]func() (*http.Response, error){gone, gone, gone}, 2, 600 * time.Millisecond, "the service cannot be reached"},
		"a refusal is not repeated": {[]func() (*http.Response, error){replies(400, "")}, 2, 0, "the service refused the request (status 400)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := state("127.0.0.1:80")
				s.Retries = tt.retries
				r, err := compile(s, *options("127.0.0.1:80"))
				require.NoError(t, err)
				r.opts.Log = slog.New(slog.DiscardHandler)
				server := &script{t: t, replies: tt.replies}
				r.client = &http.Client{Transport: server}
				began := time.Now()
				_, err = r.run(t.Context(), call(`{"order":"A1"}`))
				require.Equal(t, tt.took, time.Since(began))
				require.Empty(t, server.replies)
				if tt.err == "" {
					require.NoError(t, err)
				} else {
					require.EqualError(t, err, tt.err)
				}
			})
		})
	}
}

// TestSecretsStayAway looks for the secret in everything that comes of calls
// that fail in all ways.
func TestSecretsStayAway(t *testing.T) {
	var log bytes.Buffer
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"state":%q,"%s":1}`, r.Header.Get("Authorization")+r.Header.Get("X-Api-Key"), r.Header.Get("Authorization"))
	})
	dead := "127.0.0.1:1"
	for _, auth := range []Auth{{Type: Bearer, Secret: "shop"}, {Type: Basic, User: "desk", Secret: "shop"}, {Type: APIKey, Secret: "shop"}, {Type: Bearer, Secret: "gone"}} {
		for _, at := range []string{host, dead} {
			s := state(at)
			s.Auth = auth
			o := options(at)
			o.Log = slog.New(slog.NewJSONHandler(&log, nil))
			action, err := New(s, o)
			require.NoError(t, err)
			out, err := action.Run(t.Context(), call(`{"order":"A1"}`))
			log.Write(out)
			fmt.Fprintf(&log, "%v %+v\n", err, err)
			for ; err != nil; err = errors.Unwrap(err) {
				fmt.Fprintf(&log, "%v\n", err)
			}
		}
	}
	require.Contains(t, log.String(), "the service cannot be reached")
	require.Contains(t, log.String(), "the service cannot be used now")
	require.NotContains(t, log.String(), secret)
	require.NotContains(t, log.String(), "ZGVzazpzM2NyZXQt", "the secret as Basic has it")
	require.NotContains(t, log.String(), "c7", "whom it was about")
}

func TestSecretThatCannotBeSent(t *testing.T) {
	for _, value := range []string{"", "a\r\nX-Admin: 1", "ä"} {
		s := state("127.0.0.1:1")
		o := options("127.0.0.1:1")
		o.Secrets = func(context.Context, string) (string, error) { return value, nil }
		action, err := New(s, o)
		require.NoError(t, err)
		_, err = action.Run(t.Context(), call(`{"order":"A1"}`))
		require.EqualError(t, err, "the service cannot be used now")
	}
}
