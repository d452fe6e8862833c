package httpaction

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// A request is a Spec in the form that requests are made from.
type request struct {
	spec    Spec // with its defaults
	opts    Options
	client  *http.Client
	trust   channel.Trust
	inputs  map[string]bool // by name, whether one may be left out or not
	code    map[string]bool // the placeholders that code fills in
	target  target
	headers map[string]template
	body    any
	fields  map[string][]string // of the result, with the path to each
}

// The bounds and defaults of a Spec.
const (
	defaultTimeout = 10 * time.Second
	maxTimeout     = time.Minute
	maxRetries     = 5
	defaultLength  = 500
)

var (
	methods    = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	trusts     = []channel.Trust{channel.Anonymous, channel.Asserted, channel.EmailVerified, channel.Signed}
	types      = []string{"string", "integer", "number", "boolean"}
	nameForm   = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)
	headerForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
)

// ownHeaders are not a Spec's: those of the connection, and those that hold
// secrets, which stand in Auth.
var ownHeaders = []string{
	"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "Keep-Alive",
	"Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// compile returns the request of a Spec, or every fault of it, joined.
func compile(s Spec, o Options) (*request, error) {
	s.Method = cmp.Or(s.Method, http.MethodGet)
	s.Timeout = cmp.Or(s.Timeout, agent.Duration(defaultTimeout))
	if s.Auth.Type == APIKey {
		s.Auth.Header = cmp.Or(s.Auth.Header, "X-Api-Key")
	}
	r := &request{spec: s, opts: o, inputs: map[string]bool{}, code: map[string]bool{}, headers: map[string]template{}, fields: map[string][]string{}}
	f := &faults{action: s.Name}
	r.checkItself(f)
	r.checkInputs(f)
	r.checkAuth(f)
	target, err := parseTarget(s.URL, o)
	f.add("url", err)
	r.target = target
	path, query := target.placeholders()
	r.use(f, "url", append(path, query...))
	for _, name := range path {
		if slices.ContainsFunc(s.Inputs, func(i Input) bool { return i.Name == name && i.Optional }) {
			f.addf("url", "the path needs %q, which is optional", name)
		}
	}
	r.checkHeaders(f)
	r.checkBody(f)
	r.checkResponse(f)
	for _, in := range s.Inputs {
		if !r.inputs[in.Name] {
			f.addf("inputs", "%q is used nowhere", in.Name)
		}
	}
	r.checkPromises(f)
	return r, errors.Join(f.found...)
}

// faults collects what is wrong with a Spec, each with the place.
type faults struct {
	action string
	found  []error
}

// add notes the faults of a place, each on its own where they are joined.
func (f *faults) add(place string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			f.add(place, err)
		}
	} else if err != nil {
		f.found = append(f.found, fmt.Errorf("httpaction: %s: %s: %w", f.action, place, err))
	}
}

func (f *faults) addf(place, format string, args ...any) { f.add(place, fmt.Errorf(format, args...)) }

// checkItself looks at the fields that need no other.
func (r *request) checkItself(f *faults) {
	s := r.spec
	if !nameForm.MatchString(s.Name) {
		f.addf("name", "want 1 to 64 letters, digits and underscores")
	}
	if strings.TrimSpace(s.Description) == "" {
		f.addf("description", "is missing: no model knows when to propose the action")
	}
	if !slices.Contains(methods, s.Method) {
		f.addf("method", "%q is none of %s", s.Method, strings.Join(methods, ", "))
	}
	if i := slices.IndexFunc(trusts, func(t channel.Trust) bool { return t.String() == s.Trust }); i >= 0 {
		r.trust = trusts[i]
	} else if s.Trust != "" {
		f.addf("trust", "%q is none of anonymous, asserted, e-mail verified, signed", s.Trust)
	}
	if d := time.Duration(s.Timeout); d < 0 || d > maxTimeout {
		f.addf("timeout", "is %v: want at most %v", d, maxTimeout)
	}
	if s.Retries < 0 || s.Retries > maxRetries {
		f.addf("retries", "are %d: want 0 to %d", s.Retries, maxRetries)
	}
}

// checkInputs looks at the inputs. None is used so far.
func (r *request) checkInputs(f *faults) {
	for i, in := range r.spec.Inputs {
		place := fmt.Sprintf("inputs[%d]", i)
		if !nameForm.MatchString(in.Name) {
			f.addf(place, "is named %q: want 1 to 64 letters, digits and underscores", in.Name)
		} else if _, twice := r.inputs[in.Name]; twice {
			f.addf(place, "there is another input %q", in.Name)
		}
		r.inputs[in.Name] = false
		kind := cmp.Or(in.Type, "string")
		if !slices.Contains(types, kind) {
			f.addf(place, "has the type %q, which is none of %s", in.Type, strings.Join(types, ", "))
		}
		if kind != "string" && (in.MaxLength != 0 || len(in.Enum) > 0) || in.MaxLength < 0 {
			f.addf(place, "max_length and enum are for strings, and max_length is not negative")
		}
	}
}

