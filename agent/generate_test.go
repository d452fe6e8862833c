package agent

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// answering is a turn that has decided to answer about returns.
func answering(t *testing.T, cfg Config) *turn {
	t.Helper()
	turn := beginning(t, cfg, Conversation{Channel: "chat"}, "How do I return a tent?")
	require.NoError(t, turn.retrieve(t.Context()))
	require.NoError(t, turn.decide(t.Context()))
	require.Equal(t, Answer, turn.Decision.Kind)
	return turn
}

// answer carries the decision out.
func (t *turn) answer(ctx context.Context) error {
	if err := t.generate(ctx); err != nil || t.Decision.Kind != Answer {
		return err
	}
	return t.guard(ctx)
}

func TestGenerate(t *testing.T) {
	const quoted = "Here's what I found in our help pages.\n\nFrom «Returns»:\nYou can return an item within 30 days."
	deltas := func(ds ...Delta) Model {
		return ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
			return func(yield func(Delta, error) bool) {
				for _, d := range ds {
					if !yield(d, nil) {
						return
					}
				}
			}
		})
	}
	broken := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			_ = yield(Delta{Text: "Your refund is "}, nil) && yield(Delta{}, errors.New("connection reset"))
		}
	})
	for _, test := range []struct {
		name     string
		model    Model
		text     string
		rule     string
		findings int
	}{
		{"grounded", says("You have 30 days. "), "You have 30 days.", "evidence", 0},
		{"one sentence is not", says("You have 30 days. Or 90. Ask us."), "You have 30 days. Ask us.", "evidence", 1},
		{"none is", says("You have 90 days."), "", "nothing grounded", 1},
		{"nothing at all", says(""), "", "nothing grounded", 0},
		{"only signs", says("--- **"), "", "nothing grounded", 0},
		{"garbage", says("\xff\xfe You have 30 days."), "\uFFFD You have 30 days.", "evidence", 0},
		{"it breaks off", broken, quoted, "evidence", 1},
		{"it panics", ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] { panic("bug") }), quoted, "evidence", 1},
		{"it does not stop", says(strings.Repeat("Go on. ", 10000)), quoted, "evidence", 1},
		{"it knows no answer", deltas(Delta{NoAnswer: true}), "", "the model finds no answer", 0},
		{"the default", nil, quoted, "evidence", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := answering(t, Config{Model: test.model})
			require.NoError(t, turn.answer(t.Context()))
			require.Equal(t, test.text, turn.Text)
			require.Equal(t, test.rule, turn.Decision.Rule)
			require.Len(t, turn.Decision.Findings, test.findings)
			if test.text != "" {
				require.Equal(t, "returns.md", turn.Citations[0].Source)
			} else {
				require.Equal(t, HandOver, turn.Decision.Kind)
				require.Empty(t, turn.Citations)
			}
		})
	}
}

func TestModelThatHangsIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := answering(t, Config{Model: ModelFunc(func(ctx context.Context, _ Request) iter.Seq2[Delta, error] {
			return func(yield func(Delta, error) bool) {
				<-ctx.Done()
				yield(Delta{}, ctx.Err())
			}
		})})
		began := time.Now()
		require.NoError(t, turn.answer(t.Context()))
		require.Equal(t, 45*time.Second, time.Since(began))
		require.Contains(t, turn.Text, "From «Returns»")
	})
}

func TestModelThatOnlyCallsActions(t *testing.T) {
	calls := 0
	model := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		calls++
		return func(yield func(Delta, error) bool) { yield(Delta{Call: &Call{Name: "x"}}, nil) }
	})
	turn := answering(t, Config{Model: model})
	require.NoError(t, turn.answer(t.Context()))
	require.Equal(t, 4, calls)
	require.Equal(t, HandOver, turn.Decision.Kind)
	require.Equal(t, handoff.Limits, turn.Decision.Handoff)
}

func TestResultsReachTheModel(t *testing.T) {
	look, err := NewAction("look", "Looks.", func(context.Context, ActionCall, struct{}) (int, error) { return 77, nil })
	require.NoError(t, err)
	var seen []CallResult
	model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			if seen = r.Results; len(seen) == 0 {
				require.Equal(t, "look", r.Actions[0].Name)
				yield(Delta{Text: "One moment. ", Call: &Call{ID: "1", Name: "look", Arguments: []byte("{}")}, Usage: Usage{InputTokens: 5}}, nil)
				return
			}
			yield(Delta{Text: "It is 77.", Usage: Usage{OutputTokens: 2}}, nil)
		}
	})
	turn := answering(t, Config{Model: model, Actions: []Action{look}})
	require.NoError(t, turn.answer(t.Context()))
	require.Equal(t, "It is 77.", turn.Text, "what stands in a result may be said")
	require.Equal(t, "77", string(seen[0].Output))
	require.Equal(t, Usage{5, 2}, turn.Usage)
	require.Len(t, turn.Turn.Calls, 1)
}
