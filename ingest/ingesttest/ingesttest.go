// Package ingesttest proves implementations of the seams of package ingest. Each
// failure prints the sentence of the contract that was broken.
package ingesttest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// RunStore proves a Store. The function newStore returns an empty one.
func RunStore(t *testing.T, newStore func(t *testing.T) ingest.Store) {
	run := func(name string, f func(t *testing.T, s ingest.Store)) {
		t.Run(name, func(t *testing.T) { f(t, newStore(t)) })
	}
	run("Empty", func(t *testing.T, s ingest.Store) {
		require.Empty(t, digests(t, s, "docs"), "a source that nobody knows has no digests and is no error")
	})
	run("Mark", func(t *testing.T, s ingest.Store) {
		mark(t, s, "docs", "a.md", "1")
		mark(t, s, "docs", "b.md", "2")
		require.Equal(t, map[string]string{"a.md": "1", "b.md": "2"}, digests(t, s, "docs"), "Digests returns every item that was marked")
		mark(t, s, "docs", "a.md", "3")
		require.Equal(t, "3", digests(t, s, "docs")["a.md"], "Mark replaces an earlier digest")
	})
	run("Forget", func(t *testing.T, s ingest.Store) {
		mark(t, s, "docs", "a.md", "1")
		mark(t, s, "docs", "b.md", "2")
		require.NoError(t, s.Forget(t.Context(), "docs", "a.md"))
		require.Equal(t, map[string]string{"b.md": "2"}, digests(t, s, "docs"), "Forget removes one item and no other")
		require.NoError(t, s.Forget(t.Context(), "docs", "a.md"), "forgetting an unknown item is ignored")
		require.NoError(t, s.Forget(t.Context(), "nobody", "a.md"), "forgetting in an unknown source is ignored")
	})
	run("Sources", func(t *testing.T, s ingest.Store) {
		mark(t, s, "docs", "a", "1")
		mark(t, s, "doc", "sa", "2")
		require.Equal(t, map[string]string{"a": "1"}, digests(t, s, "docs"), "sources are apart, whatever their names")
		require.NoError(t, s.Forget(t.Context(), "docs", "a"))
		require.Equal(t, map[string]string{"sa": "2"}, digests(t, s, "doc"), "Forget leaves other sources alone")
	})
	run("Names", func(t *testing.T, s ingest.Store) {
		for _, name := range []string{"é/ü.md", "https://example.com/a?b=c&d=%20", "it's 100%_", strings.Repeat("long/", 300)} {
			mark(t, s, name, name, "1")
			require.Equal(t, map[string]string{name: "1"}, digests(t, s, name), "any name of a source or an item is kept as it is")
		}
	})
	run("Copies", func(t *testing.T, s ingest.Store) {
		mark(t, s, "docs", "a", "1")
		got := digests(t, s, "docs")
		got["a"] = "changed"
		require.Equal(t, "1", digests(t, s, "docs")["a"], "the map that Digests returns is the caller's own")
	})
	run("Concurrent", func(t *testing.T, s ingest.Store) {
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				for j := range 10 {
					if s.Mark(context.WithoutCancel(t.Context()), "docs", fmt.Sprint(i, "/", j), "1") != nil {
						t.Error("Mark may be called from many goroutines")
					}
				}
			})
		}
		group.Wait()
		require.Len(t, digests(t, s, "docs"), 80, "no concurrent Mark is lost")
	})
}

func mark(t *testing.T, s ingest.Store, source, item, digest string) {
	t.Helper()
	require.NoError(t, s.Mark(t.Context(), source, item, digest), "Mark remembers a digest")
}

func digests(t *testing.T, s ingest.Store, source string) map[string]string {
	t.Helper()
	got, err := s.Digests(t.Context(), source)
	require.NoError(t, err, "Digests of any source can be asked for")
	return got
}

// RunSource proves a Source that has at least two items, all of which can be
// opened. The function newSource returns one; every call has the same content.
func RunSource(t *testing.T, newSource func(t *testing.T) ingest.Source) {
	t.Run("Name", func(t *testing.T) {
		require.NotEmpty(t, newSource(t).Name(), "a source has a name")
		require.Equal(t, newSource(t).Name(), newSource(t).Name(), "the name is stable")
	})
	t.Run("Items", func(t *testing.T) {
		items := list(t, newSource(t))
		require.GreaterOrEqual(t, len(items), 2, "the suite needs a source of at least two items")
		seen := make(map[string]bool)
		for _, item := range items {
			require.NotEmpty(t, item.ID, "an item without an error has an ID")
			require.False(t, seen[item.ID], "the ID %q is unique in its source", item.ID)
			require.NotNil(t, item.Open, "the item %q can be opened", item.ID)
			seen[item.ID] = true
		}
	})
	t.Run("Stable", func(t *testing.T) {
		ids := func(s ingest.Source) (ids []string) {
			for _, item := range list(t, s) {
				ids = append(ids, item.ID)
			}
			return ids
		}
		s := newSource(t)
		first := ids(s)
		require.ElementsMatch(t, first, ids(s), "a second listing of the same content yields the same IDs")
		require.ElementsMatch(t, first, ids(newSource(t)), "IDs outlive the process")
	})
	t.Run("Open", func(t *testing.T) {
		for item, err := range newSource(t).Items(t.Context()) {
			require.NoError(t, err)
			r, err := item.Open(t.Context())
			require.NoError(t, err, "the item %q can be opened while the listing goes on", item.ID)
			_, err = io.ReadAll(r)
			require.NoError(t, err, "the item %q can be read to its end", item.ID)
			require.NoError(t, r.Close(), "the item %q can be closed", item.ID)
		}
	})
	t.Run("Stop", func(t *testing.T) {
		n := 0
		for range newSource(t).Items(t.Context()) {
			n++
			break
		}
		require.Equal(t, 1, n, "a listing ends when its reader has enough")
	})
	t.Run("Size", func(t *testing.T) {
		s := newSource(t)
		if sizer, ok := s.(ingest.Sizer); ok {
			require.Len(t, list(t, s), sizer.Size(t.Context()), "Size is the number of items")
		}
	})
}

