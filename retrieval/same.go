package retrieval

import (
	"reflect"
	"slices"
)

// changeTo returns the change to a document, with the vectors of the passages
// that are held already.
func (k *Knowledge) changeTo(d Document) *change {
	c := &change{document: d.ID}
	for _, p := range Split(d) {
		c.records = append(c.records, Record{Passage: p})
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	held := make(map[string]uint32)
	for n := range k.index.of(d.ID) {
		held[k.index.entries[n].id] = n
	}
	for i := range c.records {
		r := &c.records[i]
		if n, ok := held[r.Passage.ID]; ok && sameWords(k.index.entries[n].passage(), r.Passage) {
			r.Vector = slices.Clone(k.index.vectors.of(n))
		}
	}
	return c
}

// has reports whether a change would change nothing.
func (k *Knowledge) has(c *change) bool {
	i := 0
	for n := range k.index.of(c.document) {
		e := &k.index.entries[n]
		if i == len(c.records) || !same(e.passage(), c.records[i].Passage) || !slices.Equal(k.index.vectors.of(n), c.records[i].Vector) {
			return false
		}
		i++
	}
	return i == len(c.records)
}

// sameWords reports whether two passages are found by the same words, by the
// same askers.
func sameWords(a, b Passage) bool {
	return a.Text == b.Text && a.Title == b.Title && a.Audience == b.Audience &&
		slices.Equal(a.Path, b.Path) && slices.Equal(a.Keywords, b.Keywords)
}

// same reports whether two passages are equal. Times are when they are the same
// instant.
func same(a, b Passage) bool {
	if !slices.Equal(a.Path, b.Path) || !slices.Equal(a.Keywords, b.Keywords) ||
		!a.From.Equal(b.From) || !a.Until.Equal(b.Until) || !a.Updated.Equal(b.Updated) {
		return false
	}
	a.Path, a.Keywords, a.From, a.Until, a.Updated = b.Path, b.Keywords, b.From, b.Until, b.Updated
	return reflect.DeepEqual(a, b)
}
