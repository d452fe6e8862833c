package retrieval

import (
	"slices"
	"strings"
)

// What speaks for a passage beside the words that it shares with a question.
const (
	documentWeight = 0.2 // of the passage's document beside the passage itself
	introBonus     = 0.1 // of a document's first passage when the question names the document
	wantedBonus    = 0.1 // of a passage that gives what the question asks for
	bareFactor     = 0.8 // of a passage without a sentence of its own
	documentDepth  = 3   // passages that a document is judged by
	judged         = 12  // best passages that are read for what the question asks for
	contraryFactor = 0.8 // of a passage whose heading denies what the question does not
)

// prefer changes the scores of the candidates, so that a passage of a document
// which is about the question goes before an equal one of another, and a
// passage that can answer before one that only has the words.
func (v *view) prefer(q *question, found []candidate) {
	v.byScore(found)
	v.shareDocuments(found)
	for i := range found {
		c := &found[i]
		e := &v.entries[c.passage]
		switch {
		case bare(e.text):
			c.score *= bareFactor
		case e.place == nil || len(e.place.path) == 0:
			c.score += introBonus * v.named(q, c.passage)
		}
	}
	v.byScore(found)
	for i := range found[:min(judged, len(found))] {
		c := &found[i]
		if q.wanted != anything {
			c.score += wantedBonus * v.gives(q, c.passage)
		}
		if !q.denies && q.language.denies(v.entries[c.passage].heading()) {
			c.score *= contraryFactor
		}
	}
	v.byScore(found)
}

// denies reports whether a text has a word that denies: such words weigh nothing
// as such, and turn the others round.
func (l *language) denies(text string) bool {
	return slices.ContainsFunc(tokenize(text), func(t string) bool { return denials[l.tag][t] })
}

// denials are the words that deny, by language. "t" is what an apostrophe leaves
// of "not".
var denials = map[string]map[string]bool{
	"en": words(`not no never cannot without t`),
	"de": words(`nicht kein keine keinem keinen keiner keines nie niemals ohne`),
	"fr": words(`pas jamais aucun aucune sans non`),
	"es": words(`no nunca ningún ninguna ningun sin`),
	"it": words(`non mai nessun nessuna nessuno senza`),
	"nl": words(`niet geen nooit zonder`),
	"pt": words(`não nunca nenhum nenhuma sem`),
}

// gives tells how a passage answers to what the question asks for: 1 if a
// sentence that matches it holds such a thing, and as much again if the heading
// asks the same: "How long you have".
func (v *view) gives(q *question, passage uint32) float64 {
	w, n, e := q.language.wants, 0.0, &v.entries[passage]
	if w.asked(tokenize(e.heading())) == q.wanted {
		n++
	}
	spans := q.mark.spans(passage, e.text)
	if slices.ContainsFunc(spans, func(s Span) bool { return w.hold(q.wanted, e.text[s.Start:s.End]) }) {
		n++
	}
	return n
}

// shareDocuments mixes the score of each passage with that of its document: the
// sum of its best three, each counting less than the one before.
func (v *view) shareDocuments(found []candidate) {
	type sum struct {
		n     int
		score float64
	}
	sums, best := make(map[string]sum), 0.0
	for _, c := range found {
		d := v.entries[c.passage].origin.document
		s := sums[d]
		if s.n++; s.n <= documentDepth {
			s.score += c.score / float64(s.n)
		}
		sums[d], best = s, max(best, s.score)
	}
	for i := range found {
		c := &found[i]
		d := sums[v.entries[c.passage].origin.document].score
		c.score = (1-documentWeight)*c.score + documentWeight*share(d, best)
	}
}

// named is the share of the question's words, by weight, that a passage's
// title and path hold.
func (v *view) named(q *question, passage uint32) float64 {
	found, total := 0.0, 0.0
	for i := range q.terms {
		t := &q.terms[i]
		if t.asking {
			continue
		}
		total += t.idf
		if p, ok := t.at(passage); ok && p.title() > 0 {
			found += t.idf * t.weight
		}
	}
	return share(found, total)
}

// leastText is how many bytes make a passage that can answer.
const leastText = 40

// bare reports whether a passage has no sentence that could answer: it is very
// short, or a list without as much as a line before it, as of links.
func bare(text string) bool {
	if len(text) < leastText {
		return true
	}
	for len(text) > 0 {
		line, rest, _ := strings.Cut(text, "\n")
		line = strings.TrimSpace(line)
		if line != "" && (!listItem(line) || len(line) > 100 || strings.ContainsAny(line[len(line)-1:], ".!?:") || digits(line[:1])) {
			return false
		}
		text = rest
	}
	return true
}

// heading is the last heading above a passage, empty before the first.
func (e *entry) heading() string {
	if e.place != nil && len(e.place.path) > 0 {
		return e.place.path[len(e.place.path)-1]
	}
	return ""
}
