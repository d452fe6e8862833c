package retrieval_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// shortAnswer is a document that answers the question that is its title.
func shortAnswer(question, answer string) retrieval.Document {
	d := article("short/"+question, question, "", answer)
	d.Curated = true
	return d
}

func TestACuratedAnswerToTheSameQuestionGoesFirst(t *testing.T) {
	docs := append(shop(),
		shortAnswer("How long does a refund take?", "Three days at most since the first of May."),
		article("refunds", "How long does a refund take?", "", "A refund takes how long? A refund takes long. How long a refund takes depends on the refund."))
	k := newKnowledge(t, retrieval.Config{}, docs...)
	for _, q := range []string{
		"How long does a refund take?", "how long does a refund take", "How long do refunds take?", "refund - how long does it take??",
		"How lomg does a refund taek?",
	} {
		require.Equal(t, "short/How long does a refund take?", retrieve(t, k, retrieval.Query{Text: q}).Hits[0].Document, q)
	}
}

func TestACuratedAnswerOfNoContentWords(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, append(shop(), shortAnswer("What about Sundays?", "We are closed."))...)
	require.Equal(t, "short/What about Sundays?", retrieve(t, k, retrieval.Query{Text: "what about sundays"}).Hits[0].Document)
}

func TestAWeakMatchIsNotDraggedUp(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, append(shop(),
		shortAnswer("Can I return a gift card?", "No."),
		shortAnswer("How do I start a business account?", "Write to us."),
		shortAnswer("Where is the parcel shop?", "In Main Street."))...)
	for q, document := range map[string]string{
		"how do I start a return":         "returns",
		"do you ship to Canada?":          "shipping",
		"Where is the link to my parcel?": "shipping",
		"How do I close my account?":      "account",
	} {
		require.Equal(t, document, retrieve(t, k, retrieval.Query{Text: q}).Hits[0].Document, q)
	}
}

func TestCuratedGoesFirstAmongEquals(t *testing.T) {
	same := article("a", "Delivery on Sundays", "", "We deliver parcels on Sundays in December.")
	curated := same
	curated.ID, curated.Curated = "z", true
	k := newKnowledge(t, retrieval.Config{}, append(shop(), same, curated)...)
	require.Equal(t, "z", retrieve(t, k, retrieval.Query{Text: "which parcels come in December"}).Hits[0].Document)
}

func TestAPassageHoldsFromItsMomentToItsMoment(t *testing.T) {
	from := time.Date(2026, 12, 1, 9, 0, 0, 0, time.FixedZone("", 3600))
	until := from.Add(48 * time.Hour)
	sale := shortAnswer("When is the winter sale?", "The winter sale is on.")
	sale.From, sale.Until = from, until
	starts, ends := shortAnswer("When is the spring sale?", "Spring."), shortAnswer("When is the autumn sale?", "Autumn.")
	starts.From, ends.Until = from, until
	now := from
	k := newKnowledge(t, retrieval.Config{Now: func() time.Time { return now }}, append(shop(), sale, starts, ends)...)
	for _, tt := range []struct {
		at   time.Time
		want []string
	}{
		{from.Add(-1), []string{ends.ID}},
		{from, []string{ends.ID, sale.ID, starts.ID}},
		{from.UTC(), []string{ends.ID, sale.ID, starts.ID}},
		{until.Add(-1), []string{ends.ID, sale.ID, starts.ID}},
		{until, []string{starts.ID}},
		{time.Time{}, []string{ends.ID}},
	} {
		now = tt.at
		var got []string
		for _, h := range retrieve(t, k, retrieval.Query{Text: "winter spring autumn sale", Limit: 50}).Hits {
			got = append(got, h.Document)
		}
		require.ElementsMatch(t, tt.want, got, tt.at)
	}
}

func TestAPassageHoldsByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sale := shortAnswer("When is the winter sale?", "The winter sale is on.")
		sale.Until = time.Now().Add(time.Hour)
		k := newKnowledge(t, retrieval.Config{}, append(shop(), sale)...)
		q := retrieval.Query{Text: "winter sale"}
		require.NotEmpty(t, retrieve(t, k, q).Hits)
		time.Sleep(time.Hour)
		require.Empty(t, retrieve(t, k, q).Hits)
	})
}

func TestValidityMayChange(t *testing.T) {
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	store := retrieval.NewMemoryStore()
	cfg := retrieval.Config{Store: store, Now: func() time.Time { return now }}
	k := newKnowledge(t, cfg, shop()...)
	sale, q := shortAnswer("When is the winter sale?", "The winter sale is on."), retrieval.Query{Text: "winter sale"}
	for _, until := range []time.Time{{}, now, now.Add(1), now.Add(-1), {}} {
		sale.Until = until
		require.NoError(t, k.Add(t.Context(), sale))
		holds := until.IsZero() || now.Before(until)
		require.Equal(t, holds, len(retrieve(t, k, q).Hits) > 0, "until %v", until)
		require.Equal(t, holds, len(retrieve(t, newKnowledge(t, cfg), q).Hits) > 0, "it is kept: until %v", until)
	}
}

func TestWhatHasEndedIsNotFoundByItsVector(t *testing.T) {
	now := time.Now()
	d := article("old", "Refund money", "", "Refund money back.")
	d.Until = now
	k := newKnowledge(t, retrieval.Config{Embedder: topics{}, Now: func() time.Time { return now }}, append(shop(), d)...)
	for _, h := range retrieve(t, k, retrieval.Query{Text: "money", Limit: 50}).Hits {
		require.NotEqual(t, "old", h.Document)
	}
}
