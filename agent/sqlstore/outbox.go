package sqlstore

import (
	"context"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
)

// addMessage adds a message, unless its ID is known, and reports whether it did.
// Inbound is 1 for one that Receive stores: its ID is unique in the channel,
// and any other only in the conversation.
func (s conversations) addMessage(
	ctx context.Context, c *conn, channel string, m agent.Message, at time.Time, inbound int,
) (bool, error) {
	body, err := encode(m.Message)
	if err != nil {
		return false, err
	}
	d := m.Delivery
	// Both unique keys may refuse it: (tenant, conversation, id) for every message,
	// frontdesk_message_inbound for those from outside. What a refusal means the
	// caller knows, so it is no error here.
	n, err := c.exec(ctx, `INSERT INTO frontdesk_message
    (tenant, conversation, seq, channel, id, inbound, author, stored_at, body, state, attempts, next_at, interrupted, detail, worker)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '')
ON CONFLICT DO NOTHING`,
		s.tenant, m.Conversation, m.Seq, channel, m.ID, inbound, string(m.Author), nanos(at), body,
		string(d.State), d.Attempts, nanos(d.Next), flag(d.Interrupted), d.Detail)
	return n > 0, err
}

// addRecord adds a line to the audit. There is one writer at a time, so that no
// line ever appears before one that a reader has passed.
func (s conversations) addRecord(ctx context.Context, c *conn, r agent.Record) error {
	// MAX is one step at the end of the primary key (tenant, seq).
	_, err := c.exec(ctx, `INSERT INTO frontdesk_record (tenant, seq, at, conversation, kind, actor, detail)
VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM frontdesk_record WHERE tenant = $1), $2, $3, $4, $5, $6)`,
		s.tenant, nanos(r.At), r.Conversation, r.Kind, r.Actor, r.Detail)
	return err
}

// wakeFirst makes the first unfinished message of a conversation ready, unless
// it is so already. Only that one may be taken, so the others have no wake.
func (s conversations) wakeFirst(ctx context.Context, c *conn, conversation string) error {
	// The first one is found through frontdesk_message_unfinished, which holds
	// nothing that was delivered: a long transcript costs no more than a short one.
	// A wake that is set may be a lease or a delay, and is not brought forward.
	_, err := c.exec(ctx, `UPDATE frontdesk_message SET wake = CASE WHEN next_at > stored_at THEN next_at ELSE stored_at END
WHERE tenant = $1 AND conversation = $2 AND wake IS NULL AND seq = (
    SELECT MIN(seq) FROM frontdesk_message
    WHERE tenant = $1 AND conversation = $2 AND state IN ('pending', 'sending'))`, s.tenant, conversation)
	return err
}

// Take implements [agent.Outbox]. The intent to send is durable when it returns.
// Of the ready messages it takes the one that has been ready longest: since it
// was stored, or since its Next or the end of a lost lease.
func (s conversations) Take(ctx context.Context, claim agent.Claim) (m agent.Message, err error) {
	args := []any{s.tenant, nanos(claim.Now.Add(claim.Lease)), claim.Worker, nanos(claim.Now)}
	channels, args := in(args, claim.Channels)
	err = s.db.write(ctx, func(ctx context.Context, c *conn) error {
		// Choosing the message and leasing it is one statement, so that no two workers
		// get the same one. frontdesk_message_wake covers the choice, and conversation
		// decides between equals, so that the order is the same in every process. One
		// that is "sending" already lost its worker, and was perhaps delivered.
		found, err := rows(ctx, c, scanMessage, `UPDATE frontdesk_message SET
    interrupted = CASE WHEN state = 'sending' THEN 1 ELSE interrupted END,
    state = 'sending', attempts = attempts + 1, next_at = 0, wake = $2, worker = $3
WHERE tenant = $1 AND (conversation, seq) = (
    SELECT conversation, seq FROM frontdesk_message
    WHERE tenant = $1 AND wake <= $4 AND channel IN (`+channels+`) ORDER BY wake, conversation LIMIT 1)
RETURNING `+messageColumns, args...)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return agent.ErrNothingDue
		}
		m = found[0]
		return nil
	})
	return m, err
}

// Settle implements [agent.Outbox]. It readies the next message of the
// conversation, or the same one for its next attempt.
func (s conversations) Settle(ctx context.Context, m agent.Message, r agent.Record) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		d := m.Delivery
		// Attempts is the fencing token of a delivery: whoever took the message since
		// has raised it, and what a late worker says of its own attempt is dropped.
		n, err := c.exec(ctx, `UPDATE frontdesk_message SET
    state = $4, next_at = $5, interrupted = $6, detail = $7, wake = NULL, worker = ''
WHERE tenant = $1 AND conversation = $2 AND seq = $3 AND state = 'sending' AND attempts = $8`,
			s.tenant, m.Conversation, m.Seq, string(d.State), nanos(d.Next), flag(d.Interrupted), d.Detail, d.Attempts)
		if err != nil || n == 0 {
			return err
		}
		if err := s.wakeFirst(ctx, c, m.Conversation); err != nil {
			return err
		}
		return s.addRecord(ctx, c, r)
	})
}
