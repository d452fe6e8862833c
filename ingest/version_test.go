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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A shelf is a source whose items know their versions, and that notes which of
// them are opened.
type shelf struct {
	name   string
	items  map[string]ingest.Item
	err    error // ends the listing
	opened []string
}

func (s *shelf) Name() string { return s.name }

func (s *shelf) Items(context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(s.items)) {
			if !yield(s.items[id], nil) {
				return
			}
		}
		if s.err != nil {
			yield(ingest.Item{}, s.err)
		}
	}
}

func (s *shelf) put(id, version, text string) {
	if s.items == nil {
		s.items = make(map[string]ingest.Item)
	}
	s.items[id] = ingest.Item{ID: id, Name: id, Version: version, Open: func(ctx context.Context) (io.ReadCloser, error) {
		s.opened = append(s.opened, id)
		return open(text)(ctx)
	}}
}

// sync syncs with one worker, so that a shelf needs no lock, and returns what
// was opened.
func (s *shelf) sync(t *testing.T, p *ingest.Pipeline) (ingest.Report, []string) {
	t.Helper()
	s.opened = nil
	report, err := p.Sync(t.Context(), s)
	require.NoError(t, err)
	return report, s.opened
}

func oneWorker(c *ingest.Config) { c.Workers = 1 }

func TestSameVersionIsNotOpened(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k, oneWorker)
	s := &shelf{name: "site"}
	s.put("a", "1", "one")
	s.put("b", "1", "two")
	s.put("none", "", "always")
	_, opened := s.sync(t, p)
	require.Equal(t, []string{"a", "b", "none"}, opened)

	s.put("b", "2", "two")
	report, opened := s.sync(t, p)
	require.Equal(t, []string{"b", "none"}, opened, "what has no version, or another one, is read")
	require.Equal(t, 3, report.Unchanged, "and its content decides")
	_, opened = s.sync(t, p)
	require.Equal(t, []string{"none"}, opened, "the new version is known")
}

func TestSameVersionIsOpenedAgain(t *testing.T) {
	for name, change := range map[string]func(i *ingest.Item){
		"at another address":  func(i *ingest.Item) { i.URL = "https://example.com/new" },
		"of another type":     func(i *ingest.Item) { i.MediaType = "text/plain" },
		"under another title": func(i *ingest.Item) { i.Title = "New" },
		"with other labels":   func(i *ingest.Item) { i.Labels.Audience = "staff" },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKnowledge()
			p := newPipeline(t, k, oneWorker)
			s := &shelf{name: "site"}
			s.put("a", "1", "one")
			s.sync(t, p)
			item := s.items["a"]
			change(&item)
			s.items["a"] = item
			_, opened := s.sync(t, p)
			require.Equal(t, []string{"a"}, opened)
			_, opened = s.sync(t, p)
			require.Empty(t, opened)
		})
	}
	t.Run("after an error", func(t *testing.T) {
		p := newPipeline(t, newKnowledge(), oneWorker)
		s := &shelf{name: "site"}
		s.put("a", "1", "fail")
		for range 2 {
			report, opened := s.sync(t, p)
			require.Equal(t, []string{"a"}, opened)
			require.Len(t, report.Failed, 1)
		}
	})
}

// TestFailureIsRemembered checks that an item that fails keeps its record, and
// is read again although its version is the old one again.
func TestFailureIsRemembered(t *testing.T) {
	p := newPipeline(t, newKnowledge(), oneWorker)
	s := &shelf{name: "site"}
	s.put("a", "1", "one")
	s.sync(t, p)
	s.put("a", "2", "fail")
	s.sync(t, p)
	records, err := p.Records(t.Context(), "site")
	require.NoError(t, err)
	require.Equal(t, "it holds no text", records[0].Err)
	require.Equal(t, []any{"1", 1}, []any{records[0].Version, records[0].Passages}, "what was known still holds")

	s.put("a", "1", "one")
	report, opened := s.sync(t, p)
	require.Equal(t, []string{"a"}, opened)
	require.Equal(t, 1, report.Unchanged)
	records, err = p.Records(t.Context(), "site")
	require.NoError(t, err)
	require.Empty(t, records[0].Err)
}

