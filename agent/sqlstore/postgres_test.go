//go:build unix

package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/credits/creditstest"
	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/crawl/crawltest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
	"github.com/frontdesk-go/frontdesk/schedule"
	"github.com/frontdesk-go/frontdesk/schedule/scheduletest"
)

// A cluster is a PostgreSQL server of the test's own, on a socket in a folder
// that nobody else knows.
type cluster struct {
	bin, dir  string
	owner     *syscall.Credential // nil for who runs the test
	databases atomic.Int64
}

// server starts the cluster of this test binary, once.
var server = sync.OnceValues(startCluster)

// startCluster returns nil where PostgreSQL is not installed.
func startCluster() (*cluster, error) {
	bin := postgresFolder()
	if bin == "" {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, dir: dir}
	stopServer = func() { c.run("pg_ctl", "stop", "-D", dir+"/data", "-m", "immediate"); os.RemoveAll(dir) }
	if os.Getuid() == 0 { // as whom it refuses to run
		if err := c.giveAway(); err != nil {
			return nil, err
		}
	}
	if err := c.run("initdb", "-D", dir+"/data", "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"); err != nil {
		return nil, err
	}
	return c, c.run("pg_ctl", "start", "-w", "-D", dir+"/data", "-l", dir+"/log",
		"-o", "-F -c listen_addresses= -c max_connections=400 -k "+dir)
}

// postgresFolder returns where the programs of PostgreSQL are.
func postgresFolder() string {
	places, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if path, err := exec.LookPath("postgres"); err == nil {
		places = append(places, path)
	}
	for _, p := range places {
		if path, err := filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(path)
		}
	}
	return ""
}

// giveAway makes the cluster one of an account without rights.
func (c *cluster) giveAway() error {
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		return err
	}
	c.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.dir, uid, gid)
}

func (c *cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.owner, Setpgid: true}
	// The server inherits its output, and would keep a pipe open.
	log, err := os.Create(filepath.Join(c.dir, program+".out"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", program, err, text)
	}
	return nil
}

func (c *cluster) dsn(database string) string {
	return fmt.Sprintf("host=%s user=test dbname=%s", c.dir, database)
}

// newPostgres returns the DSN of a new database.
func newPostgres(t testing.TB) string {
	t.Helper()
	c, err := server()
	require.NoError(t, err)
	if c == nil {
		t.Skip("PostgreSQL is not installed")
	}
	db := openPgx(t, c.dsn("postgres"))
	name := fmt.Sprint("t", c.databases.Add(1))
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	return c.dsn(name)
}

