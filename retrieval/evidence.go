package retrieval

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An evidence is what the passages found say for an answer to a question.
type evidence struct {
	*view
	question *question
	ranked   []candidate
	weights  []float64 // by term
	total    float64   // their sum
	unknown  float64   // share of it that the content never uses
	most     float64   // that a word can weigh
	names    map[string]bool
	marks    []float64 // weights by the marker's numbers
	grams    *gramQuery
	runs     map[uint64]bool // of seven characters of the question
	ends     gramSet         // their last grams
	passage  []uint32        // grams of the passage read last
}

// evidence prepares a question that has words and candidates.
func (v *view) evidence(q *question, text string, ranked []candidate) *evidence {
	e := &evidence{
		view: v, question: q, ranked: ranked, names: names(text, q.language),
		grams: v.gramQuery(q.spelledFocus), runs: runs(appendGrams(nil, q.spelled)),
	}
	for r := range e.runs {
		e.ends.add(uint32(r))
	}
	e.weights, e.total, e.unknown = v.weights(q)
	e.most = idf(max(v.total.passages, leastPassages), 0)
	e.marks = make([]float64, len(q.mark.weights))
	for i, t := range q.terms {
		e.marks[q.mark.numbers[t.text]] = e.weights[i] * t.weight
		for _, a := range t.alike {
			e.marks[q.mark.numbers[a.text]] = e.weights[i] * a.weight
		}
	}
	return e
}

// asked returns the signals of the question, the others zero.
func (e *evidence) asked() features {
	n := float64(len(e.question.terms))
	f := features{bias: 1, extent: math.Log(1 + n), rarity: e.total / n / e.most, strange: e.unknown}
	for _, t := range e.question.terms {
		if t.asking {
			f[asking] += 1 / n
		}
	}
	f[topic], f[elsewhere] = e.others()
	return f
}

// others returns the share of the question's words that the candidates after
// the first have, on average and at most.
func (e *evidence) others() (mean, most float64) {
	for _, c := range e.ranked[1:min(1+compared, len(e.ranked))] {
		share := e.covered(c.passage)
		mean += share / compared
		most = max(most, share)
	}
	return mean, most
}

// anywhere returns the most of the question's words that one sentence of the
// next passages has.
func (e *evidence) anywhere() float64 {
	most := 0.0
	for _, c := range e.ranked[1:min(read, len(e.ranked))] {
		for _, s := range e.question.mark.sentences(c.passage, e.entries[c.passage].text) {
			most = max(most, s.score(e.marks)/e.total)
		}
	}
	return most
}

// covered is the share of the question's words in a passage.
func (e *evidence) covered(passage uint32) float64 {
	sum := 0.0
	for i := range e.question.terms {
		sum += e.weights[i] * e.question.terms[i].in(passage)
	}
	return share(sum, e.total)
}

// features returns the signals.
func (e *evidence) features() features {
	f, first := e.asked(), &e.ranked[0]
	f[coverage] = e.covered(first.passage)
	f[matched] = min(1, f[coverage]*e.total/(enoughWords*e.most))
	f[wordScore] = share(first.words, e.question.best)
	f[lead], f[gramLead] = e.leads()
	f[sentence], f[nearby] = e.sentences(first.passage)
	f[anywhere] = max(f[sentence], e.anywhere())
	grams := e.gramsOf(first.passage)
	f[phrases] = e.phrases(grams)
	f[akin] = e.akin(first.passage, grams)
	f[nameless] = e.nameless(first.passage)
	length := float64(e.sizes[first.passage].words)
	f[size] = share(length, length+e.mean(e.view.total.length))
	if e.question.wanted != anything && e.gives(e.question, first.passage) == 0 {
		f[unmet] = 1
	}
	f[lost] = e.lost(first.passage)
	return f
}

// lost is the most of the question's words that a passage lacks and one of the
// candidates after it has.
func (e *evidence) lost(passage uint32) float64 {
	most := 0.0
	for _, c := range e.ranked[1:min(1+compared, len(e.ranked))] {
		sum := 0.0
		for i := range e.question.terms {
			if t := &e.question.terms[i]; t.in(passage) == 0 {
				sum += e.weights[i] * t.in(c.passage)
			}
		}
		most = max(most, sum)
	}
	return share(most, e.total)
}

// enoughWords is how many of the rarest words are enough to tell what is asked.
const enoughWords = 2

// nameless is the share of the question's words that are names or numbers and
// not in a passage.
func (e *evidence) nameless(passage uint32) float64 {
	sum := 0.0
	for i := range e.question.terms {
		if t := &e.question.terms[i]; e.names[t.text] {
			sum += e.weights[i] * (1 - t.in(passage))
		}
	}
	return share(sum, e.total)
}

