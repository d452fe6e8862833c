package retrieval

import "slices"

// A posting is one passage of a term's list, in 32 bits: the passage's number
// above, then how often the term occurs in the passage with its title and path,
// 1 to 16, and how often in title and path alone, 0 to 3. What is more often
// counts as that, as BM25 hardly tells it apart.
type posting uint32

const (
	maxAll, maxTitle = 16, 3
	maxPassages      = 1 << 26
)

// newPosting packs a posting.
func newPosting(passage uint32, all, title int) posting {
	return posting(passage<<6 | uint32(min(all, maxAll)-1)<<2 | uint32(min(title, maxTitle)))
}

func (p posting) passage() uint32 { return uint32(p) >> 6 }
func (p posting) all() int        { return int(p>>2&15) + 1 }
func (p posting) title() int      { return int(p & 3) }

// A list is the passages of one term, in order.
type list struct {
	postings []posting
	titles   uint32 // passages that have the term in title or path
	most     uint8  // occurrences in one passage
}

// add appends a passage, which has the highest number.
func (l *list) add(p posting) {
	l.postings = added(l.postings, p)
	l.most = max(l.most, uint8(p.all()))
	if p.title() > 0 {
		l.titles++
	}
}

// added is append that spares a sixteenth instead of a quarter. Lists and entries
// are most of the memory.
func added[T any](s []T, v T) []T {
	if n := len(s); n == cap(s) {
		s = append(make([]T, 0, n+n/16+1), s...)
	}
	return append(s, v)
}

// remove takes a passage out.
func (l *list) remove(passage uint32) {
	i := l.search(passage)
	if l.postings[i].title() > 0 {
		l.titles--
	}
	l.postings = slices.Delete(l.postings, i, i+1)
}

// search returns where a passage stands, or would stand.
func (l *list) search(passage uint32) int {
	i, _ := slices.BinarySearch(l.postings, posting(passage<<6))
	return i
}

// at returns the posting of a passage.
func (l *list) at(passage uint32) (posting, bool) {
	if i := l.search(passage); i < len(l.postings) && l.postings[i].passage() == passage {
		return l.postings[i], true
	}
	return 0, false
}
