package agent

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/schedule"
)

func TestInvariantSilentWhileAPersonSpeaks(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t", "How do I return it?")
		id := d.conversation("t").ID
		require.NoError(t, d.Say(d.t.Context(), id, channel.Message{ID: "s", Text: "I'm Maria.", From: channel.Party{Name: "Maria"}}))
		d.write("t", "How do I return it?", "Please?")
		d.pass(6 * time.Hour)
		d.write("t", "How do I return it?")
		require.Len(t, d.heard(), 2, "an answer before, and what Maria said")
		require.NoError(t, d.Return(d.t.Context(), id, "Maria"))
		d.write("t", "How do I return it?")
		require.Len(t, d.heard(), 3)
	})
}

func TestInvariantOneAnswerPerBurst(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		for _, text := range []string{"Hello", "I bought a bike", "How do I return it?"} {
			require.NoError(t, d.chat.Deliver(d.t.Context(), channel.Message{ID: text, Thread: "t", Text: text}))
			d.pass(200 * time.Millisecond)
		}
		d.pass(2 * time.Second)
		require.Len(t, d.heard(), 1)
		turns := d.turns("t")
		require.Len(t, turns, 1)
		require.Equal(t, "Hello\nI bought a bike\nHow do I return it?", turns[0].Question)
	})
}

func TestInvariantOneHandoff(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		for range 5 {
			d.write("t", "I want to talk to a human")
		}
		require.Len(t, d.heard(), 1)
		require.Equal(t, channel.Queued, d.conversation("t").Owner)
		kinds := map[string]int{}
		for _, r := range collect(t, d.Archive().Records(d.t.Context(), d.conversation("t").ID, 0)) {
			kinds[r.Kind]++
		}
		require.Equal(t, 1, kinds[HandedOver])
	})
}

func TestInvariantRunningOutEndsNothingBegun(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 10, "test"))
	opened(t, Config{Meter: ledger, Settings: Settings{Price: 7}}, func(d *desk) {
		d.write("a", "How do I return it?")
		d.write("b", "How do I return it?")
		require.Equal(t, "out of credits", d.turns("b")[0].Decision.Rule)
		require.Equal(t, channel.Queued, d.conversation("b").Owner)
		d.write("a", "How do I return a bike?")
		require.Equal(t, Answer, d.turns("a")[1].Decision.Kind, "what was paid for goes on")
		sum := credits.Amount(0)
		for _, e := range collect(t, ledger.Entries(d.t.Context(), time.Time{})) {
			sum += e.Amount
		}
		require.Zero(t, sum)
		b, err := ledger.Balance(d.t.Context())
		require.NoError(t, err)
		require.Equal(t, credits.Amount(7), b.Spent)
	})
}

func TestInvariantTimersFireOnceAfterDowntime(t *testing.T) {
	store := NewMemoryStore()
	cfg := Config{Store: store, Settings: Settings{Channels: map[string]ChannelSettings{"chat": {CloseAfter: Duration(time.Hour)}}}}
	closed := func(t *testing.T) (at []time.Time) {
		for _, r := range collect(t, store.Records(t.Context(), "", 0)) {
			if r.Kind == ConversationEnded {
				at = append(at, r.At)
			}
		}
		return at
	}
	synctest.Test(t, func(t *testing.T) {
		var last time.Time
		life := func(during func(a *Agent, chat *channel.Memory)) {
			chat := channel.NewMemory("chat", channel.Capabilities{})
			cfg.Knowledge, cfg.Channels = pages, []Channel{chat}
			a, err := New(cfg)
			require.NoError(t, err)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- a.Run(ctx) }()
			synctest.Wait()
			during(a, chat)
			stop()
			<-done
		}
		life(func(_ *Agent, chat *channel.Memory) {
			require.NoError(t, chat.Deliver(t.Context(), channel.Message{ID: "1", Thread: "t", Text: "How do I return it?"}))
			_ = sleep(t.Context(), 59*time.Minute)
			last = time.Now()
			require.Empty(t, closed(t), "never early")
		})
		_ = sleep(t.Context(), 30*24*time.Hour)
		require.Empty(t, closed(t))
		began := time.Now()
		life(func(*Agent, *channel.Memory) { _ = sleep(t.Context(), 3*time.Hour) })
		require.Len(t, closed(t), 1, "once")
		require.True(t, last.Before(closed(t)[0]))
		require.LessOrEqual(t, closed(t)[0].Sub(began), 250*time.Millisecond, "a tick after the downtime")
	})
}

// unwilling is a Store that fails to commit.
type unwilling struct {
	Store
	fails bool
}

func (u *unwilling) Commit(ctx context.Context, c Commit) error {
	if u.fails {
		return errors.New("broken")
	}
	return u.Store.Commit(ctx, c)
}

