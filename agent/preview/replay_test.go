package preview_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/preview"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// A recorder is an agent whose conversations are to be replayed.
type recorder struct {
	*agent.Agent
	t    *testing.T
	code string
}

func record(t *testing.T, s agent.Settings, model agent.Model) *recorder {
	r := &recorder{t: t}
	act := action(t)
	act.Trust = channel.EmailVerified
	act.Run = func(context.Context, agent.ActionCall) (json.RawMessage, error) { return []byte(`"ok"`), nil }
	desk, err := agent.New(agent.Config{
		Settings: s, Knowledge: knowledge(t), Model: model, Actions: []agent.Action{act},
		Codes: agent.CodesFunc(func(_ context.Context, c agent.Code) error {
			r.code = c.Digits
			return nil
		}),
	})
	require.NoError(t, err)
	r.Agent = desk
	return r
}

func (r *recorder) write(thread, text string) agent.Turn {
	ada := channel.Party{Email: "ada@example.com", Trust: channel.Asserted}
	turn, err := r.Reply(r.t.Context(), channel.Message{Thread: thread, Text: text, From: ada})
	require.NoError(r.t, err)
	return turn
}

// replay is over a Config whose parts must not be used.
func (r *recorder) replay(draft agent.Settings) preview.Replay {
	cfg := config(r.t)
	cfg.Actions[0].Trust = channel.EmailVerified
	return preview.Replay{Config: cfg, Draft: draft, Archive: r.Archive()}
}

func differences(t *testing.T, r preview.Replay) (found []preview.Difference) {
	for d, err := range r.All(t.Context()) {
		require.NoError(t, err)
		found = append(found, d)
	}
	return found
}

func TestReplayOfTheSameSettingsDiffersInNothing(t *testing.T) {
	r := record(t, agent.Settings{}, nil)
	r.write("a", question)
	turn := r.write("a", "Who won the cup final in 1974?")
	require.NoError(t, r.Take(t.Context(), turn.Conversation, "Maria"))
	r.write("a", "Anybody?")
	require.NoError(t, r.Say(t.Context(), turn.Conversation, channel.Message{ID: "s", Text: "Hello.", From: channel.Party{Name: "Maria"}}))
	require.NoError(t, r.Return(t.Context(), turn.Conversation, "Maria"))
	r.write("a", "Thanks!")
	require.NoError(t, r.Close(t.Context(), turn.Conversation, "Maria"))
	r.write("a", question)
	require.Empty(t, differences(t, r.replay(agent.Settings{})))
}

func TestReplayYieldsWhatWouldChange(t *testing.T) {
	r := record(t, agent.Settings{}, nil)
	r.write("a", "Hello")
	first := r.write("a", question)
	r.write("a", "Thanks!")
	found := differences(t, r.replay(agent.Settings{Guidelines: []agent.Guideline{
		{Name: "returns", When: agent.Condition{Phrases: []string{"return"}}, Then: agent.PassOn, Text: "A colleague knows."},
	}}))
	require.Len(t, found, 1, "the turn after it is judged by itself")
	require.Equal(t, first, found[0].Before)
	require.Equal(t, "A colleague knows.", found[0].After.Text)
	require.Equal(t, []preview.Aspect{preview.Decision, preview.Rule, preview.Guidelines, preview.Answer, preview.Sources}, found[0].Changed)
}

func TestReplayLeavesOutWhatWasWrittenToPeople(t *testing.T) {
	r := record(t, agent.Settings{Thresholds: agent.Thresholds{Answer: 1, Ask: 1}}, nil)
	first := r.write("a", question)
	require.Equal(t, agent.HandOver, first.Decision.Kind)
	require.Equal(t, "waits for a person", r.write("a", question).Decision.Rule)
	found := differences(t, r.replay(agent.Settings{}))
	require.Len(t, found, 1)
	require.Equal(t, agent.Answer, found[0].After.Decision.Kind)
}

func TestReplayWithoutAModelComparesNoWordsOfAModel(t *testing.T) {
	said := proposing("none", `{}`, "You have 30 days.")
	r := record(t, agent.Settings{}, said)
	r.write("a", question)
	for _, d := range differences(t, r.replay(agent.Settings{})) {
		require.NotContains(t, d.Changed, preview.Answer)
	}
	withModel := r.replay(agent.Settings{TokenPrice: agent.TokenPrice{Input: 1_000_000, Output: 1_000_000}})
	withModel.Model = proposing("none", `{}`, "You have 30 days from delivery.")
	var last preview.Progress
	withModel.Progress = func(p preview.Progress) { last = p }
	found := differences(t, withModel)
	require.Len(t, found, 1)
	require.Equal(t, []preview.Aspect{preview.Answer}, found[0].Changed)
	require.Equal(t, agent.Usage{InputTokens: 20, OutputTokens: 2}, last.Usage)
	require.Positive(t, last.Cost)

	withModel.Same = func(before, after string) bool { return true }
	require.Empty(t, differences(t, withModel))
}

