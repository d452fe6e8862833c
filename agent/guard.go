package agent

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A guard decides which sentences of an answer may leave. Every figure, date,
// address, phone number and link in a sentence must stand in what the answer
// rests on: the evidence, the results of actions, and for plain numbers the
// conversation. It trusts no model.
type guard struct {
	request Request
	facts   map[string]bool // figures, addresses and names of months of the evidence
	said    map[string]bool // plain numbers and addresses of the conversation
	urls    map[string]bool // links of the evidence, normalised
	hosts   []string        // hosts that may be linked to besides
	text    string          // the evidence, folded, for commitments
}

func newGuard(r Request, hosts []string) guard {
	g := guard{request: r, hosts: hosts, facts: map[string]bool{}, said: map[string]bool{}, urls: map[string]bool{}}
	var all strings.Builder
	for _, h := range r.Evidence {
		fmt.Fprintf(&all, "%s\n%s\n%s\n%s\n", h.Title, strings.Join(h.Path, "\n"), h.Text, h.URL)
	}
	g.read(all.String())
	for _, c := range r.Results { // they say what was done, and are no source of links
		fmt.Fprintf(&all, "%s\n", c.Output)
	}
	for _, v := range r.Customer.Properties {
		fmt.Fprintf(&all, "%s\n", spoken(v))
	}
	evidence := all.String()
	for _, f := range figures(evidence) {
		g.facts[f] = true
	}
	for _, m := range r.History {
		g.hear(m.Text)
	}
	g.hear(r.Question)
	g.hear(r.Profile.Name + " " + r.Profile.Company)
	g.text = fold(evidence)
	return g
}

// read notes where the documents link to, with or without a scheme.
func (g guard) read(documents string) {
	for _, u := range matches(links, documents, ":/") {
		g.urls[normalURL(u)] = true
		if u, err := url.Parse(normalURL(u)); err == nil {
			g.urls["https://"+u.Host] = true
		}
	}
	for _, u := range matches(sites, documents, dots) {
		g.urls[normalURL(u)] = true
	}
	for _, d := range pointers(documents) {
		g.urls[d] = true
	}
}

func (g guard) hear(text string) {
	for _, f := range figures(text) {
		g.said[f] = true
	}
}

// check returns the sentence as it may leave, empty if it may not, and what
// was wrong with it. It looks at what a program may make of the sentence that
// shows it: without hidden characters, with entities and escapes resolved.
func (g guard) check(sentence string) (clean, finding string) {
	if g.quotes(sentence) && !active.MatchString(stripHidden(sentence)) {
		return sentence, ""
	}
	clean = unmarked(sentence)
	if clean != sentence {
		finding = "markup taken out"
	}
	if m := unfinished.FindString(stripHidden(clean)); m != "" {
		return "", fmt.Sprintf("markup that does not end: %s", m)
	}
	shown := stripHidden(html.UnescapeString(escapes.ReplaceAllString(stripHidden(clean), "$1")))
	shown = strings.ReplaceAll(shown, "’", "'")
	for _, d := range pointers(shown) {
		if !g.mayPoint(d) {
			return "", fmt.Sprintf("link that is not allowed: %q", d)
		}
	}
	for _, u := range matches(links, shown, ":/") {
		if !g.mayLink(u) {
			return "", fmt.Sprintf("link that is not allowed: %s", u)
		}
	}
	prose := links.ReplaceAllString(shown, " ")
	for _, u := range matches(sites, emails.ReplaceAllString(prose, " "), dots) {
		if !g.mayLink(u) {
			return "", fmt.Sprintf("link that is not allowed: %s", u)
		}
	}
	prose = ordinals.ReplaceAllString(prose, "")
	price := money.MatchString(prose)
	for _, f := range figures(prose) {
		if !g.facts[f] && (price || !g.said[f]) {
			return "", fmt.Sprintf("stands in no evidence: %s", f)
		}
	}
	if c := commitments.FindString(prose); c != "" && !strings.Contains(g.text, fold(strings.TrimSpace(prose))) && !g.done() {
		return "", fmt.Sprintf("commitment that nothing carries: %s", c)
	}
	return clean, finding
}

// quotes reports whether a sentence stands in a source word for word. It is the
// source's own then, with the code and the placeholders that are in it.
func (g guard) quotes(sentence string) bool {
	sentence = strings.TrimSpace(sentence)
	for _, h := range g.request.Evidence {
		if strings.Contains(h.Text, sentence) {
			return true
		}
	}
	return false
}

