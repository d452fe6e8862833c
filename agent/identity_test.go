package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// ordersPage is what the questions about orders find.
var ordersPage = page(.9, "Orders", "Your orders are on record.")

// counter is an agent for customers who have to prove who they are, with all
// that ever left it.
type counter struct {
	*desk
	mails []Code
	ran   []string // whose orders were listed
	seen  []string // what models and searches were given
	fail  error    // what the mail returns
	party channel.Party
}

func (c *counter) SendCode(_ context.Context, code Code) error {
	if c.fail != nil {
		return fmt.Errorf("cannot send %s: %w", code.Digits, c.fail)
	}
	c.mails = append(c.mails, code)
	return nil
}

func (c *counter) Retrieve(_ context.Context, q retrieval.Query) (retrieval.Result, error) {
	c.seen = append(c.seen, q.Text, strings.Join(q.Before, "\n"))
	return ordersPage, nil
}

// Generate proposes to list the orders whenever they are asked for.
func (c *counter) Generate(_ context.Context, r Request) iter.Seq2[Delta, error] {
	text, _ := json.Marshal(r)
	c.seen = append(c.seen, string(text), r.Prompt().Messages[len(r.Prompt().Messages)-1].Text)
	return func(yield func(Delta, error) bool) {
		if strings.Contains(r.Question, "orders") && len(r.Results) == 0 {
			yield(Delta{Call: &Call{ID: "1", Name: "orders", Arguments: []byte("{}")}}, nil)
			return
		}
		yield(Delta{Text: "Your orders are on record.", Sources: []int{0}}, nil)
	}
}

// atCounter runs a test with a counter.
func atCounter(t *testing.T, change func(*Config), test func(c *counter)) {
	c := &counter{}
	orders, err := NewAction("orders", "Lists the customer's orders.", func(_ context.Context, a ActionCall, _ struct{}) (string, error) {
		c.ran = append(c.ran, a.Customer.ID)
		return "none", nil
	})
	require.NoError(t, err)
	orders.Trust = channel.EmailVerified
	cfg := Config{
		Knowledge: c, Model: c, Codes: c, Actions: []Action{orders},
		CRM: Directory{{ID: "c1", Name: "Ada", Email: "ada@example.com"}, {ID: "c2", Name: "Bea", Email: "bea@example.com"}},
	}
	if change != nil {
		change(&cfg)
	}
	opened(t, cfg, func(d *desk) {
		c.desk = d
		test(c)
	})
}

// says has a party write, and returns what the agent says to it.
func (c *counter) says(texts ...string) string {
	c.t.Helper()
	before := len(c.heard())
	for _, text := range texts {
		c.number++
		require.NoError(c.t, c.chat.Deliver(c.t.Context(), channel.Message{
			ID: fmt.Sprint("m", c.number), Thread: "t", Text: text, From: c.party}))
	}
	c.pass(2 * time.Second)
	return strings.Join(c.heard()[before:], "\n")
}

// code returns the digits of the last mail.
func (c *counter) code() string { return c.mails[len(c.mails)-1].Digits }

// wrong returns another code than was sent.
func (c *counter) wrong() string {
	if c.code() == "111111" {
		return "222222"
	}
	return "111111"
}

// last returns the last turn.
func (c *counter) last() Turn {
	turns := c.turns("t")
	return turns[len(turns)-1]
}

func TestCodeVerifies(t *testing.T) {
	words := phrasesOf(english).Texts
	atCounter(t, nil, func(c *counter) {
		require.Equal(t, words.AskEmail, c.says("Where are my orders?"))
		require.Equal(t, Ask, c.last().Decision.Kind)
		require.Empty(t, c.ran)
		require.Equal(t, strings.ReplaceAll(words.CodeSent, "{{code.email}}", "ada@example.com"), c.says("It's ada@example.com."))
		require.Len(t, c.mails, 1)
		require.Equal(t, Code{To: "ada@example.com", Digits: c.code(), Language: "en", Life: 10 * time.Minute}, c.mails[0])
		require.Regexp(t, `^[0-9]{6}$`, c.code())
		require.Equal(t, "Your orders are on record.", c.says("the code is "+c.code()[:3]+" "+c.code()[3:]+", thanks"))
		require.Equal(t, []string{"c1"}, c.ran)
		require.Equal(t, "Where are my orders?", c.last().Question, "the turn goes on with the question that waited")
		require.Equal(t, "Your orders are on record.", c.says("And all my orders?"), "it is asked once in 30 minutes")
		require.Equal(t, []string{"c1", "c1"}, c.ran)
		c.onlyInTheTranscript(c.code())
		c.pass(30 * time.Minute)
		require.Equal(t, words.AskEmail, c.says("And all my orders?"), "and again afterwards")
		require.Len(t, c.ran, 2)
	})
}

