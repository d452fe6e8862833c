package retrieval

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// signals returns the signals of a question by name.
func signals(t *testing.T, k *Knowledge, text string) (map[string]float64, Result) {
	t.Helper()
	r, err := k.Retrieve(t.Context(), Query{Text: text})
	require.NoError(t, err)
	out := make(map[string]float64)
	for _, s := range r.Signals {
		require.NotEmpty(t, s.Name, "every signal has a name")
		require.False(t, math.IsNaN(s.Value) || math.IsInf(s.Value, 0), s.Name)
		out[s.Name] = s.Value
	}
	require.Len(t, out, int(featureCount), "names are unique")
	return out, r
}

func kettles(t *testing.T) *Knowledge {
	t.Helper()
	return knowledge(t,
		Document{ID: "a", Title: "Kettles", Sections: []Section{{Text: "Our steel kettle boils a litre in Norway. It weighs 900 grams. The lid of the glass kettle lifts off for cleaning."}}},
		Document{ID: "b", Title: "Lids", Sections: []Section{{Text: "Spare lids cost four euros and fit each pan that we sell."}}},
		Document{ID: "c", Title: "Parcels", Sections: []Section{{Text: "Parcels leave the warehouse on the next working day."}}})
}

func TestSignalsExplainAnswerable(t *testing.T) {
	_, r := signals(t, kettles(t), "does the lid of the glass kettle lift off")
	near, far := 0.0, 0.0
	for _, s := range r.Signals {
		near += s.Value * s.Near
		far += s.Value * s.Far
	}
	require.InDelta(t, r.Evidence.Near, near, 1e-9, "the evidence rests on the signals alone")
	require.InDelta(t, r.Evidence.Far, far, 1e-9)
	require.Equal(t, r.Answerable, r.Evidence.Answerable(Mix{}), "and Answerable on the evidence")
}

func TestSignals(t *testing.T) {
	k := kettles(t)
	in, _ := signals(t, k, "does the lid of the glass kettle lift off")
	over, _ := signals(t, k, "does the glass of the steel lid clean a litre")
	require.Greater(t, in["sentence"], over["sentence"], "words of one sentence say more than those of several")
	require.Greater(t, in["phrases"], over["phrases"], "words in the content's order say more")
	require.Greater(t, in["lead"], 0.0)
	there, _ := signals(t, k, "which kettle boils in Norway")
	away, _ := signals(t, k, "which kettle boils in Sweden")
	require.Zero(t, there["nameless"])
	require.Positive(t, away["nameless"], "a name that the passage lacks counts")
	require.Positive(t, away["strange"])
	number, _ := signals(t, k, "is there a kettle of 700 grams")
	require.Positive(t, number["nameless"], "and so does a number")
}

func TestAkinWords(t *testing.T) {
	k := knowledge(t,
		Document{ID: "a", Title: "Albums", Sections: []Section{{Text: "An album holds sixty photographs, and Änderungen a few more."}}},
		Document{ID: "b", Title: "Parcels", Sections: []Section{{Text: "Parcels leave the warehouse on the next working day."}}})
	for text, akin := range map[string]bool{
		"can an album hold a photo":         true,  // as many letters as it takes
		"can an album hold a phot":          false, // too few
		"can an album hold photographs":     false, // the passage has the very word
		"can an album hold a phonograph":    false, // begins otherwise
		"can an album hold an änderbarkeit": true,  // whatever its accents
		"can an album hold a telephoto":     false, // ends so
	} {
		got, _ := signals(t, k, text)
		require.Equal(t, akin, got["akin"] > 0, text)
	}
}

func TestSignalsWithoutGrams(t *testing.T) {
	k, err := New(t.Context(), Config{WordsOnly: true})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(),
		Document{ID: "a", Title: "Kettles", Sections: []Section{{Text: "The lid of the glass kettle lifts off for cleaning."}}},
		Document{ID: "b", Title: "Lids", Sections: []Section{{Text: "Spare lids cost four euros."}}}))
	in, _ := signals(t, k, "lid of the glass kettle")
	require.Positive(t, in["n-gram lead"], "answerability reads n-grams though the ranking does without")
	require.Positive(t, in["nearby"])
}

func TestSignalsOfNothing(t *testing.T) {
	for _, text := range []string{"where is it?", "xyzzy plugh"} {
		f, r := signals(t, kettles(t), text)
		require.Equal(t, 1.0, f["strange"], text)
		require.Less(t, r.Answerable, 0.3, text)
	}
}

func TestNames(t *testing.T) {
	l := languageOf("en")
	for text, want := range map[string][]string{
		"Do you ship to Norway?":              {"norway"},
		"Do you ship? Norway is where I live": nil, // a sentence starts with it
		"DO YOU SHIP TO NORWAY":               nil,
		"is the E04 error bad":                {"e04"},
		"within 30 days":                      {"30"},
		"":                                    nil,
	} {
		got := names(text, l)
		for _, w := range want {
			require.True(t, got[l.term(w)], "%q in %q", w, text)
		}
		require.LessOrEqual(t, len(got), len(want)+1, text) // a stop word has no stem
	}
}
