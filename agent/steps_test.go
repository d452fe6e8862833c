package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// beginning returns a turn about to be decided, over an agent that does not run.
func beginning(t *testing.T, cfg Config, conv Conversation, texts ...string) *turn {
	t.Helper()
	if cfg.Knowledge == nil {
		cfg.Knowledge = pages
	}
	a, err := New(cfg)
	require.NoError(t, err)
	conv.ID, conv.Opening, conv.Epoch = "c", max(conv.Opening, 1), 1
	work := Work{Conversation: conv}
	for i, text := range texts {
		work.Messages = append(work.Messages, Message{Entry: channel.Entry{
			Seq: conv.Answered + int64(i) + 1, Message: channel.Message{Author: channel.Customer, Text: text},
		}})
	}
	return newTurn(a, work)
}

func TestGate(t *testing.T) {
	other := (time.Now().UTC().Weekday() + 3) % 7
	closedNow := Settings{Channels: map[string]ChannelSettings{"chat": {Hours: schedule.Hours{
		Mode: schedule.During, Week: []schedule.Period{{Day: other, From: "09:00", To: "17:00"}},
	}}}}
	broke := meter{hold: credits.ErrInsufficient}
	for _, test := range []struct {
		name     string
		cfg      Config
		conv     Conversation
		message  channel.Message
		kind     Kind
		rule     string
		handoff  handoff.Reason
		newOwner channel.Owner
	}{
		{name: "a new conversation is the agent's", newOwner: channel.ByAgent},
		{name: "so is one that it has", conv: Conversation{Owner: channel.ByAgent}, newOwner: channel.ByAgent},
		{name: "a person speaks", conv: Conversation{Owner: channel.ByPerson}, kind: Silent, rule: "a person has the conversation", newOwner: channel.ByPerson},
		{name: "waiting", conv: Conversation{Owner: channel.Queued}, kind: Silent, rule: "waits for a person", newOwner: channel.Queued},
		{name: "closed opens again", conv: Conversation{Owner: channel.Closed}, newOwner: channel.ByAgent},
		{name: "off", cfg: Config{Settings: Settings{Mode: Off}}, kind: HandOver, rule: "switched off", handoff: handoff.OutsideHours},
		{name: "off strands nobody", cfg: Config{Settings: Settings{Mode: Off}}, conv: Conversation{Owner: channel.ByAgent}, newOwner: channel.ByAgent},
		{name: "channel off", cfg: Config{Settings: Settings{Channels: map[string]ChannelSettings{"chat": {Mode: Off}}}}, kind: HandOver, rule: "switched off", handoff: handoff.OutsideHours},
		{name: "outside hours", cfg: Config{Settings: closedNow}, kind: HandOver, rule: "outside its hours", handoff: handoff.OutsideHours},
		{name: "no credits", cfg: Config{Settings: Settings{Price: 5}, Meter: broke}, kind: HandOver, rule: "out of credits", handoff: handoff.Limits},
		{name: "no credits, open conversation", cfg: Config{Settings: Settings{Price: 5}, Meter: broke}, conv: Conversation{Owner: channel.ByAgent, Memory: Memory{Paid: true}}, newOwner: channel.ByAgent},
		{name: "a machine", message: channel.Message{Automatic: true}, kind: Silent, rule: "automatic message"},
		{name: "ignored address", cfg: Config{Settings: Settings{Ignore: []string{"x@example.com"}}}, message: channel.Message{From: channel.Party{Email: "X@example.com"}}, kind: HandOver, rule: "ignored sender", handoff: handoff.IgnoredSender},
		{name: "ignored domain", cfg: Config{Settings: Settings{Ignore: []string{"@example.com"}}}, message: channel.Message{From: channel.Party{Email: "x@mail.example.com"}}, kind: HandOver, rule: "ignored sender", handoff: handoff.IgnoredSender},
		{name: "another domain", cfg: Config{Settings: Settings{Ignore: []string{"example.com"}}}, message: channel.Message{From: channel.Party{Email: "x@notexample.com"}}, newOwner: channel.ByAgent},
		{name: "poison", conv: Conversation{Owner: channel.ByAgent, Memory: Memory{Failures: 3}}, kind: HandOver, rule: "failed too often", handoff: handoff.Failure, newOwner: channel.ByAgent},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.conv.Channel = "chat"
			turn := beginning(t, test.cfg, test.conv, "hello")
			turn.burst[0].Automatic, turn.burst[0].From = test.message.Automatic, test.message.From
			require.NoError(t, turn.gate(t.Context()))
			require.Equal(t, test.kind, turn.Decision.Kind)
			require.Equal(t, test.rule, turn.Decision.Rule)
			require.Equal(t, test.handoff, turn.Decision.Handoff)
			require.Equal(t, test.newOwner, turn.conv.Owner)
		})
	}
}

