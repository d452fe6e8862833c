package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/push"
)

// contentPages serves what the agent knows and how it stands, to people only.
func (d *helpdesk) contentPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /content", d.sources)
	mux.HandleFunc("GET /content/{source}", d.documents)
	mux.HandleFunc("POST /content/{source}", d.refresh)
}

// A row is a source as the page shows it.
type row struct {
	ingest.Status
	Link, Sofar, Advice string
	Pushed              bool
}

func rowOf(s ingest.Status) row {
	r := row{Status: s, Link: "/content/" + url.PathEscape(s.Name), Advice: s.Advice(), Pushed: s.Next.IsZero()}
	if s.Phase == ingest.Syncing {
		r.Sofar = sofar(s.Progress)
	}
	return r
}

// When returns a time as a person reads it.
func (r row) When(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Local().Format("2 Jan 2006, 15:04:05")
}

func (d *helpdesk) sources(w http.ResponseWriter, r *http.Request) {
	all, err := d.library.Status(r.Context())
	if err != nil {
		http.Error(w, "the sources cannot be read", http.StatusInternalServerError)
		return
	}
	var rows []row
	for _, s := range all {
		rows = append(rows, rowOf(s))
	}
	d.render(w, "sources.html", map[string]any{"Title": "Content", "Rows": rows})
}

func (d *helpdesk) documents(w http.ResponseWriter, r *http.Request) {
	all, err := d.library.Status(r.Context())
	at := slices.IndexFunc(all, func(s ingest.Status) bool { return s.Name == r.PathValue("source") })
	if err == nil && at < 0 {
		http.NotFound(w, r)
		return
	}
	var records []ingest.Record
	if err == nil {
		records, err = d.library.pipeline.Records(r.Context(), all[at].Name)
	}
	if err != nil {
		http.Error(w, "the source cannot be read", http.StatusInternalServerError)
		return
	}
	// What needs somebody's attention comes first.
	slices.SortStableFunc(records, func(a, b ingest.Record) int {
		return strings.Compare(fmt.Sprint(a.Err == ""), fmt.Sprint(b.Err == ""))
	})
	d.render(w, "documents.html", map[string]any{"Title": all[at].Name, "Row": rowOf(all[at]), "Records": records})
}

// refresh asks for a refresh, which is done beside.
func (d *helpdesk) refresh(w http.ResponseWriter, r *http.Request) {
	select {
	case d.library.wanted <- wish{r.PathValue("source"), r.FormValue("confirm") != ""}:
		http.Redirect(w, r, "/content", http.StatusSeeOther)
	default:
		http.Error(w, "too many refreshes are asked for", http.StatusTooManyRequests)
	}
}

// pushHandlers adds the addresses to which articles are pushed.
func (d *helpdesk) pushHandlers(mux *http.ServeMux, store ingest.Store) error {
	for _, s := range d.library.shelves {
		if s.secrets == "" {
			continue
		}
		data, err := os.ReadFile(s.secrets)
		if err != nil {
			return err
		}
		h, err := push.New(push.Config{
			Pipeline: d.library.pipeline, Source: s.Name, Secrets: strings.Fields(string(data)), Store: store,
		})
		if err != nil {
			return fmt.Errorf("%s: %w", s.secrets, err)
		}
		mux.Handle("/push/"+url.PathEscape(s.Name), h)
		fmt.Fprintf(d.stderr, "helpdesk: articles are taken at %s/push/%s\n", d.base, url.PathEscape(s.Name))
	}
	return nil
}
