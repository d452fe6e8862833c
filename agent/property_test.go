package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// card is an Editor of one customer.
type card struct {
	customer Customer
	edits    []Edit
	fail     error
	down     error
}

func (c *card) Customer(_ context.Context, p channel.Party) (Customer, error) {
	if c.down != nil {
		return Customer{}, c.down
	}
	return Directory{c.customer}.Customer(context.Background(), p)
}

func (c *card) Update(_ context.Context, e Edit) error {
	c.edits = append(c.edits, e)
	if c.fail != nil {
		return c.fail
	}
	c.customer.Properties = maps.Clone(c.customer.Properties)
	for _, change := range e.Changes {
		c.customer.Properties[change.Property] = change.New
	}
	return nil
}

// cardProperties are one of each kind.
var cardProperties = []Property{
	{Name: "plan", Label: "Plan", Type: Choice, Options: []Option{{"g", "Gold"}, {"s", "Silver"}}, View: true, Edit: true},
	{Name: "city", Type: Text, View: true, Edit: true, Protection: MatchEmail},
	{Name: "born", Type: Date, View: true, Edit: true, Protection: VerifyEmail},
	{Name: "score", Type: Number, Silent: true},
	{Name: "vip", Type: Bool, Silent: true, Protection: VerifyEmail},
	{Name: "seats", Type: Number, Edit: true},
}

func newCard() *card {
	return &card{customer: Customer{
		ID: "c1", Name: "Ada", Email: "ada@example.com", Phone: "+441632960001",
		Properties: map[string]any{"plan": "g", "city": "Leeds7351", "born": "1990-05-06", "score": 4242.0, "vip": true, "seats": 3.0, "unlisted": "secret"},
	}}
}

// asked runs a turn for a party, and returns it with what the model was told.
func asked(t *testing.T, c CRM, p channel.Party, text string, calls ...string) (Turn, Request) {
	t.Helper()
	var last Request
	a, err := New(Config{
		Knowledge: shelf{"": ordersPage}, CRM: c, Settings: Settings{Properties: cardProperties},
		Model: ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
			last = r
			return func(yield func(Delta, error) bool) {
				if n := len(r.Results); n < len(calls) {
					yield(Delta{Call: &Call{ID: fmt.Sprint(n), Name: updateName, Arguments: []byte(calls[n])}}, nil)
					return
				}
				yield(Delta{Text: "Your orders are on record."}, nil)
			}
		}),
	})
	require.NoError(t, err)
	turn, err := a.Reply(t.Context(), channel.Message{Thread: "t", Text: text, From: p})
	require.NoError(t, err)
	records, _ := json.Marshal(collect(t, a.Archive().Records(t.Context(), "", 0)))
	turn.ID = string(records) // so that tests see them
	return turn, last
}

func TestProperties(t *testing.T) {
	for name, test := range map[string]struct {
		party channel.Party
		text  string
		want  map[string]any
	}{
		"anonymous":                {channel.Party{ID: "c1", Email: "ada@example.com", Phone: "+441632960001"}, "Orders?", nil},
		"by phone":                 {channel.Party{Phone: "+441632960001", Trust: channel.Asserted}, "Orders?", map[string]any{"plan": "Gold"}},
		"by phone, address named":  {channel.Party{Phone: "+441632960001", Trust: channel.Asserted}, "Orders of ADA@example.com?", map[string]any{"plan": "Gold", "city": "Leeds7351"}},
		"by phone, another named":  {channel.Party{Phone: "+441632960001", Trust: channel.Asserted}, "Orders of eve@example.com?", map[string]any{"plan": "Gold"}},
		"by address":               {channel.Party{Email: "ada@example.com", Trust: channel.Asserted}, "Orders?", map[string]any{"plan": "Gold", "city": "Leeds7351"}},
		"verified":                 {channel.Party{Email: "ada@example.com", Trust: channel.EmailVerified}, "Orders?", map[string]any{"plan": "Gold", "city": "Leeds7351", "born": "1990-05-06"}},
		"signed":                   {channel.Party{ID: "c1", Trust: channel.Signed}, "Orders?", map[string]any{"plan": "Gold", "city": "Leeds7351", "born": "1990-05-06"}},
		"signed, of somebody else": {channel.Party{ID: "c2", Trust: channel.Signed}, "Orders?", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, r := asked(t, newCard(), test.party, test.text)
			require.Equal(t, test.want, r.Customer.Properties)
			told := r.Prompt().Messages[len(r.Prompt().Messages)-1].Text
			require.Equal(t, test.want["city"] != nil, strings.Contains(told, "| city: Leeds7351"))
			require.Equal(t, test.want["plan"] != nil, strings.Contains(told, "| Plan: Gold"))
		})
	}
}

