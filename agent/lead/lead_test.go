package lead_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/lead"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// in returns a band of values.
func in(points int, values ...any) lead.Band { return lead.Band{In: values, Points: points} }

// demo is a goal of one criterion of each kind that matters.
func demo() lead.Config {
	return lead.Config{
		Name: "demo",
		Criteria: []lead.Criterion{
			{Name: "size", Type: agent.Number, Weight: 3, Ask: map[string]string{"en": "How many people?", "de": "Wie viele Leute?"},
				Bands: []lead.Band{{AtLeast: 100, Points: 10, Share: .2}, {AtLeast: 20, Points: 6, Share: .3}}},
			{Name: "budget", Type: agent.Bool, Weight: 2, Required: true, Ask: map[string]string{"en": "Is there a budget?"}, Bands: []lead.Band{in(10, true)}},
			{Name: "region", Type: agent.Choice, Options: []agent.Option{{Value: "eu", Label: "Europe"}, {Value: "us", Label: "North America"}, {Value: "no"}},
				Ask: map[string]string{"en": "Where are you?"}, Bands: []lead.Band{{In: []any{"no"}, KnockOut: true, Share: .1}, in(10, "eu", "us")}},
			{Name: "start", Type: agent.Date, Ask: map[string]string{"en": "When do you start?"}, Bands: []lead.Band{{AtMost: "2026-12-31", Points: 10}}},
		},
	}
}

func newGoal(t require.TestingT, cfg lead.Config) *lead.Goal {
	g, err := lead.New(cfg)
	require.NoError(t, err)
	return g
}

// known returns a state of values.
func known(values map[string]any, unknown ...string) lead.State {
	s := lead.State{Asks: map[string]int{}}
	for name, v := range values {
		s.Evidence = append(s.Evidence, lead.Evidence{Criterion: name, Value: v})
	}
	for _, name := range unknown {
		s.Asks[name] = 2
	}
	return s
}

func TestVerdict(t *testing.T) {
	g := newGoal(t, demo())
	type m = map[string]any
	for name, test := range map[string]struct {
		state lead.State
		want  lead.Verdict
	}{
		"nothing":                       {known(nil), lead.Open},
		"all points":                    {known(m{"size": 200.0, "budget": true, "region": "eu", "start": "2026-01-01"}), lead.Qualified},
		"enough, whatever else":         {known(m{"size": 200.0, "budget": true, "region": "eu"}), lead.Qualified},
		"a value may still knock out":   {known(m{"size": 200.0, "budget": true, "start": "2026-01-01"}), lead.Open},
		"knocked out":                   {known(m{"region": "no"}), lead.Unqualified},
		"knocked out, with all points":  {known(m{"size": 200.0, "budget": true, "region": "no", "start": "2026-01-01"}), lead.Unqualified},
		"no is a no":                    {known(m{"size": 5.0, "budget": false, "region": "eu"}, "start"), lead.Unqualified},
		"unknown is no no":              {known(m{"size": 5.0, "region": "eu"}, "start", "budget"), lead.Partially},
		"some":                          {known(m{"size": 30.0, "budget": false, "region": "eu", "start": "2026-01-01"}), lead.Partially},
		"required and unknown":          {known(m{"size": 200.0, "region": "eu", "start": "2026-01-01"}, "budget"), lead.Partially},
		"nothing is known for good":     {known(nil, "size", "budget", "region", "start"), lead.Partially},
		"too little is known":           {known(m{"budget": true, "region": "eu"}, "size", "start"), lead.Partially},
		"on the edge of a band":         {known(m{"size": 20.0, "budget": true, "region": "eu", "start": "2026-12-31"}), lead.Qualified},
		"beyond the edge of a band":     {known(m{"size": 19.0, "budget": true, "region": "eu", "start": "2027-01-01"}), lead.Partially},
		"without what is missed a lead": {known(m{"size": 200.0, "budget": true}, "region", "start"), lead.Qualified},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, g.Verdict(test.state)) })
	}
}