// onlyInTheTranscript looks for a code where it must not be.
func (c *counter) onlyInTheTranscript(code string) {
	c.t.Helper()
	spaced := code[:3] + " " + code[3:]
	conv := c.conversation("t")
	turns, _ := json.Marshal(c.turns("t"))
	memory, _ := json.Marshal(conv.Memory)
	records, _ := json.Marshal(collect(c.t, c.Archive().Records(c.t.Context(), "", 0)))
	for _, text := range append(slices.Clone(c.seen), string(turns), string(memory), string(records), strings.Join(c.heard(), " ")) {
		require.NotContains(c.t, text, code)
		require.NotContains(c.t, text, spaced)
	}
	said := false
	for _, m := range collect(c.t, c.Archive().Messages(c.t.Context(), conv.ID, 0)) {
		said = said || strings.Contains(strings.ReplaceAll(m.Text, " ", ""), code)
	}
	require.True(c.t, said, "the transcript is what was written")
}

func TestCodeGoesToTheAddressThatTheChannelAsserts(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.party = channel.Party{Email: "bea@example.com", Trust: channel.Asserted}
		c.says("Where are my orders? I am ada@example.com.")
		require.Equal(t, "bea@example.com", c.mails[0].To)
		c.says(c.code())
		require.Equal(t, []string{"c2"}, c.ran)
		c.pass(31 * time.Minute)
		c.says("Where are my orders?")
		c.says("bea@example.com")
		require.Len(t, c.mails, 3, "who writes the address again gets another code")
		c.says("ada@example.com")
		require.Len(t, c.mails, 3)
	})
}

func TestAddressInTheQuestion(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders? I am ada@example.com.")
		require.Equal(t, "ada@example.com", c.mails[0].To)
		c.says("No, I am bea@example.com!")
		require.Equal(t, "bea@example.com", c.mails[1].To)
		require.Equal(t, phrasesOf(english).Texts.CodeWrong, c.says(c.mails[0].Digits), "the code of an address is none of another")
		c.says(c.mails[1].Digits)
		require.Equal(t, []string{"c2"}, c.ran)
	})
}

func TestWrongCodes(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders? I am ada@example.com.")
		require.Equal(t, phrasesOf(english).Texts.CodeWrong, c.says(c.wrong()))
		require.Equal(t, phrasesOf(english).Texts.CodeWrong, c.says("I am sure that the code which came by mail is "+c.wrong()+", so why not?"))
		c.says(c.wrong())
		require.Equal(t, HandOver, c.last().Decision.Kind)
		require.Equal(t, handoff.Policy, c.last().Decision.Handoff)
		c.says(c.code())
		require.Empty(t, c.ran, "a code is good for three tries")
		c.onlyInTheTranscript(c.wrong())
	})
}

func TestCodeExpires(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders? I am ada@example.com.")
		c.pass(10 * time.Minute)
		first := c.code()
		c.says(first)
		require.Empty(t, c.ran)
		require.Len(t, c.mails, 2, "instead of the one that has expired there is another")
		c.says(c.code())
		require.Equal(t, []string{"c1"}, c.ran)
		c.onlyInTheTranscript(first)
	})
}

func TestOtherMessagesBeforeTheCode(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders?")
		require.Equal(t, "Your orders are on record.", c.says("How long does that take?"))
		c.says("ada@example.com")
		require.Equal(t, "Your orders are on record.", c.says("Why do you need that? I have order 1234567."))
		require.Equal(t, strings.ReplaceAll(phrasesOf(english).Texts.EnterCode, "{{code.email}}", "ada@example.com"), c.says("My orders, please"))
		c.says("Here you are, it took some time to find it in all the mail: "+c.code(), "Are there any returns among them?")
		require.Equal(t, []string{"c1"}, c.ran)
		require.Equal(t, "My orders, please\nHere you are, it took some time to find it in all the mail: ••••••\nAre there any returns among them?", c.last().Question)
	})
}

