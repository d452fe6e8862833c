package retrieval

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// A trial is a made-up question that one document answers.
type trial struct {
	text    string
	without string // document left out, empty for none
}

// How questions are made. Customers choose other words than the content does.
// The values are those with which made-up questions are as hard to tell from
// those whose document is left out as real ones are, on average over the sets
// that the weights were fitted to.
const (
	shortestTrial = 3   // words, if there are so many
	longestTrial  = 9   // words
	reworded      = 0.5 // share of words that a customer would put otherwise
	unheard       = 0.5 // share of those that the content never uses
)

// trials makes questions of the headings and sentences of a sample: as they
// are, and with their document left out.
func trials(sample []entry) []trial {
	m := maker{sample: make([][]string, len(sample))}
	for i, e := range sample {
		m.sample[i] = content(fullText(e.passage()), e.origin.language)
	}
	var out []trial
	for _, e := range sample {
		m.rand = rand.New(rand.NewPCG(seed(e.id), 1))
		for _, source := range m.sources(e) {
			asked := m.reword(m.pick(source, shortestTrial+m.rand.IntN(longestTrial-shortestTrial+1)))
			out = append(out, trial{asked, ""}, trial{asked, e.origin.document})
		}
	}
	return out
}

// A maker makes questions of the words of a sample.
type maker struct {
	sample [][]string // content words by passage
	rand   *rand.Rand
}

// sources returns the words of a passage's heading and of one of its sentences,
// where they are enough for a question.
func (m *maker) sources(e entry) [][]string {
	p := e.passage()
	heading := p.Title
	if len(p.Path) > 0 {
		heading = p.Path[len(p.Path)-1]
	}
	var out, sentences [][]string
	if ws := content(heading, e.origin.language); len(ws) >= 2 {
		out = append(out, ws)
	}
	for _, s := range Sentences(p.Text) {
		if ws := content(p.Text[s.Start:s.End], e.origin.language); len(ws) >= 4 {
			sentences = append(sentences, ws)
		}
	}
	if len(sentences) > 0 {
		out = append(out, sentences[m.rand.IntN(len(sentences))])
	}
	return out
}

// pick returns n of the words at most, in order.
func (m *maker) pick(words []string, n int) []string {
	out := slices.Clone(words)
	for len(out) > n {
		i := m.rand.IntN(len(out))
		out = slices.Delete(out, i, i+1)
	}
	return out
}

// reword replaces some of the words by others.
func (m *maker) reword(words []string) string {
	out := slices.Clone(words)
	for i := range out {
		switch {
		case m.rand.Float64() >= reworded:
		case m.rand.Float64() < unheard:
			out[i] = m.strange()
		default:
			out[i] = m.word()
		}
	}
	return strings.Join(out, " ")
}

// word returns a random word of the sample.
func (m *maker) word() string {
	ws := m.sample[m.rand.IntN(len(m.sample))]
	if len(ws) == 0 {
		return "-"
	}
	return ws[m.rand.IntN(len(ws))]
}

// strange returns a word that looks like those of the sample but is none: the
// head of one and the tail of another.
func (m *maker) strange() string {
	a, b := []rune(m.word()), []rune(m.word())
	return string(a[:(len(a)+1)/2]) + string(b[len(b)/2:])
}

// content returns the words of a text that are no stop words.
func content(text string, l *language) []string {
	return slices.DeleteFunc(tokenize(text), func(w string) bool { return l.stop[w] })
}

// seed turns an ID into a number that is as good as random, and always the same.
func seed(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}
