package ingest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// TestLabelsOfItemAndSource checks that a document has the narrower of what its
// item and its source say.
func TestLabelsOfItemAndSource(t *testing.T) {
	early, late := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	full := ingest.Labels{Language: "de", Audience: "staff", Private: true, Curated: true, From: late, Until: early, Keywords: []string{"k"}}
	for name, test := range map[string]struct{ item, source, want ingest.Labels }{
		"none":            {},
		"of the item":     {item: full, want: full},
		"of the source":   {source: full, want: full},
		"audience":        {item: ingest.Labels{Audience: "board"}, source: ingest.Labels{Audience: "staff"}, want: ingest.Labels{Audience: "board"}},
		"language":        {item: ingest.Labels{Language: "fr"}, source: ingest.Labels{Language: "de"}, want: ingest.Labels{Language: "fr"}},
		"the later from":  {item: ingest.Labels{From: late}, source: ingest.Labels{From: early}, want: ingest.Labels{From: late}},
		"the later start": {item: ingest.Labels{From: early}, source: ingest.Labels{From: late}, want: ingest.Labels{From: late}},
		"the first end":   {item: ingest.Labels{Until: late}, source: ingest.Labels{Until: early}, want: ingest.Labels{Until: early}},
		"the sooner end":  {item: ingest.Labels{Until: early}, source: ingest.Labels{Until: late}, want: ingest.Labels{Until: early}},
		"keywords":        {item: ingest.Labels{Keywords: []string{"a"}}, source: ingest.Labels{Keywords: []string{"b"}}, want: ingest.Labels{Keywords: []string{"a", "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKnowledge()
			p := newPipeline(t, k)
			require.NoError(t, p.Label(t.Context(), "push", test.source))
			_, err := p.Upsert(t.Context(), "push", ingest.Item{ID: "a", Open: open("text"), Labels: test.item})
			require.NoError(t, err)
			want := retrieval.Document{
				ID: "a", Source: "push", Title: "a", Sections: []retrieval.Section{{Text: "text"}},
				Language: test.want.Language, Audience: test.want.Audience, Private: test.want.Private, Curated: test.want.Curated,
				From: test.want.From, Until: test.want.Until, Keywords: test.want.Keywords,
			}
			require.Equal(t, want, k.docs["a"])
		})
	}
}

// TestContentThatIsPushedDecides checks that the version of what is pushed,
// which its sender may forget to change, hides no change.
func TestContentThatIsPushedDecides(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	for _, text := range []string{"one", "two"} {
		changed, err := p.Upsert(t.Context(), "push", ingest.Item{ID: "a", Version: "1", Open: open(text)})
		require.NoError(t, err)
		require.True(t, changed)
	}
	require.Equal(t, "two", k.texts()["a"])
}

// A strict store does nothing for a context that is done.
type strict struct{ *ingest.MemoryStore }

func (s strict) Apply(ctx context.Context, source string, u ingest.Update) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.MemoryStore.Apply(ctx, source, u)
}

// TestCalledOffIsNotFailed checks that a Sync that the host ends leaves its
// records and no failure.
func TestCalledOffIsNotFailed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	store := strict{ingest.NewMemoryStore()}
	p := newPipeline(t, newKnowledge(), oneWorker, func(c *ingest.Config) {
		c.Store = store
		c.Progress = func(p ingest.Progress) {
			if p.Done == 3 {
				cancel()
			}
		}
	})
	_, err := p.Sync(ctx, folder{"docs", map[string]string{"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}})
	require.ErrorIs(t, err, context.Canceled)
	records, err := p.Records(t.Context(), "docs")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(records), 3, "what was read is known")
	states, err := store.Sources(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]ingest.State{"docs": {}}, states, "a shutdown is no failure of the source")
}
