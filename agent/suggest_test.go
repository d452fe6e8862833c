package agent

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// readOnly is a store that takes no change while it is on.
type readOnly struct {
	*MemoryStore
	on bool
}

var errReadOnly = errors.New("nothing may be changed")

func (s *readOnly) Claim(ctx context.Context, c Claim) (Work, error) {
	if s.on {
		return Work{}, errReadOnly
	}
	return s.MemoryStore.Claim(ctx, c)
}

func (s *readOnly) Commit(ctx context.Context, c Commit) error {
	if s.on {
		return errReadOnly
	}
	return s.MemoryStore.Commit(ctx, c)
}

// counting is a meter and limiter that counts what it is asked.
type counting struct{ calls int }

func (m *counting) Hold(context.Context, credits.Hold) error             { m.calls++; return nil }
func (m *counting) Settle(context.Context, string, credits.Amount) error { m.calls++; return nil }
func (m *counting) Allow(context.Context, Use) (bool, error)             { m.calls++; return true, nil }
func (m *counting) SendCode(context.Context, Code) error                 { m.calls++; return nil }

func TestInvariantASuggestionChangesNothing(t *testing.T) {
	store, outside, reads, writes := &readOnly{MemoryStore: NewMemoryStore()}, &counting{}, 0, 0
	read, write := writing(t, &reads, false), writing(t, &writes, true)
	read.Limits.PerDay, write.Limits.PerDay = 1, 1
	for name, act := range map[string]Action{"reads": read, "writes": write} {
		settings := in(Suggest)
		settings.Price = 7
		a, err := New(Config{
			Settings: settings, Knowledge: pages, Store: store, Meter: outside, Limiter: outside, Codes: outside,
			Model: calls(), Actions: []Action{act}, Channels: []Channel{channel.NewMemory("chat", channel.Capabilities{})},
		})
		require.NoError(t, err)
		receipt, err := a.receive(t.Context(), "chat", channel.Message{ID: name, Thread: name, Text: "How do I return it?"}, 0)
		require.NoError(t, err)
		before, err := a.Conversation(t.Context(), receipt.Conversation)
		require.NoError(t, err)
		store.on = true
		for range 2 {
			turn, err := a.Suggest(t.Context(), receipt.Conversation)
			require.NoError(t, err)
			require.Equal(t, "You can return it within 30 days.", turn.Text, "without a disclosure: a person says it")
			require.Equal(t, "Returns", turn.Citations[0].Title)
			require.Empty(t, turn.ID)
		}
		store.on = false
		after, err := a.Conversation(t.Context(), receipt.Conversation)
		require.NoError(t, err)
		require.Equal(t, before, after)
		require.Empty(t, collect(t, store.Turns(t.Context(), receipt.Conversation)))
	}
	require.Equal(t, []int{2, 0}, []int{reads, writes}, "what reads is done, and what writes is not")
	require.Zero(t, outside.calls, "nothing is held, settled, counted or mailed")
}

func TestSuggestsAtAnyTime(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "Let me talk to a human")
		id := d.conversation("t1").ID
		suggested := func(rule string) {
			turn, err := d.Suggest(d.t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, rule, turn.Decision.Rule)
			require.Equal(t, rule == "evidence", turn.Text != "")
		}
		suggested("asks for a person")
		require.NoError(t, d.Say(d.t.Context(), id, channel.Message{ID: "p", Text: "Hello?", From: channel.Party{Name: "Bo"}}))
		d.write("t1", "Hi,", "how do I return it?")
		suggested("evidence")
		turn, err := d.Suggest(d.t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, "Hi,\nhow do I return it?", turn.Question, "all that the customer wrote since")
		require.NoError(t, d.Say(d.t.Context(), id, channel.Message{ID: "q", Text: "One moment.", From: channel.Party{Name: "Bo"}}))
		suggested("evidence")
		require.NoError(t, d.Close(d.t.Context(), id, "Bo"))
		suggested("evidence")
		d.pass(time.Second)
		require.Len(t, d.heard(), 3)
		_, err = d.Suggest(d.t.Context(), "nobody's")
		require.ErrorIs(t, err, ErrNotFound)
	})
}
