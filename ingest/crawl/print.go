package crawl

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// A print tells texts apart, and texts that are nearly the same. It is fed with
// text in pieces.
type print struct {
	words   int
	exact   hash.Hash // of all words
	word    []byte    // those that exact has not seen, in lower case with a space after each
	shingle [3]uint64 // the hashes of the last three words
	figures uint64    // a hash of the words with a digit, in their order
	weights [64]int32 // for each bit, in how many more shingles it is one than zero
}

// minWords is how many words a text must have to be compared at all.
const minWords = 20

// golden is 2^64 divided by the golden ratio: it spreads bits when multiplied.
const golden = 0x9E3779B97F4A7C15

// newPrint returns the print of an empty text.
func newPrint() print { return print{exact: sha256.New()} }

// add takes in the words of a piece of text.
func (p *print) add(text []byte) {
	var hash uint64
	digit := false
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		switch {
		case 'a' <= r && r <= 'z': // most are
		case r >= utf8.RuneSelf:
			r, size = utf8.DecodeRune(text[i:])
			fallthrough
		default:
			r = unicode.ToLower(r)
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				p.end(hash, digit)
				hash, digit = 0, false
				i += size
				continue
			}
			digit = digit || unicode.IsDigit(r)
		}
		i += size
		hash = (hash ^ uint64(r) ^ hash>>29) * golden
		p.word = utf8.AppendRune(p.word, r)
	}
	p.end(hash, digit)
}

// end takes in a word that has come to its end.
func (p *print) end(hash uint64, digit bool) {
	if hash == 0 {
		return
	}
	p.words++
	if p.word = append(p.word, ' '); len(p.word) > 4<<10 {
		p.exact.Write(p.word)
		p.word = p.word[:0]
	}
	if digit {
		p.figures = (p.figures ^ hash) * golden
	}
	p.shingle = [3]uint64{p.shingle[1], p.shingle[2], hash}
	h := (p.shingle[0]*3 + p.shingle[1]*5 + p.shingle[2]) * golden
	h ^= h >> 32
	if h *= golden; h>>62 != 0 {
		return // one in four is enough, and always the same ones
	}
	for i := range p.weights {
		p.weights[i] += int32(h>>i&1)*2 - 1
	}
}

// digest returns the SHA-256 of the words, empty for too short a text.
func (p *print) digest() string {
	if p.words < minWords {
		return ""
	}
	p.exact.Write(p.word)
	p.word = p.word[:0]
	return hex.EncodeToString(p.exact.Sum(nil)[:16])
}

// similar returns a value that differs in few bits for texts that differ in few
// words (Charikar, Similarity Estimation Techniques from Rounding Algorithms, 2002).
func (p *print) similar() uint64 {
	var s uint64
	for i, w := range p.weights {
		if w > 0 {
			s |= 1 << i
		}
	}
	return s
}

// maxDistance is in how many of 64 bits nearly the same texts may differ.
const maxDistance = 3

// near reports whether texts are nearly the same, by what similar returned.
func near(a, b uint64) bool { return bits.OnesCount64(a^b) <= maxDistance }
