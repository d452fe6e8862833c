//go:build pgvector

package sqlstore_test

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
)

// openPGVector opens a new PostgreSQL with pgvector, which node runs.
func openPGVector(t *testing.T) *sqlstore.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	cmd := exec.CommandContext(ctx, "node", "../../internal/pgvectortest/server.mjs")
	var faults strings.Builder
	cmd.Stderr = &faults
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		in.Close() // which ends it
		cmd.Wait()
		cancel()
	})
	port, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, "the server did not start (internal/pgvectortest/run installs it): %s", &faults)
	// Its connections share one session, in which statements must not have names.
	db := openPgx(t, fmt.Sprintf("host=127.0.0.1 port=%s user=postgres dbname=postgres sslmode=disable default_query_exec_mode=exec",
		strings.TrimSpace(port)))
	d, err := sqlstore.Open(t.Context(), db, &sqlstore.Options{Readers: 1})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

func TestPGVector(t *testing.T) {
	d := openPGVector(t)
	var n atomic.Int64
	passages := func(t *testing.T) retrieval.VectorStore {
		s, ok := tenant(t, d, fmt.Sprint("tenant ", n.Add(1))).Passages().(retrieval.VectorStore)
		require.True(t, ok, "a PostgreSQL with pgvector searches vectors itself")
		return s
	}
	t.Run("VectorStore", func(t *testing.T) { retrievaltest.RunVectorStore(t, passages) })
	t.Run("Store", func(t *testing.T) {
		retrievaltest.RunStore(t, func(t *testing.T) retrieval.Store { return passages(t) })
	})
	t.Run("Knowledge", func(t *testing.T) {
		cfg := retrieval.Config{Store: passages(t), Embedder: retrieval.HashEmbedder{}}
		k, err := retrieval.New(t.Context(), cfg)
		require.NoError(t, err)
		for _, text := range []string{"Returns take 30 days.", "We ship by rail.", "Reset a password by mail."} {
			require.NoError(t, k.Add(t.Context(), retrieval.Document{ID: text, Title: text, Sections: []retrieval.Section{{Text: text}}}))
		}
		again, err := retrieval.New(t.Context(), cfg)
		require.NoError(t, err)
		for _, base := range []*retrieval.Knowledge{k, again} {
			res, err := base.Retrieve(t.Context(), retrieval.Query{Text: "retunred"})
			require.NoError(t, err)
			require.NoError(t, res.Degraded)
			require.Equal(t, "Returns take 30 days.", res.Hits[0].Document)
		}
	})
}
