package retrieval

import (
	"hash/maphash"
	"math/bits"
)

// A vocabulary numbers terms in the order in which they are first met.
type vocabulary struct {
	names []string
	// A hash table with linear probing of the terms' numbers plus one. It has a power
	// of two slots, of which a quarter at least are free. A map would take eight
	// times the memory, as it keeps the names a second time.
	slots []uint32
	seed  maphash.Seed
	// Words by their length in bytes, each with the set of its letters, so that those
	// of nearly the same letters are found without reading them.
	lengths [maxToken + 1][]spelling
}

// A spelling is a term by what is compared first.
type spelling struct{ letters, term uint32 }

// newVocabulary returns an empty vocabulary.
func newVocabulary() vocabulary {
	return vocabulary{slots: make([]uint32, 16), seed: maphash.MakeSeed()}
}

// number returns the number of a term.
func (v *vocabulary) number(term string) (uint32, bool) {
	n := v.slots[v.slot(term)]
	return n - 1, n > 0
}

// slot returns the slot of a term, or the free one where it belongs.
func (v *vocabulary) slot(term string) int {
	last := len(v.slots) - 1
	i := int(maphash.String(v.seed, term)) & last
	for v.slots[i] > 0 && v.names[v.slots[i]-1] != term {
		i = (i + 1) & last
	}
	return i
}

// enter returns the number of a term, given at first sight.
func (v *vocabulary) enter(term string) uint32 {
	if n, ok := v.number(term); ok {
		return n
	}
	if len(v.names) >= len(v.slots)/4*3 {
		v.grow()
	}
	n := uint32(len(v.names))
	v.names = added(v.names, term)
	v.slots[v.slot(term)] = n + 1
	size := min(len(term), maxToken)
	v.lengths[size] = append(v.lengths[size], spelling{letters(term), n})
	return n
}

// grow doubles the hash table.
func (v *vocabulary) grow() {
	v.slots = make([]uint32, 2*len(v.slots))
	for n, name := range v.names {
		v.slots[v.slot(name)] = uint32(n) + 1
	}
}

// letters is a set of the letters of a word.
func letters(word string) uint32 {
	var set uint32
	for i := range len(word) {
		set |= 1 << (word[i] & 31)
	}
	return set
}

// near calls yield with the terms that may be within some edits of a word.
func (v *vocabulary) near(word string, edits int, yield func(term uint32)) {
	set := letters(word)
	for size := max(0, len(word)-edits); size <= min(maxToken, len(word)+edits); size++ {
		for _, s := range v.lengths[size] {
			if bits.OnesCount32(s.letters^set) <= 2*edits {
				yield(s.term)
			}
		}
	}
}
