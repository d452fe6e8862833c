package retrieval_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// watched counts what a Knowledge asks of its embedder and its store.
type watched struct {
	retrieval.HashEmbedder
	*retrieval.MemoryStore
	texts []string // embedded
	puts  []string // documents
	// Calls of Put.
	transactions int
}

func (w *watched) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	w.texts = append(w.texts, texts...)
	return w.HashEmbedder.EmbedDocuments(ctx, texts)
}

func (w *watched) Put(ctx context.Context, documents ...retrieval.Changed) error {
	for _, d := range documents {
		w.puts = append(w.puts, d.Document)
	}
	w.transactions++
	return w.MemoryStore.Put(ctx, documents...)
}

// watch returns a filled base and what it has asked for since.
func watch(t *testing.T) (*retrieval.Knowledge, *watched) {
	w := &watched{MemoryStore: retrieval.NewMemoryStore()}
	k := newKnowledge(t, retrieval.Config{Store: w, Embedder: w}, shop()...)
	w.texts, w.puts = nil, nil
	return k, w
}

func TestAddOfTheSameDoesNothing(t *testing.T) {
	k, w := watch(t)
	require.NoError(t, k.Add(t.Context(), shop()...))
	require.Empty(t, w.puts, "what has not changed is not written")
	require.Empty(t, w.texts, "what has not changed is not embedded")
	docs := shop()
	for i := range docs {
		docs[i].Keywords, docs[i].Updated = []string{}, time.Time{}.In(time.FixedZone("", 3600))
	}
	require.NoError(t, k.Add(t.Context(), docs...))
	require.Empty(t, w.puts, "an empty list is none, and an instant the same in any zone")
}

func TestDocumentsAreStoredTogether(t *testing.T) {
	k, w := watch(t)
	require.Equal(t, 1, w.transactions)
	var docs []retrieval.Document
	for i := range 100 {
		d := retrieval.Document{ID: fmt.Sprint(i), Source: "manual"}
		for n := range 60 {
			d.Sections = append(d.Sections, retrieval.Section{Path: []string{fmt.Sprint("Step ", n)}, Text: fmt.Sprint("Do ", n, " of ", i)})
		}
		docs = append(docs, d)
	}
	require.NoError(t, k.Add(t.Context(), docs...))
	require.Len(t, w.puts, 100)
	require.Equal(t, 1+7, w.transactions, "some thousand passages at a time")
	got := k.Documents("manual")
	require.Len(t, got, 100)
	require.Subset(t, w.puts, got)
	require.Empty(t, k.Documents("other"))
}

func TestAddTouchesChangedPassagesOnly(t *testing.T) {
	k, w := watch(t)
	d := shop()[0]
	d.Sections[1].Text = "Print the label in the app."
	d.Sections = append(d.Sections, retrieval.Section{Path: []string{"Exchanges"}, Text: "We exchange items of another colour."})
	d.Sections[0], d.Sections[2] = d.Sections[2], d.Sections[0]
	require.NoError(t, k.Add(t.Context(), d))
	require.Equal(t, []string{"returns"}, w.puts)
	require.Len(t, w.texts, 2, "only new passages are embedded")
	require.Equal(t, retrieval.Split(d), k.Passages("returns"), "passages stand in their new order")
	fresh := newKnowledge(t, retrieval.Config{Embedder: retrieval.HashEmbedder{}}, append(shop()[1:], d)...)
	for _, q := range []string{"print the label", "refund times", "exchange colour", "prepaid label", "ship to Canada"} {
		require.Equal(t, retrieve(t, fresh, retrieval.Query{Text: q}).Hits, retrieve(t, k, retrieval.Query{Text: q}).Hits,
			"a base that was changed answers as one that was filled anew: %s", q)
	}
}

func TestAddChangesWhatIsKnownOfPassages(t *testing.T) {
	from := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	changes := map[string]func(d *retrieval.Document){
		"title":    func(d *retrieval.Document) { d.Title = "Postage" },
		"URL":      func(d *retrieval.Document) { d.URL = "https://help.example/new" },
		"source":   func(d *retrieval.Document) { d.Source = "crawl" },
		"language": func(d *retrieval.Document) { d.Language = "de" },
		"keywords": func(d *retrieval.Document) { d.Keywords = []string{"Canada", "post"} },
		"private":  func(d *retrieval.Document) { d.Private = true },
		"curated":  func(d *retrieval.Document) { d.Curated = true },
		"from":     func(d *retrieval.Document) { d.From = from },
		"updated":  func(d *retrieval.Document) { d.Updated = from },
		"anchor":   func(d *retrieval.Document) { d.Sections[1].Anchor = "track" },
		"audience": func(d *retrieval.Document) { d.Audience = "staff" },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			k, w := watch(t)
			d := shop()[1]
			change(&d)
			require.NoError(t, k.Add(t.Context(), d))
			require.Equal(t, []string{"shipping"}, w.puts, "what changed is written")
			hits := retrieve(t, k, retrieval.Query{Text: "tracking link Canada", Audiences: []string{"staff"}, Limit: 50}).Hits
			for _, p := range retrieval.Split(d) {
				require.True(t, slices.ContainsFunc(hits, func(h retrieval.Hit) bool { return h.ID == p.ID }))
			}
			require.Equal(t, retrieval.Split(d), k.Passages("shipping"), "a search sees what changed")
			require.NoError(t, k.Remove(t.Context(), "shipping"))
			require.Empty(t, k.Passages("shipping"))
		})
	}
	k, _ := watch(t)
	d := shop()[1]
	d.Until = from
	require.NoError(t, k.Add(t.Context(), d))
	for _, h := range retrieve(t, k, retrieval.Query{Text: "tracking link Canada", Limit: 50}).Hits {
		require.NotEqual(t, "shipping", h.Document, "a document that ends is not found any more")
	}
	d.Until, d.Audience = time.Time{}, "staff"
	require.NoError(t, k.Add(t.Context(), d))
	for _, h := range retrieve(t, k, retrieval.Query{Text: "tracking link Canada", Limit: 50}).Hits {
		require.NotEqual(t, "shipping", h.Document, "a document that moved to an audience is not found by others")
	}
}
