package preview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// A Replay asks what would have been different: the customers of recorded
// conversations write once more, to an agent under a draft.
//
// Each recorded turn is replayed with the messages that it was of, and people do
// between them what they did. What customers wrote while people had the
// conversation is left out, and where the draft hands over what was not handed over,
// the conversation is given back, so that each turn is judged by itself. The draft's
// hours hold at the recorded times. Actions do not run: a call returns what the same
// call returned then, and is refused if there was none. A code that was right is
// right again. Credits do not run out, and the CRM and the knowledge are asked as
// they are now.
type Replay struct {
	// Config is what the agent is made of, as for New, with this knowledge or
	// another. Its Model is not called: see Model.
	Config agent.Config
	Draft  agent.Settings
	// Archive holds what was recorded, and Filter says which of its conversations
	// are meant. Filter.Limit has no effect here.
	Archive agent.Archive
	Filter  agent.Filter
	// Model is called for every turn that answers, and costs what it costs. Nil
	// quotes the sources, and compares no answer that a model wrote.
	Model agent.Model
	// Same reports whether two answers say the same. Nil compares their words.
	Same func(before, after string) bool
	// After is the Progress.Conversation where an earlier replay stopped. Empty
	// begins at the beginning.
	After string
	// Conversations and Tokens are the most that are replayed, and that the model
	// may use before no other conversation is begun. Zero means no limit.
	Conversations, Tokens int
	// Progress, if it is not nil, is called after each conversation.
	Progress func(Progress)
}

// Progress is how far a Replay has come.
type Progress struct {
	// Conversation is the last one that was replayed. They are in the order of IDs.
	Conversation string
	// Conversations, Turns and Differences count what was replayed and found, and
	// Left the conversations that are to come, also those beyond the limits.
	Conversations, Turns, Differences, Left int
	// Usage is what the model used, and Cost what that costs in the unit of
	// Settings.TokenPrice of the draft.
	Usage agent.Usage
	Cost  int64
}

// A Difference is a turn that would be another one under the draft.
type Difference struct {
	// Before is the turn as it was recorded, and After as it would be.
	Before agent.Turn
	After  Turn
	// Changed says in what, of the constants below.
	Changed []Aspect
}

// An Aspect is what two turns differ in.
type Aspect string

// The aspects.
const (
	Decision   Aspect = "decision"   // another Kind, or reason to hand over
	Rule       Aspect = "rule"       // another step or rule decided
	Guidelines Aspect = "guidelines" // others fired
	Calls      Aspect = "calls"      // others were proposed, or done
	Answer     Aspect = "answer"     // other words
	Sources    Aspect = "sources"    // other documents are cited
)

// All replays the conversations, one after the other, and yields the turns that
// differ. An error ends it. What is yielded of a conversation is yielded again if a
// later Replay is to go on After the one before.
func (r Replay) All(ctx context.Context) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		ids, err := r.conversations(ctx)
		var p Progress
		for i, id := range ids {
			if err != nil || r.Conversations > 0 && i >= r.Conversations ||
				r.Tokens > 0 && p.Usage.InputTokens+p.Usage.OutputTokens >= r.Tokens {
				break
			}
			for d, fault := range r.conversation(ctx, id) {
				if err = fault; err != nil {
					break
				}
				p.Turns++
				p.Usage.InputTokens += d.After.Usage.InputTokens
				p.Usage.OutputTokens += d.After.Usage.OutputTokens
				p.Cost += d.After.Cost
				if d.Changed = r.compare(d.Before, d.After.Turn); len(d.Changed) == 0 {
					continue
				}
				p.Differences++
				if !yield(d, nil) {
					return
				}
			}
			if err != nil {
				break
			}
			p.Conversation, p.Conversations, p.Left = id, i+1, len(ids)-i-1
			if r.Progress != nil {
				r.Progress(p)
			}
		}
		if err != nil {
			yield(Difference{}, fmt.Errorf("preview: replay: %w", err))
		}
	}
}

// conversations returns the IDs of those to replay, in order.
func (r Replay) conversations(ctx context.Context) (ids []string, err error) {
	if r.Archive == nil {
		return nil, errors.New("the Archive is nil")
	}
	f := r.Filter
	f.Limit = 0
	for c, err := range r.Archive.Conversations(ctx, f) {
		if err != nil {
			return nil, err
		}
		if c.ID > r.After {
			ids = append(ids, c.ID)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// compare returns what differs.
func (r Replay) compare(before, after agent.Turn) (changed []Aspect) {
	b, a := before.Decision, after.Decision
	if b.Kind != a.Kind || b.Handoff != a.Handoff {
		changed = append(changed, Decision)
	}
	if b.Step != a.Step || b.Rule != a.Rule {
		changed = append(changed, Rule)
	}
	if !slices.EqualFunc(b.Fired, a.Fired, func(x, y agent.Fired) bool { return x.Guideline == y.Guideline && x.Then == y.Then }) {
		changed = append(changed, Guidelines)
	}
	if !slices.EqualFunc(before.Calls, after.Calls, sameCall) {
		changed = append(changed, Calls)
	}
	written := before.Usage != agent.Usage{} // by a model, which reports what it used
	if (r.Model != nil || !written) && !r.same(before.Text, after.Text) {
		changed = append(changed, Answer)
	}
	if !slices.Equal(sources(before.Citations), sources(after.Citations)) {
		changed = append(changed, Sources)
	}
	return changed
}

// sameCall reports whether two calls are of the same and came to the same end.
func sameCall(a, b agent.CallResult) bool {
	return a.Name == b.Name && sameJSON(a.Arguments, b.Arguments) && (a.Refused == "") == (b.Refused == "")
}

func (r Replay) same(before, after string) bool {
	if r.Same != nil {
		return r.Same(before, after)
	}
	return slices.Equal(strings.Fields(before), strings.Fields(after))
}

// sources returns the documents that are cited, each once, in order.
func sources(cites []channel.Citation) (ids []string) {
	for _, c := range cites {
		ids = append(ids, c.Source)
	}
	slices.SortFunc(ids, cmp.Compare)
	return slices.Compact(ids)
}
