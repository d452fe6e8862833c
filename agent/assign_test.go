package agent

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// assign assigns a task and lets it be done.
func (d *desk) assign(thread string, task Task) {
	d.t.Helper()
	task.By = "rules"
	require.NoError(d.t, d.Assign(d.t.Context(), d.conversation(thread).ID, task))
	d.pass(2 * time.Second)
}

func TestTasks(t *testing.T) {
	const asked = "Let me talk to a human"
	for name, tt := range map[string]struct {
		written []string // by the customer, while a person has the conversation
		task    Task
		said    string
		rule    string
		owner   channel.Owner
	}{
		"latest":    {[]string{"How do I return it?"}, Task{}, "30 days", "evidence", channel.ByAgent},
		"text":      {nil, Task{Say: "Hello {{customer.name|there}}, are you still with us?"}, "Hello Ann, are you", "task", channel.ByAgent},
		"question":  {nil, Task{Question: "How does the customer return it?"}, "30 days", "evidence", channel.ByAgent},
		"unknown":   {nil, Task{Question: "What is the weather?"}, "I can't find an answer", "no evidence", channel.Queued},
		"no answer": {[]string{"..."}, Task{}, "", "no text", channel.ByAgent},
	} {
		t.Run(name, func(t *testing.T) {
			opened(t, Config{}, func(d *desk) {
				from := channel.Party{Name: "Ann", Trust: channel.Asserted}
				for i, text := range append([]string{asked}, tt.written...) {
					m := channel.Message{ID: fmt.Sprint(i), Thread: "t1", Text: text, From: from}
					require.NoError(t, d.chat.Deliver(d.t.Context(), m))
					d.pass(2 * time.Second)
					require.NoError(t, d.Take(d.t.Context(), d.conversation("t1").ID, "Bo"))
				}
				before := len(d.heard())
				tt.task.ID = "welcome"
				d.assign("t1", tt.task)
				turns := d.turns("t1")
				turn := turns[len(turns)-1]
				require.Equal(t, "welcome", turn.Task)
				require.Equal(t, tt.rule, turn.Decision.Rule)
				require.Equal(t, tt.owner, d.conversation("t1").Owner)
				require.Nil(t, d.conversation("t1").Memory.Task)
				require.Equal(t, []string{`rules: "welcome"`}, d.audited("t1", Assigned))
				if tt.said == "" {
					require.Len(t, d.heard(), before)
					return
				}
				require.Len(t, d.heard(), before+1)
				require.Contains(t, d.heard()[before], tt.said)
			})
		})
	}
}

func TestInvariantATaskIsDoneOnce(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "How do I return it?")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				require.NoError(t, d.Assign(d.t.Context(), d.conversation("t1").ID, Task{ID: "a", By: "rules", Say: "Still there?"}))
			})
		}
		wg.Wait()
		d.pass(2 * time.Second)
		d.assign("t1", Task{ID: "a", Say: "Still there?"})
		require.Equal(t, "Still there?", d.heard()[1])
		require.Len(t, d.heard(), 2)
		require.Equal(t, 1, d.recorded("t1", Assigned))
		d.assign("t1", Task{ID: "b", Say: "Still there?"})
		require.Len(t, d.heard(), 3, "another task is another")
	})
}

func TestATaskWaitsForNoCustomerAndLosesNone(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "Let me talk to a human")
		require.NoError(t, d.chat.Deliver(d.t.Context(), channel.Message{ID: "x", Thread: "t1", Text: "How do I return it?"}))
		d.assign("t1", Task{ID: "a", Say: "I am back."})
		require.Equal(t, "I am back.", d.heard()[1])
		require.Contains(t, d.heard()[2], "30 days", "what was written is answered after it")
	})
}

func TestPeopleVoidATask(t *testing.T) {
	for name, do := range map[string]func(d *desk, id string) error{
		"take":   func(d *desk, id string) error { return d.Take(d.t.Context(), id, "Bo") },
		"return": func(d *desk, id string) error { return d.Return(d.t.Context(), id, "Bo") },
		"close":  func(d *desk, id string) error { return d.Close(d.t.Context(), id, "Bo") },
		"say": func(d *desk, id string) error {
			return d.Say(d.t.Context(), id, channel.Message{ID: "p", Text: "No.", From: channel.Party{Name: "Bo"}})
		},
	} {
		a, err := New(Config{Knowledge: pages})
		require.NoError(t, err)
		turn, err := a.Reply(t.Context(), channel.Message{Text: "Let me talk to a human"})
		require.NoError(t, err)
		d := &desk{Agent: a, t: t}
		require.NoError(t, a.Assign(t.Context(), turn.Conversation, Task{ID: "a", By: "rules", Say: "Hello"}))
		if name == "return" {
			require.NoError(t, a.Take(t.Context(), turn.Conversation, "Bo"))
		}
		require.NoError(t, do(d, turn.Conversation))
		c, err := a.Conversation(t.Context(), turn.Conversation)
		require.NoError(t, err)
		require.Nil(t, c.Memory.Task, name)
	}
}

