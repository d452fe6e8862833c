package sqlstore

import (
	"context"
	"database/sql"
	"math"

	"github.com/frontdesk-go/frontdesk/agent"
)

// limits is the [agent.Limiter] of a tenant: a row for each use that counts.
type limits struct {
	db     *DB
	tenant string
}

// Allow implements [agent.Limiter]. Writers follow one another, so that nobody
// counts between the sum and the row that is added to it.
func (s limits) Allow(ctx context.Context, u agent.Use) (ok bool, err error) {
	if err := u.Validate(); err != nil {
		return false, err
	}
	err = s.db.write(ctx, func(ctx context.Context, c *conn) error {
		ok, err = s.allow(ctx, c, u)
		return err
	})
	return ok && err == nil, err
}

func (s limits) allow(ctx context.Context, c *conn, u agent.Use) (bool, error) {
	var have int
	err := c.one(ctx, `SELECT 1 FROM frontdesk_use WHERE tenant = $1 AND key = $2 AND cause = $3`,
		[]any{s.tenant, u.Key, u.Cause}, &have)
	if err != sql.ErrNoRows {
		return err == nil, err
	}
	amounts, err := rows(ctx, c, scanAmount, `SELECT amount FROM frontdesk_use WHERE tenant = $1 AND key = $2 AND at >= $3`,
		s.tenant, u.Key, since(u))
	if err != nil {
		return false, err
	}
	left := u.Max // falls no further than to 0, so that no sum wraps around
	for _, amount := range amounts {
		left -= min(amount, max(left, 0))
	}
	if left < u.Amount {
		return false, nil
	}
	if !u.Since.IsZero() {
		if _, err := c.exec(ctx, `DELETE FROM frontdesk_use WHERE tenant = $1 AND key = $2 AND at < $3`,
			s.tenant, u.Key, nanos(u.Since.Add(-agent.UsesKept))); err != nil {
			return false, err
		}
	}
	_, err = c.exec(ctx, `INSERT INTO frontdesk_use (tenant, key, cause, amount, at) VALUES ($1, $2, $3, $4, $5)`,
		s.tenant, u.Key, u.Cause, u.Amount, nanos(u.At))
	return err == nil, err
}

// since returns from when on uses count.
func since(u agent.Use) int64 {
	if u.Since.IsZero() {
		return math.MinInt64
	}
	return nanos(u.Since)
}

func scanAmount(row scanner) (amount int64, err error) {
	err = row.Scan(&amount)
	return amount, fault(err)
}
