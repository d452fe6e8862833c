package agent

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// proposing is a Model that proposes a call until it has a result, and then says
// a text.
func proposing(call Call, text string) Model {
	return ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			if len(r.Results) == 0 {
				yield(Delta{Call: &call}, nil)
				return
			}
			yield(Delta{Text: text}, nil)
		}
	})
}

// confirming is a Config whose model cancels order 7, once the customer agrees.
func confirming(t *testing.T, runs map[string]int, more func(*Action)) Config {
	act := counted(t, "cancel_order", runs, func(a *Action) {
		a.Confirm = true
		if more != nil {
			more(a)
		}
	})
	return Config{Actions: []Action{act}, Model: proposing(propose("cancel_order", `{"order":"7","amount":20}`), "I have cancelled order 7.")}
}

const mayICancel = "Shall I do this for you: cancel order\n- amount: 20\n- order: 7\n\nPlease answer yes or no."

func TestOnlyAClearYesConfirms(t *testing.T) {
	for _, test := range []struct {
		name    string
		more    func(*Action)
		between func(d *desk) // from the question to the reply
		reply   string
		ran     int
		text    string // of the last turn
		rule    string
		record  string
	}{
		{name: "yes", reply: "Yes, please!", ran: 1, text: "I have cancelled order 7.", rule: "confirmed", record: ActionConfirmed},
		{name: "ja", reply: "ja bitte", ran: 1, text: "I have cancelled order 7.", rule: "confirmed", record: ActionConfirmed},
		{name: "no", reply: "no thanks", text: "All right, I'll leave that as it is. Is there anything else I can help you with?", rule: "declined", record: ActionDeclined},
		{name: "yes and more", reply: "yes, but how do I return it?", text: mayICancel, rule: "confirm", record: ActionVoided},
		{name: "something else", reply: "do you ship?", rule: "no evidence", record: ActionVoided},
		{name: "too late", between: func(d *desk) { d.pass(confirmTime) }, reply: "yes", rule: "no evidence", record: ActionVoided},
		{name: "a person came between", between: func(d *desk) {
			id := d.conversation("t1").ID
			require.NoError(d.t, errors.Join(d.Take(d.t.Context(), id, "Bo"), d.Return(d.t.Context(), id, "Bo")))
		}, reply: "yes", rule: "no evidence"},
		{name: "closed in between", between: func(d *desk) { require.NoError(d.t, d.Close(d.t.Context(), d.conversation("t1").ID, "Bo")) }, reply: "yes", rule: "no evidence"},
		{name: "in another conversation", between: func(d *desk) { d.write("t2", "yes") }, reply: "no", rule: "declined", text: "All right, I'll leave that as it is. Is there anything else I can help you with?", record: ActionDeclined},
		{name: "it fails", more: func(a *Action) { a.When = Condition{Fact: "opening", AtMost: new(float64)} }, reply: "yes", rule: "no evidence"},
		{name: "in the host's words", more: func(a *Action) {
			a.Reports = map[string]string{"en": "Order {{argument.order}} of {{result.cancel_order.total}} is gone."}
		}, reply: "yes", ran: 1, text: "Order 7 of 80 is gone.", rule: "confirmed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			runs := map[string]int{}
			opened(t, confirming(t, runs, test.more), func(d *desk) {
				d.write("t1", "How do I return it?")
				require.Empty(d.t, runs, "nothing runs before the yes")
				if test.name != "it fails" {
					require.Equal(d.t, []string{mayICancel}, d.heard())
				}
				if test.between != nil {
					test.between(d)
				}
				d.write("t1", test.reply)
				turns := d.turns("t1")
				last := turns[len(turns)-1]
				require.Equal(d.t, test.ran, runs["7"])
				if test.name != "it fails" {
					require.Equal(d.t, test.rule, last.Decision.Rule)
				}
				if test.text != "" {
					require.Equal(d.t, test.text, last.Text)
				}
				if test.rule != "confirm" {
					require.Nil(d.t, d.conversation("t1").Memory.Pending)
				}
				d.write("t1", "yes")
				require.Equal(d.t, test.ran+map[bool]int{true: 1}[test.rule == "confirm"], runs["7"], "a second yes confirms nothing, unless it was asked again")
				if test.record != "" {
					require.Contains(d.t, kinds(d, "t1"), test.record)
				}
			})
		})
	}
}

// kinds returns the kinds of the audit of a thread.
func kinds(d *desk, thread string) (all []string) {
	for _, r := range collect(d.t, d.Archive().Records(d.t.Context(), d.conversation(thread).ID, 0)) {
		all = append(all, r.Kind)
	}
	return all
}

