package agent

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
)

// A Code is a one-time code on its way to a customer.
type Code struct {
	// To is the e-mail address, as the customer or the channel gave it.
	To string
	// Digits are the code, six of them. They belong into the mail and nowhere else.
	Digits string
	// Language is the customer's, a BCP 47 tag such as "en".
	Language string
	// Life is how long the code may be entered.
	Life time.Duration
}

// String returns the code without its digits.
func (c Code) String() string { return "code for " + c.To }

// GoString returns what String does.
func (c Code) GoString() string { return c.String() }

// mailTime is the longest that a code may take to be sent.
const mailTime = 10 * time.Second

// enterCode takes the code or the address that the customer was asked for. A
// message that holds neither is a message like any other. The turn goes on, with
// the question that waited, only if the code is right.
func (t *turn) enterCode(ctx context.Context) error {
	id := &t.conv.Memory.Identity
	code := t.takeCode(id)
	*id = id.of(t.party())
	address := namedAddress(t.Question)
	if address != "" {
		id.Named = address
	}
	switch {
	case id.Hash != nil && code != "":
		return t.tryCode(ctx, code)
	case !between(id.AskedAt, t.now, codeLife):
	case address != "" && (t.party().Email == "" || strings.EqualFold(address, t.party().Email)):
		t.decided(Ask, "address", "The customer gave the address that was asked for.")
		t.sendCode(ctx, address)
	}
	return nil
}

// takeCode takes the newest code out of what the customer wrote, if one was
// sent, and every other with it: none of them is anybody's business.
func (t *turn) takeCode(id *Identity) (code string) {
	if id.Hash == nil || t.now.After(id.AskedAt.Add(codeRecall)) {
		return ""
	}
	var texts []string
	for i, m := range t.burst {
		if found, masked := findCode(m.Text); found != "" {
			code = found
			id.Codes = append(slices.Clone(id.Codes), m.Seq)
			t.burst[i].Text = masked
		}
		texts = append(texts, t.burst[i].Text)
	}
	if code != "" {
		id.Codes = id.Codes[max(0, len(id.Codes)-historyLength):]
		t.Question = clip(strings.TrimSpace(strings.Join(texts, "\n")), t.agent.rules.Limits.Question)
	}
	return code
}

// tryCode compares a code with the one that was sent.
func (t *turn) tryCode(ctx context.Context, code string) error {
	id := &t.conv.Memory.Identity
	if !between(id.AskedAt, t.now, codeLife) {
		t.decided(Ask, "code expired", "The code had expired, so another one was sent.")
		t.sendCode(ctx, id.Email)
		return nil
	}
	hash := t.hash(id.Salt, id.Email, code)
	if subtle.ConstantTimeCompare(hash, id.Hash) != 1 {
		t.refuseCode()
		return nil
	}
	t.record(IdentityVerified, string(channel.Customer), "%s", veiled(id.Email))
	question, rest := id.Waiting, t.Question
	t.done = id.Done
	id.VerifiedAt = t.now
	id.AskedAt, id.Salt, id.Hash, id.Tries, id.Waiting, id.Done = time.Time{}, nil, nil, 0, "", nil
	// A few words around a code ask for nothing.
	if len(strings.Fields(rest)) > 8 {
		question = strings.TrimSpace(question + "\n" + rest)
	}
	if t.Question = question; question == "" {
		t.decided(Answer, "verified", "The customer entered the code.")
		t.Text = t.texts().Verified
	}
	return nil
}

// refuseCode counts a wrong code. After the last one nothing but another
// person helps.
func (t *turn) refuseCode() {
	id := &t.conv.Memory.Identity
	id.Tries++
	t.record(CodeRefused, string(channel.Customer), "%s, try %d", veiled(id.Email), id.Tries)
	if id.Tries >= codeTries {
		*id = Identity{Party: id.Party, Named: id.Named, Codes: id.Codes}
		t.handOver(handoff.Policy, "wrong codes", "The customer entered %d wrong codes.", codeTries)
		return
	}
	t.decided(Ask, "wrong code", "The customer entered a wrong code, %d of %d.", id.Tries, codeTries)
	t.Text = t.texts().CodeWrong
}

