package handoff

import (
	"fmt"
	"strings"
	"time"
)

// String returns the packet as plain text for a person to read, such as the
// body of an e-mail. Times are those of the packet's own zone.
func (p Packet) String() string {
	var b strings.Builder
	// Twelve is the longest name, "Conversation", and one more for its colon.
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-13s %s\n", name+":", value)
		}
	}
	reason := string(p.Reason)
	if p.Rule != "" && p.Rule != reason {
		reason += " (" + p.Rule + ")"
	}
	row("Reason", reason)
	row("Question", p.Question)
	row("Customer", p.Customer.String())
	row("Channel", p.Channel)
	row("Conversation", p.Conversation)
	if !p.At.IsZero() {
		row("At", p.At.Format(time.RFC1123Z))
	}
	row("Tried", strings.Join(p.Tried, ", "))
	row("Team", p.Team)
	for _, g := range p.Goals {
		row("Goal", strings.TrimSuffix(g.Name+": "+g.State, ": "))
		for _, f := range g.Found {
			line := "  " + f.Name + ": " + f.Value
			if f.Words != "" {
				line += fmt.Sprintf(" (%q)", f.Words)
			}
			b.WriteString(strings.ReplaceAll(line, "\n", "\n  ") + "\n")
		}
	}
	if p.Proposed != nil {
		// Indented, or what was written could look like another row.
		row("Proposed", strings.ReplaceAll(p.Proposed.Text, "\n", "\n  "))
	}
	if len(p.Transcript) > 0 {
		b.WriteString("\n")
	}
	for _, l := range p.Transcript {
		// Further lines are indented, or what a customer wrote could look like another
		// line of the transcript.
		text := strings.ReplaceAll(strings.TrimSpace(l.Text), "\n", "\n  ")
		fmt.Fprintf(&b, "%s %s: %s\n", l.At.In(p.At.Location()).Format("15:04"), l.Author, text)
	}
	return b.String()
}

// String returns what is known of the customer in one line, empty if nothing is.
func (c Customer) String() string {
	var known []string
	for _, v := range []string{c.Name, c.Email, c.Phone} {
		if v != "" {
			known = append(known, v)
		}
	}
	if len(known) == 0 && c.ID != "" {
		known = append(known, c.ID)
	}
	s := strings.Join(known, ", ")
	if s != "" && c.Trust != "" {
		s += " (" + c.Trust + ")"
	}
	return s
}
