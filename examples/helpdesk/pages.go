package main

import (
	"context"
	"embed"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

//go:embed templates static
var assets embed.FS

func (d *helpdesk) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("/chat/", http.StripPrefix("/chat", d.chat))
	mux.Handle("/static/", http.FileServerFS(assets))
	mux.HandleFunc("GET /{$}", d.home)
	mux.Handle("GET /help/{$}", http.RedirectHandler("/", http.StatusSeeOther))
	mux.HandleFunc("GET /help/{path...}", d.article)
	people := http.NewServeMux()
	people.Handle("/inbox/", http.StripPrefix("/inbox", d.console))
	people.HandleFunc("GET /status", d.status)
	d.contentPages(people)
	for _, path := range []string{"/inbox/", "/status", "/content", "/content/"} {
		mux.Handle(path, http.NewCrossOriginProtection().Handler(local(people)))
	}
	return mux, d.pushHandlers(mux, d.store)
}

// local lets only this machine in, as the pages for people ask for no
// password. A real host puts its own session in front of the console.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		name := r.Host
		if h, _, err := net.SplitHostPort(r.Host); err == nil {
			name = h
		}
		// The name is checked too, or a page of another site could reach this
		// one under a name of its own that it lets resolve to this machine.
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() || !loopback(name) {
			http.Error(w, "only from this machine", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(name string) bool {
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

func (d *helpdesk) render(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	pages, err := template.ParseFS(assets, "templates/layout.html", "templates/"+name)
	if err == nil {
		err = pages.ExecuteTemplate(w, "layout.html", data)
	}
	if err != nil {
		d.log().Error("helpdesk: cannot show a page", "page", name, "err", err)
	}
}

// An entry is an article in the list of the help centre.
type entry struct{ Title, URL string }

func (d *helpdesk) home(w http.ResponseWriter, r *http.Request) {
	shelves, sites, reading := map[string][]entry{}, []string(d.url), ""
	all, err := d.library.Status(r.Context())
	if err != nil {
		http.Error(w, "the articles cannot be listed", http.StatusInternalServerError)
		return
	}
	for _, s := range all {
		if s.Phase == ingest.Syncing && s.Documents == 0 {
			reading = sofar(s.Progress)
		}
	}
	for _, s := range d.library.shelves {
		records, err := d.library.pipeline.Records(r.Context(), s.Name)
		if err != nil || !s.articles {
			continue
		}
		for _, a := range records {
			if a.Passages > 0 && a.Labels.Audience == "" && !a.Labels.Private {
				shelf := path.Dir(a.Item)
				shelves[shelf] = append(shelves[shelf], entry{a.Title, a.URL})
			}
		}
	}
	d.render(w, "home.html", map[string]any{"Title": "Help centre", "Shelves": shelves, "Sites": sites, "Reading": reading})
}

// article shows what the agent knows of one file, with the anchors that its
// citations lead to.
func (d *helpdesk) article(w http.ResponseWriter, r *http.Request) {
	doc, err := d.read(r.Context(), r.PathValue("path"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	d.render(w, "article.html", doc)
}

// read returns an article that everybody may see, and no other file.
func (d *helpdesk) read(ctx context.Context, name string) (retrieval.Document, error) {
	for _, s := range d.library.shelves {
		if !s.articles {
			continue
		}
		for item, err := range s.Source.Items(ctx) {
			if err != nil || item.ID != name && strings.TrimSuffix(item.ID, path.Ext(item.ID)) != name {
				continue
			}
			file, err := item.Open(ctx)
			if err != nil {
				return retrieval.Document{}, err
			}
			defer file.Close()
			return d.library.extractor.Extract(ctx, item, file)
		}
	}
	return retrieval.Document{}, fs.ErrNotExist
}

func (d *helpdesk) status(w http.ResponseWriter, r *http.Request) {
	balance, err := d.ledger.Balance(r.Context())
	if err != nil {
		http.Error(w, "the balance cannot be read", http.StatusInternalServerError)
		return
	}
	owners := map[channel.Owner]int{}
	deliveries := map[string]int{}
	for c, err := range d.agent.Archive().Conversations(r.Context(), agent.Filter{Limit: 200}) {
		if err != nil {
			http.Error(w, "the conversations cannot be read", http.StatusInternalServerError)
			return
		}
		owners[c.Owner]++
		for m, err := range d.agent.Archive().Messages(r.Context(), c.ID, 0) {
			if err == nil && m.Delivery.State != "" {
				deliveries[string(m.Delivery.State)]++
			}
		}
	}
	d.render(w, "status.html", map[string]any{
		"Title": "Status", "Model": d.model, "Passages": d.library.knowledge.Len(), "Sources": len(d.library.shelves),
		"Balance": balance, "Owners": owners, "Deliveries": deliveries, "Now": time.Now().Format(time.RFC1123), "File": d.data,
	})
}
