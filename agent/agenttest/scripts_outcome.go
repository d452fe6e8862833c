package agenttest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// seen counts what earlier paragraphs have shown.
type seen struct {
	turns, records, sent map[string]int // by thread, by thread, by channel
	codes                int
	balance              credits.Balance
}

func newSeen() seen {
	return seen{turns: map[string]int{}, records: map[string]int{}, sent: map[string]int{}}
}

// outcome returns what came about since it was last asked, in lines.
func (s *stage) outcome() (lines []string) {
	sent := s.sent()
	for _, r := range s.play.cast {
		var of []string
		for _, turn := range fresh(s.seen.turns, r.name, s.turns(r)) {
			of = append(of, told(turn)...)
		}
		for _, m := range sent {
			if m.Thread == r.name && m.Author == channel.Agent {
				of = append(of, spoken(m)...)
			}
		}
		of = append(of, recorded(fresh(s.seen.records, r.name, s.records(r)))...)
		if len(of) > 0 && s.several() {
			lines = append(lines, "to "+r.name)
		}
		lines = append(lines, of...)
	}
	s.mu.Lock()
	for _, c := range s.codes[s.seen.codes:] {
		lines = append(lines, fmt.Sprintf("code: to %s, in %s", c.To, c.Language))
	}
	s.seen.codes = len(s.codes)
	s.mu.Unlock()
	if s.ledger != nil {
		b, err := s.ledger.Balance(s.ctx)
		require.NoError(s.t, err)
		if b != s.seen.balance {
			lines = append(lines, fmt.Sprintf("credits: %s available, %s held, %s spent", b.Available, b.Held, b.Spent))
		}
		s.seen.balance = b
	}
	return lines
}

// recorded returns the kinds of records. Deliveries come last: they happen beside
// the rest, in no certain order.
func recorded(records []agent.Record) []string {
	var kinds, deliveries []string
	for _, r := range records {
		if r.Kind == agent.MessageDelivered {
			deliveries = append(deliveries, r.Kind)
		} else {
			kinds = append(kinds, r.Kind)
		}
	}
	if kinds = append(kinds, deliveries...); len(kinds) == 0 {
		return nil
	}
	return []string{"events: " + strings.Join(kinds, ", ")}
}

// several reports whether more than one customer can write.
func (s *stage) several() bool {
	writers := map[string]bool{}
	for _, r := range s.play.cast {
		if _, ok := s.last[r.name]; ok || r.name != "customer" {
			writers[r.name] = true
		}
	}
	return len(writers) > 1
}

// fresh returns the values of a thread that were not shown yet.
func fresh[T any](shown map[string]int, of string, all []T) []T {
	from := shown[of]
	shown[of] = len(all)
	return all[from:]
}

// sent returns what customers got since it was last asked.
func (s *stage) sent() (all []channel.Message) {
	for _, name := range []string{"chat", "mail"} {
		all = append(all, fresh(s.seen.sent, name, s.lines[name].Sent())...)
	}
	return all
}

func (s *stage) turns(r *role) (all []agent.Turn) {
	id := s.conversation(r)
	if id == "" {
		return nil
	}
	for turn, err := range s.desk.Archive().Turns(s.ctx, id) {
		require.NoError(s.t, err)
		all = append(all, turn)
	}
	return all
}

func (s *stage) records(r *role) (all []agent.Record) {
	id := s.conversation(r)
	if id == "" {
		return nil
	}
	for record, err := range s.desk.Archive().Records(s.ctx, id, 0) {
		require.NoError(s.t, err)
		all = append(all, record)
	}
	return all
}

// told returns what was decided in a turn, and why, without what is measured.
func told(turn agent.Turn) (lines []string) {
	d := turn.Decision
	decided := fmt.Sprintf("%s: %s, %s", d.Step, d.Kind, d.Rule)
	if d.Handoff != "" {
		decided += fmt.Sprintf(" (%s)", d.Handoff)
	}
	lines = append(lines, decided)
	for _, f := range d.Fired {
		lines = append(lines, fmt.Sprintf("guideline: %s (%s)", f.Guideline, f.Then))
	}
	for _, c := range turn.Calls {
		became := "gave " + string(c.Output)
		if c.Refused != "" {
			became = "refused, " + c.Refused
		}
		lines = append(lines, block("call: "+c.Name+" "+string(c.Arguments)+" "+became)...)
	}
	for _, f := range d.Findings {
		lines = append(lines, block("finding: "+f)...)
	}
	return lines
}

// spoken returns what a customer got.
func spoken(m channel.Message) []string {
	lines := block("agent: " + m.Text)
	for _, c := range m.Citations {
		source := c.Source
		if c.Anchor != "" {
			source += "#" + c.Anchor
		}
		lines = append(lines, "source: "+source)
	}
	return lines
}

// block returns a text in lines, of which all but the first begin with a bar.
func block(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n| "), "\n")
}
