package sqlstore

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
)

// A dialect is what differs between databases. All other SQL of this package
// runs on each.
type dialect struct {
	name       string
	migrations string   // a folder of the embedded files
	begin      []string // begin a transaction that will write
	escapes    bool     // it does not keep every text
	direct     bool     // its drivers prepare statements by themselves, as the host has told them
	// What the settings of the host's database must be. It runs before the first
	// migration, so that a database that is refused is left as it was.
	check func(ctx context.Context, c *conn) error
}

// migrations holds a folder for each dialect, of files that are never changed
// once they were released: databases record only how many of them they have.
//
//go:embed migrations
var migrations embed.FS

// sqlite is SQLite 3.35 or newer, for RETURNING.
var sqlite = dialect{
	name:       "SQLite",
	migrations: "migrations/sqlite",
	// A transaction that takes the lock only when it first writes fails, rather
	// than waits, if somebody else has written since it began.
	begin: []string{"BEGIN IMMEDIATE"},
	check: checkSQLite,
}

// dialectOf tells which database a connection leads to.
func dialectOf(ctx context.Context, c *conn) (dialect, error) {
	var version string
	lite := c.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	if lite == nil {
		return sqlite, nil
	}
	if ctx.Err() != nil {
		return dialect{}, ctx.Err()
	}
	other := c.QueryRowContext(ctx, "SELECT version()").Scan(&version)
	if other == nil && strings.HasPrefix(version, "PostgreSQL ") {
		return postgres, nil
	}
	return dialect{}, fmt.Errorf("sqlstore: the database is neither SQLite (%w) nor PostgreSQL (%s)",
		lite, cmp.Or(version, fmt.Sprint(other)))
}

// SQLiteDSN returns the data source name for modernc.org/sqlite of a database
// file: write-ahead log, synchronized at every commit, foreign keys, and
// transactions that wait for each other.
func SQLiteDSN(path string) string {
	pragmas := url.Values{
		// Pragmas hold for one connection, and so stand in the DSN, which the driver
		// applies to each. Timeouts are milliseconds.
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
}

// checkSQLite returns an error for each setting without which what is stored
// could be lost, or a second process would be turned away.
func checkSQLite(ctx context.Context, c *conn) error {
	var faults []error
	for _, setting := range []struct {
		name string
		good []string
		why  string
	}{
		{"journal_mode", []string{"wal"}, "readers would block the writer"},
		// 2 is FULL and 3 is EXTRA. NORMAL survives a crash of the process, but may lose
		// the last commits with the power (sqlite.org/pragma.html#pragma_synchronous).
		{"synchronous", []string{"2", "3"}, "an acknowledged message could be lost with the power"},
		{"foreign_keys", []string{"1"}, "messages could lose their conversation"},
	} {
		var value string
		if err := c.one(ctx, "PRAGMA "+setting.name, nil, &value); err != nil {
			return err
		}
		if !slices.Contains(setting.good, value) {
			faults = append(faults, fmt.Errorf("sqlstore: %s is %s and must be %s, or %s: open the database with SQLiteDSN",
				setting.name, value, setting.good[0], setting.why))
		}
	}
	var timeout int
	if err := c.one(ctx, "PRAGMA busy_timeout", nil, &timeout); err != nil {
		return err
	}
	if timeout == 0 {
		faults = append(faults, errors.New("sqlstore: busy_timeout is 0, and a second process would be turned away "+
			"instead of waiting: open the database with SQLiteDSN"))
	}
	return errors.Join(faults...)
}

// migrate runs the migrations that the database lacks, all in one transaction.
// Each is a file named by its number.
func migrate(ctx context.Context, d dialect, c *conn) (err error) {
	defer func() {
		if err != nil {
			c.rollback(context.WithoutCancel(ctx))
		}
	}()
	if err := c.begin(ctx, d); err != nil {
		return err
	}
	// A row for each migration that ran. Whoever began the transaction second
	// finds the rows of the first, and has nothing left to do.
	const table = "CREATE TABLE IF NOT EXISTS frontdesk_schema (version BIGINT NOT NULL)"
	if _, err := c.exec(ctx, table); err != nil {
		return err
	}
	var have int
	if err := c.one(ctx, "SELECT COALESCE(MAX(version), 0) FROM frontdesk_schema", nil, &have); err != nil {
		return err
	}
	files, err := fs.Glob(migrations, d.migrations+"/*.sql")
	if err != nil {
		return err
	}
	if have > len(files) {
		return fmt.Errorf("sqlstore: the database has schema %d and this program knows %d: a newer program has used it",
			have, len(files))
	}
	for i, file := range files[have:] {
		script, err := migrations.ReadFile(file)
		if err != nil {
			return err
		}
		// Not prepared: a script is several statements, and runs once.
		if _, err := c.ExecContext(ctx, string(script)); err != nil {
			return fmt.Errorf("sqlstore: migration %s: %w", strings.TrimPrefix(file, d.migrations+"/"), err)
		}
		if _, err := c.exec(ctx, "INSERT INTO frontdesk_schema (version) VALUES ($1)", have+i+1); err != nil {
			return err
		}
	}
	_, err = c.exec(ctx, "COMMIT")
	return err
}
