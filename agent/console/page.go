package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/credits"
)

// files are the templates, and what browsers load beside the pages.
//
//go:embed templates assets
var files embed.FS

// A page is what a template is given.
type page struct {
	Title   string
	Section string // the entry of the navigation that is marked
	Self    string // leads from Base to this page, and is empty where it cannot be asked for again
	Body    any

	// The rest is set by render.

	Base    string // leads from this page to the root of the console
	Site    string
	Person  string
	Credits *credits.Balance
}

// parse returns the templates of the pages by name.
func (c *Console) parse() (map[string]*template.Template, error) {
	layout, err := template.New("layout.html").Funcs(c.words()).ParseFS(files, "templates/layout.html")
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	pages := make(map[string]*template.Template)
	for _, name := range []string{"inbox", "conversation", "audit", "refusal"} {
		// Each page defines the same blocks, so each has a layout of its own.
		t, err := layout.Clone()
		if err == nil {
			t, err = t.ParseFS(files, "templates/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("console: %w", err)
		}
		pages[name] = t
	}
	return pages, nil
}

// render writes a page, or nothing if it returns an error. A balance that is
// not known is left out: people must be able to answer without it.
func (c *Console) render(w http.ResponseWriter, v visit, status int, name string, p page) error {
	p.Base, p.Site, p.Person = base(v.URL), c.cfg.Title, v.person
	if c.cfg.Credits != nil && v.person != "" {
		b, err := c.cfg.Credits(v.Context())
		if err != nil {
			c.cfg.Log.ErrorContext(v.Context(), "console: the balance is not known", "err", err)
		} else {
			p.Credits = &b
		}
	}
	// Into memory first: a template that fails half way must not leave half a page
	// behind a status that says that all is well.
	var body bytes.Buffer
	if err := c.pages[name].Execute(&body, p); err != nil {
		return fmt.Errorf("console: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body.Bytes()) // an error is the reader's, who is gone
	return nil
}

// base returns the way from a page of the console to its root. It is relative,
// as nobody knows what prefix was stripped.
func base(u *url.URL) string {
	if depth := strings.Count(u.EscapedPath(), "/") - 1; depth > 0 {
		return strings.Repeat("../", depth)
	}
	return "./"
}

// asset serves a style sheet, script or picture. Browsers ask each time whether
// it has changed, as its name stays the same.
func asset(w http.ResponseWriter, r *http.Request) {
	// The name may hold anything, also an escaped slash: an embed.FS opens no path
	// that fs.ValidPath refuses.
	name := r.PathValue("name")
	data, err := files.ReadFile("assets/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(data)
	w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}
