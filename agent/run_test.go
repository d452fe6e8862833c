package agent

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestBurstBecomesOneTurn(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "Hi,", "I bought a tent.", "How do I return it?")
		require.Len(t, d.heard(), 1)
		turn := d.turns("t1")[0]
		require.Equal(t, "Hi,\nI bought a tent.\nHow do I return it?", turn.Question)
		require.Equal(t, int64(1), turn.First)
		require.Equal(t, int64(3), turn.Last)
	})
}

func TestTheSameMessageManyTimesAtOnce(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 100, "test"))
	opened(t, Config{Settings: Settings{Price: 7}, Meter: ledger}, func(d *desk) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				require.NoError(t, d.chat.Deliver(d.t.Context(), channel.Message{ID: "x", Thread: "t1", Text: "How do I return it?"}))
			})
		}
		wg.Wait()
		d.pass(2 * time.Second)
		require.Len(t, d.heard(), 1)
		require.Len(t, d.turns("t1"), 1)
		balance, err := ledger.Balance(d.t.Context())
		require.NoError(t, err)
		require.Equal(t, credits.Amount(93), balance.Available)
		require.Equal(t, credits.Amount(7), balance.Spent)
		require.Zero(t, balance.Held)
	})
}

func TestChargesOncePerOpeningAndStopsNewOnesOnly(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 10, "test"))
	opened(t, Config{Settings: Settings{Price: 7}, Meter: ledger}, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.write("t2", "How do I return it?")
		require.Equal(t, channel.Queued, d.conversation("t2").Owner)
		require.Equal(t, "out of credits", d.turns("t2")[0].Decision.Rule)
		d.write("t1", "And how do I return two?")
		require.Equal(t, Answer, d.turns("t1")[1].Decision.Kind, "an open conversation goes on")
		balance, err := ledger.Balance(d.t.Context())
		require.NoError(t, err)
		require.Equal(t, credits.Amount(7), balance.Spent)
	})
}

func TestAPersonSpeaksAndTheAgentIsSilent(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "Let me talk to a human")
		id := d.conversation("t1").ID
		said := channel.Message{ID: "p1", Text: "Hello, Bo here.", From: channel.Party{Name: "Bo"}}
		require.NoError(t, d.Say(d.t.Context(), id, said))
		require.NoError(t, d.Say(d.t.Context(), id, said), "a second click says nothing twice")
		d.write("t1", "How do I return it?")
		require.Len(t, d.heard(), 2)
		require.Equal(t, "Bo", d.conversation("t1").Person)
		require.Equal(t, Silent, d.turns("t1")[1].Decision.Kind)

		require.NoError(t, d.Return(d.t.Context(), id, "Bo"))
		d.write("t1", "How do I return it?")
		require.Len(t, d.heard(), 3)
		require.NoError(t, d.Close(d.t.Context(), id, "Bo"))
		require.Equal(t, channel.Closed, d.conversation("t1").Owner)
		d.write("t1", "How do I return it?")
		require.Equal(t, 2, d.conversation("t1").Opening, "a message opens it again")
		require.Len(t, d.heard(), 4)
	})
}

func TestAPersonTakesOverWhileTheModelWrites(t *testing.T) {
	slow := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			_ = sleep(context.Background(), 5*time.Second)
			yield(Delta{Text: "You have 30 days."}, nil)
		}
	})
	opened(t, Config{Model: slow}, func(d *desk) {
		require.NoError(t, d.chat.Deliver(d.t.Context(), channel.Message{ID: "1", Thread: "t1", Text: "How do I return it?"}))
		d.pass(2 * time.Second)
		require.NoError(t, d.Take(d.t.Context(), d.conversation("t1").ID, "Bo"))
		d.pass(10 * time.Second)
		require.Empty(t, d.heard(), "the turn that was being made is dropped")
		require.Equal(t, "a person has the conversation", d.turns("t1")[0].Decision.Rule)
	})
}

