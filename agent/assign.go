package agent

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A Task is what a workflow or a rule bot wants of the agent in a conversation:
// to say a text, to answer a question in the context of the conversation, or, with
// neither, to answer the customer's latest question.
type Task struct {
	// ID names the task. Of those with the same ID, a conversation has one.
	ID string `json:"id"`
	// By is who assigns it, for the audit.
	By string `json:"by"`
	// Say is the text, which may hold placeholders as scripts do: see Guideline.
	Say string `json:"say,omitempty"`
	// Question is the question. It is the company's, so that no code, address or
	// consent in it counts as the customer's.
	Question string `json:"question,omitempty"`
}

// Assign gives a conversation to the agent with a task, from the queue or from
// the person who has it, and takes the place of a task or draft that waits. The task
// becomes a turn: of Run, or of the next Reply for conversations of Direct. It
// is done once, fails and hands over as turns do, and under Approve waits for a
// person. A person who takes, returns or closes the conversation before that, or
// writes in it, voids it. A repeat of an ID changes nothing.
func (a *Agent) Assign(ctx context.Context, conversation string, task Task) error {
	if err := a.checkTask(task); err != nil {
		return err
	}
	return a.change(ctx, conversation, func(c *change) error {
		// The conversation was read before: what is recorded after that fences the commit.
		for r, err := range a.cfg.Store.Records(ctx, conversation, 0) {
			if err != nil {
				return err
			}
			if r.Kind == Assigned && r.Detail == task.detail() {
				return errNoChange
			}
		}
		conv := &c.Conversation
		if conv.Owner == channel.Closed {
			return errors.New("agent: a task needs a conversation that is open")
		}
		c.void(task.By)
		c.dropCalls()
		conv.Owner, conv.Person, conv.Memory.Packet = channel.ByAgent, "", nil
		conv.Memory.Failures = 0
		conv.Memory.Task, conv.Due = &task, c.At
		c.record(Assigned, task.By, task.detail())
		return nil
	})
}

// checkTask returns what is wrong with a task.
func (a *Agent) checkTask(task Task) error {
	var faults []error
	if task.ID == "" || task.By == "" {
		faults = append(faults, errors.New("agent: a task needs an ID and who assigns it"))
	}
	if task.Say != "" && task.Question != "" {
		faults = append(faults, errors.New("agent: a task has a text to say or a question to answer, and not both"))
	}
	for _, err := range a.rules.checkScript(task.Say) {
		faults = append(faults, fmt.Errorf("agent: the task's text %w", err))
	}
	return errors.Join(faults...)
}

// detail is what the audit says of a task. It tells apart the IDs.
func (k *Task) detail() string { return fmt.Sprintf("%q", k.ID) }

// again reports whether the task is to answer the customer's latest question.
func (k *Task) again() bool { return k.Say == "" && k.Question == "" }

// after returns the Seq after which the customer's messages are what to answer.
func (k *Task) after(answered int64, messages []Message) int64 {
	if !k.again() {
		return math.MaxInt64
	}
	if first, _ := latest(messages); first < len(messages) {
		return min(answered, messages[first].Seq-1)
	}
	return answered
}

// assigned takes up a task that is about no message: it says the text, or goes on
// with the question.
func (t *turn) assigned(ctx context.Context) error {
	task := t.conv.Memory.Task
	switch {
	case t.failed():
	case task.Say != "":
		t.lookUp(ctx)
		t.decided(Answer, "task", "%s had it said, as task %q.", task.By, task.ID)
		t.Text = t.fill(task.Say)
	case task.Question == "":
		t.decided(Silent, "no question", "%s wants the latest question answered, and there is none.", task.By)
	default:
		return t.pay(ctx)
	}
	return nil
}