// prove asks for what is missing of a verification: the address, or the code.
func (t *turn) prove(ctx context.Context) error {
	if !t.proving {
		return nil
	}
	id := &t.conv.Memory.Identity
	id.Waiting, id.Done = t.Question, slices.DeleteFunc(slices.Concat(t.done, t.Calls), func(r CallResult) bool { return r.Refused != "" })
	address := t.party().Email
	if address == "" {
		address = namedAddress(t.Question)
	}
	switch {
	case id.Hash != nil && between(id.AskedAt, t.now, codeLife) && (address == "" || strings.EqualFold(address, id.Email)):
		t.Text = t.fill(t.texts().EnterCode)
	case address != "":
		t.sendCode(ctx, address)
	default:
		id.Email, id.Salt, id.Hash, id.VerifiedAt = "", nil, nil, time.Time{}
		id.AskedAt = t.now
		t.Text = t.texts().AskEmail
	}
	return nil
}

// sendCode sends a code to an address, in place of any that was sent before, and
// asks for it. If anything of that fails, people take over.
func (t *turn) sendCode(ctx context.Context, address string) {
	id := &t.conv.Memory.Identity
	id.AskedAt, id.Email, id.Salt, id.Hash, id.VerifiedAt = time.Time{}, "", nil, nil, time.Time{}
	if !t.direct() {
		t.handOver(handoff.Policy, "no code", "A person sends what the agent says, and a code would go at once.")
		return
	}
	if ok, err := t.maySend(ctx, address); err != nil {
		t.finding("the limiter failed: %v", err)
		t.handOver(handoff.Failure, "no code", "Whether a code may be sent is not known.")
		return
	} else if !ok {
		t.handOver(handoff.Limits, "too many codes", "No more codes may be sent to the address, or in the conversation.")
		return
	}
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	digits := newDigits()
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	err := guarded(func() error {
		return t.agent.cfg.Codes.SendCode(ctx, Code{To: address, Digits: digits, Language: t.Language, Life: codeLife})
	})
	if err != nil {
		t.finding("the code was not sent: %s", strings.ReplaceAll(err.Error(), digits, codeMask))
		t.handOver(handoff.Failure, "no code", "The code could not be sent.")
		return
	}
	id.AskedAt, id.Email, id.Salt, id.Tries = t.now, address, salt, 0
	id.Hash = t.hash(salt, address, digits)
	t.record(CodeSent, string(channel.Agent), "%s", veiled(address))
	t.Text = t.fill(t.texts().CodeSent)
}

// maySend counts a code against the limits. Each attempt at a turn is counted,
// because each sends one.
func (t *turn) maySend(ctx context.Context, address string) (bool, error) {
	limits := t.agent.rules.Limits
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	for _, u := range []Use{
		{Key: "codes of conversation " + t.conv.ID, Max: int64(limits.CodesPerConversation), Since: t.conv.OpenedAt},
		{Key: "codes to address " + hex.EncodeToString(sum[:16]), Max: int64(limits.CodesPerAddress), Since: t.now.Add(-time.Hour)},
	} {
		u.Cause, u.Amount, u.At = t.ID, 1, t.now
		ok := false
		err := guarded(func() (err error) {
			ok, err = t.agent.cfg.Limiter.Allow(ctx, u)
			return err
		})
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// newDigits returns six digits that nobody can guess.
func newDigits() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(b[:])%1_000_000)
}

// hash stands for a code. It is worth nothing for another address or conversation.
func (t *turn) hash(salt []byte, address, code string) []byte {
	sum := sha256.Sum256(fmt.Appendf(slices.Clone(salt), "\x00%s\x00%s\x00%s", t.conv.ID, strings.ToLower(address), code))
	return sum[:]
}
