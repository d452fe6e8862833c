package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/handoff"
)

func TestTokenPrice(t *testing.T) {
	price := TokenPrice{Input: 2_500_000, Output: 10_000_000}
	require.EqualValues(t, 12_500, price.of(Usage{InputTokens: 1000, OutputTokens: 1000}))
	require.EqualValues(t, 3, price.of(Usage{InputTokens: 1}), "2.5 millionths, rounded up")
	require.EqualValues(t, 0, price.of(Usage{}))
	require.Equal(t, "0.012500", millionths(12_500))
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Range(0, math.MaxInt64)
		in, out := number.Draw(t, "in"), number.Draw(t, "out")
		p := TokenPrice{number.Draw(t, "input"), number.Draw(t, "output")}
		sum := new(big.Int).Mul(big.NewInt(in), big.NewInt(p.Input))
		sum.Add(sum, new(big.Int).Mul(big.NewInt(out), big.NewInt(p.Output)))
		sum.Div(sum.Add(sum, big.NewInt(999_999)), big.NewInt(1_000_000))
		if !sum.IsInt64() {
			sum.SetInt64(math.MaxInt64)
		}
		require.Equal(t, sum.Int64(), p.of(Usage{int(in), int(out)}))
	})
}

// looking is a Model that looks something up again and again, with the usage
// given at the end of each call. It counts its calls.
func looking(calls *int, u Usage) Model {
	return ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		*calls++
		return func(yield func(Delta, error) bool) {
			_ = yield(Delta{Call: &Call{ID: "c", Name: "look", Arguments: []byte(`{}`)}}, nil) && yield(Delta{Usage: u}, nil)
		}
	})
}

func TestLimitsOfSpending(t *testing.T) {
	price := TokenPrice{Input: 1_000_000, Output: 2_000_000}
	for name, tt := range map[string]struct {
		settings Settings
		usage    Usage
		calls    int
		looked   int
		rule     string
	}{
		"calls":                    {Settings{}, Usage{10_000, 10}, 4, 1, "too many model calls"},
		"tokens, between calls":    {Settings{Limits: Limits{Tokens: 25_000}}, Usage{10_000, 10}, 3, 1, "too many tokens"},
		"tokens, before the first": {Settings{Limits: Limits{Tokens: 10}}, Usage{10_000, 10}, 0, 0, "too many tokens"},
		"tokens, of the first":     {Settings{Limits: Limits{Tokens: 5_000}}, Usage{10_000, 10}, 1, 0, "too many tokens"},
		"money":                    {Settings{TokenPrice: price, Limits: Limits{Cost: 10_000}}, Usage{1_000, 2_500}, 2, 1, "too expensive"},
	} {
		t.Run(name, func(t *testing.T) {
			calls, looked := 0, 0
			look, err := NewAction("look", "Looks.", func(context.Context, ActionCall, struct{}) (int, error) {
				looked++
				return 77, nil
			})
			require.NoError(t, err)
			turn := answering(t, Config{Settings: tt.settings, Model: looking(&calls, tt.usage), Actions: []Action{look}})
			require.NoError(t, turn.answer(t.Context()))
			require.Equal(t, HandOver, turn.Decision.Kind)
			require.Equal(t, handoff.Limits, turn.Decision.Handoff)
			require.Equal(t, tt.rule, turn.Decision.Rule)
			require.Equal(t, tt.calls, calls)
			require.Equal(t, tt.looked, looked, "what cannot be told of any more is not done")
		})
	}
}

// TestSpendingIsGuessed ends a turn whose model reports nothing, or nonsense.
func TestSpendingIsGuessed(t *testing.T) {
	for _, usage := range []Usage{{}, {-1_000_000, -1}} {
		calls := 0
		look, err := NewAction("look", "Looks.", func(context.Context, ActionCall, struct{}) (int, error) { return 77, nil })
		require.NoError(t, err)
		turn := answering(t, Config{
			Settings: Settings{Limits: Limits{Tokens: 5_000, ModelCalls: 1_000}}, Model: looking(&calls, usage), Actions: []Action{look},
		})
		require.NoError(t, turn.answer(t.Context()))
		require.Equal(t, "too many tokens", turn.Decision.Rule)
		require.Less(t, calls, 50)
		require.Zero(t, turn.Usage, "guesses are for limits, not for the books")
	}
}

// TestSpendingEndsACall breaks off a model that goes on and on.
func TestSpendingEndsACall(t *testing.T) {
	said := 0
	model := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			for yield(Delta{Text: "You have 30 days. "}, nil) {
				said++
			}
		}
	})
	turn := answering(t, Config{Settings: Settings{Limits: Limits{Tokens: 1_000}}, Model: model})
	require.NoError(t, turn.answer(t.Context()))
	require.Equal(t, "too many tokens", turn.Decision.Rule)
	require.Less(t, said*len("You have 30 days. "), 1_000*bytesPerToken)
	require.Empty(t, turn.Text)
}

// TestWhatIsPaidForIsSaid keeps an answer whose usage is known only at its end.
func TestWhatIsPaidForIsSaid(t *testing.T) {
	model := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			_ = yield(Delta{Text: "You have 30 days."}, nil) && yield(Delta{Usage: Usage{900_000, 1}}, nil)
		}
	})
	turn := answering(t, Config{Settings: Settings{
		Undisclosed: true, TokenPrice: TokenPrice{Input: 1_000_000}, Limits: Limits{Tokens: 1_000, Cost: 1_000},
	}, Model: model})
	require.NoError(t, turn.answer(t.Context()))
	turn.conclude()
	require.Equal(t, "You have 30 days.", turn.Text)
	require.EqualValues(t, 900_000, turn.Cost)
	stored, err := json.Marshal(turn.Turn)
	require.NoError(t, err)
	require.Contains(t, string(stored), `"cost":900000`)
}

