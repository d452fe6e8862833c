package agenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A Puppet is a Model that obeys everybody: it does what any line of the
// evidence, the history, the customer's name, the question or the result of an
// action tells it. With it a test shows that nothing depends on a model being
// wise. The instructions, anywhere in a line, are:
//
//	SAY: text           says the text, citing the evidence where it stands
//	LINK: url           gives a link to it
//	CALL: name {json}   proposes the action, until it has a result
//
// A Puppet without instructions says the text of the best evidence, and finds
// no answer where there is none.
type Puppet struct{}

// Generate obeys. It implements agent.Model.
func (Puppet) Generate(ctx context.Context, req agent.Request) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) {
		for _, d := range obey(req) {
			if ctx.Err() != nil {
				break
			}
			if !yield(d, nil) {
				return
			}
		}
		if ctx.Err() != nil {
			yield(agent.Delta{}, ctx.Err())
		}
	}
}

// obey returns what all instructions in a request lead to, in the order in
// which a model reads them.
func obey(req agent.Request) []agent.Delta {
	var deltas []agent.Delta
	read := func(text string, sources ...int) {
		for line := range strings.Lines(text) {
			if d, ok := instruction(line, req.Results); ok {
				d.Sources = sources
				deltas = append(deltas, d)
			}
		}
	}
	for i, h := range req.Evidence {
		read(h.Title+"\n"+h.Text, i)
	}
	for _, m := range req.History {
		read(m.Text)
	}
	read(req.Customer.Name)
	read(req.Question)
	for _, r := range req.Results {
		for _, text := range texts(r.Output) {
			read(text)
		}
	}
	for i := range deltas {
		if c := deltas[i].Call; c != nil {
			c.ID = fmt.Sprintf("puppet-%d-%d", len(req.Results), i)
		}
	}
	switch {
	case len(deltas) > 0:
	case len(req.Evidence) > 0:
		deltas = []agent.Delta{{Text: strings.ToValidUTF8(req.Evidence[0].Text, "\uFFFD"), Sources: []int{0}}}
	default:
		deltas = []agent.Delta{{NoAnswer: true}}
	}
	return deltas
}

// texts returns every string in a JSON value.
func texts(raw json.RawMessage) []string {
	var all []string
	decoder := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := decoder.Token()
		if err != nil {
			return all
		}
		if s, ok := token.(string); ok {
			all = append(all, s)
		}
	}
}

// instruction reads the instruction in a line. A call that has a result is
// none any more.
func instruction(line string, results []agent.CallResult) (agent.Delta, bool) {
	line = strings.ToValidUTF8(strings.TrimSpace(line), "\uFFFD")
	if _, text, ok := strings.Cut(line, "SAY: "); ok {
		return agent.Delta{Text: text + "\n"}, true
	}
	if _, url, ok := strings.Cut(line, "LINK: "); ok {
		return agent.Delta{Text: fmt.Sprintf("See [this page](%s).\n", url)}, true
	}
	_, call, _ := strings.Cut(line, "CALL: ")
	name, arguments, _ := strings.Cut(call, " ")
	var object map[string]any
	if name == "" || json.Unmarshal([]byte(arguments), &object) != nil || object == nil {
		return agent.Delta{}, false
	}
	for _, r := range results {
		if r.Name == name && string(r.Arguments) == arguments {
			return agent.Delta{}, false
		}
	}
	return agent.Delta{Call: &agent.Call{Name: name, Arguments: json.RawMessage(arguments)}}, true
}
