package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// refund is what the actions of these tests take.
type refund struct {
	Order  string  `json:"order" jsonschema:"the number of the order"`
	Amount float64 `json:"amount,omitempty"`
}

// counted is an action that counts its runs by order.
func counted(t testing.TB, name string, runs map[string]int, more func(*Action)) Action {
	t.Helper()
	a, err := NewAction(name, "Does it.", func(_ context.Context, c ActionCall, in refund) (map[string]any, error) {
		runs[in.Order]++
		if in.Order == "broken" {
			return nil, errors.New("the shop is closed")
		}
		return map[string]any{"order": in.Order, "mine": c.Customer.ID == "42" && in.Order != "9", "total": 80, "tags": []string{"gift", "paid"}}, nil
	})
	require.NoError(t, err)
	a.Risk = LowImpactWrite
	if more != nil {
		more(&a)
	}
	return a
}

func propose(name, arguments string) Call {
	return Call{ID: "1", Name: name, Arguments: json.RawMessage(arguments)}
}

// condition reads one from JSON.
func condition(t testing.TB, raw string) (c Condition) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(raw), &c))
	return c
}

// ann is a customer whom the CRM knows.
var ann = Customer{ID: "42", Name: "Ann", Email: "ann@example.com", Trust: channel.Signed}

func TestPolicyChecks(t *testing.T) {
	for _, test := range []struct {
		name     string
		action   func(*Action)
		settings ActionSettings
		conv     Memory
		customer Customer
		text     string
		call     string
		check    string // empty is allowed
		refused  string
		why      string
	}{
		{name: "allowed", call: `{"order":"7"}`},
		{name: "off", settings: ActionSettings{Off: true}, call: `{"order":"7"}`, check: "known", refused: "no such action"},
		{name: "trust", action: func(a *Action) { a.Trust = channel.Signed }, customer: Customer{Trust: channel.EmailVerified}, call: `{"order":"7"}`, check: "identity", refused: "it needs signed"},
		{name: "an address that was not named", action: func(a *Action) { a.MatchEmail = true }, call: `{"order":"7"}`, check: "identity", refused: "name the e-mail address"},
		{name: "another address", action: func(a *Action) { a.MatchEmail = true }, text: "I am eve@example.com", call: `{"order":"7"}`, check: "identity"},
		{name: "an address that only ends alike", action: func(a *Action) { a.MatchEmail = true }, text: "I am joann@example.com", call: `{"order":"7"}`, check: "identity"},
		{name: "the address of the record", action: func(a *Action) { a.MatchEmail = true }, text: "I am Ann@Example.com.", call: `{"order":"7"}`},
		{name: "no record", action: func(a *Action) { a.MatchEmail = true }, customer: Customer{Email: "x@example.com"}, text: "x@example.com", call: `{"order":"7"}`, check: "identity"},
		{name: "no object", call: `[1]`, check: "arguments", refused: "not a JSON object"},
		{name: "null", call: `null`, check: "arguments"},
		{name: "an identity", call: `{"order":"7","customer":"43"}`, check: "arguments", refused: "do not fit"},
		{name: "the same name twice", call: `{"order":"7","order":"8"}`, check: "arguments", refused: "each name once"},
		{name: "the same name in capitals", call: `{"amount":1,"order":"7","AMOUNT":900}`, check: "arguments", refused: "each name once"},
		{name: "the same name as Go folds it", call: `{"\u017f":1,"S":2,"order":"7"}`, check: "arguments", refused: "each name once"},
		{name: "a missing input", call: `{"amount":5}`, check: "inputs", refused: "ask the customer for order (the number of the order) first"},
		{name: "an empty input", call: `{"order":""}`, check: "inputs"},
		{name: "a precondition that fails", action: func(a *Action) { a.When = condition(t, `{"fact":"channel","in":["mail"]}`) }, call: `{"order":"7"}`, check: "precondition", refused: "does not allow it", why: "channel is chat"},
		{name: "a precondition of the settings", settings: ActionSettings{When: &Condition{Fact: "argument.order", In: []any{"8"}}}, call: `{"order":"7"}`, check: "precondition", why: "argument.order is 7"},
		{name: "a precondition that holds", settings: ActionSettings{When: &Condition{Fact: "argument.order", In: []any{"7"}}}, call: `{"order":"7"}`},
		{name: "a fact above the trust", action: func(a *Action) { a.When = condition(t, `{"fact":"customer.email","in":["ann@example.com"]}`) }, customer: Customer{ID: "42", Email: "ann@example.com"}, call: `{"order":"7"}`, check: "precondition", refused: "found out first: customer.email"},
		{name: "a fact above the trust is not its opposite either", action: func(a *Action) { a.When = condition(t, `{"not":{"fact":"customer.email","in":["eve@example.com"]}}`) }, customer: Customer{ID: "42", Email: "ann@example.com"}, call: `{"order":"7"}`, check: "precondition"},
		{name: "what has to be looked up first", action: func(a *Action) {
			a.When = condition(t, `{"chain":[{"fact":"result.look.mine","in":[true]},{"fact":"result.look.total","at_most":100}]}`)
		}, call: `{"order":"7"}`, check: "precondition", refused: "found out first: result.look.mine", why: "result.look.mine is not known"},
		{name: "no amount", action: amount(ActionLimits{AmountPerCall: 50}), call: `{"order":"7"}`, check: "amount", refused: "positive number"},
		{name: "a negative amount", action: amount(ActionLimits{AmountPerDay: 50}), call: `{"order":"7","amount":-1}`, check: "amount", refused: "positive number"},
		{name: "too large an amount", action: amount(ActionLimits{AmountPerCall: 50}), call: `{"order":"7","amount":50.01}`, check: "amount", refused: "more than is allowed", why: "50.01, above 50"},
		{name: "an amount at the limit", action: amount(ActionLimits{AmountPerCall: 50, AmountPerDay: 50}), call: `{"order":"7","amount":5e1}`},
		{name: "too large an amount by the settings", action: amount(ActionLimits{AmountPerCall: 50}), settings: ActionSettings{Limits: ActionLimits{AmountPerCall: 20}}, call: `{"order":"7","amount":21}`, check: "amount"},
		{name: "an amount without end", action: amount(ActionLimits{AmountPerCall: 50}), call: `{"order":"7","amount":1e999}`, check: "arguments"},
		{name: "confirmation", action: func(a *Action) { a.Confirm = true }, call: `{"order":"7"}`, check: "confirmation", refused: "asked to confirm"},
		{name: "confirmation by the settings", settings: ActionSettings{Confirm: true}, call: `{"order":"7"}`, check: "confirmation"},
		{name: "a refusal comes before a question", action: func(a *Action) { a.Confirm, a.Trust = true, channel.Signed }, customer: Customer{Trust: channel.Asserted}, call: `{"order":"7"}`, check: "identity"},
		{name: "approval", action: func(a *Action) { a.Risk = ApprovalRequired }, call: `{"order":"7"}`, check: "approval", refused: "a person of the company"},
		{name: "approval by the settings", settings: ActionSettings{Risk: ApprovalRequired}, call: `{"order":"7"}`, check: "approval"},
		{name: "too much was done", conv: Memory{Done: make([]string, mostWrites)}, call: `{"order":"7"}`, check: "repeated", refused: "too much"},
		{name: "begun before", conv: Memory{Failures: 1}, call: `{"order":"7"}`, check: "at most once", refused: "may have been done already"},
		{name: "begun before, and idempotent", action: func(a *Action) { a.Idempotent = true }, conv: Memory{Failures: 1}, call: `{"order":"7"}`},
		{name: "it fails", call: `{"order":"broken"}`, check: "failed", refused: "it failed: the shop is closed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			runs := map[string]int{}
			look := counted(t, "look", runs, func(a *Action) { a.Risk = ReadOnly })
			act := counted(t, "act", runs, test.action)
			settings := Settings{Actions: map[string]ActionSettings{"act": test.settings}}
			turn := beginning(t, Config{Actions: []Action{act, look}, Settings: settings}, Conversation{Channel: "chat", Memory: test.conv}, "please "+test.text)
			require.NoError(t, turn.enterCode(t.Context())) // which notes the address
			if turn.customer = test.customer; test.customer.Trust == 0 && test.customer.ID+test.customer.Email == "" {
				turn.customer = ann
			}
			turn.known = turn.customer
			turn.act(t.Context(), []Call{propose("act", test.call)})
			r := turn.Calls[0]
			require.Equal(t, test.check, r.Check)
			require.Contains(t, r.Refused, test.refused)
			require.Contains(t, r.Why, test.why)
			require.Equal(t, test.check == "", r.Refused == "")
			allowed := test.check == "" || test.check == "failed"
			require.Equal(t, allowed, len(runs) == 1, "it runs if it is allowed: %v", runs)
			require.Len(t, turn.commit.Records, 1, "each call is in the audit")
			require.NotContains(t, turn.commit.Records[0].Detail, `"7"`, "without values")
			if !allowed {
				require.NotEmpty(t, turn.Decision.Findings)
			}
		})
	}
}

