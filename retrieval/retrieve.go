package retrieval

import (
	"context"
	"strings"
)

// defaultLimit is Query.Limit when it is zero.
const defaultLimit = 8

// Retrieve returns the passages that match best, and how likely it is that
// they answer. A question without words, or whose words are unknown, has no
// hits. The only errors are those of ctx and of the Embedder.
//
// The first search, and the first after the content has grown by a third or
// shrunk by a quarter, also calibrates unless [Knowledge.Calibrate] has.
func (k *Knowledge) Retrieve(ctx context.Context, q Query) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if strings.TrimSpace(q.Text) == "" {
		return Result{}, nil
	}
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	vector, err := k.embedQuery(ctx, q.Text)
	if err != nil {
		return Result{}, err
	}
	calibrated, err := k.calibrated(ctx)
	if err != nil {
		return Result{}, err
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	v := k.index.view(q.Audiences)
	asked := v.question(q.Text, k.language)
	ranked := v.rank(asked, vector, max(rescored, q.Limit))
	res := Result{Answerable: calibrated.probability(v.features(asked, ranked))}
	mark := newMarker(asked)
	for _, c := range ranked[:min(len(ranked), q.Limit)] {
		p := v.entries[c.passage].passage
		res.Hits = append(res.Hits, Hit{Passage: p, Score: c.score, Spans: mark.spans(p.Text)})
	}
	return res, nil
}