// gullible is a CRM that takes anybody for Ada.
type gullible struct{ *card }

func (g gullible) Customer(context.Context, channel.Party) (Customer, error) { return g.customer, nil }

func TestPropertiesOfAGullibleCRM(t *testing.T) {
	_, r := asked(t, gullible{newCard()}, channel.Party{Email: "ada@example.com"}, "Orders of ada@example.com?")
	require.Empty(t, r.Customer.Properties, "what an anonymous party is told does not rest on the CRM's care")
}

// TestInvariantNoFieldAboveLevel draws customers, properties and parties: the
// model is told exactly what the level permits, conditions know no more than it
// permits, and nothing that is silent is found in anything that leaves.
func TestInvariantNoFieldAboveLevel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var list []Property
		values := map[string]any{}
		for i := range rapid.IntRange(1, 6).Draw(rt, "properties") {
			p := Property{Name: fmt.Sprint("p", i), Type: Text}
			p.Protection = rapid.SampledFrom([]Protection{Unprotected, MatchEmail, VerifyEmail}).Draw(rt, "protection")
			if p.Silent = rapid.Bool().Draw(rt, "silent"); !p.Silent {
				p.View, p.Edit = rapid.Bool().Draw(rt, "view"), rapid.Bool().Draw(rt, "edit")
			}
			list, values[p.Name] = append(list, p), fmt.Sprint("value", i)
		}
		c := newCard()
		c.customer.Properties = values
		party := channel.Party{
			ID:    rapid.SampledFrom([]string{"", "c1", "c2"}).Draw(rt, "id"),
			Email: rapid.SampledFrom([]string{"", "ada@example.com", "eve@example.com"}).Draw(rt, "email"),
			Phone: rapid.SampledFrom([]string{"", "+441632960001"}).Draw(rt, "phone"),
			Trust: channel.Trust(rapid.IntRange(0, 3).Draw(rt, "trust")),
		}
		named := rapid.SampledFrom([]string{"", "ada@example.com", "eve@example.com"}).Draw(rt, "named")
		var all []string
		var seen map[string]any
		var tn *turn
		a, err := New(Config{Knowledge: shelf{"": ordersPage}, CRM: c, Settings: Settings{Properties: list},
			Model: ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
				text, _ := json.Marshal(r)
				all, seen = append(all, string(text)), r.Customer.Properties
				return func(yield func(Delta, error) bool) { yield(Delta{Text: "Your orders are on record."}, nil) }
			})})
		require.NoError(rt, err)
		turn, err := a.Reply(t.Context(), channel.Message{Thread: "t", Text: "Orders? " + named, From: party})
		require.NoError(rt, err)
		out, _ := json.Marshal(turn)
		all = append(all, string(out))

		known := false
		switch byEmail, byPhone := strings.EqualFold(party.Email, "ada@example.com"), party.Phone != ""; party.Trust {
		case channel.Asserted:
			known = byEmail || byPhone
		case channel.EmailVerified:
			known = byEmail
		case channel.Signed:
			known = byEmail || byPhone || party.ID == "c1"
		}
		tn = newTurn(a, Work{Conversation: Conversation{ID: "x"}, Messages: []Message{{Entry: channel.Entry{Seq: 1, Message: channel.Message{
			Author: channel.Customer, Text: "Orders? " + named, From: party}}}}})
		require.NoError(rt, tn.enterCode(t.Context()))
		require.NoError(rt, tn.identify(t.Context()))
		for _, p := range list {
			permitted := known && (p.Protection == Unprotected || party.Trust >= channel.EmailVerified ||
				p.Protection == MatchEmail && (named == "ada@example.com" || party.Email == "ada@example.com"))
			v, ok := seen[p.Name]
			require.Equal(rt, permitted && p.View, ok, "%+v", p)
			if ok {
				require.Equal(rt, values[p.Name], v)
			}
			_, condition := tn.property(p.Name)
			require.Equal(rt, permitted, condition, "%+v", p)
			if !permitted || !p.View {
				for _, text := range all {
					require.NotContains(rt, text, values[p.Name])
				}
			}
		}
	})
}

