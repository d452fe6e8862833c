package retrieval_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// article is a document of one section under each heading. An empty heading
// stands for the text before the first one.
func article(id, title string, sections ...string) retrieval.Document {
	d := retrieval.Document{ID: id, Title: title, URL: "https://help.example/" + id}
	for i := 0; i < len(sections); i += 2 {
		s := retrieval.Section{Text: sections[i+1]}
		if h := sections[i]; h != "" {
			s.Path, s.Anchor = []string{h}, strings.ReplaceAll(strings.ToLower(h), " ", "-")
		}
		d.Sections = append(d.Sections, s)
	}
	return d
}

func shop() []retrieval.Document {
	return []retrieval.Document{
		article("returns", "Returns and refunds",
			"", "You can return most items within 30 days of delivery. Items must be unused.",
			"How to start a return", "Go to your orders, choose the item and click Return. We email a prepaid label within one hour.",
			"Refund times", "Refunds reach your card 5 to 7 business days after we receive the parcel."),
		article("shipping", "Shipping",
			"", "We ship to the United States and Canada. Standard shipping costs $4.95 and is free on orders above $50.",
			"Tracking", "You get a tracking link by email as soon as the parcel leaves our warehouse."),
		article("account", "Your account",
			"Reset your password", "Click Forgot password on the sign-in page and follow the link in the email. The link works for 24 hours.",
			"Close your account", "Write to support to close your account. Your data is deleted after 30 days."),
		article("kettle", "Model KX-200 kettle",
			"Descaling", "Fill the KX-200 with water and citric acid. Boil once, wait 20 minutes and rinse twice.",
			"Error E04", "E04 means that the kettle is empty. Fill it and press Reset."),
	}
}

func newKnowledge(t *testing.T, cfg retrieval.Config, docs ...retrieval.Document) *retrieval.Knowledge {
	t.Helper()
	k, err := retrieval.New(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(), docs...))
	return k
}

func retrieve(t *testing.T, k *retrieval.Knowledge, q retrieval.Query) retrieval.Result {
	t.Helper()
	r, err := k.Retrieve(t.Context(), q)
	require.NoError(t, err)
	return r
}

func TestRetrieveFindsTheSection(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	tests := []struct{ question, document, anchor string }{
		{"How long do I have to return an item?", "returns", ""},
		{"how do I start a return", "returns", "how-to-start-a-return"},
		{"do you ship to Canada?", "shipping", ""},
		{"forgot password", "account", "reset-your-password"},
		{"how do i reset my pasword", "account", "reset-your-password"},
		{"TRACKING", "shipping", "tracking"},
		{"kx200 descaling", "kettle", "descaling"},
		{"what does E04 mean", "kettle", "error-e04"},
		{"shipping cost 4.95", "shipping", ""},
	}
	for _, tt := range tests {
		t.Run(tt.question, func(t *testing.T) {
			hits := retrieve(t, k, retrieval.Query{Text: tt.question}).Hits
			require.NotEmpty(t, hits)
			require.Equal(t, tt.document, hits[0].Document)
			require.Equal(t, tt.anchor, hits[0].Anchor)
			require.Equal(t, "https://help.example/"+tt.document, hits[0].URL)
		})
	}
}

func TestRetrieveLimit(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{})
	for i := range 20 {
		require.NoError(t, k.Add(t.Context(), article(fmt.Sprint(i), "Shipping", "", fmt.Sprintf("Shipping rule %d.", i))))
	}
	require.Len(t, retrieve(t, k, retrieval.Query{Text: "shipping"}).Hits, 8, "a limit of zero means 8")
	hits := retrieve(t, k, retrieval.Query{Text: "shipping", Limit: 15}).Hits
	require.Len(t, hits, 15)
	for i := 1; i < len(hits); i++ {
		require.GreaterOrEqual(t, hits[i-1].Score, hits[i].Score, "hits are ordered best first")
	}
}

func TestRetrieveOddQuestions(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	for name, q := range map[string]string{
		"empty":         "",
		"spaces":        " \n\t ",
		"stop words":    "can you do it for me",
		"unknown words": "xyzzy plugh",
		"punctuation":   "?!?",
		"invalid UTF-8": "\xff\xfe\x80",
	} {
		t.Run(name, func(t *testing.T) {
			r := retrieve(t, k, retrieval.Query{Text: q})
			require.Empty(t, r.Hits)
			require.Less(t, r.Answerable, 0.1)
		})
	}
	long := retrieve(t, k, retrieval.Query{Text: strings.Repeat("return label email parcel ", 400)})
	require.NotEmpty(t, long.Hits, "a question of 10,000 characters is answered")
}

func TestSpansPointAtTheSentence(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	hit := retrieve(t, k, retrieval.Query{Text: "how long does the password link work"}).Hits[0]
	require.NotEmpty(t, hit.Spans)
	s := hit.Spans[0]
	require.Equal(t, "The link works for 24 hours.", hit.Text[s.Start:s.End])
}

