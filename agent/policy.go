package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A proposal is a call on its way through the policy.
type proposal struct {
	Call
	*action
	key string
	// arguments are those of the call, and raw the same as they were written.
	arguments map[string]any
	raw       map[string]json.RawMessage
	// confirmed says that the customer, and approved that a person of the company
	// has said yes to this very call.
	confirmed, approved bool
	customer            string // for whom it was approved, by the CRM's ID
	// why says for the host what decided.
	why string
}

// A check is one question of the policy. It returns why the call may not be
// made, in words for the model, or nothing.
type check struct {
	name string
	run  func(*turn, context.Context, *proposal) string
}

// checks are asked in order. Those that cost or change something come last, so
// that only a call that would run counts against limits.
func checks() []check {
	return []check{
		{"known", (*turn).checkKnown},
		{"identity", (*turn).checkIdentity},
		{"arguments", (*turn).checkArguments},
		{"inputs", (*turn).checkInputs},
		{"precondition", (*turn).checkPrecondition},
		{"amount", (*turn).checkAmount},
		{"repeated", (*turn).checkRepeated},
		{"confirmation", (*turn).checkConfirmation},
		{"approval", (*turn).checkApproval},
		{"at most once", (*turn).checkOnce},
		{"dry run", (*turn).checkDryRun},
		{"limit", (*turn).checkLimits},
	}
}

// judge runs the checks, and returns the one that refuses and its words.
func (t *turn) judge(ctx context.Context, p *proposal) (name, refused string) {
	for _, c := range checks() {
		if refused := c.run(t, ctx, p); refused != "" {
			return c.name, refused
		}
	}
	return "", ""
}

// checkKnown wants an action that there is and that is on, here and now.
func (t *turn) checkKnown(_ context.Context, p *proposal) string {
	if p.action == nil || !t.on(p.action) {
		return "there is no such action"
	}
	return ""
}

// checkIdentity wants the customer to be known well enough, now.
func (t *turn) checkIdentity(_ context.Context, p *proposal) string {
	switch {
	case p.approved && t.customer.ID != p.customer:
		return "the company does not know the customer as it did when this was proposed"
	case !t.trusted(p.Trust):
		t.verify(p.Trust, p.Name)
		return fmt.Sprintf("the customer is %s, and it needs %s", t.customer.Trust, p.Trust)
	case p.MatchEmail && (t.known.ID == "" || !t.named(t.known.Email)):
		return "the customer has to name the e-mail address that the company has of them: ask for it"
	}
	return ""
}

