package retrieval

import (
	"iter"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"
)

// appendGrams appends the hash of every run of four characters of the texts,
// taken as lines of one, in lower case and without accents, where what is no
// word counts as one space.
func appendGrams(grams []uint32, texts ...string) []uint32 {
	window, seen := uint64(' '), 1
	for _, text := range texts {
		for i := 0; i <= len(text); {
			r, size := plainGramChar(text, i), 1
			if r == 0 {
				r, size = gramChar(text, i)
			}
			i += size
			next := window<<16 | r
			if twoSpaces(next) {
				continue
			}
			window = next
			if seen++; seen >= 4 {
				grams = append(grams, gramHash(window))
			}
		}
	}
	return grams
}

// gramChar returns the character at i as n-grams compare it, in sixteen bits, and
// its size. After the last it is a space.
func gramChar(text string, i int) (r uint64, size int) {
	if i == len(text) {
		return ' ', 1
	}
	c, size := utf8.DecodeRuneInString(text[i:])
	c = gramRune(c)
	return uint64(uint16(c ^ c>>16)), size
}

// plainGramChar is gramChar for ASCII, and else zero.
func plainGramChar(text string, i int) uint64 {
	if i < len(text) {
		return uint64(asciiGram[text[i]])
	}
	return 0
}

// twoSpaces reports whether a window of characters ends in two spaces.
func twoSpaces(window uint64) bool { return uint32(window) == ' '<<16|' ' }

// gramHash is the hash of a window of four characters.
func gramHash(window uint64) uint32 { return uint32(window * 0x9E3779B97F4A7C15 >> 32) }

// A gramSet tells most grams that are not in it from those that are.
type gramSet [1 << 10]uint64

func (s *gramSet) add(g uint32)          { s[g>>22] |= 1 << (g >> 16 & 63) }
func (s *gramSet) mayHold(g uint32) bool { return s[g>>22]&(1<<(g>>16&63)) != 0 }

// gramRune brings a character to the form in which n-grams compare it.
func gramRune(r rune) rune {
	switch {
	case r < 0x80:
		return rune(asciiGram[r])
	case r >= 0xC0 && r < 0x180:
		return rune(latin[r-0xC0])
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return unicode.ToLower(r)
	default:
		return ' '
	}
}

// asciiGram is gramRune for ASCII, and zero for other bytes.
var asciiGram = func() (t [0x100]byte) {
	for i := range 0x80 {
		switch c := byte(i); {
		case c >= 'A' && c <= 'Z':
			t[i] = c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			t[i] = c
		default:
			t[i] = ' '
		}
	}
	return t
}()

// gramCounts count something by n-gram, in a hash table with linear probing. A
// map would take twice the memory and several times as long.
type gramCounts struct {
	slots []gramCount // a power of two, a quarter at least free
	used  int
}

type gramCount struct {
	gram  uint32 // zero for a free slot
	count int32
}

// slot returns the slot of a gram that is not zero, or the free one where it
// belongs.
func (c *gramCounts) slot(g uint32) *gramCount {
	last := uint32(len(c.slots) - 1)
	// Similar grams have similar hashes.
	for i := g * 0x9E3779B1 >> 7; ; i++ {
		if s := &c.slots[i&last]; s.gram == g || s.gram == 0 {
			return s
		}
	}
}

// of returns the count of a gram.
func (c *gramCounts) of(g uint32) int32 {
	if len(c.slots) == 0 {
		return 0
	}
	return c.slot(max(g, 1)).count
}

// add adds to the count of a gram, and returns it.
func (c *gramCounts) add(g uint32, n int32) int32 {
	if c.used >= len(c.slots)/4*3 {
		c.grow()
	}
	s := c.slot(max(g, 1))
	if s.gram == 0 {
		s.gram = max(g, 1)
		c.used++
	}
	s.count += n
	return s.count
}

