package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// asker is a Goal that asks "n?" again and again, and notes what it is told.
type asker struct {
	spec    GoalSpec
	pursue  func(ctx context.Context, p Pursuit) (GoalStep, error) // nil asks
	pursuit []Pursuit
}

func (a *asker) Spec() GoalSpec { return a.spec }

func (a *asker) Pursue(ctx context.Context, p Pursuit) (GoalStep, error) {
	a.pursuit = append(a.pursuit, p)
	if a.pursue != nil {
		return a.pursue(ctx, p)
	}
	n := 0
	if p.State != nil {
		_ = json.Unmarshal(p.State, &n)
	}
	step := GoalStep{Fact: "open"}
	if p.Replying {
		step.Reply = Replied
		if strings.Contains(p.Words[len(p.Words)-1].Text, "?") {
			step.Reply = NoReply
		}
	}
	if p.Free {
		n++
		step.Ask = fmt.Sprintf("Question %d?", n)
	}
	step.State, _ = json.Marshal(n)
	return step, nil
}

func goalOf(name string) *asker { return &asker{spec: GoalSpec{Name: name}} }

func TestGoalAsksBehindAnAnswer(t *testing.T) {
	g, second := goalOf("g"), goalOf("second")
	opened(t, Config{Goals: []Goal{g, second}}, func(d *desk) {
		d.write("t", "Hello", "Hello")
		d.write("t", "How do I return it?")
		d.write("t", "twelve")
		d.write("t", "How do I return it?")
		d.write("t", "thanks")
		d.write("t", "I want to speak to a human")
		heard := d.heard()
		require.NotContains(t, heard[0], "Question", "a greeting asks enough")
		require.Regexp(t, `(?s)30 days\..*\n\nQuestion 1\?$`, heard[1])
		require.Equal(t, "Question 2?", heard[2], "a reply is answered by the next question")
		require.Regexp(t, `(?s)30 days\..*\n\nQuestion 3\?$`, heard[3], "a question is answered first")
		require.NotContains(t, heard[4]+heard[5], "Question")
		require.Len(t, heard, 6)
		require.Equal(t, handoff.CustomerRequest, d.conversation("t").Memory.Packet.Reason)
		require.Equal(t, []handoff.Goal{{Name: "g", State: "open"}, {Name: "second", State: "open"}}, d.conversation("t").Memory.Packet.Goals)
		for _, p := range second.pursuit {
			require.False(t, p.Free && p.Replying)
		}
		d.write("t", "12")
		require.Len(t, d.heard(), 6, "nothing is asked after a hand-over")
	})
}

// TestGoalRestsWherePeopleSend asks nothing in a draft, which may be edited or
// dropped, and nothing in a suggestion.
func TestGoalRestsWherePeopleSend(t *testing.T) {
	g := goalOf("g")
	opened(t, Config{Goals: []Goal{g}, Settings: Settings{Mode: Approve}}, func(d *desk) {
		d.write("t", "How do I return it?")
		require.NotContains(t, d.conversation("t").Memory.Draft.Text, "Question")
		turn, err := d.Suggest(d.t.Context(), d.conversation("t").ID)
		require.NoError(t, err)
		require.NotContains(t, turn.Text, "Question")
		require.Empty(t, g.pursuit)
	})
}

// TestGoalThatFails costs nothing but a finding, on an answer and on a reply.
func TestGoalThatFails(t *testing.T) {
	for name, pursue := range map[string]func(context.Context, Pursuit) (GoalStep, error){
		"error": func(context.Context, Pursuit) (GoalStep, error) { return GoalStep{Ask: "x?"}, errors.New("no") },
		"panic": func(context.Context, Pursuit) (GoalStep, error) { panic("no") },
		"slow":  func(ctx context.Context, _ Pursuit) (GoalStep, error) { <-ctx.Done(); return GoalStep{}, ctx.Err() },
		"deaf": func(ctx context.Context, _ Pursuit) (GoalStep, error) {
			_ = sleep(context.WithoutCancel(ctx), time.Minute)
			return GoalStep{}, nil
		},
		"no JSON": func(context.Context, Pursuit) (GoalStep, error) { return GoalStep{State: []byte("{")}, nil },
		"too large": func(context.Context, Pursuit) (GoalStep, error) {
			return GoalStep{State: marshal(strings.Repeat("a", mostState))}, nil
		},
		"too many": func(context.Context, Pursuit) (GoalStep, error) {
			return GoalStep{Found: make([]handoff.Finding, mostFound+1)}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, well := goalOf("g"), goalOf("well")
			g.pursue = pursue
			opened(t, Config{Goals: []Goal{g, well}}, func(d *desk) {
				d.write("t", "How do I return it?")
				d.pass(2 * time.Minute)
				require.Regexp(t, `(?s)30 days\..*Question 1\?$`, d.heard()[0], "the other goal goes on")
				turn := d.turns("t")[0]
				require.Len(t, turn.Decision.Findings, 1)
				require.Contains(t, turn.Decision.Findings[0], "the goal g failed")
			})
		})
	}
}

