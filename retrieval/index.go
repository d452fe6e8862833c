package retrieval

// everybody is the number of the empty audience.
const everybody = 0

// A posting is one passage of a term's list.
type posting struct {
	passage uint32
	all     uint16 // occurrences in the passage with its title and path
	title   uint16 // occurrences in title and path alone
}

// An entry is what the index keeps of a passage beside the postings.
type entry struct {
	passage  Passage
	vector   []float32
	language *language
	length   uint32
	title    uint32
	gramLen  uint32
	audience int32 // dead when negative
}

// Counts are the statistics of one audience's passages. They are kept apart so
// that passages an asker may not see do not weigh in their ranking.
type counts struct {
	passages, length, title, gramLen int
	languages                        map[*language]int
	grams                            map[uint32]int32
}

// An index is an inverted index that is changed in place. It is not safe for
// concurrent use.
type index struct {
	terms     map[string]uint32
	names     []string // by number of the term
	letters   []uint32
	lists     [][]posting
	entries   []entry
	audiences map[string]int32
	counts    []*counts
	documents map[string][]uint32
	live      int
}

// newIndex returns an empty index.
func newIndex() *index {
	x := &index{
		terms:     make(map[string]uint32),
		audiences: make(map[string]int32),
		documents: make(map[string][]uint32),
	}
	x.audience("")
	return x
}

// audience returns the number of an audience, given at first sight.
func (x *index) audience(name string) int32 {
	n, ok := x.audiences[name]
	if !ok {
		n = int32(len(x.counts))
		x.audiences[name] = n
		x.counts = append(x.counts, &counts{languages: make(map[*language]int), grams: make(map[uint32]int32)})
	}
	return n
}

// add appends a passage.
func (x *index) add(a analysis) {
	n := uint32(len(x.entries))
	audience := x.audience(a.passage.Audience)
	x.entries = append(x.entries, entry{
		passage: a.passage, vector: a.vector, language: a.language,
		length: uint32(a.length), title: uint32(a.title), gramLen: uint32(a.gramLen), audience: audience,
	})
	for _, t := range a.terms {
		id := x.term(t.term)
		x.lists[id] = append(x.lists[id], posting{n, t.all, t.title})
	}
	x.documents[a.passage.Document] = append(x.documents[a.passage.Document], n)
	x.live++
	x.counts[audience].add(&x.entries[n], a.grams, 1)
}

// term returns the number of a term, given at first sight.
func (x *index) term(name string) uint32 {
	id, ok := x.terms[name]
	if !ok {
		id = uint32(len(x.lists))
		x.terms[name] = id
		x.names = append(x.names, name)
		x.letters = append(x.letters, letters(name))
		x.lists = append(x.lists, nil)
	}
	return id
}

// add counts a passage in, or out where sign is -1.
func (c *counts) add(e *entry, grams []uint32, sign int) {
	c.passages += sign
	c.length += sign * int(e.length)
	c.title += sign * int(e.title)
	c.gramLen += sign * int(e.gramLen)
	c.languages[e.language] += sign
	for _, g := range grams {
		if c.grams[g] += int32(sign); c.grams[g] == 0 {
			delete(c.grams, g)
		}
	}
}

// remove forgets the passages of a document. Their postings stay until compact.
func (x *index) remove(document string) {
	for _, n := range x.documents[document] {
		e := &x.entries[n]
		grams, _ := distinctGrams(fullText(e.passage))
		x.counts[e.audience].add(e, grams, -1)
		*e = entry{audience: -1}
		x.live--
	}
	delete(x.documents, document)
}

// compact drops dead passages once they are half of all, so that the work of
// removing stays in proportion to what is removed.
func (x *index) compact() {
	if len(x.entries)-x.live <= x.live+batchSize {
		return
	}
	moved := make([]uint32, len(x.entries))
	entries := make([]entry, 0, x.live)
	for n, e := range x.entries {
		if e.audience >= 0 {
			moved[n] = uint32(len(entries))
			entries = append(entries, e)
		}
	}
	names, old := x.names, x.lists
	x.terms, x.names, x.letters, x.lists = make(map[string]uint32), nil, nil, nil
	for id, list := range old {
		if list = x.compacted(list, moved); len(list) > 0 {
			n := x.term(names[id])
			x.lists[n] = list
		}
	}
	for _, ns := range x.documents {
		for i := range ns {
			ns[i] = moved[ns[i]]
		}
	}
	x.entries = entries
}

// compacted returns the live part of a list under the new numbers.
func (x *index) compacted(list []posting, moved []uint32) []posting {
	var out []posting
	for _, p := range list {
		if x.entries[p.passage].audience >= 0 {
			p.passage = moved[p.passage]
			out = append(out, p)
		}
	}
	return out
}
