package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
)

// send sends the draft that the form names, with the text that the form has.
func (c *Console) send(w http.ResponseWriter, v visit) error {
	turn, text, err := readDraft(w, v)
	if err != nil {
		return err
	}
	id := v.PathValue("id")
	if err := c.cfg.Agent.SendDraft(v.Context(), id, turn, text, v.person); err != nil {
		return err
	}
	return redirect(w, "../"+url.PathEscape(id)+"#reply")
}

// drop drops the draft that the form names, which gives the conversation to who
// is looking.
func (c *Console) drop(w http.ResponseWriter, v visit) error {
	turn, _, err := readDraft(w, v)
	if err != nil {
		return err
	}
	id := v.PathValue("id")
	if err := c.cfg.Agent.DropDraft(v.Context(), id, turn, v.person); err != nil {
		return err
	}
	return redirect(w, "../"+url.PathEscape(id)+"#reply")
}

// readDraft returns the form of a draft.
func readDraft(w http.ResponseWriter, v visit) (turn, text string, err error) {
	if err := parse(w, v); err != nil {
		return "", "", err
	}
	if turn = v.PostForm.Get("turn"); turn == "" {
		return "", "", errForm
	}
	return turn, typed(v), nil
}

// suggest shows the form of a reply with what the agent would answer behind what
// it holds already.
func (c *Console) suggest(w http.ResponseWriter, v visit) error {
	form, err := read(w, v)
	if err != nil {
		return err
	}
	turn, err := c.cfg.Agent.Suggest(v.Context(), v.PathValue("id"))
	if err != nil {
		return err
	}
	switch {
	case turn.Text == "":
		form.Notice = "The agent has no answer to suggest. " + turn.Decision.Reason
	case form.Text == "":
		form.Text = turn.Text
	default:
		form.Text += "\n\n" + turn.Text
	}
	return c.show(w, v, http.StatusOK, form)
}

// Draft is what waits to be sent, or nil.
func (c conversation) Draft() *agent.Draft { return c.Memory.Draft }

// queuedAt is since when a conversation is in the queue: since it was handed over,
// or since a draft waits.
func queuedAt(conv agent.Conversation) time.Time {
	switch d, p := conv.Memory.Draft, packet(conv); {
	case p != nil:
		return p.At
	case d != nil:
		return d.At
	}
	return conv.ActiveAt
}