// TestGoalThatFailsOnAReply leaves the customer with an answer.
func TestGoalThatFailsOnAReply(t *testing.T) {
	g := goalOf("g")
	opened(t, Config{Goals: []Goal{g}}, func(d *desk) {
		d.write("t", "How do I return it?")
		g.pursue = func(_ context.Context, p Pursuit) (GoalStep, error) {
			if p.Replying {
				return GoalStep{Reply: Replied, State: []byte("1")}, nil
			}
			return GoalStep{}, errors.New("no")
		}
		d.write("t", "twelve")
		require.Equal(t, "Thank you, I've noted that. Is there anything else I can help you with?", d.heard()[1])
		require.Equal(t, "noted", d.turns("t")[1].Decision.Rule)
	})
}

// TestGoalReplyToAnotherQuestion does not take for a reply what is none.
func TestGoalReplyToAnotherQuestion(t *testing.T) {
	g := goalOf("g")
	opened(t, Config{Goals: []Goal{g}}, func(d *desk) {
		d.write("t", "How do I return it?")
		c := d.conversation("t")
		require.NoError(d.t, d.Say(d.t.Context(), c.ID, channel.Message{ID: "p", Text: "How many do you want?", From: channel.Party{Name: "Bo"}}))
		require.NoError(d.t, d.Return(d.t.Context(), c.ID, "Bo"))
		d.write("t", "return twelve")
		for _, p := range g.pursuit {
			require.False(t, p.Replying, "a person asked in between")
		}
	})
}

// TestGoalFactsAreConditions lets a guideline depend on what a goal has found.
func TestGoalFactsAreConditions(t *testing.T) {
	g := goalOf("g")
	g.spec.Facts = []string{"channel"}
	g.spec.When = Condition{Phrases: []string{"return"}}
	settings := Settings{Guidelines: []Guideline{{When: Condition{Fact: "lead.g", In: []any{"open"}}, Then: Say, Text: "It is open."}}}
	opened(t, Config{Goals: []Goal{g}, Settings: settings}, func(d *desk) {
		d.write("t", "Hello")
		require.Empty(t, g.pursuit, "it is not begun")
		d.write("t", "How do I return it?")
		require.Equal(t, "chat", g.pursuit[0].Facts["channel"])
		d.write("t", "Hello, and more")
		require.Equal(t, "It is open.", d.heard()[2])
	})
}

// TestGoalMayAddNothing to a turn that asks something else already.
func TestGoalMayAddNothing(t *testing.T) {
	g := goalOf("g")
	opened(t, Config{Goals: []Goal{g}, Model: says("You can return it within 30 days. Shall I tell you more?")}, func(d *desk) {
		d.write("t", "How do I return it?")
		require.NotContains(t, d.heard()[0], "Question")
		require.Len(t, g.pursuit, 1)
		require.False(t, g.pursuit[0].Free)
	})
}

// slowly is a shelf that takes a second.
type slowly struct{ shelf }

func (s slowly) Retrieve(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	_ = sleep(ctx, time.Second)
	return s.shelf.Retrieve(ctx, q)
}

// TestGoalWaitsForItsQuestion asks nothing of a customer who wrote before the
// question came, and does not take that for a reply.
func TestGoalWaitsForItsQuestion(t *testing.T) {
	g := goalOf("g")
	opened(t, Config{Goals: []Goal{g}, Knowledge: slowly{pages}}, func(d *desk) {
		for i, text := range []string{"How do I return it?", "I mean how to return two"} {
			require.NoError(d.t, d.chat.Deliver(d.t.Context(), channel.Message{ID: fmt.Sprint(i), Thread: "t", Text: text}))
			d.pass(time.Second)
		}
		d.pass(time.Minute)
		require.Len(t, d.heard(), 2)
		require.Contains(t, d.heard()[0], "Question 1?")
		require.NotContains(t, d.heard()[1], "Question")
		require.False(t, g.pursuit[1].Replying)
		d.write("t", "twelve")
		d.pass(time.Minute)
		require.Equal(t, "Question 2?", d.heard()[2])
	})
}

