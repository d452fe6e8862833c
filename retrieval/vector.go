package retrieval

import (
	"context"
	"fmt"
	"math"
)

// nearest adds the passages nearest to the vector to those already found, and
// gives every one its cosine. It looks at every vector: exact, and linear.
func (v *view) nearest(found []candidate, vector []float32, limit int) []candidate {
	at := make(map[uint32]int, len(found))
	for i, c := range found {
		at[c.passage] = i
	}
	var near []candidate
	for n := range v.entries {
		e := &v.entries[n]
		if len(e.vector) != len(vector) || !v.sees(uint32(n)) {
			continue
		}
		c := candidate{passage: uint32(n), vector: dot(e.vector, vector)}
		if i, ok := at[c.passage]; ok {
			found[i].vector = c.vector
		} else {
			near = append(near, c)
		}
	}
	v.sort(near, func(c *candidate) float64 { return c.vector })
	return append(found, near[:min(len(near), limit)]...)
}

// dot is the inner product of vectors of one length. Four sums keep the
// processor busy where one would wait for itself.
func dot(a, b []float32) float64 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return float64(s0 + s1 + s2 + s3)
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

// embed gives the records their vectors.
func (k *Knowledge) embed(ctx context.Context, records []Record) error {
	if k.embedder == nil || len(records) == 0 {
		return nil
	}
	texts := make([]string, len(records))
	for i, r := range records {
		texts[i] = fullText(r.Passage)
	}
	vectors, err := k.embedder.EmbedDocuments(ctx, texts)
	if err != nil {
		return fmt.Errorf("retrieval: embed: %w", err)
	}
	if len(vectors) != len(texts) {
		return fmt.Errorf("retrieval: embed: %d vectors for %d texts", len(vectors), len(texts))
	}
	for i, v := range vectors {
		records[i].Vector = unit(v)
	}
	return nil
}

// embedQuery returns the vector of a question, nil without an embedder.
func (k *Knowledge) embedQuery(ctx context.Context, text string) ([]float32, error) {
	if k.embedder == nil {
		return nil, nil
	}
	v, err := k.embedder.EmbedQuery(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("retrieval: embed the question: %w", err)
	}
	return unit(v), nil
}