// grow makes room, and drops the grams whose count is zero.
func (c *gramCounts) grow() {
	old := c.slots
	c.slots, c.used = make([]gramCount, max(1<<10, 2*len(old))), 0
	for _, s := range old {
		if s.count != 0 {
			*c.slot(s.gram) = s
			c.used++
		}
	}
}

// all yields the grams whose count is not zero, in no order.
func (c *gramCounts) all() iter.Seq2[uint32, int32] {
	return func(yield func(uint32, int32) bool) {
		for _, s := range c.slots {
			if s.count != 0 && !yield(s.gram, s.count) {
				return
			}
		}
	}
}

// distinct drops repeats, in place. It counts in c what it has met.
func (c *gramCounts) distinct(grams []uint32) []uint32 {
	clear(c.slots)
	c.used = 0
	out := grams[:0]
	for _, g := range grams {
		if c.add(g, 1) == 1 {
			out = append(out, g)
		}
	}
	return out
}

// distinct sorts grams and drops repeats.
func distinct(grams []uint32) []uint32 {
	slices.Sort(grams)
	return slices.Compact(grams)
}

// A gramQuery scores texts by the character n-grams they share with a question.
type gramQuery struct {
	grams []uint32
	idf   []float64
	mean  float64
	total float64 // sum of idf
	// A hash table with linear probing of the grams' indices plus one. It is so large
	// that most grams of a text meet a free slot.
	slots []int32
	shift int
	count []int // by gram, scratch
}

// gramQuery prepares the n-grams of a question.
func (v *view) gramQuery(text string) *gramQuery {
	grams := distinct(appendGrams(nil, text))
	size := max(12, bits.Len(uint(16*len(grams))))
	q := &gramQuery{
		grams: grams, mean: v.mean(v.total.gramLen), count: make([]int, len(grams)),
		slots: make([]int32, 1<<size), shift: 32 - size,
	}
	for i, g := range grams {
		w := idf(v.total.passages, v.gramCount(g))
		q.idf = append(q.idf, w)
		q.total += w
		q.slots[q.slot(g)] = int32(i + 1)
	}
	return q
}

// slot returns the slot of a gram, or the free one where it belongs.
func (q *gramQuery) slot(g uint32) int {
	for i := int(g >> q.shift); ; i = (i + 1) & (len(q.slots) - 1) {
		if n := q.slots[i]; n == 0 || q.grams[n-1] == g {
			return i
		}
	}
}

// tally counts the question's n-grams in texts, and returns how many n-grams
// these have in all.
func (q *gramQuery) tally(texts ...string) int {
	clear(q.count)
	slots, shift := q.slots, q.shift&31 // held apart, as reading them anew is most of the work
	window, seen := uint64(' '), 1
	for _, text := range texts {
		for i := 0; i <= len(text); {
			r, size := plainGramChar(text, i), 1
			if r == 0 {
				r, size = gramChar(text, i)
			}
			i += size
			next := window<<16 | r
			if twoSpaces(next) {
				continue
			}
			window = next
			seen++
			g := gramHash(window)
			// Before the fourth character the window begins with zero, as no gram does.
			if slots[g>>shift] == 0 {
				continue
			}
			if n := slots[q.slot(g)]; n > 0 {
				q.count[n-1]++
			}
		}
	}
	return max(0, seen-3)
}

// score returns the BM25 of a passage for the n-grams of the question, as a
// share of the most possible, and the share of them that it has, by weight.
func (q *gramQuery) score(e *entry) (score, cover float64) {
	p := e.passage()
	length := float64(q.tally(p.gramTexts()...))
	for i, n := range q.count {
		if n > 0 {
			score += q.idf[i] * saturate(float64(n), length, q.mean)
			cover += q.idf[i]
		}
	}
	return share(score, q.total*(k1+1)), share(cover, q.total)
}

// gramTexts is all that a passage is found by.
func (p *Passage) gramTexts() []string {
	texts := make([]string, 0, 8)
	texts = append(append(append(texts, p.Title), p.Path...), p.Keywords...)
	return append(texts, p.Text)
}
