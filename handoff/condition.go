package handoff

import (
	"errors"
	"fmt"
	"regexp"
)

// A Condition is a test of what is known of a conversation. It is data, and can
// be stored as JSON. It has one of three forms: a tree of other conditions, a
// fact and what it may be, or what the customer's text may say. The zero value
// always holds.
type Condition struct {
	// All holds if each of its conditions does, Any if one of them does, and Not
	// if its condition does not.
	All []Condition `json:"all,omitempty"`
	Any []Condition `json:"any,omitempty"`
	Not *Condition  `json:"not,omitempty"`
	// Chain holds if each of its conditions does, and looks at none before those
	// in front of it hold: the first that does not is what has to come next.
	Chain []Condition `json:"chain,omitempty"`

	// Fact names what is looked at, such as "channel" or "customer.tier". It is
	// known (or not, where Known is false), one of In, and a number in the range
	// from AtLeast to AtMost, as far as these are set.
	Fact    string   `json:"fact,omitempty"`
	Known   *bool    `json:"known,omitempty"`
	In      []any    `json:"in,omitempty"`
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`

	// Phrases, Stems and Like are for the fact "text". It holds one of Phrases,
	// which are whole words, or a word that begins with one of Stems, or a
	// sentence like one of Like. Case, punctuation and Latin accents do not matter.
	Phrases []string `json:"phrases,omitempty"`
	Stems   []string `json:"stems,omitempty"`
	Like    []string `json:"like,omitempty"`
	// Likeness is how alike a sentence must be to one of Like, from 0 to 1.
	// Defaults to 0.6.
	Likeness float64 `json:"likeness,omitempty"`
}

// defaultLikeness is Condition.Likeness when it is zero. Sentences that differ
// in a word or two reach it.
const defaultLikeness = 0.6

// What a condition may be made of, so that settings cannot make a turn slow.
const (
	maxDepth = 16
	maxNodes = 1000
)

// A Test is a Condition that was checked. Methods may be called from many
// goroutines.
type Test struct {
	root node
}

// NewTest returns a Test of a condition, or all of its faults, joined, each with
// the path to its place.
func NewTest(c Condition) (*Test, error) {
	var b builder
	root := b.node(c, "condition", 1)
	if b.nodes > maxNodes {
		b.fault("condition", "has more than %d parts", maxNodes)
	}
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	return &Test{root}, nil
}

// A builder turns conditions into nodes.
type builder struct {
	nodes  int
	faults []error
}

func (b *builder) fault(path, format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf("handoff: %s "+format, append([]any{path}, args...)...))
}

// node returns the node of a condition, nil after a fault.
func (b *builder) node(c Condition, path string, depth int) node {
	if b.nodes++; b.nodes > maxNodes {
		return nil
	}
	if depth > maxDepth {
		b.fault(path, "is nested deeper than %d", maxDepth)
		return nil
	}
	switch form, n := c.forms(); {
	case n > 1:
		b.fault(path, "has more than one form: use all, any, chain, not, fact or a text test alone")
	case form == "fact":
		return b.fact(c, path)
	case form == "text":
		return b.text(c, path)
	case form == "not":
		return not{b.node(*c.Not, path+".not", depth+1)}
	case form != "":
		return b.branch(c, path, form, depth)
	}
	return always{}
}

// forms returns one of the forms that c has, and how many there are.
func (c Condition) forms() (form string, n int) {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"all", c.All != nil}, {"any", c.Any != nil}, {"chain", c.Chain != nil}, {"not", c.Not != nil},
		{"fact", c.Fact != "" || c.Known != nil || c.In != nil || c.AtLeast != nil || c.AtMost != nil},
		{"text", c.Phrases != nil || c.Stems != nil || c.Like != nil || c.Likeness != 0},
	} {
		if f.set {
			form = f.name
			n++
		}
	}
	return form, n
}

// branch returns the node of a list of conditions.
func (b *builder) branch(c Condition, path, form string, depth int) node {
	list := map[string][]Condition{"all": c.All, "any": c.Any, "chain": c.Chain}[form]
	if len(list) == 0 {
		b.fault(path, "has an empty %q: leave it out, or name what has to hold", form)
	}
	children := make([]node, len(list))
	for i, child := range list {
		children[i] = b.node(child, fmt.Sprintf("%s.%s[%d]", path, form, i), depth+1)
	}
	switch form {
	case "all":
		return all(children)
	case "any":
		return anyOf(children)
	}
	return chain(children)
}

var factNames = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)*$`)

// fact returns the node of a fact.
func (b *builder) fact(c Condition, path string) node {
	if !factNames.MatchString(c.Fact) {
		b.fault(path, "names the fact %q: want a form such as channel or customer.tier", c.Fact)
	}
	if c.Known == nil && c.In == nil && c.AtLeast == nil && c.AtMost == nil {
		b.fault(path, "does not say what %q may be: use known, in, at_least or at_most", c.Fact)
	}
	if c.In != nil && len(c.In) == 0 {
		b.fault(path, "has an empty list of what %q may be", c.Fact)
	}
	for _, v := range c.In {
		switch v.(type) {
		case string, bool, float64, int:
		default:
			b.fault(path, "compares %q with %v: want a text, a number, true or false", c.Fact, v)
		}
	}
	if c.AtLeast != nil && c.AtMost != nil && *c.AtLeast > *c.AtMost {
		b.fault(path, "wants %q to be at least %v and at most %v, which nothing is", c.Fact, *c.AtLeast, *c.AtMost)
	}
	if c.Known != nil && !*c.Known && (c.In != nil || c.AtLeast != nil || c.AtMost != nil) {
		b.fault(path, "wants %q to be unknown, and to have a value", c.Fact)
	}
	return &fact{name: c.Fact, known: c.Known, in: c.In, atLeast: c.AtLeast, atMost: c.AtMost}
}

// text returns the node of a test of the customer's text.
func (b *builder) text(c Condition, path string) node {
	if len(c.Phrases)+len(c.Stems)+len(c.Like) == 0 {
		b.fault(path, "does not say what the text holds: use phrases, stems or like")
	}
	if c.Likeness < 0 || c.Likeness > 1 {
		b.fault(path, "has the likeness %v: want 0 to 1", c.Likeness)
	}
	t := &text{likeness: c.Likeness}
	if t.likeness == 0 {
		t.likeness = defaultLikeness
	}
	words := func(list []string, what string, add func(original, folded string)) {
		for i, s := range list {
			folded := spaced(fold(s)...)
			if folded == "  " {
				b.fault(path, "has %s[%d] %q, which holds no words", what, i, s)
				continue
			}
			add(s, folded)
		}
	}
	words(c.Phrases, "phrases", func(s, folded string) { t.parts = append(t.parts, part{s, folded}) })
	// Without the space behind it, a stem is found at the beginning of a word.
	words(c.Stems, "stems", func(s, folded string) { t.parts = append(t.parts, part{s, folded[:len(folded)-1]}) })
	words(c.Like, "like", func(s, folded string) { t.examples = append(t.examples, example{s, trigrams(folded)}) })
	return t
}