func TestInvariantNoChangeWithoutItsRecord(t *testing.T) {
	store := &unwilling{Store: NewMemoryStore()}
	a, err := New(Config{Knowledge: pages, Store: store})
	require.NoError(t, err)
	turn, err := a.Reply(t.Context(), channel.Message{Thread: "t", Text: "How do I return it?"})
	require.NoError(t, err)
	id := turn.Conversation
	for _, change := range []struct {
		kind  string
		owner channel.Owner
		do    func() error
	}{
		{Taken, channel.ByPerson, func() error { return a.Take(t.Context(), id, "Maria") }},
		{PersonSaid, channel.ByPerson, func() error {
			return a.Say(t.Context(), id, channel.Message{ID: "s", Text: "Hello.", From: channel.Party{Name: "Maria"}})
		}},
		{Returned, channel.ByAgent, func() error { return a.Return(t.Context(), id, "Maria") }},
		{ConversationEnded, channel.Closed, func() error { return a.Close(t.Context(), id, "Maria") }},
	} {
		look := func() (Conversation, []Record) {
			c, err := a.Conversation(t.Context(), id)
			require.NoError(t, err)
			return c, collect(t, store.Records(t.Context(), id, 0))
		}
		before, records := look()
		store.fails = true
		require.Error(t, change.do())
		after, same := look()
		require.Equal(t, before, after, change.kind)
		require.Equal(t, records, same, change.kind)
		store.fails = false
		require.NoError(t, change.do())
		after, more := look()
		require.Equal(t, change.owner, after.Owner)
		require.Len(t, more, len(records)+1)
		require.Equal(t, change.kind, more[len(records)].Kind)
		require.Equal(t, "Maria", more[len(records)].Actor)
	}
}

func TestInvariantAudiencesBoundWhatIsFound(t *testing.T) {
	k, err := retrieval.New(t.Context(), retrieval.Config{})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(),
		retrieval.Document{ID: "dealers.md", Title: "Return for dealers", Audience: "dealers", Sections: []retrieval.Section{{Text: "Dealers return an item within 90 days."}}},
		retrieval.Document{ID: "all.md", Title: "Returns", Sections: []retrieval.Section{{Text: "You can return an item within 30 days."}}},
	))
	crm := Directory{{ID: "d", Email: "dealer@example.com", Audiences: []string{"dealers"}}, {ID: "c", Email: "ada@example.com"}}
	a, err := New(Config{Knowledge: k, CRM: crm})
	require.NoError(t, err)
	sees := func(p channel.Party) bool {
		turn, err := a.Reply(t.Context(), channel.Message{Text: "How long do dealers have to return an item?", From: p})
		require.NoError(t, err)
		for _, e := range turn.Decision.Evidence {
			if e.Document == "dealers.md" {
				return true
			}
		}
		return strings.Contains(turn.Text, "90")
	}
	require.True(t, sees(channel.Party{Email: "dealer@example.com", Trust: channel.Asserted}))
	require.False(t, sees(channel.Party{Email: "ada@example.com", Trust: channel.Asserted}))
	require.False(t, sees(channel.Party{Email: "dealer@example.com"}), "a claim is nobody's identity")
	require.False(t, sees(channel.Party{}))
}

func TestInvariantSwitchingOffStrandsNobody(t *testing.T) {
	night := schedule.Hours{Mode: schedule.During, Week: []schedule.Period{{Day: time.Monday, From: "00:00", To: "00:01"}}}
	for name, off := range map[string]Settings{
		"all":     {Mode: Off},
		"channel": {Channels: map[string]ChannelSettings{"chat": {Mode: Off}}},
		"hours":   {Channels: map[string]ChannelSettings{"chat": {Hours: night}}}, // the bubble begins on a Saturday
	} {
		t.Run(name, func(t *testing.T) {
			store := NewMemoryStore()
			opened(t, Config{Store: store}, func(d *desk) { d.write("begun", "How do I return it?") })
			opened(t, Config{Store: store, Settings: off}, func(d *desk) {
				d.number = 5
				d.write("begun", "How do I return a bike?")
				require.Equal(t, Answer, d.turns("begun")[1].Decision.Kind, "what was begun goes on")
				d.write("new", "How do I return it?")
				require.Equal(t, channel.Queued, d.conversation("new").Owner, "what is new waits for people")
				require.Len(t, d.heard(), 2, "and is told so")
				require.NotContains(t, d.heard()[1], "30 days")
			})
		})
	}
}

func TestInvariantNothingForbiddenLeaves(t *testing.T) {
	chat := channel.NewMemory("chat", channel.Capabilities{MaxLength: 60})
	long := strings.Repeat("You can return an item within 30 days. ", 20)
	for _, text := range []string{long, "See https://evil.example/pay for it.", "[Here](//evil.example) you go.", "![x](https://evil.example/x.png) You can return an item."} {
		opened(t, Config{Model: says(text), Channels: []Channel{chat}}, func(d *desk) {
			d.chat = chat
			d.write(text, "How do I return it?")
		})
	}
	require.Greater(t, len(chat.Sent()), 12)
	for _, m := range chat.Sent() {
		require.NotContains(t, m.Text, "evil.example")
		require.LessOrEqual(t, len([]rune(m.Text)), 60)
	}
}
