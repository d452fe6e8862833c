package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A knowledge remembers documents and counts how often each was written.
type knowledge struct {
	mu     sync.Mutex
	docs   map[string]retrieval.Document
	writes map[string]int
	err    error
}

func newKnowledge() *knowledge {
	return &knowledge{docs: make(map[string]retrieval.Document), writes: make(map[string]int)}
}

func (k *knowledge) Add(_ context.Context, docs ...retrieval.Document) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	for _, d := range docs {
		k.docs[d.ID] = d
		k.writes[d.ID]++
	}
	return nil
}

func (k *knowledge) Remove(_ context.Context, ids ...string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		delete(k.docs, id)
	}
	return k.err
}

func (k *knowledge) Passages(id string) []retrieval.Passage {
	k.mu.Lock()
	defer k.mu.Unlock()
	return retrieval.Split(k.docs[id])
}

func (k *knowledge) Documents(source string) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var ids []string
	for id, d := range k.docs {
		if d.Source == source {
			ids = append(ids, id)
		}
	}
	return ids
}

func (k *knowledge) texts() map[string]string {
	texts := make(map[string]string)
	for id, d := range k.docs {
		texts[id] = d.Sections[0].Text
	}
	return texts
}

// A folder is a source of texts by name. A text that starts with "!" stands for
// an error beside the item, and "!!" for one that ends the listing.
type folder struct {
	name  string
	texts map[string]string
}

func (f folder) Name() string { return f.name }

func (f folder) Items(context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(f.texts)) {
			text := f.texts[id]
			item, err := ingest.Item{ID: id, Name: id, Open: open(text)}, error(nil)
			if message, ok := strings.CutPrefix(text, "!!"); ok {
				item, err = ingest.Item{}, errors.New(message)
			} else if message, ok := strings.CutPrefix(text, "!"); ok {
				err = errors.New(message)
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

func open(text string) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// read is an extractor: the text is the document, "fail" fails and "panic" panics.
func read(_ context.Context, _ ingest.Item, r io.Reader) (retrieval.Document, error) {
	data, err := io.ReadAll(r)
	switch text := string(data); {
	case err != nil:
		return retrieval.Document{}, err
	case text == "fail":
		return retrieval.Document{}, ingest.ErrNoText
	case text == "panic":
		panic("out of range")
	default:
		text, _, _ = strings.Cut(text, "#") // what follows is no text
		return retrieval.Document{Sections: []retrieval.Section{{Text: text}}}, nil
	}
}

func newPipeline(t *testing.T, k *knowledge, change ...func(*ingest.Config)) *ingest.Pipeline {
	t.Helper()
	cfg := ingest.Config{Knowledge: k, Extractor: ingest.ExtractorFunc(read)}
	for _, f := range change {
		f(&cfg)
	}
	p, err := ingest.New(cfg)
	require.NoError(t, err)
	return p
}

func TestNewReportsAllFaults(t *testing.T) {
	_, err := ingest.New(ingest.Config{Workers: -1, MaxBytes: -1})
	require.ErrorContains(t, err, "Config.Knowledge is nil")
	require.ErrorContains(t, err, "Config.Extractor is nil")
	require.ErrorContains(t, err, "Config.Workers is -1")
	require.ErrorContains(t, err, "must not be negative")
}

func TestSyncTouchesOnlyWhatChanged(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	src := folder{"docs", map[string]string{"a": "one", "b": "two", "c": "three"}}
	report, err := p.Sync(t.Context(), src)
	require.NoError(t, err)
	require.Equal(t, 3, report.Added)

	src.texts = map[string]string{"a": "one", "b": "two again", "d": "four"}
	report, err = p.Sync(t.Context(), src)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1, 1}, []int{report.Added, report.Changed, report.Unchanged, report.Removed})
	require.Equal(t, map[string]string{"a": "one", "b": "two again", "d": "four"}, k.texts())
	require.Equal(t, map[string]int{"a": 1, "b": 2, "c": 1, "d": 1}, k.writes, "what did not change is not written again")
}

