package retrieval

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// appendGrams appends the hash of every run of four characters of the texts,
// taken as lines of one, in lower case and without accents, where what is no
// word counts as one space.
func appendGrams(grams []uint32, texts ...string) []uint32 {
	last, window, seen := ' ', uint64(' '), 1
	for _, text := range texts {
		for i := 0; i <= len(text); i++ {
			r := ' ' // after the last character
			if i < len(text) && text[i] < utf8.RuneSelf {
				r = rune(asciiGram[text[i]])
			} else if i < len(text) {
				c, size := utf8.DecodeRuneInString(text[i:])
				r = gramRune(c)
				i += size - 1
			}
			if r == ' ' && last == ' ' {
				continue
			}
			last = r
			// Sixteen bits for each of four characters.
			window = window<<16 | uint64(uint16(r^r>>16))
			if seen++; seen >= 4 {
				grams = append(grams, uint32(window*0x9E3779B97F4A7C15>>32))
			}
		}
	}
	return grams
}

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

// asciiGram is gramRune for ASCII.
var asciiGram = func() (t [0x80]byte) {
	for i := range t {
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

// distinct sorts grams and drops repeats.
func distinct(grams []uint32) []uint32 {
	slices.Sort(grams)
	return slices.Compact(grams)
}

// A gramQuery scores texts by the character n-grams they share with a question.
type gramQuery struct {
	at    map[uint32]int
	idf   []float64
	maybe [1 << 10]uint64 // a set that tells most other grams apart quickly
	mean  float64
	total float64 // sum of idf
	// Scratch.
	count []int // by gram
	grams []uint32
}

// gramQuery prepares the n-grams of a question.
func (v *view) gramQuery(text string) *gramQuery {
	q := &gramQuery{at: make(map[uint32]int), mean: v.mean(v.total.gramLen)}
	for i, g := range distinct(appendGrams(nil, text)) {
		w := idf(v.total.passages, v.gramCount(g))
		q.at[g] = i
		q.idf = append(q.idf, w)
		q.total += w
		q.maybe[g>>22] |= 1 << (g >> 16 & 63)
	}
	q.count = make([]int, len(q.idf))
	return q
}

// score returns the BM25 of a passage for the n-grams of the question, as a
// share of the most possible, and the share of them that it has, by weight.
func (q *gramQuery) score(e *entry) (score, cover float64) {
	clear(q.count)
	p := e.passage()
	q.grams = p.grams(q.grams[:0])
	for _, g := range q.grams {
		if q.maybe[g>>22]&(1<<(g>>16&63)) == 0 {
			continue
		}
		if i, ok := q.at[g]; ok {
			q.count[i]++
		}
	}
	for i, n := range q.count {
		if n > 0 {
			score += q.idf[i] * saturate(float64(n), float64(len(q.grams)), q.mean)
			cover += q.idf[i]
		}
	}
	return share(score, q.total*(k1+1)), share(cover, q.total)
}

// grams appends the n-grams of all that a passage is found by.
func (p *Passage) grams(to []uint32) []uint32 {
	texts := append(append(append([]string{p.Title}, p.Path...), p.Keywords...), p.Text)
	return appendGrams(to, texts...)
}
