package crm_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/crm"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestMemory(t *testing.T) {
	agenttest.RunEditor(t, agenttest.EditorFeatures{Atomic: true}, func(_ *testing.T, customers []agent.Customer) agent.Editor {
		return crm.NewMemory(customers...)
	})
}

// TestAmbiguous has two customers share an address, as families do.
func TestAmbiguous(t *testing.T) {
	family := []agent.Customer{{ID: "1", Email: "us@example.com", Phone: "+44"}, {ID: "2", Email: "us@example.com", Phone: "+45"}}
	for _, known := range []agent.CRM{crm.NewMemory(family...), agent.Directory(family)} {
		for _, p := range []channel.Party{{Email: "us@example.com"}, {Email: "us@example.com", Phone: "+44"}} {
			p.Trust = channel.Asserted
			_, err := known.Customer(t.Context(), p)
			require.ErrorIs(t, err, agent.ErrUnknownCustomer, "what is less sure does not decide between them")
		}
		c, err := known.Customer(t.Context(), channel.Party{Phone: "+45", Trust: channel.Asserted})
		require.NoError(t, err)
		require.Equal(t, "2", c.ID)
	}
}

// openSQL returns a database with the customers.
func openSQL(t *testing.T, customers []agent.Customer) *sql.DB {
	path := filepath.Join(t.TempDir(), "crm.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), `CREATE TABLE client (key TEXT, full_name TEXT, mail TEXT, tel TEXT, lang TEXT, groups TEXT, tier TEXT, town TEXT)`)
	require.NoError(t, err)
	null := func(s any) any {
		if s == "" {
			return nil
		}
		return s
	}
	for _, c := range customers {
		_, err := db.ExecContext(t.Context(), `INSERT INTO client VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			null(c.ID), c.Name, null(c.Email), null(c.Phone), null(c.Language), null(strings.Join(c.Audiences, ",")), c.Properties["plan"], c.Properties["city"])
		require.NoError(t, err)
	}
	return db
}

func sqlConfig(db *sql.DB) crm.SQLConfig {
	const query = `SELECT key AS id, full_name AS name, mail AS email, tel AS phone, lang AS language, groups AS audiences, tier AS plan, town AS city FROM client `
	return crm.SQLConfig{
		DB: db, ByID: query + "WHERE key = ?", ByEmail: query + "WHERE lower(mail) = lower(?)", ByPhone: query + "WHERE tel = ?",
		Updates: map[string]string{
			"plan": "UPDATE client SET tier = ?1 WHERE key = ?2 AND tier IS ?3",
			"city": "UPDATE client SET town = ?1 WHERE key = ?2 AND town IS ?3",
		},
	}
}

func TestSQL(t *testing.T) {
	agenttest.RunEditor(t, agenttest.EditorFeatures{Atomic: true}, func(t *testing.T, customers []agent.Customer) agent.Editor {
		c, err := crm.NewSQL(sqlConfig(openSQL(t, customers)))
		require.NoError(t, err)
		return c
	})
}

func TestSQLFaults(t *testing.T) {
	_, err := crm.NewSQL(crm.SQLConfig{Updates: map[string]string{"a": ""}})
	for _, want := range []string{"DB is nil", "none of ByID", "Updates[a] is empty", "Updates needs ByID"} {
		require.ErrorContains(t, err, want)
	}
	cfg := sqlConfig(openSQL(t, []agent.Customer{{ID: "1"}, {ID: "1"}, {ID: "2"}}))
	cfg.Updates["city"] = "UPDATE client SET town = ?1 WHERE ?2 <> '' AND ?3 IS NULL"
	cfg.Updates["broken"] = "UPDATE nothing"
	c, err := crm.NewSQL(cfg)
	require.NoError(t, err)
	for property, want := range map[string]string{
		"unlisted": "there is no update for unlisted", "city": "changes 3 customers", "broken": "crm: ",
	} {
		err = c.Update(t.Context(), agent.Edit{Customer: "2", Changes: []agent.Change{{Property: property, New: "x"}}})
		require.ErrorContains(t, err, want)
	}
	_, err = c.Customer(t.Context(), channel.Party{ID: "1", Trust: channel.Signed})
	require.ErrorIs(t, err, agent.ErrUnknownCustomer, "two rows are nobody")
	got, err := c.Customer(t.Context(), channel.Party{ID: "2", Trust: channel.Signed})
	require.NoError(t, err)
	require.Empty(t, got.Properties, "what failed changed nothing")
}

func ExampleNewMemory() {
	customers := crm.NewMemory(agent.Customer{ID: "42", Email: "ada@example.com", Properties: map[string]any{"plan": "gold"}})
	desk, err := agent.New(agent.Config{
		Knowledge: nil, // the company's content
		CRM:       customers,
		Settings: agent.Settings{Properties: []agent.Property{{
			Name: "plan", Type: agent.Choice, Options: []agent.Option{{Value: "gold"}, {Value: "silver"}},
			View: true, Edit: true, Protection: agent.VerifyEmail,
		}}},
	})
	fmt.Println(desk == nil, err)
	// Output: true agent: config: Knowledge is nil: the agent needs a Retriever to answer from, such as *retrieval.Knowledge
}