// TestRecordsOfAnOlderVersionAreReadAgain checks the records of databases that
// knew digests only.
func TestRecordsOfAnOlderVersionAreReadAgain(t *testing.T) {
	k, store := newKnowledge(), ingest.NewMemoryStore()
	require.NoError(t, store.Apply(t.Context(), "site", ingest.Update{Records: []ingest.Record{{Item: "a", Digest: "raw.text"}, {Item: "gone", Digest: "raw.text"}}}))
	p := newPipeline(t, k, oneWorker, func(c *ingest.Config) { c.Store = store })
	s := &shelf{name: "site"}
	s.put("a", "1", "one")
	report, opened := s.sync(t, p)
	require.Equal(t, []string{"a"}, opened)
	require.Equal(t, []int{0, 1, 1}, []int{report.Added, report.Changed, report.Removed})
	require.Equal(t, "one", k.texts()["a"])
}

func TestSuddenLossIsHeldBack(t *testing.T) {
	k := newKnowledge()
	p := newPipeline(t, k, oneWorker)
	s := &shelf{name: "site"}
	for i := range 20 {
		s.put(fmt.Sprintf("%02d", i), "1", "text")
	}
	s.sync(t, p)
	all := maps.Clone(s.items)
	for i := range 10 {
		delete(s.items, fmt.Sprintf("%02d", i))
	}
	report, _ := s.sync(t, p)
	require.Equal(t, 10, report.Removed, "half of it may go")

	s.items = maps.Clone(all)
	s.sync(t, p)
	s.items = map[string]ingest.Item{"00": all["00"]}
	for range 2 {
		report, _ = s.sync(t, p)
		require.Zero(t, report.Removed)
		require.Len(t, report.Held, 19, "the report says what is missing")
		require.Len(t, k.docs, 20, "a folder that is not mounted empties nothing")
	}
	s.items = all
	report, _ = s.sync(t, p)
	require.Empty(t, report.Held)
	require.Equal(t, 20, report.Unchanged)

	s.items = nil
	report, _ = s.sync(t, p)
	require.NoError(t, p.Delete(t.Context(), "site", report.Held...))
	require.Empty(t, k.docs)
}

func TestOlderStateDoesNotReplaceANewerOne(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(text string, minute int) ingest.Item {
		return ingest.Item{ID: "a", Modified: noon.Add(time.Duration(minute) * time.Minute), Open: open(text)}
	}
	version := func(text, version string) ingest.Item {
		return ingest.Item{ID: "a", Version: version, Open: open(text)}
	}
	gone := func(i ingest.Item) ingest.Item { i.Gone, i.Open = true, nil; return i }
	for name, test := range map[string]struct {
		items []ingest.Item
		want  string // of the document, empty for none
	}{
		"in order":                  {[]ingest.Item{at("one", 1), at("two", 2)}, "two"},
		"out of order":              {[]ingest.Item{at("two", 2), at("one", 1)}, "two"},
		"the same again":            {[]ingest.Item{at("two", 2), at("one", 1), at("two", 2), at("one", 1)}, "two"},
		"same time, other text":     {[]ingest.Item{at("one", 1), at("two", 1)}, "two"},
		"the same text, then older": {[]ingest.Item{at("one", 1), at("one", 5), at("two", 3)}, "one"},
		"numbers":                   {[]ingest.Item{version("two", "10"), version("one", "9")}, "two"},
		"names":                     {[]ingest.Item{version("one", "b"), version("two", "a")}, "two"},
		"no order":                  {[]ingest.Item{version("one", ""), version("two", "")}, "two"},
		"deleted":                   {[]ingest.Item{at("one", 1), gone(at("", 2))}, ""},
		"deleted before it came":    {[]ingest.Item{gone(at("", 2)), at("one", 1)}, ""},
		"an old deletion":           {[]ingest.Item{at("two", 3), gone(at("", 2))}, "two"},
		"back again":                {[]ingest.Item{at("one", 1), gone(at("", 2)), at("three", 3)}, "three"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKnowledge()
			p := newPipeline(t, k)
			for _, item := range test.items {
				_, err := p.Upsert(t.Context(), "cms", item)
				if !errors.Is(err, ingest.ErrOutdated) {
					require.NoError(t, err)
				}
			}
			require.Equal(t, test.want, k.texts()["a"])
		})
	}
}

