package lead

import "math"

// A standing is how a set of criteria may have ended: how probable it is to be
// knocked out, else to miss a required value, and else each combination of the
// weight that is known and the points it has.
type standing struct {
	out, missing float64
	parts        []float64 // by weight*width + points
	width        int       // of points: 10 for each weight, and one
	reached      int       // how much of parts may not be 0
}

// certain returns the standing of no criterion, of the weight in all.
func certain(weight int) *standing {
	s := &standing{width: 10*weight + 1, reached: 1}
	s.parts = make([]float64, (weight+1)*s.width)
	s.parts[0] = 1
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
	next := &standing{width: s.width, parts: make([]float64, len(s.parts))}
	total := 0.0
	for _, p := range s.parts[:s.reached] {
		total += p
	}
	for _, e := range ends {
		next.out += s.out * e.share
		switch {
		case e.knocked:
			next.out += (s.missing + total) * e.share
		case e.missing:
			next.missing += (s.missing + total) * e.share
		default:
			next.missing += s.missing * e.share
			shift := e.weight*s.width + e.points
			to := next.parts[shift : shift+s.reached]
			for at, p := range s.parts[:s.reached] {
				to[at] += p * e.share
			}
			next.reached = max(next.reached, shift+s.reached)
		}
	}
	return next
}

// chances returns the probabilities of the verdicts, in the order of verdicts,
// if one criterion more ends in e.
func (s *standing) chances(table []uint8, e end) [3]float64 {
	total := 0.0
	chances := [3]float64{isUnqualified: s.out, isPartially: s.missing}
	if e.knocked || e.missing {
		for _, p := range s.parts[:s.reached] {
			total += p
		}
		if e.knocked {
			return [3]float64{isUnqualified: s.out + s.missing + total}
		}
		chances[isPartially] += total
		return chances
	}
	shift := e.weight*s.width + e.points
	after := table[shift : shift+s.reached]
	for at, p := range s.parts[:s.reached] {
		chances[after[at]] += p
	}
	return chances
}

// The places of verdicts.
const (
	isUnqualified = iota
	isPartially
	isQualified
)

var verdicts = []Verdict{Unqualified, Partially, Qualified}

// judge returns the place in verdicts of what was neither knocked out nor misses
// a required value.
func (g *Goal) judge(weight, points int) int {
	switch cfg := g.cfg; {
	case weight == 0 || float64(weight) < cfg.Known*float64(g.weight):
		return isPartially
	case float64(points) >= cfg.Qualified*float64(10*weight):
		return isQualified
	case float64(points) >= cfg.Partially*float64(10*weight):
		return isPartially
	}
	return isUnqualified
}

// judged returns the table of judge, in the order of standing.parts.
func (g *Goal) judged() []uint8 {
	width := 10*g.weight + 1
	table := make([]uint8, (g.weight+1)*width)
	for at := range table {
		table[at] = uint8(g.judge(at/width, at%width))
	}
	return table
}

// ends returns how a criterion may end, or how it has: the one end of a value
// that is known, or that of what stays unknown.
func (g *Goal) ends(c *criterion, s *State) []end {
	unknown := end{share: 1, missing: c.Required}
	if v, ok := s.value(c.Name); ok {
		return []end{c.ends()[c.of(v)].alone()}
	}
	if s.Asks[c.Name] >= mostAsks && s.Asked != c.Name {
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
	all := certain(g.weight)
	for i := range g.criteria {
		all = all.with(g.ends(&g.criteria[i], &s))
	}
	found := Open
	for i, p := range all.chances(g.table, end{}) {
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
	settled := certain(g.weight)
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
		var all [3]float64
		gain := 0.0
		for _, e := range ends {
			given := others.chances(g.table, e)
			gain -= e.share * entropy(given)
			for v, p := range given {
				all[v] += e.share * p
			}
		}
		gains[some[0].Name] = gain + entropy(all)
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
