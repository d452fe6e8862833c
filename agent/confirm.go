package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A HeldCall is a call that waits for somebody's yes: that of the customer, or
// of a person of the company. What it says is what will be called.
type HeldCall struct {
	Call
	// Key is its ActionCall.Key.
	Key string `json:"key"`
	// Text is the call in words, made by code of the arguments.
	Text string `json:"text"`
	// Party is for whom it is, as far as they were known, Customer their ID of the
	// CRM, and Who tells them from others of the conversation.
	Party    channel.Party `json:"party,omitzero"`
	Customer string        `json:"customer,omitempty"`
	Who      string        `json:"who"`
	// Turn is the turn whose message asks the customer, and Expires when a yes
	// comes too late.
	Turn    string    `json:"turn"`
	Expires time.Time `json:"expires,omitzero"`
	// Approved is who of the company approved it. Then it may have run.
	Approved string `json:"approved,omitempty"`
}

// confirmTime is how long a customer may think about a question to confirm.
const confirmTime = 15 * time.Minute

// checkConfirmation asks the customer to confirm this very call.
func (t *turn) checkConfirmation(_ context.Context, p *proposal) string {
	if !p.Confirm || p.confirmed {
		return ""
	}
	text, fault := t.inWords(p)
	if fault != "" {
		return fault
	}
	held := t.hold(p, text)
	held.Expires = t.now.Add(confirmTime)
	t.conv.Memory.Pending = held
	t.decided(Ask, "confirm", "%s needs the customer's yes to these arguments.", p.Name)
	t.Text = text + "\n\n" + t.texts().Confirm
	return "the customer is asked to confirm it"
}

// checkApproval hands the call to people.
func (t *turn) checkApproval(_ context.Context, p *proposal) string {
	if p.approved || p.Risk != ApprovalRequired && (!p.Risk.Writes() || t.writes() != Approve) {
		return ""
	}
	text, fault := t.inWords(p)
	if fault != "" {
		return fault
	}
	t.conv.Memory.Proposed = t.hold(p, text)
	t.handOver(handoff.Policy, "needs approval", "%s needs the approval of a person.", p.Name)
	return "a person of the company has to approve it first"
}

func (t *turn) hold(p *proposal, text string) *HeldCall {
	call := p.Call
	call.Arguments = slices.Clone(p.Arguments)
	return &HeldCall{Call: call, Key: p.key, Text: text, Party: t.believed, Customer: t.customer.ID, Who: t.who(), Turn: t.ID}
}

// confirm takes the customer's reply to a question to confirm a call. Only a
// clear yes to the question as it was sent makes the call, that one and no
// other. Whatever else they write is a new message, and the call is forgotten.
func (t *turn) confirm(ctx context.Context) error {
	t.collecting, t.conv.Memory.Collecting = t.conv.Memory.Collecting, ""
	held := t.conv.Memory.Pending
	if held == nil {
		return nil
	}
	t.conv.Memory.Pending = nil
	answer := handoff.Consent(t.Question)
	void := t.void(held)
	switch {
	case void != "" || answer == handoff.Maybe:
		if void == "" {
			void = "the customer wrote something else"
		}
		t.record(ActionVoided, t.actor, "%s: %s", describe(CallResult{Call: held.Call, Key: held.Key}), void)
		t.finding("action %s: not confirmed: %s", held.Name, void)
	case answer == handoff.No:
		t.record(ActionDeclined, string(channel.Customer), "%s", describe(CallResult{Call: held.Call, Key: held.Key}))
		t.decided(Answer, "declined", "The customer said no to %s.", held.Name)
		t.Text = t.texts().Declined
	default:
		t.record(ActionConfirmed, string(channel.Customer), "%s", describe(CallResult{Call: held.Call, Key: held.Key}))
		t.makeHeld(ctx, held)
	}
	return nil
}

// void returns why a held call no longer counts, empty if it does.
func (t *turn) void(held *HeldCall) string {
	switch {
	case !t.now.Before(held.Expires):
		return "it expired"
	case held.Who != t.who():
		return "it was asked of another customer"
	case slices.ContainsFunc(t.burst, func(m Message) bool { return m.WantsPerson || len(m.Attachments) > 0 }):
		return "the reply is more than words"
	}
	return t.unasked(held.Turn)
}

// Why what a turn asked is not what the customer replies to.
const (
	undelivered = "the question was not delivered"
	unsent      = "it was written before the question was sent"
	lost        = "the question is no longer at hand"
)

// unasked returns why the burst is no reply to what a turn asked, empty if it is.
// A reply that was written before the question was sent is none.
func (t *turn) unasked(turn string) string {
	asked := int64(0)
	for _, m := range t.messages {
		if m.ID == turn+".1" || strings.HasPrefix(m.ID, turn+".1.") {
			switch m.Delivery.State {
			case Failed:
				return undelivered
			case Pending:
				return unsent
			}
			asked = max(asked, m.Seq)
		}
	}
	switch {
	case asked == 0:
		return lost
	case t.First <= asked:
		return unsent
	}
	return ""
}

