package retrieval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ErrNoID reports a document without an ID.
var ErrNoID = errors.New("retrieval: document without an ID")

// ErrFull reports more passages than a Knowledge can number: 67,108,864, where
// those that were replaced or removed lately may still count.
var ErrFull = errors.New("retrieval: too many passages for one Knowledge")

// Config configures a Knowledge.
type Config struct {
	// Store keeps the passages, so that they outlive the process. Nil keeps them in
	// the Knowledge alone.
	Store Store
	// Embedder adds vectors to the ranking. Without one, words and character
	// n-grams rank alone. Passages stored without a vector, or with one of
	// another length, are ranked without. Answerable rests on words in any case.
	// A search does without one that fails, or takes more than three seconds.
	Embedder Embedder
	// VectorWeight is what vectors count beside words and n-grams, above 0 and at
	// most 1. It is the embedder's: evaluate -embedder prints which one questions
	// with known answers allow. Defaults to 0.5, which no figures of a real embedder
	// stand behind.
	VectorWeight float64
	// Rewriter puts follow-ups into words that say it all before they are searched.
	// It is asked only about a question that leans on what was said before, and a
	// search does without one that fails, takes more than three seconds or returns
	// more than 500 bytes. Nil means none: what was said then raises passages.
	Rewriter Rewriter
	// Reranker orders the best twenty passages anew. It counts for nothing in
	// Answerable, and a search does without one that fails or takes more than three
	// seconds. Nil means none.
	Reranker Reranker
	// Language is a BCP 47 tag, assumed of documents that neither name their
	// language nor have enough text to tell it. Defaults to "en".
	Language string
	// Mix is what customers ask, which Answerable depends on. The zero value
	// expects five of nine questions to be answered, and of the others as many to be
	// near as far. It leans towards answering, since a quotation that names its
	// source costs a customer a glance where it misses, and a needless refusal costs
	// somebody's work. At a score of 0.5, asked 120 questions that three help centres
	// answer and 60 that they do not, it refuses 2 of the former and lets 19 of the
	// latter pass. A host that minds those more states 2:1:1: that refuses 4, and
	// lets 13 pass.
	Mix Mix
	// Now tells the time by which passages hold or not. Defaults to [time.Now].
	Now func() time.Time
	// WordsOnly ranks by words and titles alone, without character n-grams, which
	// takes less time to index and to search. It costs most where words compound,
	// inflect or are mistyped, as in German and Dutch.
	WordsOnly bool
}

// A Knowledge is a searchable base of passages. Its methods may be called from
// many goroutines; a search sees each document whole, before or after a change.
type Knowledge struct {
	store        Store
	embedder     Embedder
	reranker     Reranker
	rewriter     Rewriter
	vectorWeight float64
	language     *language
	mix          Mix
	now          func() time.Time

	changing sync.Mutex // serialises changes, so that index and store agree
	progress progress
	mu       sync.RWMutex // guards index
	index    *index

	calibrator calibrator
}

// defaultVectorWeight is Config.VectorWeight when it is zero.
const defaultVectorWeight = 0.5

// check reports everything that is wrong with the numbers at once.
func (c *Config) check() error {
	err := c.Mix.check()
	if w := c.VectorWeight; !(w >= 0 && w <= 1) {
		err = errors.Join(err, errors.New("retrieval: VectorWeight must be from 0 to 1"))
	}
	return err
}

// New returns a Knowledge that holds the passages of cfg.Store. Its errors are
// those of reading them, and of numbers that are none.
func New(ctx context.Context, cfg Config) (*Knowledge, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Store == nil {
		cfg.Store = nowhere{}
	}
	if cfg.Language == "" {
		cfg.Language = "en"
	}
	if cfg.VectorWeight == 0 {
		cfg.VectorWeight = defaultVectorWeight
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	k := &Knowledge{
		store:        cfg.Store,
		embedder:     cfg.Embedder,
		reranker:     cfg.Reranker,
		rewriter:     cfg.Rewriter,
		vectorWeight: cfg.VectorWeight,
		language:     languageOf(cfg.Language),
		mix:          cfg.Mix,
		now:          cfg.Now,
		index:        newIndex(cfg.WordsOnly),
	}
	_, k.index.remote = cfg.Store.(VectorStore)
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// Add stores documents, replacing those of the same ID, and makes them
// searchable once they are stored. Passages that are held already are neither
// analyzed nor embedded again, and documents of which nothing has changed are not
// stored again. Documents are stored many at a time: on an error some of the
// first may have been, and the rest is as it was. A document without text keeps
// no passages.
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

// add stores and shows one batch. What has not changed is not stored again.
func (k *Knowledge) add(ctx context.Context, docs []Document) error {
	batch := make([]*change, len(docs))
	k.parallel(len(docs), func(_ *analyzer, i int) { batch[i] = k.changeTo(docs[i]) })
	if k.index.remote {
		batch = k.differing(batch)
	}
	if err := k.embed(ctx, batch); err != nil {
		return err
	}
	k.changing.Lock()
	defer k.changing.Unlock()
	batch = slices.DeleteFunc(batch, k.has)
	if !k.index.fits(batch) {
		return ErrFull
	}
	stored := 0
	var err error
	for err == nil && stored < len(batch) {
		some := portion(batch[stored:])
		if err = k.put(ctx, some); err == nil {
			stored += len(some)
		}
	}
	k.apply(batch[:stored])
	k.saveIfWorth(ctx)
	return err
}

// putSize is how many passages are stored in one transaction, about: so many
// that the cost of a transaction counts for little, and so few that others who
// write to the same database need not wait long.
const putSize = 1000

// portion returns the first changes of a batch that are stored together, at
// least one.
func portion(batch []*change) []*change {
	n := len(batch[0].records)
	for i, c := range batch[1:] {
		if n += len(c.records); n > putSize {
			return batch[:i+1]
		}
	}
	return batch
}

// put stores changes in one transaction.
func (k *Knowledge) put(ctx context.Context, batch []*change) error {
	documents := make([]Changed, len(batch))
	passages := 0
	for i, c := range batch {
		documents[i] = Changed{c.document, c.records}
		passages += len(c.records)
	}
	if err := k.store.Put(ctx, documents...); err != nil {
		return fmt.Errorf("retrieval: store: %w", err)
	}
	k.changed(passages)
	return nil
}

// Remove deletes documents by ID. Unknown ones are ignored.
func (k *Knowledge) Remove(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return ctx.Err()
	}
	k.changing.Lock()
	defer k.changing.Unlock()
	if err := k.store.Delete(ctx, ids...); err != nil {
		return fmt.Errorf("retrieval: remove: %w", err)
	}
	batch := make([]*change, len(ids))
	for i, id := range ids {
		batch[i] = &change{document: id}
	}
	k.changed(len(ids))
	k.apply(batch)
	k.saveIfWorth(ctx)
	return nil
}

// Len returns the number of passages.
func (k *Knowledge) Len() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.index.live
}

// Passages returns what is held of a document, in order, and nil for an unknown
// one. The slice is the caller's; what it shares with the base must not be
// changed.
func (k *Knowledge) Passages(document string) []Passage {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var out []Passage
	for n := range k.index.of(document) {
		out = append(out, k.index.entries[n].passage())
	}
	return out
}

// Documents returns the IDs of the documents of a source, in no order.
func (k *Knowledge) Documents(source string) []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var out []string
	for id, n := range k.index.documents {
		if k.index.entries[n].origin.source == source {
			out = append(out, id)
		}
	}
	return out
}
