package agent

import (
	"context"
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A reply is what a scriptedModel does at one call.
type reply struct {
	after time.Duration
	text  string
	err   error
}

// A scriptedModel gives one reply a call, and fails the test when it has none.
type scriptedModel struct {
	t       *testing.T
	replies []reply
	asked   []time.Time
}

func (m *scriptedModel) Generate(ctx context.Context, _ Request) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		m.asked = append(m.asked, time.Now())
		require.NotEmpty(m.t, m.replies, "a model is asked too often")
		r := m.replies[0]
		m.replies = m.replies[1:]
		if err := sleep(ctx, r.after); err != nil {
			yield(Delta{}, err)
			return
		}
		if !yield(Delta{Usage: Usage{InputTokens: 1}}, nil) || r.text != "" && !yield(Delta{Text: r.text}, nil) {
			return
		}
		if r.err != nil {
			yield(Delta{}, r.err)
		}
	}
}

// busy is a failure that may pass.
func busy(after time.Duration) error { return &RetryError{after, errors.New("busy")} }

var errKey = errors.New("wrong key")

func TestFallback(t *testing.T) {
	for name, tt := range map[string]struct {
		models   [][]reply
		text     string
		err      error // nil if there is none
		findings int
		tokens   int
		took     time.Duration
	}{
		"the first answers":                  {[][]reply{{{text: "one"}}, {}}, "one", nil, 0, 1, 0},
		"the second, for good":               {[][]reply{{{err: errKey}}, {{text: "two"}}}, "two", nil, 1, 2, 0},
		"the second, at once":                {[][]reply{{{err: busy(9 * time.Second)}}, {{text: "two"}}}, "two", nil, 1, 2, 0},
		"the third":                          {[][]reply{{{err: errKey}}, {{err: busy(1)}}, {{text: "three"}}}, "three", nil, 2, 3, 0},
		"what was used stays with its model": {[][]reply{{{text: "half", err: errKey}}, {}}, "half", errKey, 0, 1, 0},
		"Retry-After":                        {[][]reply{{{err: busy(9 * time.Second)}, {text: "one"}}}, "one", nil, 1, 2, 9 * time.Second},
		"a pause that grows":                 {[][]reply{{{err: busy(0)}, {err: busy(0)}, {text: "one"}}}, "one", nil, 2, 3, 3 * time.Second},
		"the one that comes back first": {[][]reply{
			{{err: busy(9 * time.Second)}}, {{err: busy(5 * time.Second)}, {text: "two"}},
		}, "two", nil, 3, 3, 5 * time.Second},
		"three times each":         {[][]reply{{{err: busy(1)}, {err: busy(1)}, {err: busy(1)}}}, "", busy(1), 3, 3, 2},
		"a wait that is too long":  {[][]reply{{{err: busy(21 * time.Second)}}}, "", busy(0), 1, 1, 0},
		"failed for good":          {[][]reply{{{err: errKey}}, {{err: errKey}}}, "", errKey, 2, 2, 0},
		"slow to begin":            {[][]reply{{{after: time.Minute}}, {{text: "two"}}}, "two", nil, 1, 1, 20 * time.Second},
		"slow, and the last":       {[][]reply{{{err: errKey}}, {{after: 30 * time.Second, text: "two"}}}, "two", nil, 1, 2, 30 * time.Second},
		"nothing is an answer too": {[][]reply{{{}}, {}}, "", nil, 0, 1, 0},
		"out of time":              {[][]reply{{{after: time.Minute}}}, "", context.DeadlineExceeded, 0, 0, 40 * time.Second},
		"no models":                {nil, "", errNoModels, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var models []Model
				for _, replies := range tt.models {
					models = append(models, &scriptedModel{t: t, replies: replies})
				}
				ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
				defer cancel()
				began := time.Now()
				var got, findings, tokens = "", 0, 0
				var err error
				for d, e := range Fallback(models...).Generate(ctx, Request{}) {
					require.NoError(t, err, "an error is the last")
					got, tokens, err = got+d.Text, tokens+d.Usage.InputTokens, e
					if d.Finding != "" {
						findings++
					}
				}
				require.Equal(t, tt.took, time.Since(began))
				require.Equal(t, tt.text, got)
				require.Equal(t, tt.findings, findings)
				require.Equal(t, tt.tokens, tokens, "what failed was paid for too")
				var retry *RetryError
				switch {
				case errors.As(tt.err, &retry):
					require.ErrorAs(t, err, &retry, "it may pass, and says so")
				case tt.err == nil:
					require.NoError(t, err)
				default:
					require.ErrorIs(t, err, tt.err)
				}
				for _, m := range models {
					require.Empty(t, m.(*scriptedModel).replies, "each reply is asked for")
				}
			})
		})
	}
}

// TestFallbackLeavesAlone asks for a second answer while the first model wants
// to be left alone.
func TestFallbackLeavesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := &scriptedModel{t: t, replies: []reply{{err: busy(time.Minute)}, {text: "one"}}}
		second := &scriptedModel{t: t, replies: []reply{{text: "two"}, {text: "two"}}}
		m := Fallback(first, second)
		for _, want := range []int{1, 1, 2} {
			for _, err := range m.Generate(t.Context(), Request{}) {
				require.NoError(t, err)
			}
			require.Len(t, first.asked, want)
			require.NoError(t, sleep(t.Context(), 31*time.Second))
		}
	})
}

func TestFallbackIsFoundOut(t *testing.T) {
	broken := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) { yield(Delta{}, errKey) }
	})
	turn := answering(t, Config{Model: Fallback(broken, says("You have 30 days."))})
	require.NoError(t, turn.answer(t.Context()))
	require.Equal(t, "You have 30 days.", turn.Text)
	require.Equal(t, []string{"model 1 of 2 failed: wrong key"}, turn.Decision.Findings)
}
