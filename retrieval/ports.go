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
	// Put replaces all passages of the document by the records given, in one
	// transaction, in order. Every record's passage names the document.
	Put(ctx context.Context, document string, records []Record) error
	// Delete removes all passages of the documents. Unknown ones are ignored.
	Delete(ctx context.Context, documents ...string) error
	// All yields every record, those of one document together and in order.
	All(ctx context.Context) iter.Seq2[Record, error]
}

// A Record is a passage as a Store keeps it.
type Record struct {
	Passage Passage
	// Vector is nil without an Embedder.
	Vector []float32
}