func TestFaultsAllAtOnce(t *testing.T) {
	_, err := lead.Parse([]byte(`{
		"name": "1", "qualified": 0.3, "partially": 0.6, "known": 2, "unanswered": 1,
		"criteria": [
			{"name": "a", "type": "number", "weight": -1, "save": true, "ask": {"xx": "?"}, "bands": [{"at_least": "many"}, {"at_least": 5, "at_most": 3, "points": 11}, {}]},
			{"name": "a", "type": "text", "weight": 101, "bands": [{"at_least": "a", "share": 0.995}]},
			{"name": "b", "type": "colour", "ask": {"en": "?"}}
		],
		"on": {"open": {}, "qualified": {"close": true, "say": {"en": ""}, "call": {"with": {"x": 1}, "from": {"x": "c"}}}}
	}`))
	for _, part := range []string{
		"name: want a letter", "partially <= qualified", "known is 2", "unanswered is 1", "ask.xx", "weight is -1", "no property to save to",
		"bands[0]: many: want a number", "bands[1]: at_most is less", "points are 11", "bands[2]: want in, at_least or at_most",
		"another of this name", "there is no question", "only numbers and dates", "share is 0.995", "weights are 1", `type "colour"`, "no value is worth anything",
		"on.open: want one of", "at most one of", "say.en", "names no action", `no criterion "c"`, "in with and in from",
	} {
		require.ErrorContains(t, err, part)
	}
	_, err = lead.Parse([]byte(`{"names": []}`))
	require.ErrorContains(t, err, "unknown field")
	_, err = lead.Parse([]byte(`{} {}`))
	require.ErrorContains(t, err, "more than one")
}

// reply lets a goal read a reply to a criterion's question.
func reply(t *testing.T, g *lead.Goal, asked, language, text string) (value any, kind agent.GoalReply) {
	t.Helper()
	state, err := json.Marshal(lead.State{Asked: asked, Asks: map[string]int{asked: 1}})
	require.NoError(t, err)
	step, err := g.Pursue(t.Context(), agent.Pursuit{State: state, Language: language, Replying: true, Since: 7, Words: said(text)})
	require.NoError(t, err)
	var s lead.State
	require.NoError(t, json.Unmarshal(step.State, &s))
	for _, e := range s.Evidence {
		require.Equal(t, asked, e.Criterion)
		require.Equal(t, int64(7), e.Seq)
		value = e.Value
	}
	return value, step.Reply
}

func said(text string) []channel.Entry {
	return []channel.Entry{{Seq: 3, Message: channel.Message{Text: "Order 4711 is late."}}, {Seq: 7, Message: channel.Message{Text: text}}}
}