// unmarked returns text without images and HTML, of images what describes them.
func unmarked(text string) string {
	for {
		next := markup.ReplaceAllString(images.ReplaceAllString(text, "$1"), "")
		if next == text {
			return text
		}
		text = next // taking out may have put together
	}
}

// done reports whether an action that changes something succeeded in this turn.
func (g guard) done() bool {
	for _, r := range g.request.Results {
		if r.Refused == "" && slices.ContainsFunc(g.request.Actions, func(a ActionSpec) bool { return a.Name == r.Name && a.Writes }) {
			return true
		}
	}
	return false
}

// mayPoint reports whether Markdown may link to a destination: a link, an
// address or a number of the evidence, or a place in the source itself.
func (g guard) mayPoint(to string) bool {
	scheme, rest, _ := strings.Cut(to, ":")
	switch strings.ToLower(scheme) {
	case "mailto":
		return g.facts[strings.ToLower(rest)]
	case "tel":
		return g.facts["tel:"+digits(rest)]
	}
	return g.urls[to] && scheme == to || g.mayLink(to)
}

// mayLink reports whether a link is one of the documents or leads to an allowed
// host, over http or https and without credentials.
func (g guard) mayLink(raw string) bool {
	normal := normalURL(raw)
	u, err := url.Parse(normal)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	if g.urls[normal] {
		return true
	}
	for _, h := range g.hosts {
		if within(u.Hostname(), strings.ToLower(h)) {
			return true
		}
	}
	return false
}

var (
	links = regexp.MustCompile(`(?i)(?:(?:[a-z][a-z0-9+.-]*:)?//|\b(?:javascript|vbscript|data):)[^\s\v\x{85}\p{Z}<>"'\]]+`)
	// Hosts without a scheme, which many programs make links of.
	sites = regexp.MustCompile(`(?:[\p{L}\p{N}_-]+[.．｡])+\p{L}[\p{L}\p{N}-]+(?::\d+)?(?:/[^\s\v\x{85}\p{Z}<>"'\]]*)?`)
	// Destinations in Markdown, in the text or by reference.
	destinations = regexp.MustCompile(`\]\(\s*<?([^\s<>)]*)|^\s*(?:\[[^\]]*)?\]:\s*<?([^\s<>]*)`)
	escapes      = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
	images       = regexp.MustCompile(`!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?`)
	markup       = regexp.MustCompile(`(?s)<[a-zA-Z/!][^>]*>`)
	// What a program that shows a quotation might act on.
	active = regexp.MustCompile(`(?i)!\[|\]\(|\]:|&#|&[a-z]+;|<!|<[a-z][a-z0-9+.-]*:|<\s*/?\s*(?:a|applet|audio|base|body|button|embed|form|frame|frameset|html|iframe|img|input|link|math|meta|object|picture|script|source|style|svg|template|video)\b|\b(?:javascript|vbscript|data):`)
	// The beginning of either, of which the end may come in another sentence.
	unfinished = regexp.MustCompile(`!\[|<[a-zA-Z/!?]`)
	emails     = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}`)
	numbers    = regexp.MustCompile(`[\p{Nd}\p{Nl}\p{No}]+(?:[.,:/\x{2019}][\p{Nd}\p{Nl}\p{No}]+)*`)
	phones     = regexp.MustCompile(`\+?\(?\d[\d()/ .-]{5,}\d`)
	// The number of a list item, which is the model's own.
	ordinals = regexp.MustCompile(`^\s*\d{1,2}[.)]\s`)
	// Sentences about money rest on the evidence alone, and not on what the customer said.
	money   = regexp.MustCompile(`(?i)[\p{Sc}%]|\b(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|francs?|bucks|quid|cents?|percent|per cent|prices?|costs?|fees?|discounts?|off)\b`)
	grouped = regexp.MustCompile(`^\d{1,3}(?:([.,’])\d{3})+(?:[.,]\d{1,2})?$`)
	// What only a person or an action can do, said as done or promised.
	commitments = regexp.MustCompile(`(?i)\b(?:i|we)(?:'ve|'m|'re|'ll| have| am| are| will| can)? (?:(?:just|now|already|also|hereby|going|to|been) )*` +
		`(?:refund|cancel|credit|reimburse|waive|guarantee|promise|approve|upgrade|extend|compensate|reserve|book|issue)(?:ed|led|d)?\b` +
		`|\b(?:i|we)(?:'m|'re| am| are) (?:\w+ )?(?:refund|cancell?|credit|reimburs|waiv|upgrad|extend|compensat|reserv|book|issu)ing\b` +
		`|\b(?:has|have) (?:\w+ )?been (?:\w+ )?(?:refunded|cancell?ed|credited|reimbursed|waived|guaranteed|promised|approved|upgraded|extended|compensated|reserved|booked|issued)\b` +
		`|\bi(?:'ll| will| can)? (?:give|offer|grant|send|owe)\b.*\b(?:refund|discount|credit|voucher|coupon|compensation|replacement)\b`)
)