// written returns what the customer wrote in this opening, as far as it is at hand.
func (t *turn) written() []string {
	texts := []string{t.Question}
	for _, m := range t.history {
		if m.Author == channel.Customer {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// checkArguments wants a JSON object that the schema allows. Of names that are
// written twice, or that differ in case only, nobody could tell which counts.
func (t *turn) checkArguments(_ context.Context, p *proposal) string {
	if len(p.Arguments) > mostOutput {
		return "the arguments are too long"
	}
	if ambiguous(p.Arguments) {
		return "the arguments are not a JSON object with each name once"
	}
	p.Arguments = canonical(p.Arguments)
	if json.Unmarshal(p.Arguments, &p.arguments) != nil || p.arguments == nil || json.Unmarshal(p.Arguments, &p.raw) != nil {
		return "the arguments are not a JSON object"
	}
	if len(t.missing(p)) > 0 {
		return "" // which has words of its own
	}
	if err := p.schema.Validate(p.arguments); err != nil {
		return "the arguments do not fit: " + err.Error()
	}
	return ""
}

// checkInputs wants all that the schema requires. What is missing is the
// customer's to say, one thing at a time.
func (t *turn) checkInputs(_ context.Context, p *proposal) string {
	missing := t.missing(p)
	if len(missing) == 0 {
		return ""
	}
	t.conv.Memory.Collecting = p.Name
	first := missing[0]
	if s := p.schema.Schema().Properties[first]; s != nil && s.Description != "" {
		first += " (" + s.Description + ")"
	}
	return fmt.Sprintf("it needs %s: ask the customer for %s first, and for one thing at a time", strings.Join(missing, ", "), first)
}

// missing returns the required arguments that are not there or empty.
func (t *turn) missing(p *proposal) []string {
	var names []string
	for _, name := range p.schema.Schema().Required {
		if v, ok := p.arguments[name]; !ok || v == nil || v == "" {
			names = append(names, name)
		}
	}
	return names
}

// checkPrecondition wants the conditions of the code and of the settings to
// hold. The model is told which facts are not known, and no values.
func (t *turn) checkPrecondition(_ context.Context, p *proposal) string {
	known := t.facts(p)
	for _, test := range p.when {
		if test.Ask(known) == handoff.Yes {
			continue
		}
		var unknown []string
		truth := test.Ask(func(name string) (any, bool) {
			v, ok := known(name)
			if !ok && !slices.Contains(unknown, name) {
				unknown = append(unknown, name)
			}
			return v, ok
		})
		p.why = test.Why(known)
		if truth == handoff.Maybe && len(unknown) > 0 {
			return "this has to be found out first: " + strings.Join(unknown, ", ")
		}
		return "the company does not allow it in this case"
	}
	return ""
}

// mostAmount is the greatest amount that is counted exactly in thousandths.
const mostAmount = 1e12

// checkAmount wants the amount of one call to be in its limits.
func (t *turn) checkAmount(_ context.Context, p *proposal) string {
	if !p.Limits.amounts() {
		return ""
	}
	amount, ok := p.arguments[p.Amount].(float64)
	most := mostAmount
	for _, limit := range []float64{p.Limits.AmountPerCall, p.Limits.AmountPerDay} {
		if limit > 0 {
			most = min(most, limit)
		}
	}
	switch {
	case !ok || amount <= 0:
		return fmt.Sprintf("%s has to be a positive number", p.Amount)
	case amount > most:
		p.why = fmt.Sprintf("%s is %v, above %v", p.Amount, amount, most)
		return fmt.Sprintf("%s is more than is allowed", p.Amount)
	}
	return ""
}

// mostWrites is how many different writes an opening may have, so that what was
// done can be remembered.
const mostWrites = 64

// checkRepeated wants no write that this opening has had.
func (t *turn) checkRepeated(_ context.Context, p *proposal) string {
	switch done := t.conv.Memory.Done; {
	case !p.Risk.Writes() || p.inside:
	case slices.Contains(done, p.sameness()):
		return "it was done in this conversation already, with the same arguments, and is not done again"
	case len(done) >= mostWrites:
		return "too much was done in this conversation"
	}
	return ""
}

// sameness is the same for calls of the same action and arguments.
func (p *proposal) sameness() string {
	return digestOf(fmt.Appendf(nil, "%s\x00%s", p.Name, p.Arguments))
}

// checkOnce wants no call that an earlier attempt at this turn may have made.
func (t *turn) checkOnce(_ context.Context, p *proposal) string {
	if !p.Idempotent && t.begunBefore() {
		t.handOver(handoff.ActionFailure, "may have been done", "An earlier attempt at the turn may have run %s.", p.Name)
		return "it may have been done already, and is not done twice"
	}
	return ""
}

// checkDryRun lets nothing run in a dry run.
func (t *turn) checkDryRun(_ context.Context, p *proposal) string {
	if t.agent.cfg.DryRun {
		return "this is a dry run: it was not called, and would have been with " + string(p.Arguments)
	}
	return ""
}

// The windows of limits. A conversation is open for less than a year.
const (
	aDay  = 24 * time.Hour
	aYear = 366 * aDay
)

// checkLimits counts the call, and wants it to be within its limits. A limiter
// that fails allows nothing.
func (t *turn) checkLimits(ctx context.Context, p *proposal) string {
	thousandths := func(amount float64) int64 { return int64(math.Ceil(math.Round(amount*1e6) / 1e3)) }
	amount, _ := p.arguments[p.Amount].(float64)
	contact, opening := t.contact(), fmt.Sprintf("%s.%d", t.conv.ID, t.conv.Opening)
	if t.suggesting {
		return "" // nothing counts, for the customer did not ask for it
	}
	for _, l := range []struct {
		name, whose  string
		amount, most int64
		window       time.Duration
	}{
		{"amount_per_day", contact, thousandths(amount), thousandths(p.Limits.AmountPerDay), aDay},
		{"per_conversation", opening, 1, int64(p.Limits.PerConversation), aYear},
		{"per_day", contact, 1, int64(p.Limits.PerDay), aDay},
	} {
		if l.most == 0 {
			continue
		}
		ok, err := t.agent.cfg.Limiter.Allow(ctx, Use{
			Key:   strings.Join([]string{"action", p.Name, l.name, l.whose}, "/"),
			Cause: p.key, Amount: l.amount, Max: l.most, Since: t.now.Add(-l.window), At: t.now,
		})
		switch {
		case err != nil:
			t.agent.cfg.Log.ErrorContext(ctx, "agent: a limit cannot be checked", "action", p.Name, "err", err)
			return "its limits cannot be checked now"
		case !ok:
			p.why = fmt.Sprintf("the limit %s is reached", l.name)
			return "it was done as often as is allowed, for now"
		}
	}
	return ""
}

// contact names the customer over conversations, for limits, without saying who
// it is. Whoever is not known is known by the conversation.
func (t *turn) contact() string {
	c := t.customer
	switch {
	case c.ID != "":
		return digestOf([]byte("id:" + c.ID))
	case t.trusted(channel.Asserted) && c.Email != "":
		return digestOf([]byte("email:" + strings.ToLower(c.Email)))
	case t.trusted(channel.Asserted) && c.Phone != "":
		return digestOf([]byte("phone:" + c.Phone))
	}
	return "conversation:" + t.conv.ID
}

// who tells customers apart within a conversation.
func (t *turn) who() string {
	if t.whoIs != "" {
		return t.whoIs
	}
	c, party := t.customer, ""
	if len(t.burst) > 0 {
		party = t.burst[0].From.ID
	}
	return digestOf(fmt.Appendf(nil, "%q %q %q %q", c.ID, strings.ToLower(c.Email), c.Phone, party))
}
