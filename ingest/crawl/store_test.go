package crawl_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/crawl/crawltest"
)

func TestMemoryStore(t *testing.T) {
	crawltest.RunStore(t, func(*testing.T) crawl.Store { return crawl.NewMemoryStore() })
}