// makeHeld makes the call that the customer has confirmed, and decides what they
// are told. If it was not made, people get the conversation.
func (t *turn) makeHeld(ctx context.Context, held *HeldCall) {
	p := &proposal{Call: held.Call, key: held.Key, confirmed: true}
	r := t.perform(ctx, p)
	switch {
	case t.Decision.Kind != "":
	case r.Check == "dry run":
		t.decided(Answer, "confirmed", "The customer confirmed %s, in a dry run.", p.Name)
		t.Text = t.texts().Done
	case r.Refused != "":
		t.handOver(handoff.ActionFailure, "confirmed and not done", "The customer confirmed %s, and it was not done: %s.", p.Name, r.Refused)
	default:
		t.decided(Answer, "confirmed", "The customer confirmed %s.", p.Name)
		t.confirmed = p
	}
}

// report says what came of a confirmed call: in the host's words, or in the
// model's, or in fixed ones. The model may only word it.
func (t *turn) report(ctx context.Context) {
	p := t.confirmed
	plain := t.texts().Done
	if text, ok := t.fillCall(t.inLanguage(p.Reports), p); ok && text != "" {
		t.Text = text
		return
	}
	if _, quotes := t.agent.cfg.Model.(Extractive); quotes {
		t.Text = plain
		return
	}
	// Only what was done is offered, which tells the guard that it was.
	t.call.Actions = []ActionSpec{p.spec()}
	t.call.Results = slices.Clone(t.Calls)
	t.call.Results[0].Why = ""
	t.draft.reset(t.call)
	decision := t.Decision
	calls, err := t.write(ctx, t.agent.cfg.Model)
	decision.Findings = append(t.Decision.Findings, t.draft.findings...)
	t.Decision = decision // it was done, whatever the model thinks of it
	if err != nil {
		t.finding("the model failed, so fixed words are said: %v", err)
	}
	if len(calls) > 0 {
		t.finding("the model proposed %d calls where it only words a result", len(calls))
	}
	if t.Text = strings.TrimSpace(t.draft.kept.String()); err != nil || !wordy(t.Text) {
		t.Text = plain
	}
}

// inWords returns a call in words, with every argument in them, or why that
// cannot be.
func (t *turn) inWords(p *proposal) (text, fault string) {
	lead, ok := t.fillCall(t.inLanguage(p.Asks), p)
	if !ok || lead == "" {
		lead = t.texts().MayI + " " + strings.ReplaceAll(p.Name, "_", " ")
	}
	named := map[string]bool{}
	if ok {
		for _, m := range placeholders.FindAllStringSubmatch(t.inLanguage(p.Asks), -1) {
			_, named[m[1]] = t.facts(p)(m[1]) // or other words stand there
		}
	}
	var b strings.Builder
	b.WriteString(lead)
	for _, name := range slices.Sorted(maps.Keys(p.raw)) {
		value := plainly(p.raw[name])
		if !t.harmless(value) || !t.harmless(name) {
			return "", fmt.Sprintf("the argument %s cannot be shown to the customer as it is", clip(stripHidden(name), 64))
		}
		if !named["argument."+name] {
			fmt.Fprintf(&b, "\n- %s: %s", strings.ReplaceAll(name, "_", " "), value)
		}
	}
	if text = b.String(); len(text) > mostShown {
		return "", "the arguments are too long to be shown to the customer"
	}
	return text, ""
}

// mostShown is how long a call in words may be, in bytes.
const mostShown = 4000

// plainly returns a JSON value as people read it.
func plainly(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
		return text
	}
	return string(raw)
}

// fillCall returns a template with the facts that it names, unless one is not
// known and has no words for that, or is not harmless.
func (t *turn) fillCall(template string, p *proposal) (text string, ok bool) {
	known, ok := t.facts(p), true
	text = placeholders.ReplaceAllStringFunc(template, func(m string) string {
		match := placeholders.FindStringSubmatch(m)
		name, other := match[1], strings.TrimSpace(match[2])
		v, found := known(name)
		if !found && other != "" {
			return other
		}
		value := fmt.Sprint(v)
		if argument, of := strings.CutPrefix(name, "argument."); of && found {
			value = plainly(p.raw[argument])
		}
		ok = ok && found && t.harmless(value)
		return value
	})
	return text, ok
}

// harmless reports whether a value may stand in what code says: it has no
// characters that cannot be seen, no markup, and no link but those that the
// customer wrote and those that may be given.
func (t *turn) harmless(value string) bool {
	if stripHidden(value) != value || strings.ContainsAny(value, "\n\t") || active.MatchString(value) || unmarked(value) != value {
		return false
	}
	allowed := guard{hosts: t.agent.rules.Links}
	written := strings.Join(t.written(), "\n")
	pointing := matches(links, value, slanted)
	pointing = append(pointing, matches(sites, emails.ReplaceAllString(value, " "), dotted)...)
	return !slices.ContainsFunc(pointing, func(link string) bool {
		return !strings.Contains(written, link) && !allowed.mayLink(link)
	})
}

// inLanguage returns the text in the customer's language, or in English, or in
// the first of them.
func (t *turn) inLanguage(texts map[string]string) string {
	for _, language := range []string{t.Language, english} {
		if text := texts[language]; text != "" {
			return text
		}
	}
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		return texts[language]
	}
	return ""
}
