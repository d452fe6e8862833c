package agent

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// waiting returns the draft that waits in a thread.
func (d *desk) waiting(thread string) *Draft {
	d.t.Helper()
	draft := d.conversation(thread).Memory.Draft
	require.NotNil(d.t, draft, "a draft waits")
	return draft
}

// send sends the draft of a thread.
func (d *desk) send(thread, text, person string) error {
	d.t.Helper()
	err := d.SendDraft(d.t.Context(), d.conversation(thread).ID, d.waiting(thread).Turn, text, person)
	d.pass(time.Second)
	return err
}

// audited returns the details of the records of a kind in a thread.
func (d *desk) audited(thread, kind string) []string {
	d.t.Helper()
	var details []string
	for _, r := range collect(d.t, d.Archive().Records(d.t.Context(), d.conversation(thread).ID, 0)) {
		if r.Kind == kind {
			details = append(details, r.Actor+": "+r.Detail)
		}
	}
	return details
}

func TestInvariantNothingLeavesBeforeAPersonSendsIt(t *testing.T) {
	settings := in(Approve)
	settings.Undisclosed = true // turned round by opened: the disclosure is due
	settings.Guidelines = []Guideline{{Then: Say, Text: "We close on Monday.", When: Condition{Phrases: []string{"closed"}}}}
	for name, question := range map[string]string{
		"answer": "How do I return it?", "question back": "Do you ship it?", "handoff": "What is the weather today?",
		"request": "Let me talk to a human", "greeting": "Hello", "script": "Are you closed?",
	} {
		t.Run(name, func(t *testing.T) {
			opened(t, Config{Settings: settings}, func(d *desk) {
				d.write("t1", question)
				d.pass(time.Hour)
				require.Empty(t, d.heard())
				turn := d.turns("t1")[0]
				require.True(t, turn.Held)
				require.Equal(t, turn.Text, d.waiting("t1").Text)
				require.Equal(t, channel.Queued, d.conversation("t1").Owner)
				require.Empty(t, d.audited("t1", Disclosed), "what was not said was not disclosed")

				owner := channel.ByAgent
				if turn.Decision.Kind == HandOver {
					owner = channel.Queued
				}
				require.NoError(t, d.send("t1", "", "Bo"))
				require.Equal(t, []string{"I'm Assistant, an AI assistant.\n\n" + turn.Text}, d.heard())
				require.Equal(t, turn.ID+".1", d.chat.Sent()[0].ID)
				require.Equal(t, owner, d.conversation("t1").Owner)
				require.Len(t, d.audited("t1", Disclosed), 1)
				require.Equal(t, []string{"Bo: " + turn.ID}, d.audited("t1", DraftSent))
			})
		})
	}
}

// previewing is a channel that shows the answer as it is written.
type previewing struct {
	*channel.Memory
	shown atomic.Int32
}

func (p *previewing) Draft(context.Context, string, string) error { p.shown.Add(1); return nil }
func (p *previewing) Typing(context.Context, string) error        { p.shown.Add(1); return nil }

func TestADraftIsNotShownWhileItIsWritten(t *testing.T) {
	for mode, shown := range map[Mode]bool{Auto: true, Approve: false} {
		p := &previewing{Memory: channel.NewMemory("chat", channel.Capabilities{})}
		opened(t, Config{Settings: in(mode), Model: says("You have 30 days. Really, 30 days."), Channels: []Channel{p}}, func(d *desk) {
			d.chat = p.Memory
			d.write("t1", "How do I return it?")
			require.Equal(t, shown, p.shown.Load() > 0)
		})
	}
}

