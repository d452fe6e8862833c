// Package console serves the pages on which people work beside an agent: the
// inbox, a conversation with what the agent decided in it and why, and the
// audit.
//
// A [Console] is one http.Handler. All its links are relative, so that it may
// be mounted under any prefix:
//
//	mux.Handle("/console/", http.StripPrefix("/console", c))
//
// It has no sessions of its own. The host decides who may reach it, and tells
// it by Config.Person who is looking. Pages can be read and used without
// scripts; a script keeps them up to date.
package console

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/credits"
)

// Config configures a Console. Only Agent is required.
type Config struct {
	// Agent is whose conversations are shown.
	Agent *agent.Agent
	// Person returns the name of who is looking, under which customers are
	// answered. Empty means nobody, who is refused. Nil calls everybody "Team",
	// which is right only where the host lets in its own people alone.
	Person func(*http.Request) string
	// Title is what the pages call themselves. Defaults to "Front desk".
	Title string
	// Credits returns the balance that the pages show, as the Balance of a
	// *credits.Ledger does. Nil shows none.
	Credits func(context.Context) (credits.Balance, error)
	// Location is where times are shown for. Nil means UTC.
	Location *time.Location
	// Log takes the errors that people are not told in full. Nil drops them.
	Log *slog.Logger
}

// A Console is the pages of one agent. It may serve many requests at a time.
type Console struct {
	cfg Config
	// Parsed once, by New. Templates may be executed by many goroutines.
	pages   map[string]*template.Template
	handler http.Handler
}

// New returns a console, or every fault of its configuration, joined.
func New(cfg Config) (*Console, error) {
	var faults []error
	if cfg.Agent == nil {
		faults = append(faults, errors.New("console: config: Agent is nil: the console needs an agent whose conversations it shows"))
	}
	c := &Console{cfg: cfg.withDefaults()}
	pages, err := c.parse()
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	c.pages = pages
	c.handler = c.routes()
	return c, nil
}

func (c Config) withDefaults() Config {
	if c.Person == nil {
		c.Person = func(*http.Request) string { return "Team" }
	}
	if c.Title == "" {
		c.Title = "Front desk"
	}
	if c.Location == nil {
		c.Location = time.UTC
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// ServeHTTP serves the pages. Requests that change something are refused if
// they come from pages of another origin.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	// What customers wrote is on these pages. Should any of it ever come through
	// as markup, it still can run nothing, load nothing and send nothing.
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.handler.ServeHTTP(w, r)
}

// routes is what New serves, relative to where the host mounted it.
func (c *Console) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", c.serve(c.inbox))
	mux.Handle("GET /conversations/{id}", c.serve(c.conversation))
	mux.Handle("POST /conversations/{id}/take", c.serve(c.take))
	mux.Handle("POST /conversations/{id}/reply", c.serve(c.reply))
	mux.Handle("POST /conversations/{id}/suggest", c.serve(c.suggest))
	mux.Handle("POST /conversations/{id}/send", c.serve(c.send))
	mux.Handle("POST /conversations/{id}/drop", c.serve(c.drop))
	mux.Handle("POST /conversations/{id}/return", c.serve(c.giveBack))
	mux.Handle("POST /conversations/{id}/close", c.serve(c.end))
	mux.Handle("GET /audit", c.serve(c.audit))
	mux.Handle("GET /assets/{name}", http.HandlerFunc(asset))
	// By Sec-Fetch-Site or Origin, not by a token in each form: there is no session
	// to bind a token to. GET and HEAD change nothing and are let through.
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(c.serve(func(http.ResponseWriter, visit) error { return errOrigin }))
	return origin.Handler(mux)
}

// A visit is a request of somebody known.
type visit struct {
	*http.Request
	person string
}

// serve answers with the error of h as a page. h must return it before it wrote
// anything.
func (c *Console) serve(h func(http.ResponseWriter, visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visit{r, c.cfg.Person(r)}
		var err error = errNobody
		if v.person != "" {
			err = h(w, v)
		}
		if err != nil {
			c.fail(w, v, err)
		}
	})
}
