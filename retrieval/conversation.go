package retrieval

import "slices"

// How much a question leans on the conversation before it. The values were
// chosen on half of a set of dialogues, against questions of other sets asked
// after a conversation about something else, which must not move them.
const (
	wholeQuestion = 2.0  // words as rare as can be, with which a question says all itself
	leaning       = 2.5  // what the conversation adds to 1, for a question of common words
	referring     = 4.0  // what it adds for one that refers to what was said
	leastReferred = 0.25 // share of that for one that says all itself nevertheless
	fading        = 0.6  // of a turn, next to the one after it
	subjectWeight = 8.0  // of a word that stands in titles, next to one that does not
	maxLent       = 48   // words
)

// rankAfter ranks the passages for a question that was asked after others. What
// was said raises passages in proportion to what they have of the question
// itself: it chooses among those that may answer, and one that only goes on
// about the conversation stays behind, so that a change of topic is heard.
func (v *view) rankAfter(q *question, text string, before []string, vector []float32, limit int) []candidate {
	if len(before) == 0 {
		return v.rank(q, vector, limit)
	}
	need := v.need(q, text)
	if need == 0 {
		return v.rank(q, vector, limit)
	}
	said := v.said(q, before)
	found := v.foundBy(q, said, limit)
	if vector != nil {
		found = v.nearest(found, vector, limit)
	}
	v.fuse(q, found, vector != nil)
	v.prefer(q, found)
	if v.only(q, found) {
		need *= leastReferred
	}
	v.raise(q, found, said, need)
	v.byScore(found)
	return found
}

// only reports whether the first candidate is the only one that has all words of
// a question: what was said before is not needed then to choose. In a small base
// no word is rare, and need cannot tell.
func (v *view) only(q *question, found []candidate) bool {
	whole := func(c candidate) bool {
		for i := range q.terms {
			if q.terms[i].in(c.passage) == 0 {
				return false
			}
		}
		return len(q.terms) > 1
	}
	v.byScore(found)
	return len(found) > 0 && whole(found[0]) && !slices.ContainsFunc(found[1:], whole)
}

// raise raises candidates by what they have of what was said, up to 1+need times.
func (v *view) raise(q *question, found []candidate, said *question, need float64) {
	best, has := 0.0, make([]float64, len(found))
	for i, c := range found {
		has[i] = v.wordScore(said, c.passage)
		best = max(best, has[i])
	}
	for i := range found {
		c, times := &found[i], 1+need*share(has[i], best)
		if len(q.terms) == 0 { // "And where is it?"
			c.score = 1
		}
		c.score *= times
		// A passage on the subject answers the likelier, as far as words can tell.
		c.words = max(c.words, min(c.words*times, q.best))
	}
}

// rankRewritten ranks the passages for a question by what a Rewriter made of it.
// It also returns the candidates with the scores that the question's own words
// give them, raised by the words that were added as rankAfter raises them: a
// Rewriter finds passages, and what was asked tells whether they answer.
func (v *view) rankRewritten(q, rewritten *question, query Query, text string, vector []float32, limit int) (ranked, own []candidate) {
	ranked = v.rank(rewritten, vector, limit)
	v.preferCurated(rewritten, text, ranked)
	own = slices.Clone(ranked)
	for i := range own {
		own[i].words = v.wordScore(q, own[i].passage)
	}
	v.scoreGrams(q, own)
	v.raise(q, own, v.said(q, []string{text}), v.need(q, query.Text))
	return ranked, own
}

// need tells how much a question needs what was said before it: nothing if it
// says all itself, more the fewer and the more common its words are, and most
// if it refers to what was said.
func (v *view) need(q *question, text string) float64 {
	own, rarest := 0.0, idf(v.total.passages, 0)
	for _, t := range q.terms {
		if t.asking {
			own += askingWeight * t.idf
		} else {
			own += t.idf
		}
	}
	// The weights of words add up as their chances multiply: that of the rarest word
	// is what it takes to name one passage.
	lacks := min(1, max(0, wholeQuestion-share(own, rarest)))
	if q.language.refers(text) {
		return referring * max(lacks, leastReferred)
	}
	return leaning * lacks
}

// said returns the words of a conversation that the question lacks, as a
// question of their own. Later words weigh more than earlier ones, and words
// that name documents more than those that only stand in their text.
func (v *view) said(q *question, before []string) *question {
	out := &question{language: q.language}
	have := make(map[string]bool)
	for _, t := range q.terms {
		have[t.text] = true
	}
	turn := 1.0
	for _, text := range slices.Backward(before) {
		for _, token := range tokenize(text) {
			stem := q.language.term(token)
			if stem == "" || have[stem] || q.language.asking[token] {
				continue
			}
			have[stem] = true
			t := v.lookup(stem)
			if t.df == 0 {
				continue
			}
			if len(out.terms) == maxLent {
				return out
			}
			t.weight = turn * (1 + (subjectWeight-1)*share(float64(t.titles), float64(t.df)))
			out.terms = append(out.terms, t)
		}
		turn *= fading
	}
	return out
}

// foundBy returns the best passages for the question's own words, and the best
// for those together with what was said.
func (v *view) foundBy(q, said *question, limit int) []candidate {
	own, sum := 0.0, 0.0
	for _, t := range q.terms {
		own += t.idf
	}
	for _, t := range said.terms {
		sum += t.weight * t.idf
	}
	both := &question{terms: slices.Clone(q.terms)}
	for _, t := range said.terms {
		t.weight *= max(own, 1) / sum
		both.terms = append(both.terms, t)
	}
	found := v.words(q, limit)
	have := make(map[uint32]bool)
	for _, c := range found {
		have[c.passage] = true
	}
	for _, c := range v.words(both, limit) {
		if !have[c.passage] {
			c.words = v.wordScore(q, c.passage)
			found = append(found, c)
		}
	}
	return found
}

// refers reports whether a text stands on what was said before it.
func (l *language) refers(text string) bool {
	return slices.ContainsFunc(tokenize(text), func(t string) bool { return references[l.tag][t] })
}

// references are the words that stand for something said before, by language.
var references = map[string]map[string]bool{
	"en": words(`it its they them their theirs this that these those there here he him his she her hers same one ones such`),
	"de": words(`es er ihn ihm sie ihnen ihre ihrer dies diese diesem diesen dieser dieses dort da dafür damit davon dazu darin darauf
das dessen deren selbe derselbe dieselbe solche`),
	"fr": words(`il elle ils elles lui leur leurs ça cela ceci celui celle ceux celles cet cette ces y en là même`),
	"es": words(`él ella ellos ellas eso esto ese esa esos esas este esta estos estas lo allí ahí su sus mismo misma`),
	"it": words(`esso essa essi esse lui lei loro ciò questo questa questi queste quello quella quelli quelle lì là ne ci stesso stessa`),
	"nl": words(`het hij hem zij ze hun haar dit dat deze die daar daarvoor daarmee daarvan er hetzelfde dezelfde zulke`),
	"pt": words(`ele ela eles elas isso isto aquilo esse essa esses essas este esta lá ali seu sua dele dela mesmo mesma`),
}
