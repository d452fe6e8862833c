// Package ingest brings content from its sources into a knowledge base and
// keeps it in step.
//
// A [Pipeline] reads the items of a [Source], extracts their text with an
// [Extractor], and touches only what changed since the last time, by the
// records it keeps in a [Store]. A [Library] holds a set of sources, refreshes
// those that are due, and tells how each of them stands.
package ingest

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Errors that tell why an item has no text, in words a user can act on.
var (
	// ErrUnsupported reports content of a kind that the extractor cannot read.
	ErrUnsupported = errors.New("ingest: unsupported kind of content")
	// ErrNoText reports content that holds no text, such as an empty or a scanned file.
	ErrNoText = errors.New("ingest: no text in it")
	// ErrTooLarge reports content above the extractor's limits.
	ErrTooLarge = errors.New("ingest: too large")
	// ErrMalformed reports content that is not what it says it is, or is damaged.
	ErrMalformed = errors.New("ingest: malformed content")
	// ErrEncrypted reports content that needs a password.
	ErrEncrypted = errors.New("ingest: encrypted")
	// ErrChanging reports content that is being written, and is whole later.
	ErrChanging = errors.New("ingest: changing while it is read")
)

// ErrOutdated reports an item that is older than what was ingested of it.
var ErrOutdated = errors.New("ingest: older than what is known")

// An Item is a file or page as its source has it.
type Item struct {
	// ID is unique in its source and stable: a path or a URL.
	ID string
	// Name is the file name, used to tell the kind where the content does not.
	Name string
	// MediaType is what the source says it is, empty when it does not.
	MediaType string
	// Title stands in place of the title that the content has. It may be empty.
	Title string
	// URL leads a customer to the item. It may be empty.
	URL string
	// Modified is when the item last changed, zero when unknown.
	Modified time.Time
	// Version is the source's own mark of the state of the content, such as an
	// ETag or a digest, empty when it has none. An item whose version is that of
	// its last ingestion counts as unchanged and is not opened, unless its last
	// reading failed or this package reads such content in another way by now.
	Version string
	// Labels are what the owner says of the item.
	Labels Labels
	// Gone says that the item was taken away. It has no content then.
	Gone bool
	// Open returns the content. It is called at most once, and the result is closed.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// A Source lists what can be ingested.
type Source interface {
	// Name is stable: what was ingested is remembered under it.
	Name() string
	// Items yields every item that exists now. An error beside an item with an
	// ID concerns that item, and iteration goes on; an error beside a zero item
	// ends the listing, and then nothing is taken to have been removed.
	Items(ctx context.Context) iter.Seq2[Item, error]
}

// An Extractor turns an item's content into a document.
type Extractor interface {
	// Extract reads r to its end or to its limit. It returns an error wrapping
	// one of this package's where one fits. It never panics on bad content. The
	// document's ID and Source are the pipeline's business.
	Extract(ctx context.Context, item Item, r io.Reader) (retrieval.Document, error)
}

// An ExtractorFunc is a function used as an Extractor.
type ExtractorFunc func(ctx context.Context, item Item, r io.Reader) (retrieval.Document, error)

// Extract calls f.
func (f ExtractorFunc) Extract(ctx context.Context, item Item, r io.Reader) (retrieval.Document, error) {
	return f(ctx, item, r)
}

// A Store remembers what was ingested, so that a sync touches only what
// changed, and what became of each source. Methods may be called from many
// goroutines.
type Store interface {
	// Sources returns the state of sources by name: of those given, or of all if
	// none is given. One that has none is left out.
	Sources(ctx context.Context, names ...string) (map[string]State, error)
	// Records returns what is known of the items of the source, by item ID: of
	// those given, or of all if none is given. Unknown ones are left out.
	Records(ctx context.Context, source string, items ...string) (map[string]Record, error)
	// Apply remembers an update of the source, all of it or nothing.
	Apply(ctx context.Context, source string, u Update) error
}

// A Knowledge is what a pipeline writes to. *retrieval.Knowledge is one.
type Knowledge interface {
	// Add stores documents, replacing those of the same ID.
	Add(ctx context.Context, docs ...retrieval.Document) error
	// Remove deletes documents by ID. Unknown ones are ignored.
	Remove(ctx context.Context, ids ...string) error
	// Passages returns what is held of a document, in order, nil for an unknown
	// one.
	Passages(document string) []retrieval.Passage
	// Documents returns the IDs of the documents of a source, in no order. All of
	// them are the pipeline's to remove.
	Documents(source string) []string
}