// meter is a CreditMeter that answers as scripted.
type meter struct{ hold, settle error }

func (m meter) Hold(context.Context, credits.Hold) error             { return m.hold }
func (m meter) Settle(context.Context, string, credits.Amount) error { return m.settle }

func TestReopeningStartsAfresh(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{Owner: channel.Closed, Opening: 2, Memory: Memory{Asking: "old"}}, "hi")
	turn.history = []channel.Message{{Text: "old"}}
	require.NoError(t, turn.gate(t.Context()))
	require.Equal(t, 3, turn.conv.Opening)
	require.Empty(t, turn.conv.Memory)
	require.Empty(t, turn.history)
	require.Equal(t, Reopened, turn.commit.Records[0].Kind)
}

func TestIdentify(t *testing.T) {
	crm := Directory{{ID: "42", Name: "Ann", Email: "ann@example.com", Audiences: []string{"gold"}}}
	for _, test := range []struct {
		name  string
		party channel.Party
		want  Customer
	}{
		{"an anonymous claim is not believed", channel.Party{Email: "ann@example.com"}, Customer{Email: "ann@example.com"}},
		{"an asserted address is looked up", channel.Party{Email: "Ann@example.com", Trust: channel.Asserted}, Customer{ID: "42", Name: "Ann", Email: "ann@example.com", Audiences: []string{"gold"}, Trust: channel.Asserted}},
		{"an asserted ID is not a signed one", channel.Party{ID: "42", Trust: channel.Asserted}, Customer{Trust: channel.Asserted}},
		{"a signed ID is", channel.Party{ID: "42", Trust: channel.Signed}, Customer{ID: "42", Name: "Ann", Email: "ann@example.com", Audiences: []string{"gold"}, Trust: channel.Signed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, Config{CRM: crm}, Conversation{}, "hello")
			turn.burst[0].From = test.party
			require.NoError(t, turn.identify(t.Context()))
			require.Equal(t, test.want, turn.customer)
		})
	}
	t.Run("a CRM that panics leaves the customer unknown", func(t *testing.T) {
		turn := beginning(t, Config{CRM: panickyCRM{}}, Conversation{}, "hello")
		require.NoError(t, turn.identify(t.Context()))
		require.Len(t, turn.Decision.Findings, 1)
	})
}

type panickyCRM struct{}

func (panickyCRM) Customer(context.Context, channel.Party) (Customer, error) { panic("down") }