func TestInvariantADraftIsSentOnce(t *testing.T) {
	opened(t, Config{Settings: in(Approve)}, func(d *desk) {
		d.write("t1", "How do I return it?")
		c, draft := d.conversation("t1"), d.waiting("t1")
		var wg sync.WaitGroup
		var sent, refused atomic.Int32
		for range 8 {
			wg.Go(func() {
				switch err := d.SendDraft(d.t.Context(), c.ID, draft.Turn, "", "Bo"); {
				case err == nil:
					sent.Add(1)
				case errors.Is(err, ErrNoDraft):
					refused.Add(1)
				}
			})
		}
		wg.Wait()
		d.pass(time.Second)
		require.Equal(t, []int32{1, 7}, []int32{sent.Load(), refused.Load()})
		require.Len(t, d.heard(), 1)
		require.ErrorIs(t, d.DropDraft(d.t.Context(), c.ID, draft.Turn, "Cy"), ErrNoDraft)
		require.Equal(t, channel.ByAgent, d.conversation("t1").Owner, "the agent goes on")
		d.write("t1", "How do I return two?")
		require.NotEqual(t, draft.Turn, d.waiting("t1").Turn)
		require.ErrorIs(t, d.SendDraft(d.t.Context(), c.ID, draft.Turn, "", "Bo"), ErrNoDraft, "that of another turn")
	})
}

// amnesiac is a store that commits and says that it did not.
type amnesiac struct {
	*MemoryStore
	on atomic.Bool
}

func (s *amnesiac) Commit(ctx context.Context, c Commit) error {
	err := s.MemoryStore.Commit(ctx, c)
	if s.on.Load() && err == nil {
		return errors.New("the connection broke")
	}
	return err
}

func TestInvariantADraftIsSentOnceOverACrash(t *testing.T) {
	store := &amnesiac{MemoryStore: NewMemoryStore()}
	opened(t, Config{Settings: in(Approve), Store: store}, func(d *desk) {
		d.write("t1", "How do I return it?")
		c, draft := d.conversation("t1"), d.waiting("t1")
		store.on.Store(true)
		require.ErrorContains(t, d.SendDraft(d.t.Context(), c.ID, draft.Turn, "", "Bo"), "broke")
		store.on.Store(false)
		require.ErrorIs(t, d.SendDraft(d.t.Context(), c.ID, draft.Turn, "", "Bo"), ErrNoDraft)
		d.pass(time.Second)
		require.Len(t, d.heard(), 1)
	})
}

func TestInvariantWhatIsWrittenLaterVoidsADraft(t *testing.T) {
	for name, tt := range map[string]struct {
		do    func(d *desk, c Conversation) error
		owner channel.Owner
		rest  []string // what the customer has got
	}{
		"a person's own message": {owner: channel.ByPerson, rest: []string{"No."}, do: func(d *desk, c Conversation) error {
			return d.Say(d.t.Context(), c.ID, channel.Message{ID: "p", Text: "No.", From: channel.Party{Name: "Bo"}})
		}},
		"returned": {owner: channel.ByAgent, do: func(d *desk, c Conversation) error { return d.Return(d.t.Context(), c.ID, "Bo") }},
		"closed":   {owner: channel.Closed, do: func(d *desk, c Conversation) error { return d.Close(d.t.Context(), c.ID, "Bo") }},
		"dropped": {owner: channel.ByPerson, do: func(d *desk, c Conversation) error {
			return d.DropDraft(d.t.Context(), c.ID, c.Memory.Draft.Turn, "Bo")
		}},
		"a message not yet looked at": {owner: channel.Queued, do: func(d *desk, c Conversation) error {
			return d.chat.Deliver(d.t.Context(), channel.Message{ID: "new", Thread: "t1", Text: "How do I return two?"})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			opened(t, Config{Settings: in(Approve)}, func(d *desk) {
				d.write("t1", "How do I return it?")
				c := d.conversation("t1")
				require.NoError(t, tt.do(d, c))
				require.ErrorIs(t, d.SendDraft(d.t.Context(), c.ID, c.Memory.Draft.Turn, "", "Bo"), ErrNoDraft)
				require.Equal(t, tt.owner, d.conversation("t1").Owner)
				d.pass(time.Second / 4)
				require.Equal(t, tt.rest, d.heard())
			})
		})
	}
}

