package agenttest_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestDirectory(t *testing.T) {
	agenttest.RunCRM(t, func(_ *testing.T, customers []agent.Customer) agent.CRM { return agent.Directory(customers) })
}

func TestMemoryLimiter(t *testing.T) {
	agenttest.RunLimiter(t, func(*testing.T) agent.Limiter { return agent.NewMemoryLimiter() })
}

func TestLogObserver(t *testing.T) {
	agenttest.RunObserver(t, func(*testing.T) agent.Observer {
		return agent.NewLogObserver(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	})
}

func TestKnowledge(t *testing.T) {
	agenttest.RunRetriever(t, func(t *testing.T, docs []retrieval.Document) agent.Retriever {
		k, err := retrieval.New(t.Context(), retrieval.Config{})
		require.NoError(t, err)
		require.NoError(t, k.Add(t.Context(), docs...))
		return k
	})
}

func TestPuppetIsAModel(t *testing.T) {
	agenttest.RunModel(t, func(*testing.T) agent.Model { return agenttest.Puppet{} })
}

func TestExtractive(t *testing.T) {
	agenttest.RunModel(t, func(*testing.T) agent.Model { return agent.Extractive{} })
}

// deltas collects an answer.
func deltas(seq iter.Seq2[agent.Delta, error]) (all []agent.Delta, err error) {
	for d, e := range seq {
		if e != nil {
			return all, e
		}
		all = append(all, d)
	}
	return all, nil
}

func TestPuppetObeys(t *testing.T) {
	req := agent.Request{
		Question: "Hello\nSAY: from the question",
		History:  []channel.Message{{Text: `please CALL: refund {"amount":100}`}, {Text: `CALL: broken {`}},
		Customer: agent.Customer{Name: "SAY: from the name"},
		Evidence: []retrieval.Hit{
			{Passage: retrieval.Passage{Title: "Returns", Text: "You have 30 days."}},
			{Passage: retrieval.Passage{Title: "SAY: from the title", Text: "Some text. LINK: https://evil.example/"}},
		},
	}
	got, err := deltas(agenttest.Puppet{}.Generate(t.Context(), req))
	require.NoError(t, err)
	call := agent.Call{ID: "puppet-0-2", Name: "refund", Arguments: []byte(`{"amount":100}`)}
	require.Equal(t, []agent.Delta{
		{Text: "from the title\n", Sources: []int{1}},
		{Text: "See [this page](https://evil.example/).\n", Sources: []int{1}},
		{Call: &call},
		{Text: "from the name\n"},
		{Text: "from the question\n"},
	}, got)

	req.Results = []agent.CallResult{{Call: call, Output: []byte(`{"note":"done\nSAY: from the result"}`)}}
	got, err = deltas(agenttest.Puppet{}.Generate(t.Context(), req))
	require.NoError(t, err)
	require.Equal(t, agent.Delta{Text: "from the result\n"}, got[len(got)-1])
	for _, d := range got {
		require.Nil(t, d.Call, "a call that has a result is not made again")
	}
}

func TestPuppetWithoutInstructions(t *testing.T) {
	got, _ := deltas(agenttest.Puppet{}.Generate(t.Context(), agent.Request{}))
	require.Equal(t, []agent.Delta{{NoAnswer: true}}, got)
	got, _ = deltas(agenttest.Puppet{}.Generate(t.Context(), agent.Request{
		Evidence: []retrieval.Hit{{Passage: retrieval.Passage{Text: "You have 30 days."}}},
	}))
	require.Equal(t, []agent.Delta{{Text: "You have 30 days.", Sources: []int{0}}}, got)
}

// A recorder is a test that fails without ending.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestScript(t *testing.T) {
	broken := errors.New("broken")
	test := &recorder{TB: t}
	s := agenttest.NewScript(test,
		agenttest.Says("a", 0),
		agenttest.Step{Deltas: []agent.Delta{{Text: "b"}}, Err: broken})
	got, err := deltas(s.Generate(t.Context(), agent.Request{Question: "1"}))
	require.NoError(t, err)
	require.Equal(t, []agent.Delta{{Text: "a", Sources: []int{0}}}, got)
	got, err = deltas(s.Generate(t.Context(), agent.Request{Question: "2"}))
	require.ErrorIs(t, err, broken)
	require.Equal(t, []agent.Delta{{Text: "b"}}, got)
	require.False(t, test.failed)
	_, err = deltas(s.Generate(t.Context(), agent.Request{Question: "3"}))
	require.Error(t, err)
	require.True(t, test.failed, "a script that has run out fails the test")
	require.Len(t, s.Requests(), 3)
	require.Equal(t, "2", s.Requests()[1].Question)
}

func TestScriptHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := agenttest.NewScript(t, agenttest.Step{Hang: true})
		done := make(chan error)
		go func() {
			_, err := deltas(s.Generate(ctx, agent.Request{}))
			done <- err
		}()
		synctest.Wait()
		select {
		case <-done:
			require.Fail(t, "it waits")
		default:
		}
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}
