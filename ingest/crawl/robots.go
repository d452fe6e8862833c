package crawl

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Limits of a robots.txt.
const (
	maxRobots     = 500 << 10        // bytes that are read, see RFC 9309, section 2.5
	maxCrawlDelay = 10 * time.Second // that is honoured
)

// robots are the rules of a robots.txt for one crawler.
type robots struct {
	rules    []rule
	delay    time.Duration // between two requests, as crawl-delay asks
	sitemaps []string
}

// A rule allows or disallows the paths that match its pattern: RFC 9309, section
// 2.2.2.
type rule struct {
	allow   bool
	pattern string
}

// parseRobots reads the rules for the crawler of the given product token: those
// of all groups that name it, else those of the groups for "*". See RFC 9309,
// section 2.2.
func parseRobots(source, agent string) robots {
	source = strings.TrimPrefix(source[:min(len(source), maxRobots)], "\ufeff")
	var own, others robots
	var sitemaps []string
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
		case "sitemap":
			sitemaps = append(sitemaps, value)
		case "allow", "disallow", "crawl-delay":
			header = header && key == "crawl-delay"
			if forOwn {
				own.line(key, value)
			}
			if forOthers {
				others.line(key, value)
			}
		}
	}
	if !named {
		own = others
	}
	own.sitemaps = sitemaps
	return own
}

// line takes in a line of a group.
func (r *robots) line(key, value string) {
	if key != "crawl-delay" {
		r.rules = append(r.rules, newRules(key == "allow", value)...)
		return
	}
	// Not part of the RFC, but many sites ask for it.
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
		r.delay = time.Duration(min(seconds, maxCrawlDelay.Seconds()) * float64(time.Second))
	}
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

// productToken returns the part of an agent's name that is compared: RFC 9309,
// section 2.2.1.
func productToken(s string) string {
	end := strings.IndexFunc(s, func(c rune) bool {
		return c != '-' && c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// allowed reports whether an address may be fetched, given what is sent of it:
// path and query. The rule with the longest pattern decides, and of two of one
// length the one that allows. See RFC 9309, section 2.2.2.
func (r robots) allowed(target string) bool {
	if target == "/robots.txt" {
		return true
	}
	target = upperEscapes(target)
	allow, longest := true, -1
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > longest || n == longest && rule.allow) && matches(rule.pattern, target) {
			allow, longest = rule.allow, n
		}
	}
	return allow
}

// target returns what is sent of a normal address: its path and query.
func target(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	slash := strings.IndexByte(rest, '/')
	return rest[max(slash, 0):]
}

// matches reports whether the path starts with the pattern, in which "*" is any
// run of characters and "$" at the end is the end of the path: RFC 9309, section
// 2.2.3. Its time is that of one search for each star, whatever the pattern.
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

// escapePath escapes the bytes outside of ASCII, as addresses have them. See
// RFC 9309, section 2.2.2.
func escapePath(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", s[i])
			continue
		}
		b.WriteByte(s[i])
	}
	return upperEscapes(b.String())
}

// upperEscapes writes escapes in upper case, so that they can be compared.
func upperEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], bytes.ToUpper(b[i+1:i+3]))
			i += 2
		}
	}
	return string(b)
}