// TestHandedOverActsNoMore drops the actions of a model that finds no answer.
func TestHandedOverActsNoMore(t *testing.T) {
	ran := false
	act, err := NewAction("act", "Acts.", func(context.Context, ActionCall, struct{}) (int, error) { ran = true; return 1, nil })
	require.NoError(t, err)
	model := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			_ = yield(Delta{NoAnswer: true}, nil) && yield(Delta{Call: &Call{ID: "c", Name: "act", Arguments: []byte(`{}`)}}, nil)
		}
	})
	turn := answering(t, Config{Model: model, Actions: []Action{act}})
	require.NoError(t, turn.answer(t.Context()))
	require.Equal(t, "the model finds no answer", turn.Decision.Rule)
	require.False(t, ran)
}

func TestFaultsOfSpendingSettings(t *testing.T) {
	err := Settings{Limits: Limits{Tokens: -1, Cost: 5}, TokenPrice: TokenPrice{}}.Validate()
	require.ErrorContains(t, err, "limits.cost has no effect without a token_price")
	require.ErrorContains(t, err, "none may be negative")
	require.ErrorContains(t, Settings{TokenPrice: TokenPrice{Output: -1}}.Validate(), "token_price is negative")
	var s Settings
	require.NoError(t, json.NewDecoder(strings.NewReader(
		`{"limits": {"tokens": 20000, "cost": 50000}, "token_price": {"input": 2500000, "output": 10000000}}`)).Decode(&s))
	require.NoError(t, s.Validate())
}

// TestQuotesAreFree quotes at the limit, and where a model failed near it.
func TestQuotesAreFree(t *testing.T) {
	failing := ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			_ = yield(Delta{Usage: Usage{InputTokens: 100_000}}, nil) && yield(Delta{}, errors.New("away"))
		}
	})
	for limit, model := range map[int]Model{1: Extractive{}, 50_000: failing} {
		turn := answering(t, Config{Settings: Settings{Limits: Limits{Tokens: limit}}, Model: model})
		require.NoError(t, turn.answer(t.Context()))
		require.Equal(t, Answer, turn.Decision.Kind)
		require.Contains(t, turn.Text, "You can return an item within 30 days.")
	}
}

// A wild model does what a seed says: it talks, proposes, fails, hangs, lies
// about its usage or never stops.
type wild struct {
	*rand.Rand
	calls int
}

func (w *wild) Generate(ctx context.Context, _ Request) iter.Seq2[Delta, error] {
	w.calls++
	return func(yield func(Delta, error) bool) {
		for endless := w.IntN(4) == 0; endless || w.IntN(6) > 0; {
			d := Delta{Usage: Usage{w.IntN(2000) - 500, w.IntN(500) - 100}}
			switch w.IntN(8) {
			case 0, 1, 2:
				d.Text = "You have 30 days. "
			case 3:
				d.Call = &Call{ID: "c", Name: "look", Arguments: json.RawMessage(fmt.Sprintf(`{"n":%d}`, w.IntN(3)))}
			case 4:
				d.NoAnswer = w.IntN(5) == 0
			case 5:
				if err := sleep(ctx, time.Duration(w.IntN(30))*time.Second); err != nil {
					yield(Delta{}, err)
					return
				}
			case 6:
				if w.IntN(3) == 0 {
					yield(Delta{}, &RetryError{time.Duration(w.IntN(60)) * time.Second, errors.New("busy")})
					return
				}
			case 7:
				if w.IntN(20) == 0 {
					panic("a bug")
				}
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// TestInvariantTurnsEnd holds turns with wild models to their limits.
func TestInvariantTurnsEnd(t *testing.T) {
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			one, two := &wild{Rand: random}, &wild{Rand: random}
			looked := 0
			look, err := NewAction("look", "Looks.", func(context.Context, ActionCall, struct {
				N int `json:"n"`
			}) (int, error) {
				looked++
				return 77, nil
			})
			require.NoError(t, err)
			limits := Limits{ModelCalls: 1 + random.IntN(9), ModelTime: Duration(20 * time.Second), TurnTime: Duration(30 * time.Second)}
			if random.IntN(2) == 0 {
				limits.Tokens = 1 + random.IntN(20_000)
			}
			turn := beginning(t, Config{Settings: Settings{Limits: limits}, Model: Fallback(one, two), Actions: []Action{look}},
				Conversation{Channel: "chat"}, "How do I return a tent?")
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(limits.TurnTime))
			defer cancel()
			began := time.Now()
			require.NoError(t, turn.steps(ctx), "seed %d", seed)
			require.LessOrEqual(t, time.Since(began), time.Duration(limits.TurnTime), "seed %d", seed)
			require.LessOrEqual(t, one.calls+two.calls, limits.ModelCalls*2*mostTries, "seed %d", seed)
			require.LessOrEqual(t, looked, mostCalls, "seed %d", seed)
			require.Contains(t, []Kind{Answer, HandOver}, turn.Decision.Kind)
			require.NotEmpty(t, turn.Text, "seed %d: the customer hears something: %s", seed, turn.Decision)
			require.NotEmpty(t, turn.Decision.Rule)
		})
	}
}
