package retrieval

import (
	"iter"
	"sync"
)

// everybody is the number of the empty audience.
const everybody = 0

// gone is the number of a passage that the index does not hold.
const gone = ^uint32(0)

// An index is an inverted index that is changed in place. It is not safe for
// concurrent use.
type index struct {
	wordsOnly bool
	audiences map[string]int32
	shards    []*shard // by audience
	labels    map[label]*label
	entries   []entry
	sizes     []sizes // of the entries
	firsts    firsts
	dated     map[uint32]bool // passages that hold for a time only
	live      int
	vectors   vectors
	remote    bool      // the store searches the vectors
	scratch   sync.Pool // of *scores
	analyzers sync.Pool // of *analyzer, for the stems that they remember
}

// Sizes are how many words a passage has. They are kept by themselves, as they
// are read for every posting of a question.
type sizes struct {
	words uint16 // of the whole
	title uint16 // of title and path
}

// newIndex returns an empty index.
func newIndex(wordsOnly bool) *index {
	x := &index{
		wordsOnly: wordsOnly,
		audiences: make(map[string]int32),
		labels:    make(map[label]*label),
		firsts:    newFirsts(0),
		dated:     make(map[uint32]bool),
	}
	x.audience("")
	return x
}

// audience returns the number of an audience, given at first sight.
func (x *index) audience(name string) int32 {
	n, ok := x.audiences[name]
	if !ok {
		n = int32(len(x.shards))
		x.audiences[name] = n
		x.shards = append(x.shards, newShard())
	}
	return n
}

// of returns the numbers of a document's passages, in order.
func (x *index) of(document string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		n, ok := x.first(document)
		for ok && n != gone && yield(n) {
			n = x.entries[n].next
		}
	}
}

// fits reports whether there are numbers for the passages of changes.
func (x *index) fits(batch []*change) bool {
	n := len(x.entries)
	for _, c := range batch {
		n += len(c.records)
	}
	return n <= maxPassages
}

// change makes a change that was prepared.
func (x *index) change(c *change) {
	x.forget(c.document)
	for i, n := range c.dropped {
		x.remove(n, &c.stale[i])
	}
	var origin *origin
	fresh, last := c.fresh, gone
	for i := range c.records {
		r, n := &c.records[i], c.numbers[i]
		origin = x.origin(&r.Passage, c.language, origin)
		if n == gone {
			n = x.add(origin, &fresh[0])
			fresh = fresh[1:]
		}
		x.entries[n] = entry{
			id: r.Passage.ID, text: r.Passage.Text, place: newPlace(&r.Passage), origin: origin, next: gone,
		}
		if !x.remote {
			x.vectors.set(n, r.Vector)
		}
		delete(x.dated, n)
		if origin.passing() {
			x.dated[n] = true
		}
		if last == gone {
			x.begin(n)
		} else {
			x.entries[last].next = n
		}
		last = n
	}
}

// add makes an entry for a passage, and returns its number.
func (x *index) add(o *origin, a *analysis) uint32 {
	n := uint32(len(x.entries))
	x.entries = added(x.entries, entry{})
	const most = 1<<16 - 1
	x.sizes = added(x.sizes, sizes{uint16(min(a.length, most)), uint16(min(a.title, most))})
	x.shards[o.shard].add(n, a)
	x.live++
	return n
}

// remove forgets a passage. Its number is not given again until compact.
func (x *index) remove(n uint32, a *analysis) {
	x.shards[x.entries[n].origin.shard].remove(n, a)
	x.entries[n] = entry{}
	x.vectors.drop(n)
	delete(x.dated, n)
	x.live--
}

// compact gives passages new numbers once less than half of the numbers are
// used, so that the work of removing stays in proportion to what is removed.
func (x *index) compact() {
	if len(x.entries)-x.live > x.live+batchSize {
		x.renumber()
	}
}

// renumber gives all passages new numbers, in the order of the old.
func (x *index) renumber() {
	if len(x.entries) == x.live {
		return
	}
	moved := make([]uint32, len(x.entries))
	entries, sizes := make([]entry, 0, x.live), make([]sizes, 0, x.live)
	for n, e := range x.entries {
		moved[n] = uint32(len(entries))
		if e.origin != nil {
			entries, sizes = append(entries, e), append(sizes, x.sizes[n])
		}
	}
	for i := range entries {
		if e := &entries[i]; e.next != gone {
			e.next = moved[e.next]
		}
	}
	for i, n := range x.firsts.slots {
		if n > 0 {
			x.firsts.slots[i] = moved[n-1] + 1
		}
	}
	dated := make(map[uint32]bool, len(x.dated))
	for n := range x.dated {
		dated[moved[n]] = true
	}
	for _, s := range x.shards {
		s.compact(moved)
	}
	x.vectors.renumber(moved, len(entries))
	x.entries, x.sizes, x.dated = entries, sizes, dated
}
