package agent

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// always is what holds whatever happens, and the tests that show it. TestInvariants
// is agenttest.RunInvariants, which draws faults and holds what is left against most
// of them at once; the others are of one alone, by the shortest way.
var always = []struct {
	promise string
	tests   []string
}{
	{"what was acknowledged is stored", []string{"TestInvariants", "TestInvariantAckedIsStored"}},
	{"an external ID is one message, one turn and one charge", []string{"TestInvariants", "TestInvariantOncePerExternalID"}},
	{"a conversation has one turn at a time, in order", []string{"TestInvariants", "TestInvariantOneTurnAtATime"}},
	{"a reply is neither lost nor doubled", []string{"TestInvariants", "TestInvariantARepliesOutcomeIsKnownOrUnknown"}},
	{"the agent is silent while a person speaks", []string{"TestInvariants", "TestInvariantSilentWhileAPersonSpeaks"}},
	{"a burst is answered once", []string{"TestInvariants", "TestInvariantOneAnswerPerBurst"}},
	{"a handoff happens once, to one owner", []string{"TestInvariants", "TestInvariantOneHandoff"}},
	{"an action that is not idempotent runs at most once", []string{"TestInvariantActionsRunOnceAndWithinLimits"}},
	{"no field is read and no action runs above the verified level", []string{"TestInvariantNoFieldAboveLevel", "TestInvariantVerificationFailsClosed"}},
	{"nothing is written without its preconditions and a yes to these arguments", []string{"TestInvariantActionsRunOnceAndWithinLimits", "TestPuppetConfirmsNothingOfItsOwn"}},
	{"a turn ends, and makes no call twice", []string{"TestInvariantTurnsEnd"}},
	{"the ledger adds up, and running out ends nothing that was begun", []string{"TestInvariants", "TestInvariantRunningOutEndsNothingBegun"}},
	{"a timer fires once, never early", []string{"TestInvariants", "TestInvariantTimersFireOnceAfterDowntime"}},
	{"a change and its record are stored together", []string{"TestInvariants", "TestInvariantNoChangeWithoutItsRecord"}},
	{"nobody sees what is another's", []string{"TestInvariantAudiencesBoundWhatIsFound", "TestPuppetChangesNobodyElse"}},
	{"switching off strands nobody", []string{"TestInvariantSwitchingOffStrandsNobody"}},
	{"nothing leaves outside the hours, too long, or with a link that is not allowed", []string{"TestInvariantNothingForbiddenLeaves", "TestInvariantSwitchingOffStrandsNobody"}},
}

func TestEveryPromiseHasItsTests(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	have := map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				have[f.Name.Name] = true
			}
		}
	}
	require.Len(t, always, 17)
	for _, a := range always {
		named := false
		for _, test := range a.tests {
			require.True(t, have[test], "there is no %s", test)
			named = named || strings.HasPrefix(test, "TestInvariant")
		}
		require.True(t, named, a.promise)
	}
}

// forgetful is a Store that does what it is asked, and then fails or not.
type forgetful struct {
	Store
	before, after error
}

func (f *forgetful) Receive(ctx context.Context, in Inbound) (Receipt, error) {
	if f.before != nil {
		return Receipt{}, f.before
	}
	r, err := f.Store.Receive(ctx, in)
	return r, errors.Join(err, f.after)
}

func TestInvariantAckedIsStored(t *testing.T) {
	broken := errors.New("broken")
	for name, store := range map[string]*forgetful{
		"stored": {}, "fails before": {before: broken}, "fails after": {after: broken},
	} {
		t.Run(name, func(t *testing.T) {
			store.Store = NewMemoryStore()
			a, err := New(Config{Knowledge: pages, Store: store})
			require.NoError(t, err)
			acked := a.Receive(t.Context(), "chat", channel.Message{ID: "1", Thread: "t", Text: "Hello"}) == nil
			stored := len(collect(t, store.Conversations(t.Context(), Filter{}))) == 1
			require.True(t, stored || !acked, "what is not stored is not acknowledged")
			store.before, store.after = nil, nil
			require.NoError(t, a.Receive(t.Context(), "chat", channel.Message{ID: "1", Thread: "t", Text: "Hello"}))
			c := collect(t, store.Conversations(t.Context(), Filter{}))
			require.Len(t, collect(t, store.Messages(t.Context(), c[0].ID, 0)), 1, "the provider's repeat is the message itself")
		})
	}
}

