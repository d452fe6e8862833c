package sqlstore_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/crawl/crawltest"
)

func TestVisits(t *testing.T) {
	newTenant := tenants(t)
	crawltest.RunStore(t, func(t *testing.T) crawl.Store { return newTenant(t).Visits() })
}
