package agent

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// What customers write that nobody should.
func TestAnyTextIsTakenAndAnswered(t *testing.T) {
	for name, text := range map[string]string{
		"10,000 characters":  "How do I return it? " + strings.Repeat("é", 10_000),
		"invalid UTF-8":      "How do I return it? \xff\xfe\xc0\xaf \xed\xa0\x80",
		"HTML":               `How do I return it? <script>alert(1)</script><img src=x onerror=alert(1)>`,
		"control characters": "How do I return it?\x00\x1b[2J\u202e\u2028\a",
		"a template":         "How do I return it? {{.Secret}} ${HOME} %s %d",
		"SQL":                `How do I return it?'); DROP TABLE conversations; --`,
	} {
		t.Run(name, func(t *testing.T) {
			var asked Request
			model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
				asked = r
				return func(yield func(Delta, error) bool) { yield(Delta{Text: "You have 30 days."}, nil) }
			})
			opened(t, Config{Model: model}, func(d *desk) {
				d.write("t1", text)
				require.Equal(t, []string{"You have 30 days."}, d.heard())
				stored := collect(d.t, d.Archive().Messages(d.t.Context(), d.conversation("t1").ID, 0))[0].Text
				require.Equal(t, strings.ToValidUTF8(text, "\uFFFD"), stored, "what was written is stored whole")
				require.True(t, utf8.ValidString(asked.Question))
				require.LessOrEqual(t, utf8.RuneCountInString(asked.Question), 4000)
			})
		})
	}
}

func TestFailedTurnsLeaveNothingHeld(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 100, "test"))
	down := retrieverFunc(func(context.Context, retrieval.Query) (retrieval.Result, error) {
		return retrieval.Result{}, errors.New("down")
	})
	opened(t, Config{Settings: Settings{Price: 7}, Meter: ledger, Knowledge: down}, func(d *desk) {
		for range 2 { // the second time in a conversation that is opened again
			d.write("t1", "How do I return it?")
			d.pass(time.Minute)
			balance, err := ledger.Balance(d.t.Context())
			require.NoError(d.t, err)
			require.Equal(t, credits.Balance{Available: 100}, balance)
			require.NoError(t, d.Close(d.t.Context(), d.conversation("t1").ID, "Bo"))
		}
	})
}

func TestReopeningKeepsWhatIsOwed(t *testing.T) {
	owed := []Charge{{"c/1", 7}}
	conv := Conversation{Owner: channel.Closed, Memory: Memory{Charges: owed, Asking: "old"}}
	turn := beginning(t, Config{Meter: meter{settle: errors.New("down")}}, conv, "How do I return it?")
	require.NoError(t, turn.run(t.Context()))
	require.Equal(t, 2, turn.conv.Opening)
	require.Equal(t, owed, turn.conv.Memory.Charges)
}

func TestReopenedConversationsMayAct(t *testing.T) {
	conv := Conversation{Owner: channel.Closed}
	turn := beginning(t, Config{}, conv, "How do I return it?")
	require.NoError(t, turn.gate(t.Context()))
	require.False(t, turn.begunBefore(), "it is the first attempt at this turn")
}

func TestPeopleWriteIntoABurst(t *testing.T) {
	var asked Request
	model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		asked = r
		return func(yield func(Delta, error) bool) { yield(Delta{Text: "You have 30 days."}, nil) }
	})
	opened(t, Config{Model: model}, func(d *desk) {
		write := func(id string) {
			require.NoError(d.t, d.chat.Deliver(d.t.Context(), channel.Message{ID: id, Thread: "t1", Text: "How do I return it?", From: channel.Party{Name: "Ada"}}))
		}
		said := channel.Message{ID: "p", Text: "Bring it to us.", From: channel.Party{Name: "Bo"}}
		write("1")
		id := d.conversation("t1").ID
		require.NoError(d.t, d.Say(d.t.Context(), id, said))
		require.NoError(d.t, d.Return(d.t.Context(), id, "Bo"))
		d.pass(2 * time.Second)
		require.Equal(d.t, []string{said.Text}, d.heard(), "what a person answered is not answered again")

		write("2")
		d.pass(2 * time.Second)
		require.Len(d.t, d.heard(), 2)
		require.Equal(d.t, "Ada", asked.Customer.Name, "who writes is the customer")
	})
}

// unreadable is a Store that cannot read conversations for a while.
type unreadable struct {
	Store
	fails int
}

func (u *unreadable) Conversations(ctx context.Context, f Filter) iter.Seq2[Conversation, error] {
	if u.fails--; u.fails >= 0 {
		return func(yield func(Conversation, error) bool) { yield(Conversation{}, errors.New("down")) }
	}
	return u.Store.Conversations(ctx, f)
}

func TestMessageThatWasNotHandedToItsChannelIsNotLost(t *testing.T) {
	chat := channel.NewMemory("chat", channel.Capabilities{})
	opened(t, Config{Channels: []Channel{chat}, Store: &unreadable{NewMemoryStore(), 3}}, func(d *desk) {
		require.NoError(d.t, chat.Deliver(d.t.Context(), channel.Message{ID: "1", Thread: "t1", Text: "How do I return it?"}))
		d.pass(time.Minute)
		require.Len(d.t, chat.Sent(), 1)
	})
}

// A person interrupts a turn that has acted already.
func TestInterruptedTurnsDoNotActTwice(t *testing.T) {
	for name, interrupt := range map[string]func(d *desk, id string) error{
		"closed": func(d *desk, id string) error { return d.Close(d.t.Context(), id, "Bo") },
		"taken and returned": func(d *desk, id string) error {
			return errors.Join(d.Take(d.t.Context(), id, "Bo"), d.Return(d.t.Context(), id, "Bo"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			acts := 0
			act, err := NewAction("act", "Acts.", func(context.Context, ActionCall, struct{}) (int, error) { acts++; return acts, nil })
			require.NoError(t, err)
			model := ModelFunc(func(ctx context.Context, r Request) iter.Seq2[Delta, error] {
				return func(yield func(Delta, error) bool) {
					if len(r.Results) == 0 {
						yield(Delta{Call: &Call{Name: "act", Arguments: []byte("{}")}}, nil)
						return
					}
					_ = sleep(ctx, 5*time.Second)
					yield(Delta{Text: "You have 30 days."}, ctx.Err())
				}
			})
			opened(t, Config{Model: model, Actions: []Action{act}}, func(d *desk) {
				d.write("t1", "How do I return it?")
				require.Equal(d.t, 1, acts)
				require.NoError(d.t, interrupt(d, d.conversation("t1").ID))
				d.pass(time.Minute)
				require.Equal(d.t, 1, acts, "what may have been done is not done again")
			})
		})
	}
}
