package retrieval

import (
	"runtime"
	"sync"
)

// batchSize is how many documents or passages are indexed under one lock: some
// milliseconds, so that searches are not held up.
const batchSize = 128

// show makes records searchable, replacing the documents they belong to.
func (k *Knowledge) show(records []Record) {
	var ids []string
	for i, r := range records {
		if i == 0 || r.Passage.Document != records[i-1].Passage.Document {
			ids = append(ids, r.Passage.Document)
		}
	}
	k.replace(ids, records)
}

// replace swaps what the index holds of the documents for the records.
func (k *Knowledge) replace(ids []string, records []Record) {
	analyses := k.analyze(records)
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		k.index.remove(id)
	}
	for _, a := range analyses {
		k.index.add(a)
	}
	k.index.compact()
}

// newCrew returns an analyzer for each processor.
func newCrew() []*analyzer {
	crew := make([]*analyzer, runtime.GOMAXPROCS(0))
	for i := range crew {
		crew[i] = newAnalyzer()
	}
	return crew
}

// analyze prepares records for the index, on all processors where it pays.
func (k *Knowledge) analyze(records []Record) []analysis {
	out := make([]analysis, len(records))
	n := min(len(k.crew), len(records)/16+1)
	var wg sync.WaitGroup
	for i, a := range k.crew[:n] {
		from, to := documentStart(records, i*len(records)/n), documentStart(records, (i+1)*len(records)/n)
		wg.Go(func() {
			for from < to {
				end := documentEnd(records, from)
				l := k.languageOf(records[from:end])
				for ; from < end; from++ {
					out[from] = a.analyze(records[from], l)
				}
			}
		})
	}
	wg.Wait()
	return out
}

// documentEnd returns where the document that starts at i ends.
func documentEnd(records []Record, i int) int {
	d := records[i].Passage.Document
	for i < len(records) && records[i].Passage.Document == d {
		i++
	}
	return i
}

// documentStart moves i forward to the start of a document.
func documentStart(records []Record, i int) int {
	if i == 0 || i >= len(records) || records[i].Passage.Document != records[i-1].Passage.Document {
		return i
	}
	return documentEnd(records, i)
}

// detectBytes hold detectWords words, about.
const detectBytes = 8 * detectWords

// languageOf tells the language of one document's passages.
func (k *Knowledge) languageOf(records []Record) *language {
	p := records[0].Passage
	if p.Language != "" {
		return languageOf(p.Language)
	}
	sample := tokenize(heading(p))
	for _, r := range records {
		if len(sample) >= detectWords {
			break
		}
		text := r.Passage.Text
		sample = append(sample, tokenize(text[:min(len(text), detectBytes)])...)
	}
	return detect(sample, k.language)
}