func openPgx(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func openPostgres(t testing.TB, dsn string) *sqlstore.DB {
	t.Helper()
	d, err := sqlstore.Open(t.Context(), openPgx(t, dsn), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

func TestPostgres(t *testing.T) {
	d := openPostgres(t, newPostgres(t))
	var n atomic.Int64
	next := func(t *testing.T) *sqlstore.Tenant { return tenant(t, d, fmt.Sprint("tenant ", n.Add(1))) }
	t.Run("Passages", func(t *testing.T) {
		retrievaltest.RunStore(t, func(t *testing.T) retrieval.Store { return next(t).Passages() })
	})
	if testing.Short() {
		return
	}
	t.Run("Snapshots", func(t *testing.T) {
		retrievaltest.RunSnapshotter(t, func(t *testing.T) retrieval.Snapshotter { return next(t).Passages().(retrieval.Snapshotter) })
	})
	t.Run("Conversations", func(t *testing.T) {
		agenttest.RunStore(t, func(t *testing.T) agent.Store { return next(t).Conversations() })
	})
	t.Run("ConversationsOfTwoTenants", func(t *testing.T) {
		agenttest.RunTenants(t, func(t *testing.T) (a, b agent.Store) { return next(t).Conversations(), next(t).Conversations() })
	})
	t.Run("ConversationsOfTwoProcesses", func(t *testing.T) {
		agenttest.RunSharedStore(t, func(t *testing.T) (a, b agent.Store) {
			dsn := newPostgres(t)
			return tenant(t, openPostgres(t, dsn), "x").Conversations(), tenant(t, openPostgres(t, dsn), "x").Conversations()
		})
	})
	t.Run("Sources", func(t *testing.T) {
		ingesttest.RunStore(t, func(t *testing.T) ingest.Store { return next(t).Sources() })
	})
	t.Run("Visits", func(t *testing.T) {
		crawltest.RunStore(t, func(t *testing.T) crawl.Store { return next(t).Visits() })
	})
	t.Run("Credits", func(t *testing.T) {
		creditstest.RunStore(t, func(t *testing.T) credits.Store { return next(t).Credits("main") })
	})
	t.Run("Limits", func(t *testing.T) {
		agenttest.RunLimiter(t, func(t *testing.T) agent.Limiter { return next(t).Limits() })
	})
	t.Run("Runs", func(t *testing.T) {
		scheduletest.Run(t, func(t *testing.T) schedule.Store { return next(t).Runs() })
	})
}

// What one database lacks, a query would fail for.
func TestPostgresHasTheSchemaOfSQLite(t *testing.T) {
	columns := func(db *sql.DB, query string) (all []string) {
		rows, err := db.QueryContext(t.Context(), query)
		require.NoError(t, err)
		defer rows.Close()
		for rows.Next() {
			var column string
			require.NoError(t, rows.Scan(&column))
			all = append(all, column)
		}
		require.NoError(t, rows.Err())
		return all
	}
	dsn, path := newPostgres(t), temp(t)
	openPostgres(t, dsn)
	open(t, path)
	want := columns(openRaw(t, sqlstore.SQLiteDSN(path)), `SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
WHERE t.type = 'table' AND t.name LIKE 'frontdesk%'`)
	require.NotEmpty(t, want)
	require.ElementsMatch(t, want, columns(openPgx(t, dsn), `SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = 'public'`))
}

func TestPostgresIsOpenedByManyAtOnce(t *testing.T) {
	dsn := newPostgres(t)
	var wg sync.WaitGroup
	for range 6 {
		db := openPgx(t, dsn)
		wg.Go(func() {
			d, err := sqlstore.Open(t.Context(), db, nil)
			if err == nil {
				err = d.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestOpenRefusesAPostgresThatMayLose(t *testing.T) {
	dsn := newPostgres(t)
	for setting, want := range map[string]string{
		"synchronous_commit":            "sqlstore: synchronous_commit is off, and so an acknowledged message could be lost with the power",
		"default_transaction_read_only": "sqlstore: default_transaction_read_only is on, and so nothing could be stored",
	} {
		value := map[bool]string{true: "off", false: "on"}[setting == "synchronous_commit"]
		_, err := sqlstore.Open(t.Context(), openPgx(t, dsn+" "+setting+"="+value), nil)
		require.EqualError(t, err, want)
	}
}

// A pooler hands each transaction to another connection, which knows no
// statement by its name.
func TestPostgresWithoutPreparedStatements(t *testing.T) {
	s := tenant(t, openPostgres(t, newPostgres(t)+" default_query_exec_mode=exec"), "t")
	_, err := s.Conversations().Receive(t.Context(), inbound("t", "m"))
	require.NoError(t, err)
	w, err := s.Conversations().Claim(t.Context(), wants("w"))
	require.NoError(t, err)
	require.Equal(t, "m", w.Messages[0].ID)
	require.NoError(t, s.Passages().Put(t.Context(), retrieval.Changed{Document: "doc", Records: []retrieval.Record{record("doc", 0, []float32{1})}}))
	require.Len(t, allPassages(t, s.Passages()), 1)
}

func TestPostgresAfterAnInterruption(t *testing.T) {
	dsn := newPostgres(t)
	d, err := sqlstore.Open(t.Context(), openPgx(t, dsn), &sqlstore.Options{Readers: 1})
	require.NoError(t, err)
	defer d.Close()
	s := tenant(t, d, "t").Passages()
	other, err := openPgx(t, dsn).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = other.ExecContext(t.Context(), "LOCK frontdesk_passage IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		for _, err := range s.All(ctx) {
			failed <- err
		}
	}()
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
	require.NoError(t, other.Rollback())
	require.Empty(t, allPassages(t, s), "a connection that was interrupted is replaced")
	require.NoError(t, s.Put(t.Context(), retrieval.Changed{Document: "doc", Records: []retrieval.Record{record("doc", 0, nil)}}))
}

func TestKnowledgeInPostgres(t *testing.T) {
	cfg := retrieval.Config{Store: tenant(t, openPostgres(t, newPostgres(t)), "t").Passages(), Embedder: retrieval.HashEmbedder{}}
	k, err := retrieval.New(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, k.Add(t.Context(), retrieval.Document{
		ID: "returns", Title: "Returns", Sections: []retrieval.Section{{Text: "You can return items within 30 days."}}}))
	again, err := retrieval.New(t.Context(), cfg)
	require.NoError(t, err)
	res, err := again.Retrieve(t.Context(), retrieval.Query{Text: "return an item"})
	require.NoError(t, err)
	require.Equal(t, "returns", res.Hits[0].Document)
}
