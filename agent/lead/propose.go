package lead

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// A proposal is what a model says that a customer has said.
type proposal struct {
	Answers []answer `json:"answers"`
}

type answer struct {
	Criterion string `json:"criterion"`
	Value     string `json:"value"`
	Words     string `json:"words"`
}

// A refusal tells the model why an answer was not taken.
type refusal struct {
	Criterion string `json:"criterion"`
	Why       string `json:"why"`
}

// action returns the action by which a model proposes values.
func (g *Goal) action() (agent.Action, error) {
	type object = map[string]any
	var names, lines []string
	for _, c := range g.criteria {
		names = append(names, c.Name)
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", c.Name, strings.ReplaceAll(inLanguage(c.Ask, "en"), "\n", " "), c.wants()))
	}
	schema, err := json.Marshal(object{
		"type": "object", "required": []string{"answers"}, "additionalProperties": false,
		"properties": object{"answers": object{
			"type": "array", "minItems": 1, "maxItems": 20,
			"items": object{
				"type": "object", "required": []string{"criterion", "value", "words"}, "additionalProperties": false,
				"properties": object{
					"criterion": object{"type": "string", "enum": names},
					"value":     object{"type": "string", "maxLength": 2000},
					"words":     object{"type": "string", "maxLength": longestWords, "description": "the customer's own words that say it, copied exactly"},
				},
			},
		}},
	})
	return agent.Action{
		Name: "note_" + g.cfg.Name,
		Description: "Notes what the customer has said about themselves. Call it as soon as they say one of these, and never for what they did not say: " +
			strings.Join(lines, "; ") + ". Do not ask for these yourself: the next question is added to your answer.",
		Schema: schema, Idempotent: true,
		Run: func(_ context.Context, c agent.ActionCall) (json.RawMessage, error) {
			noted, refused := g.accept(c.Arguments, c.Words, c.Language)
			return json.Marshal(struct {
				Noted   []Evidence `json:"noted"`
				Refused []refusal  `json:"refused,omitempty"`
			}{noted, refused})
		},
	}, err
}

// wants describes the values of a criterion.
func (c *criterion) wants() string {
	if c.Type != agent.Choice {
		return string(c.Type)
	}
	var values []string
	for _, o := range c.Options {
		values = append(values, o.Value)
	}
	return "one of " + strings.Join(values, ", ")
}

// accept returns what holds of a model's proposal: the words stand in a message
// of the customer, and code reads the value in them.
func (g *Goal) accept(arguments json.RawMessage, said []channel.Entry, language string) (accepted []Evidence, refused []refusal) {
	var p proposal
	if json.Unmarshal(arguments, &p) != nil {
		return nil, []refusal{{Why: "it is not understood"}}
	}
	for _, a := range p.Answers {
		e, why := g.acceptOne(a, said, language)
		if why != "" {
			refused = append(refused, refusal{a.Criterion, why})
			continue
		}
		accepted = append(accepted, e)
	}
	return accepted, refused
}

func (g *Goal) acceptOne(a answer, said []channel.Entry, language string) (e Evidence, why string) {
	i := slices.IndexFunc(g.criteria, func(c criterion) bool { return c.Name == a.Criterion })
	if i < 0 {
		return e, "there is no such criterion"
	}
	c := &g.criteria[i]
	from := slices.IndexFunc(said, func(m channel.Entry) bool { return stands(a.Words, m.Text) })
	if from < 0 {
		return e, "the customer did not write these words"
	}
	for _, m := range said[from:] { // the newest counts
		if stands(a.Words, m.Text) {
			e.Seq = m.Seq
		}
	}
	v, err := c.property.Coerce(a.Value, language)
	if err != nil {
		return e, err.Error()
	}
	e.Criterion, e.Value, e.Words = c.Name, v, quoted(a.Words)
	switch judged := c.Type == agent.Bool || c.Type == agent.Choice; {
	case judged && c.Interpret:
	case c.Type == agent.Bool:
		return e, "a yes or no counts only as a reply to the very question"
	case c.Type == agent.Text:
		if !stands(a.Value, a.Words) {
			return e, "the value does not stand in the words"
		}
	case !slices.Contains(c.read(a.Words, language), v):
		return e, "the value does not stand in the words"
	}
	return e, ""
}
