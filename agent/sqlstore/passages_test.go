package sqlstore_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func allPassages(t *testing.T, s retrieval.Store) []retrieval.Record {
	t.Helper()
	var all []retrieval.Record
	for r, err := range s.All(t.Context()) {
		require.NoError(t, err)
		all = append(all, r)
	}
	return all
}

func record(document string, i int, vector []float32) retrieval.Record {
	return retrieval.Record{Passage: retrieval.Passage{
		ID: fmt.Sprint(document, "#", i), Document: document, Title: "größe \x00", Path: []string{"a", "b"},
		Text: fmt.Sprint("text ", i), Private: true, Updated: start,
	}, Vector: vector}
}

func TestPassagesComeBackInOrder(t *testing.T) {
	d := open(t, temp(t))
	s, other := tenant(t, d, "a").Passages(), tenant(t, d, "b").Passages()
	var want []retrieval.Record
	for i := range 12 {
		want = append(want, record("one", i, []float32{float32(i), math.MaxFloat32, float32(math.Inf(-1)), 1e-45}))
	}
	want = append(want, record("two", 0, nil))
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "two", Records: want[12:]}))
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "one", Records: append(want[:5:5], want[:12]...)}))
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "one", Records: want[:12]}))
	require.Equal(t, want, allPassages(t, s))
	require.Empty(t, allPassages(t, other))
	require.NoError(t, other.Delete(t.Context(), "one"))
	require.NoError(t, s.Delete(t.Context(), "unknown", "one"))
	require.Equal(t, want[12:], allPassages(t, s))
}

func TestDamagedPassagesAreNamed(t *testing.T) {
	path := temp(t)
	s := tenant(t, open(t, path), "t").Passages()
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "doc", Records: []retrieval.Record{record("doc", 0, []float32{1})}}))
	db := openRaw(t, path)
	for _, test := range []struct{ damage, want string }{
		{"UPDATE frontdesk_passage SET body = '{'", "sqlstore: a passage of document doc is damaged: "},
		{"UPDATE frontdesk_passage SET vector = x'00'", "sqlstore: a vector of 1 bytes is damaged"},
	} {
		_, err := db.ExecContext(t.Context(), test.damage)
		require.NoError(t, err)
		for _, err := range s.All(t.Context()) {
			require.ErrorContains(t, err, test.want)
		}
	}
}
