package agent

import (
	"context"
	"slices"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// mostOptions is how many choices a question back has.
const mostOptions = 3

// actionWanted is the rule of a turn that needs the model for an action.
const actionWanted = "an action"

// decide chooses between answer, ask and hand over, by how likely it is that
// what was found answers.
func (t *turn) decide(context.Context) error {
	limits, score := t.agent.rules.thresholds(t.conv.Channel), t.found.Answerable
	asked := t.conv.Memory.Asking
	t.conv.Memory.Asking, t.conv.Memory.Options = "", nil
	switch options := t.options(); {
	case asked == "" && t.repeated():
		t.handOver(handoff.MissingKnowledge, "asked twice", "The customer asks again what was dealt with, and has not thanked for it.")
	case len(t.found.Hits) > 0 && score >= limits.Answer:
		t.decided(Answer, "evidence", "The content answers with probability %.2f, at least %.2f.", score, limits.Answer)
	case len(t.found.Hits) > 0 && t.picked && score >= limits.Ask:
		t.decided(Answer, "picked", "The customer picked it, and the content answers with probability %.2f, at least %.2f.", score, limits.Ask)
	case t.wantsAction():
		t.decided(Answer, actionWanted, "The customer asks for what an action does.")
	case asked != "":
		t.noAnswer(handoff.PendingClarification, "asked back once", "The content answers with probability %.2f, also after asking back.", score)
	case len(options) > 1 && score >= limits.Ask:
		t.decided(Ask, "near evidence", "The content answers with probability %.2f, between %.2f and %.2f.", score, limits.Ask, limits.Answer)
		t.conv.Memory.Asking, t.conv.Memory.Options = t.Question, options
		t.Text = t.fill(t.texts().clarify(options))
	default:
		t.noAnswer(handoff.MissingKnowledge, "no evidence", "The content answers with probability %.2f, below %.2f.", score, limits.Ask)
	}
	return nil
}

// options returns the titles of the documents that were found, each once, that
// may be named.
func (t *turn) options() []string {
	var titles []string
	for _, h := range t.found.Hits {
		if !h.Private && !slices.Contains(titles, h.Title) && len(titles) < mostOptions {
			titles = append(titles, h.Title)
		}
	}
	return titles
}
