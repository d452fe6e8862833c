package console

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"sort"
	"strconv"

	"github.com/frontdesk-go/frontdesk/agent"
)

// auditSize is how many records a page of the audit spans.
const auditSize = 100

// An audit is the body of a page of the audit.
type audit struct {
	Conversation string         // whose records are shown, or "" for all
	Records      []agent.Record // newest first
	Older        int64          // what the next page comes before, or zero
	Newest       bool           // whether this is the first page
}

// audit serves the newest records, or those before a Seq.
func (c *Console) audit(w http.ResponseWriter, v visit) error {
	q := v.URL.Query()
	body := audit{Conversation: q.Get("conversation")}
	before, err := strconv.ParseInt(q.Get("before"), 10, 64)
	if err != nil || before < 1 {
		body.Newest = true
		last, err := c.lastRecord(v.Context())
		if err != nil {
			return err
		}
		before = last + 1
	}
	if err := c.records(v.Context(), &body, before); err != nil {
		return err
	}
	return c.render(w, v, http.StatusOK, "audit", page{Title: "Audit", Section: "audit", Body: body})
}

// records reads a page of the audit. Those of one conversation are few, and are
// read from its beginning.
func (c *Console) records(ctx context.Context, body *audit, before int64) error {
	after := max(before-1-auditSize, 0)
	// Seqs count the records of all conversations, so that the last hundred Seqs
	// may hold none of this one.
	if body.Conversation != "" {
		after = 0
	} else if after > 0 {
		body.Older = after + 1
	}
	for r, err := range c.cfg.Agent.Archive().Records(ctx, body.Conversation, after) {
		if err != nil {
			return err
		}
		if r.Seq >= before {
			break
		}
		if body.Records = append(body.Records, r); len(body.Records) > auditSize {
			body.Records = body.Records[1:]
			body.Older = body.Records[0].Seq
		}
	}
	slices.Reverse(body.Records)
	return nil
}

// lastRecord returns the Seq of the newest record, or 0. An Archive reads
// forwards only, so it is searched for by halves, at the cost of one record
// read for each bit of a Seq.
func (c *Console) lastRecord(ctx context.Context) (int64, error) {
	var fault error
	// Search wants one answer that turns from false to true: at the last Seq there
	// is nothing after it. After an error all answers are worthless, and fault says so.
	last := sort.Search(math.MaxInt, func(seq int) bool {
		for _, err := range c.cfg.Agent.Archive().Records(ctx, "", int64(seq)) {
			fault = cmp.Or(fault, err)
			return err != nil
		}
		return true
	})
	return int64(last), fault
}
