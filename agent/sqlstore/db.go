// Package sqlstore keeps everything that an agent stores in one SQL database
// that the host opens: conversations, passages, sources, credits and the runs
// of jobs, of many tenants.
//
// It knows SQLite and PostgreSQL, and imports no driver of either. For SQLite,
// open the database with the DSN of [SQLiteDSN]; drivers that are tested are
// modernc.org/sqlite and github.com/jackc/pgx/v5/stdlib:
//
//	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN("frontdesk.db"))
//	db, err := sql.Open("pgx", "postgres://localhost/frontdesk")
//
// What a method has returned without error survives a crash of the process and
// a loss of power, as far as the server's fsync is on. Several processes may use
// one database at the same time. Names of tables begin with "frontdesk_", so that
// the database may be the host's own.
//
// In a PostgreSQL that has the extension pgvector when it is opened, vectors
// are searched by the database. What was stored before that is not found by
// vectors until it is stored again.
package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Options change how a DB works. Nil means the defaults.
type Options struct {
	// Readers is how many connections may read at once. More readers than
	// processors slow the writer down. Defaults to 4.
	Readers int
}

// A DB is an open database. Its methods may be called from many goroutines.
type DB struct {
	db      *sql.DB
	dialect dialect
	// The database has the extension of that name.
	pgvector bool
	// A pool hands out its connections one by one. There is one writer, as the
	// database has one: who waits for it here does not wait for its lock.
	writer, readers pool
	close           func() error // closes both, once
}

// Open brings the schema in db up to date and returns a DB over it. It may be
// called by several processes at once. It returns an error that names every
// setting of db under which what is stored could be lost. The DB keeps
// connections of db for itself until it is closed; db remains the host's.
func Open(ctx context.Context, db *sql.DB, o *Options) (*DB, error) {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.Readers == 0 {
		opts.Readers = 4
	}
	if opts.Readers < 0 {
		return nil, fmt.Errorf("sqlstore: Options.Readers is %d", opts.Readers)
	}
	// A host's limit that leaves no connection for the writer would make every
	// write wait for a reader for ever, so it is refused rather than obeyed.
	if most := db.Stats().MaxOpenConnections; most > 0 && most <= opts.Readers {
		return nil, fmt.Errorf("sqlstore: the database may open %d connections, and %d readers and a writer are wanted: "+
			"raise it with SetMaxOpenConns or lower Options.Readers", most, opts.Readers)
	}
	d := &DB{db: db, writer: newPool(db, 1), readers: newPool(db, opts.Readers)}
	d.close = sync.OnceValue(func() error { return errors.Join(d.readers.close(), d.writer.close()) })
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// prepare makes sure that the database can be used.
func (d *DB) prepare(ctx context.Context) error {
	c, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer d.writer.put(c)
	if d.dialect, err = dialectOf(ctx, c); err != nil {
		return err
	}
	c.dialect = d.dialect
	if err := d.dialect.check(ctx, c); err != nil {
		return err
	}
	if err := migrate(ctx, d.dialect, c); err != nil {
		return err
	}
	if d.dialect.name == postgres.name {
		d.pgvector, err = prepareVectors(ctx, c)
	}
	return err
}

// connect opens the first connection. While a file is new, SQLite turns away who
// sets its journal mode beside another process that does, without the wait of
// the busy timeout (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In
// WAL Mode").
func (d *DB) connect(ctx context.Context) (*conn, error) {
	for again := 100; ; again-- {
		c, err := d.writer.get(ctx)
		if again == 0 || !busy(err) {
			return c, err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// busy reports whether SQLite says that somebody else has the lock. The drivers
// have no error in common, but the name or the text of SQLite's own.
func busy(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "SQLITE_BUSY") || strings.Contains(err.Error(), "database is locked"))
}

// Close waits for what is under way and gives the connections back. It leaves
// the host's sql.DB open. What is called afterwards returns an error.
func (d *DB) Close() error { return d.close() }

// Tenant returns the tenant of that name. A tenant needs no creation; it sees
// nothing of what others stored.
func (d *DB) Tenant(name string) (*Tenant, error) {
	if name == "" {
		return nil, errors.New("sqlstore: a tenant needs a name")
	}
	return &Tenant{db: d, name: name}, nil
}

// write runs f in a transaction of the writer, and commits it if f returns nil.
// Once it has begun it is not interrupted: it is short, and half of it is
// worth nothing. Errors of f are returned as they are.
func (d *DB) write(ctx context.Context, f func(ctx context.Context, c *conn) error) error {
	c, err := d.writer.get(ctx)
	if err != nil {
		return err
	}
	defer d.writer.put(c)
	// Values of ctx, such as a trace, stay; only its end does not reach the
	// statements. Waiting for the writer and for the lock does heed it.
	whole := context.WithoutCancel(ctx)
	if err = c.begin(ctx, d.dialect); err == nil {
		err = f(whole, c)
	}
	if err == nil {
		_, err = c.exec(whole, "COMMIT")
	}
	if err != nil {
		c.rollback(whole)
	}
	return err
}

// read runs f on a connection that sees all that was committed before.
func (d *DB) read(ctx context.Context, f func(c *conn) error) error {
	c, err := d.readers.get(ctx)
	if err != nil {
		return err
	}
	defer d.readers.put(c)
	c.dialect = d.dialect
	err = f(c)
	switch {
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone):
		c.broken = true
	case err != nil && ctx.Err() != nil:
		// Some drivers close a connection that they interrupt.
		c.giveUp()
	}
	// There is no transaction to undo, so that any other error leaves the
	// connection as good as it was.
	return err
}