func list(t *testing.T, s ingest.Source) []ingest.Item {
	t.Helper()
	var items []ingest.Item
	for item, err := range s.Items(t.Context()) {
		require.NoError(t, err, "a source whose content is whole yields no error")
		items = append(items, item)
	}
	return items
}

// A Sample is content that an Extractor must read.
type Sample struct {
	// Name is the file name.
	Name string
	// Content is what the file holds.
	Content []byte
	// Words are pieces of text that the document has, in this order.
	Words []string
}

// RunExtractor proves an Extractor by samples of what it reads, and by content
// that no extractor can read.
func RunExtractor(t *testing.T, newExtractor func(t *testing.T) ingest.Extractor, samples []Sample) {
	for _, sample := range samples {
		t.Run(sample.Name, func(t *testing.T) {
			text := extract(t, newExtractor(t), sample.Name, sample.Content)
			for _, word := range sample.Words {
				_, after, found := strings.Cut(text, word)
				require.True(t, found, "the text has %q in its place; it is:\n%s", word, text)
				text = after
			}
		})
	}
	for name, content := range hostile() {
		t.Run(name, func(t *testing.T) {
			e := newExtractor(t)
			for _, ext := range []string{".md", ".html", ".txt", ".pdf", ".docx", ".csv", ".json", ".png", ""} {
				require.NotPanics(t, func() {
					_, err := e.Extract(t.Context(), ingest.Item{ID: name + ext, Name: name + ext}, strings.NewReader(content))
					if err == nil {
						return
					}
					require.True(t, known(err), "%s%s: the error wraps one of package ingest: %v", name, ext, err)
				}, "an extractor never panics on bad content")
			}
		})
	}
	t.Run("Read error", func(t *testing.T) {
		broken := errors.New("broken")
		_, err := newExtractor(t).Extract(t.Context(), ingest.Item{ID: "a.md", Name: "a.md"}, io.MultiReader(strings.NewReader("# A"), errorReader{broken}))
		require.ErrorIs(t, err, broken, "an error of the reader is returned")
	})
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

func known(err error) bool {
	for _, target := range []error{ingest.ErrUnsupported, ingest.ErrNoText, ingest.ErrTooLarge, ingest.ErrMalformed, ingest.ErrEncrypted} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// hostile returns content that extractors were seen to fail on.
func hostile() map[string]string {
	return map[string]string{
		"Empty":      "",
		"Blank":      " \n\t\r\n ",
		"Binary":     "\x00\x01\x02\xff\xfe\x00rest",
		"PNG":        "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"Zip":        "PK\x03\x04 cut off",
		"Broken PDF": "%PDF-1.7\nnothing follows",
		"Bad UTF-8":  "caf\xe9 \xff\xfe\xc3\x28 \xf0\x9f",
		"Deep HTML":  strings.Repeat("<div>", 5000) + "bottom",
		"Deep lists": strings.Repeat("- ", 3000) + "bottom",
		"Stars":      strings.Repeat("*a_ ", 30_000),
		"Deep JSON":  strings.Repeat("[", 20_000),
		"Long line":  strings.Repeat("word ", 200_000),
	}
}

// extract returns the title, the headings and the text of a document.
func extract(t *testing.T, e ingest.Extractor, name string, content []byte) string {
	t.Helper()
	doc, err := e.Extract(t.Context(), ingest.Item{ID: name, Name: name}, strings.NewReader(string(content)))
	require.NoError(t, err, "the sample %q can be read", name)
	require.NotEmpty(t, doc.Title, "a document has a title, made from the item's name if need be")
	parts := []string{doc.Title}
	for _, s := range doc.Sections {
		require.NotEmpty(t, strings.TrimSpace(s.Text), "no section is empty")
		parts = append(append(parts, s.Path...), s.Text)
	}
	return strings.Join(parts, "\n")
}
