package sqlstore

import (
	"context"
	"errors"
	"fmt"
)

// postgres is PostgreSQL 12 or newer.
var postgres = dialect{
	name:       "PostgreSQL",
	migrations: "migrations/postgres",
	// Writers follow one another, as they do in SQLite, in all processes: whoever
	// has the lock sees all that was committed before, and numbers that are given
	// one after the other appear in their order. The lock ends with the transaction.
	// Its key is no more than a number that others are unlikely to use.
	begin:   []string{"BEGIN ISOLATION LEVEL READ COMMITTED", "SELECT pg_advisory_xact_lock(7380953270018331763)"},
	escapes: true,
	direct:  true,
	check:   checkPostgres,
}

// checkPostgres returns an error for each setting without which what is stored
// could be lost or changed.
func checkPostgres(ctx context.Context, c *conn) error {
	var faults []error
	for _, setting := range []struct{ name, bad, why string }{
		{"synchronous_commit", "off", "an acknowledged message could be lost with the power"},
		{"default_transaction_read_only", "on", "nothing could be stored"},
	} {
		var value string
		if err := c.one(ctx, "SHOW "+setting.name, nil, &value); err != nil {
			return err
		}
		if value == setting.bad {
			faults = append(faults, fmt.Errorf("sqlstore: %s is %s, and so %s", setting.name, value, setting.why))
		}
	}
	var encoding string
	if err := c.one(ctx, "SHOW server_encoding", nil, &encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		faults = append(faults, fmt.Errorf("sqlstore: server_encoding is %s and must be UTF8: create the database with ENCODING 'UTF8'", encoding))
	}
	return errors.Join(faults...)
}