func TestATaskOfDirectIsDoneByTheNextReply(t *testing.T) {
	a, err := New(Config{Knowledge: pages})
	require.NoError(t, err)
	turn, err := a.Reply(t.Context(), channel.Message{Thread: "t", Text: "How do I return it?"})
	require.NoError(t, err)
	require.NoError(t, a.Assign(t.Context(), turn.Conversation, Task{ID: "a", By: "rules", Say: "Hello"}))
	turn, err = a.Reply(t.Context(), channel.Message{Thread: "t", Text: "Thanks"})
	require.NoError(t, err)
	require.Equal(t, "thanks", turn.Decision.Rule)
	turns := collect(t, a.Archive().Turns(t.Context(), turn.Conversation))
	require.Equal(t, []string{"evidence", "task", "thanks"}, []string{turns[0].Decision.Rule, turns[1].Decision.Rule, turns[2].Decision.Rule})
}

func TestTasksThatCannotBe(t *testing.T) {
	a, err := New(Config{Knowledge: pages})
	require.NoError(t, err)
	turn, err := a.Reply(t.Context(), channel.Message{Text: "Hello"})
	require.NoError(t, err)
	err = a.Assign(t.Context(), turn.Conversation, Task{Say: "Hi {{customer.name}} {{order}}", Question: "What?"})
	for _, fault := range []string{"an ID and who", "not both", "needs words", "{{order}}"} {
		require.ErrorContains(t, err, fault)
	}
	task := Task{ID: "a", By: "rules"}
	require.ErrorIs(t, a.Assign(t.Context(), "nobody's", task), ErrNotFound)
	require.NoError(t, a.Close(t.Context(), turn.Conversation, "Bo"))
	require.ErrorContains(t, a.Assign(t.Context(), turn.Conversation, task), "open")
}

func TestATaskThatFailsGoesToPeople(t *testing.T) {
	down := retrieverFunc(func(context.Context, retrieval.Query) (retrieval.Result, error) {
		return retrieval.Result{}, errors.New("down")
	})
	opened(t, Config{Knowledge: down}, func(d *desk) {
		d.write("t1", "Hello")
		d.assign("t1", Task{ID: "a", Question: "How does it work?"})
		d.pass(time.Minute)
		c := d.conversation("t1")
		require.Equal(t, channel.Queued, c.Owner)
		require.Equal(t, handoff.Failure, c.Memory.Packet.Reason)
	})
}

func TestATaskUnderApproveIsADraft(t *testing.T) {
	opened(t, Config{Settings: in(Approve)}, func(d *desk) {
		d.write("t1", "How do I return it?")
		first := d.waiting("t1")
		d.assign("t1", Task{ID: "a", Say: "Hello {{customer.name|there}}."})
		require.Empty(t, d.heard())
		require.Equal(t, "Hello there.", d.waiting("t1").Text)
		require.Equal(t, []string{"rules: " + first.Turn}, d.audited("t1", DraftVoided))
		require.NoError(t, d.send("t1", "", "Bo"))
		require.Equal(t, []string{"Hello there."}, d.heard())
	})
}

func TestATextCostsNothing(t *testing.T) {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	opened(t, Config{Settings: Settings{Price: 7}, Meter: ledger}, func(d *desk) {
		d.write("t1", "How do I return it?")
		require.Equal(t, "out of credits", d.turns("t1")[0].Decision.Rule)
		d.assign("t1", Task{ID: "a", Say: "Still there?"})
		require.Equal(t, "task", d.turns("t1")[1].Decision.Rule)
		d.assign("t1", Task{ID: "b"})
		require.Equal(t, "out of credits", d.turns("t1")[2].Decision.Rule)
	})
}

func TestATaskLeavesATurnThatHasBegunAsItWas(t *testing.T) {
	runs := 0
	turn := beginning(t, Config{Actions: []Action{writing(t, &runs, true)}}, Conversation{
		Owner: channel.ByAgent, Memory: Memory{Task: &Task{ID: "a", By: "rules", Say: "Hello"}, Committed: -3},
	}, "do it")
	require.True(t, turn.begun)
	require.NoError(t, turn.run(t.Context()))
	next := newTurn(turn.agent, Work{Conversation: turn.commit.Conversation})
	next.conv.Epoch += 2 // the commit and the next claim
	require.True(t, next.begunBefore(), "the turn of the message may have acted before the task")
}

func TestATaskSpeaksTheLanguageOfTheCustomer(t *testing.T) {
	opened(t, Config{}, func(d *desk) {
		d.write("t1", "Hallo, ich möchte bitte sofort mit einem Menschen sprechen, danke")
		d.assign("t1", Task{ID: "a", Question: "What is the weather like today in the city?"})
		turns := d.turns("t1")
		require.Equal(t, "de", turns[len(turns)-1].Language)
	})
}