func TestReplies(t *testing.T) {
	cfg := demo()
	cfg.Criteria = append(cfg.Criteria, lead.Criterion{Name: "tool", Type: agent.Text, Ask: map[string]string{"en": "Which tool?"}, Bands: []lead.Band{in(10, "x")}})
	g := newGoal(t, cfg)
	for _, test := range []struct {
		asked, language, text string
		value                 any
		kind                  agent.GoalReply
	}{
		{"size", "en", "50", 50.0, agent.Replied},
		{"size", "en", "about 50 people.", 50.0, agent.Replied},
		{"size", "en", "1,200", 1200.0, agent.Replied},
		{"size", "de", "etwa 1.200 Leute", 1200.0, agent.Replied},
		{"size", "fr", "12 000 personnes", 12000.0, agent.Replied},
		{"size", "en", "20-30", 20.0, agent.Replied},
		{"size", "en", "between 30 and 50", 30.0, agent.Replied},
		{"size", "en", "10-200", nil, agent.UnclearReply},
		{"size", "en", "50k", nil, agent.UnclearReply},
		{"size", "en", "quite a few", nil, agent.UnclearReply},
		{"size", "en", "I don't know", nil, agent.Replied},
		{"size", "de", "weiß nicht", nil, agent.Replied},
		{"size", "es", "No sé.", nil, agent.Replied},
		{"size", "en", "do you ship within 30 days?", nil, agent.NoReply},
		{"size", "en", "how much is it for 30", nil, agent.NoReply},
		{"size", "en", "50. What does it cost?", 50.0, agent.NoReply},
		{"budget", "en", "Yes, please", true, agent.Replied},
		{"budget", "de", "nein", false, agent.Replied},
		{"budget", "fr", "oui", true, agent.Replied},
		{"budget", "nl", "nee", false, agent.Replied},
		{"budget", "es", "sí", true, agent.Replied},
		{"budget", "pt", "não", false, agent.Replied},
		{"budget", "it", "sì", true, agent.Replied},
		{"budget", "en", "no idea", nil, agent.Replied},
		{"budget", "en", "it depends", nil, agent.UnclearReply},
		{"region", "en", "europe", "eu", agent.Replied},
		{"region", "en", "We are in North America", "us", agent.Replied},
		{"region", "en", "2", "us", agent.Replied},
		{"region", "en", "4", nil, agent.UnclearReply},
		{"region", "en", "Europe and North America", nil, agent.UnclearReply},
		{"start", "en", "2026-03-31", "2026-03-31", agent.Replied},
		{"start", "de", "am 31. März 2026", "2026-03-31", agent.Replied},
		{"start", "en", "soon", nil, agent.UnclearReply},
		{"tool", "en", "a spreadsheet", "a spreadsheet", agent.Replied},
		{"tool", "en", "I'd rather not say", nil, agent.Replied},
		{"tool", "en", "can I see it first?", nil, agent.NoReply},
	} {
		value, kind := reply(t, g, test.asked, test.language, test.text)
		require.Equal(t, test.value, value, test.text)
		require.Equal(t, test.kind, kind, test.text)
	}
}

// TestModelCannotInvent proposes what customers did and did not write.
func TestModelCannotInvent(t *testing.T) {
	cfg := demo()
	for _, interpret := range []bool{false, true} {
		for i := range cfg.Criteria {
			cfg.Criteria[i].Interpret = interpret
		}
		g := newGoal(t, cfg)
		for _, test := range []struct {
			criterion, value, words string
			want                    bool
		}{
			{"size", "50", "some 50 of us", true},
			{"size", "50", "SOME 50 of us", true},
			{"size", "500", "some 50 of us", false},
			{"size", "50", "we are 50", false},
			{"size", "50", "", false},
			{"size", "5", "some 5", false},
			{"size", "many", "some 50 of us", false},
			{"height", "50", "some 50 of us", false},
			{"region", "eu", "in Europe", true},
			{"region", "us", "in Europe", interpret},
			{"region", "us", "in North America", false},
			{"budget", "true", "some 50 of us", interpret},
			{"budget", "true", "Yes", interpret}, // to what?
			{"start", "2026-05-01", "1 May 2026", true},
			{"start", "2026-05-02", "1 May 2026", false},
		} {
			arguments, err := json.Marshal(map[string]any{"answers": []any{map[string]string{"criterion": test.criterion, "value": test.value, "words": test.words}}})
			require.NoError(t, err)
			step, err := g.Pursue(t.Context(), agent.Pursuit{
				Language: "en", Since: 7, Words: said("There are some 50 of us in Europe, we start on 1 May 2026. Yes."),
				Calls: []agent.CallResult{{Call: agent.Call{Name: "note_demo", Arguments: arguments}}},
			})
			require.NoError(t, err)
			require.Equal(t, test.want, len(step.Found) == 1, "%+v, interpret %v", test, interpret)
		}
	}
}

