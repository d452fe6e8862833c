package agenttest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

// RunSharedStore proves a Store that several processes share. It calls open for
// each subtest, which returns two handles on the same, empty data, as two
// processes would have them.
func RunSharedStore(t *testing.T, open func(t *testing.T) (a, b agent.Store)) {
	for _, c := range []struct {
		says  string
		prove func(a, b *subject)
	}{
		{"what one process stored the others see at once", sharesData},
		{"a message that reaches two processes at once is received once", receivesOnceBetween},
		{"a conversation or a message under a lease in one process is claimed in no other", leasesBetween},
		{"a worker is fenced when another process has taken over", fencesBetween},
	} {
		t.Run(c.says, func(t *testing.T) {
			a, b := open(t)
			c.prove(&subject{t, a, c.says}, &subject{t, b, c.says})
		})
	}
	t.Run("Workers", func(t *testing.T) {
		a, b := open(t)
		runWorkers(t, a, b)
	})
}

// sharesData works through both handles in turn, so that nothing that one of
// them caches stays true.
func sharesData(a, b *subject) {
	for i := range 5 {
		a.receive(message(fmt.Sprint(i), fmt.Sprint(i), i))
		a.equal(a.all(), b.all())
		w := b.claim(claim("w", i))
		b.commit(fullCommit(w.Conversation, fmt.Sprint("answer ", i)))
		a.equal(a.all(), b.all())
		m := a.take(claim("v", 10))
		b.equal(a.all(), b.all())
		b.settle(m, agent.Sent, 10)
		a.equal(a.all(), b.all())
	}
}

// receivesOnceBetween sends each message four times, twice to each process.
func receivesOnceBetween(a, b *subject) {
	const n = 40
	receipts, errs := together(n, func(i int) (agent.Receipt, error) {
		in := message("t", fmt.Sprint(i/4), 0)
		in.NewID = fmt.Sprint("conversation ", i)
		return []*subject{a, b}[i%2].Receive(a.ctx(), in)
	})
	fresh := 0
	for i, r := range receipts {
		a.ok(errs[i])
		if !r.Duplicate {
			fresh++
		}
	}
	a.equal(n/4, fresh)
	all := b.all()
	require.Len(b.t, all.Conversations, 1, b.says)
	require.Len(b.t, all.Messages[0], n/4, b.says)
}

// leasesBetween uses one name in both processes: a lease is not a matter of who
// asks.
func leasesBetween(a, b *subject) {
	a.converse("sent", 0, answer("a"))
	a.receive(message("t", "m", 1))
	a.claim(claim("w", 2))
	b.notDue(claim("w", 2))
	b.take(claim("w", 2))
	a.notReady(claim("w", 2))
}

// fencesBetween commits late before and after the other one did.
func fencesBetween(a, b *subject) {
	a.receive(message("t", "m", 0))
	late := a.claim(claim("w", 0))
	next := b.claim(claim("v", 60))
	a.is(a.Commit(a.ctx(), fullCommit(late.Conversation, "late")), agent.ErrFenced)
	b.commit(fullCommit(next.Conversation, "next"))
	a.is(a.Commit(a.ctx(), fullCommit(late.Conversation, "late")), agent.ErrFenced)
}

// RunTenants proves that two tenants of one database are apart. It calls open
// for each subtest, which returns the empty Stores of two tenants.
func RunTenants(t *testing.T, open func(t *testing.T) (a, b agent.Store)) {
	for _, c := range []struct {
		says  string
		prove func(a, b *subject)
	}{
		{"a tenant sees nothing of what another stored", seesNothing},
		{"two tenants may use the same names for everything", sameNames},
		{"what one tenant does changes nothing of another's", changesNothing},
	} {
		t.Run(c.says, func(t *testing.T) {
			a, b := open(t)
			c.prove(&subject{t, a, c.says}, &subject{t, b, c.says})
		})
	}
}

// seesNothing asks by name for what exists elsewhere, which must look like what
// does not exist.
func seesNothing(a, b *subject) {
	c := a.converse("t", 0, answer("a"))
	a.receive(message("u", "m", 1))
	b.equal(stored{}, b.all())
	b.notDue(claim("w", 1000))
	b.notReady(claim("w", 1000))
	byName := claim("w", 1000)
	byName.Conversation = c.ID
	_, err := b.Claim(b.ctx(), byName)
	b.is(err, agent.ErrNotFound)
	b.is(b.Commit(b.ctx(), fullCommit(c, "b")), agent.ErrNotFound)
	require.Empty(b.t, b.messages(c.ID), b.says)
	require.Empty(b.t, collect(b, b.Turns(b.ctx(), c.ID)), b.says)
	require.Empty(b.t, b.records(c.ID), b.says)
}

// sameNames counts on nothing that is stored being different either, Seqs
// included: a number that goes up with another tenant's work tells of it.
func sameNames(a, b *subject) {
	for _, s := range []*subject{a, b} {
		c := s.converse("t", 0, answer("a"))
		s.commit(fullCommit(c, "b"))
		s.settle(s.take(claim("w", 10)), agent.Sent, 10)
	}
	a.equal(a.all(), b.all())
}

// changesNothing does everything in the other tenant under the same names, and
// then finishes what was under way.
func changesNothing(a, b *subject) {
	c := b.converse("t", 0, answer("a"), answer("b"))
	m := b.take(claim("w", 1))
	b.receive(message("u", "m", 1))
	w := b.claim(claim("w", 1))
	before := b.all()

	a.converse("t", 0, answer("a"), answer("b"))
	a.receive(message("u", "m", 1))
	a.claim(claim("w", 1))
	a.settle(a.take(claim("w", 1)), agent.Sent, 1)
	a.commit(fullCommit(a.conversation(c.ID), "c"))
	a.ok(a.Release(a.ctx(), "w"))

	b.equal(before, b.all())
	b.notReady(claim("v", 2))
	b.notDue(claim("v", 2))
	b.settle(m, agent.Sent, 2)
	b.commit(agent.Commit{Conversation: w.Conversation, At: at(2)})
}
