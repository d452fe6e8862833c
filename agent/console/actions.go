package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
)

// maxForm is the most bytes of a form.
const maxForm = 1 << 18

// take gives the conversation to who is looking.
func (c *Console) take(w http.ResponseWriter, v visit) error {
	id := v.PathValue("id")
	if err := c.cfg.Agent.Take(v.Context(), id, v.person); err != nil {
		return err
	}
	return redirect(w, "../"+url.PathEscape(id)+"#reply")
}

// giveBack returns the conversation to the agent.
func (c *Console) giveBack(w http.ResponseWriter, v visit) error {
	id := v.PathValue("id")
	if err := c.cfg.Agent.Return(v.Context(), id, v.person); err != nil {
		return err
	}
	return redirect(w, "../"+url.PathEscape(id))
}

// end closes the conversation, and leads to those that are left.
func (c *Console) end(w http.ResponseWriter, v visit) error {
	if err := c.cfg.Agent.Close(v.Context(), v.PathValue("id"), v.person); err != nil {
		return err
	}
	return redirect(w, "../../")
}

// reply says what the form says, which takes the conversation. What cannot be
// sent stays in the form, under the same ID, so that trying again after an
// error that hid a success says nothing twice.
func (c *Console) reply(w http.ResponseWriter, v visit) error {
	form, err := read(w, v)
	if err != nil {
		return err
	}
	if form.Text == "" {
		form.Notice = "There is nothing to send yet. Write your answer first."
		return c.show(w, v, http.StatusUnprocessableEntity, form)
	}
	id := v.PathValue("id")
	err = c.cfg.Agent.Say(v.Context(), id, channel.Message{
		// The same ID at every attempt: Say takes a repeat for the message that it has.
		ID: "console." + form.ID, From: channel.Party{Name: v.person}, Text: form.Text,
	})
	if err == nil {
		return redirect(w, "../"+url.PathEscape(id)+"#reply")
	}
	r, all := told(err)
	// There is no conversation whose page could show the form again.
	if r.status == http.StatusNotFound {
		return err
	}
	if !all {
		c.cfg.Log.ErrorContext(v.Context(), "console: a reply was not stored", "conversation", id, "err", err)
	}
	form.Notice = "Your answer was not sent. It is still here: try again in a moment."
	return c.show(w, v, r.status, form)
}

// read returns the form of a reply. Its ID is the browser's, and so is never
// used as it is: no form may pass for a message of somebody else.
func read(w http.ResponseWriter, v visit) (reply, error) {
	if err := parse(w, v); err != nil {
		return reply{}, err
	}
	form := reply{ID: v.PostForm.Get("message"), Text: typed(v)}
	if form.ID == "" || len(form.ID) > 64 {
		return reply{}, errForm
	}
	return form, nil
}

// parse reads a form of a size that people write.
func parse(w http.ResponseWriter, v visit) error {
	v.Body = http.MaxBytesReader(w, v.Body, maxForm)
	err := v.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &refusal{http.StatusRequestEntityTooLarge, "Too long",
			"The answer is too long to be sent. Go back and shorten it."}
	case err != nil:
		return errForm
	}
	return nil
}

// typed returns the text of a form that was read.
func typed(v visit) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(v.PostForm.Get("text"), "\uFFFD"), "\r\n", "\n"))
}

// redirect leads to an address relative to that of the request, which
// http.Redirect would make absolute without the prefix that was stripped.
func redirect(w http.ResponseWriter, to string) error {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
