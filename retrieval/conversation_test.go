package retrieval_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// zoo has the same three sections for each kind of ticket.
func zoo() []retrieval.Document {
	var docs []retrieval.Document
	for _, name := range []string{"Aquarium", "Planetarium", "Butterfly house"} {
		docs = append(docs, article(name, name,
			"Prices", "A ticket is 12 euros. Children under six are free.",
			"Opening hours", "The doors are open from nine to five, on Fridays until nine.",
			"Getting here", "Take tram 4 to the main gate. Parking is behind the building."))
	}
	return append(docs, article("account", "Your account", "Reset your password", "Follow the link on the sign-in page to reset your password."))
}

func TestAFollowUpIsAboutWhatWasSaid(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, zoo()...)
	for _, subject := range []string{"Aquarium", "Planetarium", "Butterfly house"} {
		before := []string{
			"Hello, I would like to visit the " + subject + ".",
			"Good choice! The doors are open from nine to five.",
		}
		for text, anchor := range map[string]string{
			"and for children?":         "prices",
			"What does a ticket cost?":  "prices",
			"when is it open":           "opening-hours",
			"Is there parking for it?":  "getting-here",
			"How do I get there, tram?": "getting-here",
		} {
			hit := retrieve(t, k, retrieval.Query{Text: text, Before: before}).Hits[0]
			require.Equal(t, []string{subject, anchor}, []string{hit.Document, hit.Anchor}, text)
		}
	}
}

func TestTheLatestSubjectIsMeant(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, zoo()...)
	before := []string{"When is the Aquarium open?", "From nine to five.", "And the Planetarium?", "The same hours."}
	require.Equal(t, "Planetarium", retrieve(t, k, retrieval.Query{Text: "What does a ticket cost?", Before: before}).Hits[0].Document)
}

func TestAFollowUpWithoutAWordOfItsOwn(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, zoo()...)
	q := retrieval.Query{Text: "And where is it?"}
	require.Empty(t, retrieve(t, k, q).Hits)
	q.Before = []string{"I would like to visit the Planetarium."}
	res := retrieve(t, k, q)
	require.Equal(t, "Planetarium", res.Hits[0].Document)
	require.Less(t, res.Answerable, 0.3, "what was said before does not make a question answerable")
}

func TestANewTopicIsHeard(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, append(zoo(), shop()...)...)
	before := []string{
		"When is the Aquarium open on Fridays, and what is a ticket?",
		"The doors of the Aquarium are open from nine to five, on Fridays until nine. A ticket is 12 euros.",
		"Is there parking behind the building of the Aquarium?",
		"Take tram 4 to the main gate. Parking is behind the building.",
	}
	for text, document := range map[string]string{
		"How do I reset my password?":   "account",
		"what does error E04 mean?":     "kettle",
		"when do refunds reach my card": "returns",
		"do you ship to Canada":         "shipping",
		"Descaling?":                    "kettle",
	} {
		q := retrieval.Query{Text: text}
		alone := retrieve(t, k, q)
		q.Before = before
		got := retrieve(t, k, q)
		require.Equal(t, document, got.Hits[0].Document, text)
		require.InDelta(t, alone.Answerable, got.Answerable, 0.2, "it is judged by its own words: %s", text)
	}
}

func TestAnswerableFollowUps(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, append(zoo(), shop()...)...)
	before := []string{"When is the Planetarium open?", "From nine to five, on Fridays until nine."}
	ask := func(text string) float64 {
		return retrieve(t, k, retrieval.Query{Text: text, Before: before}).Answerable
	}
	require.Greater(t, ask("and what does a ticket cost?"), 0.5)
	require.Less(t, ask("and is there a helicopter museum?"), 0.4, "the subject alone does not answer")
}

// What was said may be anything, and never adds what the asker may not see.
func TestWhatWasSaidIsOnlyWords(t *testing.T) {
	d := article("secret", "Aquarium sharks", "", "The sharks of the aquarium are fed on Mondays.")
	d.Audience = "staff"
	k := newKnowledge(t, retrieval.Config{}, append(zoo(), d)...)
	rapid.Check(t, func(t *rapid.T) {
		q := retrieval.Query{Text: rapid.String().Draw(t, "text"), Before: rapid.SliceOf(rapid.String()).Draw(t, "before"), Limit: 50}
		q.Before = append(q.Before, "sharks of the aquarium")
		res, err := k.Retrieve(t.Context(), q)
		require.NoError(t, err)
		for _, h := range res.Hits {
			require.NotEqual(t, "secret", h.Document)
		}
	})
}

func TestQuestionsThatSayAllAreLeftAlone(t *testing.T) {
	docs := shop()
	for i, word := range strings.Fields("amber birch cedar dune ember fjord grove heath inlet jetty knoll lagoon") {
		docs = append(docs, article(word, "About "+word, "", strings.Repeat(word+" ", i+1)))
	}
	k := newKnowledge(t, retrieval.Config{}, docs...)
	q := retrieval.Query{Text: "descaling citric acid kettle water boil rinse twice"}
	alone := retrieve(t, k, q)
	q.Before = []string{"amber birch", "cedar dune"}
	require.Equal(t, alone, retrieve(t, k, q))
}
