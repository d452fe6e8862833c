package agent

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/internal/language"
)

// A guard decides which sentences of an answer may leave. Every figure, date,
// address, phone number, product code, name of a policy and link in a sentence
// must stand in what the answer rests on: the evidence, the guidelines of the
// company, what the CRM lets be said, the results of actions, and but for links
// and money the conversation and the profile. What is free or cheaper must be so
// there, and what is promised be done by an action. It reads the language of the
// answer and those of the sources, and trusts no model.
type guard struct {
	request Request
	facts   map[string]bool // what the evidence claims
	said    map[string]bool // what the conversation claims
	urls    map[string]bool // links of the evidence, normalised
	hosts   []string        // hosts that may be linked to besides
	tongue  *lexicon        // of the answer
	reader  reader          // of sentences
	claimed []string        // by the sentence
	// The words of all of it, and the evidence folded, once they are needed.
	words, text string
}

func newGuard(r Request, hosts []string) *guard {
	g := &guard{request: r, hosts: hosts, facts: map[string]bool{}, said: map[string]bool{}, urls: map[string]bool{}}
	g.tongue = lexiconOf(r.Language)
	g.reader.emit = func(claim string) { g.claimed = append(g.claimed, claim) }
	evidence := reader{source: true, emit: func(claim string) { g.facts[claim] = true }}
	for i := range r.Evidence {
		h := &r.Evidence[i]
		evidence.lexicons = g.reading(h.Language, h.Text)
		evidence.read(h.Title)
		evidence.read(h.Text)
		g.read(h.Title)
		g.read(h.Text)
		g.read(h.URL)
		for _, heading := range h.Path {
			evidence.read(heading)
			g.read(heading)
		}
	}
	evidence.lexicons = []*lexicon{g.tongue}
	for _, text := range r.Guidelines { // the company's own words
		evidence.read(text)
		g.read(text)
	}
	for _, c := range r.Results { // they say what was done, and are no source of links
		evidence.read(unquoted.Replace(string(c.Output)))
	}
	for _, v := range r.Customer.Properties {
		evidence.read(spoken(v))
	}
	heard := reader{lexicons: evidence.lexicons, source: true, emit: func(claim string) { g.said[claim] = true }}
	for _, text := range g.conversation() {
		heard.read(text)
	}
	return g
}

// unquoted takes the marks of JSON from between its words.
var unquoted = strings.NewReplacer(`"`, " ", "{", " ", "}", " ", "[", " ", "]", " ")

// conversation returns what was said before the answer, and who says it.
func (g *guard) conversation() []string {
	texts := []string{g.request.Question, g.request.Customer.Name, g.request.Profile.Name, g.request.Profile.Company}
	for _, m := range g.request.History {
		texts = append(texts, m.Text)
	}
	return texts
}

// telling is how much of a passage tells its language, in bytes.
const telling = 100

// reading returns the lexicons to read a text with: that of the answer, and that
// of the text's own language.
func (g *guard) reading(tag, text string) []*lexicon {
	if tag == "" {
		tag, _ = language.Detect(text[:min(len(text), telling)])
	}
	if own := lexicons()[language.Base(tag)]; own != nil && own != g.tongue {
		return []*lexicon{g.tongue, own}
	}
	return []*lexicon{g.tongue}
}

// lexiconOf returns the lexicon of a language, the English one if it has none.
func lexiconOf(tag string) *lexicon {
	if l := lexicons()[tag]; l != nil {
		return l
	}
	return lexicons()[english]
}

// check returns the sentence as it may leave, empty if it may not, and what
// was wrong with it. It looks at what a program may make of the sentence that
// shows it: without hidden characters, with entities and escapes resolved.
func (g *guard) check(sentence string) (clean, finding string) {
	if g.quotes(sentence) && !acts(stripHidden(sentence)) {
		return sentence, ""
	}
	clean = unmarked(sentence)
	if clean != sentence {
		finding = "markup taken out"
	}
	if strings.ContainsAny(clean, "!<") {
		if m := unfinished.FindString(stripHidden(clean)); m != "" {
			return "", fmt.Sprintf("markup that does not end: %s", m)
		}
	}
	shown := stripHidden(clean)
	if strings.ContainsRune(shown, '\\') {
		shown = escapes.ReplaceAllString(shown, "$1")
	}
	shown = strings.ReplaceAll(stripHidden(html.UnescapeString(shown)), "’", "'")
	prose, fault := g.links(shown)
	if fault == "" {
		fault = g.claims(prose)
	}
	if fault != "" {
		return "", fault
	}
	return clean, finding
}

