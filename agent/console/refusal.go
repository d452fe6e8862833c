package console

import (
	"errors"
	"net/http"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A refusal is an error that people are told.
type refusal struct {
	status int    // of HTTP
	title  string // of the page
	text   string // what happened, and what to do next
}

// Error is for logs; people are shown title and text.
func (r *refusal) Error() string { return "console: " + r.text }

// What people are told. Anything else is errInternal to them.
var (
	errNobody = &refusal{http.StatusForbidden, "Not signed in",
		"These pages are for the people of the team. Sign in and come back."}
	errOrigin = &refusal{http.StatusForbidden, "Refused",
		"The request came from a page of another site, so nothing was changed."}
	errForm = &refusal{http.StatusBadRequest, "Not sent",
		"The form did not arrive whole. Go back to the conversation and try again."}
	errNotFound = &refusal{http.StatusNotFound, "Not found",
		"There is no such conversation. It may have been removed."}
	errConflict = &refusal{http.StatusConflict, "Somebody was faster",
		"The conversation changed again and again at the same time. Look at it and try again."}
	errNoDraft = &refusal{http.StatusConflict, "Nothing was sent",
		"The draft waits no longer: it was sent or dropped, or somebody has written since. Look at the conversation again."}
	errInternal = &refusal{http.StatusInternalServerError, "Something went wrong",
		"That did not work this time. Nothing that customers wrote is lost. Try again in a moment."}
)

// told returns what people are told of an error, and whether it is all of it.
func told(err error) (r *refusal, all bool) {
	switch {
	case errors.As(err, &r):
		return r, true
	case errors.Is(err, agent.ErrNotFound):
		return errNotFound, true
	case errors.Is(err, agent.ErrNoDraft):
		return errNoDraft, true
	case errors.Is(err, agent.ErrFenced):
		return errConflict, true
	}
	return errInternal, false
}

// fail shows an error as a page, in words without internals. Those are logged,
// unless the reader is gone and the error is only that.
func (c *Console) fail(w http.ResponseWriter, v visit, err error) {
	r, all := told(err)
	if !all && v.Context().Err() == nil {
		c.cfg.Log.ErrorContext(v.Context(), "console: request failed", "method", v.Method, "path", v.URL.Path, "err", err)
	}
	p := page{Title: r.title, Body: r.text}
	if err := c.render(w, v, r.status, "refusal", p); err != nil {
		c.cfg.Log.ErrorContext(v.Context(), "console: cannot show an error", "err", err)
		http.Error(w, r.text, r.status)
	}
}