func TestTriggers(t *testing.T) {
	settings := Settings{Triggers: []handoff.Phrase{{Name: "legal", Texts: []string{"my lawyer"}}}}
	for _, test := range []struct {
		text string
		kind Kind
		rule string
	}{
		{"How do I return this?", "", ""},
		{"Can I talk to a human please?", HandOver, "asks for a person"},
		{"You will hear from MY LAWYER.", HandOver, "legal"},
		{"Hi there!", Answer, "greeting"},
		{"Hello, thank you so much", Answer, "thanks"},
		{"thanks, but how do I return it", "", ""},
		{"👍", Silent, "no text"},
		{"   ", Silent, "no text"},
		{"???", "", ""},
	} {
		t.Run(test.text, func(t *testing.T) {
			turn := beginning(t, Config{Settings: settings}, Conversation{}, test.text)
			require.NoError(t, turn.triggers(t.Context()))
			require.Equal(t, test.kind, turn.Decision.Kind)
			require.Equal(t, test.rule, turn.Decision.Rule)
		})
	}
	t.Run("the button for a person", func(t *testing.T) {
		turn := beginning(t, Config{}, Conversation{}, "hi")
		turn.burst[0].WantsPerson = true
		require.NoError(t, turn.triggers(t.Context()))
		require.Equal(t, handoff.CustomerRequest, turn.Decision.Handoff)
	})
}

// queries remembers what was asked, and answers all of it.
type queries struct{ asked []retrieval.Query }

func (q *queries) Retrieve(_ context.Context, query retrieval.Query) (retrieval.Result, error) {
	q.asked = append(q.asked, query)
	return page(.3, "Returns", "Returns take 30 days."), nil
}

func TestRetrieve(t *testing.T) {
	said := []string{"How do I return a tent?", "From «Returns»: within 30 days.", "A colleague here: or 60."}
	for _, test := range []struct {
		name, text string
		memory     Memory
		want       []string
		before     []string
	}{
		{name: "a question", text: "Is it free of charge?", want: []string{"Is it free of charge?"}, before: said},
		{name: "a reply to a question back", text: "the blue ones", memory: Memory{Asking: "Which boots?"}, want: []string{"Which boots?\nthe blue ones", "the blue ones"}},
		{name: "a choice by number", text: "2.", memory: Memory{Asking: "Help", Options: []string{"Returns", "Shipping"}}, want: []string{"Help\nShipping"}},
		{name: "the second one", text: "The second one!", memory: Memory{Asking: "Help", Options: []string{"Returns", "Shipping"}}, want: []string{"Help\nShipping"}},
		{name: "a choice in German", text: "das zweite", memory: Memory{Asking: "Hilfe", Options: []string{"Returns", "Shipping"}}, want: []string{"Hilfe\nShipping"}},
		{name: "a choice in Portuguese", text: "a primeira", memory: Memory{Asking: "Ajuda", Options: []string{"Returns", "Shipping"}}, want: []string{"Ajuda\nReturns"}},
		{name: "a choice in words", text: "The first one!", memory: Memory{Asking: "Help", Options: []string{"Returns", "Shipping"}}, want: []string{"Help\nReturns"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := &queries{}
			turn := beginning(t, Config{Knowledge: q}, Conversation{Memory: test.memory}, test.text)
			turn.history = []channel.Message{
				{Author: channel.Customer, Text: said[0]}, {Author: channel.Agent, Text: said[1]}, {Author: channel.Customer, Text: "thanks"},
				{Author: channel.System, Text: "A colleague has joined."}, {Author: channel.Person, Text: said[2]},
			}
			turn.customer.Audiences = []string{"gold"}
			require.NoError(t, turn.retrieve(t.Context()))
			var asked []string
			for _, query := range q.asked {
				asked = append(asked, query.Text)
				require.Equal(t, []string{"gold"}, query.Audiences)
				require.Equal(t, test.before, query.Before, "what was said goes with the question, without small talk and notices")
			}
			require.Equal(t, test.want, asked)
			require.Equal(t, []Evidence{{Passage: "Returns#1", Document: "returns.md", Title: "Returns", Score: 1}}, turn.Decision.Evidence)
		})
	}
}

// lame is a base whose embedder is down.
type lame struct{}

func (lame) Retrieve(context.Context, retrieval.Query) (retrieval.Result, error) {
	found := page(.9, "Returns", "Returns take 30 days.")
	found.Degraded = errors.New("no vectors")
	return found, nil
}