func TestSyncIgnoresChangesOutsideTheText(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	for _, text := range []string{"page#nonce 1", "page#nonce 2"} {
		_, err := p.Sync(t.Context(), folder{"site", map[string]string{"a": text}})
		require.NoError(t, err)
	}
	require.Equal(t, 1, k.writes["a"])
}

func TestSyncKeepsWhatFails(t *testing.T) {
	for _, broken := range []string{"fail", "panic", "!unreadable"} {
		t.Run(broken, func(t *testing.T) {
			k := newKnowledge()
			p := newPipeline(t, k)
			src := folder{"docs", map[string]string{"a": "one", "b": "two", "c": "three"}}
			_, err := p.Sync(t.Context(), src)
			require.NoError(t, err)
			src.texts = map[string]string{"a": "one", "b": broken, "c": "new"}
			report, err := p.Sync(t.Context(), src)
			require.NoError(t, err, "one bad item is no error of the sync")
			require.Equal(t, map[string]string{"a": "one", "b": "two", "c": "new"}, k.texts(), "the item keeps its old content, and the rest goes on")
			require.Len(t, report.Failed, 1)
			require.Equal(t, "b", report.Failed[0].Item)
			require.ErrorContains(t, report.Failed[0], "b: ")
		})
	}
}

func TestSyncRemovesNothingWhenTheListingFails(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	_, err := p.Sync(t.Context(), folder{"docs", map[string]string{"a": "one", "b": "two", "dir/c": "three"}})
	require.NoError(t, err)

	_, err = p.Sync(t.Context(), folder{"docs", map[string]string{"a": "one", "b": "!!gone away"}})
	require.ErrorContains(t, err, "gone away")
	require.Len(t, k.docs, 3)

	report, err := p.Sync(t.Context(), folder{"docs", map[string]string{"a": "one", "dir": "!no permission"}})
	require.NoError(t, err)
	require.Equal(t, 1, report.Removed, "b is gone")
	require.Contains(t, k.docs, "dir/c", "what lies below an unreadable folder stays")
}

func TestSyncEndsWhenTheKnowledgeFails(t *testing.T) {
	k := newKnowledge()
	k.err = errors.New("disk full")
	store := ingest.NewMemoryStore()
	p := newPipeline(t, k, func(c *ingest.Config) { c.Store = store })
	src := folder{"docs", map[string]string{"a": "one", "b": "two"}}
	_, err := p.Sync(t.Context(), src)
	require.ErrorContains(t, err, "disk full")
	records, err := store.Records(t.Context(), "docs")
	require.NoError(t, err)
	require.Empty(t, records, "nothing is marked that was not written")

	k.err = nil
	report, err := p.Sync(t.Context(), src)
	require.NoError(t, err)
	require.Equal(t, 2, report.Added, "the next sync makes up for it")
}

func TestSyncStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newPipeline(t, newKnowledge(), func(c *ingest.Config) {
		c.Workers = 1
		c.Progress = func(ingest.Progress) { cancel() }
	})
	report, err := p.Sync(ctx, folder{"docs", map[string]string{"a": "1", "b": "2", "c": "3", "d": "4"}})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, report.Total(), 4)
}

func TestSyncRefusesAnIDOfAnotherSource(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	_, err := p.Sync(t.Context(), folder{"one", map[string]string{"faq": "of one"}})
	require.NoError(t, err)
	report, err := p.Sync(t.Context(), folder{"two", map[string]string{"faq": "of two"}})
	require.NoError(t, err)
	require.ErrorContains(t, report.Failed[0], `the source "one" has an item of this name`)
	require.Equal(t, "of one", k.texts()["faq"])
}

func TestSyncTellsProgress(t *testing.T) {
	var all []ingest.Progress
	p := newPipeline(t, newKnowledge(), func(c *ingest.Config) {
		c.Progress = func(p ingest.Progress) { all = append(all, p) }
	})
	_, err := p.Sync(t.Context(), folder{"docs", map[string]string{"a": "1", "b": "fail", "c": "3"}})
	require.NoError(t, err)
	require.Len(t, all, 3)
	last := all[2]
	require.Equal(t, []any{"docs", 3, 1, 0}, []any{last.Source, last.Done, last.Failed, last.Total})
	require.Positive(t, last.Rate())
}

