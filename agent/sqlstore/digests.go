package sqlstore

import (
	"context"
)

// digests is the [ingest.Store] of a tenant: one row for each item of a source.
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
		// An item has one digest: the newest that was marked.
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
