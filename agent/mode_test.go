package agent

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// in returns settings with a mode on the channel of the tests.
func in(m Mode) Settings {
	return Settings{Channels: map[string]ChannelSettings{"chat": {Mode: m}}}
}

func TestModesAreChecked(t *testing.T) {
	s := Settings{Mode: "manual", Channels: map[string]ChannelSettings{"chat": {Mode: "on", Writes: Suggest}}}
	err := s.Validate()
	for _, fault := range []string{`mode is "manual"`, `channels.chat.mode is "on"`, `channels.chat.writes is "suggest"`} {
		require.ErrorContains(t, err, fault)
	}
	for _, m := range append(modes, "") {
		require.NoError(t, in(m).Validate())
	}
}

func TestTheStricterModeCounts(t *testing.T) {
	for _, tt := range []struct {
		all, channel, writes, last Mode
		mode, writing              Mode
	}{
		{"", "", "", "", Auto, Auto},
		{Auto, Approve, "", "", Approve, Approve},
		{Approve, Auto, "", "", Approve, Approve},
		{"", "", Approve, "", Auto, Approve},
		{"", "", Off, "", Auto, Off},
		{"", Approve, Auto, "", Approve, Approve},
		{"", Approve, Off, "", Approve, Off},
		{"", Suggest, "", Auto, Approve, Approve},
		{Off, "", "", Auto, Auto, Auto},
		{Off, "", "", Approve, Approve, Approve},
		{Off, Suggest, "", Approve, Approve, Approve},
	} {
		s := Settings{Mode: tt.all, Channels: map[string]ChannelSettings{"chat": {Mode: tt.channel, Writes: tt.writes}}}
		turn := beginning(t, Config{Settings: s}, Conversation{Channel: "chat", Memory: Memory{Mode: tt.last}}, "hello")
		require.Equal(t, tt.mode, turn.mode(), "%+v", tt)
		require.Equal(t, tt.writing, turn.writes(), "%+v", tt)
		turn.suggesting = true
		require.Equal(t, Off, turn.writes(), "a suggestion writes nothing")
	}
}

func TestSuggestTakesNothingAndSaysNothing(t *testing.T) {
	opened(t, Config{Settings: in(Suggest)}, func(d *desk) {
		d.write("t1", "How do I return it?")
		require.Empty(t, d.heard())
		c := d.conversation("t1")
		require.Equal(t, channel.Queued, c.Owner)
		require.Equal(t, handoff.OutsideHours, c.Memory.Packet.Reason)
		require.Equal(t, onlySuggests, d.turns("t1")[0].Decision.Rule)

		require.NoError(t, d.Return(d.t.Context(), c.ID, "Bo"))
		d.write("t1", "How do I return it?")
		require.Empty(t, d.heard(), "what is given to the agent waits for a person")
		require.NotNil(t, d.conversation("t1").Memory.Draft)
	})
}

// switching lets a customer write before and after the mode of the channel has
// changed.
func switching(t *testing.T, before, after Mode, test func(d *desk)) {
	store := NewMemoryStore()
	opened(t, Config{Settings: in(before), Store: store}, func(d *desk) { d.write("t1", "How do I return it?") })
	opened(t, Config{Settings: in(after), Store: store}, func(d *desk) {
		d.number = 10
		d.write("t1", "And how do I return a broken lamp?")
		test(d)
	})
}

func TestSwitchingModesStrandsNobody(t *testing.T) {
	for _, tt := range []struct {
		before, after Mode
		held          bool
	}{
		{Auto, Approve, true}, {Auto, Suggest, true}, {Auto, Off, false},
		{Approve, Auto, false}, {Approve, Suggest, true}, {Approve, Off, true},
	} {
		t.Run(string(tt.before+" to "+tt.after), func(t *testing.T) {
			switching(t, tt.before, tt.after, func(d *desk) {
				c := d.conversation("t1")
				require.Equal(t, "evidence", d.turns("t1")[1].Decision.Rule, "the agent goes on")
				if tt.held {
					require.Empty(t, d.heard())
					require.Equal(t, d.turns("t1")[1].ID, c.Memory.Draft.Turn)
					require.Equal(t, channel.Queued, c.Owner, "a person sees it")
					return
				}
				require.Len(t, d.heard(), 1)
				require.Nil(t, c.Memory.Draft)
				require.Equal(t, channel.ByAgent, c.Owner)
			})
		})
	}
}

func TestApproveClosesWithoutAWord(t *testing.T) {
	s := Settings{
		Texts:    map[string]Texts{"en": {Closed: "Goodbye."}},
		Channels: map[string]ChannelSettings{"chat": {Mode: Approve, CloseAfter: Duration(time.Hour)}},
	}
	opened(t, Config{Settings: s}, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.pass(2 * time.Hour)
		c := d.conversation("t1")
		require.Equal(t, channel.Queued, c.Owner, "who waits for a person is not closed")
		require.NoError(t, d.SendDraft(d.t.Context(), c.ID, c.Memory.Draft.Turn, "", "Bo"))
		d.pass(59 * time.Minute)
		require.Equal(t, channel.ByAgent, d.conversation("t1").Owner)
		d.pass(2 * time.Minute)
		require.Equal(t, channel.Closed, d.conversation("t1").Owner)
		require.Len(t, d.heard(), 1, "it was closed without a word that no person sent")
	})
}