func TestAMessageOfTheCustomerMakesAnotherDraft(t *testing.T) {
	opened(t, Config{Settings: in(Approve)}, func(d *desk) {
		d.write("t1", "How do I return a tent?")
		first := d.waiting("t1")
		d.write("t1", "How do I return it?")
		require.NotEqual(t, first.Turn, d.waiting("t1").Turn)
		require.Equal(t, []string{"customer: " + first.Turn}, d.audited("t1", DraftVoided))

		d.write("t1", "...")
		c := d.conversation("t1")
		require.Nil(t, c.Memory.Draft)
		require.Equal(t, channel.Queued, c.Owner, "a person looks at it, as nothing answers it any more")
	})
}

func TestAMachineVoidsNoDraft(t *testing.T) {
	opened(t, Config{Settings: in(Approve)}, func(d *desk) {
		d.write("t1", "How do I return it?")
		require.NoError(t, d.chat.Deliver(d.t.Context(), channel.Message{ID: "auto", Thread: "t1", Text: "I am on leave.", Automatic: true}))
		d.pass(2 * time.Second)
		require.NoError(t, d.send("t1", "", "Bo"))
		require.Len(t, d.heard(), 1)
	})
}

func TestAQuestionBackThatWasNotSentIsForgotten(t *testing.T) {
	near := shelf{"delivery": page(.4, "Shipping", "We ship to 12 countries.")}
	found := near["delivery"]
	found.Hits = append(found.Hits, page(.4, "Costs", "It costs 5 euros.").Hits...)
	near["delivery"] = found
	opened(t, Config{Settings: in(Approve), Knowledge: near}, func(d *desk) {
		d.write("t1", "What of delivery?")
		require.Equal(t, Ask, d.turns("t1")[0].Decision.Kind)
		require.NotEmpty(t, d.conversation("t1").Memory.Asking)
		d.write("t1", "What is the weather today?")
		require.Equal(t, "no evidence", d.turns("t1")[1].Decision.Rule, "it is no reply to a question that nobody was asked")
	})
}

func TestEditedTextIsWhatIsSent(t *testing.T) {
	settings := in(Approve)
	settings.Undisclosed = true // turned round: the disclosure is due
	opened(t, Config{Settings: settings}, func(d *desk) {
		d.write("t1", "How do I return it?")
		require.NoError(t, d.send("t1", "  Within 99 days, see https://elsewhere.example. ", "Bo"))
		require.Equal(t, []string{"I'm Assistant, an AI assistant.\n\nWithin 99 days, see https://elsewhere.example."}, d.heard())
		turn := d.turns("t1")[0]
		require.Contains(t, turn.Text, "30 days", "the agent's own words stay beside it")
		require.Equal(t, []string{"Bo: " + turn.ID + ", edited"}, d.audited("t1", DraftSent))
		require.Equal(t, channel.Agent, d.chat.Sent()[0].Author)
	})
}

func TestADraftIsChargedWhenItIsSent(t *testing.T) {
	for name, tt := range map[string]struct {
		do    func(d *desk) error
		spent credits.Amount
	}{
		"sent": {func(d *desk) error { return d.send("t1", "", "Bo") }, 7},
		"dropped": {func(d *desk) error {
			return d.DropDraft(d.t.Context(), d.conversation("t1").ID, d.waiting("t1").Turn, "Bo")
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ledger, err := credits.NewLedger(credits.Config{})
			require.NoError(t, err)
			require.NoError(t, ledger.Grant(t.Context(), "g", 100, "test"))
			settings := in(Approve)
			settings.Price = 7
			opened(t, Config{Settings: settings, Meter: ledger}, func(d *desk) {
				d.write("t1", "How do I return it?")
				d.pass(time.Minute)
				balance, err := ledger.Balance(d.t.Context())
				require.NoError(t, err)
				require.Equal(t, []credits.Amount{0, 7}, []credits.Amount{balance.Spent, balance.Held})
				require.NoError(t, tt.do(d))
				d.pass(time.Minute)
				balance, err = ledger.Balance(d.t.Context())
				require.NoError(t, err)
				require.Equal(t, []credits.Amount{tt.spent, 0}, []credits.Amount{balance.Spent, balance.Held})
			})
		})
	}
}

