package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// conversations is the [agent.Store] of a tenant. Every method that changes
// something is one transaction.
type conversations struct {
	db     *DB
	tenant string
}

// errRepeat ends the transaction of a message that was received before.
var errRepeat = errors.New("sqlstore: message received before")

// Receive implements [agent.Mailbox]. The unique keys of messages, not a look
// beforehand, find a repeat: so it is found also when both come at once.
func (s conversations) Receive(ctx context.Context, in agent.Inbound) (r agent.Receipt, err error) {
	err = s.db.write(ctx, func(ctx context.Context, c *conn) error {
		if r.Conversation, r.Seq, err = s.thread(ctx, c, in); err != nil {
			return err
		}
		m := agent.Message{Entry: channel.Entry{Seq: r.Seq, Message: in.Message}, Conversation: r.Conversation}
		added, err := s.addMessage(ctx, c, in.Channel, m, in.At, 1)
		if err != nil {
			return err
		}
		if !added {
			// The conversation was counted on, or even created, before the message was
			// found to be known. The rollback takes that back.
			if r, err = s.earlier(ctx, c, in); err == nil {
				err = errRepeat // which rolls back
			}
			return err
		}
		// Only here is it known which conversation the record is about.
		in.Record.Conversation = r.Conversation
		return s.addRecord(ctx, c, in.Record)
	})
	switch err {
	case nil, errRepeat:
		return r, nil
	}
	return agent.Receipt{}, err
}

// A conversation that waits already keeps its due time, so that a message joins
// the burst and does not put it off. One under lease is not to be claimed before
// the lease ends. The table's own name means the row as it was.
const receiveConversation = `
INSERT INTO frontdesk_conversation
    (tenant, id, channel, thread, owner, epoch, answered, last_seq, waiting, due, lease_until, worker, wake, active_at, customer, body)
VALUES ($1, $2, $3, $4, '', 0, 0, 1, $5, $6, 0, '', $6, $7, $8, $9)
ON CONFLICT (tenant, channel, thread) DO UPDATE SET
    last_seq = frontdesk_conversation.last_seq + 1,
    waiting  = CASE WHEN excluded.waiting = 1 THEN 1 ELSE frontdesk_conversation.waiting END,
    due      = CASE WHEN frontdesk_conversation.waiting = 1 THEN frontdesk_conversation.due ELSE excluded.due END,
    wake     = CASE WHEN frontdesk_conversation.waiting = 1 THEN frontdesk_conversation.wake
                    WHEN frontdesk_conversation.lease_until > excluded.due THEN frontdesk_conversation.lease_until
                    ELSE excluded.due END,
    active_at = CASE WHEN frontdesk_conversation.active_at > excluded.active_at
                     THEN frontdesk_conversation.active_at ELSE excluded.active_at END,
    customer = excluded.customer
RETURNING id, last_seq`

// thread makes the conversation of an inbound message due, creating it if need
// be, and returns its ID and the Seq of the message.
func (s conversations) thread(ctx context.Context, c *conn, in agent.Inbound) (id string, seq int64, err error) {
	customer, err := encode(in.Message.From)
	if err != nil {
		return "", 0, err
	}
	body, err := encode(agent.Conversation{Opening: 1, OpenedAt: in.At})
	if err != nil {
		return "", 0, err
	}
	err = c.one(ctx, receiveConversation, []any{
		s.tenant, in.NewID, in.Channel, in.Message.Thread, flag(in.Message.Author == channel.Customer),
		nanos(in.Due), nanos(in.At), customer, body,
	}, &id, &seq)
	return id, seq, err
}

// earlier returns the receipt of a message that came before.
func (s conversations) earlier(ctx context.Context, c *conn, in agent.Inbound) (agent.Receipt, error) {
	r := agent.Receipt{Duplicate: true}
	// frontdesk_message_inbound answers this.
	err := c.one(ctx, `
SELECT conversation, seq FROM frontdesk_message WHERE tenant = $1 AND channel = $2 AND id = $3 AND inbound = 1`,
		[]any{s.tenant, in.Channel, in.Message.ID}, &r.Conversation, &r.Seq)
	if err == sql.ErrNoRows { // it is one of our own that came back
		// By the unique keys of both tables: (tenant, channel, thread) of the
		// conversation, and (tenant, conversation, id) of the message.
		err = c.one(ctx, `
SELECT m.conversation, m.seq FROM frontdesk_message m
JOIN frontdesk_conversation c ON c.tenant = m.tenant AND c.id = m.conversation
WHERE c.tenant = $1 AND c.channel = $2 AND c.thread = $3 AND m.id = $4`,
			[]any{s.tenant, in.Channel, in.Message.Thread, in.Message.ID}, &r.Conversation, &r.Seq)
	}
	return r, err
}

