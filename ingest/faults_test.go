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

func (s *brokenStore) Digests(ctx context.Context, source string) (map[string]string, error) {
	if s.method == "Digests" {
		return nil, errDisk
	}
	return s.MemoryStore.Digests(ctx, source)
}

func (s *brokenStore) Mark(ctx context.Context, source, item, digest string) error {
	if s.method == "Mark" {
		return errDisk
	}
	return s.MemoryStore.Mark(ctx, source, item, digest)
}

func (s *brokenStore) Forget(ctx context.Context, source, item string) error {
	if s.method == "Forget" {
		return errDisk
	}
	return s.MemoryStore.Forget(ctx, source, item)
}

// TestSyncWithBrokenStore checks that a Sync with a store that fails ends with
// the error, and that the next one makes up for it.
func TestSyncWithBrokenStore(t *testing.T) {
	for method, message := range map[string]string{
		"Digests": `ingest: reading the digests of "docs": disk full`,
		"Mark":    `ingest: marking "b": disk full`,
		"Forget":  `ingest: forgetting "a": disk full`,
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
			digests, err := store.Digests(t.Context(), "docs")
			require.NoError(t, err)
			require.Len(t, digests, 1)
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
