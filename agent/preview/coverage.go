package preview

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A Coverage counts what of an agent's settings turns have exercised: those of
// test scripts, of previews, or of recorded conversations. Its methods may be
// called from many goroutines.
type Coverage struct {
	mu     sync.Mutex
	report Report
}

// A Report says how many turns exercised each part, in the order of the settings.
type Report struct {
	Guidelines []Count
	Triggers   []Count
	Actions    []Count // calls that were allowed or done, and not those refused
	Rules      []Count // the engine's own, by which a turn was decided
}

// A Count is how many turns exercised a part.
type Count struct {
	Name  string
	Turns int
}

// NewCoverage returns a Coverage of the settings and of the actions of a Config,
// of which nothing was exercised yet.
func NewCoverage(s agent.Settings, actions []agent.Action) *Coverage {
	c := &Coverage{}
	r := &c.report
	for i, g := range s.Guidelines {
		if g.Name == "" {
			g.Name = fmt.Sprintf("guidelines[%d]", i) // as in Decision.Fired
		}
		r.Guidelines = append(r.Guidelines, Count{Name: g.Name})
	}
	for _, t := range s.Triggers {
		r.Triggers = append(r.Triggers, Count{Name: t.Name})
	}
	for _, a := range actions {
		r.Actions = append(r.Actions, Count{Name: a.Name})
	}
	for _, p := range s.Properties {
		if p.Edit {
			r.Actions = append(r.Actions, Count{Name: "update_customer"})
			break
		}
	}
	for _, name := range rules() {
		r.Rules = append(r.Rules, Count{Name: name})
	}
	return c
}

// Add counts a turn.
func (c *Coverage) Add(t agent.Turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, d := &c.report, t.Decision
	var fired, called []string
	for _, f := range d.Fired {
		fired = append(fired, f.Guideline)
	}
	for _, call := range t.Calls {
		if call.Refused == "" || call.Check == "dry run" {
			called = append(called, call.Name)
		}
	}
	count(r.Guidelines, fired...)
	count(r.Actions, called...)
	switch d.Step {
	case "guidelines": // its rule is the guideline's
	case "triggers":
		count(r.Triggers, d.Rule)
		count(r.Rules, d.Rule)
	default:
		count(r.Rules, d.Rule)
	}
}

// count adds one to each part that is named.
func count(parts []Count, names ...string) {
	for i := range parts {
		if slices.Contains(names, parts[i].Name) {
			parts[i].Turns++
		}
	}
}

// Report returns what was counted so far.
func (c *Coverage) Report() Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.report
	for _, parts := range []*[]Count{&r.Guidelines, &r.Triggers, &r.Actions, &r.Rules} {
		*parts = slices.Clone(*parts)
	}
	return r
}

// String returns the report as text: of each kind how much was exercised, and the
// names of what was not.
func (r Report) String() string {
	var b strings.Builder
	for _, kind := range []struct {
		name  string
		parts []Count
	}{{"guidelines", r.Guidelines}, {"triggers", r.Triggers}, {"actions", r.Actions}, {"rules", r.Rules}} {
		never := 0
		for _, p := range kind.parts {
			if p.Turns == 0 {
				never++
			}
		}
		fmt.Fprintf(&b, "%s: %d of %d exercised\n", kind.name, len(kind.parts)-never, len(kind.parts))
		for _, p := range kind.parts {
			if p.Turns == 0 {
				fmt.Fprintf(&b, "  never: %s\n", p.Name)
			}
		}
	}
	return b.String()
}
