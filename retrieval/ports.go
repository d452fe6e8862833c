package retrieval

import (
	"context"
	"iter"
)

// An Embedder turns texts into vectors of one length. Any langchaingo
// embeddings.Embedder is one. Methods may be called from many goroutines.
type Embedder interface {
	// EmbedDocuments returns one vector per text, in order. It must not keep or
	// change texts.
	EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error)
	// EmbedQuery returns the vector of a question, comparable by cosine with
	// those of EmbedDocuments.
	EmbedQuery(ctx context.Context, text string) ([]float32, error)
}

// A Store keeps passages, and their vectors where there are any, so that a
// knowledge base outlives the process. It does not rank. Methods may be called
// from many goroutines.
type Store interface {
	// Put replaces all passages of each document by the records given, in order,
	// and those of all the documents in one transaction. Every record's passage
	// names its document, and no document is given twice.
	Put(ctx context.Context, documents ...Changed) error
	// Delete removes all passages of the documents. Unknown ones are ignored.
	Delete(ctx context.Context, documents ...string) error
	// All yields every record, those of one document together and in order.
	All(ctx context.Context) iter.Seq2[Record, error]
}

// A VectorStore is a Store that searches vectors itself, such as a database with
// an index for them. A Knowledge on one holds no vectors in memory.
type VectorStore interface {
	Store
	// Nearest returns the passages whose vectors are nearest to the one given by
	// their cosine, nearest first, and at most limit: only passages without an
	// audience and those of one of the audiences. Vectors of another length are
	// passed over. All may leave out the vectors.
	Nearest(ctx context.Context, vector []float32, audiences []string, limit int) ([]Neighbor, error)
}

// A Neighbor is a passage near a vector.
type Neighbor struct {
	// Document and ID are those of the passage.
	Document, ID string
	Cosine       float64
}

// A Record is a passage as a Store keeps it.
type Record struct {
	Passage Passage
	// Vector is nil without an Embedder.
	Vector []float32
}

// A Snapshotter is a Store that also keeps a snapshot of what a Knowledge has
// computed from the passages, so that a start need not compute it again. It
// need not understand it, and only the last one counts.
type Snapshotter interface {
	Store
	// Changes returns the store's generation, a number that every Put and every
	// Delete of at least one document raises by one, and that is not lost when the
	// store is closed. With it come the documents that were changed since the
	// generation given, each once, as they are now: those that are deleted without
	// records. The generation may be older than they are, and never newer.
	Changes(ctx context.Context, since int64) (generation int64, changed []Changed, err error)
	// SaveSnapshot keeps the parts as the snapshot of a generation in place of any
	// other. Until it returns, and if it fails, the one before is kept. It must not
	// change the parts, and may keep them only until it asks for the next.
	SaveSnapshot(ctx context.Context, generation int64, parts iter.Seq[[]byte]) error
	// Snapshot returns the generation of the snapshot, zero if there is none, and
	// its parts as they were saved, which the caller may keep.
	Snapshot(ctx context.Context) (generation int64, parts iter.Seq2[[]byte, error], err error)
}

// Changed is a document as it is after a change.
type Changed struct {
	Document string
	Records  []Record
}