// replicas runs test with n agents of one store, each with a channel of its own to
// the same provider.
func replicas(t *testing.T, n int, cfg Config, test func(t *testing.T, desks []*Agent, chats []*channel.Memory)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cfg.Store, cfg.Knowledge = NewMemoryStore(), pages
		var running sync.WaitGroup
		var desks []*Agent
		var chats []*channel.Memory
		for i := range n {
			chat := channel.NewMemory("chat", channel.Capabilities{Idempotent: true, Links: true})
			cfg.Channels, cfg.Worker = []Channel{chat}, fmt.Sprint("worker ", i)
			a, err := New(cfg)
			require.NoError(t, err)
			running.Go(func() { _ = a.Run(ctx) })
			desks, chats = append(desks, a), append(chats, chat)
		}
		synctest.Wait()
		test(t, desks, chats)
		stop()
		running.Wait()
	})
}

func TestInvariantOncePerExternalID(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", 100, "test"))
	replicas(t, 3, Config{Meter: ledger, Settings: Settings{Price: 7}}, func(t *testing.T, desks []*Agent, chats []*channel.Memory) {
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				m := channel.Message{ID: "same", Thread: "t", Text: "How do I return it?"}
				require.NoError(t, chats[i%3].Deliver(t.Context(), m))
			})
		}
		all.Wait()
		_ = sleep(t.Context(), time.Minute)
		c, err := desks[0].thread(t.Context(), "chat", "t")
		require.NoError(t, err)
		require.Len(t, collect(t, desks[0].Archive().Turns(t.Context(), c.ID)), 1)
		sent := 0
		for _, chat := range chats {
			sent += len(chat.Sent())
		}
		require.Equal(t, 1, sent)
		b, err := ledger.Balance(t.Context())
		require.NoError(t, err)
		require.Equal(t, credits.Amount(7), b.Spent)
	})
}

func TestInvariantOneTurnAtATime(t *testing.T) {
	var mu sync.Mutex
	working, most := 0, 0
	var asked []string
	count := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		working += n
		most = max(most, working)
	}
	slow := ModelFunc(func(ctx context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			count(1)
			defer count(-1)
			mu.Lock()
			asked = append(asked, r.Question)
			mu.Unlock()
			_ = sleep(ctx, 3*time.Second)
			yield(Delta{Text: "You can return an item within 30 days.", Sources: []int{0}}, nil)
		}
	})
	replicas(t, 3, Config{Model: slow}, func(t *testing.T, _ []*Agent, chats []*channel.Memory) {
		var want []string
		for i := range 5 {
			text := fmt.Sprintf("How do I return it? (%d)", i)
			want = append(want, text)
			require.NoError(t, chats[i%3].Deliver(t.Context(), channel.Message{ID: text, Thread: "t", Text: text}))
			_ = sleep(t.Context(), time.Second)
		}
		_ = sleep(t.Context(), time.Minute)
		require.Equal(t, 1, most)
		require.Equal(t, want, strings.Split(strings.Join(asked, "\n"), "\n"))
	})
}

func TestInvariantARepliesOutcomeIsKnownOrUnknown(t *testing.T) {
	for _, c := range []struct {
		name       string
		idempotent bool
		err        error
		got        int
		state      DeliveryState
	}{
		{"taken, and the answer lost, by a provider that drops repeats", true, errors.New("lost"), 1, Sent},
		{"taken, and the answer lost, by one that does not", false, errors.New("lost"), 1, Unknown},
		{"not taken at first", false, channel.ErrUnavailable, 1, Sent},
		{"refused", true, channel.ErrRejected, 0, Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &provider{Memory: channel.NewMemory("chat", channel.Capabilities{Idempotent: c.idempotent}), err: c.err}
			opened(t, Config{Channels: []Channel{p}}, func(d *desk) {
				d.chat = p.Memory
				d.write("t", "How do I return it?")
				d.pass(time.Hour)
				require.Len(t, d.chat.Sent(), c.got)
				for m, err := range d.Archive().Messages(d.t.Context(), d.conversation("t").ID, 1) {
					require.NoError(t, err)
					require.Equal(t, c.state, m.Delivery.State)
				}
			})
		})
	}
}

// provider fails at the first message, after it took it unless the error says
// otherwise.
type provider struct {
	*channel.Memory
	err error
}

func (p *provider) Send(ctx context.Context, m channel.Message) error {
	err := p.err
	if !errors.Is(err, channel.ErrRejected) {
		p.err = nil
	}
	if err == nil || !errors.Is(err, channel.ErrUnavailable) && !errors.Is(err, channel.ErrRejected) {
		return errors.Join(p.Memory.Send(ctx, m), err)
	}
	return err
}
