package livechat

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/channel"
)

// retryLater is when a browser tries again what failed on our side.
const retryLater = 2 * time.Second

// errNotOpen tells a browser to come back, and nothing of what failed.
var errNotOpen = &refusal{status: http.StatusServiceUnavailable, text: "the chat is not open at the moment", retry: retryLater}

// A session is what a browser needs to show the chat.
type session struct {
	Token string `json:"token"`
	// New says that the visitor has no conversation yet, or lost it.
	New      bool   `json:"new"`
	Title    string `json:"title"`
	Greeting string `json:"greeting"`
	Agent    string `json:"agent"`
	MaxText  int    `json:"max_text"` // in runes
}

// begin serves POST /session. It returns a new token for the visitor of the
// token that came with the request, or for a new visitor if that is no good.
func (c *Chat) begin(w http.ResponseWriter, r *http.Request) error {
	if c.Receiving() == nil {
		return errNotOpen
	}
	now := time.Now()
	thread, err := c.visitor(r)
	isNew := err != nil
	if isNew {
		if wait := c.sessions.wait(c.cfg.Address(r), now); wait > 0 {
			return &refusal{status: http.StatusTooManyRequests, text: "too many visitors", retry: wait}
		}
		thread = newThread()
	}
	reply(w, http.StatusOK, session{
		Token:    c.tokens.issue(thread, now),
		New:      isNew,
		Title:    c.cfg.Title,
		Greeting: c.cfg.Greeting,
		Agent:    c.cfg.AgentName,
		MaxText:  c.cfg.MaxText,
	})
	return nil
}

// post serves POST /messages. It accepts a message with 202 only once the
// handler stored it. Browsers repeat what was not accepted, with the same id.
func (c *Chat) post(w http.ResponseWriter, r *http.Request) error {
	thread, err := c.visitor(r)
	if err != nil {
		return err
	}
	now := time.Now()
	if wait := c.messages.wait(thread, now); wait > 0 {
		return &refusal{status: http.StatusTooManyRequests, text: "too many messages", retry: wait}
	}
	// A rune takes at most 12 bytes in JSON: two escaped halves of a pair.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(1024+12*c.cfg.MaxText)))
	if err != nil {
		return readFailure(err)
	}
	p, err := decode(body, c.cfg.MaxText)
	if err != nil {
		return err
	}
	err = c.Deliver(r.Context(), channel.Message{
		// A browser that got no answer posts again under the same id, which the agent
		// drops as a repeat.
		ID:          messageID(thread, p.ID),
		Thread:      thread,
		From:        c.party(r, thread, now),
		Author:      channel.Customer,
		Text:        p.Text,
		Language:    preferred(r.Header.Get("Accept-Language")),
		At:          now.UTC(),
		WantsPerson: p.WantsPerson,
	})
	if err != nil {
		// A chat that is closed and a browser that is gone are no failures.
		if !errors.Is(err, channel.ErrNotReceiving) && r.Context().Err() == nil {
			c.cfg.Logger.Error("livechat: storing a message failed", "thread", thread, "err", err)
		}
		return errNotOpen
	}
	c.rooms.news(thread) // to the visitor's other tabs
	reply(w, http.StatusAccepted, map[string]string{"id": p.ID})
	return nil
}

// preferred returns the language that a browser names first, which is the one
// its user prefers (RFC 9110, 12.5.4; browsers order by weight). Empty if there
// is none.
func preferred(accepted string) string {
	first, _, _ := strings.Cut(accepted, ",")
	first, _, _ = strings.Cut(first, ";")
	first = strings.TrimSpace(first)
	if !languageTags.MatchString(first) {
		return ""
	}
	return first
}

// languageTags have at most 35 characters (RFC 5646, 4.4.1).
var languageTags = regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)

// posted is a message as a browser posts it.
type posted struct {
	ID          string `json:"id"`
	Text        string `json:"text"`
	WantsPerson bool   `json:"wants_person"`
}

// clientIDs keeps an id harmless wherever it is stored, logged or shown.
var clientIDs = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// decode reads a posted message. Its text is valid UTF-8 of 1 to max runes
// without control characters but newlines and tabs.
func decode(body []byte, max int) (posted, error) {
	var p posted
	if err := json.Unmarshal(body, &p); err != nil {
		return posted{}, badRequest("the message is not JSON of the expected form")
	}
	if !clientIDs.MatchString(p.ID) {
		return posted{}, badRequest("the id is not 1 to 64 letters, digits, - and _")
	}
	p.Text = clean(p.Text)
	if p.Text == "" {
		return posted{}, badRequest("the text is empty")
	}
	if utf8.RuneCountInString(p.Text) > max {
		return posted{}, &refusal{status: http.StatusRequestEntityTooLarge, text: "the text is too long"}
	}
	return p, nil
}

// clean drops what a database or a log may choke on. HTML stays: it is text,
// and every reader shows it as such.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// messageID makes a browser's id unique in the channel, so that no visitor can
// take the id of another's message.
func messageID(thread, id string) string { return thread + "." + id }

// clientID undoes messageID. It leaves the ids of other messages as they are.
func clientID(thread, id string) string { return strings.TrimPrefix(id, thread+".") }

// readFailure tells a body that is too large from one that broke off.
func readFailure(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &refusal{status: http.StatusRequestEntityTooLarge, text: "the message is too large"}
	}
	return badRequest("the message did not arrive whole")
}
