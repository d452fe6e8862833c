package sqlstore_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/agenttest"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/credits/creditstest"
	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
	"github.com/frontdesk-go/frontdesk/schedule"
	"github.com/frontdesk-go/frontdesk/schedule/scheduletest"
)

// open opens a database file until the test ends.
func open(t testing.TB, path string) *sqlstore.DB {
	t.Helper()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	d, err := sqlstore.Open(t.Context(), db, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

func temp(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

// tenants returns a function that returns a new tenant of one database at each
// call, so that every suite also proves that tenants are apart.
func tenants(t *testing.T) func(t *testing.T) *sqlstore.Tenant {
	d := open(t, temp(t))
	var n atomic.Int64
	return func(t *testing.T) *sqlstore.Tenant { return tenant(t, d, fmt.Sprint("tenant ", n.Add(1))) }
}

func tenant(t testing.TB, d *sqlstore.DB, name string) *sqlstore.Tenant {
	t.Helper()
	tenant, err := d.Tenant(name)
	require.NoError(t, err)
	return tenant
}

func TestConversations(t *testing.T) {
	newTenant := tenants(t)
	agenttest.RunStore(t, func(t *testing.T) agent.Store { return newTenant(t).Conversations() })
}

// Two DBs on one file share nothing but the file, as two processes do.
func TestConversationsOfTwoProcesses(t *testing.T) {
	agenttest.RunSharedStore(t, func(t *testing.T) (a, b agent.Store) {
		path := temp(t)
		return tenant(t, open(t, path), "x").Conversations(), tenant(t, open(t, path), "x").Conversations()
	})
}

func TestConversationsOfTwoTenants(t *testing.T) {
	newTenant := tenants(t)
	agenttest.RunTenants(t, func(t *testing.T) (a, b agent.Store) {
		return newTenant(t).Conversations(), newTenant(t).Conversations()
	})
}

func TestPassages(t *testing.T) {
	newTenant := tenants(t)
	retrievaltest.RunStore(t, func(t *testing.T) retrieval.Store { return newTenant(t).Passages() })
}

func TestSnapshots(t *testing.T) {
	newTenant := tenants(t)
	retrievaltest.RunSnapshotter(t, func(t *testing.T) retrieval.Snapshotter {
		return newTenant(t).Passages().(retrieval.Snapshotter)
	})
}

func TestSources(t *testing.T) {
	newTenant := tenants(t)
	ingesttest.RunStore(t, func(t *testing.T) ingest.Store { return newTenant(t).Sources() })
}

func TestCredits(t *testing.T) {
	newTenant := tenants(t)
	creditstest.RunStore(t, func(t *testing.T) credits.Store { return newTenant(t).Credits("main") })
}

func TestRuns(t *testing.T) {
	newTenant := tenants(t)
	scheduletest.Run(t, func(t *testing.T) schedule.Store { return newTenant(t).Runs() })
}

func TestLimits(t *testing.T) {
	newTenant := tenants(t)
	agenttest.RunLimiter(t, func(t *testing.T) agent.Limiter { return newTenant(t).Limits() })
}
