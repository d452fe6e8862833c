package sqlstore

import (
	"context"
	"iter"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// passages is the [retrieval.Store] of a tenant: one row for each passage, with
// the vector beside the rest, as it is most of the bytes.
type passages struct {
	db     *DB
	tenant string
}

// deletePassages and all other queries by document run on the primary key
// (tenant, document, place), which also keeps the passages in order.
const deletePassages = `DELETE FROM frontdesk_passage WHERE tenant = $1 AND document = $2`

// Put implements [retrieval.Store]. Who reads meanwhile sees the old passages of
// the document or the new ones.
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
