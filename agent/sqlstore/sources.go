package sqlstore

import (
	"context"
	"slices"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// sources is the [ingest.Store] of a tenant: one row for each source, and one
// for each of its items.
type sources struct {
	db     *DB
	tenant string
}

// Sources implements [ingest.Store].
func (s sources) Sources(ctx context.Context, names ...string) (map[string]ingest.State, error) {
	const query = `SELECT source, body FROM frontdesk_source WHERE tenant = $1`
	return bodies[ingest.State](ctx, s.db, "the source", query, query+` AND source = $2`, []any{s.tenant}, names)
}

// Records implements [ingest.Store].
func (s sources) Records(ctx context.Context, source string, items ...string) (map[string]ingest.Record, error) {
	const query = `SELECT item, body FROM frontdesk_item WHERE tenant = $1 AND source = $2`
	return bodies[ingest.Record](ctx, s.db, "the item", query, query+` AND item = $3`, []any{s.tenant, source}, items)
}

// bodies returns what rows hold under their keys: those that all selects or, if
// there are keys, those that one selects for each.
func bodies[T any](ctx context.Context, db *DB, what, all, one string, args []any, keys []string) (map[string]T, error) {
	found := make(map[string]T)
	scan := func(row scanner) (struct{}, error) {
		var key, body string
		if err := row.Scan(&key, &body); err != nil {
			return struct{}{}, fault(err)
		}
		var v T
		err := decode(body, &v, what, key)
		found[key] = v
		return struct{}{}, err
	}
	return found, db.read(ctx, func(c *conn) error {
		if len(keys) == 0 {
			_, err := rows(ctx, c, scan, all, args...)
			return err
		}
		for _, key := range keys {
			if _, err := rows(ctx, c, scan, one, append(slices.Clip(args), key)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Apply implements [ingest.Store]: all of an update in one transaction.
func (s sources) Apply(ctx context.Context, source string, u ingest.Update) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		if u.Drop {
			for _, query := range []string{
				`DELETE FROM frontdesk_source WHERE tenant = $1 AND source = $2`,
				`DELETE FROM frontdesk_item WHERE tenant = $1 AND source = $2`,
			} {
				if _, err := c.exec(ctx, query, s.tenant, source); err != nil {
					return err
				}
			}
		}
		for _, item := range u.Gone {
			const query = `DELETE FROM frontdesk_item WHERE tenant = $1 AND source = $2 AND item = $3`
			if _, err := c.exec(ctx, query, s.tenant, source, item); err != nil {
				return err
			}
		}
		return s.put(ctx, c, source, u)
	})
}

// put writes the records and the state of an update.
func (s sources) put(ctx context.Context, c *conn, source string, u ingest.Update) error {
	for _, r := range u.Records {
		body, err := encode(r)
		if err != nil {
			return err
		}
		if _, err := c.exec(ctx, `INSERT INTO frontdesk_item (tenant, source, item, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant, source, item) DO UPDATE SET body = excluded.body`, s.tenant, source, r.Item, body); err != nil {
			return err
		}
	}
	if u.State == nil {
		return nil
	}
	body, err := encode(u.State)
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, `INSERT INTO frontdesk_source (tenant, source, body) VALUES ($1, $2, $3)
ON CONFLICT (tenant, source) DO UPDATE SET body = excluded.body`, s.tenant, source, body)
	return err
}
