package retrieval

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// compounds asks a base of three documents in a language, and returns the
// documents that it finds.
func compounds(t *testing.T, language, question string, texts map[string]string) []string {
	t.Helper()
	k, err := New(t.Context(), Config{Language: language})
	require.NoError(t, err)
	for id, text := range texts {
		require.NoError(t, k.Add(t.Context(), Document{ID: id, Language: language, Sections: []Section{{Text: text}}}))
	}
	res, err := k.Retrieve(t.Context(), Query{Text: question})
	require.NoError(t, err)
	var found []string
	for _, h := range res.Hits {
		found = append(found, h.Document)
	}
	return found
}

func TestCompounds(t *testing.T) {
	english := map[string]string{
		"cards": "A gift card cannot be replaced once it is gone.",
		"wraps": "We wrap your parcel in ribbon for a small fee.",
		"whole": "Choose a username of eight letters.",
	}
	german := map[string]string{
		"schutz": "Vor einer Infektion bieten Masken Schutz.",
		"reise":  "Hinweise zur Reise stehen auf dieser Seite.",
		"konto":  "Das Kundenkonto wird sofort geschlossen.",
	}
	for _, tt := range []struct {
		why, language, question, want string
		texts                         map[string]string
	}{
		{"a word that the content parts", "en", "lost my giftcard", "cards", english},
		{"words that the content joins", "en", "user name", "whole", english},
		{"letters between the parts", "de", "Infektionsschutz?", "schutz", german},
		{"an ending of the first part", "de", "Reisehinweise", "reise", german},
		{"words that the content joins", "de", "Kunden Konto", "konto", german},
	} {
		require.Equal(t, []string{tt.want}, compounds(t, tt.language, tt.question, tt.texts), "%s: %s", tt.why, tt.question)
	}
	require.Empty(t, compounds(t, "en", "giftshop", english), "one known part is not the word")
}

func TestCompoundsOfKnownWordsStayWhole(t *testing.T) {
	found := compounds(t, "en", "giftcard", map[string]string{"both": "A gift and a card.", "whole": "Every giftcard is valid for a year."})
	require.Equal(t, []string{"whole"}, found)
}
