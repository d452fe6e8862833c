package retrieval_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

var (
	onTopic = []string{
		"How long do I have to return an item?", "how do I start a return", "refund times",
		"do you ship to Canada?", "how much is shipping", "track my parcel", "forgot password",
		"how do i reset my pasword", "How can I close my account?", "what does error E04 mean",
	}
	offTopic = []string{
		"do you ship to mars?", "what's the weather in Paris", "who won the world cup",
		"write me a poem about the sea", "what is the capital of france", "tell me a joke",
		"is bitcoin going up", "hello", "how many planets are there", "do you sell gift cards",
	}
)

func TestAnswerable(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	for _, q := range onTopic {
		require.Greater(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.6, q)
	}
	for _, q := range offTopic {
		require.Less(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.3, q)
	}
}

func TestAnswerableInTinyBases(t *testing.T) {
	docs := shop()
	for n := 1; n <= len(docs); n++ {
		k := newKnowledge(t, retrieval.Config{}, docs[:n]...)
		require.Greater(t, retrieve(t, k, retrieval.Query{Text: "when do refunds reach my card"}).Answerable, 0.6,
			"a base of %d documents answers", n)
		for _, q := range offTopic {
			require.Less(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.3, "%s, asked of %d documents", q, n)
		}
	}
}

func TestAnswerableOfNothing(t *testing.T) {
	r := retrieve(t, newKnowledge(t, retrieval.Config{}), retrieval.Query{Text: "How long do I have to return an item?"})
	require.Empty(t, r.Hits)
	require.Less(t, r.Answerable, 0.1, "an empty base answers nothing")
}

func TestAnswerableInOtherLanguages(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{},
		article("rueckgabe", "Rückgabe und Erstattung",
			"", "Sie können die meisten Artikel innerhalb von 30 Tagen nach der Lieferung zurückgeben.",
			"Erstattung", "Das Geld ist 5 bis 7 Werktage nach dem Eingang des Pakets auf Ihrem Konto."),
		article("versand", "Versandkosten", "", "Der Versand kostet 4,95 Euro und ist ab 50 Euro frei. Wir liefern nach Österreich."))
	for _, q := range []string{"Was kostet der Versand?", "Versandkosten nach Oesterreich", "Wann ist die Erstattung auf meinem Konto?"} {
		require.Greater(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.6, q)
	}
	for _, q := range []string{"Wie wird das Wetter in Paris?", "Wer hat die Wahl gewonnen?"} {
		require.Less(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.3, q)
	}
}

func TestAnswerableIsDeterministic(t *testing.T) {
	docs := shop()
	a := newKnowledge(t, retrieval.Config{}, docs...)
	b := newKnowledge(t, retrieval.Config{}, docs[2], docs[0], docs[3], docs[1])
	for _, q := range append(onTopic, offTopic...) {
		want := retrieve(t, a, retrieval.Query{Text: q})
		require.Equal(t, want, retrieve(t, a, retrieval.Query{Text: q}), "the same question has the same result")
		require.InDelta(t, want.Answerable, retrieve(t, b, retrieval.Query{Text: q}).Answerable, 1e-6,
			"the order in which documents came does not matter")
	}
}

func TestAnswerableFollowsTheContent(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	q := retrieval.Query{Text: "do you sell gift cards"}
	require.Less(t, retrieve(t, k, q).Answerable, 0.3)
	require.NoError(t, k.Add(t.Context(), article("gifts", "Gift cards", "", "We sell gift cards of $10 to $200.")))
	require.Greater(t, retrieve(t, k, q).Answerable, 0.6)
	for i := range 50 {
		require.NoError(t, k.Add(t.Context(), article(fmt.Sprint(i), fmt.Sprint("Part ", i), "", fmt.Sprintf("Part %d fits pump %d.", i, i*7))))
	}
	require.Greater(t, retrieve(t, k, q).Answerable, 0.6, "much new content does not hide it")
}