func TestCodeWithoutAQuestion(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders? I am ada@example.com.")
		id := c.conversation("t").Memory.Identity
		require.NotContains(t, string(id.Hash)+string(id.Salt), c.code())
		require.Len(t, id.Hash, 32)
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", c.mails[0], c.mails[0], c.mails[0]), c.code())
	})
}

// TestVerificationIsLost has somebody else write, or the conversation end.
func TestVerificationIsLost(t *testing.T) {
	for name, lose := range map[string]func(c *counter){
		"another sender":  func(c *counter) { c.party = channel.Party{Email: "bea@example.com", Trust: channel.Asserted} },
		"another ID":      func(c *counter) { c.party = channel.Party{ID: "other"} },
		"another opening": func(c *counter) { require.NoError(c.t, c.Close(c.t.Context(), c.conversation("t").ID, "Joe")) },
		"the time":        func(c *counter) { c.pass(30 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			atCounter(t, nil, func(c *counter) {
				c.says("Where are my orders? I am ada@example.com.")
				c.says(c.code())
				require.Equal(t, []string{"c1"}, c.ran)
				lose(c)
				c.says("Where are my orders?")
				require.Equal(t, []string{"c1"}, c.ran)
				require.Equal(t, "verify", c.last().Decision.Rule)
				c.party = channel.Party{}
				c.says("Where are my orders?")
				require.Equal(t, []string{"c1"}, c.ran, "it does not come back")
			})
		})
	}
}

func TestCodeLimits(t *testing.T) {
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders?")
		for range 4 {
			c.says("ada@example.com")
		}
		require.Len(t, c.mails, 3, "three an hour for an address")
		require.Equal(t, handoff.Limits, c.last().Decision.Handoff)
	})
	atCounter(t, nil, func(c *counter) {
		c.says("Where are my orders?")
		for i := range 6 {
			c.says(fmt.Sprintf("ada%d@example.com", i))
		}
		require.Len(t, c.mails, 5, "five for a conversation")
		require.Equal(t, "too many codes", c.last().Decision.Rule)
	})
	shared := NewMemoryLimiter()
	sent := 0
	for range 3 { // conversations
		atCounter(t, func(cfg *Config) { cfg.Limiter = shared }, func(c *counter) {
			c.says("Where are my orders?")
			for range 2 {
				c.says("ADA@example.com")
			}
			sent += len(c.mails)
		})
	}
	require.Equal(t, 3, sent, "an address has its limit over all conversations")
}

// limits is a Limiter of a function.
type limits func() (bool, error)

func (l limits) Allow(context.Context, Use) (bool, error) { return l() }

