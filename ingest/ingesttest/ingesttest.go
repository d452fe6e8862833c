// Package ingesttest proves implementations of the seams of package ingest. Each
// failure prints the sentence of the contract that was broken.
package ingesttest

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

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
