package retrieval

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// batchSize is how many documents are indexed under one lock: some milliseconds,
// so that searches are not held up.
const batchSize = 128

// A change brings what the index holds of a document to the records given.
type change struct {
	document string
	records  []Record
	// What prepare finds out. A passage is kept when nothing has changed by which it
	// is found: it is not analyzed again.
	language *language
	numbers  []uint32   // of the records' passages, gone for those that are new
	fresh    []analysis // of the new ones
	dropped  []uint32   // passages that are not kept
	stale    []analysis // of those
}

// parallel calls f for every number below n, on all processors at once, each with
// an analyzer of its own.
func (k *Knowledge) parallel(n int, f func(a *analyzer, i int)) {
	var next atomic.Int32
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/8+1) {
		wg.Go(func() {
			a := k.index.takeAnalyzer()
			defer k.index.analyzers.Put(a)
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				f(a, i-1)
			}
		})
	}
	wg.Wait()
}

// apply makes changes to different documents searchable. Nothing else changes
// the index meanwhile.
func (k *Knowledge) apply(batch []*change) {
	k.parallel(len(batch), func(a *analyzer, i int) { k.prepare(batch[i], a) })
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range batch {
		k.index.change(c)
	}
	k.index.compact()
}

// prepare does all of a change that needs no lock.
func (k *Knowledge) prepare(c *change, a *analyzer) {
	held := make(map[string]uint32)
	for n := range k.index.of(c.document) {
		held[k.index.entries[n].id] = n
	}
	c.language = k.languageOf(c.records, a)
	for _, r := range c.records {
		n, ok := held[r.Passage.ID]
		if ok && k.index.entries[n].origin.language == c.language && sameWords(k.index.entries[n].passage(), r.Passage) {
			delete(held, r.Passage.ID)
		} else {
			n = gone
			c.fresh = append(c.fresh, a.analyze(r.Passage, c.language))
		}
		c.numbers = append(c.numbers, n)
	}
	for _, n := range held {
		e := &k.index.entries[n]
		c.dropped = append(c.dropped, n)
		c.stale = append(c.stale, a.analyze(e.passage(), e.origin.language))
	}
}

// detectBytes hold detectWords words, about.
const detectBytes = 8 * detectWords

// languageOf tells the language of one document's passages.
func (k *Knowledge) languageOf(records []Record, a *analyzer) *language {
	if len(records) == 0 {
		return k.language
	}
	p := records[0].Passage
	if p.Language != "" {
		return languageOf(p.Language)
	}
	a.tokens = appendTokens(a.tokens[:0], heading(p))
	for _, r := range records {
		if len(a.tokens) >= detectWords {
			break
		}
		text := r.Passage.Text
		a.tokens = appendTokens(a.tokens, text[:min(len(text), detectBytes)])
	}
	return detect(a.tokens, k.language)
}
