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
// the documents or the new ones.
func (s passages) Put(ctx context.Context, documents ...retrieval.Changed) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error { return s.put(ctx, c, documents) })
}

func (s passages) put(ctx context.Context, c *conn, documents []retrieval.Changed) error {
	names := make([]string, len(documents))
	for i, d := range documents {
		names[i] = d.Document
		if _, err := c.exec(ctx, deletePassages, s.tenant, d.Document); err != nil {
			return err
		}
		if err := s.insert(ctx, c, d); err != nil {
			return err
		}
	}
	return s.note(ctx, c, names...)
}

func (s passages) insert(ctx context.Context, c *conn, d retrieval.Changed) error {
	for i, r := range d.Records {
		body, err := encode(r.Passage)
		if err != nil {
			return err
		}
		if _, err := c.exec(ctx, `INSERT INTO frontdesk_passage (tenant, document, place, body, vector)
VALUES ($1, $2, $3, $4, $5)`, s.tenant, d.Document, i, body, encodeVector(r.Vector)); err != nil {
			return err
		}
	}
	return nil
}

// Delete implements [retrieval.Store].
func (s passages) Delete(ctx context.Context, documents ...string) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		for _, document := range documents {
			if _, err := c.exec(ctx, deletePassages, s.tenant, document); err != nil {
				return err
			}
		}
		return s.note(ctx, c, documents...)
	})
}

// All implements [retrieval.Store]. It reads pages of documents, so that none is
// seen while it is half replaced.
func (s passages) All(ctx context.Context) iter.Seq2[retrieval.Record, error] {
	return func(yield func(retrieval.Record, error) bool) {
		for after, size := "", pageSize; ; {
			var found []retrieval.Record
			err := s.db.read(ctx, func(c *conn) (err error) {
				found, err = rows(ctx, c, scanPassage, `SELECT document, body, vector FROM frontdesk_passage
WHERE tenant = $1 AND document > $2 ORDER BY document, place LIMIT $3`, s.tenant, after, size)
				return err
			})
			if err != nil {
				yield(retrieval.Record{}, err)
				return
			}
			whole, last := found, len(found) < size
			if !last {
				whole = withoutLast(found)
			}
			if len(whole) == 0 && !last { // a document of more than a page
				size *= 2
				continue
			}
			for _, r := range whole {
				if !yield(r, nil) {
					return
				}
				after = r.Passage.Document
			}
			if last {
				return
			}
		}
	}
}

// withoutLast drops the passages of the last document.
func withoutLast(found []retrieval.Record) []retrieval.Record {
	n := len(found)
	for n > 0 && found[n-1].Passage.Document == found[len(found)-1].Passage.Document {
		n--
	}
	return found[:n]
}

// document returns the passages of a document, in order.
func (s passages) document(ctx context.Context, c *conn, document string) ([]retrieval.Record, error) {
	return rows(ctx, c, scanPassage, `SELECT document, body, vector FROM frontdesk_passage
WHERE tenant = $1 AND document = $2 ORDER BY place`, s.tenant, document)
}

// scanPassage reads a row of document, body and vector.
func scanPassage(row scanner) (r retrieval.Record, err error) {
	var document, body string
	var vector []byte
	if err := row.Scan(&document, &body, &vector); err != nil {
		return r, fault(err)
	}
	if r.Vector, err = decodeVector(vector); err != nil {
		return r, err
	}
	return r, decode(body, &r.Passage, "a passage of document", document)
}
