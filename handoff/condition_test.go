package handoff_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// facts are those of a map.
func facts(known map[string]any) handoff.Facts {
	return func(name string) (any, bool) {
		v, ok := known[name]
		return v, ok
	}
}

// newTest returns the test of a condition in JSON.
func newTest(t testing.TB, condition string) *handoff.Test {
	t.Helper()
	var c handoff.Condition
	require.NoError(t, json.Unmarshal([]byte(condition), &c))
	test, err := handoff.NewTest(c)
	require.NoError(t, err)
	return test
}

func TestConditionForms(t *testing.T) {
	known := facts(map[string]any{
		"channel": "email", "open": true, "customer.total": "120.50", "customer.tags": []string{"VIP", "trade"}, "sentiment": -0.4,
		"text": "Ich möchte mein Geld zurück!\nWhere is my refunded money? I do not want to cancel the order.",
	})
	for condition, want := range map[string]struct {
		truth handoff.Truth
		why   string
	}{
		`{}`:                                                                                     {handoff.Yes, "always"},
		`{"fact":"channel","in":["Email"]}`:                                                      {handoff.Yes, "channel is email"},
		`{"fact":"channel","in":["chat"]}`:                                                       {handoff.No, "channel is email"},
		`{"fact":"open","in":[true]}`:                                                            {handoff.Yes, "open is true"},
		`{"fact":"open","in":["true"]}`:                                                          {handoff.Yes, "open is true"},
		`{"fact":"open","in":[false]}`:                                                           {handoff.No, "open is true"},
		`{"fact":"language","in":["nl"]}`:                                                        {handoff.Maybe, "language is not known"},
		`{"fact":"language","known":false}`:                                                      {handoff.Yes, "language is not known"},
		`{"fact":"language","known":true}`:                                                       {handoff.No, "language is not known"},
		`{"fact":"open","known":true}`:                                                           {handoff.Yes, "open is true"},
		`{"fact":"open","known":false}`:                                                          {handoff.No, "open is true"},
		`{"fact":"sentiment","at_most":-0.3}`:                                                    {handoff.Yes, "sentiment is -0.4"},
		`{"fact":"sentiment","at_least":0}`:                                                      {handoff.No, "sentiment is -0.4"},
		`{"fact":"channel","at_least":1}`:                                                        {handoff.Maybe, "channel is email"},
		`{"fact":"customer.total","at_least":100,"at_most":200}`:                                 {handoff.Yes, "customer.total is 120.50"},
		`{"fact":"customer.total","in":[120.5]}`:                                                 {handoff.Yes, "customer.total is 120.50"},
		`{"fact":"customer.tags","in":["vip"]}`:                                                  {handoff.Yes, "customer.tags is [VIP trade]"},
		`{"phrases":["geld zuruck"]}`:                                                            {handoff.Yes, `the text has "geld zuruck"`},
		`{"phrases":["refund"]}`:                                                                 {handoff.No, "the text says nothing of the kind"},
		`{"stems":["refund"]}`:                                                                   {handoff.Yes, `the text has "refund"`},
		`{"stems":["fund"]}`:                                                                     {handoff.No, "the text says nothing of the kind"},
		`{"like":["I don't want to cancel my order"]}`:                                           {handoff.Yes, `the text is like "I don't want to cancel my order"`},
		`{"like":["What are your opening hours?"]}`:                                              {handoff.No, "the text says nothing of the kind"},
		`{"not":{"fact":"channel","in":["chat"]}}`:                                               {handoff.Yes, "channel is email"},
		`{"not":{"fact":"language","in":["nl"]}}`:                                                {handoff.Maybe, "language is not known"},
		`{"all":[{"fact":"open","in":[true]},{"fact":"channel","in":["email"]}]}`:                {handoff.Yes, "open is true and channel is email"},
		`{"all":[{"fact":"language","in":["nl"]},{"fact":"channel","in":["chat"]}]}`:             {handoff.No, "channel is email"},
		`{"all":[{"fact":"language","in":["nl"]},{"fact":"channel","in":["email"]}]}`:            {handoff.Maybe, "language is not known"},
		`{"any":[{"fact":"language","in":["nl"]},{"fact":"channel","in":["email"]}]}`:            {handoff.Yes, "channel is email"},
		`{"any":[{"fact":"language","in":["nl"]},{"fact":"channel","in":["chat"]}]}`:             {handoff.Maybe, "language is not known"},
		`{"any":[{"fact":"open","in":[false]},{"fact":"channel","in":["chat"]}]}`:                {handoff.No, "open is true and channel is email"},
		`{"chain":[{"fact":"open","in":[true]},{"fact":"x","known":true},{"phrases":["geld"]}]}`: {handoff.No, "x is not known"},
	} {
		t.Run(condition, func(t *testing.T) {
			test := newTest(t, condition)
			require.Equal(t, want.truth, test.Ask(known))
			require.Equal(t, want.why, test.Why(known))
		})
	}
}