func TestOneTurnAtATimeInOrder(t *testing.T) {
	var running, most atomic.Int32
	model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			_ = sleep(context.Background(), 3*time.Second)
			yield(Delta{Text: "Answered."}, nil)
		}
	})
	opened(t, Config{Model: model}, func(d *desk) {
		for i := range 5 {
			m := channel.Message{ID: fmt.Sprint(i), Thread: "t1", Text: fmt.Sprintf("How do I return thing %d?", i)}
			require.NoError(t, d.chat.Deliver(d.t.Context(), m))
			d.pass(time.Second)
		}
		d.pass(30 * time.Second)
		require.Equal(t, int32(1), most.Load())
		turns := d.turns("t1")
		for _, m := range collect(d.t, d.Archive().Messages(d.t.Context(), d.conversation("t1").ID, 0)) {
			in := slices.DeleteFunc(slices.Clone(turns), func(t Turn) bool { return m.Seq < t.First || t.Last < m.Seq })
			if m.Author == channel.Customer {
				require.Len(t, in, 1, "every message is in one turn")
			}
		}
	})
}

func TestQuietConversationsAreClosed(t *testing.T) {
	settings := Settings{
		Channels: map[string]ChannelSettings{"chat": {CloseAfter: Duration(time.Hour)}},
		Texts:    map[string]Texts{"en": {Closed: "Bye."}},
	}
	opened(t, Config{Settings: settings}, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.pass(50 * time.Minute)
		d.write("t1", "And a second one to return?")
		d.pass(50 * time.Minute)
		require.Len(t, d.heard(), 2, "never early")
		d.pass(10 * time.Minute)
		require.Equal(t, "Bye.", d.heard()[2])
		require.Equal(t, channel.Closed, d.conversation("t1").Owner)
		d.pass(5 * time.Hour)
		require.Len(t, d.heard(), 3, "once")
	})
}

func TestTurnThatFailsIsTriedAgainAndThenPassedOn(t *testing.T) {
	down := errors.New("index is being rebuilt")
	var fails atomic.Int32
	knowledge := retrieverFunc(func(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
		if fails.Add(-1) >= 0 {
			return retrieval.Result{}, down
		}
		return pages.Retrieve(ctx, q)
	})
	opened(t, Config{Knowledge: knowledge}, func(d *desk) {
		fails.Store(2)
		d.write("t1", "How do I return it?")
		d.pass(10 * time.Second)
		require.Equal(t, Answer, d.turns("t1")[0].Decision.Kind)
		fails.Store(100)
		d.write("t2", "How do I return it?")
		d.pass(10 * time.Second)
		turn := d.turns("t2")[0]
		require.Equal(t, handoff.Failure, turn.Decision.Handoff)
		require.NotContains(t, turn.Text, down.Error(), "a customer never sees internals")
		require.Len(t, d.heard(), 2)
	})
}

type retrieverFunc func(context.Context, retrieval.Query) (retrieval.Result, error)

func (f retrieverFunc) Retrieve(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	return f(ctx, q)
}

func TestDeliveryOutcomes(t *testing.T) {
	timeout := errors.New("timeout")
	for _, test := range []struct {
		name       string
		idempotent bool
		errs       []error
		state      DeliveryState
		attempts   int
	}{
		{"taken", false, nil, Sent, 1},
		{"refused for good", true, []error{channel.ErrRejected}, Failed, 1},
		{"not there, then there", false, []error{channel.ErrUnavailable, channel.ErrUnavailable}, Sent, 3},
		{"nobody knows", false, []error{timeout}, Unknown, 1},
		{"nobody knows, and repeats are dropped", true, []error{timeout, timeout}, Sent, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			chat := channel.NewMemory("chat", channel.Capabilities{Idempotent: test.idempotent})
			errs := test.errs
			chat.Fail = func(channel.Message) error {
				if len(errs) == 0 {
					return nil
				}
				err := errs[0]
				errs = errs[1:]
				return err
			}
			opened(t, Config{Channels: []Channel{chat}}, func(d *desk) {
				d.chat = chat
				d.write("t1", "How do I return it?")
				d.pass(time.Minute)
				all := collect(d.t, d.Archive().Messages(d.t.Context(), d.conversation("t1").ID, 0))
				require.Equal(t, test.state, all[1].Delivery.State)
				require.Equal(t, test.attempts, all[1].Delivery.Attempts)
			})
		})
	}
}

