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
	sampled    = 100 // passages that questions are made of
	considered = 20  // candidates that n-grams are scored for
)

// Weights of the signals, fitted to questions of several kinds, in several
// languages, together. Those of near questions tell an answered one from one
// whose document was taken out of the content, those of far questions from one
// about something else. evaluate -fit prints them, with how well they do on
// sets that they were not fitted to:
//
//	evaluate -fit -holdout -unanswerable clinc-oos/queries.jsonl -beir bankfaq-q2a squad-it
//		covidfaq-en covidfaq-de scifact cranfield xquad-en xquad-de xquad-es debian-nl
var (
	nearWeights = features{
		bias: -2.64, strange: -1.05, topic: -1.04, elsewhere: -0.77, anywhere: 1.43, coverage: 1.54, matched: 0.87,
		wordScore: 0.68, lead: 3.14, gramLead: 1.85, sentence: 0.32, nearby: 1.42, phrases: 1.37, nameless: -0.8,
		size: -1.38, unmet: -0.09, lost: 1.35, akin: 2.28,
	}
	farWeights = features{
		bias: -7.3, strange: -2.46, topic: 5.1, elsewhere: 1.88, anywhere: 3, coverage: -0.77, matched: 6.18,
		wordScore: -0.12, lead: 1.71, gramLead: 2.41, sentence: 1.08, nearby: -0.01, phrases: 8.81, nameless: 0.66,
		size: -2.92, unmet: -0.45, lost: 1.56, akin: 2.86,
	}
)

// A calibrator keeps what has been learnt of the content.
type calibrator struct {
	mu      sync.Mutex // held to fit
	current atomic.Pointer[calibration]
}

// A model turns features into evidence.
type model struct {
	trust float64 // of near evidence
}

// evidence weighs features.
func (m *model) evidence(f *features) Evidence {
	return Evidence{m.trust * f.times(&nearWeights), f.times(&farWeights), m.trust}
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

// calibrated returns the model for the content that everybody may see. The
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
	c := &calibration{&model{trust(examples)}, n}
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

// ask returns the evidence for one question.
func (k *Knowledge) ask(t trial) example {
	k.mu.RLock()
	defer k.mu.RUnlock()
	v := k.index.view(nil)
	if t.without != "" {
		v = v.without(t.without)
	}
	q := v.question(t.text, k.language)
	defer v.analyzers.Put(q.mark.analyzer)
	f := v.features(q, t.text, v.rank(q, nil, considered))
	return example{f.times(&nearWeights), t.without == ""}
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