func TestUpdate(t *testing.T) {
	ada := channel.Party{Email: "ada@example.com", Trust: channel.EmailVerified}
	for name, test := range map[string]struct {
		call    string
		changes []Change
		refused string
		output  string
	}{
		"by label":          {`{"plan":"silver"}`, []Change{{"plan", "g", "s"}}, "", `{"changed":{"plan":"s"}}`},
		"several":           {`{"seats":"1.234,5","city":" York "}`, []Change{{"city", "Leeds7351", "York"}, {"seats", 3.0, 1234.5}}, "", `{"changed":{"city":"York","seats":1234.5}}`},
		"already":           {`{"plan":"Gold"}`, nil, "", `"It is on record like that already."`},
		"date":              {`{"born":"7. Mai 1991"}`, []Change{{"born", "1990-05-06", "1991-05-07"}}, "", `{"changed":{"born":"1991-05-07"}}`},
		"unfit":             {`{"plan":"platinum","born":"soon"}`, nil, "it failed: born: want a date such as 2026-03-31; Plan: want one of gold, silver", ""},
		"silent":            {`{"score":1}`, nil, "the arguments do not fit", ""},
		"unlisted":          {`{"unlisted":"x"}`, nil, "the arguments do not fit", ""},
		"of somebody else":  {`{"id":"c2","plan":"Silver"}`, nil, "the arguments do not fit", ""},
		"of a wrong type":   {`{"plan":{"a":1}}`, nil, "the arguments do not fit", ""},
		"nothing":           {`{}`, nil, "the arguments do not fit", ""},
		"nothing of the ID": {`{"ID":"c2"}`, nil, "the arguments do not fit", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCard()
			turn, _ := asked(t, c, ada, "Change it", test.call)
			require.Contains(t, turn.Calls[0].Refused, test.refused)
			require.Equal(t, test.output, string(turn.Calls[0].Output))
			if test.changes == nil {
				require.Empty(t, c.edits)
				require.NotContains(t, turn.ID, CustomerChanged)
				return
			}
			require.Len(t, c.edits, 1)
			require.Equal(t, "c1", c.edits[0].Customer)
			require.NotEmpty(t, c.edits[0].Key)
			require.Equal(t, test.changes, c.edits[0].Changes)
			require.Equal(t, len(test.changes), strings.Count(turn.ID, CustomerChanged), "an entry of the audit for each change")
			for _, change := range test.changes {
				detail, _ := json.Marshal(fmt.Sprintf("%s: %s", change.Property, audited(change)))
				require.Contains(t, turn.ID, string(detail))
			}
		})
	}
}

func TestUpdateNeedsTheVerifiedLevel(t *testing.T) {
	for trust := channel.Anonymous; trust <= channel.Signed; trust++ {
		c := newCard()
		turn, _ := asked(t, c, channel.Party{ID: "c1", Email: "ada@example.com", Trust: trust}, "Change it", `{"plan":"Silver"}`)
		require.Equal(t, trust >= channel.EmailVerified, len(c.edits) == 1, "%s: %s", trust, turn.Calls[0].Refused)
	}
}

