package sqlstore

import (
	"context"
	"database/sql"
	"iter"
	"math"
	"time"

	"github.com/frontdesk-go/frontdesk/credits"
)

// movements is the [credits.Store] of a ledger. Entries are only ever added.
type movements struct {
	db             *DB
	tenant, ledger string
}

// Append implements [credits.Store]. Whether Available covers a movement is asked
// when its entries are in, and they are rolled back if not: two movements cannot
// both find the balance that covers one.
func (s movements) Append(ctx context.Context, m credits.Movement) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		// The primary key is what makes a key happen once, also between processes.
		n, err := c.exec(ctx, `INSERT INTO frontdesk_movement (tenant, ledger, key) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING`, s.tenant, s.ledger, m.Key)
		if err != nil {
			return err
		}
		if n == 0 {
			return credits.ErrDuplicate
		}
		for _, e := range m.Entries {
			if err := s.add(ctx, c, m.Key, e); err != nil {
				return err
			}
		}
		if !m.Cover {
			return nil
		}
		available, err := s.balance(ctx, c, credits.Available)
		if err == nil && available < 0 {
			err = credits.ErrInsufficient
		}
		return err
	})
}

// add adds an entry, and its amount to the balance of its account.
func (s movements) add(ctx context.Context, c *conn, key string, e credits.Entry) error {
	if _, err := c.exec(ctx, `INSERT INTO frontdesk_entry (tenant, ledger, seq, key, account, amount, kind, at)
VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM frontdesk_entry WHERE tenant = $1 AND ledger = $2), $3, $4, $5, $6, $7)`,
		s.tenant, s.ledger, key, string(e.Account), int64(e.Amount), e.Kind, nanos(e.At)); err != nil {
		return err
	}
	// Kept in the transaction of the entries, it is their sum at every commit.
	_, err := c.exec(ctx, `INSERT INTO frontdesk_balance (tenant, ledger, account, amount) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant, ledger, account) DO UPDATE SET amount = frontdesk_balance.amount + excluded.amount`,
		s.tenant, s.ledger, string(e.Account), int64(e.Amount))
	return err
}

// balance returns a balance, zero for an account without entries.
func (s movements) balance(ctx context.Context, c *conn, a credits.Account) (amount credits.Amount, err error) {
	err = c.one(ctx, `SELECT amount FROM frontdesk_balance WHERE tenant = $1 AND ledger = $2 AND account = $3`,
		[]any{s.tenant, s.ledger, string(a)}, &amount)
	if err == sql.ErrNoRows {
		err = nil
	}
	return amount, err
}

// entry is an entry with its place in the ledger.
type entry struct {
	credits.Entry
	seq int64
}

// The columns in the order in which scanEntry reads them.
const selectEntries = `SELECT seq, key, account, amount, kind, at FROM frontdesk_entry WHERE tenant = $1 AND ledger = $2`

func scanEntry(row scanner) (e entry, err error) {
	var at int64
	err = row.Scan(&e.seq, &e.Key, &e.Account, &e.Amount, &e.Kind, &at)
	e.At = instant(at)
	return e, fault(err)
}

// Movement implements [credits.Store].
func (s movements) Movement(ctx context.Context, key string) (found []credits.Entry, err error) {
	err = s.db.read(ctx, func(c *conn) error {
		// Served by frontdesk_entry_key.
		entries, err := rows(ctx, c, scanEntry, selectEntries+` AND key = $3 ORDER BY seq`, s.tenant, s.ledger, key)
		for _, e := range entries {
			found = append(found, e.Entry)
		}
		return err
	})
	return found, err
}

// Entries implements [credits.Store]. Entries appended meanwhile are yielded too.
func (s movements) Entries(ctx context.Context, from time.Time) iter.Seq2[credits.Entry, error] {
	start := nanos(from)
	if from.IsZero() {
		start = math.MinInt64
	}
	entries := pages(ctx, s.db, 0, func(c *conn, after int64) ([]entry, error) {
		// Read by the primary key and filtered by time: seq, and not at, is the order
		// of Append, and clocks of several processes differ.
		return rows(ctx, c, scanEntry, selectEntries+` AND seq > $3 AND at >= $4 ORDER BY seq LIMIT $5`,
			s.tenant, s.ledger, after, start, pageSize)
	}, func(e entry) int64 { return e.seq })
	return convert(entries, func(e entry) credits.Entry { return e.Entry })
}

// Balance implements [credits.Store].
func (s movements) Balance(ctx context.Context, a credits.Account) (amount credits.Amount, err error) {
	err = s.db.read(ctx, func(c *conn) error {
		amount, err = s.balance(ctx, c, a)
		return err
	})
	return amount, err
}