// Claim implements [agent.Mailbox]. The messages are read in the transaction
// that takes the lease, so that a failure to read them takes none.
func (s conversations) Claim(ctx context.Context, claim agent.Claim) (w agent.Work, err error) {
	err = s.db.write(ctx, func(ctx context.Context, c *conn) error {
		if w.Conversation, err = s.lease(ctx, c, claim); err != nil {
			return err
		}
		// The inner query steps back over the Recent answered messages by the primary
		// key, to the one before them. COALESCE stands for the beginning, where there
		// are not so many.
		w.Messages, err = rows(ctx, c, scanMessage, `SELECT `+messageColumns+` FROM frontdesk_message
WHERE tenant = $1 AND conversation = $2 AND seq > COALESCE((
    SELECT seq FROM frontdesk_message WHERE tenant = $1 AND conversation = $2 AND seq <= $3
    ORDER BY seq DESC LIMIT 1 OFFSET $4), 0)
ORDER BY seq`, s.tenant, w.Conversation.ID, w.Conversation.Answered, max(claim.Recent, 0))
		return err
	})
	if err != nil {
		return agent.Work{}, err
	}
	return w, nil
}

// lease leases the conversation that the claim is about. What is under lease
// has its wake put to the end of it, so that a search by wake passes over ten
// thousand turns that wait for a model without looking at them.
func (s conversations) lease(ctx context.Context, c *conn, claim agent.Claim) (agent.Conversation, error) {
	// By name: due or not, as long as nobody has a lease.
	which, args := `$5`, []any{
		s.tenant, nanos(claim.Now.Add(claim.Lease)), claim.Worker, nanos(claim.Now), claim.Conversation,
	}
	if claim.Conversation == "" {
		var channels string
		channels, args = in(args[:4], claim.Channels)
		// frontdesk_conversation_wake covers this: the row itself is read only for the
		// one that is found. The id decides between equals.
		which = `(SELECT id FROM frontdesk_conversation
    WHERE tenant = $1 AND wake <= $4 AND channel IN (` + channels + `) ORDER BY wake, id LIMIT 1)`
	}
	found, err := rows(ctx, c, scanConversation, `UPDATE frontdesk_conversation SET
    epoch = epoch + 1, lease_until = $2, worker = $3, wake = CASE WHEN due > $2 THEN due WHEN due IS NOT NULL THEN $2 END
WHERE tenant = $1 AND id = `+which+` AND lease_until <= $4
RETURNING `+conversationColumns, args...)
	if err != nil {
		return agent.Conversation{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	if claim.Conversation != "" {
		// No row changed: either it is under lease, or there is none of that ID.
		if _, err := s.state(ctx, c, claim.Conversation); err != nil {
			return agent.Conversation{}, err
		}
	}
	return agent.Conversation{}, agent.ErrNothingDue
}

// state is what a commit needs to know of a conversation. Times are as stored.
type state struct {
	epoch, lastSeq, activeAt int64
	channel, customer        string
}

// state returns ErrNotFound for an ID that the tenant does not have, whoever
// else has it.
func (s conversations) state(ctx context.Context, c *conn, id string) (st state, err error) {
	err = c.one(ctx, `
SELECT epoch, last_seq, active_at, channel, customer FROM frontdesk_conversation WHERE tenant = $1 AND id = $2`,
		[]any{s.tenant, id}, &st.epoch, &st.lastSeq, &st.activeAt, &st.channel, &st.customer)
	if err == sql.ErrNoRows {
		err = agent.ErrNotFound
	}
	return st, err
}

// Commit implements [agent.Mailbox]. The fence is looked at first, and all the
// rest is in the same transaction: a worker that was overtaken leaves no trace.
func (s conversations) Commit(ctx context.Context, commit agent.Commit) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		st, err := s.state(ctx, c, commit.Conversation.ID)
		if err != nil {
			return err
		}
		// Nobody else writes before the end of this transaction, so that what is
		// compared here still holds when change writes.
		if st.epoch != commit.Conversation.Epoch {
			return agent.ErrFenced
		}
		if err := s.addAll(ctx, c, &st, commit); err != nil {
			return err
		}
		return s.change(ctx, c, st, commit)
	})
}

