package transcribe_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/extract/transcribe"
)

// A server answers transcription requests and remembers them.
type server struct {
	status func(format string) int
	body   string
	asked  []map[string]string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	if err != nil || r.URL.Path != "/v1/audio/transcriptions" {
		http.Error(w, "no file", http.StatusNotFound)
		return
	}
	audio, _ := io.ReadAll(file)
	request := map[string]string{"name": header.Filename, "audio": string(audio), "key": r.Header.Get("Authorization")}
	for _, field := range []string{"model", "response_format", "language"} {
		request[field] = r.FormValue(field)
	}
	s.asked = append(s.asked, request)
	status := http.StatusOK
	if s.status != nil {
		status = s.status(request["response_format"])
	}
	w.WriteHeader(status)
	if status == http.StatusOK {
		fmt.Fprint(w, s.body)
		return
	}
	fmt.Fprint(w, `{"error": {"message": "response_format or something else is wrong"}}`)
}

func newClient(t *testing.T, s *server, change ...func(*transcribe.Config)) *transcribe.Client {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	cfg := transcribe.Config{URL: web.URL, HTTP: web.Client()}
	for _, f := range change {
		f(&cfg)
	}
	c, err := transcribe.New(cfg)
	require.NoError(t, err)
	return c
}

const verbose = `{"text": "Hello. Bye.", "duration": 9.5, "segments": [{"start": 0, "end": 1.5, "text": " Hello."}, {"start": 8, "end": 9.5, "text": " Bye."}]}`

func TestNewReportsAllFaults(t *testing.T) {
	_, err := transcribe.New(transcribe.Config{URL: "localhost:8080", MaxBytes: -1})
	require.ErrorContains(t, err, "give the address of a server")
	require.ErrorContains(t, err, "must not be negative")
}

func TestTranscribe(t *testing.T) {
	s := &server{body: verbose}
	c := newClient(t, s, func(c *transcribe.Config) {
		c.URL += "/v1/"
		c.Key = func(context.Context) (string, error) { return "secret", nil }
	})
	segments, err := c.Transcribe(t.Context(), strings.NewReader("sound"), "films/intro.mp4", "de-CH")
	require.NoError(t, err)
	require.Equal(t, []extract.Segment{{End: 1500 * time.Millisecond, Text: "Hello."}, {Start: 8 * time.Second, End: 9500 * time.Millisecond, Text: "Bye."}}, segments)
	require.Equal(t, []map[string]string{{
		"name": "intro.mp4", "audio": "sound", "key": "Bearer secret", "model": "whisper-1", "response_format": "verbose_json", "language": "de",
	}}, s.asked)
	require.NotContains(t, fmt.Sprintf("%+v", c), "secret")
}

// TestServerWithoutTimes checks that a model that knows no segments is asked
// for the text.
func TestServerWithoutTimes(t *testing.T) {
	s := &server{body: `{"text": " All of it. "}`, status: func(format string) int {
		if format == "verbose_json" {
			return http.StatusBadRequest
		}
		return http.StatusOK
	}}
	segments, err := newClient(t, s).Transcribe(t.Context(), strings.NewReader("sound"), "a.mp3", "")
	require.NoError(t, err)
	require.Equal(t, []extract.Segment{{Text: "All of it."}}, segments)
	require.Len(t, s.asked, 2)
	require.Empty(t, s.asked[0]["language"])
	require.Empty(t, s.asked[0]["key"])
}

func TestFaults(t *testing.T) {
	status := func(code int) func(string) int { return func(string) int { return code } }
	tests := map[string]struct {
		server *server
		change func(*transcribe.Config)
		want   string
	}{
		"refused":    {&server{status: status(401)}, nil, "the server answered 401: response_format or something else is wrong"},
		"overloaded": {&server{status: status(503)}, nil, "the server answered 503"},
		"no JSON":    {&server{body: "<html>"}, nil, "the answer is no JSON"},
		"no key": {&server{}, func(c *transcribe.Config) {
			c.Key = func(context.Context) (string, error) { return "", errors.New("vault sealed") }
		}, "getting the key: vault sealed"},
		"unreachable": {&server{}, func(c *transcribe.Config) { c.URL = "http://127.0.0.1:1" }, "transcribe: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, test.server)
			if test.change != nil {
				c = newClient(t, test.server, test.change)
			}
			_, err := c.Transcribe(t.Context(), strings.NewReader("sound"), "a.mp3", "")
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestTooMuchAudio(t *testing.T) {
	c := newClient(t, &server{body: verbose}, func(c *transcribe.Config) { c.MaxBytes = 4 })
	_, err := c.Transcribe(t.Context(), strings.NewReader("sound"), "a.mp3", "")
	require.ErrorIs(t, err, ingest.ErrTooLarge)
	c = newClient(t, &server{status: func(string) int { return http.StatusRequestEntityTooLarge }})
	_, err = c.Transcribe(t.Context(), strings.NewReader("sound"), "a.mp3", "")
	require.ErrorIs(t, err, ingest.ErrTooLarge)
}

func TestSilence(t *testing.T) {
	segments, err := newClient(t, &server{body: `{"text": ""}`}).Transcribe(t.Context(), strings.NewReader("sound"), "a.mp3", "")
	require.NoError(t, err)
	require.Empty(t, segments)
}

func ExampleClient() {
	web := httptest.NewServer(&server{body: verbose})
	defer web.Close()
	client, err := transcribe.New(transcribe.Config{URL: web.URL, Model: "whisper-large-v3"})
	if err != nil {
		panic(err)
	}
	segments, err := client.Transcribe(context.Background(), strings.NewReader("sound"), "intro.mp3", "en")
	if err != nil {
		panic(err)
	}
	for _, s := range segments {
		fmt.Println(s.Start, s.Text)
	}
	// Output:
	// 0s Hello.
	// 8s Bye.
}