// use notes the placeholders of a place.
func (r *request) use(f *faults, place string, names []string) {
	for _, name := range names {
		_, input := r.inputs[name]
		switch {
		case input:
			r.inputs[name] = true
		case fromCode[name] != nil:
			r.code[name] = true
		default:
			f.addf(place, "there is no input %q", name)
		}
	}
}

// checkAuth looks at how the request proves who sends it.
func (r *request) checkAuth(f *faults) {
	a := r.spec.Auth
	switch a.Type {
	case "":
		if a != (Auth{}) {
			f.addf("auth", "has no type, and so no effect")
		}
		return
	case Bearer, Basic, APIKey:
	default:
		f.addf("auth", "type %q is none of bearer, basic, api_key", a.Type)
		return
	}
	if a.Secret == "" {
		f.addf("auth", "names no secret")
	}
	if r.opts.Secrets == nil {
		f.addf("auth", "the program resolves no secrets: Options.Secrets is nil")
	}
	if (a.Type == Basic) != (a.User != "") || strings.ContainsRune(a.User, ':') || !sendable(a.User) {
		f.addf("auth", "user is for basic, which needs one, without a colon")
	}
	if (a.Type == APIKey) != (a.Header != "") {
		f.addf("auth", "header is for api_key")
	} else if a.Type == APIKey && !free(a.Header) {
		f.addf("auth", "header %q is not one that can be set", a.Header)
	}
}

// free reports whether a header is one that a Spec may set.
func free(name string) bool {
	return headerForm.MatchString(name) && !slices.Contains(ownHeaders, http.CanonicalHeaderKey(name))
}

// checkHeaders reads the headers.
func (r *request) checkHeaders(f *faults) {
	for _, name := range slices.Sorted(maps.Keys(r.spec.Headers)) {
		text := r.spec.Headers[name]
		place := fmt.Sprintf("headers[%q]", name)
		canonical := http.CanonicalHeaderKey(name)
		if !free(name) {
			f.addf(place, "is not one that can be set: those of the connection are fixed, and those with secrets stand in auth")
		}
		if _, twice := r.headers[canonical]; twice || canonical == http.CanonicalHeaderKey(r.spec.Auth.Header) {
			f.addf(place, "is set twice")
		}
		t, err := parseTemplate(text)
		f.add(place, err)
		if !sendable(text) {
			f.addf(place, "can only be printable ASCII")
		}
		r.headers[canonical] = t
		r.use(f, place, t.names())
	}
}

// sendable reports whether a header may hold a text.
func sendable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// checkBody reads the body.
func (r *request) checkBody(f *faults) {
	if len(r.spec.Body) == 0 {
		return
	}
	if r.spec.Method == http.MethodGet || r.spec.Method == http.MethodHead {
		f.addf("body", "%s has none", r.spec.Method)
	}
	body, names, err := parseBody(r.spec.Body)
	f.add("body", err)
	r.body = body
	r.use(f, "body", names)
}

// checkResponse reads where the fields of the result are.
func (r *request) checkResponse(f *faults) {
	if len(r.spec.Response) > 0 && r.spec.Method == http.MethodHead {
		f.addf("response", "HEAD has none")
	}
	for _, name := range slices.Sorted(maps.Keys(r.spec.Response)) {
		place := fmt.Sprintf("response[%q]", name)
		if !nameForm.MatchString(name) {
			f.addf(place, "want a name of 1 to 64 letters, digits and underscores")
		}
		path, err := parsePointer(r.spec.Response[name])
		f.add(place, err)
		r.fields[name] = path
	}
}

// checkPromises looks at what the Spec says of itself.
func (r *request) checkPromises(f *faults) {
	for name := range r.code {
		if strings.HasPrefix(name, "customer.") && r.trust == channel.Anonymous {
			f.addf("trust", "%q is sent, which an anonymous customer may make up: want at least asserted", name)
		}
	}
	if r.spec.Idempotent && !repeatable(r.spec.Method) && !r.code["call.key"] {
		f.addf("idempotent", "a %s is only if its server is sent {call.key}", r.spec.Method)
	}
	if r.spec.Retries > 0 && !r.spec.Idempotent && !repeatable(r.spec.Method) {
		f.addf("retries", "a %s that is not idempotent is sent once", r.spec.Method)
	}
}

// safe reports whether a method only reads. See RFC 9110, section 9.2.1.
func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// repeatable reports whether a method means the same when it is repeated. See
// RFC 9110, section 9.2.2.
func repeatable(method string) bool {
	return safe(method) || method == http.MethodPut || method == http.MethodDelete
}

// schema returns the JSON Schema of the inputs.
func (r *request) schema() json.RawMessage {
	properties, required := map[string]any{}, []string{}
	for _, in := range r.spec.Inputs {
		p := map[string]any{"type": cmp.Or(in.Type, "string")}
		if in.Description != "" {
			p["description"] = in.Description
		}
		if p["type"] == "string" {
			p["maxLength"] = cmp.Or(in.MaxLength, defaultLength)
		}
		if len(in.Enum) > 0 {
			p["enum"] = in.Enum
		}
		properties[in.Name] = p
		if !in.Optional {
			required = append(required, in.Name)
		}
	}
	raw, _ := json.Marshal(map[string]any{ // strings and numbers always encode
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	})
	return raw
}
