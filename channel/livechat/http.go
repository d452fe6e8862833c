package livechat

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A refusal is an error that the browser is told.
type refusal struct {
	status int
	text   string        // for a developer who looks at the request
	retry  time.Duration // when to try again, if that may help
}

// badRequest is for what the widget never sends.
func badRequest(text string) error { return &refusal{status: http.StatusBadRequest, text: text} }

// Error returns the text for logs.
func (r *refusal) Error() string { return "livechat: " + r.text }

// errNoVisitor makes the widget ask for a new session.
var errNoVisitor = &refusal{status: http.StatusUnauthorized, text: "the visitor's token is missing, forged or expired"}

// routes are relative to where the host mounted the chat.
func (c *Chat) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /", c.files())
	mux.Handle("POST /session", refusing(c.begin))
	mux.Handle("POST /messages", refusing(c.post))
	mux.Handle("GET /events", refusing(c.events))
	return c.guarded(mux)
}

// guarded sets the headers of every response and keeps the pages of other
// sites out, unless they are in Config.Origins.
func (c *Chat) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		// Should a response be opened as a page of its own, it can do nothing.
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		// Else a cache could give the answer for one site to another.
		h.Add("Vary", "Origin")
		// Browsers leave it out of GET requests of the same origin; programs that are
		// no browsers may claim any, and are kept out by tokens and limits.
		origin := r.Header.Get("Origin")
		if origin != "" && !sameOrigin(r, origin) {
			if !slices.Contains(c.cfg.Origins, origin) {
				refuse(w, &refusal{status: http.StatusForbidden, text: "pages of this origin may not use the chat"})
				return
			}
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After")
		}
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID, "+visitorHeader)
			// Seconds. A preflight before each message would double the wait.
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin compares hosts only, as a proxy may have ended TLS.
func sameOrigin(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == r.Host
}

// visitorHeader holds the host's token of who the visitor is.
const visitorHeader = "Visitor-Token"

// party returns who writes in a thread.
func (c *Chat) party(r *http.Request, thread string, now time.Time) channel.Party {
	anonymous := channel.Party{ID: thread, Trust: channel.Anonymous}
	token := r.Header.Get(visitorHeader)
	if token == "" || c.cfg.Identify == nil {
		return anonymous
	}
	p, err := c.cfg.Identify(token, now)
	if err != nil {
		c.cfg.Logger.Warn("livechat: a visitor's identity is not believed", "thread", thread, "err", err)
		return anonymous
	}
	return p
}

// visitor returns the thread of the request's token.
func (c *Chat) visitor(r *http.Request) (string, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return "", errNoVisitor
	}
	thread, err := c.tokens.thread(token, time.Now())
	if err != nil {
		return "", errNoVisitor
	}
	return thread, nil
}

// refusing answers with the error of serve, which it must return before it
// wrote anything.
func refusing(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			refuse(w, err)
		}
	})
}

// refuse tells the browser what it may know of err.
func refuse(w http.ResponseWriter, err error) {
	var r *refusal
	if !errors.As(err, &r) {
		r = &refusal{status: http.StatusInternalServerError, text: "internal error"}
	}
	if r.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(r.retry.Seconds()))))
	}
	reply(w, r.status, map[string]string{"error": r.text})
}

// reply writes v as JSON. If that fails there is nobody left to tell.
func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
