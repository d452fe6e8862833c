package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
)

// openRaw opens a database as a host does, and past sqlstore to damage it.
func openRaw(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// SQLite's own defaults are all unsafe but one. NORMAL, which many hosts use
// with a write-ahead log, is worth a case of its own.
func TestOpenNamesEveryUnsafeSetting(t *testing.T) {
	_, err := sqlstore.Open(t.Context(), openRaw(t, temp(t)), nil)
	for _, sentence := range []string{
		"sqlstore: journal_mode is delete and must be wal, or readers would block the writer",
		"sqlstore: foreign_keys is 0 and must be 1, or messages could lose their conversation",
		"sqlstore: busy_timeout is 0, and a second process would be turned away",
	} {
		require.ErrorContains(t, err, sentence)
	}
	unsafe := "?_pragma=busy_timeout(1000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)"
	_, err = sqlstore.Open(t.Context(), openRaw(t, "file:"+temp(t)+unsafe), nil)
	require.EqualError(t, err, "sqlstore: synchronous is 1 and must be 2, "+
		"or an acknowledged message could be lost with the power: open the database with SQLiteDSN")
}

func TestOpenRefusesOptionsThatCannotWork(t *testing.T) {
	db := openRaw(t, sqlstore.SQLiteDSN(temp(t)))
	_, err := sqlstore.Open(t.Context(), db, &sqlstore.Options{Readers: -1})
	require.EqualError(t, err, "sqlstore: Options.Readers is -1")
	db.SetMaxOpenConns(2)
	_, err = sqlstore.Open(t.Context(), db, nil)
	require.ErrorContains(t, err, "the database may open 2 connections, and 4 readers and a writer are wanted")
	d, err := sqlstore.Open(t.Context(), db, &sqlstore.Options{Readers: 1})
	require.NoError(t, err)
	require.NoError(t, d.Close())
}

// Each migrates, or finds that another one has.
func TestOpenAtOnceByManyProcesses(t *testing.T) {
	path := temp(t)
	var wg sync.WaitGroup
	for i := range 8 {
		db := openRaw(t, sqlstore.SQLiteDSN(path))
		wg.Go(func() {
			d, err := sqlstore.Open(t.Context(), db, nil)
			if err != nil {
				t.Errorf("process %d: %v", i, err)
				return
			}
			if err := d.Close(); err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

// An older program would not know what the columns of the newer one mean.
func TestOpenRefusesTheDatabaseOfANewerProgram(t *testing.T) {
	path := temp(t)
	open(t, path)
	db := openRaw(t, sqlstore.SQLiteDSN(path))
	_, err := db.ExecContext(t.Context(), "INSERT INTO frontdesk_schema (version) VALUES (1000)")
	require.NoError(t, err)
	_, err = sqlstore.Open(t.Context(), db, nil)
	require.ErrorContains(t, err, "sqlstore: the database has schema 1000 and this program knows ")
}

func TestOpenStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sqlstore.Open(ctx, openRaw(t, sqlstore.SQLiteDSN(temp(t))), nil)
	require.ErrorIs(t, err, context.Canceled)
}

// Characters that mean something in a URI, in which SQLite takes the path.
func TestPathsOfAnyName(t *testing.T) {
	for _, name := range []string{"a b", "a?b", "a#b", "a%20b", "größe"} {
		path := t.TempDir() + "/" + name
		s := tenant(t, open(t, path), "t").Conversations()
		_, err := s.Receive(t.Context(), inbound("t", "m"))
		require.NoError(t, err)
		require.FileExists(t, path)
	}
}

func TestATenantNeedsAName(t *testing.T) {
	_, err := open(t, temp(t)).Tenant("")
	require.EqualError(t, err, "sqlstore: a tenant needs a name")
}

func TestWhatIsStoredOutlivesTheProcess(t *testing.T) {
	path := temp(t)
	func() {
		db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
		require.NoError(t, err)
		defer db.Close()
		d, err := sqlstore.Open(t.Context(), db, nil)
		require.NoError(t, err)
		defer d.Close()
		_, err = tenant(t, d, "t").Conversations().Receive(t.Context(), inbound("t", "m"))
		require.NoError(t, err)
	}()
	w, err := tenant(t, open(t, path), "t").Conversations().Claim(t.Context(), wants("w"))
	require.NoError(t, err)
	require.Equal(t, "m", w.Messages[0].ID)
}

// Closing twice is no error, as hosts defer it and also call it.
func TestAClosedDBSaysSo(t *testing.T) {
	d := open(t, temp(t))
	s := tenant(t, d, "t").Conversations()
	require.NoError(t, d.Close())
	require.NoError(t, d.Close())
	_, err := s.Receive(t.Context(), inbound("t", "m"))
	require.EqualError(t, err, "sqlstore: the DB is closed")
	for _, err := range s.Records(t.Context(), "", 0) {
		require.EqualError(t, err, "sqlstore: the DB is closed")
	}
}

// Another process holds the lock, so that no transaction begins before ctx ends.
func TestALostConnectionIsReplaced(t *testing.T) {
	path := temp(t)
	db := openRaw(t, sqlstore.SQLiteDSN(path))
	d, err := sqlstore.Open(t.Context(), db, &sqlstore.Options{Readers: 1})
	require.NoError(t, err)
	s := tenant(t, d, "t").Conversations()
	other, err := openRaw(t, sqlstore.SQLiteDSN(path)).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := s.Receive(ctx, inbound("t", "m"))
		failed <- err
	}()
	cancel() // its transaction has not begun, and cannot be rolled back
	require.ErrorIs(t, <-failed, context.Canceled)
	require.NoError(t, other.Rollback())
	_, err = s.Receive(t.Context(), inbound("t", "m"))
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.Zero(t, db.Stats().InUse, "no connection of the host's is kept")
}

// Whoever repairs the database must know which row to look at.
func TestDamagedRowsAreNamed(t *testing.T) {
	path := temp(t)
	s := tenant(t, open(t, path), "t").Conversations()
	_, err := s.Receive(t.Context(), inbound("t", "m"))
	require.NoError(t, err)
	db := openRaw(t, sqlstore.SQLiteDSN(path))
	for _, test := range []struct{ damage, want string }{
		{"UPDATE frontdesk_message SET body = 'x'", "sqlstore: message m is damaged: "},
		{"UPDATE frontdesk_conversation SET customer = '['", "sqlstore: the customer of conversation ct is damaged: "},
		{"UPDATE frontdesk_conversation SET body = ''", "sqlstore: conversation ct is damaged: "},
	} {
		_, err := db.ExecContext(t.Context(), test.damage)
		require.NoError(t, err)
		_, err = s.Claim(t.Context(), wants("w"))
		require.ErrorContains(t, err, test.want)
	}
	var epoch int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT epoch FROM frontdesk_conversation").Scan(&epoch))
	require.Zero(t, epoch, "a claim that fails takes no lease")
}

// The first waits for another process, and the second for the first.
func TestWaitingForTheWriterEndsWithTheContext(t *testing.T) {
	path := temp(t)
	s := tenant(t, open(t, path), "t").Conversations()
	other, err := openRaw(t, sqlstore.SQLiteDSN(path)).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	first := make(chan error)
	go func() {
		_, err := s.Receive(context.WithoutCancel(t.Context()), inbound("t", "first"))
		first <- err
	}()
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error)
	go func() {
		_, err := s.Receive(ctx, inbound("t", "second"))
		second <- err
	}()
	cancel()
	require.ErrorIs(t, <-second, context.Canceled)
	require.NoError(t, other.Rollback())
	require.NoError(t, <-first, "who waits for another process goes on when that is done")
	n := 0
	for _, err := range s.Messages(t.Context(), "ct", 0) {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 1, n)
}

// More than two pages, without a gap or a repeat where they meet.
func TestLongListsAreReadInPages(t *testing.T) {
	s := tenant(t, open(t, temp(t)), "t").Conversations()
	const n = 600
	_, err := s.Receive(t.Context(), inbound("t", "m"))
	require.NoError(t, err)
	c := agent.Conversation{ID: "ct", Channel: "chat", Thread: "t"}
	for i := range n {
		c.Epoch = int64(i)
		id := fmt.Sprint(i)
		m := agent.Message{}
		m.ID = id
		require.NoError(t, s.Commit(t.Context(), agent.Commit{
			Conversation: c, At: start, Messages: []agent.Message{m}, Turn: &agent.Turn{ID: id},
			Records: []agent.Record{{Conversation: "ct", Detail: id}},
		}))
	}
	var messages, turns, records int
	for m, err := range s.Messages(t.Context(), "ct", 1) {
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(messages), m.ID)
		messages++
	}
	for turn, err := range s.Turns(t.Context(), "ct") {
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(turns), turn.ID)
		turns++
	}
	for r, err := range s.Records(t.Context(), "", 1) {
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(records), r.Detail)
		records++
	}
	require.Equal(t, []int{n, n, n}, []int{messages, turns, records})
}