// leads returns how far the first candidate is above the best of other
// documents.
func (e *evidence) leads() (words, grams float64) {
	first := &e.ranked[0]
	if e.wordsOnly { // the ranking has not scored n-grams, nor are their lengths kept
		for i := range e.ranked[:min(1+compared, len(e.ranked))] {
			c := &e.ranked[i]
			_, c.gramShare = e.grams.score(&e.entries[c.passage])
		}
	}
	document := e.entries[first.passage].origin.document
	for i := range e.ranked {
		if c := &e.ranked[i]; e.entries[c.passage].origin.document != document {
			words, grams = max(words, c.words), max(grams, c.gramShare)
		}
	}
	return (first.words - words) / (e.most * (k1 + 1) * leadWords), first.gramShare - grams
}

// leadWords is how many of the rarest words make a lead of 1.
const leadWords = 4

// sentences returns the most of the question's words that one sentence of a
// passage has, and the most of its n-grams that two have together.
func (e *evidence) sentences(passage uint32) (words, grams float64) {
	var last, now []bool
	text := e.entries[passage].text
	for _, s := range e.question.mark.sentences(passage, text) {
		words = max(words, s.score(e.marks)/e.total)
		last, now = now, e.grams.in(text[s.Start:s.End])
		sum := 0.0
		for i, w := range e.grams.idf {
			if now[i] || last != nil && last[i] {
				sum += w
			}
		}
		grams = max(grams, share(sum, e.grams.total))
	}
	return words, grams
}

// in tells which of the question's n-grams a text has.
func (q *gramQuery) in(text string) []bool {
	q.tally(text)
	has := make([]bool, len(q.count))
	for i, n := range q.count {
		has[i] = n > 0
	}
	return has
}

// gramsOf returns all n-grams of a passage, in order, until the next call.
func (e *evidence) gramsOf(passage uint32) []uint32 {
	p := e.entries[passage].passage()
	e.passage = appendGrams(e.passage[:0], p.gramTexts()...)
	return e.passage
}

// phrases is the share of the question's runs of seven characters, stop words
// included, among a passage's grams: words in the same order, and in the same
// form.
func (e *evidence) phrases(grams []uint32) float64 {
	seen := make(map[uint64]bool)
	for i := 3; i < len(grams); i++ {
		if !e.ends.mayHold(grams[i]) { // spares most runs the look at the map
			continue
		}
		if r := run(grams[i-3], grams[i]); e.runs[r] {
			seen[r] = true
		}
	}
	return share(float64(len(seen)), float64(len(e.runs)))
}

// akinLetters is how many first letters make a word akin to another, such as
// "subscribe" to "subscription". Stems of fewer letters have no kin.
const akinLetters = 5

// akin is the share of the question's words that a passage lacks, though a word
// that begins alike is among its grams: a stemmer parts many words that belong
// together.
func (e *evidence) akin(passage uint32, grams []uint32) float64 {
	sum := 0.0
	var start []uint32
	for i := range e.question.terms {
		t := &e.question.terms[i]
		if t.in(passage) > 0 {
			continue
		}
		// The first gram begins with the space before the word, so that the third ends
		// with its fifth letter.
		if start = appendGrams(start[:0], t.text); len(start) >= akinLetters-1 && follow(grams, start[0], start[2]) {
			sum += e.weights[i]
		}
	}
	return share(sum, e.total)
}

// follow reports whether one gram follows another after one between.
func follow(grams []uint32, first, third uint32) bool {
	for i := 2; i < len(grams); i++ {
		if grams[i-2] == first && grams[i] == third {
			return true
		}
	}
	return false
}

// runs returns the runs of seven characters of a text, given its grams.
func runs(grams []uint32) map[uint64]bool {
	out := make(map[uint64]bool)
	for i := 3; i < len(grams); i++ {
		out[run(grams[i-3], grams[i])] = true
	}
	return out
}

// run is seven characters: two grams that share one.
func run(first, last uint32) uint64 { return uint64(first)<<32 | uint64(last) }

// names returns the stems of the words that a text writes with a capital though
// no sentence starts with them, and of its numbers. A text all of capitals has
// no names.
func names(text string, l *language) map[string]bool {
	out := make(map[string]bool)
	shouted := !strings.ContainsFunc(text, unicode.IsLower)
	starts := true
	for word := range strings.FieldsSeq(text) {
		first, _ := utf8.DecodeRuneInString(word)
		if unicode.IsUpper(first) && !starts && !shouted || unicode.IsNumber(first) {
			for _, t := range tokenize(word) {
				out[l.term(t)] = true
			}
		}
		starts = strings.ContainsAny(word[len(word)-1:], ".!?:")
	}
	return out
}
