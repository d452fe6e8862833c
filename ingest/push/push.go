// Package push takes articles from a host's content management system, by
// signed webhooks or by calls, and has them in the knowledge base when it
// answers.
//
// A delivery is a POST whose body is one [Article] or an array of them, signed
// as the Standard Webhooks specification says
// (github.com/standard-webhooks/standard-webhooks). A GET, signed over an empty
// body, lists what is known, so that the other side can find what it missed.
package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// Config configures a [Handler].
type Config struct {
	// Pipeline takes the articles. It is required.
	Pipeline *ingest.Pipeline
	// Source is the name under which they are kept. Defaults to "push".
	Source string
	// Secrets are what deliveries are signed with, as Standard Webhooks writes
	// them: "whsec_" and 24 to 64 bytes in base64. Any one of them will do, so
	// that a secret can be replaced by giving both for a while. One is required.
	Secrets []string
	// Store remembers the IDs of deliveries, so that a repeat has no effect. It
	// may be the pipeline's. Nil means a [ingest.MemoryStore], with which a
	// repeat after a restart is taken again.
	Store ingest.Store
	// MaxBytes is the most that a delivery may have. Defaults to 8 MiB.
	MaxBytes int64
	// MaxArticles is the most articles in one delivery. Defaults to 100.
	MaxArticles int
}

// A Handler takes deliveries. It answers with status 200 once all articles of
// a delivery are in the knowledge base and stored; 4xx for what will not get
// better by sending it again, and 5xx for what may. Every answer is JSON: a
// field "error" in words, or "results" with one [Result] for each article.
type Handler struct {
	cfg     Config     // with its defaults
	secrets [][]byte   // decoded
	seen    deliveries // that were taken
}

// New returns a Handler. The error joins all faults of the configuration, and
// never shows a secret.
func New(cfg Config) (*Handler, error) {
	var faults []error
	if cfg.Pipeline == nil {
		faults = append(faults, errors.New("push: Config.Pipeline is nil: give the pipeline that takes the articles"))
	}
	if len(cfg.Secrets) == 0 {
		faults = append(faults, errors.New("push: Config.Secrets is empty: give one that the other side signs with"))
	}
	if cfg.MaxBytes < 0 || cfg.MaxArticles < 0 {
		faults = append(faults, errors.New("push: no limit in Config may be negative"))
	}
	h := &Handler{cfg: cfg}
	for i, s := range cfg.Secrets {
		secret, err := parseSecret(s)
		if err != nil {
			faults = append(faults, fmt.Errorf("push: Config.Secrets[%d]: %w", i, err))
		}
		h.secrets = append(h.secrets, secret)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	h.defaults()
	return h, nil
}

// defaults fills in what the configuration leaves open.
func (h *Handler) defaults() {
	if h.cfg.Source == "" {
		h.cfg.Source = "push"
	}
	if h.cfg.Store == nil {
		h.cfg.Store = ingest.NewMemoryStore()
	}
	if h.cfg.MaxBytes == 0 {
		h.cfg.MaxBytes = 8 << 20
	}
	if h.cfg.MaxArticles == 0 {
		h.cfg.MaxArticles = 100
	}
	h.seen = deliveries{store: h.cfg.Store, source: h.cfg.Source + " deliveries"}
}

// A Result is what became of one article.
type Result struct {
	ID string `json:"id"`
	// Outcome says what was done.
	Outcome Outcome `json:"outcome"`
	// Error says what is wrong with an article that was refused, in words.
	Error string `json:"error,omitempty"`
}

// An Outcome says what became of an article.
type Outcome string

// What becomes of an article.
const (
	Stored    Outcome = "stored"    // it is new or has changed
	Deleted   Outcome = "deleted"   // it was there and is gone
	Unchanged Outcome = "unchanged" // it is as it was
	Outdated  Outcome = "outdated"  // a newer state is known, and stays
	Refused   Outcome = "refused"   // it cannot be read, and what was known of it stays
)

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, POST")
		refuse(w, http.StatusMethodNotAllowed, errors.New("send articles with POST, or list them with GET"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.cfg.MaxBytes))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("the delivery has more than %d bytes: send fewer articles at once", h.cfg.MaxBytes))
		return
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, errors.New("the body broke off"))
		return
	}
	if err := verify(h.secrets, r.Header, body, time.Now()); err != nil {
		refuse(w, http.StatusUnauthorized, err)
		return
	}
	if r.Method == http.MethodGet {
		h.list(w, r)
		return
	}
	h.take(w, r, body)
}

