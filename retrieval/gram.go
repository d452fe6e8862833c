package retrieval

import (
	"slices"
	"unicode"
)

// eachGram calls yield with the hash of every run of four characters of text,
// in lower case and without accents, where what is no word counts as one space.
// It returns their number.
func eachGram(text string, yield func(gram uint32)) int {
	var a, b, c rune = 0, 0, ' '
	n, seen := 0, 1
	push := func(d rune) {
		if d == ' ' && c == ' ' {
			return
		}
		if seen++; seen >= 4 {
			n++
			yield(hash4(a, b, c, d))
		}
		a, b, c = b, c, d
	}
	for _, r := range text {
		push(gramRune(r))
	}
	push(' ')
	return n
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

// hash4 mixes four characters into one number.
func hash4(a, b, c, d rune) uint32 {
	h := uint32(a)*0x9E3779B1 + uint32(b)
	h = h*0x85EBCA6B + uint32(c)
	h = h*0xC2B2AE35 + uint32(d)
	h ^= h >> 15
	return h * 0x2C1B3C6D
}

// distinctGrams returns the grams of a text once each, and their number with repeats.
func distinctGrams(text string) ([]uint32, int) {
	grams := make([]uint32, 0, len(text))
	n := eachGram(text, func(g uint32) { grams = append(grams, g) })
	slices.Sort(grams)
	return slices.Clip(slices.Compact(grams)), n
}

// A gramQuery scores texts by the character n-grams they share with a question.
type gramQuery struct {
	at    map[uint32]int
	idf   []float64
	count []int           // scratch, by gram
	maybe [1 << 10]uint64 // a set that tells most other grams apart quickly
	mean  float64
	total float64 // sum of idf
}

// gramQuery prepares the n-grams of a question.
func (v *view) gramQuery(text string) *gramQuery {
	q := &gramQuery{at: make(map[uint32]int), mean: v.mean(v.total.gramLen)}
	grams, _ := distinctGrams(text)
	for i, g := range grams {
		w := idf(v.total.passages, v.gramCount(g))
		q.at[g] = i
		q.idf = append(q.idf, w)
		q.total += w
		q.maybe[g>>22] |= 1 << (g >> 16 & 63)
	}
	q.count = make([]int, len(grams))
	return q
}

// score returns the BM25 of a passage for the n-grams of the question, as a
// share of the most possible, and the share of them that it has, by weight.
func (q *gramQuery) score(e *entry) (score, cover float64) {
	clear(q.count)
	eachGram(fullText(e.passage), func(g uint32) {
		if q.maybe[g>>22]&(1<<(g>>16&63)) == 0 {
			return
		}
		if i, ok := q.at[g]; ok {
			q.count[i]++
		}
	})
	for i, n := range q.count {
		if n > 0 {
			score += q.idf[i] * saturate(float64(n), float64(e.gramLen), q.mean)
			cover += q.idf[i]
		}
	}
	return share(score, q.total*(k1+1)), share(cover, q.total)
}
