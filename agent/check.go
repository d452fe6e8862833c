package agent

import (
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Finding is something odd about the guidelines: no fault, for the agent works
// with it, but hardly what was meant.
type Finding struct {
	Kind FindingKind `json:"kind"`
	// Guideline is the name of the one concerned, Other that of another one.
	Guideline string `json:"guideline"`
	Other     string `json:"other,omitempty"`
	// Detail says in a sentence what was found.
	Detail string `json:"detail"`
}

// A FindingKind is a kind of Finding.
type FindingKind string

// The kinds of Finding.
const (
	// Conflict: two guidelines that decide can hold together, each also without
	// the other, and say different things. The first of the list then decides. Two
	// that want words of their own are none, although a message may hold both.
	Conflict FindingKind = "conflict"
	// Shadowed: whenever it holds, others decide before it has an effect.
	Shadowed FindingKind = "shadowed"
	// Dead: it can never hold.
	Dead FindingKind = "dead"
	// Undecided: the conditions tell apart more than can be tried.
	Undecided FindingKind = "undecided"
)

// Check returns what is odd about the guidelines, in their order. It tries every
// combination of facts that their conditions can tell apart, with texts made of
// their phrases, so that what it says is what turns will do. Whether two instructions
// to the model agree it cannot know, and of sentences that are like an example
// it tries the example alone. Channels are the names of those that exist, none
// if that is not known. It returns nothing for settings that are not valid.
func (s Settings) Check(channels ...string) []Finding {
	s = s.withDefaults()
	rules, err := s.compileGuidelines()
	if err != nil {
		return nil
	}
	c := &checker{settings: &s, rules: rules, channels: channels}
	for i := range rules {
		if c.dead(i) {
			continue
		}
		if !c.shadowed(i) {
			c.conflicts(i)
		}
	}
	return c.findings
}

// A checker gathers findings.
type checker struct {
	settings *Settings
	rules    []rule
	channels []string
	findings []Finding
}

func (c *checker) found(k FindingKind, i int, other, format string, args ...any) {
	c.findings = append(c.findings, Finding{k, c.rules[i].Name, other, fmt.Sprintf(format, args...)})
}

// holds reports whether a rule takes effect on facts.
func (c *checker) holds(i int, facts handoff.Facts) bool {
	return c.rules[i].test.Ask(facts) == handoff.Yes
}

// dead finds a rule that can never hold, and values that a fact never has.
func (c *checker) dead(i int) bool {
	d := c.space(true, i)
	for _, impossible := range d.impossible {
		c.found(Dead, i, "", "%s.", impossible)
	}
	alive := false
	whole := d.each(func(facts handoff.Facts) bool {
		alive = c.holds(i, facts)
		return !alive
	})
	if !alive && whole {
		c.found(Dead, i, "", "Nothing that can be the case makes it hold.")
	}
	return !alive && whole
}

// before are the rules that may take the turn from a rule: earlier ones that
// decide, and of an instruction all, since the model is not asked then.
func (c *checker) before(i int) []int {
	var deciding []int
	for j := range c.rules {
		if c.rules[j].decides() && j != i && (j < i || !c.rules[i].decides()) {
			deciding = append(deciding, j)
		}
	}
	return deciding
}

// shadowed finds a rule of which others take all.
func (c *checker) shadowed(i int) bool {
	var near []int // rules that hold together with it
	for _, j := range c.before(i) {
		p := c.pair(j, i)
		switch {
		case p.both && !p.second && p.whole:
			c.found(Shadowed, i, c.rules[j].Name, "Whenever it holds, %q holds and decides.", c.rules[j].Name)
			return true
		case p.both:
			near = append(near, j)
		}
	}
	if len(near) < 2 {
		return false
	}
	free := false
	whole := c.space(false, append(near, i)...).each(func(facts handoff.Facts) bool {
		free = c.holds(i, facts)
		for _, j := range near {
			free = free && !c.holds(j, facts)
		}
		return !free
	})
	switch {
	case !free && whole:
		c.found(Shadowed, i, "", "Whenever it holds, one of those that decide holds as well.")
	case !free:
		c.found(Undecided, i, "", "It and the %d guidelines that may decide in its place tell more cases apart than can be tried.", len(near))
	}
	return !free && whole
}

// conflicts finds earlier rules that decide otherwise in some of the cases.
func (c *checker) conflicts(i int) {
	if !c.rules[i].decides() {
		return
	}
	for j := range i {
		a, b := c.rules[j], c.rules[i]
		if !a.decides() || a.Then == b.Then && a.Text == b.Text {
			continue
		}
		switch p := c.pair(j, i); {
		case p.clash && p.first && p.second:
			c.found(Conflict, i, a.Name, "It and %q can hold together, as with %s, and say different things; %q decides.", a.Name, p.example, a.Name)
		case !p.whole:
			c.found(Undecided, i, a.Name, "It and %q tell more cases apart than can be tried.", a.Name)
		}
	}
}

// A pair says in which combinations two rules hold.
type pair struct {
	both, first, second bool   // together, and each without the other
	clash               bool   // together, and not only as each finds words of its own
	whole               bool   // all was tried
	example             string // of a clash
}

func (c *checker) pair(i, j int) (p pair) {
	d := c.space(false, i, j)
	topics := c.asksText(i) && c.asksText(j)
	p.whole = d.each(func(facts handoff.Facts) bool {
		a, b := c.holds(i, facts), c.holds(j, facts)
		if a && b && !p.clash && (!topics || !strings.Contains(d.text(), apart)) {
			p.clash, p.example = true, d.String()
		}
		p.both, p.first, p.second = p.both || a && b, p.first || a && !b, p.second || b && !a
		return !p.clash || !p.first || !p.second
	})
	return p
}

// asksText reports whether a rule depends on the text.
func (c *checker) asksText(i int) bool {
	return c.space(false, i).values["text"] != nil
}
