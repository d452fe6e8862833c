package httpaction

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// A target is a URL with placeholders, which stand in its path and in the
// values of its query and nowhere else.
type target struct {
	origin string // such as https://api.example.com
	path   []template
	query  []pair
}

// A pair is a part of a query. Its name is as it stands in the URL.
type pair struct {
	name  string
	value template
}

// parseTarget reads a URL, or returns every fault of it, joined.
func parseTarget(raw string, o Options) (target, error) {
	raw, _, fragment := strings.Cut(raw, "#")
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return target{}, fmt.Errorf("%q is not absolute", raw)
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, rest := rest[:end], rest[end:]
	path, query, _ := strings.Cut(rest, "?")
	t := target{origin: scheme + "://" + host}
	var faults []error
	if fragment {
		faults = append(faults, errors.New("has a fragment, which no server sees"))
	}
	faults = append(faults, checkOrigin(t.origin, host, o)...)
	for i, segment := range strings.Split(path, "/") {
		if i == 0 { // before the first slash
			continue
		}
		s, err := parseTemplate(segment)
		if err == nil {
			err = checkSegment(s)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("the path %w", err))
		}
		t.path = append(t.path, s)
	}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, text, _ := strings.Cut(part, "=")
		value, err := parseTemplate(text)
		if err == nil {
			err = checkQuery(name, value)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("the query %w", err))
		}
		t.query = append(t.query, pair{name, value})
	}
	return t, errors.Join(faults...)
}

// checkOrigin returns the faults of a scheme and a host.
func checkOrigin(origin, host string, o Options) (faults []error) {
	u, err := url.Parse(origin)
	switch {
	case strings.ContainsAny(origin, "{}"):
		return []error{errors.New("has a placeholder in its scheme or host, which are fixed")}
	case err != nil || u.Hostname() == "" || u.User != nil || u.Host != host:
		return []error{errors.New("has no plain host")}
	}
	if !slices.Contains(o.Hosts, host) {
		faults = append(faults, fmt.Errorf("asks %q, which is not among the allowed hosts", host))
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && o.Loopback && loopback(u.Hostname())) {
		faults = append(faults, fmt.Errorf("has the scheme %q: want https", u.Scheme))
	}
	return faults
}

// loopback reports whether a host names this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// checkSegment returns what is wrong with the fixed texts of a part of a path.
func checkSegment(t template) error {
	for i := 0; i < len(t); i += 2 {
		plain, err := url.PathUnescape(t[i])
		if err != nil || strings.ContainsAny(plain, `/\`) || !printable(t[i]) || strings.Contains(t[i], " ") {
			return fmt.Errorf("holds %q, which is not escaped", t[i])
		}
		if len(t) == 1 && dots(plain) {
			return errors.New("has a segment of dots")
		}
	}
	return nil
}

// checkQuery returns what is wrong with the fixed texts of a part of a query.
func checkQuery(name string, t template) error {
	for i := 0; i < len(t); i += 2 {
		if _, err := url.QueryUnescape(t[i]); err != nil || !printable(t[i]) || strings.Contains(t[i], " ") {
			return fmt.Errorf("holds %q, which is not escaped", t[i])
		}
	}
	if _, err := url.QueryUnescape(name); err != nil || name == "" || !printable(name) || strings.ContainsAny(name, "{} ;") {
		return fmt.Errorf("has the name %q, which must be fixed and escaped", name)
	}
	return nil
}

// placeholders returns the names in the path and in the query.
func (t target) placeholders() (path, query []string) {
	for _, s := range t.path {
		path = append(path, s.names()...)
	}
	for _, p := range t.query {
		query = append(query, p.value.names()...)
	}
	return path, query
}

// url returns the URL of a call.
func (t target) url(v values) (string, error) {
	var b strings.Builder
	b.WriteString(t.origin)
	for _, s := range t.path {
		for _, name := range s.names() {
			if _, ok := v[name]; !ok { // another path would be asked
				return "", errors.New(label(name) + " is missing")
			}
		}
		segment, _, err := s.fill(v, escapeSegment)
		if err != nil {
			return "", err
		}
		if plain, err := url.PathUnescape(segment); err != nil || len(s) > 1 && dots(plain) {
			return "", errors.New("the path would not be one")
		}
		b.WriteString("/" + segment)
	}
	mark := "?"
	for _, p := range t.query {
		value, some, err := p.value.fill(v, func(s string) (string, error) { return url.QueryEscape(s), nil })
		if err != nil {
			return "", err
		}
		if _, alone := p.value.alone(); alone && !some {
			continue
		}
		b.WriteString(mark + p.name + "=" + value)
		mark = "&"
	}
	return b.String(), nil
}

// escapeSegment escapes a value for a path. What some servers take for the end
// of a segment although it is escaped is refused, and so is nothing, which
// would make another path.
func escapeSegment(s string) (string, error) {
	switch {
	case strings.TrimSpace(s) == "":
		return "", errors.New("is empty")
	case strings.ContainsAny(s, `/\`) || !printable(s):
		return "", errors.New("has characters that cannot be in it")
	}
	return url.PathEscape(s), nil
}

// dots reports whether a segment is one that leads up or nowhere.
func dots(segment string) bool { return segment == "." || segment == ".." }

// printable reports whether a text has no control characters.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) < 0
}
