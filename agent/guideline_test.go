package agent

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// guided are settings with guidelines in JSON.
func guided(t testing.TB, guidelines string) Settings {
	t.Helper()
	var s Settings
	require.NoError(t, json.Unmarshal([]byte(`{"guidelines": `+guidelines+`}`), &s))
	return s
}

const topics = `[
	"Say order, not purchase.",
	{"name": "angry", "when": {"fact": "sentiment", "at_most": -0.5}, "text": "Begin with an apology."},
	{"name": "rivals", "when": {"stems": ["rival"]}, "then": "say", "text": "I am {{agent.name}}, {{customer.name|dear customer}}, and only know our own shop."},
	{"name": "medicine", "when": {"all": [{"phrases": ["my doctor"]}, {"fact": "channel", "in": ["chat"]}]}, "then": "hand over", "text": "A colleague will advise you."},
	{"name": "unknown", "when": {"not": {"fact": "customer.name", "in": ["Bob"]}}, "text": "Never fires while the name is not known."},
	{"name": "signed", "when": {"fact": "trust", "in": ["signed"]}, "text": "Greet by name."}
]`

func TestGuidelines(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		kind         Kind
		rule, said   string
		fired        []string
		instructions []string
	}{
		{"what always holds", "How do I return it?", "", "", "", []string{"guidelines[0]"}, []string{"Say order, not purchase."}},
		{"an instruction on a condition", "This is terrible, I am so angry", "", "", "", []string{"guidelines[0]", "angry"}, []string{"Say order, not purchase.", "Begin with an apology."}},
		{"a script", "Are your rivals better?", Answer, "rivals", "I am Assistant, dear customer, and only know our own shop.", []string{"guidelines[0]", "rivals"}, []string{"Say order, not purchase."}},
		{"a topic for people", "My doctor says no", HandOver, "medicine", "", []string{"guidelines[0]", "medicine"}, []string{"Say order, not purchase."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, Config{Settings: guided(t, topics)}, Conversation{Channel: "chat"}, test.text)
			require.NoError(t, turn.guidelines(t.Context()))
			require.Equal(t, test.kind, turn.Decision.Kind)
			require.Equal(t, test.rule, turn.Decision.Rule)
			require.Equal(t, test.said, turn.Text)
			require.Equal(t, test.instructions, turn.instructions)
			var fired []string
			for _, f := range turn.Decision.Fired {
				fired = append(fired, f.Guideline)
				require.NotEmpty(t, f.Why)
			}
			require.Equal(t, test.fired, fired)
		})
	}
}

func TestGuidelinesInAConversation(t *testing.T) {
	model := &writes{texts: []string{"You have 30 days."}}
	opened(t, Config{Settings: guided(t, topics), Model: model}, func(d *desk) {
		d.write("t", "Terrible! I am angry: how do I return it?")
		require.Equal(t, []string{"Say order, not purchase.", "Begin with an apology."}, model.requests[0].Guidelines)
		require.Contains(t, d.turns("t")[0].Decision.String(), "guideline angry (instruct), as sentiment is")
		d.write("t", "Are your rivals better?")
		require.Empty(t, d.conversation("t").Memory.Charges)
		d.write("t", "What does my doctor say of it?")
		require.Equal(t, "A colleague will advise you.", d.heard()[2])
		require.Equal(t, channel.Queued, d.conversation("t").Owner)
		require.Equal(t, handoff.Policy, d.conversation("t").Memory.Packet.Reason)
		require.Equal(t, "guidelines", d.turns("t")[2].Decision.Step)
		require.Len(t, model.requests, 1, "scripts and handoffs ask no model")
	})
}

