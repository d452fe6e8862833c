package agenttest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// RunRetriever proves a Retriever: that it finds what is asked for in a page's
// own words, best first and no more than wanted; that what it returns is
// verbatim and leads back to its document; that no question makes it fail; and
// that content of an audience cannot be told from content that does not exist
// by those who do not belong to it, neither from hits nor from scores. How well
// it ranks is not judged here but measured, on content of one's own.
//
// newRetriever returns one over exactly the given documents. It is called for
// each subtest.
func RunRetriever(t *testing.T, newRetriever func(t *testing.T, docs []retrieval.Document) agent.Retriever) {
	for _, c := range []struct {
		name  string
		prove func(*testing.T, agent.Retriever)
	}{
		{"Finds", retrieverFinds},
		{"Limit", retrieverLimit},
		{"Verbatim", retrieverVerbatim},
		{"Hostile", retrieverHostile},
		{"Cancelled", retrieverCancelled},
		{"Concurrent", retrieverConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.prove(t, newRetriever(t, documents())) })
	}
	t.Run("Audience", func(t *testing.T) { retrieverAudience(t, newRetriever(t, documents())) })
	t.Run("Mirror", func(t *testing.T) {
		everybody := slices.DeleteFunc(documents(), func(d retrieval.Document) bool { return d.Audience != "" })
		retrieverMirror(t, newRetriever(t, documents()), newRetriever(t, everybody))
	})
	t.Run("Nothing", func(t *testing.T) {
		r, err := newRetriever(t, nil).Retrieve(t.Context(), retrieval.Query{Text: "How do I return a jacket?"})
		require.NoError(t, err, "a Retriever without documents finds nothing, and that is no error")
		require.Empty(t, r.Hits)
	})
}

// documents are pages for everybody and two that are not.
func documents() []retrieval.Document {
	page := func(id, audience, title, heading, text string) retrieval.Document {
		return retrieval.Document{
			ID: id, Source: "help", Title: title, URL: "https://help.example.com/" + id, Language: "en", Audience: audience,
			Sections: []retrieval.Section{{Path: []string{heading}, Anchor: "a", Text: text}},
		}
	}
	return []retrieval.Document{
		page("returns", "", "Returning an item", "Deadlines", "You can return an item within 30 days of delivery. Shoes must be unworn."),
		page("shipping", "", "Shipping costs", "Prices", "Shipping is free for orders above 50 euros. Express shipping costs 9 euros."),
		page("passwords", "", "Resetting a password", "Steps", "Open the login page and choose Forgot password. We send a link to your address."),
		page("invoices", "", "Downloading an invoice", "Where they are", "Invoices are listed under Account, Orders. Choose the order and then Invoice."),
		page("gifts", "", "Gift cards", "Validity", "A gift card is valid for three years from the day of purchase."),
		page("members", "members", "Returning an item as a member", "Deadlines", "Members can return an item within 90 days of delivery, and pay no shipping."),
		page("staff", "staff", "Returning an item: notes for staff", "Exceptions", "Staff may accept a return of an item after the deadline up to 20 euros."),
	}
}

// questions ask for every page, and for none.
func questions() []string {
	return []string{
		"How long can I return an item?", "What does express shipping cost?", "I forgot my password",
		"Where is my invoice?", "How long is a gift card valid?", "May staff accept a late return?", "What is the weather in Lisbon?",
	}
}

// retrieve asks and checks what holds for every result.
func retrieve(t *testing.T, r agent.Retriever, q retrieval.Query) retrieval.Result {
	res, err := r.Retrieve(t.Context(), q)
	require.NoError(t, err)
	require.True(t, res.Answerable >= 0 && res.Answerable <= 1, "Answerable is a probability, not %v", res.Answerable)
	require.True(t, slices.IsSortedFunc(res.Hits, func(a, b retrieval.Hit) int {
		return cmp.Compare(b.Score, a.Score)
	}), "hits are ordered best first")
	seen := make(map[string]bool)
	for _, h := range res.Hits {
		require.False(t, seen[h.ID], "a passage is found once")
		seen[h.ID] = true
		require.True(t, h.Audience == "" || slices.Contains(q.Audiences, h.Audience),
			"a passage of the audience %q was returned to %q", h.Audience, q.Audiences)
		for _, s := range h.Spans {
			require.True(t, 0 <= s.Start && s.Start <= s.End && s.End <= len(h.Text), "spans lie within the text")
			require.True(t, utf8.ValidString(h.Text[s.Start:s.End]), "spans do not split a character")
		}
	}
	return res
}

