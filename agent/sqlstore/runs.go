package sqlstore

import (
	"context"
	"database/sql"
	"time"
)

// runs is the [schedule.Store] of a tenant: one row for each job, with its last
// finished run and the one under lease.
type runs struct {
	db     *DB
	tenant string
}

// Claim implements [schedule.Store]. The update has no effect, and so the claim
// is refused, unless its conditions hold when the row is locked.
func (s runs) Claim(ctx context.Context, job string, due, now time.Time, lease time.Duration) (ok bool, err error) {
	err = s.db.write(ctx, func(ctx context.Context, c *conn) error {
		// $3 is the due time of the run, $4 the end of the lease and $5 now. The first
		// claim of a job inserts its row; any other is decided by the row as it is.
		n, err := c.exec(ctx, `INSERT INTO frontdesk_job (tenant, name, last_run, failure, claimed, lease_until)
VALUES ($1, $2, 0, '', $3, $4)
ON CONFLICT (tenant, name) DO UPDATE SET claimed = excluded.claimed, lease_until = excluded.lease_until
WHERE frontdesk_job.last_run < excluded.claimed AND frontdesk_job.lease_until <= $5`,
			s.tenant, job, nanos(due), nanos(now.Add(lease)), nanos(now))
		ok = n > 0
		return err
	})
	return ok && err == nil, err
}

// Finish implements [schedule.Store]. A run that ends late leaves the lease of
// the one that has begun since.
func (s runs) Finish(ctx context.Context, job string, due time.Time, failure string) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, `UPDATE frontdesk_job SET last_run = $3, failure = $4,
    lease_until = CASE WHEN claimed = $3 THEN 0 ELSE lease_until END
WHERE tenant = $1 AND name = $2 AND last_run < $3`, s.tenant, job, nanos(due), failure)
		return err
	})
}

// LastRun implements [schedule.Store].
func (s runs) LastRun(ctx context.Context, job string) (time.Time, error) {
	var last int64
	err := s.db.read(ctx, func(c *conn) error {
		return c.one(ctx, `SELECT last_run FROM frontdesk_job WHERE tenant = $1 AND name = $2`, []any{s.tenant, job}, &last)
	})
	if err == sql.ErrNoRows {
		err = nil
	}
	return instant(last), err
}