func TestAddReplacesAndRemoveDeletes(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	before := k.Len()
	require.NoError(t, k.Add(t.Context(), article("shipping", "Shipping", "", "We ship to Norway.")))
	require.Equal(t, before-1, k.Len(), "Add replaces all passages of a document of the same ID")
	require.Equal(t, "We ship to Norway.", retrieve(t, k, retrieval.Query{Text: "ship to Norway"}).Hits[0].Text)
	require.Empty(t, retrieve(t, k, retrieval.Query{Text: "Canada"}).Hits, "the old text is not found any more")

	require.NoError(t, k.Remove(t.Context(), "shipping", "unknown"), "unknown documents are ignored")
	require.Empty(t, retrieve(t, k, retrieval.Query{Text: "Norway"}).Hits)
	require.NoError(t, k.Add(t.Context(), article("returns", "Returns")))
	for _, h := range retrieve(t, k, retrieval.Query{Text: "return refund"}).Hits {
		require.NotEqual(t, "returns", h.Document, "a document without text keeps no passages")
	}
}

func TestPassagesOfADocument(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	require.Equal(t, retrieval.Split(shop()[0]), k.Passages("returns"), "passages are held in order")
	require.Nil(t, k.Passages("unknown"))
	require.NoError(t, k.Remove(t.Context(), "returns"))
	require.Nil(t, k.Passages("returns"), "nothing is held of what was removed")
}

func TestAddSameDocumentTwice(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{},
		article("a", "Old", "", "Old opening hours."), article("a", "New", "", "New opening hours."))
	require.Equal(t, 1, k.Len(), "of one document twice in a call, the last stays")
	require.Equal(t, "New", retrieve(t, k, retrieval.Query{Text: "opening hours"}).Hits[0].Title)
}

func TestAddWithoutID(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{})
	err := k.Add(t.Context(), article("a", "A", "", "Text."), retrieval.Document{Title: "No ID"})
	require.ErrorIs(t, err, retrieval.ErrNoID)
	require.Zero(t, k.Len(), "nothing is added when a document is at fault")
}

func TestPassagesOutliveTheProcess(t *testing.T) {
	store := retrieval.NewMemoryStore()
	k := newKnowledge(t, retrieval.Config{Store: store}, shop()...)
	require.NoError(t, k.Remove(t.Context(), "kettle"))
	again := newKnowledge(t, retrieval.Config{Store: store})
	require.Equal(t, k.Len(), again.Len())
	for _, q := range []string{"start a return", "close account", "tracking parcel", "kettle"} {
		require.Equal(t, retrieve(t, k, retrieval.Query{Text: q}), retrieve(t, again, retrieval.Query{Text: q}),
			"a base that was loaded answers as the one that was filled")
	}
}

func TestWordsOnly(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{WordsOnly: true}, shop()...)
	hits := retrieve(t, k, retrieval.Query{Text: "how do i reset my pasword"}).Hits
	require.NotEmpty(t, hits)
	require.Equal(t, "reset-your-password", hits[0].Anchor, "words are respelled without n-grams as well")
	for _, q := range onTopic {
		require.Greater(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.5, q)
	}
	for _, q := range offTopic {
		require.Less(t, retrieve(t, k, retrieval.Query{Text: q}).Answerable, 0.4, q)
	}
}

// faulty is a store that fails to keep the documents named.
type faulty struct {
	*retrieval.MemoryStore
	fail map[string]bool
}

var errDisk = errors.New("disk full")

func (f faulty) Put(ctx context.Context, documents ...retrieval.Changed) error {
	for _, d := range documents {
		if f.fail[d.Document] {
			return errDisk
		}
	}
	return f.MemoryStore.Put(ctx, documents...)
}

func (f faulty) Delete(ctx context.Context, documents ...string) error { return errDisk }

func TestWhatIsNotStoredIsNotShown(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{Store: faulty{retrieval.NewMemoryStore(), map[string]bool{"account": true}}})
	for _, d := range shop() {
		if d.ID != "account" {
			require.NoError(t, k.Add(t.Context(), d))
		}
	}
	require.ErrorIs(t, k.Add(t.Context(), shop()...), errDisk)
	require.NotEmpty(t, retrieve(t, k, retrieval.Query{Text: "tracking"}).Hits, "what was stored before is kept")
	require.Empty(t, retrieve(t, k, retrieval.Query{Text: "password"}).Hits, "what is not stored is not searchable")
	require.ErrorIs(t, k.Remove(t.Context(), "returns"), errDisk)
	require.NotEmpty(t, retrieve(t, k, retrieval.Query{Text: "refund"}).Hits, "what is still stored stays searchable")
}

func TestContextDone(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := k.Retrieve(ctx, retrieval.Query{Text: "return"})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, k.Add(ctx, article("x", "X", "", "Text.")), context.Canceled)
	require.ErrorIs(t, k.Remove(ctx, "returns"), context.Canceled)
}

func TestConcurrentUse(t *testing.T) {
	k := newKnowledge(t, retrieval.Config{}, shop()...)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 20 {
				id := fmt.Sprint("doc", w)
				if err := k.Add(t.Context(), article(id, "Opening hours", "", fmt.Sprint("We open at ", i), "Closing", fmt.Sprint("We close at ", i))); err != nil {
					t.Error(err)
				}
				if i%5 == 4 {
					if err := k.Remove(t.Context(), id); err != nil {
						t.Error(err)
					}
				}
			}
		})
		wg.Go(func() {
			for range 20 {
				r, err := k.Retrieve(t.Context(), retrieval.Query{Text: "opening hours return"})
				if err != nil || len(r.Hits) == 0 {
					t.Error("a search during changes failed:", err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, newKnowledge(t, retrieval.Config{}, shop()...).Len(), k.Len())
}