// TestWordsCountMoreThanRecords and what is on record is still taken as it is.
func TestWordsCountMoreThanRecords(t *testing.T) {
	cfg := demo()
	for i := range cfg.Criteria {
		cfg.Criteria[i].Property = "p_" + cfg.Criteria[i].Name
	}
	state, err := json.Marshal(lead.State{Evidence: []lead.Evidence{
		{Criterion: "size", Value: 50.0, Words: "50", Seq: 3}, {Criterion: "region", Value: "eu"},
	}})
	require.NoError(t, err)
	facts := map[string]any{"customer.p_size": 7.0, "customer.p_region": "us", "customer.p_start": "whenever"}
	step, err := newGoal(t, cfg).Pursue(t.Context(), agent.Pursuit{State: state, Facts: facts})
	require.NoError(t, err)
	require.Equal(t, []handoff.Finding{{Name: "size", Value: "50", Words: "50", Seq: 3}, {Name: "region", Value: "us"}}, step.Found)
}

// TestOrder asks first what tells most.
func TestOrder(t *testing.T) {
	asked := func(cfg lead.Config, s lead.State) string {
		raw, err := json.Marshal(s)
		require.NoError(t, err)
		step, err := newGoal(t, cfg).Pursue(t.Context(), agent.Pursuit{State: raw, Language: "en", Free: true})
		require.NoError(t, err)
		first, _, _ := strings.Cut(step.Ask, "\n")
		return first
	}
	cfg := demo()
	require.Equal(t, "How many people?", asked(cfg, known(nil)), "it has the most weight")
	cfg.Criteria[2].Bands[0].Share = .5
	require.Equal(t, "Where are you?", asked(cfg, known(nil)), "half of all are knocked out by it")
	s := known(nil)
	s.Asks["region"] = 1
	require.Equal(t, "How many people?", asked(cfg, s), "what was asked comes last")
	require.Empty(t, asked(cfg, known(map[string]any{"region": "no"})), "nothing can change the verdict")
}

// TestStateOfAnother must not be taken for nothing.
func TestStateOfAnother(t *testing.T) {
	_, err := newGoal(t, demo()).Pursue(t.Context(), agent.Pursuit{State: json.RawMessage(`[1]`)})
	require.ErrorContains(t, err, "lead: the state is not its own")
}

func FuzzParse(f *testing.F) {
	document, err := json.Marshal(demo())
	require.NoError(f, err)
	f.Add(string(document))
	f.Add(`{"criteria": [{"bands": [{"in": [null, {}]}], "options": [{}]}]}`)
	f.Fuzz(func(t *testing.T, document string) {
		if g, err := lead.Parse([]byte(document)); err == nil {
			g.Spec()
			_, err := g.Pursue(t.Context(), agent.Pursuit{Free: true})
			require.NoError(t, err)
		}
	})
}

// FuzzReply reads any reply to any question.
func FuzzReply(f *testing.F) {
	f.Add("20-30 people, about 12 000 on 31. März 2026", "de")
	f.Fuzz(func(t *testing.T, text, language string) {
		g := newGoal(t, demo())
		for _, name := range []string{"size", "budget", "region", "start"} {
			reply(t, g, name, language, text)
		}
	})
}

// TestVerdictIsMonotone: knowing one thing more never changes a verdict that is
// not open, since it holds for everything that may still come.
func TestVerdictIsMonotone(t *testing.T) {
	g := newGoal(t, demo())
	values := map[string][]any{"size": {5.0, 30.0, 200.0}, "budget": {true, false}, "region": {"eu", "no"}, "start": {"2026-01-01", "2030-01-01"}}
	rapid.Check(t, func(t *rapid.T) {
		s := known(nil)
		before := g.Verdict(s)
		for _, name := range rapid.Permutation([]string{"size", "budget", "region", "start"}).Draw(t, "order") {
			if rapid.Bool().Draw(t, "unknown") {
				s.Asks[name] = 2
			} else {
				s.Evidence = append(s.Evidence, lead.Evidence{Criterion: name, Value: rapid.SampledFrom(values[name]).Draw(t, "value")})
			}
			now := g.Verdict(s)
			require.True(t, before == lead.Open || before == now, "%s became %s", before, now)
			before = now
		}
		require.NotEqual(t, lead.Open, before)
	})
}
