package ingest_test

import (
	"context"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A counter counts what a Pipeline asks of its knowledge base, and checks that
// no record is kept of a document that is not.
type counter struct {
	*knowledge
	*ingest.MemoryStore
	t           *testing.T
	adds, marks int
}

func (c *counter) Add(ctx context.Context, docs ...retrieval.Document) error {
	c.adds++
	return c.knowledge.Add(ctx, docs...)
}

func (c *counter) Apply(ctx context.Context, source string, u ingest.Update) error {
	if len(u.Records) > 0 {
		c.marks++
	}
	for _, r := range u.Records {
		if r.Err == "" && len(c.Passages(r.Item)) == 0 {
			c.t.Errorf("%s is marked before it is stored", r.Item)
		}
	}
	return c.MemoryStore.Apply(ctx, source, u)
}

func TestDocumentsAreStoredTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // no time passes
		c := &counter{knowledge: newKnowledge(), MemoryStore: ingest.NewMemoryStore(), t: t}
		p, err := ingest.New(ingest.Config{Knowledge: c, Store: c, Workers: 4, Extractor: ingest.ExtractorFunc(read)})
		require.NoError(t, err)
		texts := map[string]string{"bad": "fail"}
		for i := range 300 {
			texts[fmt.Sprint(i)] = fmt.Sprint("text ", i)
		}
		report, err := p.Sync(t.Context(), folder{"site", texts})
		require.NoError(t, err)
		require.Equal(t, 300, report.Added)
		require.Len(t, report.Failed, 1)
		require.Len(t, c.docs, 300)
		require.LessOrEqual(t, c.adds, 8)
		require.Equal(t, c.adds, c.marks)

		changed, err := p.Upsert(t.Context(), "pushed", ingest.Item{ID: "a", Open: open("one")})
		require.NoError(t, err)
		require.True(t, changed)
		require.Contains(t, c.texts(), "a", "what is pushed does not wait for others")
	})
}

// TestSlowItemDelaysNoOther checks that what was read is there while the Sync
// waits for the next item.
func TestSlowItemDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKnowledge()
		p := newPipeline(t, k, oneWorker)
		s := &shelf{name: "site"}
		for i := range 10 {
			s.put(fmt.Sprint(i), "", "text")
		}
		s.items["slow"] = ingest.Item{ID: "slow", Open: func(ctx context.Context) (io.ReadCloser, error) {
			<-time.After(30 * time.Second)
			return open("late")(ctx)
		}}
		done := make(chan error, 1)
		go func() { _, err := p.Sync(t.Context(), s); done <- err }()
		pass(time.Second)
		require.Len(t, k.Documents("site"), 10)
		require.NoError(t, <-done)
		require.Len(t, k.Documents("site"), 11)
	})
}

// stuck is a knowledge base that stores nothing any more once it is told so, as
// one whose embedder does not answer.
type stuck struct {
	*knowledge
	now bool
}

func (s *stuck) Add(ctx context.Context, docs ...retrieval.Document) error {
	if s.now {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.knowledge.Add(ctx, docs...)
}

func TestCalledOffSyncDoesNotWaitForTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		k := &stuck{knowledge: newKnowledge()}
		p, err := ingest.New(ingest.Config{Knowledge: k, Workers: 1, Extractor: ingest.ExtractorFunc(read), Progress: func(ingest.Progress) { k.now = true }})
		require.NoError(t, err)
		time.AfterFunc(50*time.Millisecond, cancel)
		start := time.Now()
		items := &shelf{name: "site"}
		items.put("a", "", "one")
		items.put("b", "", "two")
		items.items["c"] = ingest.Item{ID: "c", Open: func(ctx context.Context) (io.ReadCloser, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		_, err = p.Sync(ctx, items)
		require.ErrorIs(t, err, context.Canceled)
		require.LessOrEqual(t, time.Since(start), 2*time.Second)
	})
}

// crashed returns a knowledge base in which a crash has left documents of the
// source "docs" without records, and the pipeline of the next start.
func crashed(t *testing.T, texts map[string]string) (*knowledge, *ingest.Pipeline) {
	k, store := newKnowledge(), &brokenStore{MemoryStore: ingest.NewMemoryStore(), method: "mark"}
	_, err := newPipeline(t, k, func(c *ingest.Config) { c.Store = store }).Sync(t.Context(), folder{"docs", texts})
	require.ErrorIs(t, err, errDisk)
	require.NotEmpty(t, k.docs)
	records, err := store.Records(t.Context(), "docs")
	require.NoError(t, err)
	require.Empty(t, records)
	store.method = ""
	return k, newPipeline(t, k, func(c *ingest.Config) { c.Store = store })
}

func TestDocumentsWithoutRecords(t *testing.T) {
	texts := map[string]string{"a": "one"}
	t.Run("gone from the source", func(t *testing.T) {
		k, p := crashed(t, texts)
		report, err := p.Sync(t.Context(), folder{"docs", map[string]string{"b": "two"}})
		require.NoError(t, err)
		require.Equal(t, []int{1, 1}, []int{report.Added, report.Removed})
		require.Equal(t, map[string]string{"b": "two"}, k.texts())
	})
	t.Run("still there", func(t *testing.T) {
		k, p := crashed(t, texts)
		report, err := p.Sync(t.Context(), folder{"docs", texts})
		require.NoError(t, err)
		require.Equal(t, []int{1, 0}, []int{report.Added, report.Removed})
		report, err = p.Sync(t.Context(), folder{"docs", texts})
		require.NoError(t, err)
		require.Equal(t, 1, report.Unchanged)
		require.Equal(t, texts, k.texts())
	})
	t.Run("labelled", func(t *testing.T) {
		k, p := crashed(t, texts)
		require.NoError(t, p.Label(t.Context(), "docs", ingest.Labels{Audience: "staff"}))
		require.Equal(t, "staff", k.docs["a"].Audience)
	})
	t.Run("dropped", func(t *testing.T) {
		k, p := crashed(t, texts)
		all, err := ingest.NewLibrary(p).Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, ingest.LeftOver, all[0].Phase, "a source is known from its first Sync on")
		require.NoError(t, p.Drop(t.Context(), "docs"))
		require.Empty(t, k.docs)
	})
	t.Run("of another source", func(t *testing.T) {
		k, p := crashed(t, texts)
		_, err := p.Sync(t.Context(), folder{"other", nil})
		require.NoError(t, err)
		require.Equal(t, texts, k.texts())
	})
}

// TestLostRecordsAreNoLicenceToRemove checks that a source that is away when its
// records are lost keeps its documents.
func TestLostRecordsAreNoLicenceToRemove(t *testing.T) {
	k := newKnowledge()
	texts := make(map[string]string)
	for i := range 30 {
		texts[fmt.Sprint(i)] = "text"
	}
	_, err := newPipeline(t, k).Sync(t.Context(), folder{"docs", texts})
	require.NoError(t, err)
	report, err := newPipeline(t, k).Sync(t.Context(), folder{"docs", nil})
	require.NoError(t, err)
	require.Len(t, report.Held, 30)
	require.Len(t, k.docs, 30)
}