func TestADegradedSearchIsNoted(t *testing.T) {
	turn := beginning(t, Config{Knowledge: lame{}}, Conversation{}, "How do I return a tent?")
	require.NoError(t, turn.retrieve(t.Context()))
	require.Equal(t, []string{"the search was not whole: no vectors"}, turn.Decision.Findings)
	require.Len(t, turn.found.Hits, 1, "what was found is used")
}

func TestAQuestionLeansOnTheLastTurns(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{}, "and now?")
	for i := range 9 {
		turn.history = append(turn.history, channel.Message{Author: channel.Customer, Text: fmt.Sprint("question ", i)})
	}
	require.Equal(t, []string{"question 5", "question 6", "question 7", "question 8"}, turn.before())
}

func TestDecide(t *testing.T) {
	two := page(0, "Returns", "a")
	two.Hits = append(two.Hits, page(0, "Shipping", "b").Hits...)
	for _, test := range []struct {
		name   string
		score  float64
		hits   []retrieval.Hit
		asking string
		kind   Kind
		rule   string
	}{
		{"enough evidence", .5, two.Hits, "", Answer, "evidence"},
		{"a score without evidence", .9, nil, "", HandOver, "no evidence"},
		{"near evidence", .3, two.Hits, "", Ask, "near evidence"},
		{"near evidence of one page only", .3, two.Hits[:1], "", HandOver, "no evidence"},
		{"asked before", .3, two.Hits, "What?", HandOver, "asked back once"},
		{"asked before, and now enough", .6, two.Hits, "What?", Answer, "evidence"},
		{"too little", .2, two.Hits, "", HandOver, "no evidence"},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, Config{}, Conversation{Memory: Memory{Asking: test.asking}}, "question")
			turn.found = retrieval.Result{Answerable: test.score, Hits: test.hits}
			require.NoError(t, turn.decide(t.Context()))
			require.Equal(t, test.kind, turn.Decision.Kind)
			require.Equal(t, test.rule, turn.Decision.Rule)
			if test.kind == Ask {
				require.Equal(t, "question", turn.conv.Memory.Asking)
				require.Contains(t, turn.Text, "1. Returns\n2. Shipping")
			} else {
				require.Empty(t, turn.conv.Memory.Asking)
			}
		})
	}
}

func TestRoute(t *testing.T) {
	route := func(to handoff.Assignment, err error) Config {
		return Config{Router: handoff.RouterFunc(func(context.Context, handoff.Packet) (handoff.Assignment, error) { return to, err })}
	}
	for _, test := range []struct {
		name       string
		cfg        Config
		team, text string
		findings   int
	}{
		{"to a team with its message", route(handoff.Assignment{Team: "Bikes", Message: "Bikes will call."}, nil), "Bikes", "Bikes will call.", 0},
		{"the agent's own message", route(handoff.Assignment{Team: "Bikes"}, nil), "Bikes", "I'm passing you on to a colleague, who will answer you here.", 0},
		{"a router that fails", route(handoff.Assignment{Team: "x"}, errors.New("down")), "", "I'm passing you on to a colleague, who will answer you here.", 1},
		{"nobody's router", Config{}, "", "I'm passing you on to a colleague, who will answer you here.", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, test.cfg, Conversation{Channel: "chat"}, "I want a refund")
			turn.handOver(handoff.Policy, "refunds", "because")
			require.NoError(t, turn.route(t.Context()))
			require.Equal(t, channel.Queued, turn.conv.Owner)
			require.Equal(t, test.team, turn.conv.Team)
			require.Equal(t, test.text, turn.Text)
			require.Len(t, turn.Decision.Findings, test.findings)
			require.Equal(t, "I want a refund", turn.conv.Memory.Packet.Question)
			require.Equal(t, handoff.Policy, turn.conv.Memory.Packet.Reason)
			require.Len(t, turn.conv.Memory.Packet.Transcript, 1)
		})
	}
}