// TestInvariantVerificationFailsClosed breaks each part that a verification
// rests on: whatever fails, nobody is taken for somebody.
func TestInvariantVerificationFailsClosed(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		change func(c *counter, cfg *Config)
		after  func(c *counter)
		rule   string
	}{
		"no codes":   {change: func(_ *counter, cfg *Config) { cfg.Codes = nil }, rule: "evidence"},
		"codes fail": {change: func(c *counter, _ *Config) { c.fail = broken }, rule: "no code"},
		"codes panic": {change: func(_ *counter, cfg *Config) {
			cfg.Codes = CodesFunc(func(context.Context, Code) error { panic("broken") })
		}, rule: "no code"},
		"codes hang": {change: func(_ *counter, cfg *Config) {
			cfg.Codes = CodesFunc(func(ctx context.Context, _ Code) error { <-ctx.Done(); return ctx.Err() })
		}, rule: "no code"},
		"limiter fails":     {change: func(_ *counter, cfg *Config) { cfg.Limiter = limits(func() (bool, error) { return true, broken }) }, rule: "no code"},
		"limiter panics":    {change: func(_ *counter, cfg *Config) { cfg.Limiter = limits(func() (bool, error) { panic("broken") }) }, rule: "no code"},
		"limiter refuses":   {change: func(_ *counter, cfg *Config) { cfg.Limiter = limits(func() (bool, error) { return false, nil }) }, rule: "too many codes"},
		"CRM fails":         {change: func(_ *counter, cfg *Config) { cfg.CRM = brokenCRM{} }},
		"address unknown":   {change: func(_ *counter, cfg *Config) { cfg.CRM = Directory{} }},
		"clock goes back":   {after: func(c *counter) { c.memory(func(m *Memory) { m.Identity.AskedAt = time.Now().Add(time.Hour) }) }},
		"memory lost":       {after: func(c *counter) { c.memory(func(m *Memory) { m.Identity = Identity{} }) }},
		"hash empty":        {after: func(c *counter) { c.memory(func(m *Memory) { m.Identity.Hash = []byte{} }) }},
		"another's address": {after: func(c *counter) { c.memory(func(m *Memory) { m.Identity.Email = "bea@example.com" }) }},
	} {
		t.Run(name, func(t *testing.T) {
			var on *counter
			atCounter(t, func(cfg *Config) {
				if test.change != nil {
					on = cfg.Codes.(*counter)
					test.change(on, cfg)
				}
			}, func(c *counter) {
				c.says("Where are my orders? I am ada@example.com.")
				c.pass(20 * time.Second)
				if test.rule != "" {
					require.Equal(t, test.rule, c.last().Decision.Rule)
				}
				if test.after != nil {
					test.after(c)
				}
				if len(c.mails) > 0 {
					c.says(c.code())
				}
				for _, id := range c.ran {
					require.Empty(t, id, "nobody is taken for a customer of whom nobody knows that it is they")
				}
				turns, _ := json.Marshal(c.turns("t"))
				for _, m := range c.mails {
					if name != "memory lost" { // then nobody knows that it is a code
						require.NotContains(t, string(turns), m.Digits)
					}
				}
				require.NotRegexp(t, `cannot send [0-9]`, string(turns))
			})
		})
	}
}

// memory changes what the conversation remembers.
func (c *counter) memory(change func(*Memory)) {
	claim := c.claim()
	claim.Conversation, claim.Now = c.conversation("t").ID, time.Now()
	w, err := c.cfg.Store.Claim(c.t.Context(), claim)
	require.NoError(c.t, err)
	change(&w.Conversation.Memory)
	w.Conversation.Memory.Committed = w.Conversation.Epoch + 1
	require.NoError(c.t, c.cfg.Store.Commit(c.t.Context(), Commit{Conversation: w.Conversation, At: time.Now()}))
}

// brokenCRM fails.
type brokenCRM struct{}

func (brokenCRM) Customer(context.Context, channel.Party) (Customer, error) {
	return Customer{}, errors.New("down")
}

// TestVerificationEndsWithinATurn has the time be over while the model thinks.
func TestVerificationEndsWithinATurn(t *testing.T) {
	atCounter(t, func(cfg *Config) {
		c := cfg.Codes.(*counter)
		cfg.Model = ModelFunc(func(ctx context.Context, r Request) iter.Seq2[Delta, error] {
			if strings.Contains(r.Question, "slow") {
				_ = sleep(ctx, 20*time.Second)
			}
			return c.Generate(ctx, r)
		})
	}, func(c *counter) {
		c.says("Where are my orders? I am ada@example.com.")
		c.says(c.code())
		require.Len(t, c.ran, 1)
		c.pass(30*time.Minute - 10*time.Second)
		c.says("slow orders")
		c.pass(30 * time.Second)
		require.Len(t, c.ran, 1, "what was true when the turn began is not when the action is to run")
		require.Equal(t, "verify", c.last().Decision.Rule)
	})
}

