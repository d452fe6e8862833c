package httpaction

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/internal/hidden"
)

const (
	// maxReply is how much of a reply is read, in bytes.
	maxReply = 1 << 20
	// maxResult is how much of it a model is told.
	maxResult = 16 << 10
)

// result returns what the model is told of a reply.
func (r *request) result(resp *http.Response, secrets []string) (json.RawMessage, error) {
	if len(r.fields) == 0 {
		return json.Marshal(map[string]int{"status": resp.StatusCode})
	}
	fault := func(message string, cause error) (json.RawMessage, error) {
		return nil, &Error{Status: resp.StatusCode, Message: message, cause: cause}
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return fault("the service did not answer with data", fmt.Errorf("its content is %.40q", kind))
	}
	if resp.ContentLength > maxReply {
		return fault("the service answered with too much", nil)
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fault("the service took too long", err)
	case err != nil:
		return fault("the service broke off", err)
	case len(raw) > maxReply:
		return fault("the service answered with too much", nil)
	}
	reply, err := decode(raw)
	if err != nil {
		return fault("the service did not answer with data", errors.New("its content is not JSON")) // err quotes it
	}
	fields := map[string]any{}
	for name, path := range r.fields {
		if value, ok := follow(reply, path); ok {
			fields[name] = clean(value, secrets)
		}
	}
	if len(fields) == 0 {
		return fault("the service answered with something else", errors.New("none of the response's fields is there"))
	}
	out, err := json.Marshal(fields)
	if err != nil || len(out) > maxResult {
		return fault("the service answered with too much", err)
	}
	return out, nil
}

// parsePointer reads a JSON Pointer, RFC 6901, to a part of a value.
func parsePointer(s string) ([]string, error) {
	if !strings.HasPrefix(s, "/") {
		return nil, fmt.Errorf("%q is no JSON Pointer to a field: want a form such as /order/state", s)
	}
	parts := strings.Split(s[1:], "/")
	for i, p := range parts {
		plain := strings.ReplaceAll(strings.ReplaceAll(p, "~1", ""), "~0", "")
		if strings.Contains(plain, "~") {
			return nil, fmt.Errorf("%q has a ~ that is neither ~0 nor ~1", s)
		}
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(p, "~1", "/"), "~0", "~")
	}
	return parts, nil
}

// follow returns the part of a value at the end of a path.
func follow(v any, path []string) (any, bool) {
	for _, step := range path {
		switch inside := v.(type) {
		case map[string]any:
			part, ok := inside[step]
			if !ok {
				return nil, false
			}
			v = part
		case []any:
			i, err := strconv.ParseUint(step, 10, 31)
			if err != nil || int(i) >= len(inside) {
				return nil, false
			}
			v = inside[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// clean returns a value without what people cannot see, and without the secrets
// of the request, which some services repeat.
func clean(v any, secrets []string) any {
	return hidden.Strings(v, func(s string) string {
		for _, secret := range secrets {
			if secret != "" {
				s = strings.ReplaceAll(s, secret, "***")
			}
		}
		return hidden.Strip(s)
	})
}
