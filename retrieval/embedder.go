package retrieval

import (
	"context"
	"math"
)

// hashSize is the length of a HashEmbedder's vectors.
const hashSize = 512

// A HashEmbedder is an Embedder that needs no model and no network: a vector
// counts the character n-grams of its text, hashed to 512 numbers. Texts that
// share spelling are near each other; texts that share only meaning are not.
//
// It is for tests and for trying out what is built on vectors. It knows nothing
// that the ranking does not know already: with any weight it made English sets
// worse, and a German one a little better (.559 to .573 at a weight of .2; chosen
// on half of its questions, +.010 on the others). So a Knowledge uses it only when
// it is given one, and then a Config.VectorWeight of 0.1 is enough.
type HashEmbedder struct{}

// EmbedDocuments implements [Embedder].
func (HashEmbedder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = hashVector(t)
	}
	return out, nil
}

// EmbedQuery implements [Embedder].
func (HashEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return hashVector(text), nil
}

// hashVector adds every n-gram to the number that its hash names, with the
// hash's sign, so that unrelated ones cancel out. Counts are damped.
func hashVector(text string) []float32 {
	v := make([]float32, hashSize)
	for _, g := range appendGrams(nil, text) {
		if g>>31 == 0 {
			v[g%hashSize]++
		} else {
			v[g%hashSize]--
		}
	}
	for i, x := range v {
		v[i] = float32(math.Copysign(math.Log1p(math.Abs(float64(x))), float64(x)))
	}
	return unit(v)
}
