package retrieval

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

func first(t *testing.T, k *Knowledge, text string) Hit {
	t.Helper()
	res, err := k.Retrieve(t.Context(), Query{Text: text})
	require.NoError(t, err)
	require.NotEmpty(t, res.Hits, text)
	return res.Hits[0]
}

func TestAnswersOfTheKindAskedForGoFirst(t *testing.T) {
	k := knowledge(t, Document{ID: "returns", Title: "Returns policy", Sections: []Section{
		{Path: []string{"Condition"}, Anchor: "condition", Text: "You can return an item that is unused. Return the item in its box, and return every part of the item."},
		{Path: []string{"How long you have"}, Anchor: "time", Text: "You can return an item within 60 days of delivery."},
		{Path: []string{"Postage"}, Anchor: "cost", Text: "To return an item by post takes our label, which is £3.95 an item."},
	}})
	for text, anchor := range map[string]string{
		"How long do I have to return an item?":      "time",
		"How long do I have to return something?":    "time",
		"How long do I have to send something back?": "time",
		"How much is it to return an item?":          "cost",
	} {
		require.Equal(t, anchor, first(t, k, text).Anchor, text)
	}
}

func TestKindsOfAnswers(t *testing.T) {
	for _, tt := range []struct {
		tag, question, yes, no string
		kind                   kind
	}{
		{"en", "Until when can I return it?", "Returns are open until 31 January.", "Returns are open.", duration},
		{"en", "how much is shipping", "It costs £4.95.", "It is cheap.", amount},
		{"en", "how many users can I have", "A plan has 5 users.", "A plan has users.", figure},
		{"de", "Wie lange dauert der Versand?", "Er dauert 3 bis 5 Werktage.", "Er dauert nicht lange.", duration},
		{"fr", "Combien de temps pour un retour ?", "Vous avez 30 jours.", "Vous avez le temps.", duration},
		{"es", "¿Cuánto cuesta el envío?", "El envío es gratis.", "El envío es rápido.", amount},
		{"it", "Quanti giorni ho per il reso?", "Hai 14 giorni.", "Hai tempo.", duration},
		{"nl", "Wat kost de verzending?", "Dat is 5 euro.", "Dat is snel.", amount},
		{"pt", "Até quando posso devolver?", "Até 30 dias.", "Até breve.", duration},
		{"en", "where is my parcel", "", "", anything},
		{"sv", "Hur länge dröjer det?", "", "", anything},
	} {
		w := languageOf(tt.tag).wants
		require.Equal(t, tt.kind, w.asked(tokenize(tt.question)), tt.question)
		if tt.kind != anything {
			require.True(t, w.hold(tt.kind, tt.yes), tt.yes)
			require.False(t, w.hold(tt.kind, tt.no), tt.no)
		}
	}
}

func TestBarePassagesDoNotWin(t *testing.T) {
	k := knowledge(t,
		Document{ID: "a", Title: "Help", Sections: []Section{{Path: []string{"Links"}, Anchor: "links", Text: "- Gift card balance\n- Contact us\n- Terms of sale and delivery"}}},
		Document{ID: "b", Title: "Help", Sections: []Section{{Path: []string{"Paying"}, Anchor: "paying", Text: "Enter the code of a gift card at the checkout to see its balance."}}})
	require.Equal(t, "paying", first(t, k, "gift card balance").Anchor, "a list of links does not answer")
	for text, want := range map[string]bool{
		"Domains": true, "- One page\n- Another page of the help centre": true,
		"We take these cards:\n- Visa\n- Mastercard": false, "1. Open the settings\n2. Choose a card there": false,
		"A sentence that says what the customer asked.": false,
	} {
		require.Equal(t, want, bare(text), text)
	}
}

func TestTheDocumentCounts(t *testing.T) {
	k := knowledge(t,
		Document{ID: "one", Title: "Kettle", Sections: []Section{{Path: []string{"Use"}, Text: "The filter of the kettle keeps limescale out of your cup."}}},
		Document{ID: "two", Title: "Kettle", Sections: []Section{
			{Path: []string{"Use"}, Text: "The filter of the kettle keeps limescale out of your tea."},
			{Path: []string{"Care"}, Text: "Rinse the filter of the kettle every week to keep limescale away."}}})
	require.Equal(t, "two", first(t, k, "kettle filter limescale").Document, "of equal passages that of the document with more goes first")
}

func TestKeywordsAreSearchedAndNeverQuoted(t *testing.T) {
	d := Document{ID: "security", Title: "Suspicious activity", Keywords: []string{"hacked", "account takeover"},
		Sections: []Section{{Text: "Change your password at once and write to us about what you saw."}}}
	k := knowledge(t, d, Document{ID: "other", Title: "Shipping", Sections: []Section{{Text: "We ship to Canada and Norway by rail."}}})
	h := first(t, k, "I was hacked")
	require.Equal(t, "security", h.Document)
	require.Equal(t, d.Keywords, h.Keywords, "passages carry the keywords of their document")
	require.Equal(t, d.Sections[0].Text, h.Text)
	require.Empty(t, h.Spans, "no sentence matches by a keyword")
	require.NoError(t, k.Remove(t.Context(), "security", "other"))
	require.Empty(t, maps.Collect(k.index.shards[everybody].grams.all()), "what keywords add is counted out again")
}

func TestWordsOfLikeMeaning(t *testing.T) {
	k := knowledge(t,
		Document{ID: "end", Title: "Ending your contract", Sections: []Section{{Text: "You can terminate at any time in the settings of your team."}}},
		Document{ID: "ship", Title: "Postage", Sections: []Section{{Text: "Parcels leave our warehouse every day by noon."}}})
	require.Equal(t, "end", first(t, k, "how do I cancel").Document)
	require.Equal(t, "ship", first(t, k, "delivery").Document)
	require.Contains(t, alikeEnglish["sign in"], "login", "a phrase has others")
	require.Contains(t, alikeEnglish["2fa"], "factor", "and is found by its longest word")
	require.Greater(t, alikeWeight, 0.0)
	require.Less(t, alikeWeight, 1.0, "a word itself counts for more")
}