// amount limits the amount of an action.
func amount(l ActionLimits) func(*Action) {
	return func(a *Action) { a.Amount, a.Limits = "amount", l }
}

func TestResultsAreFactsOfTheSameOrderAndCustomer(t *testing.T) {
	when := condition(t, `{"chain":[{"fact":"result.look.mine","in":[true]},{"fact":"result.look.total","at_most":100},{"fact":"result.look.tags","in":["gift"]}]}`)
	for _, test := range []struct {
		name    string
		look    string
		act     string
		another bool
		allowed bool
	}{
		{"the order that was looked up", `{"order":"7"}`, `{"order":"7"}`, false, true},
		{"another order", `{"order":"7"}`, `{"order":"8"}`, false, false},
		{"an order of somebody else", `{"order":"9"}`, `{"order":"9"}`, false, false},
		{"an amount that was not looked up", `{"order":"7"}`, `{"order":"7","amount":5}`, false, false},
		{"a look-up for another customer", `{"order":"7"}`, `{"order":"7"}`, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			runs := map[string]int{}
			look := counted(t, "look", runs, func(a *Action) { a.Risk, a.Trust = ReadOnly, channel.Signed })
			act := counted(t, "act", runs, func(a *Action) { a.When = when })
			turn := beginning(t, Config{Actions: []Action{act, look}}, Conversation{}, "please")
			turn.customer = ann
			turn.act(t.Context(), []Call{propose("look", test.look)})
			if test.another {
				turn.customer.Email = "eve@example.com"
			}
			stored, err := json.Marshal(turn.conv.Memory)
			require.NoError(t, err)
			turn.conv.Memory = Memory{}
			require.NoError(t, json.Unmarshal(stored, &turn.conv.Memory), "as in a later turn")
			turn.act(t.Context(), []Call{propose("act", test.act)})
			require.Equal(t, test.allowed, turn.Calls[1].Refused == "", turn.Calls[1].Refused+turn.Calls[1].Why)
			turn.customer.Trust = channel.Asserted
			_, known := turn.facts(nil)("result.look.mine")
			require.False(t, known, "without the trust that the action needs, its result is not known")
		})
	}
}

