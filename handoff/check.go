package handoff

import (
	"fmt"
	"slices"
)

// check returns the faults of the rules.
func (r *Rules) check() []error {
	var faults []error
	names := map[string]bool{}
	for i, rule := range r.rules {
		if rule.Name == "" {
			faults = append(faults, fmt.Errorf("handoff: Rules[%d] has no name", i))
		} else if names[rule.Name] {
			faults = append(faults, fmt.Errorf("handoff: two rules are called %q", rule.Name))
		}
		names[rule.Name] = true
		if r.teams[rule.Team] == nil {
			faults = append(faults, fmt.Errorf("handoff: rule %q sends to team %q, which is not among the teams", rule.Name, rule.Team))
		}
		for _, reason := range rule.Reasons {
			if !slices.Contains(Reasons(), reason) {
				faults = append(faults, fmt.Errorf("handoff: rule %q names the reason %q, which does not exist", rule.Name, reason))
			}
		}
	}
	return append(faults, r.unreachable()...)
}

// unreachable finds the rules that no packet reaches, by trying every
// combination that the rules can tell apart.
func (r *Rules) unreachable() []error {
	// Values that no rule names are alike to all rules, so that one of them stands
	// for the rest, and the combinations are few.
	reached := make([]bool, len(r.rules))
	channels := r.values(func(rule Rule) []string { return rule.Channels })
	triggers := r.values(func(rule Rule) []string { return rule.Triggers })
	for _, reason := range Reasons() {
		for _, channel := range channels {
			for _, trigger := range triggers {
				// match is what Route asks, so that both agree on what a rule takes.
				if i := r.match(reason, channel, trigger); i >= 0 {
					reached[i] = true
				}
			}
		}
	}
	var faults []error
	for i, ok := range reached {
		if !ok {
			faults = append(faults, fmt.Errorf("handoff: rule %q can never match: the rules before it take all it asks for", r.rules[i].Name))
		}
	}
	return faults
}

// values returns each value that the rules name once, and one that they do not.
func (r *Rules) values(of func(Rule) []string) []string {
	// Longer than each value, and so none of them: it stands for all the values
	// that no rule names.
	other := "other"
	var out []string
	for _, rule := range r.rules {
		for _, v := range of(rule) {
			other += v
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return append(slices.Compact(out), other)
}
