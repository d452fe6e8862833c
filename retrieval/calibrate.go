package retrieval

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

const (
	// sampled is how many passages questions are made of to calibrate by.
	sampled = 60
	// priorStrength is how many examples, about, it takes to outweigh the prior.
	priorStrength = 10
)

// prior are the weights for content that is too small to learn from, fitted to
// public question sets of several kinds and languages together.
var prior = features{
	bias: -5.1, coverage: 0.1, wordScore: 2.8, gramScore: 3.8,
	gramCover: 4.1, evidence: 3.2, strange: -1.8, brevity: -3.2,
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

// calibrated returns the weights for the content that everybody may see. The
// first search fits them; later ones do when they have become stale, while
// others go on with the old. The fit holds no lock for longer than a search.
func (k *Knowledge) calibrated() *model {
	n := k.public()
	if c := k.calibrator.current.Load(); c != nil {
		if !c.stale(n) || !k.calibrator.mu.TryLock() {
			return c.model
		}
	} else {
		k.calibrator.mu.Lock()
	}
	defer k.calibrator.mu.Unlock()
	if c := k.calibrator.current.Load(); c != nil && !c.stale(n) {
		return c.model
	}
	c := &calibration{fit(prior, priorStrength, k.examples()), n}
	k.calibrator.current.Store(c)
	return c.model
}

// public is the number of passages that everybody may see.
func (k *Knowledge) public() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.index.counts[everybody].passages
}

// examples asks the content questions made of itself.
func (k *Knowledge) examples() []example {
	var out []example
	for _, t := range trials(k.sample()) {
		k.mu.RLock()
		v := k.index.view(nil)
		if t.without != "" {
			v = v.without(t.without)
		}
		q := v.question(t.text, k.language)
		ranked := v.rank(q, nil, 2*lookedAt)
		out = append(out, example{v.features(q, ranked), t.answerable, t.weight})
		k.mu.RUnlock()
	}
	return out
}

// sample returns the public passages whose IDs hash lowest: at random, yet the
// same whatever else there is and in whatever order it came.
func (k *Knowledge) sample() []entry {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var out []entry
	for _, e := range k.index.entries {
		if e.audience == everybody {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b entry) int {
		x, y := a.passage.ID, b.passage.ID
		return cmp.Or(cmp.Compare(seed(x), seed(y)), cmp.Compare(x, y))
	})
	return slices.Clone(out[:min(len(out), sampled)])
}
