package retrieval

import (
	"context"
	"errors"
	"strings"
)

// defaultLimit is Query.Limit when it is zero.
const defaultLimit = 8

// Retrieve returns the passages that match best, and how likely it is that
// they answer. A question without words, or whose words are unknown, has no
// hits. The only error is that of ctx: what goes wrong with the Embedder or the
// Reranker is in [Result.Degraded].
//
// The first search, and the first after the content has grown by a third or
// shrunk by a quarter, also calibrates unless [Knowledge.Calibrate] has. One that is
// RankOnly does not.
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
	var calibrated *model
	if !q.RankOnly {
		var err error
		if calibrated, err = k.calibrated(ctx); err != nil {
			return Result{}, err
		}
	}
	read := k.inFull(q)
	vector, lacking := k.embedQuery(ctx, read)
	near, unsearched := k.nearby(ctx, q, vector)
	res := k.search(q, vector, near, calibrated)
	unordered := k.rerank(ctx, read, res.Hits)
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	res.Hits = res.Hits[:min(len(res.Hits), q.Limit)]
	res.Degraded = errors.Join(lacking, unsearched, unordered)
	return res, nil
}

// search ranks what is held. It returns as many hits as are wanted or reranked. The
// model may be nil if the query is RankOnly.
func (k *Knowledge) search(q Query, vector []float32, near []Neighbor, calibrated *model) Result {
	k.mu.RLock()
	defer k.mu.RUnlock()
	v := k.index.view(q.Audiences).at(k.now()).with(near)
	asked := v.question(q.Text, k.language)
	defer v.analyzers.Put(asked.mark.analyzer)
	ranked := v.rankAfter(asked, q.Text, q.Before, vector, max(v.considered(), q.Limit))
	v.preferCurated(asked, q.Text, ranked)
	var res Result
	if !q.RankOnly {
		f := v.features(asked, q.Text, ranked)
		res.Answerable, res.Signals = calibrated.probability(f), calibrated.signals(f)
	}
	limit := q.Limit
	if k.reranker != nil {
		limit = max(limit, reranked+1)
	}
	for _, c := range ranked[:min(len(ranked), limit)] {
		h := Hit{Passage: v.entries[c.passage].passage(), Score: c.score}
		if !q.RankOnly {
			h.Spans = asked.mark.spans(c.passage, h.Text)
		}
		res.Hits = append(res.Hits, h)
	}
	return res
}