func TestFacts(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{Channel: "chat", Opening: 3}, "hello")
	turn.customer = ann
	turn.customer.Audiences, turn.customer.Phone = []string{"gold"}, "+31"
	want := map[string]any{
		"channel": "chat", "mode": "auto", "language": "en", "sentiment": 0.0, "question_repeated": false, "open": true, "opening": 3, "text": "hello", "trust": "signed", "customer.known": true, "customer.id": "42",
		"customer.name": "Ann", "customer.email": "ann@example.com", "customer.phone": "+31", "customer.audiences": []string{"gold"},
	}
	require.Len(t, want, len(plainFacts))
	for _, name := range plainFacts {
		v, known := turn.facts(nil)(name)
		require.True(t, known, name)
		require.Equal(t, want[name], v)
	}
	turn.customer.Trust = channel.Anonymous
	for _, name := range plainFacts {
		_, known := turn.facts(nil)(name)
		require.Equal(t, !strings.HasPrefix(name, "customer.") || name == "customer.known", known, name)
	}
	for _, name := range []string{"argument.x", "result.look.total", "customer.age", "weather"} {
		_, known := turn.facts(nil)(name)
		require.False(t, known, name)
	}
}

// limited allows nothing, or cannot tell.
type limited struct{ err error }

func (l limited) Allow(context.Context, Use) (bool, error) { return false, l.err }

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := map[string]int{}
		act := counted(t, "act", runs, func(a *Action) {
			a.Amount, a.Limits = "amount", ActionLimits{PerConversation: 2, PerDay: 3, AmountPerDay: 100}
		})
		a, err := New(Config{Knowledge: pages, Actions: []Action{act}})
		require.NoError(t, err)
		for i, step := range []struct {
			conversation string
			opening      int
			customer     string
			amount       string
			pass         time.Duration
			allowed      bool
		}{
			{"c1", 1, "42", "10", 0, true},
			{"c1", 1, "42", "10", 0, true},
			{"c1", 1, "42", "10", 0, false}, // per conversation
			{"c1", 2, "42", "10", 0, true},  // another opening
			{"c2", 1, "42", "10", 0, false}, // per day
			{"c3", 1, "43", "99", 0, true},  // somebody else
			{"c3", 1, "43", "2", 0, false},  // the amount of the day
			{"c3", 1, "43", "1", 0, true},
			{"c2", 1, "42", "10", 25 * time.Hour, true},
		} {
			_ = sleep(t.Context(), step.pass) // of the bubble
			turn := newTurn(a, Work{Conversation: Conversation{ID: step.conversation, Opening: step.opening, Epoch: 1}})
			turn.customer = Customer{ID: step.customer}
			turn.act(t.Context(), []Call{propose("act", fmt.Sprintf(`{"order":"%d","amount":%s}`, i, step.amount))})
			require.Equal(t, step.allowed, turn.Calls[0].Refused == "", "step %d: %s", i, turn.Calls[0].Refused)
			if !step.allowed {
				require.Equal(t, "limit", turn.Calls[0].Check)
			}
		}
	})
	for name, limiter := range map[string]Limiter{"limits cannot be checked": limited{errors.New("down")}, "as often as is allowed": limited{}} {
		runs := map[string]int{}
		act := counted(t, "act", runs, func(a *Action) { a.Limits.PerDay = 1 })
		turn := beginning(t, Config{Actions: []Action{act}, Limiter: limiter}, Conversation{}, "do it")
		r := turn.act(t.Context(), []Call{propose("act", `{"order":"7"}`)})[0]
		require.Contains(t, r.Refused, name)
		require.Empty(t, runs)
	}
}