func TestUpdateFails(t *testing.T) {
	ada := channel.Party{Email: "ada@example.com", Trust: channel.EmailVerified}
	c := newCard()
	c.fail = ErrConflict
	turn, r := asked(t, c, ada, "Change it", `{"plan":"Silver"}`)
	require.Contains(t, r.Results[0].Refused, "somebody else has changed")
	require.Equal(t, Answer, turn.Decision.Kind)
	require.NotContains(t, turn.ID, CustomerChanged)

	c = newCard()
	c.fail = errors.New("secret internals")
	turn, _ = asked(t, c, ada, "Change it", `{"plan":"Silver"}`)
	require.Equal(t, handoff.ActionFailure, turn.Decision.Handoff)
	require.NotContains(t, turn.Text+turn.Calls[0].Refused, "internals")

	c = newCard()
	c.down = errors.New("down")
	turn, _ = asked(t, c, ada, "Orders?")
	require.Equal(t, Answer, turn.Decision.Kind, "what needs no CRM is answered without it")
	require.Contains(t, turn.Decision.Findings[0], "the CRM failed: down")
	turn, _ = asked(t, c, ada, "Change it", `{"plan":"Silver"}`)
	require.Equal(t, handoff.ActionFailure, turn.Decision.Handoff, "what needs it is handed over")
	require.Empty(t, c.edits)

	turn, _ = asked(t, newCard(), channel.Party{Email: "eve@example.com", Trust: channel.EmailVerified}, "Change it", `{"plan":"Silver"}`)
	require.Contains(t, turn.Calls[0].Refused, "not on record")
}

func TestPropertyFaults(t *testing.T) {
	err := Settings{Properties: []Property{
		{Name: "1x", Type: Text}, {Name: "a", Type: "blob"}, {Name: "b", Type: Choice}, {Name: "c", Type: Text, Options: []Option{{Value: "x"}}},
		{Name: "d", Type: Text, Protection: "password"}, {Name: "e", Type: Text, Silent: true, View: true},
		{Name: "f", Type: Choice, Options: []Option{{"x", "Y"}, {"y", ""}, {}}}, {Name: "d", Type: Text},
	}}.Validate()
	for _, want := range []string{
		"properties[0] (1x).name: want", "properties[1] (a).type", "properties[2] (b).options: a choice needs some", "properties[3] (c).options: only a choice",
		"properties[4] (d).protection", "properties[5] (e).silent", `properties[6] (f).options: "y" is there twice`, "properties[6] (f).options: a value is empty",
		`properties[7]: there is another property named "d"`,
	} {
		require.ErrorContains(t, err, want)
	}
	_, err = New(Config{Knowledge: pages, Settings: Settings{Properties: cardProperties}})
	require.ErrorContains(t, err, "CRM is no Editor")
	act, err := NewAction(updateName, "", func(context.Context, ActionCall, struct{}) (string, error) { return "", nil })
	require.NoError(t, err)
	_, err = New(Config{Knowledge: pages, CRM: newCard(), Actions: []Action{act}, Settings: Settings{Properties: cardProperties}})
	require.ErrorContains(t, err, `another action named "update_customer"`)
}

