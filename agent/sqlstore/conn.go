package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// errClosed is what every method of a closed DB returns.
var errClosed = errors.New("sqlstore: the DB is closed")

// A pool holds a number of connections, nil for one that is not open yet. That
// limits how many work at once: on few processors many readers would starve the
// writer.
type pool struct {
	// The host's pool, of which this one takes its connections for good.
	db *sql.DB
	// Always full but for the connections that are out, and closed by close.
	conns chan *conn
}

// newPool returns a pool that opens its connections when they are needed.
func newPool(db *sql.DB, size int) pool {
	p := pool{db, make(chan *conn, size)}
	for range size {
		p.conns <- nil
	}
	return p
}

// get waits for a connection.
func (p pool) get(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	// A closed channel yields at once, so that whoever still waits is told.
	case c, open := <-p.conns:
		if !open {
			return nil, errClosed
		}
		if c != nil {
			return c, nil
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := p.db.Conn(ctx)
	if err != nil {
		p.conns <- nil // or each failure would make the pool smaller
		return nil, fault(err)
	}
	return &conn{Conn: c, stmts: make(map[string]*sql.Stmt)}, nil
}

// put gives a connection back.
func (p pool) put(c *conn) {
	if c.broken {
		c = nil
	}
	p.conns <- c
}

// close waits for all connections and closes them. It is called once.
func (p pool) close() error {
	var faults []error
	for range cap(p.conns) {
		if c := <-p.conns; c != nil {
			faults = append(faults, c.close())
		}
	}
	close(p.conns)
	return errors.Join(faults...)
}

// A conn is a connection with the statements prepared on it, each once. There are
// as many statements as the package has, times the numbers of channels or owners
// that are asked for. It is used by one goroutine at a time.
type conn struct {
	*sql.Conn
	// By the text of the query, which therefore must not hold values.
	stmts   map[string]*sql.Stmt
	dialect dialect
	// Set when the connection is not to be used again; put then drops it.
	broken bool
}

// close gives the connection back to the host's pool.
func (c *conn) close() error {
	var faults []error
	for _, s := range c.stmts {
		faults = append(faults, s.Close())
	}
	return errors.Join(append(faults, c.Conn.Close())...)
}

// rollback ends a transaction that may have begun. If that fails, because there
// is none or for a worse reason, it gives the connection up: the next one is in
// no doubt, and the host's pool must not get one with a transaction open.
func (c *conn) rollback(ctx context.Context) {
	if _, err := c.ExecContext(ctx, "ROLLBACK"); err != nil {
		c.giveUp()
	}
}

// giveUp closes a connection that may be of no more use.
func (c *conn) giveUp() {
	c.broken = c.Raw(func(any) error { return driver.ErrBadConn }) != nil
}

// begin begins a transaction that will write.
func (c *conn) begin(ctx context.Context, d dialect) error {
	c.dialect = d
	for _, query := range d.begin {
		if _, err := c.exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// A statement is a query that can be run.
type statement interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, args ...any) *sql.Row
}

// A direct is a statement that is not prepared.
type direct struct {
	conn  *sql.Conn
	query string
}

func (d direct) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return d.conn.ExecContext(ctx, d.query, args...)
}

func (d direct) QueryContext(ctx context.Context, args ...any) (*sql.Rows, error) {
	return d.conn.QueryContext(ctx, d.query, args...)
}

func (d direct) QueryRowContext(ctx context.Context, args ...any) *sql.Row {
	return d.conn.QueryRowContext(ctx, d.query, args...)
}

// stmt returns a statement, prepared now if it is not yet, unless the driver
// sees to that.
func (c *conn) stmt(ctx context.Context, query string) (statement, error) {
	if c.dialect.direct {
		return direct{c.Conn, query}, nil
	}
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

// exec runs a statement and returns the number of rows that it changed.
func (c *conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return 0, fault(err)
	}
	if c.dialect.escapes {
		args = escaped(args)
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, fault(err)
	}
	n, err := r.RowsAffected()
	return n, fault(err)
}

// one scans the only row of a query. It returns sql.ErrNoRows if there is none.
func (c *conn) one(ctx context.Context, query string, args []any, to ...any) error {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return fault(err)
	}
	if c.dialect.escapes {
		return fault(unescaper{s.QueryRowContext(ctx, escaped(args)...)}.Scan(to...))
	}
	return fault(s.QueryRowContext(ctx, args...).Scan(to...))
}

// rows returns what scan makes of each row of a query, all of them: nothing of
// the query is open when it returns.
func rows[T any](ctx context.Context, c *conn, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, fault(err)
	}
	if c.dialect.escapes {
		args = escaped(args)
	}
	r, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, fault(err)
	}
	// An open *sql.Rows would keep the connection, which is the next caller's.
	defer r.Close()
	var row scanner = r
	if c.dialect.escapes {
		row = unescaper{r}
	}
	var all []T
	for r.Next() {
		v, err := scan(row)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, fault(r.Err())
}

// A scanner is a *sql.Row or a *sql.Rows.
type scanner interface{ Scan(to ...any) error }

// fault adds the name of this package to an error of the database. Those of a
// context and sql.ErrNoRows stay as they are.
func fault(err error) error {
	switch {
	case err == nil, err == sql.ErrNoRows, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("sqlstore: %w", err)
}
