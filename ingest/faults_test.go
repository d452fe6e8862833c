package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

var errDisk = errors.New("disk full")

// A brokenStore fails in the method that is named.
type brokenStore struct {
	*ingest.MemoryStore
	method string
}

func (s *brokenStore) Sources(ctx context.Context, names ...string) (map[string]ingest.State, error) {
	if s.method == "Sources" {
		return nil, errDisk
	}
	return s.MemoryStore.Sources(ctx, names...)
}

func (s *brokenStore) Records(ctx context.Context, source string, items ...string) (map[string]ingest.Record, error) {
	if s.method == "Records" {
		return nil, errDisk
	}
	return s.MemoryStore.Records(ctx, source, items...)
}

func (s *brokenStore) Apply(ctx context.Context, source string, u ingest.Update) error {
	if s.method == "mark" && len(u.Records) > 0 || s.method == "forget" && len(u.Gone) > 0 || s.method == "state" && u.State != nil {
		return errDisk
	}
	return s.MemoryStore.Apply(ctx, source, u)
}

// TestSyncWithBrokenStore checks that a Sync with a store that fails ends with
// the error, and that the next one makes up for it.
func TestSyncWithBrokenStore(t *testing.T) {
	for method, message := range map[string]string{
		"Sources": `ingest: reading the state of "docs": disk full`,
		"Records": `ingest: reading the records of "docs": disk full`,
		"mark":    `ingest: marking "b": disk full`,
		"forget":  `ingest: forgetting "a": disk full`,
		"state":   `ingest: remembering the sync of "docs": disk full`,
	} {
		t.Run(method, func(t *testing.T) {
			k, store := newKnowledge(), &brokenStore{MemoryStore: ingest.NewMemoryStore()}
			p := newPipeline(t, k, func(c *ingest.Config) { c.Store = store })
			_, err := p.Sync(t.Context(), folder{"docs", map[string]string{"a": "one"}})
			require.NoError(t, err)
			store.method = method
			next := folder{"docs", map[string]string{"b": "two"}}
			_, err = p.Sync(t.Context(), next)
			require.ErrorIs(t, err, errDisk)
			require.EqualError(t, err, message)
			store.method = ""
			_, err = p.Sync(t.Context(), next)
			require.NoError(t, err)
			require.Equal(t, map[string]string{"b": "two"}, k.texts())
			records, err := store.Records(t.Context(), "docs")
			require.NoError(t, err)
			require.Len(t, records, 1)
		})
	}
}

func TestRemovalThatFailsIsTriedAgain(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	_, err := p.Sync(t.Context(), folder{"docs", map[string]string{"a": "one"}})
	require.NoError(t, err)
	k.err = errDisk
	_, err = p.Sync(t.Context(), folder{"docs", nil})
	require.ErrorIs(t, err, errDisk)
	require.ErrorIs(t, p.Delete(t.Context(), "docs", "a"), errDisk)
	k.err = nil
	report, err := p.Sync(t.Context(), folder{"docs", nil})
	require.NoError(t, err)
	require.Equal(t, 1, report.Removed)
}

func TestUpsertNamesTheItemThatFails(t *testing.T) {
	p := newPipeline(t, newKnowledge())
	for content, want := range map[string]error{"fail": ingest.ErrNoText, "panic": ingest.ErrMalformed} {
		changed, err := p.Upsert(t.Context(), "push", ingest.Item{ID: "a.txt", Open: open(content)})
		require.False(t, changed)
		require.ErrorIs(t, err, want)
		failure, ok := errors.AsType[ingest.Failure](err)
		require.True(t, ok)
		require.Equal(t, "a.txt", failure.Item)
	}
	_, err := p.Upsert(t.Context(), "push", ingest.Item{ID: "a.txt"})
	require.ErrorIs(t, err, ingest.ErrMalformed, "an item that cannot be opened has no content")
}

func TestAnIDIsFreeAgainOnceDeleted(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k)
	item := ingest.Item{ID: "faq", Open: open("one")}
	_, err := p.Upsert(t.Context(), "old", item)
	require.NoError(t, err)
	_, err = p.Upsert(t.Context(), "new", item)
	require.ErrorContains(t, err, `the source "old" has an item of this name`)
	require.NoError(t, p.Delete(t.Context(), "old", "faq"))
	_, err = p.Upsert(t.Context(), "new", item)
	require.NoError(t, err)
	require.Equal(t, "new", k.docs["faq"].Source)
}

