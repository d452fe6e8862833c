package livechat_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/channeltest"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var key = []byte("0123456789abcdef0123456789abcdef")

// A world is a Chat with the desk behind it, in a bubble of package synctest.
type world struct {
	t    require.TestingT
	ctx  context.Context
	chat *livechat.Chat
	desk *channeltest.Desk

	mu sync.Mutex
	in []channel.Message
}

// bubble runs test in a bubble with a Chat that receives into its desk.
func bubble(t *testing.T, cfg livechat.Config, test func(*testing.T, *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, t.Context(), cfg)
		ctx, cancel := context.WithCancel(t.Context())
		go w.chat.Receive(ctx, w.store)
		synctest.Wait()
		test(t, w)
		cancel()
		synctest.Wait()
	})
}

// elapse lets time pass in the bubble, where it costs none.
func elapse(d time.Duration) { time.Sleep(d) }

func newWorld(t require.TestingT, ctx context.Context, cfg livechat.Config) *world {
	w := &world{t: t, ctx: ctx, desk: &channeltest.Desk{}}
	cfg.Key = key
	var err error
	w.chat, err = livechat.New(cfg)
	require.NoError(t, err)
	w.chat.Attach(w.desk)
	return w
}

// store is the Handler of the tests.
func (w *world) store(_ context.Context, m channel.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.in = append(w.in, m)
	w.desk.Add(m)
	return nil
}

// received returns what store got.
func (w *world) received() []channel.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.in)
}

// say commits an answer and sends it.
func (w *world) say(thread, id, text string) {
	m := channel.Message{ID: id, Thread: thread, Author: channel.Agent, Text: text, At: time.Now()}
	w.desk.Add(m)
	require.NoError(w.t, w.chat.Send(w.ctx, m))
}

// do makes a request of a browser.
func (w *world) do(method, path, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.ctx, method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	w.chat.ServeHTTP(rec, r)
	return rec
}

// visitor begins a session and returns its token.
func (w *world) visitor() string {
	rec := w.do("POST", "/session", "", "")
	require.Equal(w.t, http.StatusOK, rec.Code, rec.Body)
	var session struct{ Token string }
	require.NoError(w.t, json.Unmarshal(rec.Body.Bytes(), &session))
	return session.Token
}

func (w *world) post(token, id, text string) *httptest.ResponseRecorder {
	body, err := json.Marshal(map[string]any{"id": id, "text": text})
	require.NoError(w.t, err)
	return w.do("POST", "/messages", token, string(body))
}

// meet begins a session, writes "Hello", and returns the token and the thread.
func (w *world) meet() (token, thread string) {
	token = w.visitor()
	rec := w.post(token, "hello", "Hello")
	require.Equal(w.t, http.StatusAccepted, rec.Code, rec.Body)
	return token, w.received()[len(w.received())-1].Thread
}

// A tab is a browser that follows a conversation. It is the ResponseWriter of
// its own stream.
type tab struct {
	world  *world
	token  string
	cancel context.CancelFunc
	header http.Header
	stuck  chan struct{} // if set, Write waits for it
	ended  chan struct{} // closed when the server ends the stream

	mu     sync.Mutex
	status int
	buffer bytes.Buffer
}

func (w *world) open(token string, after int64) *tab {
	ctx, cancel := context.WithCancel(w.ctx)
	b := &tab{world: w, token: token, cancel: cancel}
	b.run(ctx, after)
	return b
}

func (b *tab) run(ctx context.Context, after int64) {
	b.header, b.ended = make(http.Header), make(chan struct{})
	r := httptest.NewRequestWithContext(ctx, "GET", "/events", nil)
	r.Header.Set("Authorization", "Bearer "+b.token)
	r.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	go func() {
		defer close(b.ended)
		b.world.chat.ServeHTTP(b, r)
	}()
}

func (b *tab) Header() http.Header { return b.header }

func (b *tab) WriteHeader(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status = status
}

func (b *tab) Write(p []byte) (int, error) {
	if b.stuck != nil {
		<-b.stuck
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *tab) Flush() {}

// An event is one server-sent event.
type event struct {
	ID, Type, Data string
}

// events waits until the world is at rest and returns all events so far.
func (b *tab) events() []event {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(events(bytes.NewReader(b.buffer.Bytes())))
}

// size waits like events and returns how much was written.
func (b *tab) size() int {
	b.events()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Len()
}

// events yields the events of a stream.
func events(stream io.Reader) iter.Seq[event] {
	return func(yield func(event) bool) {
		var e event
		for lines := bufio.NewScanner(stream); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.ID = value
			case "event":
				e.Type = value
			case "data":
				e.Data = value
			case "":
				if e.Type != "" && !yield(e) {
					return
				}
				e = event{}
			}
		}
	}
}

// seqs returns the sequence numbers of the messages that the tab shows.
func (b *tab) seqs() []int64 {
	var seqs []int64
	for _, e := range b.events() {
		if e.Type == "message" {
			seq, err := strconv.ParseInt(e.ID, 10, 64)
			require.NoError(b.world.t, err)
			seqs = append(seqs, seq)
		}
	}
	return seqs
}
