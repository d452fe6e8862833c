package retrieval

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

func knowledge(t testing.TB, docs ...Document) *Knowledge {
	k, err := New(t.Context(), Config{})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(), docs...))
	return k
}

func numbered(n int) []Document {
	docs := make([]Document, n)
	for i := range docs {
		docs[i] = Document{ID: fmt.Sprint("d", i), Title: fmt.Sprint("Pump ", i), Sections: []Section{
			{Text: fmt.Sprintf("Pump %d moves %d litres. It fits hose %d.", i, 3*i, 7*i)},
		}}
	}
	return docs
}

// TestChangesLeaveNoTrace compares an index after many changes, some of which
// made it compact itself, with one built of what is left.
func TestChangesLeaveNoTrace(t *testing.T) {
	docs := numbered(600)
	k := knowledge(t, docs...)
	for i := 0; i < len(docs); i += 100 {
		var ids []string
		for _, d := range docs[i : i+90] {
			ids = append(ids, d.ID)
		}
		require.NoError(t, k.Remove(t.Context(), ids...))
	}
	require.NoError(t, k.Add(t.Context(), docs[95]), "a replaced document moves to the end")
	require.Less(t, len(k.index.entries), 300, "dead passages are dropped once they are most")

	var left []Document
	for i := range docs {
		if i%100 >= 90 {
			left = append(left, docs[i])
		}
	}
	fresh := knowledge(t, left...)
	require.Equal(t, fresh.Len(), k.Len())
	require.Equal(t, maps.Collect(fresh.index.shards[everybody].grams.all()), maps.Collect(k.index.shards[everybody].grams.all()))
	for _, q := range []string{"pump 95", "hose", "litres 285", "pump 5"} {
		want, err := fresh.Retrieve(t.Context(), Query{Text: q, Limit: 50})
		require.NoError(t, err)
		got, err := k.Retrieve(t.Context(), Query{Text: q, Limit: 50})
		require.NoError(t, err)
		require.Equal(t, want.Hits, got.Hits, q)
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"password", "password", 0}, {"pasword", "password", 1}, {"passwrod", "password", 1},
		{"adress", "address", 1}, {"retrun", "return", 1}, {"kitten", "sitting", 3}, {"a", "abcdef", 3},
	} {
		require.Equal(t, tt.want, min(3, edits(tt.a, tt.b, 2)), "%s and %s", tt.a, tt.b)
		require.Equal(t, tt.want, min(3, edits(tt.b, tt.a, 2)), "%s and %s", tt.b, tt.a)
	}
}

func TestCorrect(t *testing.T) {
	k := knowledge(t, Document{ID: "d", Sections: []Section{{Text: "password shipping card E404 kettle kettles"}}})
	v := k.index.view(nil)
	for typed, want := range map[string]string{"passwodr": "password", "shiping": "ship", "crad": "card", "ketle": "kettl"} {
		got, ok := v.correct(languageOf("en").term(typed))
		require.True(t, ok, typed)
		require.Equal(t, want, got)
	}
	for _, typed := range []string{"cat", "e405", "weather"} {
		_, ok := v.correct(typed)
		require.False(t, ok, "%s has no near word", typed)
	}
}

func TestIndexFits(t *testing.T) {
	x := newIndex(true)
	batch := []*change{{records: make([]Record, 2)}, {records: make([]Record, 1)}}
	require.True(t, x.fits(batch))
	many := make([]Record, 1<<10)
	for range maxPassages >> 10 {
		batch = append(batch, &change{records: many})
	}
	require.False(t, x.fits(batch), "a posting has no room for the number of one passage more")
	require.True(t, x.fits(batch[2:]))
}