func TestSettle(t *testing.T) {
	down := errors.New("down")
	for _, test := range []struct {
		name    string
		meter   meter
		left    int
		records int
		fails   bool
	}{
		{"settled", meter{}, 0, 2, false},
		{"no such hold", meter{settle: credits.ErrUnknownHold}, 0, 2, false},
		{"the meter is down", meter{settle: down}, 2, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			conv := Conversation{Memory: Memory{Charges: []Charge{{"a", 5}, {"b", 0}}}}
			turn := beginning(t, Config{Meter: test.meter}, conv, "hi")
			err := turn.settleCharges(t.Context())
			require.Equal(t, test.fails, err != nil)
			require.Len(t, turn.conv.Memory.Charges, test.left)
			require.Len(t, turn.commit.Records, test.records)
		})
	}
}

func TestChargeOncePerOpening(t *testing.T) {
	evidence := []Evidence{{Passage: "p"}}
	for _, test := range []struct {
		name string
		d    Decision
		want []Charge
	}{
		{"an answer with evidence", Decision{Kind: Answer, Evidence: evidence}, []Charge{{"c/1.0", 7}}},
		{"small talk is free", Decision{Kind: Answer}, nil},
		{"a question back is free", Decision{Kind: Ask, Evidence: evidence}, nil},
		{"a handoff releases", Decision{Kind: HandOver}, []Charge{{"c/1.0", 0}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, Config{Settings: Settings{Price: 7}}, Conversation{Memory: Memory{Held: 7}}, "hi")
			turn.Decision = test.d
			turn.charge()
			turn.charge()
			require.Equal(t, test.want, turn.conv.Memory.Charges)
		})
	}
}

func TestAct(t *testing.T) {
	type in struct {
		Order string `json:"order"`
	}
	runs := 0
	action, err := NewAction("cancel_order", "Cancels an order.", func(_ context.Context, c ActionCall, v in) (string, error) {
		runs++
		if v.Order == "bad" {
			return "", errors.New("there is no order bad")
		}
		return "cancelled " + v.Order + " for " + c.Customer.ID, nil
	})
	require.NoError(t, err)
	action.Trust = channel.EmailVerified
	call := func(name, arguments string) Call {
		return Call{ID: "1", Name: name, Arguments: json.RawMessage(arguments)}
	}
	for _, test := range []struct {
		name    string
		call    Call
		trust   channel.Trust
		again   bool
		output  string
		refused string
	}{
		{"allowed", call("cancel_order", `{"order":"7"}`), channel.Signed, false, `"cancelled 7 for 42"`, ""},
		{"unknown", call("drop_tables", `{}`), channel.Signed, false, "", "there is no such action"},
		{"trust too low", call("cancel_order", `{"order":"7"}`), channel.Asserted, false, "", "the customer is asserted, and it needs e-mail verified"},
		{"no JSON", call("cancel_order", `nonsense`), channel.Signed, false, "", "the arguments are not a JSON object"},
		{"wrong type", call("cancel_order", `{"order":7}`), channel.Signed, false, "", "the arguments do not fit"},
		{"identity in the arguments", call("cancel_order", `{"order":"7","customer":"43"}`), channel.Signed, false, "", "the arguments do not fit"},
		{"it fails", call("cancel_order", `{"order":"bad"}`), channel.Signed, false, "", "it failed: there is no order bad"},
		{"begun before", call("cancel_order", `{"order":"7"}`), channel.Signed, true, "", "it may have been done already"},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, Config{Actions: []Action{action}}, Conversation{}, "cancel it")
			turn.customer = Customer{ID: "42", Trust: test.trust}
			if test.again {
				turn.conv.Epoch++
			}
			result := turn.act(t.Context(), []Call{test.call})[0]
			require.Equal(t, test.output, string(result.Output))
			require.Contains(t, result.Refused, test.refused)
			if test.refused == "" {
				require.Empty(t, result.Refused)
			}
		})
	}
	t.Run("the same call is made once", func(t *testing.T) {
		turn := beginning(t, Config{Actions: []Action{action}}, Conversation{}, "cancel it")
		turn.customer = Customer{ID: "42", Trust: channel.Signed}
		runs = 0
		results := turn.act(t.Context(), []Call{call("cancel_order", `{"order":"7"}`), call("cancel_order", ` { "order" : "7" } `)})
		require.Equal(t, results[0].Output, results[1].Output)
		require.Equal(t, 1, runs)
	})
}