func TestGoalWords(t *testing.T) {
	g := goalOf("g")
	opened(t, Config{Goals: []Goal{g}}, func(d *desk) {
		d.write("t", "How do I return it?")
		d.write("t", "twelve", "or more")
		p := g.pursuit[1]
		require.True(t, p.Replying)
		var texts []string
		for _, m := range p.Words {
			texts = append(texts, m.Text)
		}
		require.Equal(t, []string{"How do I return it?", "twelve", "or more"}, texts)
		require.Equal(t, p.Words[1].Seq, p.Since)
	})
}

func TestGoalFaults(t *testing.T) {
	bad := goalOf("a b")
	bad.spec.When = Condition{Fact: "nothing", In: []any{"x"}}
	bad.spec.Facts, bad.spec.Edits, bad.spec.Calls = []string{"customer.shoe"}, []string{"shoe"}, []string{"book"}
	bad.spec.Actions = []Action{{Name: "note", Risk: LowImpactWrite}}
	_, err := New(Config{Knowledge: pages, Goals: []Goal{bad, nil, goalOf("g"), goalOf("g")}})
	for _, part := range []string{
		"1 to 64 letters", `no fact "nothing"`, `no fact "customer.shoe"`, `sets the property "shoe"`, "CRM is no Editor", `no action "book"`,
		"may change nothing", "Goals[1] is nil", "Goals[3] \"g\": there is another",
	} {
		require.ErrorContains(t, err, part)
	}
}

// TestGoalSetsOnlyWhatItDeclared keeps a goal to its properties and actions.
func TestGoalSetsOnlyWhatItDeclared(t *testing.T) {
	book := newCard()
	g := goalOf("g")
	g.pursue = func(context.Context, Pursuit) (GoalStep, error) {
		return GoalStep{Set: map[string]any{"city": "Paris"}, State: []byte("1")}, nil
	}
	_, turn := pursuedBy(t, book, g)
	require.Equal(t, []string{"the goal g did not declare that it sets city"}, turn.Decision.Findings)
	g.pursue = func(context.Context, Pursuit) (GoalStep, error) {
		return GoalStep{Call: &Call{Name: "update_customer", Arguments: []byte(`{"city":"Paris"}`)}, State: []byte("1")}, nil
	}
	_, turn = pursuedBy(t, book, g)
	require.Empty(t, turn.Calls)
	require.Equal(t, handoff.ActionFailure, turn.Decision.Handoff)
}

// TestGoalDryRun writes nothing.
func TestGoalDryRun(t *testing.T) {
	g := goalOf("g")
	g.spec.Edits = []string{"city"}
	g.pursue = func(context.Context, Pursuit) (GoalStep, error) {
		return GoalStep{Set: map[string]any{"city": "Paris"}, State: []byte("1")}, nil
	}
	for _, dry := range []bool{false, true} {
		book := newCard()
		desk, err := New(Config{Knowledge: pages, CRM: book, Goals: []Goal{g}, DryRun: dry, Settings: Settings{Properties: []Property{{Name: "city", Type: Text, Edit: true}}}})
		require.NoError(t, err)
		turn, err := desk.Reply(t.Context(), channel.Message{Text: "How do I return it?", From: channel.Party{ID: "c1", Trust: channel.Signed}})
		require.NoError(t, err)
		if dry {
			require.Equal(t, []string{"the goal g would set city, in a dry run"}, turn.Decision.Findings)
			require.NotEqual(t, "Paris", book.customer.Properties["city"])
			continue
		}
		require.Equal(t, "Paris", book.customer.Properties["city"], turn.Decision)
	}
}

// pursuedBy returns the turn of an agent with a goal.
func pursuedBy(t *testing.T, book CRM, g Goal) (*Agent, Turn) {
	desk, err := New(Config{Knowledge: pages, CRM: book, Goals: []Goal{g}, Settings: Settings{Undisclosed: true, Properties: []Property{{Name: "city", Type: Text, Edit: true}}}})
	require.NoError(t, err)
	turn, err := desk.Reply(t.Context(), channel.Message{Text: "How do I return it?", From: channel.Party{ID: "c1", Trust: channel.Signed}})
	require.NoError(t, err)
	return desk, turn
}