// TestKeywordsReachTheKnowledge checks that a change of keywords alone is one.
func TestKeywordsReachTheKnowledge(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k, func(c *ingest.Config) {
		c.Extractor = ingest.ExtractorFunc(func(_ context.Context, _ ingest.Item, r io.Reader) (retrieval.Document, error) {
			data, err := io.ReadAll(r)
			return retrieval.Document{Keywords: strings.Fields(string(data)), Sections: []retrieval.Section{{Text: "same"}}}, err
		})
	})
	for _, words := range []string{"refund", "refund money"} {
		changed, err := p.Upsert(t.Context(), "push", ingest.Item{ID: "a", Open: open(words)})
		require.NoError(t, err)
		require.True(t, changed)
	}
	require.Equal(t, []string{"refund", "money"}, k.docs["a"].Keywords)
}

// TestBadItemsNeverStopTheRest checks a source most of whose items do what no
// item should.
func TestBadItemsNeverStopTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKnowledge()
		p := newPipeline(t, k, func(c *ingest.Config) { c.Timeout, c.MaxBytes = time.Second, 1<<20 })
		s := &shelf{name: "site"}
		bad := map[string]func(ctx context.Context) (io.ReadCloser, error){
			"none":     nil,
			"panics":   func(context.Context) (io.ReadCloser, error) { panic("out of range") },
			"nil":      func(context.Context) (io.ReadCloser, error) { return nil, nil },
			"hangs":    func(ctx context.Context) (io.ReadCloser, error) { <-ctx.Done(); return nil, ctx.Err() },
			"endless":  func(context.Context) (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil },
			"broken":   func(context.Context) (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(errDisk)), nil },
			"explodes": func(context.Context) (io.ReadCloser, error) { return io.NopCloser(explosive{}), nil },
			"fails":    open("fail"),
			"extracts": open("panic"),
		}
		for i := range 5 {
			s.put(fmt.Sprint("good ", i), "", fmt.Sprint("text ", i))
		}
		for id, open := range bad {
			s.items[id] = ingest.Item{ID: id, Name: id, Open: open}
		}
		report, err := p.Sync(t.Context(), s)
		require.NoError(t, err)
		require.Equal(t, 5, report.Added)
		require.Len(t, report.Failed, len(bad))
		require.Len(t, k.docs, 5)
		for _, failure := range report.Failed {
			require.NotContains(t, failure.Error(), "ingest: ", "it is said in words")
		}
	})
}

// explosive is a reader that panics.
type explosive struct{}

func (explosive) Read([]byte) (int, error) { panic("boom") }

// TestRecordsOfACalledOffSyncAreKept checks that the next Sync goes on where
// the last one was called off, and opens nothing twice.
func TestRecordsOfACalledOffSyncAreKept(t *testing.T) {
	k := newKnowledge()
	ctx, cancel := context.WithCancel(t.Context())
	p := newPipeline(t, k, oneWorker, func(c *ingest.Config) {
		c.Progress = func(p ingest.Progress) {
			if p.Done == 100 {
				cancel()
			}
		}
	})
	s := &shelf{name: "site"}
	for i := range 300 {
		s.put(fmt.Sprintf("%03d", i), "1", "text")
	}
	_, err := p.Sync(ctx, s)
	require.ErrorIs(t, err, context.Canceled)
	first := len(s.opened)
	require.Less(t, first, 300)
	report, opened := s.sync(t, p)
	require.Equal(t, 300, report.Added+report.Unchanged)
	require.LessOrEqual(t, first+len(opened), 301, "one may have been on its way")
}

func TestItemThatNeverEndsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipeline(t, newKnowledge(), func(c *ingest.Config) { c.Timeout = time.Minute })
		start := time.Now()
		_, err := p.Upsert(t.Context(), "push", ingest.Item{ID: "a", Open: func(ctx context.Context) (io.ReadCloser, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "a: it took too long")
		require.Equal(t, time.Minute, time.Since(start))
	})
}

// TestOneSyncOfASourceAtATime checks that calls for one source wait for each
// other.
func TestOneSyncOfASourceAtATime(t *testing.T) {
	var busy, most atomic.Int32
	p := newPipeline(t, newKnowledge(), func(c *ingest.Config) {
		c.Workers = 1
		c.Extractor = ingest.ExtractorFunc(func(ctx context.Context, i ingest.Item, r io.Reader) (retrieval.Document, error) {
			most.Store(max(most.Load(), busy.Add(1)))
			defer busy.Add(-1)
			runtime.Gosched()
			return read(ctx, i, r)
		})
	})
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			_, err := p.Sync(t.Context(), folder{"docs", map[string]string{"a": fmt.Sprint(i), "b": fmt.Sprint(i)}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 1, most.Load())
}
