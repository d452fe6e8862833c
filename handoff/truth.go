package handoff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Truth is what a Test comes to. It is Maybe where what is known does not say.
type Truth int8

// The values of Truth, in order.
const (
	No    Truth = -1
	Maybe Truth = 0
	Yes   Truth = 1
)

// Facts returns what is known under a name: a string, a number, a bool, or a
// slice of strings of which one is enough. It is called by one goroutine, and
// the same name gives the same value throughout a call of Test.
type Facts func(name string) (value any, known bool)

// Ask tells whether the condition holds, by the logic of three values: All is
// its least, Any its greatest, Not the opposite, and Maybe its own opposite.
func (t *Test) Ask(facts Facts) Truth {
	return t.root.ask(&inquiry{facts: facts})
}

// Why says in words what made the answer of Ask, for the people of the host.
func (t *Test) Why(facts Facts) string {
	return t.root.why(&inquiry{facts: facts})
}

// An inquiry is one look at the facts.
type inquiry struct {
	facts Facts
	// The folded text, once it is needed.
	folded    bool
	words     string
	sentences [][]uint32 // as trigrams
	heard     bool       // the text is known
}

// A node is a part of a Test.
type node interface {
	ask(*inquiry) Truth
	why(*inquiry) string
}

// always holds.
type always struct{}

func (always) ask(*inquiry) Truth  { return Yes }
func (always) why(*inquiry) string { return "always" }

type all []node

func (n all) ask(q *inquiry) Truth {
	least := Yes
	for _, child := range n {
		if least = min(least, child.ask(q)); least == No {
			return No
		}
	}
	return least
}

func (n all) why(q *inquiry) string { return explain(n, n.ask(q), Yes, q) }

type anyOf []node

func (n anyOf) ask(q *inquiry) Truth {
	most := No
	for _, child := range n {
		if most = max(most, child.ask(q)); most == Yes {
			return Yes
		}
	}
	return most
}

func (n anyOf) why(q *inquiry) string { return explain(n, n.ask(q), No, q) }

// A chain is all of its nodes, the first of which that does not hold decides.
type chain []node

func (n chain) ask(q *inquiry) Truth {
	for _, child := range n {
		if t := child.ask(q); t != Yes {
			return t
		}
	}
	return Yes
}

func (n chain) why(q *inquiry) string { return explain(n, n.ask(q), Yes, q) }

// explain says why nodes came to an answer: for the one that takes all of them
// by each, for others by the first that gave it.
func explain(nodes []node, answer, joint Truth, q *inquiry) string {
	var reasons []string
	for _, child := range nodes {
		if child.ask(q) != answer {
			continue
		}
		reasons = append(reasons, child.why(q))
		if answer != joint {
			break
		}
	}
	return strings.Join(reasons, " and ")
}

type not struct{ of node }

func (n not) ask(q *inquiry) Truth  { return -n.of.ask(q) }
func (n not) why(q *inquiry) string { return n.of.why(q) }

// A fact is what a named fact may be.
type fact struct {
	name            string
	known           *bool
	in              []any
	atLeast, atMost *float64
}

func (n *fact) ask(q *inquiry) Truth {
	v, known := q.facts(n.name)
	if n.known != nil && *n.known != known {
		return No
	}
	if !known {
		if n.known != nil {
			return Yes
		}
		return Maybe
	}
	if n.in != nil && !slices.ContainsFunc(n.in, func(want any) bool { return equal(v, want) }) {
		return No
	}
	if n.atLeast == nil && n.atMost == nil {
		return Yes
	}
	x, ok := number(v)
	switch {
	case !ok:
		return Maybe
	case n.atLeast != nil && x < *n.atLeast, n.atMost != nil && x > *n.atMost:
		return No
	}
	return Yes
}

func (n *fact) why(q *inquiry) string {
	v, known := q.facts(n.name)
	if !known {
		return n.name + " is not known"
	}
	return fmt.Sprintf("%s is %v", n.name, v)
}

// equal reports whether a fact is what is wanted. Texts compare whatever their
// case, and may spell a number or a bool, as many systems give them.
func equal(v, want any) bool {
	switch w := want.(type) {
	case bool:
		b, ok := v.(bool)
		if s, text := v.(string); text {
			parsed, err := strconv.ParseBool(s)
			b, ok = parsed, err == nil
		}
		return ok && b == w
	case string:
		switch v := v.(type) {
		case string:
			return strings.EqualFold(v, w)
		case []string:
			return slices.ContainsFunc(v, func(s string) bool { return strings.EqualFold(s, w) })
		}
		return strings.EqualFold(fmt.Sprint(v), w)
	}
	x, ok := number(v)
	y, _ := number(want)
	return ok && x == y
}

// number returns a fact as a number.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case string:
		x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return x, err == nil && x-x == 0
	}
	return 0, false
}