// addAll adds what a commit adds to its conversation, and counts st on. Whatever
// fails here is rolled back with the rest.
func (s conversations) addAll(ctx context.Context, c *conn, st *state, commit agent.Commit) error {
	id, unsent := commit.Conversation.ID, false
	for _, m := range commit.Messages {
		st.lastSeq++
		// Seqs go on from the row, not from the commit: messages that came during the
		// lease have taken some.
		m.Seq, m.Conversation = st.lastSeq, id
		added, err := s.addMessage(ctx, c, st.channel, m, commit.At, 0)
		if err != nil {
			return err
		}
		if !added {
			return agent.ErrDuplicate
		}
		unsent = unsent || m.Delivery.State == agent.Pending
	}
	if unsent {
		if err := s.wakeFirst(ctx, c, id); err != nil {
			return err
		}
	}
	if commit.Turn != nil {
		body, err := encode(commit.Turn)
		if err != nil {
			return err
		}
		if _, err := c.exec(ctx, `INSERT INTO frontdesk_turn (tenant, conversation, epoch, body) VALUES ($1, $2, $3, $4)`,
			s.tenant, id, st.epoch, body); err != nil {
			return err
		}
	}
	for _, r := range commit.Records {
		if err := s.addRecord(ctx, c, r); err != nil {
			return err
		}
	}
	return nil
}

// change stores the conversation of a commit and ends the lease. Messages that
// came during the lease are known by their author and their place: they make it
// due at once, and their sender stays the customer.
func (s conversations) change(ctx context.Context, c *conn, st state, commit agent.Commit) error {
	v := commit.Conversation
	var waiting int64
	// LIMIT makes it a question of whether there is any, answered by the primary
	// key from the first message after Answered on.
	if err := c.one(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM frontdesk_message
WHERE tenant = $1 AND conversation = $2 AND seq > $3 AND author = $4 LIMIT 1) AS unanswered`,
		[]any{s.tenant, v.ID, v.Answered, string(channel.Customer)}, &waiting); err != nil {
		return err
	}
	due, wanted := v.Due, !v.Due.IsZero()
	customer, err := encode(v.Customer)
	if waiting > 0 {
		due, wanted = commit.At, true
		customer = st.customer // the newest message is not one that the commit knows
	}
	if err != nil {
		return err
	}
	body, err := encode(v)
	if err != nil {
		return err
	}
	// Wait puts a conversation off that is due, and makes none due that is not.
	wake := sql.NullInt64{Int64: max(nanos(due), nanos(commit.Wait)), Valid: wanted}
	changed, err := c.exec(ctx, `UPDATE frontdesk_conversation SET
    owner = $3, epoch = epoch + 1, answered = $4, last_seq = $5, waiting = $6, due = $7, lease_until = 0, worker = '',
    wake = $7, active_at = $8, customer = $9, body = $10
WHERE tenant = $1 AND id = $2 AND epoch = $11`,
		s.tenant, v.ID, string(v.Owner), v.Answered, st.lastSeq, waiting, wake,
		max(st.activeAt, nanos(v.ActiveAt)), customer, body, v.Epoch)
	if err == nil && changed == 0 {
		err = agent.ErrFenced
	}
	return err
}

// Release implements [agent.Mailbox]. A message stays "sending", which tells
// whoever takes it next that it was interrupted.
func (s conversations) Release(ctx context.Context, worker string) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		// Each of the two is found by the partial index on worker, which holds only
		// what somebody claimed. The epoch stays: the dead worker does not commit, and a
		// live one of the same name is fenced by the next claim.
		if _, err := c.exec(ctx, `UPDATE frontdesk_conversation SET worker = '', lease_until = 0, wake = due
WHERE tenant = $1 AND worker = $2 AND worker <> ''`, s.tenant, worker); err != nil {
			return err
		}
		_, err := c.exec(ctx, `UPDATE frontdesk_message SET worker = '', wake = stored_at
WHERE tenant = $1 AND worker = $2 AND worker <> ''`, s.tenant, worker)
		return err
	})
}

// flag returns a truth as it is stored.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
