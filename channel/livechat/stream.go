package livechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// writeTimeout is how long a browser may take to read what is written to it.
const writeTimeout = 20 * time.Second

// A stream writes one thread to one browser as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html):
//
//	message  an entry of the transcript; its id is the sequence number
//	owner    who may speak; also says that the transcript is complete so far
//	draft    the answer so far: {"text"} replaces it, {"more"} extends it
//	typing   an answer is being written
type stream struct {
	chat   *Chat
	thread string
	after  int64 // the last entry that was written

	owner *channel.Owner // as written, nil before the first time
	draft string         // as written
	out   bytes.Buffer
}

// events serves GET /events until the browser goes or Receive ends. It starts
// after the entry that the Last-Event-ID header or the after parameter names.
func (c *Chat) events(w http.ResponseWriter, r *http.Request) error {
	thread, err := c.visitor(r)
	if err != nil {
		return err
	}
	after, err := resumeAt(r)
	if err != nil {
		return err
	}
	// Of this Receive: a stream must not outlive it and go on under the next.
	receiving := c.Receiving()
	if receiving == nil {
		return errNotOpen
	}
	listener, ok := c.rooms.join(thread, c.cfg.MaxStreams)
	if !ok {
		return &refusal{status: http.StatusTooManyRequests, text: "too many open tabs", retry: c.cfg.Poll}
	}
	// Joined before the transcript is first read, so that what comes in between
	// wakes the stream.
	defer c.rooms.leave(thread, listener)

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // else nginx holds events back
	s := &stream{chat: c, thread: thread, after: after}
	s.serve(r.Context(), http.NewResponseController(w), w, listener, receiving)
	return nil
}

// serve writes until the browser or Receive ends, or a write fails.
func (s *stream) serve(ctx context.Context, rc *http.ResponseController, w http.ResponseWriter, l *listener, receiving <-chan struct{}) {
	poll := time.NewTicker(s.chat.cfg.Poll)
	defer poll.Stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-receiving:
			return
		case <-l.wake:
			if !s.show(ctx, s.chat.rooms.take(l)) {
				return
			}
		case <-poll.C:
			// Another replica may have sent something, of which nothing here is told.
			// The draft is as written, so that it is left alone.
			if !s.show(ctx, state{news: true, draft: s.draft}) {
				return
			}
		case <-beat.C:
			// A comment, which browsers pass over.
			s.out.WriteString(":\n\n")
		}
		if err := s.write(w, rc); err != nil {
			return
		}
	}
}

// write sends s.out to the browser. Its error mostly means that the browser is
// gone, which is no failure.
func (s *stream) write(w http.ResponseWriter, rc *http.ResponseController) error {
	// Where the writer has no deadlines, a stuck browser costs only itself.
	rc.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := s.out.WriteTo(w); err != nil {
		return err
	}
	err := rc.Flush()
	if errors.Is(err, http.ErrNotSupported) {
		s.chat.cfg.Logger.Error("livechat: the host's ResponseWriter cannot flush, so nothing can be streamed", "err", err)
	}
	return err
}

// show writes what changed to s.out. It reports whether the desk could be read:
// if not, the stream ends and the browser resumes it.
func (s *stream) show(ctx context.Context, st state) bool {
	if st.news {
		if err := s.showTranscript(ctx); err != nil {
			if ctx.Err() == nil {
				s.chat.cfg.Logger.Error("livechat: reading the desk failed", "thread", s.thread, "err", err)
			}
			return false
		}
	}
	if st.draft != s.draft {
		s.showDraft(st.draft)
	}
	if st.typing {
		s.event("typing", struct{}{})
	}
	return true
}

// showTranscript writes the entries after s.after, and the owner if it changed.
func (s *stream) showTranscript(ctx context.Context) error {
	desk, name := s.chat.desk, s.chat.cfg.Name
	for entry, err := range desk.Transcript(ctx, name, s.thread, s.after) {
		if err != nil {
			return err
		}
		fmt.Fprintf(&s.out, "id: %d\n", entry.Seq)
		s.event("message", s.shown(entry))
		s.after = entry.Seq
	}
	owner, err := desk.Owner(ctx, name, s.thread)
	if err != nil {
		return err
	}
	if s.owner == nil || *s.owner != owner {
		s.event("owner", map[string]channel.Owner{"owner": owner})
		s.owner = &owner
	}
	return nil
}

// showDraft writes only what is new if the draft grew at its end.
func (s *stream) showDraft(text string) {
	if more, grew := strings.CutPrefix(text, s.draft); grew && s.draft != "" {
		s.event("draft", map[string]string{"more": more})
	} else {
		s.event("draft", map[string]string{"text": text})
	}
	s.draft = text
}

// event writes one event. JSON has no line breaks, so that one data line will do.
func (s *stream) event(name string, data any) {
	line, err := json.Marshal(data)
	if err != nil {
		s.chat.cfg.Logger.Error("livechat: encoding an event failed", "event", name, "err", err)
		return
	}
	fmt.Fprintf(&s.out, "event: %s\ndata: %s\n\n", name, line)
}

// message is an entry as browsers see it.
type message struct {
	Seq       int64          `json:"seq"`
	ID        string         `json:"id"`
	Author    channel.Author `json:"author"`
	Name      string         `json:"name,omitempty"`
	Text      string         `json:"text"`
	Citations []citation     `json:"citations,omitempty"`
	At        time.Time      `json:"at"`
}

// citation is a source as browsers see it.
type citation struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	Quote string `json:"quote,omitempty"`
}

// shown returns what the customer may know of e: nothing of who wrote it but a
// name, and of its sources what can be looked up.
func (s *stream) shown(e channel.Entry) message {
	m := message{Seq: e.Seq, ID: clientID(s.thread, e.ID), Author: e.Author, Text: e.Text, At: e.At}
	if e.Author != channel.Customer {
		m.Name = e.From.Name
	}
	for _, c := range e.Citations {
		m.Citations = append(m.Citations, citation{Title: c.Title, URL: c.URL, Quote: c.Quote})
	}
	return m
}

// resumeAt returns the sequence number of the last entry that the browser has.
func resumeAt(r *http.Request) (int64, error) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("after")
	}
	if last == "" {
		return 0, nil
	}
	after, err := strconv.ParseInt(last, 10, 64)
	if err != nil || after < 0 {
		return 0, badRequest("the last event id is not a sequence number")
	}
	return after, nil
}
