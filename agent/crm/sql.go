package crm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// SQLConfig configures an SQL. DB and one of the queries are required.
type SQLConfig struct {
	// DB is the host's.
	DB *sql.DB
	// ByID, ByEmail and ByPhone each select the customers that have the value of
	// their only parameter. Empty does not look in that way. Columns named id,
	// name, email, phone, language and audiences (with commas between them) are
	// those of a Customer, any other is a property of that name:
	//
	//	SELECT id, full_name AS name, email, tier AS plan FROM client WHERE lower(email) = lower($1)
	//
	// A text of no value is better NULL than empty.
	ByID, ByEmail, ByPhone string
	// Updates set a property each, by its name. Their parameters are the new
	// value, the ID and the old value, and they must change nothing if that is not
	// the present one, NULL included:
	//
	//	UPDATE client SET tier = $1 WHERE id = $2 AND tier IS NOT DISTINCT FROM $3
	Updates map[string]string
}

// An SQL is a CRM over statements of the host. Values go into them as parameters
// and in no other way. It may be used by many goroutines.
type SQL struct{ cfg SQLConfig }

// NewSQL returns an SQL, or every fault of its configuration, joined. It does not
// use the database yet.
func NewSQL(cfg SQLConfig) (*SQL, error) {
	var faults []error
	if cfg.DB == nil {
		faults = append(faults, errors.New("crm: SQLConfig.DB is nil"))
	}
	if cfg.ByID == "" && cfg.ByEmail == "" && cfg.ByPhone == "" {
		faults = append(faults, errors.New("crm: SQLConfig has none of ByID, ByEmail and ByPhone"))
	}
	for name, statement := range cfg.Updates {
		if statement == "" {
			faults = append(faults, fmt.Errorf("crm: SQLConfig.Updates[%s] is empty", name))
		}
	}
	if len(cfg.Updates) > 0 && cfg.ByID == "" {
		faults = append(faults, errors.New("crm: SQLConfig.Updates needs ByID, to tell a conflict from an unknown customer"))
	}
	return &SQL{cfg}, errors.Join(faults...)
}

// Customer implements [agent.CRM].
func (s *SQL) Customer(ctx context.Context, p channel.Party) (agent.Customer, error) {
	return find(ctx, p, func(want agent.Customer) ([]agent.Customer, error) {
		query, value := s.cfg.ByPhone, want.Phone
		switch {
		case want.ID != "":
			query, value = s.cfg.ByID, want.ID
		case want.Email != "":
			query, value = s.cfg.ByEmail, want.Email
		}
		return s.read(ctx, s.cfg.DB, query, value)
	})
}

// A reader is a *sql.DB or a *sql.Tx.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// most is how many customers a query is read for: with two nobody is meant.
const most = 2

func (s *SQL) read(ctx context.Context, db reader, query, value string) (found []agent.Customer, err error) {
	if query == "" {
		return nil, nil
	}
	rows, err := db.QueryContext(ctx, query, value)
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fault(err)
	}
	for len(found) < most && rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, fault(err)
		}
		var c agent.Customer
		for i, name := range columns {
			set(&c, name, values[i])
		}
		found = append(found, c)
	}
	return found, fault(rows.Err())
}

// set puts a value into the field of a customer that has its name, or into the
// properties.
func set(c *agent.Customer, name string, v any) {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	if v == nil {
		return
	}
	text := fmt.Sprint(v)
	switch strings.ToLower(name) {
	case "id":
		c.ID = text
	case "name":
		c.Name = text
	case "email":
		c.Email = text
	case "phone":
		c.Phone = text
	case "language":
		c.Language = text
	case "audiences":
		if text != "" {
			c.Audiences = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
		}
	default:
		if c.Properties == nil {
			c.Properties = map[string]any{}
		}
		c.Properties[name] = v
	}
}

// Update implements [agent.Editor], in one transaction.
func (s *SQL) Update(ctx context.Context, e agent.Edit) error {
	if e.Customer == "" || !plain(e.Customer) {
		return agent.ErrUnknownCustomer
	}
	tx, err := s.cfg.DB.BeginTx(ctx, nil)
	if err != nil {
		return fault(err)
	}
	if err := s.apply(ctx, tx, e); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return fault(tx.Commit())
}

func (s *SQL) apply(ctx context.Context, tx *sql.Tx, e agent.Edit) error {
	for _, change := range e.Changes {
		statement, ok := s.cfg.Updates[change.Property]
		if !ok {
			return fmt.Errorf("crm: there is no update for %s", change.Property)
		}
		done, err := tx.ExecContext(ctx, statement, change.New, e.Customer, change.Old)
		if err != nil {
			return fault(err)
		}
		switch n, err := done.RowsAffected(); {
		case err != nil:
			return fault(err)
		case n > 1:
			return fmt.Errorf("crm: the update for %s changes %d customers", change.Property, n)
		case n == 0:
			found, err := s.read(ctx, tx, s.cfg.ByID, e.Customer)
			if err == nil && len(found) == 0 {
				return agent.ErrUnknownCustomer
			}
			return errors.Join(err, agent.ErrConflict)
		}
	}
	return nil
}

func fault(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("crm: %w", err)
}
