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
// hits. The only error is that of ctx: what goes wrong with the Rewriter, the
// Embedder or the Reranker is in [Result.Degraded].
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
	rewritten, unwritten := k.rewrite(ctx, q)
	read := rewritten
	if read == "" {
		read = k.inFull(q)
	}
	vector, lacking := k.embedQuery(ctx, read)
	near, unsearched := k.nearby(ctx, q, vector)
	res := k.search(q, rewritten, vector, near, calibrated)
	unordered := k.rerank(ctx, read, res.Hits)
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	res.Hits = res.Hits[:min(len(res.Hits), q.Limit)]
	res.Degraded = errors.Join(unwritten, lacking, unsearched, unordered)
	return res, nil
}

// search ranks what is held. It returns as many hits as are wanted or reranked. The
// model may be nil if the query is RankOnly.
func (k *Knowledge) search(q Query, rewritten string, vector []float32, near []Neighbor, calibrated *model) Result {
	k.mu.RLock()
	defer k.mu.RUnlock()
	v := k.index.view(q.Audiences).at(k.now()).with(near)
	v.vectorWeight = k.vectorWeight
	asked := v.question(q.Text, k.language)
	defer v.analyzers.Put(asked.mark.analyzer)
	searched := asked
	var ranked, own []candidate
	if limit := max(v.considered(), q.Limit); rewritten == "" {
		ranked = v.rankAfter(asked, q.Text, q.Before, vector, limit)
		v.preferCurated(asked, q.Text, ranked)
		own = ranked
	} else {
		searched = v.question(rewritten, k.language)
		defer v.analyzers.Put(searched.mark.analyzer)
		ranked, own = v.rankRewritten(asked, searched, q, rewritten, vector, limit)
	}
	res := Result{Rewritten: rewritten}
	if !q.RankOnly {
		f := v.features(asked, q.Text, own)
		res.Evidence, res.Signals = calibrated.evidence(&f), calibrated.signals(&f)
		res.Answerable = res.Evidence.Answerable(k.mix)
	}
	limit := q.Limit
	if k.reranker != nil {
		limit = max(limit, reranked+1)
	}
	for _, c := range ranked[:min(len(ranked), limit)] {
		h := Hit{Passage: v.entries[c.passage].passage(), Score: c.score}
		if !q.RankOnly {
			h.Spans = searched.mark.spans(c.passage, h.Text)
		}
		res.Hits = append(res.Hits, h)
	}
	return res
}
