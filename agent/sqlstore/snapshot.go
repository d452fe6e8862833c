package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A tenant's passages keep what was made of them, so that it is ready at once.
var _ retrieval.Snapshotter = passages{}

// lastGeneration is the number of changes to a tenant's passages, as each
// change gives its documents the next number.
const lastGeneration = `SELECT COALESCE(MAX(generation), 0) FROM frontdesk_passage_change WHERE tenant = $1`

// note records a change of documents, in the transaction of the change.
func (s passages) note(ctx context.Context, c *conn, documents ...string) error {
	var last int64
	if err := c.one(ctx, lastGeneration, []any{s.tenant}, &last); err != nil {
		return err
	}
	for _, document := range documents {
		if _, err := c.exec(ctx, `INSERT INTO frontdesk_passage_change (tenant, document, generation) VALUES ($1, $2, $3)
ON CONFLICT (tenant, document) DO UPDATE SET generation = excluded.generation`, s.tenant, document, last+1); err != nil {
			return err
		}
	}
	return nil
}

// Changes implements [retrieval.Snapshotter]. Documents are read one by one
// after the generation, and so are never older than it.
func (s passages) Changes(ctx context.Context, since int64) (generation int64, changed []retrieval.Changed, err error) {
	err = s.db.read(ctx, func(c *conn) error {
		if err := c.one(ctx, lastGeneration, []any{s.tenant}, &generation); err != nil {
			return err
		}
		documents, err := rows(ctx, c, scanKey, `SELECT document FROM frontdesk_passage_change
WHERE tenant = $1 AND generation > $2 ORDER BY generation, document`, s.tenant, since)
		if err != nil {
			return err
		}
		for _, document := range documents {
			records, err := s.document(ctx, c, document)
			if err != nil {
				return err
			}
			changed = append(changed, retrieval.Changed{Document: document, Records: records})
		}
		return nil
	})
	return generation, changed, err
}

// Snapshot implements [retrieval.Snapshotter].
func (s passages) Snapshot(ctx context.Context) (generation int64, parts iter.Seq2[[]byte, error], err error) {
	number, generation, err := s.snapshot(ctx)
	return generation, s.parts(ctx, number), err
}

// snapshot returns the number of the snapshot whose parts are complete and its
// generation, zero if there is none.
func (s passages) snapshot(ctx context.Context) (number, generation int64, err error) {
	err = s.db.read(ctx, func(c *conn) error {
		return c.one(ctx, `SELECT number, generation FROM frontdesk_snapshot WHERE tenant = $1`,
			[]any{s.tenant}, &number, &generation)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return number, generation, err
}

// parts yields the parts of a snapshot. Like pages it holds no connection while
// it yields.
func (s passages) parts(ctx context.Context, number int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for part := 0; ; part++ {
			var body []byte
			err := s.db.read(ctx, func(c *conn) error {
				return c.one(ctx, `SELECT body FROM frontdesk_snapshot_part WHERE tenant = $1 AND number = $2 AND part = $3`,
					[]any{s.tenant, number, part}, &body)
			})
			if errors.Is(err, sql.ErrNoRows) || !yield(body, err) || err != nil {
				return
			}
		}
	}
}

// SaveSnapshot implements [retrieval.Snapshotter]. Each part is a transaction of
// its own, so that other writers need not wait for all of them. The snapshot
// counts once its number is written, after the last.
func (s passages) SaveSnapshot(ctx context.Context, generation int64, parts iter.Seq[[]byte]) error {
	number, _, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	if err := s.dropParts(ctx, number); err != nil { // of an attempt that was broken off
		return err
	}
	number++
	part := 0
	for body := range parts {
		if err := s.exec(ctx, `INSERT INTO frontdesk_snapshot_part (tenant, number, part, body)
VALUES ($1, $2, $3, $4)`, s.tenant, number, part, body); err != nil {
			return err
		}
		part++
	}
	if err := s.exec(ctx, `INSERT INTO frontdesk_snapshot (tenant, number, generation) VALUES ($1, $2, $3)
ON CONFLICT (tenant) DO UPDATE SET number = excluded.number, generation = excluded.generation`,
		s.tenant, number, generation); err != nil {
		return err
	}
	return s.dropParts(ctx, number)
}

// dropParts deletes the parts of all snapshots but one.
func (s passages) dropParts(ctx context.Context, except int64) error {
	return s.exec(ctx, `DELETE FROM frontdesk_snapshot_part WHERE tenant = $1 AND number <> $2`, s.tenant, except)
}

// exec runs one statement in a transaction.
func (s passages) exec(ctx context.Context, query string, args ...any) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, query, args...)
		return err
	})
}
