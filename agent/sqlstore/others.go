package sqlstore

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

var (
	_ retrieval.Store = passages{}
	_ ingest.Store    = digests{}
)

// passages is the [retrieval.Store] of a tenant.
type passages struct {
	db     *DB
	tenant string
}

const deletePassages = `DELETE FROM frontdesk_passage WHERE tenant = $1 AND document = $2`

// Put implements [retrieval.Store].
func (s passages) Put(ctx context.Context, document string, records []retrieval.Record) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		if _, err := c.exec(ctx, deletePassages, s.tenant, document); err != nil {
			return err
		}
		for i, r := range records {
			body, err := encode(r.Passage)
			if err != nil {
				return err
			}
			if _, err := c.exec(ctx, `INSERT INTO frontdesk_passage (tenant, document, place, body, vector)
VALUES ($1, $2, $3, $4, $5)`, s.tenant, document, i, body, encodeVector(r.Vector)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete implements [retrieval.Store].
func (s passages) Delete(ctx context.Context, documents ...string) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		for _, document := range documents {
			if _, err := c.exec(ctx, deletePassages, s.tenant, document); err != nil {
				return err
			}
		}
		return nil
	})
}

// All implements [retrieval.Store]. The passages of one document are read
// together, so that none is seen while it is half replaced.
func (s passages) All(ctx context.Context) iter.Seq2[retrieval.Record, error] {
	const documents = `SELECT DISTINCT document FROM frontdesk_passage WHERE tenant = $1 ORDER BY document`
	return each(ctx, s.db, documents, []any{s.tenant}, func(c *conn, document string) ([]retrieval.Record, error) {
		return rows(ctx, c, func(row scanner) (r retrieval.Record, err error) {
			var body string
			var vector []byte
			if err := row.Scan(&body, &vector); err != nil {
				return r, fault(err)
			}
			if r.Vector, err = decodeVector(vector); err != nil {
				return r, err
			}
			return r, decode(body, &r.Passage, "a passage of document", document)
		}, `SELECT body, vector FROM frontdesk_passage WHERE tenant = $1 AND document = $2 ORDER BY place`, s.tenant, document)
	})
}

// digests is the [ingest.Store] of a tenant.
type digests struct {
	db     *DB
	tenant string
}

// Digests implements [ingest.Store].
func (s digests) Digests(ctx context.Context, source string) (map[string]string, error) {
	all := make(map[string]string)
	err := s.db.read(ctx, func(c *conn) error {
		_, err := rows(ctx, c, func(row scanner) (struct{}, error) {
			var item, digest string
			err := row.Scan(&item, &digest)
			all[item] = digest
			return struct{}{}, fault(err)
		}, `SELECT item, digest FROM frontdesk_digest WHERE tenant = $1 AND source = $2`, s.tenant, source)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Mark implements [ingest.Store].
func (s digests) Mark(ctx context.Context, source, item, digest string) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, `INSERT INTO frontdesk_digest (tenant, source, item, digest) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant, source, item) DO UPDATE SET digest = excluded.digest`, s.tenant, source, item, digest)
		return err
	})
}

// Forget implements [ingest.Store].
func (s digests) Forget(ctx context.Context, source, item string) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, `DELETE FROM frontdesk_digest WHERE tenant = $1 AND source = $2 AND item = $3`,
			s.tenant, source, item)
		return err
	})
}

// runs is the [schedule.Store] of a tenant.
type runs struct {
	db     *DB
	tenant string
}

// Claim implements [schedule.Store].
func (s runs) Claim(ctx context.Context, job string, due, now time.Time, lease time.Duration) (ok bool, err error) {
	err = s.db.write(ctx, func(ctx context.Context, c *conn) error {
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

// Finish implements [schedule.Store].
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
