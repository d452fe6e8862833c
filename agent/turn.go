package agent

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A Turn is what the agent made of one burst of messages.
type Turn struct {
	// ID is unique: conversation and epoch.
	ID           string `json:"id"`
	Conversation string `json:"conversation"`
	// Task is the ID of the task that it was made for: see Agent.Assign.
	Task string `json:"task,omitempty"`
	// Question is what the customer wrote, all messages of the burst, or the
	// question of the task.
	Question string `json:"question,omitempty"`
	// First and Last are the Seqs of the burst.
	First int64 `json:"first,omitempty"`
	Last  int64 `json:"last,omitempty"`
	// Language is that of the turn, a BCP 47 base tag: see Settings.Languages.
	Language string `json:"language,omitempty"`
	// Decision is what code decided, and why.
	Decision Decision `json:"decision"`
	// Held says that Text was kept for a person to send: see Agent.SendDraft.
	Held bool `json:"held,omitempty"`
	// Text is what the customer was told, empty when silent.
	Text string `json:"text,omitempty"`
	// Citations are the sources the text rests on.
	Citations []channel.Citation `json:"citations,omitempty"`
	// Calls are the actions that the model proposed, with what became of them.
	Calls []CallResult `json:"calls,omitempty"`
	// Usage is what the model says it used, and Cost what that costs in the unit
	// of Settings.TokenPrice.
	Usage   Usage     `json:"usage,omitzero"`
	Cost    int64     `json:"cost,omitempty"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
}

// turn is a Turn in the making. Its steps run in order; one that decides ends
// them, but for those that carry the decision out.
type turn struct {
	*Turn
	agent    *Agent
	now      time.Time
	conv     Conversation // as it will be
	messages []Message    // what there is of it
	burst    []Message    // what to answer, all of the customer
	answered bool         // a person has written after the burst
	newest   int64        // the Seq of the customer's last message
	begun    bool         // an attempt at the turn may have acted
	dequeued bool         // a draft had put the conversation into the queue
	// suggesting says that the turn is for a person to read, and changes nothing.
	suggesting bool
	history    []channel.Message
	actor      string        // who acts, by the audit
	believed   channel.Party // whom the CRM was asked for
	whoIs      string        // what who returns, once it is known
	known      Customer      // all that the CRM says
	crmFailed  bool
	customer   Customer     // as far as they may be known now
	raised     bool         // by a code that was entered
	proving    bool         // the turn ends with a question for an address or a code
	done       []CallResult // made for the question before the customer proved who they are
	found      retrieval.Result
	// collecting is the action for which the customer was asked for something, and
	// confirmed the call that the customer has confirmed and that was made.
	collecting string
	confirmed  *proposal
	picked     bool // the customer picked an option of a question back
	// reply is what the message is for the goal that asked, and pursued says that the
	// goals have had their turn.
	reply   GoalReply
	pursued bool
	// preface is said before what a later step says, team is whom a goal would have
	// take the conversation, and closing says that it ends with this turn.
	preface, team string
	closing       bool
	// instructions are the guidelines for the model, and farewell is what one says
	// that hands over.
	instructions []string
	farewell     string
	call         Request // what the model is told
	draft        *draft  // what it writes
	spent        spending
	commit       Commit
}

// A step is one part of a turn.
type step struct {
	name string
	run  func(*turn, context.Context) error
}

// deciding are the steps that run until one of them decides.
func (t *turn) deciding() []step {
	find := []step{
		{"guidelines", (*turn).guidelines}, {"goals", (*turn).replied}, {"retrieve", (*turn).retrieve}, {"decide", (*turn).decide},
	}
	begin := []step{
		{"gate", (*turn).gate}, {"verify", (*turn).enterCode}, {"identify", (*turn).identify},
		{"confirm", (*turn).confirm}, {"triggers", (*turn).triggers}, {"goals", (*turn).hear},
	}
	switch {
	case t.suggesting: // whoever may speak, and without a change
		begin = []step{{"identify", (*turn).identify}, {"triggers", (*turn).triggers}}
	case len(t.burst) == 0: // what no customer wrote is neither a code, nor a yes, nor a request
		begin = []step{{"task", (*turn).assigned}, {"identify", (*turn).identify}}
	}
	return append(begin, find...)
}

// carryingOut are the steps that follow on a decision of each kind.
func (t *turn) carryingOut(k Kind) []step {
	switch k {
	case HandOver:
		if t.suggesting {
			return nil
		}
		return []step{{"goals", (*turn).pursue}, {"route", (*turn).route}}
	case Answer:
		return []step{{"generate", (*turn).generate}, {"guard", (*turn).guard}, {"goals", (*turn).pursue}}
	case Ask:
		return []step{{"goals", (*turn).pursue}, {"verify", (*turn).prove}}
	}
	return nil
}

func newTurn(a *Agent, w Work) *turn {
	t := &turn{agent: a, now: time.Now(), conv: w.Conversation, messages: w.Messages, actor: string(channel.Agent)}
	t.Turn = &Turn{
		ID:           fmt.Sprintf("%s.%d", w.Conversation.ID, w.Conversation.Epoch),
		Conversation: w.Conversation.ID,
		Started:      t.now,
	}
	t.begun = t.begunBefore()
	t.believed = t.conv.Customer
	after := w.Conversation.Answered
	task := w.Conversation.Memory.Task
	if task != nil {
		t.Task = task.ID
		after = task.after(after, w.Messages)
	}
	t.read(w.Messages, after)
	if t.Question == "" && task != nil {
		t.Question = clip(task.Question, a.rules.Limits.Question)
	}
	if task != nil && t.First <= w.Conversation.Answered { // it is answered again, or not asked by the customer
		t.answered = false
		t.conv.Memory.unask()
	}
	t.commit = Commit{At: t.now}
	t.speak()
	return t
}

// read divides the messages of this opening into what to answer, which are those
// of the customer after a Seq, and the history.
func (t *turn) read(messages []Message, after int64) {
	memory := &t.conv.Memory
	var texts []string
	for _, m := range messages {
		if m.Seq <= memory.Since {
			continue
		}
		if slices.Contains(memory.Identity.Codes, m.Seq) {
			_, m.Text = findCode(m.Text)
		}
		if m.Author == channel.Customer {
			t.newest = m.Seq
		}
		if m.Seq <= after || m.Author != channel.Customer {
			m.Text = clip(m.Text, historyText)
			t.history = append(t.history, m.Message)
			t.answered = t.answered || len(t.burst) > 0 && m.Author == channel.Person
			continue
		}
		if len(t.burst) == 0 {
			t.First = m.Seq
		}
		t.Last, t.answered = m.Seq, false
		t.burst = append(t.burst, m)
		if text := strings.TrimSpace(m.Text); text != "" {
			texts = append(texts, text)
		}
	}
	t.Question = clip(strings.Join(texts, "\n"), t.agent.rules.Limits.Question)
}

// historyText is how much of an earlier message is looked at, in runes.
const historyText = 2000

// run takes the turn to the commit it ends in.
func (t *turn) run(ctx context.Context) error {
	unsettled := t.settleCharges(ctx)
	if len(t.burst) == 0 && t.conv.Memory.Task == nil {
		if unsettled != nil {
			return unsettled
		}
		t.timer()
		t.seal()
		return nil
	}
	if err := t.steps(ctx); err != nil {
		return err
	}
	t.charge()
	t.end()
	t.conclude()
	t.seal()
	return nil
}

// steps runs deciding steps until one decides, and then those that follow,
// again if one of them changes the decision.
func (t *turn) steps(ctx context.Context) error {
	for _, s := range t.deciding() {
		if err := s.run(t, ctx); err != nil {
			return fmt.Errorf("agent: %s: %w", s.name, err)
		}
		if t.Decision.Kind != "" {
			t.Decision.Step = s.name
			break
		}
	}
	for kind := Kind(""); kind != t.Decision.Kind; {
		kind = t.Decision.Kind
		for _, s := range t.carryingOut(kind) {
			if err := s.run(t, ctx); err != nil {
				return fmt.Errorf("agent: %s: %w", s.name, err)
			}
			if t.Decision.Kind != kind {
				t.Decision.Step = s.name
				break
			}
		}
	}
	return nil
}

// decided records what a step decided.
func (t *turn) decided(k Kind, rule, format string, args ...any) {
	t.Decision.Kind, t.Decision.Rule, t.Decision.Reason = k, rule, fmt.Sprintf(format, args...)
}

// handOver decides to pass the conversation to people.
func (t *turn) handOver(why handoff.Reason, rule, format string, args ...any) {
	t.decided(HandOver, rule, format, args...)
	t.Decision.Handoff = why
	t.Text, t.Citations = "", nil
}

// finding notes something that went wrong on the way.
func (t *turn) finding(format string, args ...any) {
	t.Decision.Findings = append(t.Decision.Findings, fmt.Sprintf(format, args...))
}

// record adds a line to the audit of the commit.
func (t *turn) record(kind, actor, format string, args ...any) {
	t.commit.Records = append(t.commit.Records, Record{
		At: t.now, Conversation: t.conv.ID, Kind: kind, Actor: actor, Detail: fmt.Sprintf(format, args...),
	})
}

// conclude adds the turn itself and what it says to the commit.
func (t *turn) conclude() {
	t.conv.Answered = max(t.conv.Answered, t.Last)
	t.conv.Memory.Task = nil
	t.conv.ActiveAt = t.now
	t.conv.Memory.Failures = 0
	t.conv.Memory.Language = t.Language
	t.remember()
	t.Ended = time.Now()
	t.Cost = t.agent.rules.TokenPrice.of(t.Usage)
	if t.Decision.Kind == Silent && t.dequeued {
		t.conv.Owner = channel.Queued // or nobody would look at what was voided
	}
	t.Text = paragraphs(t.preface, t.Text)
	if t.conv.Memory.Mode = t.mode(); t.direct() {
		t.Text = t.introduce(t.Text)
		t.say(t.Text, t.Citations)
	} else {
		t.withhold()
	}
	t.commit.Turn = t.Turn
	t.record(TurnCommitted, string(channel.Agent), "%s: %s", t.Decision.Kind, t.Decision.Rule)
}

// seal sets the next timer, and puts the conversation into the commit.
func (t *turn) seal() {
	t.conv.Due = time.Time{}
	after := time.Duration(t.agent.rules.Channels[t.conv.Channel].CloseAfter)
	if t.conv.Owner == channel.ByAgent && after > 0 {
		t.conv.Due = t.conv.ActiveAt.Add(after)
	}
	if len(t.conv.Memory.Charges) > 0 {
		t.conv.Due = t.now
	}
	if !t.begun || t.newest <= t.conv.Answered { // else the turn that has begun is still to come
		t.conv.Memory.Committed = t.conv.Epoch + 1
	}
	t.commit.Conversation = t.conv
}

// say adds what the agent says to the commit.
func (t *turn) say(text string, cites []channel.Citation) {
	if text == "" {
		return
	}
	caps, _ := t.agent.carries(t.conv.Channel)
	t.commit.Messages = t.agent.parts(t.conv.Channel, channel.Message{
		ID: t.ID + ".1", Thread: t.conv.Thread, Author: channel.Agent, At: t.now,
		From: channel.Party{Name: t.agent.rules.Profile.Name}, Language: t.Language,
		Text: named(text, cites, caps), Citations: cites,
	})
}

// named adds the sources to the text where the channel does not show them.
func named(text string, cites []channel.Citation, caps channel.Capabilities) string {
	if caps.Links {
		return text
	}
	var b strings.Builder
	b.WriteString(text)
	for _, c := range cites {
		if c.URL != "" {
			fmt.Fprintf(&b, "\n\n%s: %s", c.Title, c.URL)
		}
	}
	return b.String()
}
