package shortanswer_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/ingest/shortanswer"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func answers() []shortanswer.Answer {
	return []shortanswer.Answer{
		{ID: "refund", Question: "When do I get my money back?", Answer: "Within 5 days.\n\nIn <rare> cases & on *holidays*:\n- 7 days\n- or more", URL: "https://example.com/refunds"},
		{ID: "trial", Question: "Is there a trial?", Answer: "Yes."},
	}
}

func TestSource(t *testing.T) {
	ingesttest.RunSource(t, func(t *testing.T) ingest.Source {
		src, err := shortanswer.New("faq", answers())
		require.NoError(t, err)
		return src
	})
}

func TestTextIsKeptAsWritten(t *testing.T) {
	src, err := shortanswer.New("faq", answers())
	require.NoError(t, err)
	for item, err := range src.Items(t.Context()) {
		require.NoError(t, err)
		if item.ID != "faq/refund" {
			continue
		}
		r, err := item.Open(t.Context())
		require.NoError(t, err)
		doc, err := extract.New(nil).Extract(t.Context(), item, r)
		require.NoError(t, err)
		require.Equal(t, "When do I get my money back?", doc.Title)
		require.Equal(t, []retrieval.Section{{Text: "Within 5 days.\n\nIn <rare> cases & on *holidays*:\n- 7 days\n- or more"}}, doc.Sections)
		require.Equal(t, "https://example.com/refunds", item.URL)
	}
}

func TestNewReportsAllFaults(t *testing.T) {
	_, err := shortanswer.New("", []shortanswer.Answer{
		{ID: "a", Question: "Q", Answer: "A"}, {ID: "a", Question: "Q", Answer: "A"}, {Question: "Q", Answer: "A"}, {ID: "b", Answer: " "},
	})
	require.ErrorContains(t, err, "no name")
	require.ErrorContains(t, err, `two answers have the ID "a"`)
	require.ErrorContains(t, err, `answer 3 (""): it has no ID`)
	require.ErrorContains(t, err, `answer 4 ("b"): it lacks`)
}

// TestAnswersAreCurated checks what an item says of an answer beside its text.
func TestAnswersAreCurated(t *testing.T) {
	from := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	src, err := shortanswer.New("faq", []shortanswer.Answer{{
		ID: "hours", Question: "When are you open?", Also: []string{"opening hours"}, Answer: "All day.",
		Audience: "members", Language: "en", From: from, Until: from.AddDate(0, 1, 0),
	}})
	require.NoError(t, err)
	for item, err := range src.Items(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, "When are you open?", item.Title)
		require.Equal(t, ingest.Labels{
			Language: "en", Audience: "members", Curated: true, From: from, Until: from.AddDate(0, 1, 0), Keywords: []string{"opening hours"},
		}, item.Labels)
	}
}

// TestEditing checks that a change is in the next listing, under another
// version, and that a faulty one changes nothing.
func TestEditing(t *testing.T) {
	src, err := shortanswer.New("faq", answers())
	require.NoError(t, err)
	versions := func() map[string]string {
		all := make(map[string]string)
		for item, err := range src.Items(t.Context()) {
			require.NoError(t, err)
			all[item.ID] = item.Version
		}
		return all
	}
	before := versions()
	require.Equal(t, before, versions())
	require.NoError(t, src.Put(shortanswer.Answer{ID: "trial", Question: "Is there a trial?", Answer: "No."}))
	require.NoError(t, src.Put(shortanswer.Answer{ID: "new", Question: "Q", Answer: "A"}))
	src.Delete("unknown")
	after := versions()
	require.Len(t, after, 3)
	require.Equal(t, before["faq/refund"], after["faq/refund"])
	require.NotEqual(t, before["faq/trial"], after["faq/trial"])

	require.ErrorContains(t, src.Put(shortanswer.Answer{ID: "new", Question: "Q"}), "lacks its question or its text")
	now := time.Now()
	require.ErrorContains(t, src.Put(shortanswer.Answer{ID: "new", Question: "Q", Answer: "A", From: now, Until: now}), "ends before it begins")
	require.Equal(t, after, versions())
	src.Delete("new")
	require.Equal(t, 2, src.Size(t.Context()))
	require.Equal(t, "No.", src.Answers()[1].Answer)
}

func ExampleNew() {
	src, err := shortanswer.New("faq", []shortanswer.Answer{
		{ID: "trial", Question: "Is there a trial?", Answer: "Yes, for 14 days."},
	})
	if err != nil {
		panic(err)
	}
	for item := range src.Items(context.Background()) {
		fmt.Println(item.ID, item.Name)
	}
	// Output: faq/trial Is there a trial?
}