func TestCoerce(t *testing.T) {
	choice := Property{Type: Choice, Options: []Option{{"g", "Gold"}, {"1", ""}}}
	for _, test := range []struct {
		p        Property
		in       any
		language string
		want     any // nil if it does not fit
	}{
		{Property{Type: Number}, "1,234.50", "de", 1234.5}, {Property{Type: Number}, "1.234,50", "en", 1234.5},
		{Property{Type: Number}, "1,234", "en", 1234.0}, {Property{Type: Number}, "1,234", "de", 1.234},
		{Property{Type: Number}, "1.234", "en", 1.234}, {Property{Type: Number}, "1.234", "de", 1234.0}, {Property{Type: Number}, "0.500", "de", .5},
		{Property{Type: Number}, "1 234,5", "fr", 1234.5}, {Property{Type: Number}, "1’234.5", "de", 1234.5}, {Property{Type: Number}, "1.234.567", "en", 1234567.0},
		{Property{Type: Number}, "12,34,567", "en", nil}, {Property{Type: Number}, "1.2.3", "en", nil}, {Property{Type: Number}, "−5", "", -5.0},
		{Property{Type: Number}, "٤٢", "", 42.0}, {Property{Type: Number}, "five", "", nil}, {Property{Type: Number}, "", "", nil}, {Property{Type: Number}, "1e5", "", nil},
		{Property{Type: Number}, int64(7), "", 7.0}, {Property{Type: Number}, json.Number("7.5"), "", 7.5}, {Property{Type: Number}, true, "", nil},
		{Property{Type: Date}, "2026-03-31", "", "2026-03-31"}, {Property{Type: Date}, "31.3.2026", "en", "2026-03-31"}, {Property{Type: Date}, "3/4/2026", "en", nil},
		{Property{Type: Date}, "3/4/2026", "fr", "2026-04-03"}, {Property{Type: Date}, "3/31/2026", "en", "2026-03-31"}, {Property{Type: Date}, "31/3/2026", "en", "2026-03-31"},
		{Property{Type: Date}, "March 31st, 2026", "en", "2026-03-31"}, {Property{Type: Date}, "31. März 2026", "de", "2026-03-31"}, {Property{Type: Date}, "31 de marzo de 2026", "es", "2026-03-31"},
		{Property{Type: Date}, "1er août 2026", "fr", "2026-08-01"}, {Property{Type: Date}, "31 februari 2026", "nl", nil}, {Property{Type: Date}, "30.2.2026", "", nil}, {Property{Type: Date}, "31.3.26", "", nil},
		{Property{Type: Date}, time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC), "", "2026-03-31"}, {Property{Type: Date}, "tomorrow", "", nil},
		{Property{Type: DateTime}, "2026-03-31T10:00:00+02:00", "", "2026-03-31T08:00:00Z"}, {Property{Type: DateTime}, "2026-03-31 08:00", "", "2026-03-31T08:00:00Z"}, {Property{Type: DateTime}, "noon", "", nil},
		{Property{Type: Bool}, "Yes!", "", true}, {Property{Type: Bool}, "nein", "", false}, {Property{Type: Bool}, "Sí", "", true}, {Property{Type: Bool}, "não", "", false}, {Property{Type: Bool}, "ja", "", true},
		{Property{Type: Bool}, "oui", "", true}, {Property{Type: Bool}, "sim", "", true}, {Property{Type: Bool}, "perhaps", "", nil}, {Property{Type: Bool}, int64(1), "", true}, {Property{Type: Bool}, 2.0, "", nil},
		{choice, " GOLD ", "", "g"}, {choice, "g", "", "g"}, {choice, 1.0, "", "1"}, {choice, "bronze", "", nil},
		{Property{Type: Text}, " a\u200bb ", "", "ab"}, {Property{Type: Text}, 7.5, "", "7.5"}, {Property{Type: Text}, strings.Repeat("x", 2001), "", nil}, {Property{Type: Text}, []any{}, "", nil}, {Property{Type: Text}, nil, "", nil},
	} {
		got, err := test.p.Coerce(test.in, test.language)
		require.Equal(t, test.want == nil, err != nil, "%s %v: %v", test.p.Type, test.in, got)
		require.Equal(t, test.want, got, "%s %v in %q", test.p.Type, test.in, test.language)
	}
}

func FuzzCoerce(f *testing.F) {
	for _, s := range []string{"1,234.5", "31. März 2026", "3/4/2026", "ja", "Gold", "2026-03-31T10:00:00+02:00", "\xff٤"} {
		f.Add(s, "de")
	}
	f.Fuzz(func(t *testing.T, s, language string) {
		for _, p := range []Property{{Type: Text}, {Type: Number}, {Type: Date}, {Type: DateTime}, {Type: Bool}, {Type: Choice, Options: []Option{{"g", "Gold"}}}} {
			v, err := p.Coerce(s, language)
			if err != nil {
				require.Nil(t, v)
				continue
			}
			again, err := p.Coerce(v, "")
			require.NoError(t, err, "%s: %q became %v, which does not fit", p.Type, s, v)
			require.Equal(t, v, again)
		}
	})
}
