package retrieval_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// secrets are documents that an asker without the audience must not notice, made
// to shift every statistic: words of the public ones, new words, long texts,
// another language, near misses of misspelled words.
func secrets() []retrieval.Document {
	var docs []retrieval.Document
	for i := range 40 {
		d := article(fmt.Sprint("secret", i), "Returns, shipping and pasword policy for staff",
			"", fmt.Sprintf("Staff may return any item within %d days. Canada parcels go by rail. Pasword resets cost money.", i),
			"Rückgabe", "Das ist nicht für die Kunden, und wir sagen es auch keinem von ihnen, wenn sie danach fragen.")
		d.Audience = []string{"staff", "partners"}[i%2]
		docs = append(docs, d)
	}
	return docs
}

// TestHiddenPassagesCannotBeNoticed compares a base with hidden passages with
// one that never had them: every result is the same to the last digit.
func TestHiddenPassagesCannotBeNoticed(t *testing.T) {
	plain := newKnowledge(t, retrieval.Config{}, shop()...)
	mixed := newKnowledge(t, retrieval.Config{}, secrets()[:20]...)
	require.NoError(t, mixed.Add(t.Context(), shop()...))
	require.NoError(t, mixed.Add(t.Context(), secrets()[20:]...))
	for _, q := range []string{
		"How long do I have to return an item?", "how do i reset my pasword", "do you ship to Canada?",
		"staff policy", "Rückgabe für Kunden", "money", "parcel by rail", "refund times",
	} {
		want := retrieve(t, plain, retrieval.Query{Text: q})
		require.Equal(t, want, retrieve(t, mixed, retrieval.Query{Text: q}), q)
		require.Equal(t, want, retrieve(t, mixed, retrieval.Query{Text: q, Audiences: []string{"strangers"}}), q)
	}
}

func TestAudiencesSeeTheirOwn(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, append(shop(), secrets()...)...)
	seen := map[string]bool{}
	for _, h := range retrieve(t, k, retrieval.Query{Text: "staff policy item", Limit: 200, Audiences: []string{"staff"}}).Hits {
		seen[h.Audience] = true
	}
	require.Equal(t, map[string]bool{"": true, "staff": true}, seen, "an asker sees everybody's passages and those of their audiences")
}

func TestPrivatePassagesAreFound(t *testing.T) {
	d := article("notes", "Internal notes", "", "Discount codes are valid on weekends.")
	d.Private = true
	k := newKnowledge(t, retrieval.Config{}, append(shop(), d)...)
	hits := retrieve(t, k, retrieval.Query{Text: "discount codes"}).Hits
	require.NotEmpty(t, hits)
	require.True(t, hits[0].Private, "a private passage informs answers and says that it is private")
}
