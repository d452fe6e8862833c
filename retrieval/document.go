// Package retrieval finds the passages of a company's content that answer a
// question, and says how likely it is that they do.
//
// [Knowledge] is the concrete type: it ranks by BM25 over words with the title
// scored on its own and character n-grams beside, fuses vectors in when it is
// given an [Embedder], and keeps its passages in a [Store].
package retrieval

import "time"

// A Document is one article, page or file, divided at its headings.
type Document struct {
	// ID is unique in a knowledge base and stable over time: a path or a URL.
	ID string
	// Source names the source that the document came from.
	Source string
	// Title is what a citation shows.
	Title string
	// URL leads a customer to the document. It may be empty.
	URL string
	// Language is a BCP 47 tag, empty when unknown.
	Language string
	// Keywords are words that the document is to be found by beside its own. They
	// are searched and never quoted.
	Keywords []string
	// Audience limits who may see the document. Empty means everybody.
	Audience string
	// Private documents inform answers but are never cited.
	Private bool
	// Curated documents are written as the answer to the question that is their
	// title, such as a short answer. They outrank others that match as well.
	Curated bool
	// From and Until limit when the document holds: from From on, and before
	// Until. Zero means without limit.
	From, Until time.Time
	// Updated is when the content last changed, zero when unknown.
	Updated time.Time
	// Sections hold the text in reading order.
	Sections []Section
}

// A Section is the text under one heading.
type Section struct {
	// Path is the headings that lead to the section, outermost first, without
	// the document's title. It is empty for text before the first heading.
	Path []string
	// Anchor is the fragment that leads to the heading, without "#".
	Anchor string
	// Text is the section's own text, without that of its subsections. Blocks
	// are separated by blank lines; list items start with "- " or their number, as in "2. "; a table row is
	// a line of "header: cell" pairs separated by "; ".
	Text string
}

// A Passage is a piece of a document small enough to quote from and to rank.
type Passage struct {
	// ID is stable as long as the document's ID, the heading and the text are.
	ID       string   `json:"id"`
	Document string   `json:"document"`
	Source   string   `json:"source,omitempty"`
	Title    string   `json:"title"`
	URL      string   `json:"url,omitempty"`
	Path     []string `json:"path,omitempty"`
	Anchor   string   `json:"anchor,omitempty"`
	// Text is verbatim from the document.
	Text     string    `json:"text"`
	Language string    `json:"language,omitempty"`
	Keywords []string  `json:"keywords,omitempty"`
	Audience string    `json:"audience,omitempty"`
	Private  bool      `json:"private,omitempty"`
	Curated  bool      `json:"curated,omitempty"`
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Updated  time.Time `json:"updated,omitzero"`
}

// holds reports whether a passage holds at a time, to the moment.
func (p *Passage) holds(now time.Time) bool {
	return !now.Before(p.From) && (p.Until.IsZero() || now.Before(p.Until))
}

// A Query asks for passages.
type Query struct {
	// Text is the question, in the customer's words.
	Text string
	// Before is what was said before the question, oldest first: the turns of the
	// customer and of the agent. A question that leans on them, such as "and
	// for children?", is searched with their words.
	Before []string
	// Limit is the most passages wanted. Zero means 8.
	Limit int
	// Audiences are those the asker belongs to, beside everybody. A passage of
	// any other audience is neither returned nor ranked.
	Audiences []string
	// RankOnly leaves out what is read from the hits: their Spans, and the result's
	// Answerable, Evidence and Signals, which are zero then. The hits are the same,
	// in the same order, in less time: for a search box, or for a host that judges
	// the hits by itself.
	RankOnly bool
}

// A Hit is a passage that matches a query.
type Hit struct {
	Passage
	// Score orders hits of one result. It cannot be compared between queries.
	Score float64 `json:"score"`
	// Spans are the byte ranges of the sentences of Text that match best, best first.
	Spans []Span `json:"spans,omitempty"`
}

// A Span is the half-open byte range [Start, End) of a passage's text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// A Result is what a query found.
type Result struct {
	// Hits are ordered best first.
	Hits []Hit
	// Answerable is the probability, calibrated on the content itself, that the
	// first hit answers the question, among questions of the configured Mix. It tells
	// another topic from this one well; it cannot tell a near passage from one that
	// answers.
	Answerable float64
	// Evidence is what Answerable makes of it, for those who know better what is
	// asked, such as here and now.
	Evidence Evidence
	// Signals are what Answerable rests on, always in the same order: for those who
	// want to know why, and for fitting weights to questions of one's own.
	Signals []Signal
	// Rewritten is the question as it was searched, where a Rewriter put it into
	// other words; else empty. The hits and their Spans are for it, Answerable and
	// its Signals for the customer's own words.
	Rewritten string
	// Degraded tells why the Rewriter, the Embedder or the Reranker took no part, nil
	// if all went well. The hits are then those of the rest of the ranking.
	Degraded error
}
