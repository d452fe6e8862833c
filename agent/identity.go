package agent

import (
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Identity is what a conversation has shown of who writes in it. It is that of
// one party: when somebody else writes, it is lost.
type Identity struct {
	// Party is who writes, as the channel says, without a name and attributes.
	Party channel.Party `json:"party,omitzero"`
	// Named is the e-mail address that the customer wrote last.
	Named string `json:"named,omitempty"`
	// AskedAt is when the customer was asked for an address, or sent a code.
	AskedAt time.Time `json:"asked_at,omitzero"`
	// Email is the address that the code was sent to. Empty while it is asked for.
	Email string `json:"email,omitempty"`
	// Salt and Hash stand for the code, until it is spent, and Tries counts the
	// wrong ones.
	Salt  []byte `json:"salt,omitempty"`
	Hash  []byte `json:"hash,omitempty"`
	Tries int    `json:"tries,omitempty"`
	// VerifiedAt is when the customer showed to read the mail of Email.
	VerifiedAt time.Time `json:"verified_at,omitzero"`
	// Waiting is the customer's question that needs to know who asks, and Done
	// are the calls that were made for it.
	Waiting string       `json:"waiting,omitempty"`
	Done    []CallResult `json:"done,omitempty"`
	// Codes are the Seqs of the messages that held a code.
	Codes []int64 `json:"codes,omitempty"`
}

const (
	// codeLife is how long a code may be entered, and an address given.
	codeLife = 10 * time.Minute
	// codeRecall is how long six digits are taken for a code that was sent.
	codeRecall = time.Hour
	// verifiedLife is how long an address that was verified stays so.
	verifiedLife = 30 * time.Minute
	// codeTries is how many wrong codes a code outlives, and one.
	codeTries = 3
)

// between reports whether now is within d after a time that is set. A clock that
// has gone back is not.
func between(at, now time.Time, d time.Duration) bool {
	return !at.IsZero() && !now.Before(at) && now.Sub(at) < d
}

// of returns the identity as far as it is that of a party.
func (i Identity) of(p channel.Party) Identity {
	if samePerson(i.Party, p) {
		return i
	}
	return Identity{Party: channel.Party{ID: p.ID, Email: p.Email, Phone: p.Phone}, Codes: i.Codes}
}

// verified reports whether a party has verified Email, at this moment.
func (i Identity) verified(p channel.Party, now time.Time) bool {
	return i.Email != "" && samePerson(i.Party, p) && between(i.VerifiedAt, now, verifiedLife)
}

// samePerson reports whether a channel means the same person.
func samePerson(a, b channel.Party) bool {
	return a.ID == b.ID && a.Email == b.Email && a.Phone == b.Phone
}

func cloneIdentity(i Identity) Identity {
	i.Salt, i.Hash, i.Codes = slices.Clone(i.Salt), slices.Clone(i.Hash), slices.Clone(i.Codes)
	i.Done = cloneCalls(i.Done)
	return i
}

// trusted reports whether the customer is known well enough, at this moment. It
// is asked before every action and every property, and never remembered: with a
// verification that has ended meanwhile, what was known by it is forgotten.
func (t *turn) trusted(need channel.Trust) bool {
	if t.raised && !t.conv.Memory.Identity.verified(t.party(), time.Now()) {
		t.raised = false
		t.knows(bare(t.party()))
	}
	return t.customer.Trust >= need
}

// bare returns the customer of whom no more is known than the channel says.
func bare(p channel.Party) Customer {
	return Customer{Name: p.Name, Email: p.Email, Phone: p.Phone, Trust: p.Trust}
}

// verify ends the turn with a question that lets the customer reach a level of
// trust, so that the turn may go on. It reports whether there is a way to it:
// an e-mail code is the only one within a conversation. Purpose says for the
// host what the level is needed for.
func (t *turn) verify(need channel.Trust, purpose string) bool {
	if t.trusted(need) || need > channel.EmailVerified || t.agent.cfg.Codes == nil || !t.direct() {
		return false
	}
	t.decided(Ask, "verify", "The customer is %s, and it needs %s: %s.", t.customer.Trust, need, purpose)
	t.Text, t.Citations, t.proving = "", nil, true
	return true
}
