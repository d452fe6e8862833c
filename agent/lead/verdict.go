package lead

import (
	"math"
	"slices"
)

// A standing is how a set of criteria may have ended: how probable each
// combination of the weight that is known and the points it has is, apart for
// those that miss a required value, and how probable it is to be knocked out.
type standing struct {
	parts [2][]float64 // complete, and missing a required value
	out   float64
	width int // of points: 10 for each weight, and one
}

func newStanding(weight int) *standing {
	s := &standing{width: 10*weight + 1}
	for i := range s.parts {
		s.parts[i] = make([]float64, (weight+1)*s.width)
	}
	return s
}

// certain returns the standing of what is known of no criterion.
func certain(weight int) *standing {
	s := newStanding(weight)
	s.parts[0][0] = 1
	return s
}

// An end is how one criterion may end.
type end struct {
	share            float64
	weight, points   int
	missing, knocked bool
}

// with returns the standing after one criterion more has ended in one of ends.
func (s *standing) with(ends []end) *standing {
	next := &standing{width: s.width, parts: [2][]float64{make([]float64, len(s.parts[0])), make([]float64, len(s.parts[0]))}}
	for _, e := range ends {
		next.out += s.out * e.share
	}
	for i, part := range s.parts {
		for at, p := range part {
			if p == 0 {
				continue
			}
			for _, e := range ends {
				switch to := at + e.weight*s.width + e.points; {
				case e.knocked:
					next.out += p * e.share
				case e.missing:
					next.parts[1][to] += p * e.share
				default:
					next.parts[i][to] += p * e.share
				}
			}
		}
	}
	return next
}

// chances returns the probabilities of the verdicts, in the order of verdicts.
func (g *Goal) chances(s *standing) [3]float64 {
	chances := [3]float64{s.out}
	for missing, part := range s.parts {
		for at, p := range part {
			if p > 0 {
				chances[g.judge(at/s.width, at%s.width, missing == 1)] += p
			}
		}
	}
	return chances
}

// judge returns the place in verdicts of what was not knocked out.
func (g *Goal) judge(weight, points int, missing bool) int {
	switch cfg := g.cfg; {
	case weight == 0 || missing || float64(weight) < cfg.Known*float64(g.weight()):
		return slices.Index(verdicts, Partially)
	case float64(points) >= cfg.Qualified*float64(10*weight):
		return slices.Index(verdicts, Qualified)
	case float64(points) >= cfg.Partially*float64(10*weight):
		return slices.Index(verdicts, Partially)
	}
	return slices.Index(verdicts, Unqualified)
}

// weight is that of all criteria.
func (g *Goal) weight() int {
	sum := 0
	for _, c := range g.criteria {
		sum += c.Weight
	}
	return sum
}

// ends returns how a criterion may end, or how it has: the one end of a value
// that is known, or that of what stays unknown.
func (g *Goal) ends(c *criterion, s *State) []end {
	unknown := end{share: 1, missing: c.Required}
	if v, ok := s.value(c.Name); ok {
		return []end{c.ends()[c.of(v)].alone()}
	}
	if s.Asks[c.Name] >= mostAsks {
		return []end{unknown}
	}
	unknown.share = g.cfg.Unanswered
	ends := []end{unknown}
	for _, e := range c.ends() {
		e.share *= 1 - g.cfg.Unanswered
		ends = append(ends, e)
	}
	return ends
}

// ends returns the ends of values, by band.
func (c *criterion) ends() []end {
	ends := make([]end, len(c.bands))
	for i, b := range c.bands {
		ends[i] = end{share: b.share, weight: c.Weight, points: c.Weight * b.Points, knocked: b.KnockOut}
	}
	return ends
}

func (e end) alone() end {
	e.share = 1
	return e
}

// Verdict returns the verdict that the evidence of a state leads to, whatever is
// still open, or Open. It depends on nothing else.
func (g *Goal) Verdict(s State) Verdict {
	all := certain(g.weight())
	for i := range g.criteria {
		all = all.with(g.ends(&g.criteria[i], &s))
	}
	found := Open
	for i, p := range g.chances(all) {
		switch {
		case p == 0:
		case found != Open:
			return Open
		default:
			found = verdicts[i]
		}
	}
	return found
}

// next returns the criterion to ask for, nil if asking does not help.
func (g *Goal) next(s *State) *criterion {
	gains := g.gains(s)
	var best *criterion
	for i := range g.criteria {
		c := &g.criteria[i]
		gain, open := gains[c.Name]
		if !open {
			continue
		}
		if best == nil || s.Asks[c.Name] < s.Asks[best.Name] ||
			s.Asks[c.Name] == s.Asks[best.Name] && gain > gains[best.Name]+tiny {
			best = c
		}
	}
	return best
}

// tiny is below what rounding does to a gain.
const tiny = 1e-9

// gains returns the expected gain of each criterion that is open, in bits.
func (g *Goal) gains(s *State) map[string]float64 {
	settled := certain(g.weight())
	var open []*criterion
	for i := range g.criteria {
		c := &g.criteria[i]
		if ends := g.ends(c, s); len(ends) > 1 {
			open = append(open, c)
		} else {
			settled = settled.with(ends)
		}
	}
	gains := map[string]float64{}
	g.split(s, open, settled, gains)
	return gains
}

// split notes the gains of some criteria, others being what all the others may
// have ended in. It halves them, so that n of them take n·log n steps.
func (g *Goal) split(s *State, some []*criterion, others *standing, gains map[string]float64) {
	if len(some) == 0 {
		return
	}
	if len(some) == 1 {
		ends := g.ends(some[0], s)
		gain := entropy(g.chances(others.with(ends)))
		for _, e := range ends {
			gain -= e.share * entropy(g.chances(others.with([]end{e.alone()})))
		}
		gains[some[0].Name] = gain
		return
	}
	half := len(some) / 2
	for _, part := range [][2][]*criterion{{some[:half], some[half:]}, {some[half:], some[:half]}} {
		rest := others
		for _, c := range part[1] {
			rest = rest.with(g.ends(c, s))
		}
		g.split(s, part[0], rest, gains)
	}
}

// entropy returns that of a distribution, in bits.
func entropy(chances [3]float64) float64 {
	h := 0.0
	for _, p := range chances {
		if p > 0 {
			h -= p * math.Log2(p)
		}
	}
	return h
}