// retrieverFinds asks about each page that everybody may see.
func retrieverFinds(t *testing.T, r agent.Retriever) {
	// The first five are for everybody, and have their question at the same place.
	for i, d := range documents()[:5] {
		res := retrieve(t, r, retrieval.Query{Text: questions()[i]})
		require.NotEmpty(t, res.Hits, "a question in a page's own words finds something: %s", questions()[i])
		require.Equal(t, d.ID, res.Hits[0].Document, "the page that answers comes first: %s", questions()[i])
	}
}

// retrieverLimit asks what many pages know something of.
func retrieverLimit(t *testing.T, r agent.Retriever) {
	for limit := range 4 {
		res := retrieve(t, r, retrieval.Query{Text: "return an item, shipping, password, invoice", Limit: limit})
		most := limit
		if limit == 0 {
			most = 8
		}
		require.LessOrEqual(t, len(res.Hits), most, "a Retriever returns at most Limit passages, 8 for zero")
	}
}

// retrieverVerbatim compares what is found with the documents.
func retrieverVerbatim(t *testing.T, r agent.Retriever) {
	docs := documents()
	for _, question := range questions() {
		for _, h := range retrieve(t, r, retrieval.Query{Text: question, Audiences: []string{"members", "staff"}}).Hits {
			i := slices.IndexFunc(docs, func(d retrieval.Document) bool { return d.ID == h.Document })
			require.GreaterOrEqual(t, i, 0, "a passage names its document")
			require.Contains(t, docs[i].Sections[0].Text, h.Text, "a passage's text is verbatim")
			require.Equal(t, docs[i].Title, h.Title, "a passage has its document's title")
			require.Equal(t, docs[i].URL, h.URL, "a passage has its document's address")
			require.Equal(t, docs[i].Audience, h.Audience, "a passage has its document's audience")
		}
	}
}

// retrieverHostile asks what customers ask, who are not bound by any grammar.
func retrieverHostile(t *testing.T, r agent.Retriever) {
	for _, text := range []string{
		// Nothing, binary, quoting, query languages, hidden characters, a script
		// without spaces, and length.
		"", " \n\t", "?", "\xff\xfe\x00", `" OR 1=1 --`, "title:* AND (", "a\u202eb\u200b", "你好",
		strings.Repeat("return an item ", 10_000), strings.Repeat("x", 100_000),
	} {
		_ = retrieve(t, r, retrieval.Query{Text: text})
		_ = retrieve(t, r, retrieval.Query{Text: text, Limit: -1, Audiences: []string{"", text}})
	}
}

// retrieverCancelled asks when ctx is done already. A Retriever that looks into
// memory may answer all the same.
func retrieverCancelled(t *testing.T, r agent.Retriever) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = r.Retrieve(ctx, retrieval.Query{Text: questions()[0]})
	}()
	select {
	case <-done:
	case <-time.After(soon):
		require.Fail(t, "a Retriever whose ctx is done returns soon")
	}
}

// retrieverConcurrent asks one after the other, and then all at once.
func retrieverConcurrent(t *testing.T, r agent.Retriever) {
	want := make([]retrieval.Result, len(questions()))
	for i, question := range questions() {
		want[i] = retrieve(t, r, retrieval.Query{Text: question})
	}
	got := make([]retrieval.Result, 4*len(want))
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			got[i], _ = r.Retrieve(t.Context(), retrieval.Query{Text: questions()[i%len(want)]})
		})
	}
	wg.Wait()
	for i, res := range got {
		require.Equal(t, want[i%len(want)], res, "a Retriever may be called from many goroutines")
	}
}

// retrieverAudience asks for somebody who may see more.
func retrieverAudience(t *testing.T, r agent.Retriever) {
	res := retrieve(t, r, retrieval.Query{Text: "How long can members return an item?", Audiences: []string{"members"}})
	require.True(t, slices.ContainsFunc(res.Hits, func(h retrieval.Hit) bool { return h.Audience == "members" }),
		"a passage of an audience is found for those who belong to it")
}

// retrieverMirror asks a Retriever that has pages for some, and one that never
// heard of them. For everybody they must be the same, to the last figure: a
// difference tells that the pages exist, and something of what is in them.
func retrieverMirror(t *testing.T, r, mirror agent.Retriever) {
	for _, question := range questions() {
		for _, audiences := range [][]string{nil, {}, {"partners"}, {""}} {
			q := retrieval.Query{Text: question, Audiences: audiences}
			require.Equal(t, retrieve(t, mirror, q), retrieve(t, r, q),
				"what others may see changes nothing for those who may not: %s", question)
		}
	}
}
