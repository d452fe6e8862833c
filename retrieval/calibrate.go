package retrieval

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Bounds of the work of calibrating, which is that of a few hundred searches.
const (
	sampled    = 60 // passages that questions are made of
	considered = 20 // candidates that n-grams are scored for
)

// priorStrength is how many examples, about, it takes to outweigh the prior.
const priorStrength = 10

// prior are the weights for content that is too small to learn from, fitted to
// questions of several kinds, languages and help centres together.
var prior = features{
	bias: -2.9, extent: 0.65, rarity: -0.2, strange: -2.9, asking: 0.1, topic: -0.35, elsewhere: -0.5, anywhere: 0.45,
	coverage: 1.1, wordScore: 2.8, lead: 2.6, gramLead: 2.5, sentence: -1.2, nearby: 1.9, phrases: 2.3,
	nameless: -0.55, size: -0.9, unmet: -0.8,
}

// A calibrator keeps the weights that turn signals into a probability.
type calibrator struct {
	mu      sync.Mutex // held to fit
	current atomic.Pointer[calibration]
}

// A calibration is what a fit found and the size of the content at the time.
type calibration struct {
	model    *model
	passages int
}

// stale reports whether the content has changed enough for another fit: grown
// by a third or shrunk by a quarter since the last.
func (c *calibration) stale(passages int) bool {
	return 3*passages > 4*c.passages || 4*passages < 3*c.passages
}

// Calibrate learns from the content how likely a passage that matches answers,
// which [Result.Answerable] rests on. It takes as long as a few hundred searches, and
// nothing when the content has changed little since the last time. A host that
// calls it once the content is there spares the first customer the wait. The
// only error is that of ctx, after which the next search tries again.
func (k *Knowledge) Calibrate(ctx context.Context) error {
	_, err := k.calibrated(ctx)
	return err
}

// calibrated returns the weights for the content that everybody may see. The
// first search fits them; later ones do when they have become stale, while
// others go on with the old. The fit holds no lock for longer than a search.
func (k *Knowledge) calibrated(ctx context.Context) (*model, error) {
	n := k.public()
	if c := k.calibrator.current.Load(); c != nil {
		if !c.stale(n) || !k.calibrator.mu.TryLock() {
			return c.model, nil
		}
	} else {
		k.calibrator.mu.Lock()
	}
	defer k.calibrator.mu.Unlock()
	if c := k.calibrator.current.Load(); c != nil && !c.stale(n) {
		return c.model, nil
	}
	examples, err := k.examples(ctx)
	if err != nil {
		return nil, err
	}
	c := &calibration{fit(prior, priorStrength, examples), n}
	k.calibrator.current.Store(c)
	return c.model, nil
}

// public is the number of passages that everybody may see.
func (k *Knowledge) public() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.index.shards[everybody].passages
}

// examples asks the content questions made of itself.
func (k *Knowledge) examples(ctx context.Context) ([]example, error) {
	var out []example
	for _, t := range trials(k.sample()) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, k.ask(t))
	}
	return out, nil
}

// ask returns the signals for one question.
func (k *Knowledge) ask(t trial) example {
	k.mu.RLock()
	defer k.mu.RUnlock()
	v := k.index.view(nil)
	if t.without != "" {
		v = v.without(t.without)
	}
	q := v.question(t.text, k.language)
	defer v.analyzers.Put(q.mark.analyzer)
	return example{v.features(q, t.text, v.rank(q, nil, considered)), t.answerable, t.weight}
}

// sample returns the public passages whose IDs hash lowest: at random, yet the
// same whatever else there is and in whatever order it came.
func (k *Knowledge) sample() []entry {
	k.mu.RLock()
	defer k.mu.RUnlock()
	type drawn struct {
		seed uint64
		*entry
	}
	var out []drawn
	for i := range k.index.entries {
		e := &k.index.entries[i]
		if e.origin == nil || e.origin.shard != everybody {
			continue
		}
		d := drawn{seed(e.id), e}
		at, _ := slices.BinarySearchFunc(out, d, func(a, b drawn) int {
			return cmp.Or(cmp.Compare(a.seed, b.seed), cmp.Compare(a.id, b.id))
		})
		if at < sampled {
			out = slices.Insert(out, at, d)
			out = out[:min(len(out), sampled)]
		}
	}
	entries := make([]entry, len(out))
	for i, d := range out {
		entries[i] = *d.entry
	}
	return entries
}