func TestAYesBeforeTheQuestionConfirmsNothing(t *testing.T) {
	runs := map[string]int{}
	cfg := confirming(t, runs, nil)
	propose := cfg.Model
	cfg.Model = ModelFunc(func(ctx context.Context, r Request) iter.Seq2[Delta, error] {
		_ = sleep(ctx, 10*time.Second)
		return propose.Generate(ctx, r)
	})
	opened(t, cfg, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.write("t1", "yes") // while the model thinks
		d.pass(time.Minute)
		require.Contains(d.t, d.heard(), mayICancel)
		require.Empty(d.t, runs)
		require.Contains(d.t, kinds(d, "t1"), ActionVoided)
	})
}

func TestAConfirmedCallIsHeldToThePolicyAgain(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*turn)
		check  string
		rule   string
	}{
		"the identity was lost":              {func(t *turn) { t.customer.Trust = channel.Anonymous }, "identity", "confirmed and not done"},
		"the action was switched off":        {func(t *turn) { t.agent.actions["cancel_order"].off = true }, "known", "confirmed and not done"},
		"an attempt may have done it":        {func(t *turn) { t.conv.Memory.Failures = 1 }, "at most once", "may have been done"},
		"it was done in the meantime":        {func(t *turn) { t.conv.Memory.Done = []string{digestOf([]byte("cancel_order\x00" + `{"order":"7"}`))} }, "repeated", "confirmed and not done"},
		"nothing changed":                    {func(*turn) {}, "", "confirmed"},
		"another customer":                   {func(t *turn) { t.customer.Email = "eve@example.com" }, "", ""},
		"another writer":                     {func(t *turn) { t.burst[0].From.ID = "x" }, "", ""},
		"a file":                             {func(t *turn) { t.burst[0].Attachments = []channel.Attachment{{Name: "x"}} }, "", ""},
		"the question was refused":           {func(t *turn) { t.messages[0].Delivery.State = Failed }, "", ""},
		"the question is not yet sent":       {func(t *turn) { t.messages[0].Delivery.State = Pending }, "", ""},
		"the yes is older than the question": {func(t *turn) { t.First = 1 }, "", ""},
		"there was no question":              {func(t *turn) { t.messages[0].ID = "other" }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			runs := map[string]int{}
			cfg := confirming(t, runs, func(a *Action) { a.Trust = channel.Signed })
			asking := beginning(t, cfg, Conversation{}, "cancel it")
			asking.customer = ann
			asking.act(t.Context(), []Call{propose("cancel_order", `{"order":"7"}`)})
			turn := beginning(t, cfg, Conversation{Answered: 1, Memory: asking.conv.Memory}, "x", "yes")
			turn.burst, turn.First, turn.Question = turn.burst[1:], 3, "yes"
			turn.messages[0] = Message{Entry: channel.Entry{Seq: 2, Message: channel.Message{ID: asking.ID + ".1"}}, Delivery: Delivery{State: Sent}}
			turn.customer = ann
			test.change(turn)
			require.NoError(t, turn.confirm(t.Context()))
			require.Equal(t, test.rule, turn.Decision.Rule)
			if test.rule != "" {
				require.Equal(t, test.check, turn.Calls[0].Check)
				require.Equal(t, asking.Calls[0].Key, turn.Calls[0].Key, "it is the call that was asked about")
			}
			require.Equal(t, test.rule == "confirmed", runs["7"] == 1)
			require.Nil(t, turn.conv.Memory.Pending)
		})
	}
}