// TestFailedNameLeavesTheOtherSourceAlone checks that a source whose item could
// not be taken, because another has its name, never removes that one.
func TestFailedNameLeavesTheOtherSourceAlone(t *testing.T) {
	for name, end := range map[string]func(p *ingest.Pipeline) error{
		"gone":   func(p *ingest.Pipeline) error { _, err := p.Sync(t.Context(), folder{"two", nil}); return err },
		"delete": func(p *ingest.Pipeline) error { return p.Delete(t.Context(), "two", "faq") },
		"drop":   func(p *ingest.Pipeline) error { return p.Drop(t.Context(), "two") },
		"retract": func(p *ingest.Pipeline) error {
			_, err := p.Upsert(t.Context(), "two", ingest.Item{ID: "faq", Gone: true})
			require.ErrorContains(t, err, `the source "one" has an item of this name`)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			k, store := newKnowledge(), ingest.NewMemoryStore()
			_, err := newPipeline(t, k).Sync(t.Context(), folder{"one", map[string]string{"faq": "of one"}})
			require.NoError(t, err)
			// This one has not seen the other source, as after a restart.
			p := newPipeline(t, k, func(c *ingest.Config) { c.Store = store })
			report, err := p.Sync(t.Context(), folder{"two", map[string]string{"faq": "of two"}})
			require.NoError(t, err)
			require.Len(t, report.Failed, 1)
			require.NoError(t, end(p))
			require.Equal(t, "of one", k.texts()["faq"])
		})
	}
}

func TestChangesSayWhichPassagesCameAndWent(t *testing.T) {
	knowledge, err := retrieval.New(t.Context(), retrieval.Config{})
	require.NoError(t, err)
	p, err := ingest.New(ingest.Config{Knowledge: knowledge, Workers: 1, Extractor: ingest.ExtractorFunc(sections)})
	require.NoError(t, err)
	s := &shelf{name: "site"}
	s.put("a", "", "Prices: 5 euros|Hours: 9 to 5|Long: "+strings.Repeat("größe ", 100))
	s.put("b", "", "Gone: soon")
	report, _ := s.sync(t, p)
	require.Equal(t, []ingest.Change{{Item: "a", Title: "a", Kind: ingest.Added}, {Item: "b", Title: "b", Kind: ingest.Added}}, report.Changes)

	delete(s.items, "b")
	s.put("a", "", "Prices: 6 euros|Hours: 9 to 5|Long: "+strings.Repeat("größe ", 101))
	report, _ = s.sync(t, p)
	change := report.Changes[0]
	require.Equal(t, []any{ingest.Changed, 2, 2}, []any{change.Kind, len(change.Came), len(change.Went)}, "what stayed is not listed")
	require.Equal(t, "Prices › 6 euros", change.Came[0])
	require.Equal(t, "Prices › 5 euros", change.Went[0])
	require.True(t, strings.HasPrefix(change.Came[1], "Long › größe größe") && strings.HasSuffix(change.Came[1], "…"))
	require.Equal(t, ingest.Change{Item: "b", Title: "b", Kind: ingest.Removed}, report.Changes[1])
}

// sections is an extractor of "heading: text" pairs.
func sections(_ context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
	data, err := io.ReadAll(r)
	doc := retrieval.Document{Title: item.Name, Language: "en"}
	for part := range strings.SplitSeq(string(data), "|") {
		heading, text, _ := strings.Cut(part, ": ")
		doc.Sections = append(doc.Sections, retrieval.Section{Path: []string{heading}, Text: text})
	}
	return doc, err
}
