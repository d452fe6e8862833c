package crawl

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Store remembers visits, so that an unchanged page is not sent again, and a
// crawl that was broken off goes on where it was. Methods may be called from
// many goroutines, but only one crawl of a source runs at a time.
type Store interface {
	// Last returns the crawl of the source that began last, the zero Crawl if
	// there was none.
	Last(ctx context.Context, source string) (Crawl, error)
	// Mark stores the crawl that began last. If it has ended, the visits of
	// earlier crawls are forgotten in the same step.
	Mark(ctx context.Context, source string, crawl Crawl) error
	// Visits yields what is remembered of the source, each address once, in any
	// order. It is read to its end before the next call.
	Visits(ctx context.Context, source string) iter.Seq2[Visit, error]
	// Save stores visits, all or none, each in place of an earlier one of its
	// address. A visit whose Links are nil keeps the links of that one. What was
	// saved survives a crash of the process.
	Save(ctx context.Context, source string, visits ...Visit) error
}

// A Crawl is one tour of a site.
type Crawl struct {
	// Began is when it began. It tells crawls of one source apart.
	Began time.Time
	// Ended is when all was visited, zero while there is more to do.
	Ended time.Time
}

// A Visit is what is remembered of one address.
type Visit struct {
	// URL is the address in its normal form.
	URL string
	// Crawl is when the crawl began in which the address was visited last.
	Crawl time.Time
	// Outcome is what came of that visit, and Reason says why in words for the
	// site's owner, empty where the outcome says it all.
	Outcome Outcome
	Reason  string
	// Status is the status code of the answer, 0 if there was none.
	Status int
	// What follows is of the last answer that had content, which may be older than
	// the last visit.

	// ID is the ID of the item that the page is, empty if it is none.
	ID string
	// To is where the page sends its visitors, or the address whose text it has.
	To string
	// Title is the page's own title.
	Title string
	// MediaType, ETag, LastModified are as the site sent them.
	MediaType, ETag, LastModified string
	// Modified is when the page last changed, zero when unknown.
	Modified time.Time
	// Version is a digest of the content as it was sent.
	Version string
	// Text is a digest of the page's words, empty for few words. Similar differs in
	// few bits for nearly the same words, and Figures is a digest of those with digits.
	Text             string
	Similar, Figures uint64
	// Links are the addresses that the page leads to, in their normal form.
	Links []string
}

// A MemoryStore is a Store that lives as long as the process.
type MemoryStore struct {
	mu     sync.Mutex
	crawls map[string]Crawl
	visits map[string]map[string]Visit // source -> URL -> visit
}

// NewMemoryStore returns an empty MemoryStore.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{crawls: make(map[string]Crawl), visits: make(map[string]map[string]Visit)}
}

// Last implements [Store].
func (m *MemoryStore) Last(_ context.Context, source string) (Crawl, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.crawls[source], nil
}

// Mark implements [Store].
func (m *MemoryStore) Mark(_ context.Context, source string, crawl Crawl) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.crawls[source] = crawl
	if !crawl.Ended.IsZero() {
		maps.DeleteFunc(m.visits[source], func(_ string, v Visit) bool { return v.Crawl.Before(crawl.Began) })
	}
	return nil
}

// Visits implements [Store].
func (m *MemoryStore) Visits(_ context.Context, source string) iter.Seq2[Visit, error] {
	return func(yield func(Visit, error) bool) {
		m.mu.Lock()
		visits := slices.Collect(maps.Values(m.visits[source]))
		m.mu.Unlock()
		for _, v := range visits {
			v.Links = slices.Clone(v.Links)
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Save implements [Store].
func (m *MemoryStore) Save(_ context.Context, source string, visits ...Visit) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.visits[source] == nil {
		m.visits[source] = make(map[string]Visit)
	}
	for _, v := range visits {
		if v.Links == nil {
			v.Links = m.visits[source][v.URL].Links
		}
		v.Links = slices.Clone(v.Links)
		m.visits[source][v.URL] = v
	}
	return nil
}
