package httpaction

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// decode returns one JSON value, with numbers as they are written.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("there is more than one value")
	}
	return v, nil
}

// parseBody returns a body with its strings as templates, and the names in it.
func parseBody(raw json.RawMessage) (body any, names []string, err error) {
	v, err := decode(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("is not JSON: %w", err)
	}
	body, err = templates(v, &names)
	return body, names, err
}

// templates replaces the strings of a JSON value by templates.
func templates(v any, names *[]string) (any, error) {
	var faults []error
	switch v := v.(type) {
	case string:
		t, err := parseTemplate(v)
		*names = append(*names, t.names()...)
		return t, err
	case []any:
		for i := range v {
			part, err := templates(v[i], names)
			v[i], faults = part, append(faults, err)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if strings.ContainsAny(key, "{}") {
				faults = append(faults, fmt.Errorf("has the name %q, which must be fixed", key))
			}
			part, err := templates(v[key], names)
			v[key], faults = part, append(faults, err)
		}
	}
	return v, errors.Join(faults...)
}

// fillBody returns a body with its templates filled, and false for one that is
// left out.
func fillBody(body any, v values) (any, bool) {
	switch b := body.(type) {
	case template:
		if name, alone := b.alone(); alone {
			value, ok := v[name]
			return value, ok
		}
		text, _, _ := b.fill(v, func(s string) (string, error) { return s, nil }) // which cannot fail
		return text, true
	case []any:
		filled := make([]any, 0, len(b))
		for _, part := range b {
			if part, ok := fillBody(part, v); ok {
				filled = append(filled, part)
			}
		}
		return filled, true
	case map[string]any:
		filled := make(map[string]any, len(b))
		for key, part := range b {
			if part, ok := fillBody(part, v); ok {
				filled[key] = part
			}
		}
		return filled, true
	}
	return body, true
}