func TestTimerClosesWhatTheAgentHas(t *testing.T) {
	settings := Settings{Channels: map[string]ChannelSettings{"chat": {CloseAfter: Duration(time.Hour)}}, Texts: map[string]Texts{"en": {Closed: "Bye."}}}
	now := time.Now()
	for _, test := range []struct {
		name   string
		owner  channel.Owner
		quiet  time.Duration
		closed bool
	}{
		{"quiet for long", channel.ByAgent, time.Hour, true},
		{"not yet", channel.ByAgent, time.Minute, false},
		{"waiting for a person", channel.Queued, 99 * time.Hour, false},
		{"a person has it", channel.ByPerson, 99 * time.Hour, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			turn := beginning(t, Config{Settings: settings}, Conversation{Channel: "chat", Owner: test.owner, ActiveAt: now.Add(-test.quiet)})
			require.NoError(t, turn.run(t.Context()))
			require.Equal(t, test.closed, turn.commit.Conversation.Owner == channel.Closed)
			require.Equal(t, test.closed, len(turn.commit.Messages) == 1)
		})
	}
}

func TestThresholdsOfAChannel(t *testing.T) {
	settings := Settings{Channels: map[string]ChannelSettings{"email": {Thresholds: Thresholds{Answer: .8}}, "chat": {Thresholds: Thresholds{Answer: .2}}}}.withDefaults()
	require.Equal(t, Thresholds{Answer: .5, Ask: .25}, settings.thresholds("sms"))
	require.Equal(t, Thresholds{Answer: .8, Ask: .25}, settings.thresholds("email"))
	require.Equal(t, Thresholds{Answer: .2, Ask: .2}, settings.thresholds("chat"))
	for name, want := range map[string]Kind{"email": HandOver, "chat": Answer, "sms": Answer} {
		turn := beginning(t, Config{Settings: settings}, Conversation{Channel: name}, "How do I return it?")
		turn.found = page(.6, "Returns", "a")
		require.NoError(t, turn.decide(t.Context()))
		require.Equal(t, want, turn.Decision.Kind, name)
	}
}

func TestTheSameQuestionTwice(t *testing.T) {
	for _, test := range []struct {
		name  string
		texts []string
		kinds []Kind
	}{
		{"twice", []string{"How do I return boots?", "how do i return boost please??"}, []Kind{Answer, HandOver}},
		{"another question", []string{"How do I return it?", "Can I return it from abroad without a receipt?"}, []Kind{Answer, Answer}},
		{"another thing", []string{"How do I return a tent?", "How do I return a tens?", "How do I return a bike?"}, []Kind{Answer, Answer, Answer}},
		{"another number", []string{"Can I return order 4711?", "Can I return order 4712?"}, []Kind{Answer, Answer}},
		{"with thanks between", []string{"How do I return it?", "Thank you!", "How do I return it?"}, []Kind{Answer, Answer, Answer}},
		{"with another between", []string{"How do I return it?", "Can I return two?", "How do I return it?"}, []Kind{Answer, Answer, Answer}},
	} {
		t.Run(test.name, func(t *testing.T) {
			opened(t, Config{Model: says("You have 30 days.")}, func(d *desk) {
				var kinds []Kind
				for _, text := range test.texts {
					d.write("t", text)
				}
				for _, turn := range d.turns("t") {
					kinds = append(kinds, turn.Decision.Kind)
					if turn.Decision.Kind == HandOver {
						require.Equal(t, "asked twice", turn.Decision.Rule)
					}
				}
				require.Equal(t, test.kinds, kinds)
			})
		})
	}
}