func TestChainLooksNoFurther(t *testing.T) {
	test := newTest(t, `{"chain":[{"fact":"first","in":[true]},{"fact":"second","in":[true]}]}`)
	looked := 0
	truth := test.Ask(func(name string) (any, bool) {
		require.Equal(t, "first", name, "a chain looks at nothing before what stands in front of it holds")
		looked++
		return nil, false
	})
	require.Equal(t, handoff.Maybe, truth)
	require.Equal(t, 1, looked)
}

func TestConditionFaults(t *testing.T) {
	at := func(v float64) *float64 { return &v }
	deep := handoff.Condition{}
	for range 20 {
		inner := deep
		deep = handoff.Condition{Not: &inner}
	}
	_, err := handoff.NewTest(handoff.Condition{All: []handoff.Condition{
		{Fact: "channel"},
		{Fact: "Channel!", In: []any{"x"}},
		{Fact: "channel", In: []any{[]string{"x"}}},
		{Fact: "channel", In: []any{}},
		{Fact: "total", AtLeast: at(2), AtMost: at(1)},
		{Fact: "total", Known: new(bool), AtLeast: at(1)},
		{Any: []handoff.Condition{}},
		{Phrases: []string{"!?"}},
		{Likeness: 2},
		{Fact: "channel", In: []any{"x"}, Phrases: []string{"y"}},
		deep,
	}})
	require.EqualError(t, err, strings.Join([]string{
		`handoff: condition.all[0] does not say what "channel" may be: use known, in, at_least or at_most`,
		`handoff: condition.all[1] names the fact "Channel!": want a form such as channel or customer.tier`,
		`handoff: condition.all[2] compares "channel" with [x]: want a text, a number, true or false`,
		`handoff: condition.all[3] has an empty list of what "channel" may be`,
		`handoff: condition.all[4] wants "total" to be at least 2 and at most 1, which nothing is`,
		`handoff: condition.all[5] wants "total" to be unknown, and to have a value`,
		`handoff: condition.all[6] has an empty "any": leave it out, or name what has to hold`,
		`handoff: condition.all[7] has phrases[0] "!?", which holds no words`,
		`handoff: condition.all[8] does not say what the text holds: use phrases, stems or like`,
		`handoff: condition.all[8] has the likeness 2: want 0 to 1`,
		`handoff: condition.all[9] has more than one form: use all, any, chain, not, fact or a text test alone`,
		`handoff: condition.all[10]` + strings.Repeat(".not", 15) + ` is nested deeper than 16`,
	}, "\n"))
	wide := handoff.Condition{Any: make([]handoff.Condition, 2000)}
	_, err = handoff.NewTest(wide)
	require.ErrorContains(t, err, "more than 1000 parts")
}