func TestReplayGivesWhatActionsGave(t *testing.T) {
	model := proposing("cancel_order", `{"order":"17"}`, "It is cancelled.")
	r := record(t, agent.Settings{}, model)
	require.Equal(t, "verify", r.write("a", "Cancel my order 17").Decision.Rule)
	done := r.write("a", r.code)
	require.Empty(t, done.Calls[0].Refused)
	same := r.replay(agent.Settings{})
	same.Model = model
	require.Empty(t, differences(t, same), "the code is right again, and the call gives what it gave")

	other := r.replay(agent.Settings{})
	other.Model = proposing("cancel_order", `{"order":"18"}`, "It is cancelled.")
	found := differences(t, other)
	require.Len(t, found, 2, "it is proposed before and after the code")
	require.Contains(t, found[1].Changed, preview.Calls)
	require.Contains(t, found[1].After.Calls[0].Refused, "the recording has no such call")
}

func TestReplayHoldsTheHoursAtTheRecordedTime(t *testing.T) {
	r := record(t, agent.Settings{}, nil)
	turn := r.write("a", question)
	for name, c := range map[string]struct {
		hours schedule.Mode
		want  int
	}{"open then": {schedule.During, 0}, "shut then": {schedule.Outside, 1}} {
		t.Run(name, func(t *testing.T) {
			day := turn.Started.UTC().Weekday()
			draft := agent.Settings{Channels: map[string]agent.ChannelSettings{agent.Direct: {Hours: schedule.Hours{
				Mode: c.hours, Week: []schedule.Period{{Day: day, From: "00:00", To: "24:00"}},
			}}}}
			found := differences(t, r.replay(draft))
			require.Len(t, found, c.want)
			if c.want > 0 {
				require.Equal(t, "outside its hours", found[0].After.Decision.Rule)
			}
		})
	}
}

func TestReplayIsBoundedAndGoesOn(t *testing.T) {
	r := record(t, agent.Settings{}, nil)
	for _, thread := range []string{"a", "b", "c", "d", "e"} {
		r.write(thread, question)
	}
	replay := r.replay(agent.Settings{Mode: agent.Off})
	replay.Conversations = 2
	var last preview.Progress
	replay.Progress = func(p preview.Progress) { last = p }
	seen := map[string]bool{}
	for want := range 3 {
		found := differences(t, replay)
		require.Len(t, found, []int{2, 2, 1}[want])
		require.Equal(t, []int{3, 1, 0}[want], last.Left)
		for _, d := range found {
			require.False(t, seen[d.Before.Conversation], "none comes twice")
			seen[d.Before.Conversation] = true
		}
		replay.After = last.Conversation
	}
	require.Empty(t, differences(t, replay))

	replay.After, replay.Conversations, replay.Tokens = "", 0, 1
	replay.Draft, replay.Model = agent.Settings{}, proposing("none", `{}`, "No.")
	require.NotEmpty(t, differences(t, replay))
	require.Equal(t, 1, last.Conversations, "no conversation is begun when the tokens are used up")
}

// A brokenArchive loses the turns.
type brokenArchive struct{ agent.Archive }

var errBroken = errors.New("broken")

func (brokenArchive) Turns(context.Context, string) iter.Seq2[agent.Turn, error] {
	return func(yield func(agent.Turn, error) bool) { yield(agent.Turn{}, errBroken) }
}

func TestReplayEndsWithAnError(t *testing.T) {
	r := record(t, agent.Settings{}, nil)
	r.write("a", question)
	for name, c := range map[string]struct {
		change func(*preview.Replay)
		want   string
	}{
		"archive":    {func(r *preview.Replay) { r.Archive = brokenArchive{r.Archive} }, "preview: replay: broken"},
		"no archive": {func(r *preview.Replay) { r.Archive = nil }, "preview: replay: the Archive is nil"},
		"draft":      {func(r *preview.Replay) { r.Draft.Price = -1 }, "price is negative"},
	} {
		t.Run(name, func(t *testing.T) {
			replay := r.replay(agent.Settings{})
			c.change(&replay)
			n := 0
			for _, err := range replay.All(t.Context()) {
				n++
				require.ErrorContains(t, err, c.want)
			}
			require.Equal(t, 1, n)
		})
	}
}
