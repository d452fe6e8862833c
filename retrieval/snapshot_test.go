package retrieval

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// keeper is a store that keeps snapshots, in memory.
type keeper struct {
	*MemoryStore
	generation, saved int64
	changes           map[string]int64
	parts             [][]byte
	scans             int // calls of All
}

func newKeeper() *keeper {
	return &keeper{MemoryStore: NewMemoryStore(), changes: make(map[string]int64)}
}

func (s *keeper) note(err error, documents ...string) error {
	if err == nil {
		s.generation++
		for _, d := range documents {
			s.changes[d] = s.generation
		}
	}
	return err
}

func (s *keeper) Put(ctx context.Context, documents ...Changed) error {
	names := make([]string, len(documents))
	for i, d := range documents {
		names[i] = d.Document
	}
	return s.note(s.MemoryStore.Put(ctx, documents...), names...)
}

func (s *keeper) Delete(ctx context.Context, documents ...string) error {
	return s.note(s.MemoryStore.Delete(ctx, documents...), documents...)
}

func (s *keeper) All(ctx context.Context) iter.Seq2[Record, error] {
	s.scans++
	return s.MemoryStore.All(ctx)
}

func (s *keeper) Changes(_ context.Context, since int64) (int64, []Changed, error) {
	var out []Changed
	for d, g := range s.changes {
		if g > since {
			out = append(out, Changed{d, s.records[d]})
		}
	}
	return s.generation, out, nil
}

func (s *keeper) SaveSnapshot(_ context.Context, generation int64, parts iter.Seq[[]byte]) error {
	s.saved, s.parts = generation, nil
	for p := range parts {
		s.parts = append(s.parts, bytes.Clone(p))
	}
	return nil
}

func (s *keeper) Snapshot(context.Context) (int64, iter.Seq2[[]byte, error], error) {
	return s.saved, sequence(s.parts), nil
}

func sequence(parts [][]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, p := range parts {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// mixed are documents that use all that a snapshot keeps.
func mixed() []Document {
	docs := numbered(40)
	for i := range docs {
		d := &docs[i]
		d.Source, d.URL, d.Keywords = "files", "https://help.example/"+d.ID, []string{"Hydraulik"}
		d.Sections = append(d.Sections, Section{
			Path: []string{"Care", "Oil"}, Anchor: "oil", Text: fmt.Sprintf("Oil pump %d once a year, and check the seal.", i),
		})
		switch i % 4 {
		case 1:
			d.Audience, d.Private = "staff", true
		case 2:
			d.Language, d.Curated = "de", true
		case 3:
			d.From, d.Until = time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC), time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	return docs
}

// requireAlike asks two bases the same.
func requireAlike(t *testing.T, want, got *Knowledge) {
	t.Helper()
	require.Equal(t, want.Len(), got.Len())
	for _, q := range []Query{
		{Text: "pump 13"}, {Text: "how often do I oil the pump"}, {Text: "hydraulik dichtung", Limit: 50},
		{Text: "pumpe seal", Audiences: []string{"staff"}, Limit: 100},
	} {
		a, err := want.Retrieve(t.Context(), q)
		require.NoError(t, err)
		b, err := got.Retrieve(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, a, b, q.Text)
	}
}

func TestSnapshotIsTheIndex(t *testing.T) {
	for _, cfg := range []Config{{}, {WordsOnly: true}, {Embedder: HashEmbedder{}}, {Language: "nl"}} {
		store := newKeeper()
		cfg.Store = store
		k, err := New(t.Context(), cfg)
		require.NoError(t, err)
		require.NoError(t, k.Add(t.Context(), mixed()...))
		require.NoError(t, k.Remove(t.Context(), "d3", "d5"))
		require.NoError(t, k.Save(t.Context()))
		store.scans = 0
		again, err := New(t.Context(), cfg)
		require.NoError(t, err)
		require.Zero(t, store.scans, "a start reads the snapshot and not the passages")
		requireAlike(t, k, again)
		for _, d := range mixed() {
			require.Equal(t, k.Passages(d.ID), again.Passages(d.ID), "a document has its passages in order")
		}
		require.NoError(t, again.Add(t.Context(), mixed()[3]))
		require.NoError(t, again.Remove(t.Context(), "d7"))
		require.Equal(t, k.Len(), again.Len(), "what was loaded can be changed")
	}
}

func TestStartFollowsChangesSinceTheSnapshot(t *testing.T) {
	store := newKeeper()
	k, err := New(t.Context(), Config{Store: store})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(), mixed()...))
	require.NoError(t, k.Save(t.Context()))
	require.NoError(t, k.Add(t.Context(), Document{ID: "d1", Sections: []Section{{Text: "A valve stops the flow."}}}))
	require.NoError(t, k.Remove(t.Context(), "d2"))
	store.scans = 0
	again, err := New(t.Context(), Config{Store: store})
	require.NoError(t, err)
	require.Zero(t, store.scans)
	requireAlike(t, k, again)
	require.Empty(t, again.Passages("d2"))
}

func TestSaveHoldsWhatOthersStored(t *testing.T) {
	store := newKeeper()
	a, err := New(t.Context(), Config{Store: store})
	require.NoError(t, err)
	require.NoError(t, a.Add(t.Context(), mixed()...))
	b, err := New(t.Context(), Config{Store: store})
	require.NoError(t, err)
	require.NoError(t, b.Add(t.Context(), Document{ID: "theirs", Sections: []Section{{Text: "A valve stops the flow."}}}))
	require.NoError(t, a.Remove(t.Context(), "d1"))
	require.NoError(t, a.Save(t.Context()))
	require.NotEmpty(t, a.Passages("theirs"), "Save makes searchable what another process stored")
	again, err := New(t.Context(), Config{Store: store})
	require.NoError(t, err)
	requireAlike(t, a, again)
}

func TestUnusableSnapshotIsNotUsed(t *testing.T) {
	store := newKeeper()
	k, err := New(t.Context(), Config{Store: store})
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(), mixed()...))
	require.NoError(t, k.Save(t.Context()))
	whole := store.parts
	damage := map[string]func(parts [][]byte) [][]byte{
		"none":          func([][]byte) [][]byte { return nil },
		"a part gone":   func(parts [][]byte) [][]byte { return slices.Delete(parts, 1, 2) },
		"the last gone": func(parts [][]byte) [][]byte { return parts[:len(parts)-1] },
		"out of order":  func(parts [][]byte) [][]byte { slices.Reverse(parts); return parts },
		"a bit":         func(parts [][]byte) [][]byte { parts[1][99] ^= 4; return parts },
		"cut":           func(parts [][]byte) [][]byte { parts[2] = parts[2][:7]; return parts },
		"empty":         func(parts [][]byte) [][]byte { parts[0] = nil; return parts },
	}
	for name, f := range damage {
		t.Run(name, func(t *testing.T) {
			store.parts = nil
			for _, p := range whole {
				store.parts = append(store.parts, bytes.Clone(p))
			}
			store.parts, store.scans = f(store.parts), 0
			again, err := New(t.Context(), Config{Store: store})
			require.NoError(t, err)
			require.Equal(t, 1, store.scans, "the index is built of the passages instead")
			requireAlike(t, k, again)
		})
	}
	store.parts, store.scans = whole, 0
	_, err = New(t.Context(), Config{Store: store, WordsOnly: true})
	require.NoError(t, err)
	require.Equal(t, 1, store.scans, "a snapshot of another configuration is not used")
}