// drawCondition draws a tree over the facts a, b and c.
func drawCondition(t *rapid.T, depth int) handoff.Condition {
	form := rapid.IntRange(0, 4).Draw(t, "form")
	if depth == 0 {
		form = 0
	}
	list := func() []handoff.Condition {
		list := make([]handoff.Condition, rapid.IntRange(1, 3).Draw(t, "length"))
		for i := range list {
			list[i] = drawCondition(t, depth-1)
		}
		return list
	}
	switch form {
	case 1:
		return handoff.Condition{All: list()}
	case 2:
		return handoff.Condition{Any: list()}
	case 3:
		return handoff.Condition{Chain: list()}
	case 4:
		inner := drawCondition(t, depth-1)
		return handoff.Condition{Not: &inner}
	}
	return handoff.Condition{Fact: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "fact"), In: []any{true}}
}

// What is Yes or No while something is unknown stays so whatever it turns out to
// be: a decision taken early is never wrong later.
func TestKnowingMoreChangesNoAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		test, err := handoff.NewTest(drawCondition(t, 4))
		require.NoError(t, err)
		known := map[string]any{}
		full := map[string]any{}
		for _, name := range []string{"a", "b", "c"} {
			full[name] = rapid.Bool().Draw(t, name)
			if rapid.Bool().Draw(t, name+" known") {
				known[name] = full[name]
			}
		}
		early, late := test.Ask(facts(known)), test.Ask(facts(full))
		require.NotEqual(t, handoff.Maybe, late, "all is known")
		if early != handoff.Maybe {
			require.Equal(t, early, late)
		}
		require.NotEmpty(t, test.Why(facts(known)))
	})
}

// Any of the opposites is the opposite of all.
func TestConditionOpposites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := []handoff.Condition{drawCondition(t, 2), drawCondition(t, 2)}
		all := handoff.Condition{All: list}
		opposites, err := handoff.NewTest(handoff.Condition{Any: []handoff.Condition{{Not: &list[0]}, {Not: &list[1]}}})
		require.NoError(t, err)
		opposite, err := handoff.NewTest(handoff.Condition{Not: &all})
		require.NoError(t, err)
		known := map[string]any{}
		for _, name := range []string{"a", "b"} {
			known[name] = rapid.Bool().Draw(t, name)
		}
		require.Equal(t, opposite.Ask(facts(known)), opposites.Ask(facts(known)))
	})
}

func FuzzCondition(f *testing.F) {
	f.Add(`{"all":[{"fact":"a","in":[1,"x",true]},{"not":{"stems":["ref"]}},{"like":["give me my money"],"likeness":0.4}]}`, "refund my money")
	f.Add(`{"chain":[{"fact":"text","known":true},{"any":[{"phrases":["\u0000"]},{}]}]}`, "")
	f.Fuzz(func(t *testing.T, condition, text string) {
		var c handoff.Condition
		if json.Unmarshal([]byte(condition), &c) != nil {
			return
		}
		test, err := handoff.NewTest(c)
		if err != nil {
			return
		}
		known := facts(map[string]any{"text": text, "a": text})
		truth := test.Ask(known)
		require.Equal(t, truth, test.Ask(known))
		require.NotEmpty(t, test.Why(known))
	})
}

func BenchmarkCondition(b *testing.B) {
	var leaves []handoff.Condition
	for i := range 18 {
		leaves = append(leaves, handoff.Condition{Fact: fmt.Sprintf("customer.p%d", i), In: []any{"no", "yes"}})
	}
	known := map[string]any{}
	for i := range 18 {
		known[fmt.Sprintf("customer.p%d", i)] = "yes"
	}
	test, err := handoff.NewTest(handoff.Condition{All: []handoff.Condition{{Any: leaves[:9]}, {All: leaves[9:]}}})
	require.NoError(b, err)
	f := facts(known)
	b.Run("20 nodes", func(b *testing.B) {
		for b.Loop() {
			test.Ask(f)
		}
	})
}
