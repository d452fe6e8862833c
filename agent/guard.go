package agent

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
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
	for _, c := range r.Results {
		fmt.Fprintf(&all, "%s\n", c.Output)
	}
	evidence := all.String()
	for _, f := range figures(evidence) {
		g.facts[f] = true
	}
	for _, u := range links.FindAllString(evidence, -1) {
		g.urls[normalURL(u)] = true
	}
	for _, m := range r.History {
		g.hear(m.Text)
	}
	g.hear(r.Question)
	g.hear(r.Profile.Name + " " + r.Profile.Company)
	g.text = fold(evidence)
	return g
}

func (g guard) hear(text string) {
	for _, f := range figures(text) {
		g.said[f] = true
	}
}

// check returns the sentence as it may leave, empty if it may not, and what
// was wrong with it.
func (g guard) check(sentence string) (clean, finding string) {
	clean = markup.ReplaceAllString(images.ReplaceAllString(sentence, "$1"), "")
	if clean != sentence {
		finding = "markup taken out"
	}
	for _, u := range links.FindAllString(clean, -1) {
		if !g.mayLink(u) {
			return "", fmt.Sprintf("link that is not allowed: %s", u)
		}
	}
	prose := ordinals.ReplaceAllString(links.ReplaceAllString(clean, " "), "")
	for _, f := range figures(prose) {
		if !g.facts[f] && !g.said[f] {
			return "", fmt.Sprintf("stands in no evidence: %s", f)
		}
	}
	for _, amount := range amounts.FindAllString(prose, -1) {
		for _, f := range figures(amount) {
			if !g.facts[f] {
				return "", fmt.Sprintf("amount stands in no evidence: %s", amount)
			}
		}
	}
	if c := commitments.FindString(prose); c != "" && !strings.Contains(g.text, fold(strings.TrimSpace(prose))) && !g.done() {
		return "", fmt.Sprintf("commitment that nothing carries: %s", c)
	}
	return clean, finding
}

// done reports whether an action succeeded in this turn.
func (g guard) done() bool {
	for _, r := range g.request.Results {
		if r.Refused == "" {
			return true
		}
	}
	return false
}

// mayLink reports whether a link stands in the evidence or leads to an allowed
// host, over http or https and without credentials.
func (g guard) mayLink(raw string) bool {
	if g.urls[normalURL(raw)] {
		return true
	}
	u, err := url.Parse(trimURL(raw))
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	for _, h := range g.hosts {
		if within(strings.ToLower(u.Hostname()), strings.ToLower(h)) {
			return true
		}
	}
	return false
}

var (
	links   = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.|javascript:|data:)[^\s<>"'\]]+`)
	images  = regexp.MustCompile(`!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?`)
	markup  = regexp.MustCompile(`(?s)<[a-zA-Z/!][^>]*>`)
	emails  = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}`)
	numbers = regexp.MustCompile(`\p{Nd}+(?:[.,:/\x{2019}]\p{Nd}+)*`)
	phones  = regexp.MustCompile(`\+?\(?\d[\d()/ .-]{5,}\d`)
	// The number of a list item, which is the model's own.
	ordinals = regexp.MustCompile(`^\s*\d{1,2}[.)]\s`)
	words    = regexp.MustCompile(`\p{L}+`)
	amounts  = regexp.MustCompile(`(?i)(?:[$€£¥]|\b(?:usd|eur|gbp|chf))\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥%]|(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|percent)\b)`)
	grouped  = regexp.MustCompile(`^\d{1,3}(?:([.,’])\d{3})+(?:[.,]\d{1,2})?$`)
	// What only a person or an action can do, said as done or promised.
	commitments = regexp.MustCompile(`(?i)\b(?:i|we)(?:'ve| have|'ll| will| can)? (?:just |now |already |also )?(?:refund|cancel|credit|reimburse|waive|guarantee|promise|approve|upgrade|extend|compensate|reserve|book|issue)(?:ed|led|d)?\b`)
)

// figures returns what of a text must stand in evidence, normalised: numbers,
// e-mail addresses, phone numbers, number words and months.
func figures(text string) []string {
	var found []string
	for _, e := range emails.FindAllString(text, -1) {
		found = append(found, strings.ToLower(e))
	}
	text = emails.ReplaceAllString(text, " ")
	for _, p := range phones.FindAllString(text, -1) {
		if d := digits(p); len(d) >= 7 {
			found = append(found, "tel:"+d)
		}
	}
	for _, n := range numbers.FindAllString(text, -1) {
		found = append(found, normalNumber(n))
	}
	for _, w := range words.FindAllString(text, -1) {
		w = strings.ToLower(w)
		if n, ok := numerals[w]; ok {
			found = append(found, n)
		} else if months[w] {
			found = append(found, w)
		}
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
	if strings.HasPrefix(strings.ToLower(raw), "www.") {
		raw = "https://" + raw
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
	numerals = map[string]string{
		"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
		"ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
		"sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30",
		"forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
		"hundred": "100", "thousand": "1000",
	}
	months = set("january february march april june july august september october november december")
)