func TestDryRunCallsAndCountsNothing(t *testing.T) {
	runs := map[string]int{}
	act := counted(t, "act", runs, func(a *Action) { a.Limits.PerDay = 1 })
	turn := beginning(t, Config{Actions: []Action{act}, DryRun: true, Limiter: limited{errors.New("asked")}}, Conversation{}, "do it")
	r := turn.act(t.Context(), []Call{propose("act", ` { "order" : "7" } `)})[0]
	require.Equal(t, "dry run", r.Check)
	require.Contains(t, r.Refused, `{"order":"7"}`)
	require.Empty(t, runs)
}

func TestWritesAreNotRepeatedInAnOpening(t *testing.T) {
	runs := map[string]int{}
	write, read := counted(t, "write", runs, nil), counted(t, "read", runs, func(a *Action) { a.Risk = ReadOnly })
	memory := Memory{}
	call := func(name, arguments string) CallResult {
		turn := beginning(t, Config{Actions: []Action{write, read}}, Conversation{Memory: memory, Answered: int64(len(runs))}, "do it")
		r := turn.act(t.Context(), []Call{propose(name, arguments)})[0]
		memory = turn.conv.Memory
		return r
	}
	require.Empty(t, call("write", `{"order":"7","amount":10}`).Refused)
	for _, same := range []string{`{"amount":10,"order":"7"}`, `{"order":"7","amount":10.0}`, `{"order":"7","amount":1e1}`, `{"\u006frder":"7","amount":10}`} {
		require.Equal(t, "repeated", call("write", same).Check, same)
	}
	require.Equal(t, "failed", call("write", `{"order":"broken"}`).Check)
	require.Equal(t, "repeated", call("write", `{"order":"broken"}`).Check, "after an error it may have been done")
	require.Empty(t, call("read", `{"order":"1"}`).Refused)
	require.Empty(t, call("read", `{"order":"1"}`).Refused)
	require.Equal(t, map[string]int{"7": 1, "broken": 1, "1": 2}, runs)
}

func TestActionsThatMisbehave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, test := range map[string]struct {
			run     func(context.Context, ActionCall) (json.RawMessage, error)
			refused string
			after   time.Duration
		}{
			"50 MB": {func(context.Context, ActionCall) (json.RawMessage, error) {
				return json.RawMessage(`"` + strings.Repeat("x", 50<<20) + `"`), nil
			}, "not JSON of at most 64 KiB", 0},
			"HTML": {func(context.Context, ActionCall) (json.RawMessage, error) {
				return json.RawMessage("<html>down</html>"), nil
			}, "not JSON", 0},
			"nothing": {func(context.Context, ActionCall) (json.RawMessage, error) { return nil, nil }, "", 0},
			"a panic": {func(context.Context, ActionCall) (json.RawMessage, error) { panic("dsn=secret") }, "it failed", 0},
			"slow": {func(ctx context.Context, _ ActionCall) (json.RawMessage, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}, "deadline", 3 * time.Second},
			"deaf": {func(ctx context.Context, _ ActionCall) (json.RawMessage, error) {
				_ = sleep(context.WithoutCancel(ctx), time.Minute)
				return json.RawMessage("1"), nil
			}, "took too long", 4 * time.Second},
		} {
			act := Action{Name: "act", Schema: json.RawMessage(`{"type":"object"}`), Run: test.run, Timeout: 3 * time.Second}
			turn := beginning(t, Config{Actions: []Action{act}}, Conversation{}, "do it")
			began := time.Now()
			r := turn.act(t.Context(), []Call{propose("act", `{}`)})[0]
			require.Contains(t, r.Refused, test.refused, name)
			require.NotContains(t, r.Refused, "secret")
			require.Equal(t, test.after, time.Since(began), name)
			require.LessOrEqual(t, len(r.Output), mostOutput)
		}
		_ = sleep(t.Context(), 2*time.Minute) // the deaf one ends
	})
}