func TestInterruptedSendIsUnknownUnlessRepeatsAreDropped(t *testing.T) {
	for _, idempotent := range []bool{false, true} {
		chat := channel.NewMemory("chat", channel.Capabilities{Idempotent: idempotent})
		a, err := New(Config{Knowledge: pages, Channels: []Channel{chat}})
		require.NoError(t, err)
		_, err = a.receive(t.Context(), "chat", channel.Message{ID: "1", Thread: "t1", Text: "How do I return it?"}, 0)
		require.NoError(t, err)
		job, err := a.nextWork(t.Context())
		require.NoError(t, err)
		job(t.Context())
		_, err = a.cfg.Store.Take(t.Context(), Claim{Worker: "frontdesk", Now: time.Now(), Lease: time.Hour, Channels: a.names})
		require.NoError(t, err) // and here the process dies
		require.NoError(t, a.cfg.Store.Release(t.Context(), "frontdesk"))
		send, err := a.nextDelivery(t.Context(), chat)
		require.NoError(t, err)
		send(t.Context())
		c, err := a.thread(t.Context(), "chat", "t1")
		require.NoError(t, err)
		all := collect(t, a.Archive().Messages(t.Context(), c.ID, 0))
		if idempotent {
			require.Equal(t, Sent, all[1].Delivery.State)
			require.Len(t, chat.Sent(), 1)
		} else {
			require.Equal(t, Unknown, all[1].Delivery.State)
			require.Empty(t, chat.Sent())
		}
	}
}

func TestReply(t *testing.T) {
	a, err := New(Config{Knowledge: pages})
	require.NoError(t, err)
	m := channel.Message{ID: "1", Thread: "t", Text: "How do I return it?"}
	first, err := a.Reply(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, Answer, first.Decision.Kind)
	again, err := a.Reply(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, first, again, "a repeat returns the same turn")
	second, err := a.Reply(t.Context(), channel.Message{Thread: "t", Text: "thanks"})
	require.NoError(t, err)
	require.Equal(t, "thanks", second.Decision.Rule)
	require.Equal(t, first.Conversation, second.Conversation)
	alone, err := a.Reply(t.Context(), channel.Message{Text: "hello"})
	require.NoError(t, err)
	require.NotEqual(t, first.Conversation, alone.Conversation)
}

func TestReplyInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := New(Config{Knowledge: pages})
		require.NoError(t, err)
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				turn, err := a.Reply(t.Context(), channel.Message{ID: fmt.Sprint(i), Thread: "t", Text: fmt.Sprint("How do I return order ", i)})
				require.NoError(t, err)
				require.Equal(t, Answer, turn.Decision.Kind)
			})
		}
		wg.Wait()
	})
}

func TestReceiveRefusesWhatHasNoIdentity(t *testing.T) {
	a, err := New(Config{Knowledge: pages})
	require.NoError(t, err)
	require.Error(t, a.Receive(t.Context(), "chat", channel.Message{Thread: "t"}))
	require.Error(t, a.Receive(t.Context(), "chat", channel.Message{ID: "1"}))
}

func TestEveryChangeIsInTheAudit(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.write("t1", "What is the meaning of life, in one word?")
		c := d.conversation("t1")
		require.NoError(t, d.Take(d.t.Context(), c.ID, "Bo"))
		require.NoError(t, d.Return(d.t.Context(), c.ID, "Bo"))
		require.NoError(t, d.Close(d.t.Context(), c.ID, "Bo"))
		var kinds []string
		for _, r := range collect(d.t, d.Archive().Records(d.t.Context(), c.ID, 0)) {
			kinds = append(kinds, r.Kind)
		}
		require.Equal(t, []string{
			MessageReceived, TurnCommitted, MessageDelivered,
			MessageReceived, HandedOver, TurnCommitted, MessageDelivered,
			Taken, Returned, ConversationEnded,
		}, kinds)
	})
}