// TestDoneIsNotDoneAgain has an action come before the one that needs a code.
func TestDoneIsNotDoneAgain(t *testing.T) {
	canceled := 0
	atCounter(t, func(cfg *Config) {
		cancel, err := NewAction("cancel", "Cancels.", func(context.Context, ActionCall, struct{}) (string, error) {
			canceled++
			return "canceled", nil
		})
		require.NoError(t, err)
		cfg.Actions = append(cfg.Actions, cancel)
		cfg.Model = ModelFunc(func(_ context.Context, r Request) iter.Seq2[Delta, error] {
			return func(yield func(Delta, error) bool) {
				if len(r.Results) > 1 && r.Results[len(r.Results)-1].Name == "orders" {
					yield(Delta{Text: "Your orders are on record."}, nil)
					return
				}
				_ = yield(Delta{Call: &Call{ID: "1", Name: "cancel", Arguments: []byte("{}")}}, nil) &&
					yield(Delta{Call: &Call{ID: "2", Name: "orders", Arguments: []byte("{}")}}, nil)
			}
		})
	}, func(c *counter) {
		c.says("Cancel and show my orders")
		c.says("ada@example.com")
		c.says(c.code())
		require.Equal(t, []string{"c1"}, c.ran)
		require.Equal(t, 1, canceled)
	})
}

func TestIdentityTexts(t *testing.T) {
	for tag, book := range phrasebooks() {
		for _, address := range []Address{Formal, Informal} {
			texts := book.texts(address)
			for _, text := range []string{texts.AskEmail, texts.CodeSent, texts.EnterCode, texts.CodeWrong, texts.Verified} {
				require.NotEmpty(t, text, tag)
			}
			require.Contains(t, texts.CodeSent, "{{code.email}}")
			require.Contains(t, texts.EnterCode, "{{code.email}}")
		}
	}
}

func TestFindCode(t *testing.T) {
	for text, want := range map[string][2]string{
		"123456":                        {"123456", "••••••"},
		"123 456":                       {"123456", "••••••"},
		"1 2 3-4 5 6!":                  {"123456", "••••••!"},
		"My code: 123456.":              {"123456", "My code: ••••••."},
		"code 000007 of order 12345":    {"000007", "code •••••• of order 12345"},
		"111111 or 222222":              {"222222", "•••••• or ••••••"},
		"١٢٣٤٥٦":                        {"123456", "••••••"},
		"１２３４５６":                        {"123456", "••••••"},
		"1234567":                       {"", "1234567"},
		"12345":                         {"", "12345"},
		"call +44 1632 960 001":         {"", "call +44 1632 960 001"},
		"from 123 to 456":               {"", "from 123 to 456"},
		"":                              {"", ""},
		"at 12:34 on 5.6.":              {"", "at 12:34 on 5.6."},
		"Code 123456, sent at 12:34:56": {"123456", "Code ••••••, sent at 12:34:56"},
	} {
		code, masked := findCode(text)
		require.Equal(t, want, [2]string{code, masked}, text)
	}
}

func TestNamedAddress(t *testing.T) {
	for text, want := range map[string]string{
		"It's ada@example.com.":                   "ada@example.com",
		"<ada@example.com>, please":               "ada@example.com",
		"mailto:ada.b+c@mail.example.com":         "ada.b+c@mail.example.com",
		"jörg@müller.example":                     "jörg@müller.example",
		"ada@example.com ADA@example.com":         "ADA@example.com",
		"ada@example.com bea@example.com":         "",
		"ada@localhost":                           "",
		"no address @ all":                        "",
		strings.Repeat("a", 250) + "@example.com": "",
		"a@b.c\nRcpt: d":                          "a@b.c",
	} {
		require.Equal(t, want, namedAddress(text), text)
	}
	require.Equal(t, "a…@example.com", veiled("ada@example.com"))
	require.Equal(t, "é…@example.com", veiled("élan@example.com"))
	require.Equal(t, "…@", veiled(""))
}

func FuzzIdentity(f *testing.F) {
	f.Add("code 123 456 for ada@example.com")
	f.Add("1\u00a02 3 4-5٦ \xff@é.x")
	f.Fuzz(func(t *testing.T, text string) {
		code, masked := findCode(text)
		if code != "" {
			require.Regexp(t, `^[0-9]{6}$`, code)
			again, _ := findCode(masked)
			require.Empty(t, again, "one mask is enough")
		}
		if a := namedAddress(text); a != "" {
			require.Contains(t, text, a)
			require.NotContains(t, a, "\n")
			require.Equal(t, 1, strings.Count(a, "@"))
		}
		veiled(text)
	})
}
