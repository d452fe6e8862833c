package retrieval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Reranker judges passages by reading each with the question, as a
// cross-encoder does. It is slow and better than a ranking by words or vectors,
// so it is asked about the best few. Methods may be called from many goroutines.
type Reranker interface {
	// Rerank returns a finite score for every passage, in order: the higher, the
	// better the passage answers. Scores of one call are comparable with each
	// other. It must not keep or change the passages.
	Rerank(ctx context.Context, question string, passages []Passage) ([]float64, error)
}

// A RerankerFunc is a function used as a Reranker.
type RerankerFunc func(ctx context.Context, question string, passages []Passage) ([]float64, error)

// Rerank calls f.
func (f RerankerFunc) Rerank(ctx context.Context, question string, passages []Passage) ([]float64, error) {
	return f(ctx, question, passages)
}

const (
	// reranked is how many passages a Reranker is asked about.
	reranked = 20
	// patience is how long a search waits for its Rewriter, for its Embedder and
	// for its Reranker.
	patience = 3 * time.Second
)

// embedQuery returns the vector of a question, nil without an embedder.
func (k *Knowledge) embedQuery(ctx context.Context, question string) ([]float32, error) {
	if k.embedder == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	v, err := k.embedder.EmbedQuery(ctx, question)
	if err != nil {
		return nil, fmt.Errorf("retrieval: embed the question: %w", err)
	}
	if !finite(v) {
		return nil, errors.New("retrieval: embed the question: the vector holds what is no number")
	}
	return unit(v), nil
}

// rerank orders the best hits by the Reranker's scores. A curated answer that
// stands first stays there: it was written for this. When the Reranker fails,
// the hits keep their order.
func (k *Knowledge) rerank(ctx context.Context, question string, hits []Hit) error {
	if len(hits) > 0 && hits[0].Curated {
		hits = hits[1:]
	}
	best := hits[:min(len(hits), reranked)]
	if k.reranker == nil || len(best) < 2 {
		return nil
	}
	passages := make([]Passage, len(best))
	for i, h := range best {
		passages[i] = h.Passage
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	scores, err := k.reranker.Rerank(ctx, question, passages)
	if err != nil {
		return fmt.Errorf("retrieval: rerank: %w", err)
	}
	if err := checkScores(scores, len(best)); err != nil {
		return err
	}
	reorder(best, scores)
	return nil
}

// checkScores refuses scores that order nothing.
func checkScores(scores []float64, n int) error {
	if len(scores) != n {
		return fmt.Errorf("retrieval: rerank: %d scores for %d passages", len(scores), n)
	}
	for _, s := range scores {
		if s-s != 0 { // NaN or infinite
			return errors.New("retrieval: rerank: a score is no number")
		}
	}
	return nil
}

// reorder sorts hits by new scores. The scores that they had are dealt out anew,
// so that they still order the hits before and after.
func reorder(hits []Hit, scores []float64) {
	order, had := make([]int, len(hits)), make([]float64, len(hits))
	for i, h := range hits {
		order[i], had[i] = i, h.Score
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	old := slices.Clone(hits)
	for i, from := range order {
		hits[i] = old[from]
		hits[i].Score = had[i]
	}
}

// lastTurns is how many turns a question is read with that leans on them.
const lastTurns = 2

// inFull returns the question as one who reads it without the conversation
// needs it: after the last turns, if it leans on them.
func (k *Knowledge) inFull(q Query) string {
	if k.embedder == nil && k.reranker == nil || !k.leans(q) {
		return q.Text
	}
	last := q.Before[max(0, len(q.Before)-lastTurns):]
	return strings.Join(last, "\n") + "\n" + q.Text
}
