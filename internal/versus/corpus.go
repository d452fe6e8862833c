package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A corpus is what both engines index and are asked.
type corpus struct {
	name      string
	documents []retrieval.Document
	questions map[string][]string // by kind
}

// newCorpus returns n documents: those of the file, repeated with a tenth of
// their words drawn anew where they are too few, or made-up ones without a file.
func newCorpus(file string, n, questions int) (*corpus, error) {
	c := &corpus{name: "made-up words"}
	var err error
	if file == "" {
		c.documents = madeUp(n)
	} else if c.documents, err = read(file); err != nil {
		return nil, err
	} else {
		c.name = fmt.Sprintf("%s, %d documents", file, len(c.documents))
		c.documents = repeated(c.documents, n)
	}
	c.ask(questions)
	return c, nil
}

// read reads the corpus.jsonl of a set in BEIR form.
func read(file string) ([]retrieval.Document, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var docs []retrieval.Document
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var row struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if len(strings.Fields(row.Text)) >= 8 {
			docs = append(docs, document(len(docs), row.Title, row.Text))
		}
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("%s holds no documents of eight words: %w", file, lines.Err())
	}
	return docs, lines.Err()
}

// document is a document of one section. Most texts give one passage.
func document(n int, title, text string) retrieval.Document {
	return retrieval.Document{ID: fmt.Sprint("doc-", n), Title: title, Sections: []retrieval.Section{{Text: text}}}
}

// repeated brings documents to a number.
func repeated(docs []retrieval.Document, n int) []retrieval.Document {
	r := rand.New(rand.NewPCG(1, 1))
	some := len(docs)
	for i := some; i < n; i++ {
		d := docs[i%some]
		words := strings.Fields(d.Sections[0].Text)
		for j := range words {
			if r.IntN(10) == 0 {
				other := strings.Fields(docs[r.IntN(some)].Sections[0].Text)
				words[j] = other[r.IntN(len(other))]
			}
		}
		docs = append(docs, document(i, d.Title, strings.Join(words, " ")))
	}
	return docs[:n]
}

// madeUp returns documents of some 70 words of a vocabulary as uneven as that
// of a language.
func madeUp(n int) []retrieval.Document {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.15, 6, 400_000)
	syllables := strings.Fields("ba con der fi gra ho in ka lo mer nu or pre qua ra si ter un ver wi")
	text := func(n int) string {
		var b strings.Builder
		for range n {
			for w := zipf.Uint64() + 21; w > 0; w /= 20 {
				b.WriteString(syllables[w%20])
			}
			b.WriteByte(' ')
		}
		return strings.TrimSpace(b.String()) + "."
	}
	docs := make([]retrieval.Document, n)
	for i := range docs {
		docs[i] = document(i, text(5), text(20+r.IntN(30))+" "+text(10+r.IntN(40)))
	}
	return docs
}

// ask makes questions: runs of four to ten words of a text, as people quote what
// they look for, and twelve of the most common words of four letters and more.
func (c *corpus) ask(n int) {
	r := rand.New(rand.NewPCG(3, 4))
	openings := []string{"", "", "how do I ", "what is ", "where can I find "}
	pick := func() []string { return strings.Fields(c.documents[r.IntN(len(c.documents))].Sections[0].Text) }
	c.questions = make(map[string][]string)
	for range n {
		words := pick()
		size := min(4+r.IntN(7), len(words))
		at := r.IntN(len(words) - size + 1)
		c.questions["asked"] = append(c.questions["asked"], openings[r.IntN(len(openings))]+strings.Join(words[at:at+size], " "))
	}
	counts := make(map[string]int)
	for range 20_000 {
		words := pick()
		if w := strings.ToLower(words[r.IntN(len(words))]); len(w) > 3 {
			counts[w]++
		}
	}
	common := mostCommon(counts, 60)
	for range n / 4 {
		words := make([]string, 12)
		for i := range words {
			words[i] = common[r.IntN(len(common))]
		}
		c.questions["common"] = append(c.questions["common"], strings.Join(words, " "))
	}
}
