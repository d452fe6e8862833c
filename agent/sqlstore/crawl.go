package sqlstore

import (
	"context"
	"database/sql"
	"iter"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/crawl"
)

// Visits returns the Store of the tenant's crawls.
func (t *Tenant) Visits() crawl.Store { return visits{t.db, t.name} }

// visits is the [crawl.Store] of a tenant: a row for the last crawl of each
// source, one for each address, and one for the links of a page.
type visits struct {
	db     *DB
	tenant string
}

// Last implements [crawl.Store].
func (s visits) Last(ctx context.Context, source string) (crawl.Crawl, error) {
	var began, ended int64
	err := s.db.read(ctx, func(c *conn) error {
		return c.one(ctx, `SELECT began, ended FROM frontdesk_crawl WHERE tenant = $1 AND source = $2`,
			[]any{s.tenant, source}, &began, &ended)
	})
	if err == sql.ErrNoRows {
		err = nil
	}
	return crawl.Crawl{Began: instant(began), Ended: instant(ended)}, err
}

// Mark implements [crawl.Store]. When a crawl has ended, what only earlier ones met
// is forgotten.
func (s visits) Mark(ctx context.Context, source string, last crawl.Crawl) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, `INSERT INTO frontdesk_crawl (tenant, source, began, ended) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant, source) DO UPDATE SET began = excluded.began, ended = excluded.ended`,
			s.tenant, source, nanos(last.Began), nanos(last.Ended))
		if err != nil || last.Ended.IsZero() {
			return err
		}
		// The links go first: their rows do not know of which crawl they are.
		_, err = c.exec(ctx, `DELETE FROM frontdesk_visit_link WHERE tenant = $1 AND source = $2 AND url IN
    (SELECT url FROM frontdesk_visit WHERE tenant = $1 AND source = $2 AND crawl < $3)`,
			s.tenant, source, nanos(last.Began))
		if err != nil {
			return err
		}
		_, err = c.exec(ctx, `DELETE FROM frontdesk_visit WHERE tenant = $1 AND source = $2 AND crawl < $3`,
			s.tenant, source, nanos(last.Began))
		return err
	})
}

// Visits implements [crawl.Store]. No connection is held while it yields.
func (s visits) Visits(ctx context.Context, source string) iter.Seq2[crawl.Visit, error] {
	return func(yield func(crawl.Visit, error) bool) {
		for after := ""; ; {
			var page []crawl.Visit
			err := s.db.read(ctx, func(c *conn) (err error) {
				page, err = rows(ctx, c, scanVisit, `SELECT v.url, v.body, l.links
FROM frontdesk_visit v LEFT JOIN frontdesk_visit_link l ON l.tenant = v.tenant AND l.source = v.source AND l.url = v.url
WHERE v.tenant = $1 AND v.source = $2 AND v.url > $3 ORDER BY v.url LIMIT $4`, s.tenant, source, after, pageSize)
				return err
			})
			if err != nil {
				yield(crawl.Visit{}, err)
				return
			}
			for _, v := range page {
				if !yield(v, nil) {
					return
				}
				after = v.URL
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

// scanVisit reads a visit with its links.
func scanVisit(row scanner) (v crawl.Visit, err error) {
	var url, body string
	var links sql.NullString
	if err := row.Scan(&url, &body, &links); err != nil {
		return v, fault(err)
	}
	if err := decode(body, &v, "visit", url); err != nil {
		return v, err
	}
	if links.String != "" {
		v.Links = strings.Split(links.String, "\n")
	}
	return v, nil
}

// Save implements [crawl.Store].
func (s visits) Save(ctx context.Context, source string, visits ...crawl.Visit) error {
	return s.db.write(ctx, func(ctx context.Context, c *conn) error {
		for _, v := range visits {
			if err := s.save(ctx, c, source, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// save writes a visit. Without links in it those that are stored stay: a page that
// did not change was not read anew.
func (s visits) save(ctx context.Context, c *conn, source string, v crawl.Visit) error {
	links := v.Links
	v.Links = nil
	body, err := encode(v)
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, `INSERT INTO frontdesk_visit (tenant, source, url, crawl, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant, source, url) DO UPDATE SET crawl = excluded.crawl, body = excluded.body`,
		s.tenant, source, v.URL, nanos(v.Crawl), body)
	if err != nil || links == nil {
		return err
	}
	_, err = c.exec(ctx, `INSERT INTO frontdesk_visit_link (tenant, source, url, links) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant, source, url) DO UPDATE SET links = excluded.links`,
		s.tenant, source, v.URL, strings.Join(links, "\n"))
	return err
}
