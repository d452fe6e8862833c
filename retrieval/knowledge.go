package retrieval

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrNoID reports a document without an ID.
var ErrNoID = errors.New("retrieval: document without an ID")

// Config configures a Knowledge.
type Config struct {
	// Store keeps the passages. Defaults to memory.
	Store Store
	// Embedder adds vectors to the ranking. Without one, words and character
	// n-grams rank alone. Passages stored without a vector, or with one of
	// another length, are ranked without. Answerable rests on words in any case.
	Embedder Embedder
	// Language is a BCP 47 tag, assumed of documents that neither name their
	// language nor have enough text to tell it. Defaults to "en".
	Language string
}

// A Knowledge is a searchable base of passages. Its methods may be called from
// many goroutines; a search sees each document whole, before or after a change.
type Knowledge struct {
	store    Store
	embedder Embedder
	language *language

	changing sync.Mutex // serialises changes, so that index and store agree
	crew     []*analyzer
	mu       sync.RWMutex // guards index
	index    *index

	calibrator calibrator
}

// New returns a Knowledge that holds the passages of cfg.Store. Its errors are
// those of reading them.
func New(ctx context.Context, cfg Config) (*Knowledge, error) {
	if cfg.Store == nil {
		cfg.Store = NewMemoryStore()
	}
	if cfg.Language == "" {
		cfg.Language = "en"
	}
	k := &Knowledge{
		store:    cfg.Store,
		embedder: cfg.Embedder,
		language: languageOf(cfg.Language),
		index:    newIndex(),
		crew:     newCrew(),
	}
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// load indexes what the store holds, in batches so that memory stays bounded.
func (k *Knowledge) load(ctx context.Context) error {
	var batch []Record
	for r, err := range k.store.All(ctx) {
		if err != nil {
			return fmt.Errorf("retrieval: load passages: %w", err)
		}
		// A document stays in one batch, since its language is told from all of it.
		if len(batch) >= batchSize && r.Passage.Document != batch[len(batch)-1].Passage.Document {
			k.show(batch)
			batch = batch[:0]
		}
		batch = append(batch, r)
	}
	k.show(batch)
	return nil
}

// Add stores documents, replacing those of the same ID, and makes them
// searchable once they are stored. On an error the documents before the faulty
// one are kept. A document without text keeps no passages.
func (k *Knowledge) Add(ctx context.Context, docs ...Document) error {
	for _, d := range docs {
		if d.ID == "" {
			return ErrNoID
		}
	}
	docs = latest(docs)
	for len(docs) > 0 {
		n := min(len(docs), batchSize)
		if err := k.add(ctx, docs[:n]); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

// latest drops all documents but the last of every ID.
func latest(docs []Document) []Document {
	last := make(map[string]int, len(docs))
	for i, d := range docs {
		last[d.ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	out := make([]Document, 0, len(last))
	for i, d := range docs {
		if last[d.ID] == i {
			out = append(out, d)
		}
	}
	return out
}

// add stores and shows one batch.
func (k *Knowledge) add(ctx context.Context, docs []Document) error {
	records, ends := make([]Record, 0, 2*len(docs)), make([]int, len(docs))
	for i, d := range docs {
		for _, p := range Split(d) {
			records = append(records, Record{Passage: p})
		}
		ends[i] = len(records)
	}
	if err := k.embed(ctx, records); err != nil {
		return err
	}
	k.changing.Lock()
	defer k.changing.Unlock()
	start, stored, ids := 0, 0, make([]string, 0, len(docs))
	var err error
	for i, d := range docs {
		if err = k.store.Put(ctx, d.ID, records[start:ends[i]]); err != nil {
			err = fmt.Errorf("retrieval: store %q: %w", d.ID, err)
			break
		}
		start, stored = ends[i], ends[i]
		ids = append(ids, d.ID)
	}
	k.replace(ids, records[:stored])
	return err
}

// Remove deletes documents by ID. Unknown ones are ignored.
func (k *Knowledge) Remove(ctx context.Context, ids ...string) error {
	k.changing.Lock()
	defer k.changing.Unlock()
	if err := k.store.Delete(ctx, ids...); err != nil {
		return fmt.Errorf("retrieval: remove: %w", err)
	}
	k.replace(ids, nil)
	return nil
}

// Len returns the number of passages.
func (k *Knowledge) Len() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.index.live
}
