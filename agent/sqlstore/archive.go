package sqlstore

import (
	"context"
	"fmt"
	"iter"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// The columns in the order in which scanConversation and scanMessage read them.
const (
	conversationColumns = `id, channel, thread, owner, epoch, answered, active_at, customer, body`
	messageColumns      = `conversation, seq, id, body, state, attempts, next_at, interrupted, detail`
)

// scanConversation reads a conversation. Its body is as a commit brought it;
// what changes between commits has columns, and those hold.
func scanConversation(row scanner) (v agent.Conversation, err error) {
	var id, channelName, thread, owner, customer, body string
	var epoch, answered, activeAt int64
	if err := row.Scan(&id, &channelName, &thread, &owner, &epoch, &answered, &activeAt, &customer, &body); err != nil {
		return v, fault(err)
	}
	if err := decode(body, &v, "conversation", id); err != nil {
		return v, err
	}
	v.Customer = channel.Party{}
	if err := decode(customer, &v.Customer, "the customer of conversation", id); err != nil {
		return v, err
	}
	v.ID, v.Channel, v.Thread, v.Owner = id, channelName, thread, channel.Owner(owner)
	v.Epoch, v.Answered, v.ActiveAt = epoch, answered, instant(activeAt)
	return v, nil
}

// scanMessage reads a message. Its body never changes; its delivery has columns.
func scanMessage(row scanner) (m agent.Message, err error) {
	var body, id string
	var nextAt int64
	d := &m.Delivery
	if err := row.Scan(&m.Conversation, &m.Seq, &id, &body, &d.State, &d.Attempts, &nextAt, &d.Interrupted, &d.Detail); err != nil {
		return m, fault(err)
	}
	if err := decode(body, &m.Message, "message", id); err != nil {
		return m, err
	}
	m.ID = id
	d.Next = instant(nextAt)
	return m, nil
}

// scanRecord reads a line of the audit.
func scanRecord(row scanner) (r agent.Record, err error) {
	var at int64
	err = row.Scan(&r.Seq, &at, &r.Conversation, &r.Kind, &r.Actor, &r.Detail)
	r.At = instant(at)
	return r, fault(err)
}

// Conversations implements [agent.Archive]. It reads the conversations one by
// one, in the order that they had when it was called.
func (s conversations) Conversations(ctx context.Context, f agent.Filter) iter.Seq2[agent.Conversation, error] {
	// IDs first, so that the order is that of one moment. A filter by ID, or by
	// channel and thread, is answered by a unique key; any other one reads
	// frontdesk_conversation_active from its end, and filters.
	query, args := `SELECT id FROM frontdesk_conversation WHERE tenant = $1`, []any{s.tenant}
	for _, column := range []struct{ name, value string }{{"id", f.ID}, {"channel", f.Channel}, {"thread", f.Thread}} {
		if column.value != "" {
			args = append(args, column.value)
			query += fmt.Sprintf(` AND %s = $%d`, column.name, len(args))
		}
	}
	if f.Owners != nil {
		var owners string
		// Owners that are given and empty match nothing, unlike Owners that are nil.
		owners, args = in(args, f.Owners)
		query += ` AND owner IN (` + owners + `)`
	}
	query += ` ORDER BY active_at DESC, id`
	if f.Limit > 0 {
		args = append(args, f.Limit)
		query += fmt.Sprintf(` LIMIT $%d`, len(args))
	}
	return each(ctx, s.db, query, args, func(c *conn, id string) ([]agent.Conversation, error) {
		return rows(ctx, c, scanConversation,
			`SELECT `+conversationColumns+` FROM frontdesk_conversation WHERE tenant = $1 AND id = $2`, s.tenant, id)
	})
}

// Messages implements [agent.Archive].
func (s conversations) Messages(ctx context.Context, conversation string, after int64) iter.Seq2[agent.Message, error] {
	return pages(ctx, s.db, after, func(c *conn, after int64) ([]agent.Message, error) {
		return rows(ctx, c, scanMessage, `SELECT `+messageColumns+` FROM frontdesk_message
WHERE tenant = $1 AND conversation = $2 AND seq > $3 ORDER BY seq LIMIT $4`, s.tenant, conversation, after, pageSize)
	}, func(m agent.Message) int64 { return m.Seq })
}

// Turns implements [agent.Archive]. The epoch of its commit orders a turn.
func (s conversations) Turns(ctx context.Context, conversation string) iter.Seq2[agent.Turn, error] {
	type row struct {
		agent.Turn
		epoch int64
	}
	scan := func(from scanner) (r row, err error) {
		var body string
		if err := from.Scan(&r.epoch, &body); err != nil {
			return r, fault(err)
		}
		return r, decode(body, &r.Turn, "a turn of conversation", conversation)
	}
	turns := pages(ctx, s.db, -1, func(c *conn, after int64) ([]row, error) {
		return rows(ctx, c, scan, `SELECT epoch, body FROM frontdesk_turn
WHERE tenant = $1 AND conversation = $2 AND epoch > $3 ORDER BY epoch LIMIT $4`, s.tenant, conversation, after, pageSize)
	}, func(r row) int64 { return r.epoch })
	return convert(turns, func(r row) agent.Turn { return r.Turn })
}

// Records implements [agent.Archive]. Whoever asks again after the last Seq that
// it saw misses nothing.
func (s conversations) Records(ctx context.Context, conversation string, after int64) iter.Seq2[agent.Record, error] {
	query := `SELECT seq, at, conversation, kind, actor, detail FROM frontdesk_record WHERE tenant = $1 AND seq > $2`
	args := []any{s.tenant, after, pageSize}
	if conversation != "" {
		query += ` AND conversation = $4`
		args = append(args, conversation)
	}
	query += ` ORDER BY seq LIMIT $3`
	return pages(ctx, s.db, after, func(c *conn, after int64) ([]agent.Record, error) {
		args[1] = after
		return rows(ctx, c, scanRecord, query, args...)
	}, func(r agent.Record) int64 { return r.Seq })
}
