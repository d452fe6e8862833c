package sqlstore

import (
	"context"
	"fmt"
	"strconv"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// vectorPassages is the [retrieval.VectorStore] of a tenant in a PostgreSQL with
// the extension pgvector. The vectors stand in a table of their own, as an
// extension may come after the schema.
type vectorPassages struct{ passages }

// vectorTable holds vectors of any length, and so has no index: a search is
// exact, and reads every vector of the tenant. The rows go with their passages.
const vectorTable = `CREATE TABLE IF NOT EXISTS frontdesk_vector (
    tenant    TEXT COLLATE "C" NOT NULL,
    document  TEXT COLLATE "C" NOT NULL,
    place     BIGINT NOT NULL,
    passage   TEXT COLLATE "C" NOT NULL, -- its ID
    audience  TEXT COLLATE "C" NOT NULL,
    embedding vector NOT NULL,
    PRIMARY KEY (tenant, document, place),
    FOREIGN KEY (tenant, document, place) REFERENCES frontdesk_passage (tenant, document, place) ON DELETE CASCADE
)`

// prepareVectors makes a place for vectors, if the database has pgvector, and
// reports whether it has.
func prepareVectors(ctx context.Context, c *conn) (bool, error) {
	var n int
	if err := c.one(ctx, `SELECT COUNT(*) FROM pg_extension WHERE extname = 'vector'`, nil, &n); err != nil || n == 0 {
		return false, err
	}
	if err := c.begin(ctx, c.dialect); err != nil {
		return false, err
	}
	_, err := c.exec(ctx, vectorTable)
	if err == nil {
		_, err = c.exec(ctx, "COMMIT")
	}
	if err != nil {
		c.rollback(context.WithoutCancel(ctx))
		return false, fmt.Errorf("the table of vectors: %w", err)
	}
	return true, nil
}

// Put implements [retrieval.Store]. Vectors stand in their own table only: the rows
// of the passages are written without them.
func (s vectorPassages) Put(ctx context.Context, documents ...retrieval.Changed) error {
	plain := make([]retrieval.Changed, len(documents))
	for i, d := range documents {
		plain[i] = retrieval.Changed{Document: d.Document, Records: make([]retrieval.Record, len(d.Records))}
		for j, r := range d.Records {
			plain[i].Records[j].Passage = r.Passage
		}
	}
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		if err := s.put(ctx, c, plain); err != nil {
			return err
		}
		for _, d := range documents {
			if err := s.insertVectors(ctx, c, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertVectors writes the vectors of a document, whose passages were put before.
func (s vectorPassages) insertVectors(ctx context.Context, c *conn, d retrieval.Changed) error {
	for i, r := range d.Records {
		if len(r.Vector) == 0 {
			continue
		}
		if _, err := c.exec(ctx, `INSERT INTO frontdesk_vector (tenant, document, place, passage, audience, embedding)
VALUES ($1, $2, $3, $4, $5, $6::text::vector)`,
			s.tenant, d.Document, i, r.Passage.ID, r.Passage.Audience, vectorText(r.Vector)); err != nil {
			return err
		}
	}
	return nil
}

// Nearest implements [retrieval.VectorStore]. The audiences are part of the
// search, so that what the asker may not see takes no place in it.
func (s vectorPassages) Nearest(
	ctx context.Context, vector []float32, audiences []string, limit int,
) (found []retrieval.Neighbor, err error) {
	args := []any{s.tenant, len(vector), vectorText(vector), limit}
	list, args := in(args, append([]string{""}, audiences...))
	err = s.db.read(ctx, func(c *conn) error {
		// <=> fails for vectors of different lengths, and conditions have no order but
		// that of CASE. A vector of zeroes has no direction, and a distance of NaN.
		found, err = rows(ctx, c, scanNeighbor, `SELECT document, passage, 1 - distance FROM (
    SELECT document, passage, CASE WHEN vector_dims(embedding) = $2 THEN embedding <=> $3::text::vector END AS distance
    FROM frontdesk_vector WHERE tenant = $1 AND audience IN (`+list+`)) AS v
WHERE distance <> 'NaN' ORDER BY distance, document, passage LIMIT $4`, args...)
		return err
	})
	return found, err
}

// scanNeighbor reads what Nearest selects.
func scanNeighbor(row scanner) (n retrieval.Neighbor, err error) {
	err = row.Scan(&n.Document, &n.ID, &n.Cosine)
	return n, fault(err)
}

// vectorText returns a vector as pgvector reads it, such as "[1,0.5]".
func vectorText(v []float32) string {
	text := make([]byte, 0, 12*len(v))
	for i, x := range v {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendFloat(text, float64(x), 'g', -1, 32)
	}
	return "[" + string(text) + "]"
}
