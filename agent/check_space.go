package agent

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

const (
	// mostCases is how many combinations of facts are tried at once.
	mostCases = 1 << 14
	// mostParts is how many parts of texts are tried in every combination.
	mostParts = 8
)

// A space is all that some conditions can tell apart: for each fact the values
// that stand for all others.
type space struct {
	names  []string
	values map[string][]any
	at     []int // of the combination that is tried
	cut    bool  // some combinations are left out
	// impossible are the values that a condition names and a fact never has.
	impossible []string
}

// missing is the value of a fact that is not known.
type missing struct{}

// space returns that of the conditions of some rules. Facts of which the engine
// knows nothing, such as properties of customers, may also be lists if lists is set.
func (c *checker) space(lists bool, rules ...int) *space {
	found := &atoms{bounds: map[string][]float64{}, named: map[string][]any{}}
	for _, i := range rules {
		found.collect(c.rules[i].When)
	}
	d := &space{values: map[string][]any{}}
	for name, named := range found.named {
		d.names = append(d.names, name)
		d.values[name] = c.values(d, name, named, found.bounds[name], lists)
	}
	if texts := found.texts(d); texts != nil && !slices.Contains(d.names, "text") {
		d.names = append(d.names, "text")
		d.values["text"] = texts
	}
	slices.Sort(d.names)
	d.at = make([]int, len(d.names))
	return d
}

// values returns the values of a fact that stand for all.
func (c *checker) values(d *space, name string, named []any, bounds []float64, lists bool) []any {
	for _, v := range named {
		if x, ok := v.(float64); ok {
			bounds = append(bounds, x)
		}
	}
	if all := c.possible(name); all != nil {
		for _, v := range named {
			if !slices.ContainsFunc(all, func(p any) bool { return strings.EqualFold(fmt.Sprint(p), fmt.Sprint(v)) }) {
				d.impossible = append(d.impossible, fmt.Sprintf("%s is never %v", name, v))
			}
		}
		return all
	}
	switch name {
	case "sentiment":
		return points(bounds, -1, 1, false)
	case "opening":
		return points(bounds, 1, math.Inf(1), true)
	case "channel":
		return append(slices.Clone(named), "some other channel")
	}
	if !strings.HasPrefix(name, "customer.") && !strings.HasPrefix(name, "result.") && !strings.HasPrefix(name, "lead.") && name != "mode" {
		d.impossible = append(d.impossible, fmt.Sprintf("There is no fact %q when guidelines are looked at", name))
		return []any{missing{}}
	}
	open := append(slices.Clone(named), missing{}, "something else")
	open = append(open, points(bounds, math.Inf(-1), math.Inf(1), false)...)
	if all := texts(named); lists && len(all) > 1 {
		open = append(open, all)
	}
	return open
}

// possible returns all the values of a fact that has few, nil for others.
func (c *checker) possible(name string) (all []any) {
	switch name {
	case "open", "question_repeated", "customer.known":
		return []any{true, false}
	case "trust":
		for t := channel.Anonymous; t <= channel.Signed; t++ {
			all = append(all, t.String())
		}
	case "language":
		for _, tag := range c.settings.languages() {
			all = append(all, tag)
		}
	case "channel":
		for _, name := range c.channels {
			all = append(all, name)
		}
	}
	return all
}

// texts returns those of some values that are texts.
func texts(values []any) (all []string) {
	for _, v := range values {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// points returns numbers that lie in different places to some bounds: on each, between
// them, and beyond.
func points(bounds []float64, low, high float64, whole bool) []any {
	if len(bounds) == 0 && math.IsInf(low, -1) {
		return nil // nothing asks for a number
	}
	slices.Sort(bounds)
	tried := []float64{low, high}
	for i, b := range bounds {
		tried = append(tried, b-1, b, b+1)
		if i > 0 {
			tried = append(tried, (bounds[i-1]+b)/2)
		}
		if !math.IsInf(low, -1) {
			tried = append(tried, (low+b)/2, (b+min(high, b+2))/2)
		}
	}
	var all []any
	for _, x := range tried {
		if x < low || x > high || math.IsInf(x, 0) || slices.Contains(all, any(x)) || whole && x != math.Trunc(x) {
			continue
		}
		all = append(all, x)
	}
	return all
}

// each calls yield with the facts of every combination, until it returns false,
// and reports whether none was left out.
func (d *space) each(yield func(handoff.Facts) bool) (whole bool) {
	cases := 1
	for _, name := range d.names {
		cases *= len(d.values[name])
		if cases > mostCases || cases == 0 {
			return false
		}
	}
	facts := func(name string) (any, bool) {
		i, ok := slices.BinarySearch(d.names, name)
		if !ok {
			return nil, false
		}
		v := d.values[name][d.at[i]]
		_, unknown := v.(missing)
		return v, !unknown
	}
	for n := range cases {
		rest := n
		for i, name := range d.names {
			d.at[i] = rest % len(d.values[name])
			rest /= len(d.values[name])
		}
		if !yield(facts) {
			return true
		}
	}
	return !d.cut
}

// text returns the text that is tried.
func (d *space) text() string {
	i, ok := slices.BinarySearch(d.names, "text")
	if !ok {
		return ""
	}
	return fmt.Sprint(d.values["text"][d.at[i]])
}

// String returns the combination that is tried, in words.
func (d *space) String() string {
	var parts []string
	for i, name := range d.names {
		v := d.values[name][d.at[i]]
		if _, unknown := v.(missing); unknown {
			continue
		}
		if name == "text" {
			v = fmt.Sprintf("%q", strings.ReplaceAll(fmt.Sprint(v), apart, " … "))
		}
		parts = append(parts, fmt.Sprintf("%s %v", name, v))
	}
	if len(parts) == 0 {
		return "anything"
	}
	return strings.Join(parts, ", ")
}

// atoms are what conditions ask of facts.
type atoms struct {
	named  map[string][]any     // the values they name, nil for none
	bounds map[string][]float64 // their bounds
	parts  []string             // texts that hold one phrase, stem or example
	heard  bool                 // the text is asked for
}

// collect adds what a condition asks.
func (a *atoms) collect(c Condition) {
	for _, list := range [][]Condition{c.All, c.Any, c.Chain} {
		for _, child := range list {
			a.collect(child)
		}
	}
	if c.Not != nil {
		a.collect(*c.Not)
	}
	if c.Fact != "" && c.Fact != "text" {
		named := a.named[c.Fact]
		for _, v := range c.In {
			if !slices.Contains(named, v) {
				named = append(named, v)
			}
		}
		a.named[c.Fact] = named
		for _, bound := range []*float64{c.AtLeast, c.AtMost} {
			if bound != nil {
				a.bounds[c.Fact] = append(a.bounds[c.Fact], *bound)
			}
		}
	}
	a.heard = a.heard || c.Fact == "text"
	for _, s := range slices.Concat(c.Phrases, c.Like) {
		a.add(s)
	}
	for _, s := range c.Stems {
		a.add(s + filler) // a word that begins with it, and is not it
	}
}

func (a *atoms) add(part string) {
	if a.heard = true; !slices.Contains(a.parts, part) {
		a.parts = append(a.parts, part)
	}
}

const (
	// filler is no beginning and no end of a word that anybody writes.
	filler = "qzxq"
	// apart stands between parts, so that they make no phrase together.
	apart = ". " + filler + ". "
)

// texts returns texts with every combination of the parts: whatever a text
// holds of them, one of these holds the same. It returns nil if none is asked for.
func (a *atoms) texts(d *space) []any {
	if !a.heard {
		return nil
	}
	all := []any{""}
	if d.cut = len(a.parts) > mostParts; d.cut {
		for i, p := range a.parts {
			all = append(all, p)
			for _, q := range a.parts[:i] {
				all = append(all, p+apart+q)
			}
		}
		return append(all, strings.Join(a.parts, apart))
	}
	for set := 1; set < 1<<len(a.parts); set++ {
		var with []string
		for i, p := range a.parts {
			if set&(1<<i) != 0 {
				with = append(with, p)
			}
		}
		all = append(all, strings.Join(with, apart))
	}
	return all
}
