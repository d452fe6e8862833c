package sqlstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/ingest"
)

// TestDigestsBecomeRecords checks a database of a program that kept digests
// only: what it knew is still known.
func TestDigestsBecomeRecords(t *testing.T) {
	path := temp(t)
	db := openRaw(t, sqlstore.SQLiteDSN(path))
	scripts := []string{"CREATE TABLE frontdesk_schema (version BIGINT NOT NULL)"}
	for i, name := range []string{"0001_conversations.sql", "0002_others.sql"} {
		script, err := os.ReadFile(filepath.Join("migrations", "sqlite", name))
		require.NoError(t, err)
		scripts = append(scripts, string(script), "INSERT INTO frontdesk_schema (version) VALUES ("+string(rune('1'+i))+")")
	}
	scripts = append(scripts, `INSERT INTO frontdesk_digest (tenant, source, item, digest) VALUES
('a', 'docs', 'it''s "one".md', 'raw.text'), ('a', 'docs', 'two.md', '2'), ('b', 'site', 'two.md', '3')`)
	for _, script := range scripts {
		_, err := db.ExecContext(t.Context(), script)
		require.NoError(t, err)
	}
	d := open(t, path)
	records, err := tenant(t, d, "a").Sources().Records(t.Context(), "docs")
	require.NoError(t, err)
	require.Equal(t, map[string]ingest.Record{
		`it's "one".md`: {Item: `it's "one".md`, Digest: "raw.text"}, "two.md": {Item: "two.md", Digest: "2"},
	}, records)
	records, err = tenant(t, d, "b").Sources().Records(t.Context(), "site", "two.md")
	require.NoError(t, err)
	require.Equal(t, "3", records["two.md"].Digest)
}

func TestDamagedSourcesAreNamed(t *testing.T) {
	path := temp(t)
	s := tenant(t, open(t, path), "t").Sources()
	require.NoError(t, s.Apply(t.Context(), "docs", ingest.Update{Records: []ingest.Record{{Item: "a.md"}}, State: &ingest.State{}}))
	db := openRaw(t, sqlstore.SQLiteDSN(path))
	for _, table := range []string{"source", "item"} {
		_, err := db.ExecContext(t.Context(), "UPDATE frontdesk_"+table+" SET body = '{'")
		require.NoError(t, err)
	}
	_, err := s.Sources(t.Context())
	require.ErrorContains(t, err, "sqlstore: the source docs is damaged: ")
	_, err = s.Records(t.Context(), "docs", "a.md")
	require.ErrorContains(t, err, "sqlstore: the item a.md is damaged: ")
}

// TestUpdateIsAllOrNothing breaks off an update in its middle.
func TestUpdateIsAllOrNothing(t *testing.T) {
	path := temp(t)
	s := tenant(t, open(t, path), "t").Sources()
	require.NoError(t, s.Apply(t.Context(), "docs", ingest.Update{Records: []ingest.Record{{Item: "a.md"}}}))
	db := openRaw(t, sqlstore.SQLiteDSN(path))
	_, err := db.ExecContext(t.Context(), `CREATE TRIGGER broken BEFORE INSERT ON frontdesk_source BEGIN SELECT RAISE(ABORT, 'broken'); END`)
	require.NoError(t, err)
	err = s.Apply(t.Context(), "docs", ingest.Update{Drop: true, Records: []ingest.Record{{Item: "b.md"}}, State: &ingest.State{}})
	require.ErrorContains(t, err, "broken")
	records, err := s.Records(t.Context(), "docs")
	require.NoError(t, err)
	require.Equal(t, map[string]ingest.Record{"a.md": {Item: "a.md"}}, records)
}
