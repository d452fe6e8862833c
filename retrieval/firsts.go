package retrieval

import (
	"hash/maphash"
	"iter"
)

// Firsts are the first passages of documents, found by the document's name. They
// are a hash table with linear probing of numbers plus one, with a power of two
// slots, of which a quarter at least are free. A map would keep the names a
// second time, at five times the memory.
type firsts struct {
	slots []uint32
	used  int
	seed  maphash.Seed
}

// newFirsts returns firsts with room for n documents.
func newFirsts(n int) firsts {
	size := 16
	for size/4*3 <= n {
		size *= 2
	}
	return firsts{slots: make([]uint32, size), seed: maphash.MakeSeed()}
}

// home returns the slot where a document stands if no other does.
func (f *firsts) home(document string) int {
	return int(maphash.String(f.seed, document) & uint64(len(f.slots)-1))
}

// slot returns the slot of a document, or the free one where it belongs.
func (x *index) slot(document string) int {
	f := &x.firsts
	i := f.home(document)
	for f.slots[i] > 0 && x.document(f.slots[i]-1) != document {
		i = (i + 1) & (len(f.slots) - 1)
	}
	return i
}

// document returns the name of the document of a passage.
func (x *index) document(n uint32) string { return x.entries[n].origin.document }

// first returns the first passage of a document.
func (x *index) first(document string) (uint32, bool) {
	n := x.firsts.slots[x.slot(document)]
	return n - 1, n > 0
}

// begin makes a passage, which has its entry, the first of its document.
func (x *index) begin(n uint32) {
	f := &x.firsts
	if i := x.slot(x.document(n)); f.slots[i] > 0 {
		f.slots[i] = n + 1
		return
	}
	if f.used >= len(f.slots)/4*3 {
		old := f.slots
		*f = newFirsts(2 * f.used)
		for _, n := range old {
			if n > 0 {
				f.slots[x.slot(x.document(n-1))] = n
				f.used++
			}
		}
	}
	f.slots[x.slot(x.document(n))] = n + 1
	f.used++
}

// forget takes a document out, while its passages still have their entries. What
// stands behind it moves up, so that no gap parts it from its home.
func (x *index) forget(document string) {
	f := &x.firsts
	gap, last := x.slot(document), len(f.slots)-1
	if f.slots[gap] == 0 {
		return
	}
	f.used--
	for i := (gap + 1) & last; f.slots[i] > 0; i = (i + 1) & last {
		if home := f.home(x.document(f.slots[i] - 1)); (i-home)&last >= (i-gap)&last {
			f.slots[gap] = f.slots[i]
			gap = i
		}
	}
	f.slots[gap] = 0
}

// all yields the first passages, in no order.
func (f *firsts) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, n := range f.slots {
			if n > 0 && !yield(n-1) {
				return
			}
		}
	}
}
