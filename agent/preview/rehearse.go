package preview

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"regexp"
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// A recording is a conversation as the archive has it.
type recording struct {
	agent.Conversation
	messages []agent.Message
	turns    []agent.Turn
	records  []agent.Record
}

func (r Replay) load(ctx context.Context, id string) (c recording, err error) {
	for c.Conversation, err = range r.Archive.Conversations(ctx, agent.Filter{ID: id, Limit: 1}) {
		if err != nil {
			return c, err
		}
	}
	if c.messages, err = all(r.Archive.Messages(ctx, id, 0)); err != nil {
		return c, err
	}
	if c.turns, err = all(r.Archive.Turns(ctx, id)); err != nil {
		return c, err
	}
	c.records, err = all(r.Archive.Records(ctx, id, 0))
	return c, err
}

func all[T any](seq iter.Seq2[T, error]) (found []T, err error) {
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, nil
}

// A rehearsal is a recording that is replayed.
type rehearsal struct {
	recording
	open, shut *Preview // the agent at times at which it takes conversations, and not
	calendar   *schedule.Calendar
	code       string // the digits that were mailed last
}

// rehearsal returns a conversation that is about to begin.
func (r Replay) rehearsal(ctx context.Context, id string) (*rehearsal, error) {
	c, err := r.load(ctx, id)
	if err != nil {
		return nil, err
	}
	h := &rehearsal{recording: c}
	cfg := r.Config
	cfg.Model, cfg.DryRun = r.Model, false
	cfg.Channels = nil
	for _, ch := range r.Config.Channels {
		if ch != nil && ch.Name() == c.Channel {
			cfg.Channels = append(cfg.Channels, channel.NewMemory(ch.Name(), ch.Capabilities()))
		}
	}
	if len(cfg.Channels) == 0 && c.Channel != agent.Direct {
		cfg.Channels = append(cfg.Channels, channel.NewMemory(c.Channel, channel.Capabilities{Links: true}))
	}
	cfg.Actions = slices.Clone(cfg.Actions)
	for i := range cfg.Actions {
		cfg.Actions[i].Run = h.recorded(cfg.Actions[i].Name)
	}
	store := agent.NewMemoryStore()
	draft := r.Draft
	settings := draft.Channels[c.Channel]
	if h.calendar, err = settings.Hours.Calendar(); err != nil {
		return nil, err
	}
	// Hours hold at the recorded times, and idle conversations end when they did.
	settings.CloseAfter = 0
	if h.open, err = open(cfg, with(draft, c.Channel, settings, schedule.Hours{}), store); err != nil {
		return nil, err
	}
	h.shut, err = open(cfg, with(draft, c.Channel, settings, never(time.Now())), store)
	return h, err
}

// with returns settings with those of a channel and its hours.
func with(s agent.Settings, name string, c agent.ChannelSettings, h schedule.Hours) agent.Settings {
	channels := map[string]agent.ChannelSettings{}
	for k, v := range s.Channels {
		channels[k] = v
	}
	c.Hours = h
	channels[name] = c
	s.Channels = channels
	return s
}

// never returns hours that are not open now, nor for the days around it.
func never(now time.Time) schedule.Hours {
	day := (now.UTC().Weekday() + 3) % 7
	return schedule.Hours{Mode: schedule.During, Week: []schedule.Period{{Day: day, From: "00:00", To: "00:01"}}}
}

// conversation replays one, and yields every turn on both sides.
func (r Replay) conversation(ctx context.Context, id string) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		h, err := r.rehearsal(ctx, id)
		if err != nil {
			yield(Difference{}, err)
			return
		}
		next, verified := 0, false
		for _, record := range h.records {
			switch record.Kind {
			case agent.IdentityVerified:
				verified = true
			case agent.TurnCommitted:
				if next >= len(h.turns) {
					continue
				}
				turn := h.turns[next]
				next++
				if replayable(turn) {
					after, err := h.turn(ctx, turn, verified)
					if !yield(Difference{Before: turn, After: after}, err) || err != nil {
						return
					}
				}
				verified = false
			default:
				if err := h.person(ctx, record); err != nil {
					yield(Difference{}, err)
					return
				}
			}
		}
	}
}

