package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/channel"
)

// errCrash is what a process sees of the world once it has ended.
var errCrash = errors.New("the process has ended")

// A shop is a company whose processes end between any two steps. It keeps what
// really happened, for the promises to be held against.
type shop struct {
	t       *rapid.T
	ctx     context.Context
	store   *MemoryStore
	limiter *MemoryLimiter
	desk    *Agent
	left    int // seam calls until the process ends; below zero it lives
	after   bool
	dead    bool
	message int

	approving string         // the call that a person is approving
	yes       bool           // the customer's last message is a yes
	ran       map[string]int // by ActionCall.Key
	spent     []spentOnce
}

type spentOnce struct {
	action, contact, opening string
	amount                   float64
}

// through calls a seam, or ends the process before or after it.
func through[T any](s *shop, call func() (T, error)) (v T, err error) {
	var zero T
	if s.dead {
		return zero, errCrash
	}
	if s.left--; s.left == 0 {
		s.dead = true
		if s.after {
			_, _ = call()
		}
		return zero, errCrash
	}
	return call()
}

// shopStore and shopLimiter are the seams of a process.
type shopStore struct {
	*MemoryStore
	s *shop
}

func (f shopStore) Receive(ctx context.Context, in Inbound) (Receipt, error) {
	return through(f.s, func() (Receipt, error) { return f.MemoryStore.Receive(ctx, in) })
}

func (f shopStore) Claim(ctx context.Context, c Claim) (Work, error) {
	return through(f.s, func() (Work, error) { return f.MemoryStore.Claim(ctx, c) })
}

func (f shopStore) Commit(ctx context.Context, c Commit) error {
	_, err := through(f.s, func() (any, error) { return nil, f.MemoryStore.Commit(ctx, c) })
	return err
}

type shopLimiter struct {
	*MemoryLimiter
	s *shop
}

func (f shopLimiter) Allow(ctx context.Context, u Use) (bool, error) {
	return through(f.s, func() (bool, error) { return f.MemoryLimiter.Allow(ctx, u) })
}

// action returns an action that notes its runs, and what must be so when it runs.
func (s *shop) action(name string, more func(*Action)) Action {
	a, err := NewAction(name, "Does it.", func(ctx context.Context, c ActionCall, in refund) (any, error) {
		return through(s, func() (any, error) {
			s.ran[c.Key]++
			conv, err := (&Agent{cfg: Config{Store: s.store}}).Conversation(ctx, c.Conversation)
			require.NoError(s.t, err)
			if conv.Owner == channel.Closed { // the turn opens it again
				conv.Opening++
			}
			if strings.HasPrefix(name, "confirm") {
				require.True(s.t, s.yes, "it runs on the customer's yes")
				require.NotNil(s.t, conv.Memory.Pending, "to a question that was asked")
				require.Equal(s.t, conv.Memory.Pending.Key, c.Key)
				require.JSONEq(s.t, string(conv.Memory.Pending.Arguments), string(c.Arguments), "with the arguments that were asked about")
			}
			if strings.HasPrefix(name, "approve") {
				require.Equal(s.t, s.approving, c.Key, "it runs on a person's approval")
			}
			s.spent = append(s.spent, spentOnce{name, c.Customer.ID, fmt.Sprint(c.Conversation, conv.Opening), in.Amount})
			return "done", nil
		})
	})
	require.NoError(s.t, err)
	a.Risk, a.Amount = LowImpactWrite, "amount"
	a.Limits = ActionLimits{PerConversation: 2, PerDay: 3, AmountPerCall: 50, AmountPerDay: 100}
	more(&a)
	return a
}

// restart begins a new process on what is stored.
func (s *shop) restart() {
	s.dead, s.left = false, -1
	desk, err := New(Config{
		Tick: 1, Settings: Settings{Limits: Limits{Attempts: 2}}, Knowledge: pages, Store: shopStore{s.store, s}, Limiter: shopLimiter{s.limiter, s},
		CRM: Directory{{ID: "42", Email: "ann@example.com"}, {ID: "43", Email: "bea@example.com"}}, Model: ModelFunc(s.write),
		Actions: []Action{
			s.action("plain", func(*Action) {}),
			s.action("confirm", func(a *Action) { a.Confirm = true }),
			s.action("approve", func(a *Action) { a.Risk = ApprovalRequired }),
		},
	})
	require.NoError(s.t, err)
	require.NoError(s.t, s.store.Release(s.ctx, "frontdesk"))
	s.desk = desk
}