// take ingests a delivery, unless it was taken before.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, body []byte) {
	articles, err := parse(body, h.cfg.MaxArticles)
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	id := r.Header.Get(headerID)
	known, err := h.seen.has(r.Context(), id)
	if err == nil && known {
		answer(w, http.StatusOK, map[string]any{"duplicate": true})
		return
	}
	var results []Result
	if err == nil {
		results, err = h.Put(r.Context(), articles...)
	}
	// Noted last: a crash before makes the repeat do it all again, to no effect.
	if err == nil {
		err = h.seen.add(r.Context(), id, time.Now())
	}
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, errors.New("it could not be stored: send it again"))
		return
	}
	code := http.StatusOK
	for _, result := range results {
		if result.Outcome == Refused {
			code = http.StatusUnprocessableEntity
		}
	}
	answer(w, code, map[string]any{"results": results})
}

// Put ingests articles as a delivery of them does, one after the other. The
// error is not nil when the knowledge base or the store failed; then the
// results are those of the articles before.
func (h *Handler) Put(ctx context.Context, articles ...Article) ([]Result, error) {
	var results []Result
	for _, a := range articles {
		result, err := h.put(ctx, a)
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	return results, nil
}

// put ingests one article. The error is that of the knowledge base or the store;
// what is wrong with the article itself is its result.
func (h *Handler) put(ctx context.Context, a Article) (Result, error) {
	item, err := a.Item()
	if err != nil {
		return Result{ID: a.ID, Outcome: Refused, Error: err.Error()}, nil
	}
	changed, err := h.cfg.Pipeline.Upsert(ctx, h.cfg.Source, item)
	_, failed := errors.AsType[ingest.Failure](err)
	switch {
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case errors.Is(err, ingest.ErrOutdated):
		return Result{ID: a.ID, Outcome: Outdated}, nil
	case failed:
		return Result{ID: a.ID, Outcome: Refused, Error: err.Error()}, nil
	case err != nil:
		return Result{}, err
	case !changed:
		return Result{ID: a.ID, Outcome: Unchanged}, nil
	case a.Deleted:
		return Result{ID: a.ID, Outcome: Deleted}, nil
	}
	return Result{ID: a.ID, Outcome: Stored}, nil
}

// A Listed is what is known of an article.
type Listed struct {
	ID string `json:"id"`
	// Version is that of the article, or else "sha256:" and the hexadecimal
	// digest of its content.
	Version string    `json:"version"`
	Updated time.Time `json:"updated,omitzero"`
	// Passages is how many it has in the knowledge base.
	Passages int `json:"passages"`
	// Deleted articles are listed too, so that they are not sent again.
	Deleted bool `json:"deleted,omitempty"`
	// Error says why its last state was refused.
	Error string `json:"error,omitempty"`
}

// list answers with what is known of all articles.
func (h *Handler) list(w http.ResponseWriter, r *http.Request) {
	records, err := h.cfg.Pipeline.Records(r.Context(), h.cfg.Source)
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, errors.New("the articles cannot be listed now"))
		return
	}
	all := make([]Listed, 0, len(records))
	for _, k := range records {
		all = append(all, Listed{
			ID: k.Item, Version: k.Version, Updated: k.Modified, Passages: k.Passages, Deleted: k.Gone, Error: k.Err,
		})
	}
	answer(w, http.StatusOK, map[string]any{"articles": all})
}

// refuse answers with an error in words for those who keep the other side.
func refuse(w http.ResponseWriter, code int, err error) {
	answer(w, code, map[string]any{"error": err.Error()})
}

// answer writes a value as JSON.
func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // to whom else would its failure be told
}
