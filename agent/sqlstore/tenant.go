package sqlstore

import (
	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// A Tenant is the part of a database that belongs to one company. Every row is
// stored under its tenant's name, and no query leaves it out.
type Tenant struct {
	db   *DB
	name string
}

// Conversations returns the Store of the tenant's agent. Several processes may
// work on it, each under a worker's name of its own.
func (t *Tenant) Conversations() agent.Store { return conversations{t.db, t.name} }

// Passages returns the Store of the tenant's knowledge base. It is a
// [retrieval.VectorStore] in a PostgreSQL with pgvector.
func (t *Tenant) Passages() retrieval.Store {
	if t.db.pgvector {
		return vectorPassages{passages{t.db, t.name}}
	}
	return passages{t.db, t.name}
}

// Sources returns the Store of the tenant's ingest pipelines.
func (t *Tenant) Sources() ingest.Store { return sources{t.db, t.name} }

// Credits returns the Store of one of the tenant's ledgers.
func (t *Tenant) Credits(ledger string) credits.Store { return movements{t.db, t.name, ledger} }

// Runs returns the Store of the tenant's jobs.
func (t *Tenant) Runs() schedule.Store { return runs{t.db, t.name} }

// Limits returns the Limiter of the tenant's agents.
func (t *Tenant) Limits() agent.Limiter { return limits{t.db, t.name} }
