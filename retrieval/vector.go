package retrieval

import (
	"context"
	"fmt"
	"math"

	"github.com/viterin/vek/vek32"
)

// nearest adds the passages nearest to the vector to those already found, and
// gives every one its cosine.
func (v *view) nearest(found []candidate, vector []float32, limit int) []candidate {
	if v.remote {
		return v.merge(found, v.near)
	}
	for i := range found {
		c := &found[i]
		if own := v.vectors.of(c.passage); len(own) == len(vector) {
			c.vector = dot(own, vector)
		}
	}
	m := v.vectors.matrices[len(vector)]
	if m == nil {
		return found
	}
	return v.merge(found, m.nearest(vector, limit, v.sees))
}

// merge adds the nearest passages, best first, to those found. Of those that are
// not among them it is known that they are no nearer than the last.
func (v *view) merge(found, near []candidate) []candidate {
	if len(near) == 0 {
		return found
	}
	cosines := make(map[uint32]float64, len(near))
	for _, c := range near {
		cosines[c.passage] = c.vector
	}
	least := near[len(near)-1].vector
	for i := range found {
		c := &found[i]
		cosine, ok := cosines[c.passage]
		switch {
		case ok:
			c.vector = cosine
		case v.remote:
			c.vector = least
		}
		delete(cosines, c.passage)
	}
	for _, c := range near {
		if _, ok := cosines[c.passage]; ok {
			found = append(found, c)
		}
	}
	return found
}

// dot is the inner product of vectors of one length.
func dot(a, b []float32) float64 {
	if len(a) == 0 {
		return 0
	}
	return float64(vek32.Dot(a, b))
}

// finite reports whether all numbers of a vector are numbers.
func finite(v []float32) bool {
	sum := dot(v, v)
	return sum-sum == 0 // not so for NaN and infinities
}

// unit scales v to length 1, so that a dot product is a cosine.
func unit(v []float32) []float32 {
	length := math.Sqrt(dot(v, v))
	if length == 0 {
		return v
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(float64(x) / length)
	}
	return out
}

// embed gives the records of changes the vectors that they lack.
func (k *Knowledge) embed(ctx context.Context, batch []*change) error {
	var lacking []*Record
	var texts []string
	for _, c := range batch {
		for i := range c.records {
			if r := &c.records[i]; k.embedder != nil && r.Vector == nil {
				lacking = append(lacking, r)
				texts = append(texts, fullText(r.Passage))
			}
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	vectors, err := k.embedder.EmbedDocuments(ctx, texts)
	if err != nil {
		return fmt.Errorf("retrieval: embed: %w", err)
	}
	if len(vectors) != len(texts) {
		return fmt.Errorf("retrieval: embed: %d vectors for %d texts", len(vectors), len(texts))
	}
	for i, v := range vectors {
		lacking[i].Vector = unit(v)
	}
	return nil
}
