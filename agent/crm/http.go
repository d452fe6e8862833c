package crm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// HTTPConfig configures an HTTP. Client and one of the addresses are required.
type HTTPConfig struct {
	// Client is the host's. It proves the host to the API, and decides which
	// hosts may be reached.
	Client *http.Client
	// ByID, ByEmail and ByPhone are the addresses of a customer or of a list of
	// them, with {id}, {email} or {phone} in the path or the query:
	//
	//	https://crm.example.com/v1/clients?email={email}
	//
	// Empty does not look in that way. The status 404 is nobody.
	ByID, ByEmail, ByPhone string
	// Results is the place of the list in an answer, as a JSON Pointer (RFC 6901).
	// Empty is the answer itself. An object there is one customer.
	Results string
	// Fields are the places in a customer of id, name, email, phone, language and
	// audiences, and of properties by their names, as JSON Pointers. Those of the
	// first six default to the member of that name.
	Fields map[string]string
	// Update is the address, with {id}, to which changed properties are sent as a
	// JSON Merge Patch (RFC 7396) with the method PATCH. The customer is read by
	// ByID before; if that answer has an ETag, it is sent as If-Match, and the API
	// has to answer 412 if the customer has changed (RFC 9110, section 13.1.1). An
	// API without ETags leaves a moment in which a change of somebody else is lost.
	// Empty lets nothing be changed.
	Update string
}

// An HTTP is a CRM behind an API that speaks JSON. It may be used by many
// goroutines.
type HTTP struct {
	cfg  HTTPConfig
	wire wire
}

// NewHTTP returns an HTTP, or every fault of its configuration, joined.
func NewHTTP(cfg HTTPConfig) (*HTTP, error) {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("crm: HTTPConfig."+format, args...))
	}
	if cfg.Client == nil {
		fault("Client is nil")
	}
	if cfg.ByID == "" && cfg.ByEmail == "" && cfg.ByPhone == "" {
		fault("ByID, ByEmail and ByPhone are empty: one is needed")
	}
	for name, address := range map[string]string{"ByID {id}": cfg.ByID, "ByEmail {email}": cfg.ByEmail, "ByPhone {phone}": cfg.ByPhone, "Update {id}": cfg.Update} {
		name, place, _ := strings.Cut(name, " ")
		if address == "" {
			continue
		}
		u, err := url.Parse(strings.ReplaceAll(address, place, "x"))
		origin, _, _ := strings.Cut(address, place)
		switch {
		case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
			fault("%s is %q: want an address such as https://crm.example.com/clients/%s", name, address, place)
		case !strings.Contains(address, place) || !strings.HasPrefix(origin, u.Scheme+"://"+u.Host+"/"):
			fault("%s is %q: want %s in its path or query", name, address, place)
		}
	}
	if cfg.Update != "" && cfg.ByID == "" {
		fault("Update needs ByID, to read what is there before")
	}
	fields := map[string]string{}
	for _, name := range []string{"id", "name", "email", "phone", "language", "audiences"} {
		fields[name] = "/" + name
	}
	for name, place := range cfg.Fields {
		if !strings.HasPrefix(place, "/") {
			fault("Fields[%s] is %q: a JSON Pointer begins with /", name, place)
		}
		fields[name] = place
	}
	if cfg.Results != "" && !strings.HasPrefix(cfg.Results, "/") {
		fault("Results is %q: a JSON Pointer begins with /", cfg.Results)
	}
	cfg.Fields = fields
	return &HTTP{cfg, wire{client: cfg.Client}}, errors.Join(faults...)
}

// Customer implements [agent.CRM].
func (h *HTTP) Customer(ctx context.Context, p channel.Party) (agent.Customer, error) {
	return find(ctx, p, func(want agent.Customer) ([]agent.Customer, error) {
		address, place, value := h.cfg.ByPhone, "{phone}", want.Phone
		switch {
		case want.ID != "":
			address, place, value = h.cfg.ByID, "{id}", want.ID
		case want.Email != "":
			address, place, value = h.cfg.ByEmail, "{email}", want.Email
		}
		if address == "" {
			return nil, nil
		}
		found, _, err := h.read(ctx, fill(address, place, value))
		if err == status(http.StatusNotFound) {
			return nil, nil
		}
		return found, err
	})
}