// claims returns what a text claims that nothing carries.
func (g *guard) claims(prose string) (fault string) {
	prose = unnumbered(prose)
	g.claimed, g.reader.lexicons = g.claimed[:0], []*lexicon{g.tongue}
	if tag, sure := language.Detect(prose); sure {
		g.reader.lexicons = g.reading(tag, "")
	}
	g.reader.read(prose)
	for _, c := range g.claimed {
		if !g.stands(c) {
			return fmt.Sprintf("stands in no evidence: %s", c)
		}
	}
	for _, l := range g.reader.lexicons {
		for _, name := range l.names(prose) {
			if !g.named(name) {
				return fmt.Sprintf("stands in no evidence: %s", strings.TrimPrefix(name, "?"))
			}
		}
		if p := l.promise(g.reader.tokens); p != "" && !g.done() && !strings.Contains(g.folded(), fold(prose)) {
			return fmt.Sprintf("commitment that nothing carries: %s", p)
		}
	}
	return ""
}

// stands reports whether a claim of the sentence at hand is one of the evidence,
// or of the conversation if it is not about money.
func (g *guard) stands(claim string) bool {
	if g.facts[claim] || g.said[claim] && !g.reader.money {
		return true
	}
	mark, rest, _ := strings.Cut(claim, ":")
	switch mark + ":" {
	case claimCurrency, claimPriced:
		return true // of amounts only
	case claimAmount: // the currency may stand apart, as above a column
		currency, number, _ := strings.Cut(rest, " ")
		return g.facts[claimCurrency+currency] && !g.facts[claimPriced+number]
	case claimCode:
		return g.said[claim] || strings.Contains(strings.ReplaceAll(g.all(), " ", ""), rest)
	case claimDate:
		parts := strings.Split(rest, "-")
		return g.facts[parts[0]] && g.facts[claimMonth+parts[1]] && g.facts[parts[2]]
	}
	return false
}

// named reports whether a name stands in the evidence or the conversation. One
// with a "?" begins a sentence, and may stand there without its first word.
func (g *guard) named(name string) bool {
	bare, initial := strings.CutPrefix(name, "?")
	words := plainWords(bare)
	if strings.Contains(g.all(), words) {
		return true
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(words, " "), " ")
	return initial && strings.TrimSpace(rest) != "" && strings.Contains(g.all(), " "+rest)
}

// all returns the words of the evidence and of the conversation.
func (g *guard) all() string {
	if g.words == "" {
		g.words = plainWords(g.evidence() + " " + strings.Join(g.conversation(), " . "))
	}
	return g.words
}

// folded returns the evidence in lower case with single spaces.
func (g *guard) folded() string {
	if g.text == "" {
		g.text = fold(g.evidence())
	}
	return g.text
}

// evidence returns the text of passages and results.
func (g *guard) evidence() string {
	var all strings.Builder
	for _, h := range g.request.Evidence {
		fmt.Fprintf(&all, "%s\n%s\n%s\n%s\n", title(h.Passage), h.Title, strings.Join(h.Path, "\n"), h.Text)
	}
	for _, c := range g.request.Results {
		fmt.Fprintf(&all, "%s\n", c.Output)
	}
	for _, v := range g.request.Customer.Properties {
		fmt.Fprintf(&all, "%s\n", spoken(v))
	}
	return all.String() + strings.Join(g.request.Guidelines, "\n")
}

// unnumbered returns a sentence without the number of a list item, which is the
// model's own.
func unnumbered(s string) string {
	t := strings.TrimLeft(s, " \t\n")
	n := 0
	for n < len(t) && n < 2 && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	if n > 0 && n+1 < len(t) && (t[n] == '.' || t[n] == ')') && (t[n+1] == ' ' || t[n+1] == '\t') {
		return t[n+2:]
	}
	return s
}

// acts reports whether a program that shows a text might act on it.
func acts(text string) bool {
	return strings.ContainsAny(text, "![&<:") && active.MatchString(text)
}

// quotes reports whether a sentence stands in a source word for word. It is the
// source's own then, with the code and the placeholders that are in it.
func (g *guard) quotes(sentence string) bool {
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
	if !strings.ContainsAny(text, "!<") {
		return text
	}
	for {
		next := markup.ReplaceAllString(images.ReplaceAllString(text, "$1"), "")
		if next == text {
			return text
		}
		text = next // taking out may have put together
	}
}

// done reports whether an action that changes something succeeded in this turn.
func (g *guard) done() bool {
	for _, r := range g.request.Results {
		if r.Refused == "" && slices.ContainsFunc(g.request.Actions, func(a ActionSpec) bool { return a.Name == r.Name && a.Writes }) {
			return true
		}
	}
	return false
}

// fold returns text in lower case with single spaces.
func fold(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }
