package lead

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A criterion is a Criterion that was compiled.
type criterion struct {
	Criterion
	property agent.Property
	bands    []band // the last is what no other holds
}

// A band is a Band with values of the criterion's type.
type band struct {
	Band
	in           []any
	least, most  any
	share        float64
	faults       []error
	nothing, all bool
}

// compile returns a criterion ready to be judged by. Faults are left to check.
func (c Criterion) compile() criterion {
	orDefault(&c.Weight, 1)
	done := criterion{Criterion: c, property: agent.Property{Name: c.Name, Type: c.Type, Options: c.Options}}
	left, unshared := 1.0, 0
	for _, b := range append(slices.Clone(c.Bands), Band{}) {
		done.bands = append(done.bands, done.compileBand(b))
		left -= b.Share
		if b.Share == 0 {
			unshared++
		}
	}
	done.bands[len(done.bands)-1].all = true
	for i := range done.bands {
		b := &done.bands[i]
		if b.share = b.Share; b.share == 0 {
			b.share = left / float64(unshared)
		}
	}
	return done
}

func (c *criterion) compileBand(b Band) band {
	done := band{Band: b}
	read := func(v any) any {
		if v == nil {
			return nil
		}
		value, err := c.property.Coerce(v, "")
		if err != nil {
			done.faults = append(done.faults, fmt.Errorf("%v: %w", v, err))
		}
		return value
	}
	for _, v := range b.In {
		if v == nil {
			done.faults = append(done.faults, errors.New("in: null is no value"))
		}
		done.in = append(done.in, read(v))
	}
	done.least, done.most = read(b.AtLeast), read(b.AtMost)
	done.nothing = b.In == nil && b.AtLeast == nil && b.AtMost == nil
	return done
}

// holds reports whether a value is in the band.
func (b *band) holds(v any) bool {
	switch {
	case b.all:
		return true
	case b.in != nil:
		return slices.Contains(b.in, v)
	}
	return (b.least == nil || !less(v, b.least)) && (b.most == nil || !less(b.most, v))
}

// less compares two numbers or two dates.
func less(a, b any) bool {
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		return ok && x < y
	case string:
		y, ok := b.(string)
		return ok && x < y
	}
	return false
}

// of returns the band of a value.
func (c *criterion) of(v any) int {
	return slices.IndexFunc(c.bands, func(b band) bool { return b.holds(v) })
}

// check returns every fault of the configuration, joined.
func (g *Goal) check() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("lead: goal %q: "+format, append([]any{g.cfg.Name}, args...)...))
	}
	if (agent.Property{Name: g.cfg.Name, Type: agent.Text}).Validate() != nil {
		fault("name: want a letter and at most 63 more letters, digits and underscores")
	}
	if c := g.cfg; !between(0, c.Partially, 1) || !between(c.Partially, c.Qualified, 1) {
		fault("want 0 <= partially <= qualified <= 1, have %v and %v", c.Partially, c.Qualified)
	}
	if !between(0, g.cfg.Known, 1) {
		fault("known is %v: want from 0 to 1", g.cfg.Known)
	}
	if !between(0.01, g.cfg.Unanswered, 0.99) {
		fault("unanswered is %v: want from 0.01 to 0.99", g.cfg.Unanswered)
	}
	if len(g.criteria) == 0 {
		fault("criteria: there are none")
	}
	names := map[string]bool{}
	for i := range g.criteria {
		c := &g.criteria[i]
		place := fmt.Sprintf("criteria[%d] (%s)", i, c.Name)
		for _, err := range c.check() {
			fault("%s: %w", place, err)
		}
		if names[c.Name] {
			fault("%s: there is another of this name", place)
		}
		names[c.Name] = true
		g.weight += max(0, min(c.Weight, 1000))
	}
	if g.weight > mostWeight {
		fault("criteria: the weights are %d together: want at most %d", g.weight, mostWeight)
	}
	for verdict, o := range g.cfg.On {
		for _, err := range o.check(names) {
			fault("on.%s: %w", verdict, err)
		}
		if !slices.Contains(verdicts, verdict) {
			fault("on.%s: want one of %v", verdict, verdicts)
		}
	}
	return errors.Join(faults...)
}

// mostWeight is that of all criteria together.
const mostWeight = 100

// between reports whether low <= v <= high. Nothing that is no number is.
func between(low, v, high float64) bool { return low <= v && v <= high && !math.IsNaN(v) }

func (c *criterion) check() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if err := c.property.Validate(); err != nil {
		faults = append(faults, err)
	}
	if len(c.Ask) == 0 {
		fault("ask: there is no question")
	}
	for language, text := range c.Ask {
		if !spoken(language) || text == "" {
			fault("ask.%s: want a text in one of the agent's languages", language)
		}
	}
	if c.Weight < 1 {
		fault("weight is %d: want at least 1", c.Weight)
	}
	if c.Save && c.Property == "" {
		fault("save: there is no property to save to")
	}
	if len(c.Bands) == 0 {
		fault("bands: there are none, so that no value is worth anything")
	}
	if last := c.bands[len(c.bands)-1]; last.share < 0.009 {
		fault("bands: the shares leave less than 0.01 for what has none of its own")
	}
	ranges := c.Type == agent.Number || c.Type == agent.Date || c.Type == agent.DateTime
	for i, b := range c.bands[:len(c.bands)-1] {
		for _, err := range b.faults {
			fault("bands[%d]: %w", i, err)
		}
		switch {
		case b.nothing:
			fault("bands[%d]: want in, at_least or at_most", i)
		case b.In != nil && (b.AtLeast != nil || b.AtMost != nil):
			fault("bands[%d]: want either in or a range", i)
		case b.In == nil && !ranges:
			fault("bands[%d]: only numbers and dates have ranges", i)
		case b.least != nil && b.most != nil && less(b.most, b.least):
			fault("bands[%d]: at_most is less than at_least", i)
		}
		if b.Points < 0 || b.Points > 10 {
			fault("bands[%d]: points are %d: want from 0 to 10", i, b.Points)
		}
		if b.Share != 0 && !between(0.01, b.Share, 0.99) {
			fault("bands[%d]: share is %v: want from 0.01 to 0.99", i, b.Share)
		}
	}
	return faults
}

func (o Outcome) check(criteria map[string]bool) []error {
	var faults []error
	n := 0
	for _, set := range []bool{o.HandOver != nil, o.Call != nil, o.Close} {
		if set {
			n++
		}
	}
	if n > 1 {
		faults = append(faults, errors.New("want at most one of hand_over, call and close"))
	}
	for language, text := range o.Say {
		if !spoken(language) || text == "" {
			faults = append(faults, fmt.Errorf("say.%s: want a text in one of the agent's languages", language))
		}
	}
	if o.Call == nil {
		return faults
	}
	if o.Call.Action == "" {
		faults = append(faults, errors.New("call: it names no action"))
	}
	for argument, name := range o.Call.From {
		if !criteria[name] {
			faults = append(faults, fmt.Errorf("call.from.%s: there is no criterion %q", argument, name))
		}
		if _, ok := o.Call.With[argument]; ok {
			faults = append(faults, fmt.Errorf("call: the argument %s is in with and in from", argument))
		}
	}
	return faults
}
