package retrieval

import (
	"math"
	"slices"
)

// blockBits are those of a passage's number within its block.
const blockBits = 6

// Scores are the sums of a question's words, by passage, and the best of each
// block of 64 passages, so that what cannot be among the best is passed over
// by the block.
type scores struct {
	sums []float32
	best []float32
}

// takeScores returns zeroes for all passages, to be given back.
func (x *index) takeScores() *scores {
	s, ok := x.scratch.Get().(*scores)
	if !ok {
		s = new(scores)
	}
	n := len(x.entries)
	if cap(s.sums) < n || s.best == nil {
		s.sums = make([]float32, n+n/8)
		s.best = make([]float32, cap(s.sums)>>blockBits+1)
	}
	s.sums, s.best = s.sums[:n], s.best[:n>>blockBits+1]
	return s
}

// giveScores clears s and keeps it for another search.
func (x *index) giveScores(s *scores) {
	clear(s.sums)
	clear(s.best)
	x.scratch.Put(s)
}

// A part is a list of a question with what scoring it needs: the sum for a
// passage is, for the whole and for the title, weight*n/(n+base+slope*length).
type part struct {
	*list
	all, allSlope     float32
	title, titleSlope float32
	bound             float32 // the most that it can add to a passage
}

// base is what BM25 adds to the occurrences in a text without words.
const base = k1 * (1 - b)

// part returns a list of a term, which the question has so often.
func (v *view) part(l *list, t *term, count float64) part {
	w := count * t.weight * (k1 + 1)
	p := part{
		list: l, all: float32(w * t.idf), allSlope: float32(k1 * b / v.mean(v.total.length)),
	}
	p.bound = p.all * float32(l.most) / (float32(l.most) + base)
	if l.titles > 0 {
		p.title, p.titleSlope = float32(w*titleWeight*t.titleIDF), float32(k1*b/v.mean(v.total.title))
		p.bound += p.title * maxTitle / (maxTitle + base)
	}
	return p
}

// of is what the part adds for a posting.
func (p *part) of(at posting, size sizes) float32 {
	tf := float32(at.all())
	sum := p.all * tf / (tf + base + p.allSlope*float32(size.words))
	if at.title() > 0 {
		tf := float32(at.title())
		sum += p.title * tf / (tf + base + p.titleSlope*float32(size.title))
	}
	return sum
}

// add adds a part to the sums. What it needs is held apart, as the compiler
// reads it anew after every sum otherwise.
func (s *scores) add(p *part, sizes []sizes) {
	sums, best, of := s.sums, s.best, *p
	for _, at := range p.postings {
		n := at.passage()
		sum := sums[n] + of.of(at, sizes[n])
		sums[n] = sum
		b := &best[n>>blockBits]
		*b = max(*b, sum)
	}
}

// addTo adds a part to the sums of some passages only, given in order.
func (s *scores) addTo(passages []uint32, p *part, sizes []sizes) {
	rest := p.postings
	for _, n := range passages {
		rest = rest[skip(rest, n):]
		if len(rest) == 0 {
			return
		}
		if rest[0].passage() == n {
			s.raise(n, p.of(rest[0], sizes[n]))
		}
	}
}

// skip returns where a passage stands in postings, or would stand: it looks
// ever further ahead, as the next one looked for is near.
func skip(postings []posting, passage uint32) int {
	reach := 1
	for reach < len(postings) && postings[reach].passage() < passage {
		reach *= 2
	}
	from := reach / 2
	i, _ := slices.BinarySearch(postings[from:min(reach+1, len(postings))], posting(passage<<6))
	return from + i
}

// raise adds to the sum of a passage.
func (s *scores) raise(n uint32, by float32) {
	sum := s.sums[n] + by
	s.sums[n] = sum
	if b := &s.best[n>>blockBits]; sum > *b {
		*b = sum
	}
}

// above returns the passages with sums of the floor at least, which is not zero,
// in order. It returns nil when there are more than most.
func (s *scores) above(floor float32, most int) []uint32 {
	var found []uint32
	for block, best := range s.best {
		if best < floor {
			continue
		}
		from := block << blockBits
		for i, sum := range s.sums[from:min(from+1<<blockBits, len(s.sums))] {
			if sum >= floor {
				found = append(found, uint32(from+i))
			}
		}
		if len(found) > most {
			return nil
		}
	}
	return found
}

// top returns the passages with the best sums, in order: enough of them if there
// are, and those as good as the last.
func (s *scores) top(enough int) []uint32 {
	found := s.above(s.floor(enough), len(s.sums))
	if len(found) <= enough {
		return found
	}
	best := newBest(enough)
	for _, n := range found {
		best.add(s.sums[n])
	}
	return slices.DeleteFunc(found, func(n uint32) bool { return s.sums[n] < best.least() })
}

// floor returns a sum that so many passages reach, as that many blocks hold one
// that does; the least sum there is if there are fewer blocks.
func (s *scores) floor(enough int) float32 {
	best := newBest(enough)
	for _, sum := range s.best {
		if sum > best.least() { // few are
			best.add(sum)
		}
	}
	return best.least()
}

// A best keeps the highest of the numbers added to it.
type best []float32 // ascending

// newBest returns a best of n numbers.
func newBest(n int) best {
	b := make(best, n)
	for i := range b {
		b[i] = math.SmallestNonzeroFloat32
	}
	return b
}

// add adds a number.
func (b best) add(x float32) {
	if x <= b[0] {
		return
	}
	i := 1
	for ; i < len(b) && b[i] < x; i++ {
		b[i-1] = b[i]
	}
	b[i-1] = x
}

// least is the lowest number kept, above zero if fewer were added.
func (b best) least() float32 { return b[0] }