const dots = ".．｡"

// figures returns what of a text must stand in evidence, normalised: numbers,
// e-mail addresses, phone numbers, number words and months.
func figures(text string) []string {
	var found []string
	for _, e := range matches(emails, text, "@") {
		found = append(found, strings.ToLower(e))
	}
	for p := range strings.FieldsFuncSeq(text, func(r rune) bool { return !strings.ContainsRune("+()0123456789/ .-", r) }) {
		if len(digits(p)) < 7 {
			continue
		}
		for _, p := range phones.FindAllString(p, -1) {
			if d := digits(p); len(d) >= 7 {
				found = append(found, "tel:"+d, normalNumber(d))
			}
		}
	}
	for w := range strings.FieldsSeq(text) {
		if strings.IndexFunc(w, unicode.IsNumber) >= 0 {
			for _, n := range numbers.FindAllString(w, -1) {
				found = append(found, normalNumber(n))
			}
		}
	}
	return append(found, spelled(text)...)
}

// spelled returns the numbers and months that are written as words.
func spelled(text string) (found []string) {
	tens := 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		w = strings.ToLower(w)
		n := numerals[w]
		switch {
		case n > 0 && n < 10 && tens > 0: // the second word of twenty-five
			found[len(found)-1] = strconv.Itoa(tens + n)
		case n > 0:
			found = append(found, strconv.Itoa(n))
		case months[w]:
			found = append(found, w)
		}
		tens = 0
		if n >= 20 && n < 100 {
			tens = n
		}
	}
	return found
}

// matches returns what matches in the words of a text that hold one of the
// marks. An expression on all of the text would take most of a turn's time.
func matches(e *regexp.Regexp, text, marks string) (found []string) {
	if !strings.ContainsAny(text, marks) {
		return nil
	}
	for w := range strings.FieldsSeq(text) {
		if strings.ContainsAny(w[:len(w)-1], marks) {
			found = append(found, e.FindAllString(w, -1)...)
		}
	}
	return found
}

// pointers returns the destinations of links in Markdown.
func pointers(text string) (found []string) {
	if !strings.Contains(text, "]") {
		return nil
	}
	for _, d := range destinations.FindAllStringSubmatch(text, -1) {
		found = append(found, d[1]+d[2])
	}
	return found
}

// normalNumber returns a number without grouping, trailing zeros and leading
// zeros, so that "1,000.00" and "1000" are the same.
func normalNumber(n string) string {
	if m := grouped.FindStringSubmatch(n); m != nil {
		n = strings.ReplaceAll(n, m[1], "")
	}
	if whole, cents, ok := strings.Cut(n, "."); ok && strings.Trim(cents, "0") == "" {
		n = whole
	}
	if trimmed := strings.TrimLeft(n, "0"); trimmed != "" && trimmed[0] >= '0' && trimmed[0] <= '9' {
		n = trimmed
	}
	return n
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// trimURL takes off what ends the sentence and not the link.
func trimURL(raw string) string { return strings.TrimRight(raw, `.,;:!?)*_`) }

// normalURL returns a link in the form in which links are compared.
func normalURL(raw string) string {
	raw = trimURL(raw)
	if scheme, _, ok := strings.Cut(raw, ":"); !ok || strings.ContainsAny(scheme, "./") { // as in example.com:80
		raw = "https://" + strings.TrimPrefix(raw, "//")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	u.Scheme, u.Host, u.Fragment = strings.ToLower(u.Scheme), strings.ToLower(u.Host), ""
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u.String()
}

// fold returns text in lower case with single spaces.
func fold(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }

// "one", "second" and "may" are left out: they are mostly other words.
var (
	numerals = map[string]int{
		"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
		"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
		"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
		"forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
		"hundred": 100, "thousand": 1000,
	}
	months = set("january february march april june july august september october november december")
)