func TestReturnedConversationIsPaidForAgain(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 7, "test"))
	opened(t, Config{Settings: Settings{Price: 7}, Meter: ledger}, func(d *desk) {
		d.write("t1", "Let me talk to a human")
		require.NoError(t, d.Return(d.t.Context(), d.conversation("t1").ID, "Bo"))
		d.write("t1", "How do I return it?")
		d.write("t1", "How do I return two of them?")
		balance, err := ledger.Balance(d.t.Context())
		require.NoError(t, err)
		require.Equal(t, credits.Amount(7), balance.Spent, "once, and not for nothing")
		d.write("t2", "Let me talk to a human")
		require.NoError(t, d.Return(d.t.Context(), d.conversation("t2").ID, "Bo"))
		d.write("t2", "How do I return it?")
		require.Equal(t, "out of credits", d.turns("t2")[1].Decision.Rule)
	})
}

func TestHostCodeThatPanicsCostsNoTurn(t *testing.T) {
	observer := ObserverFunc(func(context.Context, Event) { panic("observer") })
	opened(t, Config{Observer: observer, CRM: panickyCRM{}}, func(d *desk) {
		d.write("t1", "How do I return it?")
		require.Len(t, d.heard(), 1)
		require.Equal(t, Answer, d.turns("t1")[0].Decision.Kind)
	})
}

func TestAChannelThatHangsHoldsUpNoOther(t *testing.T) {
	stuck := channel.NewMemory("stuck", channel.Capabilities{})
	release := make(chan struct{})
	stuck.Fail = func(channel.Message) error {
		<-release
		return nil
	}
	t.Cleanup(func() { close(release) })
	chat := channel.NewMemory("chat", channel.Capabilities{})
	a, err := New(Config{
		Settings:  Settings{Limits: Limits{Quiet: 1}},
		Knowledge: pages, Channels: []Channel{stuck, chat}, Concurrency: 1, Tick: time.Millisecond,
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = a.Run(ctx) }()
	for _, name := range []string{"stuck", "chat"} {
		require.NoError(t, a.Receive(ctx, name, channel.Message{ID: "1", Thread: "t", Text: "How do I return it?"}))
	}
	require.Eventually(t, func() bool { return len(chat.Sent()) == 1 }, 10*time.Second, time.Millisecond)
}

func TestReplySettles(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 7, "test"))
	a, err := New(Config{Settings: Settings{Price: 7}, Meter: ledger, Knowledge: pages})
	require.NoError(t, err)
	_, err = a.Reply(t.Context(), channel.Message{Text: "How do I return it?"})
	require.NoError(t, err)
	balance, err := ledger.Balance(t.Context())
	require.NoError(t, err)
	require.Equal(t, credits.Amount(7), balance.Spent)
}

func TestAMessageDuringATurnKeepsItsWriter(t *testing.T) {
	crm := Directory{{ID: "42", Name: "Ann"}}
	var customers []Customer
	model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			customers = append(customers, r.Customer)
			_ = sleep(context.Background(), 3*time.Second)
			yield(Delta{Text: "You have 30 days."}, nil)
		}
	})
	opened(t, Config{CRM: crm, Model: model}, func(d *desk) {
		ann := channel.Party{ID: "42", Trust: channel.Signed}
		for i := range 2 {
			m := channel.Message{ID: fmt.Sprint(i), Thread: "t1", From: ann, Text: fmt.Sprint("How do I return order ", i)}
			require.NoError(d.t, d.chat.Deliver(d.t.Context(), m))
			d.pass(time.Second)
		}
		d.pass(time.Minute)
		require.Len(t, customers, 2)
		require.Equal(t, customers[0], customers[1], "the agent's own answer stands between, and is nobody's identity")
		require.Equal(t, "Ann", customers[1].Name)
	})
}

func TestAnOpeningDoesNotGoBackToTheOneBefore(t *testing.T) {
	var histories []int
	model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		histories = append(histories, len(r.History))
		return says("You have 30 days.").Generate(t.Context(), r)
	})
	opened(t, Config{Model: model}, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.write("t1", "How do I return two?")
		require.NoError(t, d.Close(d.t.Context(), d.conversation("t1").ID, "Bo"))
		d.write("t1", "How do I return three?")
		d.write("t1", "How do I return four?")
		require.Equal(t, []int{0, 2, 0, 2}, histories)
	})
}
