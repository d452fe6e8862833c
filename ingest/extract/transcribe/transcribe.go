// Package transcribe turns speech into text by a server that speaks the audio
// API of OpenAI, such as OpenAI itself, whisper.cpp, speaches or LocalAI.
package transcribe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
)

// Config configures a [Client].
type Config struct {
	// URL is where the API begins, such as https://api.openai.com. Requests go to
	// the path /v1/audio/transcriptions below it. It is required.
	URL string
	// Model is the name of the model. Defaults to "whisper-1". A server that has
	// one model ignores it.
	Model string
	// Key returns the key of the API for each request. Nil sends none. It is a
	// function so that a key is in no value that may be printed.
	Key func(ctx context.Context) (string, error)
	// MaxBytes is the most audio that the server takes. Defaults to 25 MB, as at
	// OpenAI.
	MaxBytes int64
	// HTTP does the requests. Defaults to a client that gives up after ten
	// minutes.
	HTTP *http.Client
}

// A Client is an [extract.Transcriber]. It may be used from many goroutines.
type Client struct{ cfg Config }

var _ extract.Transcriber = (*Client)(nil)

// New returns a Client. The error joins all faults of the configuration.
func New(cfg Config) (*Client, error) {
	var faults []error
	if u, err := url.Parse(cfg.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		faults = append(faults, fmt.Errorf("transcribe: Config.URL is %q: give the address of a server, such as https://api.openai.com", cfg.URL))
	}
	if cfg.MaxBytes < 0 {
		faults = append(faults, errors.New("transcribe: Config.MaxBytes must not be negative"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if cfg.Model == "" {
		cfg.Model = "whisper-1"
	}
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = 25_000_000
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 10 * time.Minute}
	}
	cfg.URL = strings.TrimSuffix(strings.TrimSuffix(cfg.URL, "/"), "/v1")
	return &Client{cfg: cfg}, nil
}

// errFormat reports a server that does not know the format that was asked for.
var errFormat = errors.New("the format of the answer is not known there")

// Transcribe implements [extract.Transcriber]. A server that cannot tell the
// times is asked for the text alone, which is one segment then. Audio above the
// limit is [ingest.ErrTooLarge].
func (c *Client) Transcribe(ctx context.Context, audio io.Reader, name, language string) ([]extract.Segment, error) {
	data, err := io.ReadAll(io.LimitReader(audio, c.cfg.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > c.cfg.MaxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes of audio", ingest.ErrTooLarge, c.cfg.MaxBytes)
	}
	var a answer
	for _, format := range []string{"verbose_json", "json"} {
		a, err = c.ask(ctx, data, name, language, format)
		if !errors.Is(err, errFormat) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return a.all(), nil
}

// An answer is what the server says. See
// https://platform.openai.com/docs/api-reference/audio/verbose-json-object.
type answer struct {
	Text     string `json:"text"`
	Segments []struct {
		Start float64 `json:"start"`
		End   float64 `json:"end"`
		Text  string  `json:"text"`
	} `json:"segments"`
	Duration float64 `json:"duration"`
}

func (a answer) all() []extract.Segment {
	var segments []extract.Segment
	for _, s := range a.Segments {
		segments = append(segments, extract.Segment{Start: seconds(s.Start), End: seconds(s.End), Text: strings.TrimSpace(s.Text)})
	}
	if text := strings.TrimSpace(a.Text); len(segments) == 0 && text != "" {
		segments = append(segments, extract.Segment{End: seconds(a.Duration), Text: text})
	}
	return segments
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// maxAnswer is the longest answer that is read, in bytes.
const maxAnswer = 32 << 20

// ask sends one request.
func (c *Client) ask(ctx context.Context, audio []byte, name, language, format string) (answer, error) {
	body, contentType, err := c.form(audio, name, language, format)
	if err != nil {
		return answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.URL+"/v1/audio/transcriptions", body)
	if err != nil {
		return answer{}, fmt.Errorf("transcribe: %w", err)
	}
	r.Header.Set("Content-Type", contentType)
	if c.cfg.Key != nil {
		key, err := c.cfg.Key(ctx)
		if err != nil {
			return answer{}, fmt.Errorf("transcribe: getting the key: %w", err)
		}
		r.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return answer{}, fmt.Errorf("transcribe: %w", err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("transcribe: reading the answer: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return answer{}, refusal(response.StatusCode, data, format)
	}
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return answer{}, fmt.Errorf("transcribe: the answer is no JSON: %w", err)
	}
	return a, nil
}

// form returns the body of a request and its media type.
func (c *Client) form(audio []byte, name, language, format string) (io.Reader, string, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	fields := [][2]string{{"model", c.cfg.Model}, {"response_format", format}}
	if language, _, _ := strings.Cut(language, "-"); language != "" { // ISO 639-1 is asked for
		fields = append(fields, [2]string{"language", language})
	}
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, "", err
		}
	}
	part, err := w.CreateFormFile("file", path.Base(name))
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(audio); err != nil {
		return nil, "", err
	}
	return &body, w.FormDataContentType(), w.Close()
}

// refusal returns the error of a status. What the server says goes with it, as
// far as it is short.
func refusal(status int, body []byte, format string) error {
	var said struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	message := http.StatusText(status)
	if json.Unmarshal(body, &said) == nil && said.Error.Message != "" {
		message = said.Error.Message[:min(len(said.Error.Message), 300)]
	}
	err := fmt.Errorf("transcribe: the server answered %d: %s", status, message)
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: %w", ingest.ErrTooLarge, err)
	case status == http.StatusBadRequest && format == "verbose_json" && strings.Contains(message, "response_format"):
		return fmt.Errorf("%w: %w", errFormat, err)
	}
	return err
}
