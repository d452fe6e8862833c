package agent

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestABurstOfSeveralWritersIsNobodys(t *testing.T) {
	crm := Directory{{ID: "42", Name: "Ann"}}
	signed := channel.Party{ID: "42", Trust: channel.Signed}
	turn := beginning(t, Config{CRM: crm}, Conversation{}, "hello", "again")
	turn.burst[0].From, turn.burst[1].From = channel.Party{ID: "7"}, signed
	require.NoError(t, turn.identify(t.Context()))
	require.Equal(t, Customer{}, turn.customer)
	turn.burst[0].From = channel.Party{ID: "42", Trust: channel.Anonymous}
	require.NoError(t, turn.identify(t.Context()))
	require.Equal(t, channel.Anonymous, turn.customer.Trust, "the least trust of the burst counts")
}

func TestAMessageToAChannelOfAnotherReplicaWaitsForIt(t *testing.T) {
	a, err := New(Config{Knowledge: pages})
	require.NoError(t, err)
	require.Equal(t, Pending, a.parts("elsewhere", channel.Message{Text: "Hello."})[0].Delivery.State)
	require.Equal(t, Sent, a.parts(Direct, channel.Message{Text: "Hello."})[0].Delivery.State)
}

// calling is a Model that proposes an action n times at once, and then fails.
func calling(n int) Model {
	return ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
		return func(yield func(Delta, error) bool) {
			if len(r.Results) > 0 {
				yield(Delta{}, errors.New("gone"))
				return
			}
			for i := range n {
				call := Call{ID: "1", Name: "act", Arguments: json.RawMessage(`{"n":` + string(rune('0'+i%10)) + `}`)}
				if !yield(Delta{Call: &call}, nil) {
					return
				}
			}
		}
	})
}

func TestActionsAndAModelThatFails(t *testing.T) {
	runs := 0
	act, err := NewAction("act", "Acts.", func(context.Context, ActionCall, struct {
		N int `json:"n"`
	}) (string, error) {
		runs++
		return "done", nil
	})
	require.NoError(t, err)
	turn := answering(t, Config{Model: calling(1), Actions: []Action{act}})
	require.NoError(t, turn.answer(t.Context()))
	require.Equal(t, 1, runs)
	require.Equal(t, "failed after an action", turn.Decision.Rule, "a quotation would hide what was done")

	runs = 0
	turn = answering(t, Config{Model: calling(mostCalls + 1), Actions: []Action{act}})
	require.NoError(t, turn.answer(t.Context()))
	require.Zero(t, runs, "too many proposals are none")
	require.Equal(t, "evidence", turn.Decision.Rule)
}

func TestThePanicOfAnActionIsNotTold(t *testing.T) {
	act, err := NewAction("act", "Acts.", func(context.Context, ActionCall, struct{}) (string, error) { panic("dsn=secret") })
	require.NoError(t, err)
	turn := beginning(t, Config{Actions: []Action{act}}, Conversation{}, "do it")
	result := turn.act(t.Context(), []Call{{Name: "act", Arguments: json.RawMessage(`{}`)}})[0]
	require.Equal(t, "it failed", result.Refused)
}

func TestAttemptsThatLeaveNoTraceEnd(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{Owner: channel.ByAgent}, "hello")
	turn.conv.Epoch = mostLost + 2
	require.NoError(t, turn.gate(t.Context()))
	require.Equal(t, handoff.Failure, turn.Decision.Handoff)
}

func TestAPickedOptionIsAnswered(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{Memory: Memory{Asking: "Help", Options: []string{"Returns", "Shipping"}}}, "2")
	turn.agent.cfg.Knowledge = &queries{} // answers all with .3
	require.NoError(t, turn.retrieve(t.Context()))
	require.NoError(t, turn.decide(t.Context()))
	require.Equal(t, "picked", turn.Decision.Rule)
}

func TestFilesWithoutWordsGoToPeople(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{}, "")
	turn.burst[0].Attachments = []channel.Attachment{{Name: "a.pdf"}}
	require.NoError(t, turn.triggers(t.Context()))
	require.Equal(t, handoff.UnsupportedRequest, turn.Decision.Handoff)
}

func TestAFailedAttemptKeepsItsHold(t *testing.T) {
	knowledge := retrieverFunc(func(context.Context, retrieval.Query) (retrieval.Result, error) {
		return retrieval.Result{}, errors.New("down")
	})
	a, err := New(Config{Settings: Settings{Price: 7}, Knowledge: knowledge, Channels: []Channel{channel.NewMemory("chat", channel.Capabilities{})}})
	require.NoError(t, err)
	_, err = a.receive(t.Context(), "chat", channel.Message{ID: "1", Thread: "t", Text: "How do I return it?"}, 0)
	require.NoError(t, err)
	job, err := a.nextWork(t.Context())
	require.NoError(t, err)
	job(t.Context())
	c, err := a.thread(t.Context(), "chat", "t")
	require.NoError(t, err)
	require.EqualValues(t, 7, c.Memory.Held, "or nobody would give it back")
}
