package crawl

import (
	"net/url"
	"strings"
)

// maxRobots is how much of a robots.txt is read, in bytes. See RFC 9309,
// section 2.5.
const maxRobots = 512 << 10

// robots are the rules of a robots.txt for one crawler.
type robots struct {
	rules    []rule
	sitemaps []string
}

// A rule allows or disallows the paths that match its pattern.
type rule struct {
	allow   bool
	pattern string
}

// disallowAll holds for a site whose robots.txt cannot be read. See RFC 9309,
// section 2.3.1.4.
func disallowAll() robots { return robots{rules: []rule{{pattern: "/"}}} }

// parseRobots reads the rules for the crawler of the given product token: those
// of all groups that name it, else those of the groups for "*". See RFC 9309,
// section 2.2.
func parseRobots(source, agent string) robots {
	source = strings.TrimPrefix(source[:min(len(source), maxRobots)], "\ufeff")
	var r robots
	var own, others []rule
	named, forOwn, forOthers, header := false, false, false, false
	for line := range strings.FieldsFuncSeq(source, func(c rune) bool { return c == '\n' || c == '\r' }) {
		key, value, ok := robotsLine(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if !header {
				forOwn, forOthers = false, false
			}
			header = true
			if value == "*" || strings.HasPrefix(value, "* ") {
				forOthers = true
			} else if strings.EqualFold(productToken(value), agent) && agent != "" {
				forOwn, named = true, true
			}
		case "allow", "disallow":
			header = false
			added := newRules(key == "allow", value)
			if forOwn {
				own = append(own, added...)
			}
			if forOthers {
				others = append(others, added...)
			}
		case "sitemap":
			r.sitemaps = append(r.sitemaps, value)
		}
	}
	r.rules = others
	if named {
		r.rules = own
	}
	return r
}

// newRules returns the rules of a line. One that allows a folder's index allows
// the folder itself, as Google has it.
func newRules(allow bool, value string) []rule {
	if value == "" {
		return nil
	}
	rules := []rule{{allow, escapePath(value)}}
	if i := strings.LastIndex(value, "/index.htm"); allow && i >= 0 {
		rules = append(rules, rule{true, escapePath(value[:i+1]) + "$"})
	}
	return rules
}

// robotsLine divides a line into key and value. A colon that was forgotten is
// forgiven.
func robotsLine(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	line = strings.Trim(line, " \t")
	key, value, ok = strings.Cut(line, ":")
	if !ok {
		fields := strings.Fields(line)
		if len(fields) != 2 {
			return "", "", false
		}
		key, value = fields[0], fields[1]
	}
	key = strings.ToLower(strings.Trim(key, " \t"))
	switch key {
	case "useragent", "user agent":
		key = "user-agent"
	case "dissallow", "dissalow", "disalow", "diasllow", "disallaw":
		key = "disallow"
	}
	return key, strings.Trim(value, " \t"), true
}

// productToken returns the part of an agent's name that is compared.
func productToken(s string) string {
	end := strings.IndexFunc(s, func(c rune) bool {
		return c != '-' && c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// allowed reports whether the address may be fetched: the rule with the
// longest pattern decides, and of two of one length the one that allows. See
// RFC 9309, section 2.2.2.
func (r robots) allowed(u *url.URL) bool {
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if target == "/robots.txt" {
		return true
	}
	if u.RawQuery != "" || u.ForceQuery {
		target += "?" + u.RawQuery
	}
	target = escapePath(target)
	allow, longest := true, -1
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > longest || n == longest && rule.allow) && matches(rule.pattern, target) {
			allow, longest = rule.allow, n
		}
	}
	return allow
}

// matches reports whether the path starts with the pattern, in which "*" is any
// run of characters and "$" at the end is the end of the path.
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !anchored || path == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	last := parts[len(parts)-1]
	if anchored {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// escapePath makes paths comparable: bytes outside of ASCII are escaped, and
// escapes are in upper case. See RFC 9309, section 2.2.2.
func escapePath(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x80:
			const digits = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		case c == '%' && i+2 < len(s):
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
