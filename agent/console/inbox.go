package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// groupSize is the most conversations that are shown of a group other than the queue.
const groupSize = 50

// An inbox is the body of the first page.
type inbox struct {
	Owner  string // the group that is shown alone, or "" for all
	Groups []*group
}

// A group is the conversations of one kind of owner.
type group struct {
	Key    string // as in the address of the page
	Name   string
	None   string // what is said when it is empty
	Queues []queue
	Count  int
	More   bool // whether there are more than Count

	// Whose conversations these are. Templates do not see it.
	owners []channel.Owner
}

// A queue is the conversations of one team.
type queue struct {
	Team string // "" is everybody
	Rows []row
}

// A row is one conversation of the inbox.
type row struct {
	ID       string
	Channel  string
	Customer string         // a name, or what else is known
	Person   string         // who has it, if a person has
	Reason   handoff.Reason // while people have it
	Draft    bool           // whether the agent's draft waits to be sent
	Since    time.Time      // when it began to wait, else when somebody last wrote
	Author   channel.Author // of Text
	Text     string         // the question that waits, else what was said last; its first words

	// By which byTeam divides.
	team string
}

// groups returns the groups of the inbox, those that need people first.
func groups() []*group {
	return []*group{
		{Key: "queued", Name: "Waiting for a person", owners: []channel.Owner{channel.Queued},
			None: "Nobody waits. What the agent hands over appears here."},
		{Key: "person", Name: "With a person", owners: []channel.Owner{channel.ByPerson},
			None: "Nobody has a conversation. Take one to answer it yourself."},
		{Key: "agent", Name: "With the agent", owners: []channel.Owner{channel.ByAgent, channel.Unassigned},
			None: "The agent has no conversation open."},
		{Key: "closed", Name: "Closed", owners: []channel.Owner{channel.Closed},
			None: "Closed conversations appear here."},
	}
}

// inbox serves the conversations by who has them.
func (c *Console) inbox(w http.ResponseWriter, v visit) error {
	body := inbox{Owner: v.URL.Query().Get("owner"), Groups: groups()}
	if !slices.ContainsFunc(body.Groups, func(g *group) bool { return g.Key == body.Owner }) {
		body.Owner = ""
	}
	for _, g := range body.Groups {
		if err := c.fill(v.Context(), g); err != nil {
			return err
		}
	}
	p := page{Title: "Inbox", Section: "inbox", Self: "?owner=" + body.Owner, Body: body}
	// The tab of a browser shows how many wait, also when it is not looked at.
	if n := body.Groups[0].Count; n > 0 {
		p.Title = fmt.Sprintf("(%d) Inbox", n)
	}
	return c.render(w, v, http.StatusOK, "inbox", p)
}

// fill reads the conversations of a group. The queue is read whole: those that
// have waited longest come first, and an Archive yields them last.
func (c *Console) fill(ctx context.Context, g *group) error {
	// One more than is shown tells whether there are more.
	filter := agent.Filter{Owners: g.owners, Limit: groupSize + 1}
	waiting := g.owners[0] == channel.Queued
	if waiting {
		filter.Limit = 0
	}
	var rows []row
	for conv, err := range c.cfg.Agent.Archive().Conversations(ctx, filter) {
		if err != nil {
			return err
		}
		if g.More = !waiting && len(rows) == groupSize; g.More {
			break
		}
		r, err := c.row(ctx, conv)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	if g.Count = len(rows); waiting {
		slices.SortStableFunc(rows, func(a, b row) int { return a.Since.Compare(b.Since) })
		g.Queues = byTeam(rows)
	} else if g.Count > 0 {
		g.Queues = []queue{{Rows: rows}}
	}
	return nil
}

// row returns what the inbox shows of a conversation.
func (c *Console) row(ctx context.Context, conv agent.Conversation) (row, error) {
	r := row{
		ID: conv.ID, Channel: conv.Channel, Customer: nameOf(conv.Customer), Person: conv.Person,
		Since: conv.ActiveAt, team: conv.Team, Draft: conv.Memory.Draft != nil,
	}
	if conv.Owner == channel.Queued {
		r.Since = queuedAt(conv)
	}
	if p := packet(conv); p != nil {
		r.Reason = p.Reason
		if conv.Owner == channel.Queued {
			r.Author, r.Text = channel.Customer, opening(p.Question, 140)
		}
	}
	if r.Text != "" {
		return r, nil
	}
	// From the last answered message on, so that a long transcript is not read for
	// its end.
	for m, err := range c.cfg.Agent.Archive().Messages(ctx, conv.ID, max(conv.Answered-1, 0)) {
		if err != nil {
			return r, err
		}
		r.Author, r.Text = m.Author, opening(m.Text, 140)
	}
	return r, nil
}

// packet returns what the people who have a conversation were told, or nil. A
// packet that is left of an earlier handoff is not theirs.
func packet(conv agent.Conversation) *handoff.Packet {
	if conv.Owner == channel.Queued || conv.Owner == channel.ByPerson {
		return conv.Memory.Packet
	}
	return nil
}

// byTeam divides rows, keeping their order, by team. The team of the first
// comes first.
func byTeam(rows []row) []queue {
	var queues []queue
	for _, r := range rows {
		i := slices.IndexFunc(queues, func(q queue) bool { return q.Team == r.team })
		if i < 0 {
			i, queues = len(queues), append(queues, queue{Team: r.team})
		}
		queues[i].Rows = append(queues[i].Rows, r)
	}
	return queues
}
