package shortanswer_test

import (
	"context"
	"fmt"
	"testing"

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
	require.ErrorContains(t, err, "answer 3 has no ID")
	require.ErrorContains(t, err, `answer 4 ("b") lacks`)
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