// write is a model that proposes what the customer writes, until there are
// results.
func (s *shop) write(_ context.Context, r Request) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		if len(r.Results) > 1 {
			yield(Delta{Text: "Fine."}, nil)
			return
		}
		for i, call := range strings.Split(r.Question, ";")[1:] {
			name, arguments, _ := strings.Cut(call, " ")
			c := Call{ID: fmt.Sprint(i), Name: name, Arguments: json.RawMessage(arguments)}
			if !yield(Delta{Call: &c}, nil) {
				return
			}
		}
		yield(Delta{Text: "Fine."}, nil)
	}
}

// say has the customer write until the message is dealt with, as a provider
// repeats what was not acknowledged.
func (s *shop) say(t *rapid.T, text string) {
	s.message++
	thread := rapid.IntRange(0, 3).Draw(t, "thread")
	m := channel.Message{
		ID: fmt.Sprint(s.message), Thread: fmt.Sprint("t", thread), Text: text,
		From: channel.Party{Email: []string{"ann@example.com", "bea@example.com"}[thread%2], Trust: channel.Asserted},
	}
	s.yes = text == "yes"
	for range 20 {
		if _, err := s.desk.Reply(s.ctx, m); err == nil {
			return
		}
		s.restart()
	}
	require.Fail(s.t, "a message is dealt with in the end")
}

// people does what a person of the company does, to a conversation.
func (s *shop) people(do string) {
	for c := range s.store.Conversations(s.ctx, Filter{}) {
		switch p := c.Memory.Proposed; {
		case do == "approve" && p != nil:
			s.approving = p.Key
			_, _ = s.desk.Approve(s.ctx, c.ID, p.Key, "Bo")
			s.approving = ""
		case do == "reject" && p != nil:
			_ = s.desk.Reject(s.ctx, c.ID, p.Key, "Bo")
		case do == "return":
			_ = s.desk.Return(s.ctx, c.ID, "Bo")
		case do == "close":
			_ = s.desk.Close(s.ctx, c.ID, "Bo")
		}
	}
}

// check holds what happened against the promises.
func (s *shop) check() {
	for key, n := range s.ran {
		require.Equal(s.t, 1, n, "a call that is not idempotent runs once: %s", key)
	}
	for _, last := range s.spent {
		sum, count, opening := 0.0, 0, 0
		for _, o := range s.spent {
			if o.action != last.action {
				continue
			}
			if o.contact == last.contact {
				sum, count = sum+o.amount, count+1
			}
			if o.opening == last.opening {
				opening++
			}
		}
		require.LessOrEqual(s.t, sum, 100.0, "%s: the amount of a day", last.action)
		require.LessOrEqual(s.t, count, 3, "%s: the runs of a day", last.action)
		require.LessOrEqual(s.t, opening, 2, "%s: the runs of an opening", last.action)
		require.LessOrEqual(s.t, last.amount, 50.0, "%s: the amount of a call", last.action)
	}
}

// TestInvariantActionsRunOnceAndWithinLimits ends the process between any two
// calls of its seams, before or after the second had its effect, while customers
// ask for actions, confirm them and change their minds, and people approve them.
func TestInvariantActionsRunOnceAndWithinLimits(t *testing.T) {
	total := 0
	rapid.Check(t, func(t *rapid.T) {
		s := &shop{t: t, ctx: t.Context(), store: NewMemoryStore(), limiter: NewMemoryLimiter(), ran: map[string]int{}}
		s.restart()
		t.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) { s.check() },
			"ask": func(t *rapid.T) {
				s.dies(t)
				s.say(t, "How do I return it?"+strings.Join(rapid.SliceOfN(proposals, 1, 3).Draw(t, "calls"), ""))
			},
			"reply": func(t *rapid.T) {
				s.dies(t)
				s.say(t, rapid.SampledFrom([]string{"yes", "yes", "no"}).Draw(t, "reply"))
			},
			"people": func(t *rapid.T) {
				s.dies(t)
				s.people(rapid.SampledFrom([]string{"approve", "approve", "return", "return", "return", "reject", "close"}).Draw(t, "do"))
			},
		})
		total += len(s.ran)
	})
	require.Positive(t, total, "actions ran")
}

var proposals = rapid.Custom(func(t *rapid.T) string {
	return fmt.Sprintf(`;%s {"order":"%d","amount":%d}`, rapid.SampledFrom([]string{"plain", "plain", "confirm", "confirm", "approve"}).Draw(t, "action"),
		rapid.IntRange(1, 3).Draw(t, "order"), rapid.SampledFrom([]int{10, 40, 50, 60, -40}).Draw(t, "amount"))
})

// dies draws when the process ends: at one of its next calls, or not.
func (s *shop) dies(t *rapid.T) {
	if s.dead {
		s.restart()
	}
	s.left, s.after = rapid.IntRange(0, 12).Draw(t, "left"), rapid.Bool().Draw(t, "after")
	if s.left == 0 {
		s.left = -1
	}
}