// replayable reports whether a turn was the agent's to make.
func replayable(t agent.Turn) bool {
	return !slices.Contains([]string{"a person answered", "a person has the conversation", "waits for a person"}, t.Decision.Rule)
}

var sixDigits = regexp.MustCompile(`[0-9](?:[ \x{a0}-]?[0-9]){5}`)

// turn has the customer write what a turn was of.
func (h *rehearsal) turn(ctx context.Context, t agent.Turn, verified bool) (Turn, error) {
	m, ok := h.burst(t)
	if !ok {
		return Turn{}, errors.New("the messages of turn " + t.ID + " are gone")
	}
	if verified && h.code != "" {
		m.Text = sixDigits.ReplaceAllString(m.Text, h.code)
	}
	desk := h.open
	if h.calendar != nil && !h.calendar.Open(t.Started) {
		desk = h.shut
	}
	after, err := desk.Reply(ctx, h.Channel, m)
	if err != nil {
		return after, err
	}
	if after.Code != nil {
		h.code = after.Code.Digits
	}
	if after.Owner == channel.Queued && t.Decision.Kind != agent.HandOver {
		err = h.open.desk.Return(ctx, after.Conversation, "replay")
	}
	return after, err
}

// burst returns the messages of a turn as one. Of several writers nobody is
// believed to be any of them, as in the turn itself.
func (h *rehearsal) burst(t agent.Turn) (m channel.Message, ok bool) {
	text := ""
	for _, each := range h.messages {
		if each.Seq < t.First || each.Seq > t.Last || each.Author != channel.Customer {
			continue
		}
		if text != "" && each.Text != "" {
			text += "\n"
		}
		text += each.Text
		before := m
		m = each.Message
		m.WantsPerson, m.Attachments = m.WantsPerson || before.WantsPerson, slices.Concat(before.Attachments, m.Attachments)
		if ok {
			m.From = common(before.From, m.From)
		}
		ok = true
	}
	m.Text, m.Thread = text, h.Thread
	return m, ok
}

// common returns what two messages of one burst say of who wrote them.
func common(a, b channel.Party) channel.Party {
	if a.ID != b.ID || a.Email != b.Email || a.Phone != b.Phone {
		return channel.Party{}
	}
	b.Trust = min(a.Trust, b.Trust)
	return b
}

// person does what somebody of the company did.
func (h *rehearsal) person(ctx context.Context, r agent.Record) error {
	if !slices.Contains([]string{agent.Taken, agent.Returned, agent.ConversationEnded, agent.PersonSaid}, r.Kind) {
		return nil
	}
	now, _, err := h.open.look(ctx, h.Channel, h.Thread, 0)
	if err != nil || now.ID == "" {
		return err
	}
	desk := h.open.desk
	switch r.Kind {
	case agent.Taken:
		return desk.Take(ctx, now.ID, r.Actor)
	case agent.Returned:
		return desk.Return(ctx, now.ID, r.Actor)
	case agent.ConversationEnded:
		return desk.Close(ctx, now.ID, r.Actor)
	case agent.PersonSaid:
		for _, m := range h.messages {
			if m.ID == r.Detail {
				said := m.Message
				said.From.Name = r.Actor
				return desk.Say(ctx, now.ID, said)
			}
		}
	}
	return nil
}

// recorded returns a Run that gives what the recording has for a call.
func (h *rehearsal) recorded(name string) func(context.Context, agent.ActionCall) (json.RawMessage, error) {
	return func(_ context.Context, c agent.ActionCall) (json.RawMessage, error) {
		for _, t := range h.turns {
			for _, call := range t.Calls {
				if call.Name == name && call.Refused == "" && sameJSON(call.Arguments, c.Arguments) {
					return call.Output, nil
				}
			}
		}
		return nil, errors.New("the recording has no such call")
	}
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return bytes.Equal(a, b)
	}
	m, _ := json.Marshal(x)
	n, _ := json.Marshal(y)
	return bytes.Equal(m, n)
}