func TestActionsThatFailOftenAreHandedOver(t *testing.T) {
	runs := map[string]int{}
	act := counted(t, "act", runs, func(a *Action) { a.Risk = ReadOnly })
	turn := beginning(t, Config{Actions: []Action{act}, Settings: Settings{Limits: Limits{ActionFailures: 2}}}, Conversation{}, "do it")
	turn.Decision.Kind = Answer
	turn.act(t.Context(), []Call{
		propose("act", `{"order":"broken"}`), propose("act", `{"order":"1"}`), propose("act", `{"order":"broken","amount":1}`),
		propose("act", `{"order":"broken","amount":2}`), propose("act", `{"order":"2"}`),
	})
	require.Equal(t, handoff.ActionFailure, turn.Decision.Handoff)
	require.Len(t, turn.Calls, 4, "a success starts the count anew, and after the last failure nothing is called")
}

func TestActionSettingsOnlyRestrict(t *testing.T) {
	act := counted(t, "act", map[string]int{}, func(a *Action) {
		a.Risk, a.Amount, a.Limits = ApprovalRequired, "amount", ActionLimits{PerDay: 2, AmountPerDay: 5}
	})
	other := counted(t, "other", map[string]int{}, func(a *Action) {
		a.When = condition(t, `{"any":[{"fact":"weather","known":true},{"not":{"fact":"argument.colour","known":true}},{"fact":"result.gone.x","known":true}]}`)
		a.Asks = map[string]string{"en": "{{argument.size}}?"}
		a.Risk, a.Timeout, a.Limits.AmountPerCall = "wild", -1, 1
	})
	_, err := New(Config{Knowledge: pages, Actions: []Action{act, other, act}, Settings: Settings{Actions: map[string]ActionSettings{
		"act":   {Risk: ReadOnly, Limits: ActionLimits{PerDay: 3, AmountPerDay: 9, PerConversation: 1}},
		"other": {Risk: "odd", Limits: ActionLimits{PerDay: -1}, When: &Condition{All: []Condition{}}},
		"none":  {},
	}}})
	for _, fault := range []string{
		`risk may not be lowered from "approval_required" to "read"`, "per_day may not be raised from 2 to 3", "amount_per_day may not be raised from 5 to 9",
		`"wild" is none of`, `"odd" is none of`, "timeout is negative", "none may be negative", `empty "all"`, "actions.none: there is no such action",
		`another action named "act"`, `no fact "weather"`, `"argument.colour", and has no such argument`, `"argument.size", and has no such argument`, `there is no action "gone"`,
		"which argument it is: set Amount",
	} {
		require.ErrorContains(t, err, fault)
	}
	require.NotContains(t, err.Error(), "per_conversation")
}

func TestManyActionsAreOfferedByWhatIsSaid(t *testing.T) {
	var actions []Action
	for i := range mostOffered + 1 {
		actions = append(actions, counted(t, fmt.Sprintf("a%d", i), map[string]int{}, func(a *Action) {
			if i > 0 {
				a.Triggers = []string{fmt.Sprintf("thing %d", i)}
			}
		}))
	}
	names := func(cfg Config, text string) (all []string) {
		turn := beginning(t, cfg, Conversation{}, text)
		for _, s := range turn.offered() {
			all = append(all, s.Name)
		}
		return all
	}
	cfg := Config{Actions: actions, Model: says("x")}
	require.Equal(t, []string{"a0", "a3"}, names(cfg, "Please do Thing 3!"))
	require.Len(t, names(Config{Actions: actions[:mostOffered]}, "hello"), mostOffered, "a few are all offered")
	cfg.Settings.Actions = map[string]ActionSettings{"a0": {Off: true}, "a5": {Off: true}}
	require.Len(t, names(cfg, "hello"), 7, "what is off is not")
	turn := beginning(t, cfg, Conversation{}, "do thing 3")
	require.True(t, turn.wantsAction())
	require.NoError(t, turn.decide(t.Context()))
	require.Equal(t, actionWanted, turn.Decision.Rule, "also without evidence the model is asked")
	require.False(t, beginning(t, cfg, Conversation{}, "do thing 5").wantsAction())
}