func TestATakenDraftMayBeSent(t *testing.T) {
	opened(t, Config{Settings: in(Approve)}, func(d *desk) {
		d.write("t1", "How do I return it?")
		require.NoError(t, d.Take(d.t.Context(), d.conversation("t1").ID, "Bo"))
		require.NoError(t, d.send("t1", "", "Bo"))
		require.Len(t, d.heard(), 1)
		require.Equal(t, channel.ByPerson, d.conversation("t1").Owner)
	})
}

func TestApproveSendsNoCodes(t *testing.T) {
	sent := 0
	codes := CodesFunc(func(context.Context, Code) error { sent++; return nil })
	turn := beginning(t, Config{Settings: in(Approve), Codes: codes}, Conversation{Channel: "chat", Owner: channel.ByAgent}, "My order?")
	require.False(t, turn.verify(channel.EmailVerified, "test"))
	turn.sendCode(t.Context(), "ann@example.com")
	require.Equal(t, handoff.Policy, turn.Decision.Handoff)
	require.Zero(t, sent)
}

func TestReplyLeavesOutWhatIsHeld(t *testing.T) {
	a, err := New(Config{Knowledge: pages, Settings: Settings{Mode: Approve}})
	require.NoError(t, err)
	turn, err := a.Reply(t.Context(), channel.Message{Text: "How do I return it?"})
	require.NoError(t, err)
	require.True(t, turn.Held)
	require.Empty(t, turn.Text)
	require.Empty(t, turn.Citations)
}

// writing is an action that counts its runs.
func writing(t *testing.T, runs *int, writes bool) Action {
	act, err := NewAction("act", "Acts.", func(context.Context, ActionCall, struct{}) (string, error) {
		*runs++
		return "done", nil
	})
	require.NoError(t, err)
	if writes {
		act.Risk = LowImpactWrite
	}
	return act
}

// calls is a Model that proposes the action and then answers.
func calls() Model {
	return ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			if len(r.Results) == 0 {
				yield(Delta{Call: &Call{ID: "1", Name: "act", Arguments: json.RawMessage(`{}`)}}, nil)
				return
			}
			yield(Delta{Text: "You can return it within 30 days.", Sources: []int{0}}, nil)
		}
	})
}

func TestWritesMayBeStricterThanAnswers(t *testing.T) {
	for _, tt := range []struct {
		settings ChannelSettings
		writes   bool
		runs     int
	}{
		{ChannelSettings{}, true, 1},
		{ChannelSettings{Writes: Approve}, true, 0}, {ChannelSettings{Writes: Off}, true, 0}, {ChannelSettings{Mode: Approve}, true, 0},
		{ChannelSettings{Writes: Off}, false, 1}, {ChannelSettings{Mode: Approve}, false, 1},
	} {
		runs := 0
		s := Settings{Channels: map[string]ChannelSettings{"chat": tt.settings}}
		opened(t, Config{Settings: s, Model: calls(), Actions: []Action{writing(t, &runs, tt.writes)}}, func(d *desk) {
			d.write("t1", "How do I return it?")
			require.Equal(t, tt.runs, runs, "%+v, writes %v", tt.settings, tt.writes)
		})
	}
}

func TestAnEditedQuestionConfirmsNoCall(t *testing.T) {
	runs := 0
	act := writing(t, &runs, true)
	act.Confirm = true
	for name, text := range map[string]string{"as it is": "", "edited": "Shall we?"} {
		opened(t, Config{Settings: in(Approve), Model: calls(), Actions: []Action{act}}, func(d *desk) {
			d.write("t1", "How do I return it?")
			require.Equal(t, "confirm", d.turns("t1")[0].Decision.Rule)
			d.pass(time.Hour)
			require.NoError(t, d.send("t1", text, "Bo"))
			d.write("t1", "Yes")
			c := d.conversation("t1")
			require.Equal(t, text == "", c.Memory.Proposed != nil, "%s: a yes to the very arguments goes on to a person's approval", name)
			require.Zero(t, runs)
			if c.Memory.Proposed != nil {
				_, err := d.Approve(d.t.Context(), c.ID, c.Memory.Proposed.Key, "Bo")
				require.NoError(t, err)
				require.Equal(t, 1, runs)
				runs = 0
			}
		})
	}
}