// FuzzRestore reads parts whose checksums are right and whose bytes are not.
func FuzzRestore(f *testing.F) {
	store := newKeeper()
	k, err := New(f.Context(), Config{Store: store})
	require.NoError(f, err)
	require.NoError(f, k.Add(f.Context(), mixed()...))
	require.NoError(f, k.Save(f.Context()))
	for i := range store.parts {
		f.Add(i, store.parts[i][:len(store.parts[i])-4])
	}
	f.Fuzz(func(t *testing.T, i int, body []byte) {
		parts := slices.Clone(store.parts)
		if i >= 0 && i < len(parts) {
			parts[i] = binary.LittleEndian.AppendUint32(bytes.Clone(body), crc32.Checksum(body, castagnoli))
		}
		x, err := restore(sequence(parts), false, k.language)
		if err != nil {
			require.ErrorIs(t, err, errSnapshot)
			return
		}
		restored := &Knowledge{store: nowhere{}, index: x, language: k.language, now: time.Now}
		for n := range x.firsts.all() {
			require.LessOrEqual(t, len(restored.Passages(x.document(n))), x.live, "a document ends")
		}
	})
}

// TestAnalysisOfTheSnapshotVersion fails when text is analyzed in another way
// than it was for the snapshots of this version.
func TestAnalysisOfTheSnapshotVersion(t *testing.T) {
	h := crc32.New(castagnoli)
	for _, l := range append([]*language{&unknown}, languages...) {
		a := newAnalyzer(true).analyze(Passage{Title: "Ärger mit Paket AB-1234", Keywords: []string{"retour"}, Text: sample}, l)
		fmt.Fprintln(h, l.tag, a.terms, a.length, a.title, a.grams, a.gramLen)
	}
	require.Equal(t, [2]uint32{snapshotVersion, analysisOfVersion}, [2]uint32{snapshotVersion, h.Sum32()},
		"raise snapshotVersion, and note the new sum here")
}

const (
	analysisOfVersion = 2721928982
	sample            = `How do I send back a 3.5" drive, v2.1, bought for 1,299.50? Wie lange dauern die Rückgaben und Erstattungen?
Où trouver mes factures récentes? ¿Cuándo llegarán los pedidos? Quali sono le condizioni dei resi? Wanneer worden mijn bestellingen
geleverd? As devoluções são gratuitas? Возврат товаров, 返品の方法, การคืนสินค้า, visszatérítések, tilbakebetalinger och återbetalningar.`
)