func TestSyncLimitsContent(t *testing.T) {
	p := newPipeline(t, newKnowledge(), func(c *ingest.Config) { c.MaxBytes = 1 << 20 })
	endless := ingest.Item{ID: "endless", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(zeros{}), nil
	}}
	_, err := p.Upsert(t.Context(), "push", endless)
	require.ErrorIs(t, err, ingest.ErrTooLarge)
	require.ErrorContains(t, err, "more than 1 MiB")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestUpsertAndDelete(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	item := ingest.Item{ID: "a", Name: "a.txt", URL: "https://example.com/a", Open: open("one")}
	changed, err := p.Upsert(t.Context(), "push", item)
	require.NoError(t, err)
	require.True(t, changed)
	doc := k.docs["a"]
	require.Equal(t, []string{"a", "push", "a.txt", "https://example.com/a"}, []string{doc.ID, doc.Source, doc.Title, doc.URL})
	changed, err = p.Upsert(t.Context(), "push", item)
	require.NoError(t, err)
	require.False(t, changed, "the same content again changes nothing")
	require.NoError(t, p.Delete(t.Context(), "push", "a", "unknown"))
	require.Empty(t, k.docs)
}

// TestSyncConverges checks that after any history of contents and failures one
// good sync leaves exactly what the source has.
func TestSyncConverges(t *testing.T) {
	ids := rapid.SampledFrom([]string{"a", "b", "c/d", "c/e"})
	rapid.Check(t, func(r *rapid.T) {
		k := newKnowledge()
		p, err := ingest.New(ingest.Config{Knowledge: k, Extractor: ingest.ExtractorFunc(read)})
		require.NoError(r, err)
		bad := rapid.SampledFrom([]string{"one", "two", "fail", "panic", "!bad", "!!end"})
		for range rapid.IntRange(0, 5).Draw(r, "rounds") {
			_, _ = p.Sync(context.Background(), folder{"docs", rapid.MapOf(ids, bad).Draw(r, "texts")})
		}
		want := rapid.MapOf(ids, rapid.SampledFrom([]string{"one", "two"})).Draw(r, "last")
		_, err = p.Sync(context.Background(), folder{"docs", want})
		require.NoError(r, err)
		require.Equal(r, want, k.texts())
	})
}

func TestMemoryStore(t *testing.T) {
	ingesttest.RunStore(t, func(*testing.T) ingest.Store { return ingest.NewMemoryStore() })
}

func TestFailureTellsWhatToDo(t *testing.T) {
	for err, advice := range map[error]string{
		ingest.ErrNoText:                                   "a.pdf: it holds no text",
		ingest.ErrEncrypted:                                "save a copy without one",
		fmt.Errorf("%w: 9 MB", ingest.ErrTooLarge):         "raise the limit (too large: 9 MB)",
		fmt.Errorf("%w: image/png", ingest.ErrUnsupported): "save it as HTML, Markdown, PDF or DOCX",
		fmt.Errorf("%w: cut off", ingest.ErrMalformed):     "it is damaged",
		context.DeadlineExceeded:                           "it took too long",
		errors.New("ingest: something else"):               "something else",
	} {
		f := ingest.Failure{Item: "a.pdf", Err: err}
		require.ErrorContains(t, f, "a.pdf: ")
		require.ErrorContains(t, f, advice)
		require.ErrorIs(t, f, err)
	}
}

func ExamplePipeline_Sync() {
	k := newKnowledge()
	p, err := ingest.New(ingest.Config{Knowledge: k, Extractor: ingest.ExtractorFunc(read)})
	if err != nil {
		panic(err)
	}
	docs := folder{"docs", map[string]string{"refunds.txt": "Refunds take 5 days.", "scan.pdf": "fail"}}
	report, err := p.Sync(context.Background(), docs)
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Added, "added")
	for _, failure := range report.Failed {
		fmt.Println(failure)
	}
	// Output:
	// 1 added
	// scan.pdf: it holds no text
}