func TestACallInWords(t *testing.T) {
	for _, test := range []struct{ name, asks, arguments, question, want, refused string }{
		{name: "by default", arguments: `{"order":"7","amount":1.50}`, want: "Shall I do this for you: act\n- amount: 1.5\n- order: 7"},
		{name: "in the host's words", asks: "Cancel order {{argument.order}} for {{ customer.name }}?", arguments: `{"order":"7"}`, want: "Cancel order 7 for Ann?"},
		{name: "nothing goes unshown", asks: "Cancel order {{argument.order}}?", arguments: `{"order":"7","amount":900}`, want: "Cancel order 7?\n- amount: 900"},
		{name: "a fact that is not known", asks: "Cancel for {{argument.amount}}?", arguments: `{"order":"7"}`, want: "Shall I do this for you: act\n- order: 7"},
		{name: "other words hide nothing", asks: "Cancel it, for {{argument.order|nothing}}?", arguments: `{"order":"` + strings.Repeat("7", longestFact+1) + `"}`, want: "Cancel it, for nothing?\n- order: " + strings.Repeat("7", longestFact+1)},
		{name: "other words", asks: "Cancel {{argument.order}}, {{argument.amount|all of it}}?", arguments: `{"order":"7"}`, want: "Cancel 7, all of it?"},
		{name: "a placeholder in a value", arguments: `{"order":"{{trust}}"}`, want: "Shall I do this for you: act\n- order: {{trust}}"},
		{name: "a link of a stranger", arguments: `{"order":"https://evil.example/x"}`, refused: "cannot be shown"},
		{name: "a host of a stranger", arguments: `{"order":"see evil.example"}`, refused: "cannot be shown"},
		{name: "a link that the customer wrote", arguments: `{"order":"ada.example"}`, question: "It is at ada.example", want: "Shall I do this for you: act\n- order: ada.example"},
		{name: "an address", arguments: `{"order":"ada@example.com"}`, want: "Shall I do this for you: act\n- order: ada@example.com"},
		{name: "an image", arguments: `{"order":"![x](y)"}`, refused: "cannot be shown"},
		{name: "HTML", arguments: `{"order":"<b>7"}`, refused: "cannot be shown"},
		{name: "a line of its own", arguments: `{"order":"7\n- amount: 0"}`, refused: "cannot be shown"},
		{name: "what cannot be seen", arguments: `{"order":"7\u202e8"}`, refused: "cannot be shown"},
		{name: "too long", arguments: `{"order":"` + strings.Repeat("7", mostShown) + `"}`, refused: "too long"},
	} {
		t.Run(test.name, func(t *testing.T) {
			act := counted(t, "act", map[string]int{}, func(a *Action) {
				if a.Confirm = true; test.asks != "" {
					a.Asks = map[string]string{"en": test.asks, "nl": "?"}
				}
			})
			turn := beginning(t, Config{Actions: []Action{act}}, Conversation{}, "please "+test.question)
			turn.customer = ann
			r := turn.act(t.Context(), []Call{propose("act", test.arguments)})[0]
			if test.refused != "" {
				require.Contains(t, r.Refused, test.refused)
				require.Nil(t, turn.conv.Memory.Pending)
				return
			}
			require.Equal(t, test.want+"\n\nPlease answer yes or no.", turn.Text)
			require.Equal(t, test.want, turn.conv.Memory.Pending.Text)
		})
	}
}

func TestAReportNeedsNoModel(t *testing.T) {
	broken := func(context.Context, Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) { yield(Delta{}, errors.New("down")) }
	}
	for name, test := range map[string]struct {
		model Model
		text  string
	}{
		"quotation":                {Extractive{}, "That's done."},
		"a model that is down":     {ModelFunc(broken), "That's done."},
		"one that finds no answer": {ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] { return one(Delta{NoAnswer: true}) }), "That's done."},
		"one that makes things up": {says("You get 500 euros."), "That's done."},
		"one that says what is so": {ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
			return one(Delta{Text: "We have cancelled order 7."})
		}), "We have cancelled order 7."},
		"one that wants to go on": {ModelFunc(func(context.Context, Request) iter.Seq2[Delta, error] {
			return one(Delta{Call: &Call{Name: "cancel_order", Arguments: []byte(`{"order":"8"}`)}})
		}), "That's done."},
		"one that is led elsewhere": {says("See https://evil.example/x"), "That's done."},
	} {
		t.Run(name, func(t *testing.T) {
			runs := map[string]int{}
			cfg := confirming(t, runs, nil)
			cfg.Model = test.model
			turn := beginning(t, cfg, Conversation{Owner: channel.ByAgent}, "yes")
			turn.makeHeld(t.Context(), &HeldCall{Call: propose("cancel_order", `{"order":"7"}`), Key: "k"})
			require.NoError(t, turn.generate(t.Context()))
			require.NoError(t, turn.guard(t.Context()))
			require.Equal(t, Answer, turn.Decision.Kind)
			require.Equal(t, test.text, turn.Text)
			require.Equal(t, map[string]int{"7": 1}, runs)
		})
	}
}

func one(d Delta) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) { yield(d, nil) }
}

func TestMissingInputsAreAskedFor(t *testing.T) {
	runs := map[string]int{}
	act := counted(t, "cancel_order", runs, nil)
	model := ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		switch {
		case len(r.Results) > 0 && r.Results[0].Check == "inputs":
			return one(Delta{Text: "Which order is it?"})
		case len(r.Results) > 0:
			return one(Delta{Text: "I have cancelled it."})
		case r.Question == "4711":
			return one(Delta{Call: &Call{Name: "cancel_order", Arguments: []byte(`{"order":"4711"}`)}})
		}
		return one(Delta{Call: &Call{Name: "cancel_order", Arguments: []byte(`{}`)}})
	})
	opened(t, Config{Actions: []Action{act}, Model: model}, func(d *desk) {
		d.write("t1", "How do I return it?")
		d.write("t1", "4711") // which no page knows
		turns := d.turns("t1")
		require.Equal(d.t, "missing inputs", turns[0].Decision.Rule)
		require.Equal(d.t, Ask, turns[0].Decision.Kind)
		require.Equal(d.t, actionWanted, turns[1].Decision.Rule)
		require.Equal(d.t, []string{"Which order is it?", "I have cancelled it."}, d.heard())
		require.Equal(d.t, map[string]int{"4711": 1}, runs)
		d.write("t1", "4712")
		require.Equal(d.t, handoff.MissingKnowledge, d.turns("t1")[2].Decision.Handoff, "and then no more")
	})
}