func TestGuidelineFaults(t *testing.T) {
	settings := guided(t, `[
		{"then": "shout", "text": "x"},
		{"name": "a", "text": ""},
		{"name": "a", "then": "say", "text": "{{customer.password}} {{customer.name}} {{agent.company}} {{open"},
		{"text": "Call them {{customer.name|x}}"},
		{"text": "x", "when": {"fact": "channel"}}
	]`)
	settings.Texts = map[string]Texts{"en": {Greeting: "Hello {{customer.nam|you}}"}}
	err := settings.Validate()
	for _, fault := range []string{
		`guidelines[0] has "shout"`, "guidelines[1] has no text", `guidelines[2] has the name "a"`, "{{customer.password}}", "words for when customer.name is not known",
		"words for when agent.company is not known", "does not end", "guidelines[3] has a placeholder", "guidelines[4] handoff: condition", "texts.en has the placeholder {{customer.nam|you}}",
	} {
		require.ErrorContains(t, err, fault)
	}
	var s Settings
	require.ErrorContains(t, json.Unmarshal([]byte(`{"guidelines": [7]}`), &s), "guideline")
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name, guidelines string
		channels         []string
		want             []Finding // without details
	}{
		{name: "nothing odd", guidelines: topics, want: nil},
		{name: "one thing for a part, another for the rest", guidelines: `[
			{"name": "de", "when": {"fact": "language", "in": ["de"]}, "then": "say", "text": "Hallo"},
			{"name": "all", "then": "say", "text": "Hello"}]`},
		{name: "shadowed by what always holds", guidelines: `[
			{"name": "all", "then": "say", "text": "Hello"},
			{"name": "de", "when": {"fact": "language", "in": ["de"]}, "then": "say", "text": "Hallo"}]`,
			want: []Finding{{Shadowed, "de", "all", ""}}},
		{name: "shadowed by a shorter phrase", guidelines: `[
			{"name": "refund", "when": {"phrases": ["refund"]}, "then": "hand over"},
			{"name": "full refund", "when": {"phrases": ["full refund"]}, "then": "say", "text": "x"}]`,
			want: []Finding{{Shadowed, "full refund", "refund", ""}}},
		{name: "a stem goes further than its word", guidelines: `[
			{"name": "word", "when": {"phrases": ["refund"]}, "then": "say", "text": "x"},
			{"name": "stem", "when": {"stems": ["refund"]}, "then": "say", "text": "y"}]`},
		{name: "shadowed by two together", guidelines: `[
			{"name": "open", "when": {"fact": "open", "in": [true]}, "then": "say", "text": "x"},
			{"name": "closed", "when": {"fact": "open", "in": [false]}, "then": "say", "text": "x"},
			{"name": "rest", "when": {"phrases": ["refund"]}, "then": "say", "text": "x"}]`,
			want: []Finding{{Shadowed, "rest", "", ""}}},
		{name: "an instruction that never reaches the model", guidelines: `[
			{"name": "angry", "when": {"fact": "sentiment", "at_most": -0.7}, "text": "x"},
			{"name": "sad", "when": {"fact": "sentiment", "at_most": -0.5}, "then": "hand over"}]`,
			want: []Finding{{Shadowed, "angry", "sad", ""}}},
		{name: "a conflict", guidelines: `[
			{"name": "chat", "when": {"fact": "channel", "in": ["chat"]}, "then": "say", "text": "x"},
			{"name": "refund", "when": {"stems": ["refund"]}, "then": "say", "text": "y"}]`,
			want: []Finding{{Conflict, "refund", "chat", ""}}},
		{name: "the same words are no conflict", guidelines: `[
			{"name": "chat", "when": {"fact": "channel", "in": ["chat"]}, "then": "say", "text": "x"},
			{"name": "refund", "when": {"stems": ["refund"]}, "then": "say", "text": "x"}]`},
		{name: "two that exclude one another", guidelines: `[
			{"name": "gold", "when": {"fact": "customer.tier", "in": ["gold"]}, "then": "say", "text": "x"},
			{"name": "blue", "when": {"fact": "customer.tier", "in": ["blue"]}, "then": "say", "text": "y"}]`},
		{name: "dead", guidelines: `[
			{"name": "both", "when": {"all": [{"fact": "channel", "in": ["a"]}, {"fact": "channel", "in": ["b"]}]}, "text": "x"},
			{"name": "number", "when": {"all": [{"fact": "customer.orders", "at_least": 5}, {"fact": "customer.orders", "at_most": 4}]}, "text": "x"},
			{"name": "phrase", "when": {"all": [{"phrases": ["full refund"]}, {"not": {"phrases": ["refund"]}}]}, "text": "x"},
			{"name": "mood", "when": {"fact": "sentiment", "at_least": 2}, "text": "x"},
			{"name": "unknown channel", "when": {"fact": "channel", "known": false}, "text": "x"}]`,
			want: []Finding{{Dead, "both", "", ""}, {Dead, "number", "", ""}, {Dead, "phrase", "", ""}, {Dead, "mood", "", ""}, {Dead, "unknown channel", "", ""}}},
		{name: "tags may be several", guidelines: `[{"when": {"all": [{"fact": "customer.tags", "in": ["vip"]}, {"fact": "customer.tags", "in": ["trade"]}]}, "text": "x"}]`},
		{name: "what there is not", channels: []string{"chat", "email"}, guidelines: `[
			{"name": "fax", "when": {"fact": "channel", "in": ["fax", "chat"]}, "text": "x"},
			{"name": "klingon", "when": {"fact": "language", "in": ["tlh"]}, "text": "x"},
			{"name": "typo", "when": {"fact": "chanel", "in": ["chat"]}, "text": "x"}]`,
			want: []Finding{{Dead, "fax", "", ""}, {Dead, "klingon", "", ""}, {Dead, "klingon", "", ""}, {Dead, "typo", "", ""}, {Dead, "typo", "", ""}}},
		{name: "too much to try", guidelines: `[
			{"name": "a", "when": {"all": [{"phrases": ["a1","a2","a3","a4","a5"]}, {"fact": "customer.x", "in": ["1","2","3","4","5","6","7"]}, {"fact": "customer.y", "in": ["1","2","3","4","5","6","7"]}]}, "then": "say", "text": "x"},
			{"name": "b", "when": {"all": [{"phrases": ["b1","b2","b3","b4","b5"]}, {"fact": "customer.z", "in": ["1","2","3","4","5","6","7"]}, {"fact": "customer.w", "in": ["1","2","3","4","5","6","7"]}]}, "then": "say", "text": "y"}]`,
			want: []Finding{{Undecided, "b", "a", ""}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			settings := guided(t, test.guidelines)
			require.NoError(t, settings.Validate())
			var got []Finding
			for _, f := range settings.Check(test.channels...) {
				require.NotEmpty(t, f.Detail)
				f.Detail = ""
				got = append(got, f)
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestCheckGivesAnExample(t *testing.T) {
	found := guided(t, `[
		{"name": "chat", "when": {"fact": "channel", "in": ["chat"]}, "then": "say", "text": "x"},
		{"name": "refund", "when": {"phrases": ["my refund"]}, "then": "say", "text": "y"}]`).Check()
	require.Equal(t, `It and "chat" can hold together, as with channel chat, text "my refund", and say different things; "chat" decides.`, found[0].Detail)
}

// drawWhen draws a condition on a few facts.
func drawWhen(t *rapid.T, depth int) Condition {
	list := func() []Condition {
		list := make([]Condition, rapid.IntRange(1, 3).Draw(t, "length"))
		for i := range list {
			list[i] = drawWhen(t, depth-1)
		}
		return list
	}
	form := rapid.IntRange(0, 6).Draw(t, "form")
	if depth == 0 {
		form = rapid.IntRange(3, 6).Draw(t, "leaf")
	}
	bound := float64(rapid.IntRange(-2, 2).Draw(t, "bound")) / 2
	switch form {
	case 0:
		return Condition{All: list()}
	case 1:
		return Condition{Any: list()}
	case 2:
		inner := drawWhen(t, depth-1)
		return Condition{Not: &inner}
	case 3:
		return Condition{Fact: "channel", In: []any{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "channel")}}
	case 4:
		return Condition{Fact: "sentiment", AtLeast: &bound}
	case 5:
		return Condition{Fact: "customer.tier", In: []any{rapid.SampledFrom([]string{"gold", "blue"}).Draw(t, "tier")}}
	}
	return Condition{Phrases: []string{rapid.SampledFrom([]string{"refund", "full refund", "order"}).Draw(t, "phrase")}}
}

// Whatever turns out to be the case, what Check says of the guidelines is so.
func TestCheckIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Settings
		for _, name := range []string{"one", "two", "three"} {
			s.Guidelines = append(s.Guidelines, Guideline{Name: name, When: drawWhen(t, 2), Then: Say, Text: name})
		}
		rules, err := s.compileGuidelines()
		require.NoError(t, err)
		facts := func(name string) (any, bool) {
			switch name {
			case "channel":
				return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "channel"), true
			case "sentiment":
				return float64(rapid.IntRange(-10, 10).Draw(t, "sentiment")) / 10, true
			case "customer.tier":
				tier := rapid.SampledFrom([]string{"gold", "blue", "red", ""}).Draw(t, "tier")
				return tier, tier != ""
			}
			return rapid.SampledFrom([]string{"", "refund", "a full refund", "order and refund", "an order", "full order"}).Draw(t, "text"), true
		}
		known := map[string]any{}
		holds := map[string]bool{}
		for _, name := range []string{"channel", "sentiment", "customer.tier", "text"} {
			if v, ok := facts(name); ok {
				known[name] = v
			}
		}
		some := false
		for _, r := range rules {
			holds[r.Name] = r.test.Ask(func(name string) (any, bool) { v, ok := known[name]; return v, ok }) == handoff.Yes
		}
		for _, f := range s.Check() {
			switch f.Kind {
			case Dead:
				require.False(t, holds[f.Guideline], "%+v holds on %v", f, known)
			case Shadowed:
				for _, r := range rules {
					if r.Name == f.Guideline {
						break
					}
					some = some || holds[r.Name] && (f.Other == "" || f.Other == r.Name)
				}
				require.True(t, !holds[f.Guideline] || some, "%+v decides on %v", f, known)
				some = false
			}
		}
	})
}