// read returns the customers at an address, and its ETag.
func (h *HTTP) read(ctx context.Context, address string) (found []agent.Customer, etag string, err error) {
	var answer any
	header, err := h.wire.send(ctx, request{method: http.MethodGet, url: address}, &answer)
	if err != nil {
		return nil, "", err
	}
	results := at(answer, h.cfg.Results)
	list, ok := results.([]any)
	if !ok {
		list = []any{results}
	}
	for _, item := range list {
		if _, ok := item.(map[string]any); ok {
			found = append(found, h.customer(item))
		}
	}
	return found, header.Get("ETag"), nil
}

// customer reads a customer of an answer.
func (h *HTTP) customer(item any) agent.Customer {
	var c agent.Customer
	for name, place := range h.cfg.Fields {
		v := at(item, place)
		if list, ok := v.([]any); ok && name == "audiences" {
			for _, a := range list {
				if text, ok := a.(string); ok {
					c.Audiences = append(c.Audiences, text)
				}
			}
			continue
		}
		switch v.(type) {
		case string, bool, float64:
			set(&c, name, v)
		}
	}
	return c
}

// Update implements [agent.Editor].
func (h *HTTP) Update(ctx context.Context, e agent.Edit) error {
	if e.Customer == "" || !plain(e.Customer) {
		return agent.ErrUnknownCustomer
	}
	if h.cfg.Update == "" {
		return errors.New("crm: HTTPConfig.Update is empty")
	}
	found, etag, err := h.read(ctx, fill(h.cfg.ByID, "{id}", e.Customer))
	if err != nil {
		return edited(err)
	}
	if len(found) != 1 || found[0].ID != e.Customer {
		return agent.ErrUnknownCustomer
	}
	patch := map[string]any{}
	for _, change := range e.Changes {
		place, ok := h.cfg.Fields[change.Property]
		if !ok {
			return fmt.Errorf("crm: HTTPConfig.Fields has no %s", change.Property)
		}
		if !reflect.DeepEqual(found[0].Properties[change.Property], change.Old) {
			return agent.ErrConflict
		}
		put(patch, place, change.New)
	}
	r := request{method: http.MethodPatch, url: fill(h.cfg.Update, "{id}", e.Customer), header: http.Header{}, body: patch}
	if etag != "" {
		r.header.Set("If-Match", etag)
	}
	_, err = h.wire.send(ctx, r, nil)
	return edited(err)
}

// fill puts a value into an address. It can end neither the part of the path nor
// the parameter that it stands in.
func fill(address, place, value string) string {
	path, query, ok := strings.Cut(address, "?")
	// A part of dots alone would lead to another place of the path.
	escaped := url.PathEscape(value)
	if strings.Trim(escaped, ".") == "" {
		escaped = strings.ReplaceAll(escaped, ".", "%2E")
	}
	path = strings.ReplaceAll(path, place, escaped)
	if !ok {
		return path
	}
	return path + "?" + strings.ReplaceAll(query, place, url.QueryEscape(value))
}

// steps returns the parts of a JSON Pointer.
func steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(p, "~1", "/"), "~0", "~")
	}
	return parts
}

// at returns what a JSON Pointer leads to, nil for nothing.
func at(v any, pointer string) any {
	for _, step := range steps(pointer) {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// put sets what a JSON Pointer leads to, in objects.
func put(object map[string]any, pointer string, v any) {
	parts := steps(pointer)
	for _, step := range parts[:len(parts)-1] {
		inner, ok := object[step].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[step] = inner
		}
		object = inner
	}
	object[parts[len(parts)-1]] = v
}
