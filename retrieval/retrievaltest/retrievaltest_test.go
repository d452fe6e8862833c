package retrievaltest_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
)

func TestMemoryStore(t *testing.T) {
	retrievaltest.RunStore(t, func(*testing.T) retrieval.Store { return retrieval.NewMemoryStore() })
}

func TestHashEmbedder(t *testing.T) {
	retrievaltest.RunEmbedder(t, func(*testing.T) retrieval.Embedder { return retrieval.HashEmbedder{} })
}
